package jobs

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"pamsync/schemas"
)

// switchedOff is the run of ours that inactivated the record that is asked for, "" where none is
// remembered. It is a help beside an error: where the state cannot be read it says nothing.
func (x *explaining) switchedOff() string {
	quiet := *x.e
	quiet.Stderr = io.Discard
	s, err := quiet.loadState(x.plan.Start.Vault)
	if err != nil {
		return ""
	}
	for _, r := range s.memory.All() {
		if r.What != schemas.RememberInactive {
			continue
		}
		self := schemas.Item{Kind: r.Kind, ID: r.ID, Key: r.Key}
		if x.story.Means(x.asked, &self) || slices.ContainsFunc(r.Dragged, func(i schemas.Item) bool { return x.story.Means(x.asked, &i) }) {
			return r.Run
		}
	}
	return ""
}

// asks is what was asked for, as a shell takes it.
func asks(a *schemas.Asked) string {
	flag, value := "--device ", a.Name
	switch {
	case a.ID != "":
		flag, value = "--id ", a.ID
	case a.Kind == schemas.KindCredential:
		flag = "--credential "
	}
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._@-", r) }
	if strings.ContainsFunc(value, func(r rune) bool { return !plain(r) }) {
		value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}
	return flag + value
}

// nowhere is the fault of a record that the plan and its sources do not speak of. One that a run
// of ours switched off is inactive, and no rule of this plan left it as it is.
func (x *explaining) nowhere(code string, pairs ...string) error {
	if run := x.switchedOff(); run != "" {
		pairs = append(pairs, "why", "ours", "run", run)
		if exists(filepath.Join(x.e.runFolder(run), planFile)) {
			pairs = append(pairs, "tells", run, "ask", asks(x.asked))
		}
	}
	return schemas.NewFault(schemas.ClassInput, code, pairs...)
}
