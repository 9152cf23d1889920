package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// foundAt exports sessions in every format, with what is to be asked about them.
func foundAt(t *testing.T, n int, folder string) *jobs.Env {
	t.Helper()
	e := envOf(t, &vaultsim.Vault{ManySessions: n})
	e.Config.Findings = foundRules()
	if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: folder + "/", Format: "csv,jsonl,xlsx,html"}); err != nil {
		t.Fatal(err)
	}
	return e
}

func foundRules() schemas.FindingsConfig {
	return schemas.FindingsConfig{Configured: true, NoTicket: true, Unfinished: true}
}

// TestAFlippedBitIsFound: wherever in an export a bit is turned, or a byte is lost or put in, verify tells the file,
// and the place in it: in a table the line, in a page the lines of the part, in a workbook the part or sheet.
func TestAFlippedBitIsFound(t *testing.T) {
	rows, flips := 10_000, 6
	if testing.Short() {
		rows, flips = 500, 20
	}
	if text := os.Getenv("PAMSYNC_TORTURE"); text != "" {
		flips = 1000
		if n, err := strconv.Atoi(text); err == nil && n > 1 {
			flips = n
		}
	}
	folder := t.TempDir()
	e := foundAt(t, rows, folder)
	if exit, found := verify(t, e, folder); exit != 0 {
		t.Fatalf("an export that nobody touched: %v", found)
	}
	parts := partsIn(t, folder)
	random := rand.New(rand.NewPCG(7, 11))
	total, exact := 0, 0
	for _, name := range []string{"sessions.csv", "sessions.jsonl", "sessions.xlsx", "sessions.html", "findings.csv", "sessions.rows", "findings.rows", "manifest.json", "SHA256SUMS"} {
		path := filepath.Join(folder, name)
		whole := []byte(load(t, path))
		for range flips {
			at := random.IntN(len(whole))
			data := tampered(random, whole, at)
			save(t, path, string(data))
			exit, found := verify(t, e, filepath.Join(folder, "manifest.json"))
			if exit != 65 || len(found) == 0 {
				t.Fatalf("%s: byte %d: exit %d", name, at, exit)
			}
			total++
			place, named := whereIs(found, path, name, whole, at, parts[name])
			if !named {
				t.Errorf("%s: byte %d, in %s, %q became %q: %v", name, at, place, whole[max(0, at-20):min(len(whole), at+20)], data[max(0, at-20):min(len(data), at+20)], found[:min(3, len(found))])
			}
			for _, p := range found {
				if strings.Contains(p.Message, `""`) || strings.HasSuffix(p.Message, ": ") {
					t.Errorf("%s: byte %d: a cause is empty: %s", name, at, p.Message)
				}
			}
			if mentions(found, fmt.Sprintf("%s:%d", path, lineOf(whole, at))) {
				exact++
			}
		}
		save(t, path, string(whole))
	}
	t.Logf("%d flips, all found and named by their place; %d of them by their line", total, exact)
}

// tampered is a file of which at one place a bit was turned, or a byte was lost or put in.
func tampered(random *rand.Rand, whole []byte, at int) []byte {
	switch random.IntN(4) {
	case 0:
		return append(bytes.Clone(whole[:at]), whole[at+1:]...)
	case 1:
		put := ",\"0\n x"[random.IntN(6)]
		if put == whole[at] || at > 0 && put == whole[at-1] {
			put = 'x' // nobody could tell on which side of its like it was put in
		}
		return append(append(bytes.Clone(whole[:at]), put), whole[at:]...)
	}
	data := bytes.Clone(whole)
	data[at] ^= 1 << random.IntN(8)
	return data
}

// lineOf is the line that a byte stands in.
func lineOf(data []byte, at int) int { return bytes.Count(data[:at], []byte{'\n'}) + 1 }

// partsIn are the parts of the files of an export, by the name of the file.
func partsIn(t *testing.T, folder string) map[string][]schemas.CertifiedPart {
	t.Helper()
	var c schemas.Certificate
	if err := json.Unmarshal([]byte(load(t, filepath.Join(folder, "manifest.json"))), &c); err != nil {
		t.Fatal(err)
	}
	parts := map[string][]schemas.CertifiedPart{}
	for _, f := range c.Files {
		parts[f.Name] = f.Parts
	}
	return parts
}

var upToLine = regexp.MustCompile(`up to line (\d+)`)

// whereIs says where a byte of a file stands, and whether that is what was told.
func whereIs(found []schemas.InspectedProblem, path, name string, whole []byte, at int, parts []schemas.CertifiedPart) (place string, named bool) {
	switch filepath.Ext(name) {
	case ".json", "": // a certificate or the sums
		return name, mentions(found, filepath.Dir(path))
	case ".xlsx":
		part := partAt(parts, at)
		for _, p := range found {
			named = named || strings.HasPrefix(p.Place, path) && (strings.Contains(p.Message, part.Name) || part.Sheet != "" && strings.Contains(p.Place, "!"+part.Sheet))
		}
		return part.Name, named
	}
	line := lineOf(whole, at)
	place = fmt.Sprintf("%s:%d", name, line)
	if mentions(found, fmt.Sprintf("%s:%d", path, line)) {
		return place, true
	}
	for _, p := range found {
		text, of := strings.CutPrefix(p.Place, path+":")
		from, err := strconv.Atoi(text)
		last := upToLine.FindStringSubmatch(p.Message)
		if of && err == nil && len(last) > 0 && name == "sessions.html" {
			to, _ := strconv.Atoi(last[1])
			named = named || from <= line && line <= to
		}
		named = named || of && strings.HasSuffix(p.Message, fmt.Sprintf("a text of it in line %d", line))
	}
	return place, named
}

// partAt is the part that a byte stands in.
func partAt(parts []schemas.CertifiedPart, at int) schemas.CertifiedPart {
	for _, part := range parts {
		if at -= int(part.Bytes); at < 0 {
			if part.Name == "directory" {
				part.Name = "the workbook's directory"
			}
			return part
		}
	}
	return schemas.CertifiedPart{}
}
