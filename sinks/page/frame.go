package page

import (
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

// sampled is how many rows a reader without script is shown.
const sampled = 500

func newFrame(d document, policy string) frame {
	h := d.head
	f := frame{Lang: language(d.lang), Policy: policy, CSS: template.CSS(style), Verdict: h.Verdict.in(d.lang), Digest: h.Facts.Digest, Vault: h.Facts.Vault,
		Run: h.Facts.Run, Made: h.Facts.Made, Total: sinks.Number(d.lang, h.Total)}
	f.say = func(key string, pairs ...string) string { return words.Text(d.lang, key, pairs...) }
	f.Title = f.say("page_title_plan", "run", f.Run)
	if h.Page == "result" {
		f.Title = f.say("page_title_result", "run", f.Run)
	}
	f.Counts = countsOf(h, f.say, d.lang)
	var r row
	for i := range min(d.rows, sampled) {
		r.clear()
		d.fill(&r, i)
		f.Lines = append(f.Lines, lineOf(&r, f.say, d.lang))
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
		"!": "page_held", "x": "page_rejected", ".": "page_left", ">": "page_open", "%": "page_drop", "<": "page_release", "@": "page_read", "?": "page_other"}[sign]
}

func kindWord(letter string, say func(string, ...string) string) string {
	if key, known := map[string]string{"d": "page_device", "c": "page_credential", "k": "page_key", "i": "page_info", "s": "page_session"}[letter]; known {
		return say(key)
	}
	return letter
}

func lineOf(r *row, say func(string, ...string) string, lang words.Lang) line {
	l := line{Sign: r.sign + " " + say(actionKey(r.sign)), Kind: kindWord(r.kind, say), Key: r.key, ID: r.id, Source: r.cell}
	if r.status != "" {
		l.Status = say("page_" + r.status)
	}
	var what []string
	for _, n := range r.notes {
		what = append(what, n.Say.in(lang))
		if hint := n.Hint.in(lang); hint != "" {
			what = append(what, say("page_hint")+" "+hint)
		}
	}
	for _, f := range r.fields {
		switch {
		case f.secret:
			what = append(what, f.name+": "+say("secret_set"))
		case r.sign == "+":
			what = append(what, f.name+": "+f.after)
		case r.sign == "-":
			what = append(what, f.name+": "+f.before)
		default:
			what = append(what, f.name+": "+f.before+" → "+f.after)
		}
	}
	for _, item := range r.taken {
		what = append(what, item.key+" ("+kindWord(item.kind, say)+" "+item.id+")")
	}
	l.What = strings.Join(what, "; ")
	if l.Source == "" && len(r.rows) > 0 {
		l.Source = r.rows[0].source + " " + strconv.Itoa(r.rows[0].row)
	}
	return l
}
