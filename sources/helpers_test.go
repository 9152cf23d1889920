package sources_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// input is one file and how it is read.
type input struct {
	text     string
	kind     schemas.Kind // device where it is empty
	columns  map[schemas.Field]string
	defaults map[schemas.Field]string
	where    string
	records  string
	format   string
	sheet    string
	password string
	encoding string
	secrets  bool
}

func (in input) open(t testing.TB) (*sources.Source, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(path, []byte(in.text), 0o600); err != nil {
		t.Fatal(err)
	}
	return sources.Open(in.config(path), sources.Options{Kind: in.kindOf(), Secrets: in.secrets})
}

func (in input) config(path string) schemas.SourceConfig {
	return schemas.SourceConfig{Name: "in", Path: path, Format: in.format, Records: in.records, Sheet: in.sheet, Encoding: in.encoding, Password: schemas.NewSecret(in.password), Columns: in.columns, Defaults: in.defaults, Where: in.where}
}

func (in input) kindOf() schemas.Kind {
	if in.kind == "" {
		return schemas.KindDevice
	}
	return in.kind
}

// rows opens and reads, each row as one text.
func (in input) rows(t testing.TB) (*sources.Source, []string, error) {
	t.Helper()
	s, err := in.open(t)
	if err != nil {
		return nil, nil, err
	}
	list, err := rowsOf(s)
	return s, list, err
}

// rowsOf reads the rows as texts: the number, the values by their fields, and what is wrong.
func rowsOf(s *sources.Source) ([]string, error) {
	list := []string{}
	err := s.Read(func(row *schemas.Row) error {
		list = append(list, rowText(row))
		return nil
	})
	return list, err
}

func rowText(row *schemas.Row) string {
	b := []string{strconv.Itoa(row.Number)}
	for f, value := range row.Values {
		if value != "" {
			b = append(b, schemas.Field(f).String()+"="+value)
		}
	}
	if !row.Secret.Empty() {
		b = append(b, "secret="+row.Secret.Reveal())
	}
	if row.LeftOut {
		b = append(b, "left out")
	}
	if row.Hidden {
		b = append(b, "hidden")
	}
	for _, p := range row.Problems {
		b = append(b, p.Code+" at "+p.Place.String())
	}
	return strings.Join(b, " ")
}

func wantFault(t *testing.T, err error, class schemas.Class, code string) *schemas.Fault {
	t.Helper()
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Class != class || fault.Problem.Code != code {
		t.Fatalf("error %v, wanted %s of class %s", err, code, class)
	}
	return fault
}

func sameRows(t *testing.T, got []string, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
