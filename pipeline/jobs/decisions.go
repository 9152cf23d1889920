package jobs

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// decisionRow is a line of decisions.csv.
type decisionRow struct {
	Kind     string `csv:"kind"`
	Key      string `csv:"key"`
	Decision string `csv:"decision"`
	Target   string `csv:"target"`
}

// loadDecisions reads what people decided about holds. A file that is named and not there is
// refused: one that was lost takes along what was decided, and what was to be left alone goes.
func (e *Env) loadDecisions() ([]pipeline.Decision, error) {
	path := e.Config.Decisions
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, schemas.NewFault(schemas.ClassInput, "decisions_missing", "path", path)
	}
	broken := brokenDecisions(path)
	if err != nil {
		return nil, broken(0, err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, broken(0, err)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	in := csv.NewReader(strings.NewReader(text))
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		in.Comma = ';'
	}
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	u, err := decisionsOf(in)
	if err != nil {
		return nil, broken(1, err)
	}
	var list []pipeline.Decision
	for {
		item, err := u.Read()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, broken(lineOf(err), err)
		}
		line, _ := in.FieldPos(0)
		if item.(decisionRow) == (decisionRow{}) {
			continue // as a spreadsheet leaves at the end
		}
		d, fault := decided(item.(decisionRow))
		if fault == nil {
			fault = contradicts(list, d)
		}
		if fault != nil {
			return nil, fault.At(schemas.Place{Source: path, Row: line})
		}
		list = append(list, d)
	}
}

// brokenDecisions makes the faults of a file of decisions that cannot be read.
func brokenDecisions(path string) func(row int, err error) error {
	return func(row int, err error) error {
		return schemas.NewFault(schemas.ClassInput, "decisions_broken").Because(err).At(schemas.Place{Source: path, Row: row})
	}
}

// decisionsOf reads the header of a table of decisions.
func decisionsOf(in *csv.Reader) (*gocsv.Unmarshaller, error) {
	u, err := gocsv.NewUnmarshaller(in, decisionRow{})
	if err != nil {
		return nil, err
	}
	err = u.RenormalizeHeaders(func(headers []string) []string {
		for i := range headers {
			headers[i] = strings.ToLower(strings.TrimSpace(headers[i]))
		}
		return headers
	})
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(u.MismatchedStructFields), func(name string) bool { return name == "target" })
	if len(missing) > 0 {
		return nil, errors.New("missing: " + strings.Join(missing, ", "))
	}
	return u, nil
}

// contradicts refuses a decision where another line decides otherwise, nil for none.
func contradicts(list []pipeline.Decision, d pipeline.Decision) *schemas.Fault {
	for _, other := range list {
		if other.Kind == d.Kind && strings.EqualFold(other.Key, d.Key) && strings.EqualFold(other.Target, d.Target) && other.Decision != d.Decision {
			return schemas.NewFault(schemas.ClassInput, "decided_twice", "key", d.Key, "one", other.Decision, "other", d.Decision)
		}
	}
	return nil
}

// lineOf is the line that the reader of the table complains about, 0 where it names none.
func lineOf(err error) int {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.Line
	}
	return 0
}

func decided(r decisionRow) (pipeline.Decision, *schemas.Fault) {
	d := pipeline.Decision{Kind: schemas.Kind(strings.TrimSpace(r.Kind)), Key: strings.TrimSpace(r.Key),
		Decision: strings.ToLower(strings.TrimSpace(r.Decision)), Target: strings.TrimSpace(r.Target)}
	switch {
	case d.Key == "":
		return d, schemas.NewFault(schemas.ClassInput, "decisions_broken", "cause", "a decision without a key")
	case d.Kind != schemas.KindDevice && d.Kind != schemas.KindCredential,
		d.Decision != "new" && d.Decision != "ignore" && d.Decision != "rename",
		d.Kind == schemas.KindCredential && d.Decision != "ignore":
		return d, schemas.NewFault(schemas.ClassInput, "bad_decision", "decision", r.Decision, "kind", r.Kind)
	}
	return d, nil
}
