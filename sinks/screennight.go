package sinks

import (
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/schemas/words"
)

// Night is what a run leaves for people, beside what the good runs before it left. At is the day
// of the last of these, "" where none is known.
type Night struct {
	At      string
	Waiting []Waiting
}

// Waiting is one difference: new, still there, gone, or flapping. Nights is how many good runs in
// a row it has been there, this one included, and Since when the first of them was. Where it comes
// and goes, it was there in Seen of the last Of nights.
type Waiting struct {
	State  string `csv:"state"`
	Kind   string `csv:"kind"`
	Key    string `csv:"key"`
	Code   string `csv:"code"`
	Nights int    `csv:"nights"`
	Since  string `csv:"since"`
	Seen   int    `csv:"-"`
	Of     int    `csv:"-"`
}

// NightCSV writes what waits as CSV, all of it.
func NightCSV(w io.Writer, n *Night, d Dialect) error {
	out := newGuarded(w, d)
	if len(n.Waiting) == 0 {
		// gocsv writes no header for an empty list.
		return out.Write(strings.Split("state,kind,key,code,nights,since", ","))
	}
	return gocsv.MarshalCSV(n.Waiting, out)
}

// Night shows what is not as it was after the last good run; with All also what is. Where no such
// run is known, or nothing waits and nothing has gone, there is nothing to say.
func (s *Screen) Night(n *Night) {
	if n == nil || n.At == "" || len(n.Waiting) == 0 {
		return
	}
	count := map[string]int{}
	longest := 0
	for _, w := range n.Waiting {
		if count[w.State]++; w.State == "still" {
			longest = max(longest, w.Nights)
		}
	}
	s.line("%s", s.say("night_line", "at", n.At, "new", s.n(count["new"]), "still", s.n(count["still"]), "longest", s.some(longest),
		"gone", s.n(count["gone"]), "flapping", s.some(count["flapping"])))
	shown := map[string]int{}
	for i, w := range n.Waiting {
		if w.State == "still" && !s.All {
			continue
		}
		if shown[w.State]++; s.All || shown[w.State] <= few {
			s.waiting(&n.Waiting[i])
		}
	}
	for _, state := range []string{"flapping", "new", "gone"} {
		if more := shown[state] - few; more > 0 && !s.All {
			s.line("  %s: %s", s.say("night_"+state), s.say("more", "n", s.n(more)))
		}
	}
}

// some is a number that is left unsaid where it is 0.
func (s *Screen) some(n int) string {
	if n == 0 {
		return ""
	}
	return s.n(n)
}

func (s *Screen) waiting(w *Waiting) {
	night := ""
	switch {
	case w.Of > 0:
		night = "  " + s.say("night_of", "seen", s.n(w.Seen), "of", s.n(w.Of))
	case w.State == "still":
		night = "  " + s.say("night_n", "n", s.n(w.Nights))
	}
	s.line("  %s: %s %s  %s%s", s.say("night_"+w.State), words.Term(s.Lang, w.Kind), words.Plain(w.Key), words.Plain(w.Code), night)
}
