package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

const (
	inputs     = "../../testdata/inputs"
	tableBegin = "<!-- the table that the test writes -->\n"
	tableEnd   = "<!-- its end -->\n"
)

// TestRealInputs: what inspect says of each real file, without any option, is what the table in its
// folder says. UPDATE=1 writes the table anew.
func TestRealInputs(t *testing.T) {
	entries, err := os.ReadDir(inputs)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| file | understood as | rows | complete | incomplete | rejected | why |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, entry := range entries {
		if name := entry.Name(); name != "README.md" && name != "NOTICE" {
			table.WriteString(inspectedLine(t, name))
		}
	}
	path := filepath.Join(inputs, "README.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(page), tableBegin)
	has, after, found := strings.Cut(rest, tableEnd)
	switch {
	case !found:
		t.Fatalf("%s has no place for the table", path)
	case os.Getenv("UPDATE") != "":
		err = os.WriteFile(path, []byte(before+tableBegin+table.String()+tableEnd+after), 0o644)
	case has != table.String():
		t.Errorf("the table is\n%s\nand was\n%s", table.String(), has)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// inspectedLine is the line of one file.
func inspectedLine(t *testing.T, name string) string {
	t.Helper()
	e := envOf(t, &vaultsim.Vault{})
	var out bytes.Buffer
	e.Stdout, e.JSON = &out, true
	path := filepath.Join(inputs, name)
	if _, err := jobs.Inspect(context.Background(), e, path, ""); err != nil {
		f := wantFault(t, err, schemas.ClassInput, codeOf(t, err))
		return fmt.Sprintf("| %s | refused | | | | | %s |\n", name, cell(words.Problem(words.English, f.Problem.Code, f.Problem.Args)))
	}
	var in schemas.Inspection
	if err := json.Unmarshal(out.Bytes(), &in); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("| %s | %s | %d | %d | %d | %d | %s |\n", name, cell(understood(&in)), in.Rows, in.Complete, in.Readable-in.Complete, in.Rejected, cell(whyNot(&in)))
}

func codeOf(t *testing.T, err error) string {
	t.Helper()
	f, ok := err.(*schemas.Fault)
	if !ok {
		t.Fatalf("%v is no fault", err)
	}
	return f.Problem.Code
}

// understood says in one line what a file was taken for.
func understood(in *schemas.Inspection) string {
	said := []string{string(in.Kind) + "s", in.Format}
	if in.Product != "" && in.Product != in.Format {
		said = append(said, in.Product)
	}
	for _, c := range in.Columns {
		if c.Field != "" {
			said = append(said, c.Field+" = "+c.Name)
		}
	}
	return strings.Join(said, ", ")
}

// whyNot says why rows are incomplete or rejected, or left out.
func whyNot(in *schemas.Inspection) string {
	var why []string
	for field, n := range in.Lacking {
		why = append(why, fmt.Sprintf("without %s %d", field, n))
	}
	slices.Sort(why)
	for _, p := range in.Problems {
		if said := p.Message; !slices.Contains(why, said) {
			why = append(why, said)
		}
	}
	if in.LeftOut > 0 {
		why = append(why, fmt.Sprintf("%d left out", in.LeftOut))
	}
	return strings.Join(why, "; ")
}

func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
