package sinks

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Runs lists runs, a line for each.
func (s *Screen) Runs(list *schemas.Runs) {
	if len(list.Runs) == 0 {
		s.line("%s", s.say("runs_none", "folder", list.Reports))
		return
	}
	table := [][]string{{s.say("runs_head_run"), s.say("runs_head_what"), s.say("runs_head_begun"), s.say("runs_head_took"),
		s.say("runs_head_plan"), s.say("runs_head_planned"), s.say("runs_head_ended"), s.say("runs_head_verdict")}}
	signs := false
	for i := range list.Runs {
		l := &list.Runs[i]
		planned := plannedSigns(s.Lang, l.Planned)
		signs = signs || planned != ""
		table = append(table, []string{words.Plain(l.Run), dash(string(l.What)), dash(runTime(l.Begun)), dash(s.runTook(l.Seconds)),
			dash(shortDigest(l.Plan)), dash(planned), dash(s.runChanges(l.Changes)), s.runVerdict(l)})
	}
	s.columns(table)
	if signs {
		s.line("%s", s.say("runs_legend"))
	}
	if list.More > 0 {
		s.line("%s", s.say("runs_more", "n", s.n(list.More), "folder", list.Reports))
	}
}

// columns prints a table; the last cell of a line is as long as it is.
func (s *Screen) columns(table [][]string) {
	widths := make([]int, len(table[0])-1)
	for _, row := range table {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	for _, row := range table {
		var b strings.Builder
		for i, width := range widths {
			b.WriteString(row[i] + strings.Repeat(" ", width-utf8.RuneCountInString(row[i])+2))
		}
		s.line("%s", b.String()+row[len(row)-1])
	}
}

// dash stands where there is nothing to tell.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// runTime is a time of a run without its zone, which the head of the column says.
func runTime(at string) string {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return words.Plain(at)
	}
	return when.UTC().Format(time.DateTime)
}

// runTook is how long a run took; times are kept to the second.
func (s *Screen) runTook(seconds *int) string {
	switch {
	case seconds == nil:
		return ""
	case *seconds == 0:
		return "< 1 s"
	case *seconds < 10: // Span would say tenths, which nobody measured
		return strconv.Itoa(*seconds) + " s"
	}
	return Span(s.Lang, time.Duration(*seconds)*time.Second)
}

// shortDigest is enough of a plan's digest to tell it from the others on the screen.
func shortDigest(digest string) string {
	const enough = 12
	hex := strings.TrimPrefix(digest, "sha256:")
	return words.Plain(hex[:min(enough, len(hex))])
}

// plannedSigns are a plan's counts with the signs of their actions, 0 left out.
func plannedSigns(lang words.Lang, p *schemas.Planned) string {
	if p == nil {
		return ""
	}
	var parts []string
	for _, one := range []struct {
		action schemas.Action
		n      int
	}{{schemas.ActionCreate, p.Create}, {schemas.ActionUpdate, p.Update}, {schemas.ActionReactivate, p.Reactivate},
		{schemas.ActionInactivate, p.Inactivate}, {schemas.ActionOpen, p.Open}, {schemas.ActionDrop, p.Drop}, {schemas.ActionRelease, p.Release}, {schemas.ActionRead, p.Read}, {schemas.ActionHold, p.Hold}, {schemas.ActionReject, p.Reject}} {
		if one.n > 0 {
			parts = append(parts, Symbol(one.action)+Number(lang, one.n))
		}
	}
	return strings.Join(parts, " ")
}

func (s *Screen) runChanges(c *schemas.ChangeCounts) string {
	if c == nil {
		return ""
	}
	var parts []string
	for _, one := range []struct {
		n    int
		said func(n string) string
	}{
		{c.Done, func(n string) string { return s.say("runs_n_done", "n", n) }},
		{c.Failed, func(n string) string { return s.say("runs_n_failed", "n", n) }},
		{c.Skipped, func(n string) string { return s.say("runs_n_skipped", "n", n) }},
		{c.Unknown, func(n string) string { return s.say("runs_n_unknown", "n", n) }},
	} {
		if one.n > 0 {
			parts = append(parts, one.said(s.n(one.n)))
		}
	}
	return strings.Join(parts, ", ")
}

// runVerdict says how a run stands, with the way on where there is one.
func (s *Screen) runVerdict(l *schemas.RunLine) string {
	said := s.verdictWords(l)
	switch l.Report {
	case schemas.ReportMissing:
		said += s.say("runs_report", "run", l.Run)
	case schemas.ReportOutdated:
		said += s.say("runs_report_behind", "run", l.Run)
	}
	return said
}

func (s *Screen) verdictWords(l *schemas.RunLine) string {
	var stops []string
	for _, stop := range l.Stop {
		stops = append(stops, stop.Code)
	}
	codes := strings.Join(stops, ", ")
	nothing := l.Planned != nil && l.Planned.Changes() == 0
	switch l.Verdict {
	case schemas.RunDone:
		if nothing {
			return s.say("runs_nothing")
		}
		return s.say("runs_done")
	case schemas.RunIncomplete:
		return s.incompleteWords(l, nothing)
	case schemas.RunUnknown:
		return s.say("runs_unknown")
	case schemas.RunStopped:
		return s.say("runs_stopped", "codes", codes)
	case schemas.RunFailed:
		exit := strconv.Itoa(*l.Exit)
		return s.say("runs_failed", "why", s.say("verdict_"+exit), "exit", exit)
	case schemas.RunUnfinished:
		return s.say("runs_unfinished", "codes", codes, "command", l.Resume)
	case schemas.RunSuperseded:
		return s.say("runs_superseded", "codes", codes, "later", l.Later)
	case schemas.RunRunning:
		return s.say("runs_running")
	case schemas.RunPlanned:
		return s.plannedWords(l, nothing)
	case schemas.RunUnread:
		return Message(s.Lang, "error", *l.Problem)
	}
	return string(l.Verdict)
}

// incompleteWords say why a run ended 10, the worst first.
func (s *Screen) incompleteWords(l *schemas.RunLine, nothing bool) string {
	switch {
	case l.Changes.Failed > 0:
		return s.say("runs_failures")
	case nothing:
		return s.say("runs_waiting")
	case l.Changes.Done == l.Planned.Changes() && l.Planned.Hold+l.Planned.Reject > 0:
		return s.say("runs_rest")
	}
	return s.say("runs_incomplete")
}

func (s *Screen) plannedWords(l *schemas.RunLine, nothing bool) string {
	switch {
	case l.Applied != "":
		return s.say("runs_applied", "run", l.Applied)
	case nothing:
		return s.say("runs_only_nothing")
	}
	return s.say("runs_planned")
}
