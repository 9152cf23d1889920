package page

import (
	"errors"
	"html/template"
	"strconv"
	"strings"

	"pamsync/schemas/words"
	"pamsync/sinks"
)

// frame is what stands in a page without its script: for those who read it without, and for
// programs that look at the file.
type frame struct {
	Lang, Policy, Title, Verdict, Digest, Vault, Run, Made string
	CSS                                                    template.CSS
	Counts                                                 []count
	Lines                                                  []line
	Total                                                  string
	say                                                    func(string, ...string) string
}

type count struct{ Name, N string }

type line struct{ Sign, Status, Kind, Key, ID, What, Source string }

// Say is a text of the page, for the template.
func (f frame) Say(key string, pairs ...string) string { return f.say(key, pairs...) }

// sample takes the first rows of a page.
type sample struct{ rows []*row }

const sampled = 500

// errEnough stops the rows when a sample is full.
var errEnough = errors.New("enough")

func (s *sample) take(r *row) error {
	if len(s.rows) == sampled {
		return errEnough
	}
	s.rows = append(s.rows, r)
	return nil
}

func newFrame(d document, policy string, s *sample) frame {
	h := d.head
	f := frame{Lang: language(d.lang), Policy: policy, CSS: template.CSS(style), Verdict: h.Verdict.in(d.lang), Digest: h.Facts.Digest, Vault: h.Facts.Vault,
		Run: h.Facts.Run, Made: h.Facts.Made, Total: sinks.Number(d.lang, h.Total)}
	f.say = func(key string, pairs ...string) string { return words.Text(d.lang, key, pairs...) }
	f.Title = f.say("page_title_plan", "run", f.Run)
	if h.Page == "result" {
		f.Title = f.say("page_title_result", "run", f.Run)
	}
	f.Counts = countsOf(h, f.say, d.lang)
	for _, r := range s.rows {
		f.Lines = append(f.Lines, lineOf(r, f.say, d.lang))
	}
	return f
}

func countsOf(h *head, say func(string, ...string) string, lang words.Lang) (out []count) {
	if h.Page == "result" {
		for _, s := range statuses() {
			out = append(out, count{say("page_" + string(s)), sinks.Number(lang, h.Statuses[string(s)])})
		}
		return out
	}
	for _, sign := range []string{"+", "~", "^", "-", "!", "x", "."} {
		out = append(out, count{sign + " " + say(actionKey(sign)), sinks.Number(lang, h.Actions[sign])})
	}
	return out
}

func actionKey(sign string) string {
	return map[string]string{"+": "page_create", "~": "page_update", "^": "page_reactivate", "-": "page_inactivate",
		"!": "page_held", "x": "page_rejected", ".": "page_left", "?": "page_other"}[sign]
}

func kindWord(letter string, say func(string, ...string) string) string {
	if key, known := map[string]string{"d": "page_device", "c": "page_credential", "k": "page_key"}[letter]; known {
		return say(key)
	}
	return letter
}

func lineOf(r *row, say func(string, ...string) string, lang words.Lang) line {
	l := line{Sign: r.Sign + " " + say(actionKey(r.Sign)), Kind: kindWord(r.Kind, say), Key: r.Key, ID: r.ID, Source: r.Cell}
	if r.Status != "" {
		l.Status = say("page_" + r.Status)
	}
	var what []string
	for _, n := range r.notes {
		what = append(what, n.Say.in(lang))
		if hint := n.Hint.in(lang); hint != "" {
			what = append(what, say("page_hint")+" "+hint)
		}
	}
	for _, f := range r.Fields {
		switch {
		case len(f) == 1:
			what = append(what, f[0]+": "+say("secret_set"))
		case r.Sign == "+":
			what = append(what, f[0]+": "+f[2])
		case r.Sign == "-":
			what = append(what, f[0]+": "+f[1])
		default:
			what = append(what, f[0]+": "+f[1]+" → "+f[2])
		}
	}
	for _, item := range r.Taken {
		what = append(what, item[1]+" ("+kindWord(item[0], say)+" "+item[2]+")")
	}
	l.What = strings.Join(what, "; ")
	if l.Source == "" && len(r.Rows) > 0 {
		l.Source = r.Rows[0][0].(string) + " " + strconv.Itoa(r.Rows[0][1].(int))
	}
	return l
}
