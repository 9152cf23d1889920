package page

import (
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// both is a text in English and in Portuguese, in this order.
type both [2]string

func text(key string, pairs ...string) both {
	return both{words.Text(words.English, key, pairs...), words.Text(words.Portuguese, key, pairs...)}
}

func (b both) in(lang words.Lang) string {
	if lang == words.Portuguese {
		return b[1]
	}
	return b[0]
}

// note is what is said of a row, and the way on, "" where there is none.
type note struct {
	Code string `json:"code"`
	Say  both   `json:"say"`
	Hint both   `json:"hint"`
}

// placed is a note with the place that it is about.
type placed struct {
	note
	place, column string
}

func noteOf(code string, args schemas.Args) note {
	return note{Code: words.Plain(code),
		Say:  both{words.Problem(words.English, code, args), words.Problem(words.Portuguese, code, args)},
		Hint: both{words.Hint(words.English, code, args), words.Hint(words.Portuguese, code, args)}}
}

// leftNote says why one record is left as it is.
func leftNote(l *schemas.Left) note {
	n := noteOf(l.Code, l.Args)
	n.Say = both{sinks.LeftText(words.English, l), sinks.LeftText(words.Portuguese, l)}
	return n
}

func problemOf(p schemas.Problem) placed {
	return placed{noteOf(p.Code, p.Args), words.Plain(p.Place.String()), words.Plain(p.Place.Column)}
}

// problem is a placed note in the head's data.
type problem struct {
	note
	Place  string `json:"place,omitempty"`
	Column string `json:"column,omitempty"`
}

func problemsOf(all []schemas.Problem) []problem {
	out := make([]problem, 0, len(all))
	for _, p := range all {
		n := problemOf(p)
		out = append(out, problem{n.note, n.place, n.column})
	}
	return out
}
