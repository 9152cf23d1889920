package sinks

import (
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// live is what API v2 says of the credential now, or the list of the SSH key.
func (s *explained) live() {
	l := s.x.Live
	switch {
	case l == nil:
		return
	case l.Unlisted:
		s.lines("explain_live", s.say("explain_live_no_list"))
		return
	case !l.Known:
		s.lines("explain_live", s.say("explain_live_unknown", "kind", string(s.x.Kind)))
		return
	case len(l.Listed) > 0:
		s.lines("explain_live", s.listed(l.Listed)...)
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

// listed are the keys that the vault's list has, each under its id.
func (s *explained) listed(all []schemas.ListedKey) []string {
	lines := make([]string, len(all))
	for i, k := range all {
		lines[i] = s.say("explain_live_listed", "id", k.ID, "type", k.Type, "identifier", k.Identifier, "name", k.Username+"@"+k.Hostname, "ip", k.IP)
	}
	return lines
}

func orNone(s *explained, text string) string {
	if text == "" {
		return s.say("explain_live_none")
	}
	return text
}
