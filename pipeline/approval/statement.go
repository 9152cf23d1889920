package approval

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Subject is a plan as an approval names it: what it is bound to, who made it, and how much it
// does, so that the approval can be read by itself.
type Subject struct {
	Plan  string // the plan's digest
	Vault string
	Run   string // that made the plan
	Made  string // when, as the plan has it
	By    string // the person who made it
	Counts
}

// Counts are what a plan does.
type Counts struct {
	Create, Update, Reactivate, Inactivate int
	Dragged                                int // credentials and keys that go with their device
	Held, Rejected                         int
}

// Statement is what the second person signs.
type Statement struct {
	Subject
	Principal         string
	Key               string // fingerprint, SHA256:…
	Approved, Expires time.Time
	Note              string
}

// version is that of the statement's form; any other is refused.
const version = "1"

// MaxNote is the longest note, in bytes.
const MaxNote = 500

// line is one line of a statement: how it is written and read.
type line struct {
	key   string
	value string
	take  func(string) error
}

// lines are those of a statement, in their order.
func (s *Statement) lines() []line {
	text := func(key string, target *string) line {
		return line{key, *target, func(v string) error { *target = v; return nil }}
	}
	count := func(key string, target *int) line {
		return line{key, strconv.Itoa(*target), func(v string) (err error) { *target, err = strconv.Atoi(v); return err }}
	}
	moment := func(key string, target *time.Time) line {
		return line{key, target.UTC().Format(time.RFC3339), func(v string) (err error) { *target, err = time.Parse(time.RFC3339, v); return err }}
	}
	form := line{"pamsync-approval", version, func(v string) error {
		if _, err := strconv.Atoi(v); err != nil || v == version {
			return err
		}
		return refuse("approval_version", "version", v)
	}}
	all := []line{form, text("plan", &s.Plan), text("vault", &s.Vault), text("run", &s.Run), text("made", &s.Made), text("by", &s.By),
		count("create", &s.Create), count("update", &s.Update), count("reactivate", &s.Reactivate), count("inactivate", &s.Inactivate),
		count("dragged", &s.Dragged), count("held", &s.Held), count("rejected", &s.Rejected),
		text("principal", &s.Principal), text("key", &s.Key), moment("approved", &s.Approved), moment("expires", &s.Expires)}
	return append(all, text("note", &s.Note))
}

// Text is the statement as it is signed: a line for each thing said, in a fixed order. Times are
// cut to the second. What would break a line, or be blank, is refused.
func (s Statement) Text() ([]byte, error) {
	var b strings.Builder
	for _, l := range s.lines() {
		if l.key == "note" && l.value == "" {
			continue
		}
		if !oneLine(l.value) || len(l.value) > MaxNote {
			return nil, refuse("approval_value", "field", l.key)
		}
		fmt.Fprintf(&b, "%s: %s\n", l.key, l.value)
	}
	return []byte(b.String()), nil
}

// oneLine tells a text that is read back from a line as it was.
func oneLine(text string) bool {
	return text != "" && strings.TrimSpace(text) == text && strings.IndexFunc(text, unicode.IsControl) < 0
}

// ValidNote tells what can be a note, which may be empty.
func ValidNote(text string) bool { return text == "" || oneLine(text) && len(text) <= MaxNote }

// Parse reads a statement. One that would not be written back byte for byte is refused, so that
// nothing in it can be read in two ways.
func Parse(data []byte) (Statement, error) {
	var s Statement
	rest := string(data)
	for _, l := range s.lines() {
		if l.key == "note" && rest == "" {
			break
		}
		text, after, whole := strings.Cut(rest, "\n")
		key, value, ok := strings.Cut(text, ": ")
		if !whole || !ok || key != l.key {
			return Statement{}, refuse("approval_unreadable", "field", l.key)
		}
		if err := l.take(value); err != nil {
			if _, ours := err.(*Error); ours {
				return Statement{}, err
			}
			return Statement{}, refuse("approval_unreadable", "field", l.key)
		}
		rest = after
	}
	if again, err := s.Text(); err != nil || string(again) != string(data) {
		return Statement{}, refuse("approval_unreadable")
	}
	return s, nil
}

// Differs names the first thing that two subjects do not have in common, with both values.
func (s Subject) Differs(other Subject) (field, mine, theirs string, differs bool) {
	a, b := Statement{Subject: s}, Statement{Subject: other}
	mineLines, theirLines := a.lines(), b.lines()
	for i, l := range mineLines {
		if l.key == "principal" {
			break
		}
		if l.value != theirLines[i].value {
			return l.key, l.value, theirLines[i].value, true
		}
	}
	return "", "", "", false
}
