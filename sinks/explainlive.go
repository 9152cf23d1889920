package sinks

import (
	"strings"

	"pamsync/schemas/words"
)

// live is what API v2 says of the credential now.
func (s *explained) live() {
	l := s.x.Live
	switch {
	case l == nil:
		return
	case !l.Known:
		s.lines("explain_live", s.say("explain_live_unknown"))
		return
	}
	status := "explain_live_untold"
	if l.Status != "" {
		status = "explain_live_" + l.Status
	}
	var rows [][]string
	add := func(name, value string) {
		rows = append(rows, []string{s.say("explain_live_" + name), words.Short(value)})
	}
	add("status", s.say(status))
	rows = append(rows, []string{"tags", orNone(s, words.Short(strings.Join(l.Tags, ", ")))})
	add("owner", orNone(s, l.Owner))
	add("criticality", orNone(s, l.Criticality))
	add("used", orNone(s, l.LastUsed))
	s.lines("explain_live", table(rows)...)
}

func orNone(s *explained, text string) string {
	if text == "" {
		return s.say("explain_live_none")
	}
	return text
}
