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
	case a.Kind != "":
		flag = "--" + string(a.Kind) + " "
	}
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._@-", r) }
	if strings.ContainsFunc(value, func(r rune) bool { return !plain(r) }) {
		value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}
	return flag + value
}

// sent is what our own runs know of protected information that the plan says nothing of: that they sent it, or
// that nobody knows whether they did. Where the state cannot be read it says nothing.
func (x *explaining) sent() (why string, r schemas.Remembered) {
	quiet := *x.e
	quiet.Stderr = io.Discard
	s, err := quiet.loadState(x.plan.Start.Vault)
	if err != nil || x.asked.Kind != schemas.KindInfo {
		return "", r
	}
	for _, one := range s.memory.All() {
		if one.Kind != schemas.KindInfo || !x.story.Means(x.asked, &schemas.Item{Kind: one.Kind, Key: one.Key}) {
			continue
		}
		switch {
		case one.What == schemas.RememberDoubt:
			return "doubt", one
		case one.What == schemas.RememberPrint && one.Field == schemas.FieldIdentifier.String():
			why, r = "sent", one
		}
	}
	return why, r
}

// nowhere is the fault of a record that the plan and its sources do not speak of. One that a run
// of ours switched off is inactive, and no rule of this plan left it as it is.
func (x *explaining) nowhere(code string, pairs ...string) error {
	if run := x.switchedOff(); run != "" {
		return schemas.NewFault(schemas.ClassInput, code, append(append(pairs, "why", "ours"), x.tells(run)...)...)
	}
	if why, r := x.sent(); why != "" {
		id := r.ID
		if why == "doubt" {
			id = r.Sent
		}
		pairs = append(append(pairs, "why", why, "id", id), x.tells(r.Run)...)
	}
	return schemas.NewFault(schemas.ClassInput, code, pairs...)
}

// tells names a run, and where it is still there the command that tells of the record in it.
func (x *explaining) tells(run string) []string {
	pairs := []string{"run", run}
	if exists(filepath.Join(x.e.runFolder(run), planFile)) {
		pairs = append(pairs, "tells", run, "ask", asks(x.asked))
	}
	return pairs
}
