package sinks

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Span is a time as a person says it: 4 min 10 s.
func Span(lang words.Lang, d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return Decimal(lang, float64(d.Round(100*time.Microsecond))/float64(time.Millisecond), -1) + " ms"
	case d < time.Second:
		return Decimal(lang, float64(d.Round(time.Millisecond))/float64(time.Millisecond), -1) + " ms"
	case d < 10*time.Second:
		return Decimal(lang, d.Seconds(), 1) + " s"
	}
	d = d.Round(time.Second)
	if d >= time.Hour {
		d = d.Round(time.Minute)
	}
	var parts []string
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.of; n > 0 {
			parts = append(parts, Number(lang, int(n))+" "+unit.name)
		}
		d %= unit.of
	}
	return strings.Join(parts, " ")
}

// Rehearsal shows how an apply would go: its time, how its changes would end, and what a
// rehearsal cannot tell.
func (s *Screen) Rehearsal(r *schemas.Rehearsal) {
	label := s.labels("rehearse_takes", "rehearse_ends", "rehearse_waits", "rehearse_failed", "rehearse_skipped", "rehearse_unknown", "rehearse_done", "rehearse_not")
	for i, line := range s.rehearsalTime(r) {
		s.line("%s%s", label("rehearse_takes", i > 0), line)
	}
	c := r.Changes
	s.line("%s%s", label("rehearse_ends", false), s.say("rehearse_end_line", "done", s.n(c.Done), "failed", s.n(c.Failed), "skipped", s.n(c.Skipped), "unknown", s.n(c.Unknown), "exit", fmt.Sprint(r.Exit)))
	if r.Rows.Held+r.Rows.Rejected > 0 {
		s.line("%s%s", label("rehearse_waits", false), s.say("rehearse_waits_line", "held", s.n(r.Rows.Held), "rejected", s.n(r.Rows.Rejected)))
	}
	for i := range r.Ends {
		s.rehearsalEnd(&r.Ends[i], label)
	}
	for i, p := range r.NotRehearsed {
		s.line("%s%s", label("rehearse_not", i > 0), words.Problem(s.Lang, p.Code, p.Args))
	}
}

// labels makes the first column: a text, filled up to the longest of them, or blanks as wide.
func (s *Screen) labels(keys ...string) func(key string, blank bool) string {
	width := 0
	for _, key := range keys {
		width = max(width, utf8.RuneCountInString(s.say(key)))
	}
	return func(key string, blank bool) string {
		text := ""
		if !blank {
			text = s.say(key)
		}
		return text + strings.Repeat(" ", width+2-utf8.RuneCountInString(text))
	}
}

// rehearsalTime says how long it would take, and what that is computed from.
func (s *Screen) rehearsalTime(r *schemas.Rehearsal) []string {
	if r.Requests.Total == 0 {
		return []string{s.say("rehearse_no_time")}
	}
	span := func(seconds float64) string { return Span(s.Lang, time.Duration(seconds*float64(time.Second))) }
	p, n := &r.Pace, r.Requests
	lines := []string{
		s.say("rehearse_time", "time", span(r.Seconds), "n", s.n(n.Total), "writes", s.n(n.Writes), "lists", s.n(n.Lists), "tokens", s.n(n.Tokens)),
		s.say("rehearse_pace", "rps", Decimal(s.Lang, p.RPS, -1), "burst", s.n(p.Burst), "workers", s.n(p.Workers)),
	}
	key := "rehearse_latency"
	if p.Measured {
		key = "rehearse_measured"
	}
	lines = append(lines, s.say(key, "latency", span(p.Latency), "most", span(float64(p.Workers)/p.RPS)))
	var lists []string
	for _, l := range p.Lists {
		lists = append(lists, strings.ToLower(s.say(l.List))+" "+span(l.Seconds))
	}
	lines = append(lines, s.say("rehearse_lists", "lists", strings.Join(lists, ", ")))
	if p.Waits > 0 {
		lines = append(lines, s.say("rehearse_settle", "time", span(p.Waits)))
	}
	return lines
}

// rehearsalEnd shows one way in which changes would end, with the first of them and the way on.
func (s *Screen) rehearsalEnd(e *schemas.RehearsalEnd, label func(string, bool) string) {
	place := ""
	if at := e.Place.String(); at != "" {
		place = " (" + words.Plain(at) + ")"
	}
	res := schemas.Result{Message: e.Message, Problems: e.Problems}
	what := words.Term(s.Lang, string(e.Kind)) + " " + words.Plain(e.First) + place + ": " + Outcome(s.Lang, &res)
	s.line("%s%s", label("rehearse_"+string(e.Status), false), s.say("result_code", "n", s.n(e.N), "code", e.Code, "what", what))
	if hint := Remedy(s.Lang, &res); hint != "" && !strings.HasPrefix(hint, "pamsync resume") {
		s.line("%s%s: %s", label("", true), s.say("hint"), hint)
	}
}
