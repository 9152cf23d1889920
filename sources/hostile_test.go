package sources_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sources"
)

// trap is a file that is malformed, or that a reader could take for something else.
type trap struct {
	name string
	file func(t testing.TB) string
	in   input
	// want is what becomes of it, read as devices: the code and place of its refusal, or its rows.
	want string
	// account is the same, read as credentials with their passwords; it is looked at where it is
	// given.
	account string
	// empty tells an inventory of nothing, the only file that may have no rows.
	empty bool
	// bomb tells a file that is small beside what it claims to hold.
	bomb bool
}

// mebibytes is what reading any trap may take.
const mebibytes = 128

// marker begins every password of a trap: no message may hold it.
const marker = "Invented-"

func text(s string) func(testing.TB) string { return func(testing.TB) string { return s } }

// TestHostile: a file is read right, or refused, or its rows are, with a place and a remedy; and
// nothing but an empty inventory is ever taken for one.
func TestHostile(t *testing.T) {
	for _, group := range []struct {
		name  string
		traps []trap
		least int
	}{{"csv", csvTraps(), 40}, {"xlsx", bookTraps(), 50}, {"json", jsonTraps(), 30}} {
		if len(group.traps) < group.least {
			t.Errorf("%d traps of %s", len(group.traps), group.name)
		}
		names := map[string]bool{}
		for _, c := range group.traps {
			if names[c.name] {
				t.Errorf("two traps are called %s", c.name)
			}
			names[c.name] = true
			t.Run(group.name+"/"+c.name, func(t *testing.T) { c.spring(t, "in."+group.name) })
		}
	}
}

// spring reads the file as devices and as credentials.
func (c *trap) spring(t *testing.T, name string) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(c.file(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	config := c.in.config(path)
	config.Name = name
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential} {
		want := c.want
		if kind == schemas.KindCredential {
			want = c.account
		}
		got := c.outcome(t, config, sources.Options{Kind: kind, Secrets: true})
		if got != want && (want != "" || kind == schemas.KindDevice) {
			t.Errorf("as %s:\n%s\nwanted\n%s", kind, got, want)
		}
	}
}

// outcome reads the file twice, and holds what is true of any file.
func (c *trap) outcome(t *testing.T, config schemas.SourceConfig, o sources.Options) string {
	t.Helper()
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := sources.Open(config, o)
	if err != nil {
		c.allocated(t, before)
		return refusal(t, err, config.Name)
	}
	rows, err := c.rows(t, s, before)
	first := ""
	if err != nil {
		c.allocated(t, before)
		first = refusal(t, err, config.Name)
	} else {
		first = told(s, rows)
		if len(rows) == 0 && !c.empty && s.Trouble == "" {
			t.Errorf("as %s: nothing was read, and nothing said", o.Kind)
		}
		if s.Use.Rows != len(rows) {
			t.Errorf("as %s: %d rows counted, %d given", o.Kind, s.Use.Rows, len(rows))
		}
	}
	again, err := c.rows(t, s, before)
	if second := told(s, again); err == nil && second != first || err != nil && refusal(t, err, config.Name) != first {
		t.Errorf("as %s: first %s, then %s, %v", o.Kind, first, second, err)
	}
	return first
}

// rows are those of one reading, as texts.
func (c *trap) rows(t *testing.T, s *sources.Source, before runtime.MemStats) (rows []string, err error) {
	t.Helper()
	last := 0
	err = s.Read(func(row *schemas.Row) error {
		if row.Number <= last {
			t.Errorf("row %d behind row %d", row.Number, last)
		}
		last = row.Number
		for _, p := range row.Problems {
			wantWords(t, p, s.Config.Name)
			if p.Place.Row != row.Number {
				t.Errorf("%s of row %d stands at %s", p.Code, row.Number, p.Place)
			}
		}
		rows = append(rows, shortRow(row))
		if len(rows)%10_000 == 0 {
			c.held(t, before)
		}
		return nil
	})
	c.held(t, before)
	return rows, err
}

// held compares what is in use with what was before; allocated, all that was ever asked for.
func (c *trap) held(t *testing.T, before runtime.MemStats) {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	if c.bomb && now.HeapInuse > before.HeapInuse+mebibytes<<20 {
		t.Errorf("%d MiB are in use", (now.HeapInuse-before.HeapInuse)>>20)
	}
}

func (c *trap) allocated(t *testing.T, before runtime.MemStats) {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	if n := (now.TotalAlloc - before.TotalAlloc) >> 20; c.bomb && n > mebibytes {
		t.Errorf("%d MiB were taken to refuse it", n)
	}
}

// refusal is an error as code and place; it must be a fault of the file or its configuration.
func refusal(t *testing.T, err error, source string) string {
	t.Helper()
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Class != schemas.ClassInput && fault.Class != schemas.ClassConfig {
		t.Fatalf("no fault of an input: %v", err)
	}
	wantWords(t, fault.Problem, source)
	if strings.Contains(err.Error(), marker) {
		t.Errorf("a password stands in: %v", err)
	}
	return fault.Problem.Code + " at " + fault.Problem.Place.String()
}

// wantWords holds that a problem names its file, and says in one line of either language what is
// wrong and what to do, without a password.
func wantWords(t *testing.T, p schemas.Problem, source string) {
	t.Helper()
	if p.Place.Source != source {
		t.Errorf("%s stands nowhere: %+v", p.Code, p.Place)
	}
	if !words.Known(p.Code) {
		t.Errorf("%s has no words", p.Code)
	}
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		for _, line := range []string{words.Problem(lang, p.Code, p.Args), words.Hint(lang, p.Code, p.Args)} {
			if line == "" || strings.ContainsAny(line, "\r\n") || len(line) > 8000 {
				t.Errorf("%s (%s): %d bytes: %.200q", p.Code, lang, len(line), line)
			}
			if strings.Contains(line, marker) {
				t.Errorf("a password stands in: %s", line)
			}
		}
	}
}

// shortRow is a row as a text that a person can read, whatever stands in it.
func shortRow(row *schemas.Row) string {
	for f, value := range row.Values {
		if len(value) > 40 {
			row.Values[f] = fmt.Sprintf("%s… (%d bytes)", value[:10], len(value))
		}
	}
	row.Secret = schemas.NewSecret(strings.Replace(row.Secret.Reveal(), marker, "*", 1))
	return rowText(row)
}

// told are the rows in one text, the first and the last of many, and what the file says of itself.
func told(s *sources.Source, rows []string) string {
	more := ""
	if s.Trouble != "" {
		more += "; in error: " + s.Trouble
	}
	if s.NextPage != "" {
		more += "; a page, next: " + s.NextPage
	}
	if len(rows) == 0 {
		return "no rows" + more
	}
	if n := len(rows); n > 6 {
		rows = slices.Concat(rows[:1], []string{fmt.Sprintf("(%d rows)", n-2)}, rows[n-1:])
	}
	return strings.Join(rows, "; ") + more
}
