package jobs_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"pamsync/schemas"
)

// nothingInPart holds that what stands in the run's folder under a report's name is whole.
func (c *killCase) nothingInPart() {
	c.t.Helper()
	folder := c.runFolder()
	for _, name := range c.files() {
		path := filepath.Join(folder, name)
		var err error
		switch name {
		case "result.jsonl":
			_, _, err = readResults(path)
		case "result.csv":
			var rows [][]string
			if rows, err = csv.NewReader(strings.NewReader(load(c.t, path))).ReadAll(); err == nil && len(rows) != killChanges+1 {
				err = fmt.Errorf("%d rows", len(rows))
			}
		case "result.xlsx":
			err = wholeZip(path)
		case "result.html", "plan.html":
			if !strings.HasSuffix(strings.TrimSpace(load(c.t, path)), "</html>") {
				err = fmt.Errorf("its end is missing")
			}
		case "plan.jsonl":
			var file *os.File
			if file, err = os.Open(path); err == nil {
				_, err = schemas.ReadPlan(file)
				file.Close()
			}
		}
		if err != nil {
			c.t.Errorf("%s is seen in part: %v", name, err)
		}
	}
}

func wholeZip(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

// readResults reads result.jsonl, which must have its total and be sealed.
func readResults(path string) (results []schemas.Result, total *schemas.Total, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	r := schemas.NewReader(file, schemas.FormatResult)
	for {
		rec, err := r.Next()
		switch {
		case err == io.EOF && (r.Digest() == "" || total == nil):
			return nil, nil, fmt.Errorf("its end is missing")
		case err == io.EOF:
			return results, total, nil
		case err != nil:
			return nil, nil, err
		case rec.Result != nil:
			results = append(results, *rec.Result)
		case rec.Total != nil:
			total = rec.Total
		}
	}
}

// check holds the reports of the ended run against the plan and against what the vault holds.
func (c *killCase) check() {
	results, total, err := readResults(filepath.Join(c.runFolder(), "result.jsonl"))
	if err != nil {
		c.t.Errorf("result.jsonl: %v", err)
		return
	}
	c.checkAccount(results, total)
	c.checkTruth(results)
	c.checkSums()
	c.checkLeftovers()
	if !exists(filepath.Join(c.runFolder(), "digest.csv")) {
		c.t.Errorf("the comparison with the nights before is lost")
	}
}

// checkAccount: every change of the plan has one result, and the counts are those of the results.
func (c *killCase) checkAccount(results []schemas.Result, total *schemas.Total) {
	left := map[string]bool{}
	for i := range c.estate.plan.Changes {
		left[c.estate.plan.Changes[i].ID] = true
	}
	var counts schemas.ChangeCounts
	var rows strings.Builder
	for i := range results {
		r := &results[i]
		if !left[r.Change] {
			c.t.Errorf("%s %s %s has more than one result, or is none of the plan's", r.Action, r.Kind, r.Key)
		}
		delete(left, r.Change)
		counts.Add(r.Status)
		fmt.Fprintln(&rows, r.Kind, r.Action, r.Key, r.Status, r.Code)
		switch {
		case r.Status == schemas.StatusUnknown:
			c.t.Errorf("%s %s %s is unknown: %s (the vault took at most %v for a write)", r.Action, r.Kind, r.Key, r.Code, c.slowest)
		case r.Status == schemas.StatusFailed || r.Status == schemas.StatusSkipped:
			if r.Code == "" || r.Message == "" {
				c.t.Errorf("%s %s %s is %s without a reason", r.Action, r.Kind, r.Key, r.Status)
			}
		}
		if r.Code == "settled" {
			c.figures.settled.Add(1)
		}
		if r.Status == schemas.StatusFailed {
			c.figures.failed.Add(1)
		}
	}
	for id := range left {
		c.t.Errorf("change %s has no result", id)
	}
	if sum := counts.Done + counts.Failed + counts.Skipped + counts.Unknown; total.Changes != counts || sum != killChanges {
		c.t.Errorf("the total says %+v, the results %+v", total.Changes, counts)
	}
	table, err := csv.NewReader(strings.NewReader(load(c.t, filepath.Join(c.runFolder(), "result.csv")))).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	var same strings.Builder
	for _, row := range table[1:] {
		fmt.Fprintln(&same, row[0], row[1], row[2], row[3], row[7])
	}
	if same.String() != rows.String() {
		c.t.Errorf("result.csv and result.jsonl do not say the same")
	}
}

// checkTruth: what is said to be done is in the vault, once, and what is not, is not.
func (c *killCase) checkTruth(results []schemas.Result) {
	said := map[string]*schemas.Result{}
	gone := map[string]*schemas.Result{}
	for i := range results {
		r := &results[i]
		said[string(r.Kind)+" "+r.Key] = r
		if r.Kind == schemas.KindDevice && r.Action == schemas.ActionInactivate {
			gone[r.Key] = r
		}
	}
	got := holdings(c.sim)
	keys := maps.Clone(got)
	maps.Copy(keys, c.estate.want)
	for key := range keys {
		r := said[key]
		if _, host, ok := strings.Cut(key, "@"); ok && r == nil {
			r = gone[host]
		}
		if got[key].records > 1 {
			c.figures.twice.Add(1)
			c.t.Errorf("%s is there %d times: %+v (the vault took at most %v for a write)", key, got[key].records, r, c.slowest)
			continue
		}
		if why := c.untrue(r, c.estate.before[key], got[key], c.estate.want[key]); why != "" {
			c.figures.lost.Add(1)
			c.t.Errorf("%s: %s: in the vault %+v, before %+v, wanted %+v, said %+v", key, why, got[key], c.estate.before[key], c.estate.want[key], r)
		}
	}
}

// untrue tells what is wrong with what a result says of one record.
func (c *killCase) untrue(r *schemas.Result, before, got, want holding) string {
	switch {
	case r == nil && got != before:
		return "nobody says that it was changed"
	case r == nil:
		return ""
	case r.Status == schemas.StatusDone && r.Code == "not_visible" && c.spoiling.mayFail:
		want.active = 0 // its activation was lost, and the result says what to do
		if got != want {
			return "it is said not to be visible"
		}
	case r.Status == schemas.StatusDone, r.Status == schemas.StatusSkipped && r.Code == "already_done":
		if got != want {
			return "it is said to be done"
		}
	case !c.spoiling.mayFail:
		return "no call was lost before it was applied"
	case r.Action == schemas.ActionReactivate && r.Status == schemas.StatusFailed:
		before.active = got.active // activated, and then the update was lost
		fallthrough
	default:
		if got != before {
			return "it is not said to be done"
		}
	}
	return ""
}

// checkSums: the sums are those of the files.
func (c *killCase) checkSums() {
	folder := c.runFolder()
	for line := range strings.Lines(load(c.t, filepath.Join(folder, "SHA256SUMS"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(load(c.t, filepath.Join(folder, name))))); got != sum {
			c.t.Errorf("%s has another sum than SHA256SUMS says", name)
		}
	}
}

// checkLeftovers: what killed processes were writing is gone.
func (c *killCase) checkLeftovers() {
	for _, folder := range []string{c.runFolder(), filepath.Join(c.folder, ".pamsync")} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasPrefix(d.Name(), ".pamsync-") {
				c.t.Errorf("%s was left behind", path)
			}
			return err
		})
		if err != nil {
			c.t.Error(err)
		}
	}
}

// resumeAgain: a further resume of the ended run changes nothing, and writes the same reports.
func (c *killCase) resumeAgain() {
	before, writes, held := c.reports(), c.writes, holdings(c.sim)
	code, out := c.start("resume", filepath.Base(c.runFolder()))
	if code != 0 && code != 10 {
		c.t.Errorf("a further resume ended with %d\n%s", code, tail(out))
	}
	if c.writes != writes || !maps.Equal(held, holdings(c.sim)) {
		c.t.Errorf("a further resume made %d writes", c.writes-writes)
	}
	sameFiles(c.t, before, c.reports())
}

// reports are the files of the run's folder.
func (c *killCase) reports() map[string][]byte { return filesOf(c.t, c.runFolder()) }
