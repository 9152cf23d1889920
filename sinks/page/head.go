package page

import (
	"strconv"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// head is all that a page shows above its list, and the texts it is told in.
type head struct {
	Page         string                           `json:"page"` // plan, result
	Lang         words.Lang                       `json:"lang"`
	Texts        map[words.Lang]map[string]string `json:"texts"`
	Level        string                           `json:"level"` // of the verdict: go, stop, warn, none
	Verdict      both                             `json:"verdict"`
	Exit         *int                             `json:"exit,omitempty"`
	Facts        facts                            `json:"facts"`
	Bulk         schemas.Action                   `json:"bulk,omitempty"` // of a plan of a bulk verb
	Policy       *schemas.Policy                  `json:"policy,omitempty"`
	Sources      []source                         `json:"sources"`
	Stop         []problem                        `json:"stop"`
	Warnings     []problem                        `json:"warnings"`
	MoreWarnings int                              `json:"more_warnings,omitempty"` // left out, of those that come in thousands
	Limits       []limit                          `json:"limits"`
	Rows         schemas.RowCounts                `json:"rows"`
	Actions      map[string]int                   `json:"actions"`  // by sign
	Statuses     map[string]int                   `json:"statuses"` // of a result
	Kinds        map[string]int                   `json:"kinds"`    // by letter, of all rows
	Dragged      int                              `json:"dragged"`
	Going        int                              `json:"going"` // devices that are inactivated
	Left         []leftCount                      `json:"left"`
	ByKind       []bar                            `json:"by_kind"`
	BySite       []bar                            `json:"by_site"`
	MoreSites    int                              `json:"more_sites,omitempty"`
	Total        int                              `json:"total"` // rows of the list
	WriteOnly    []string                         `json:"write_only"`
}

// facts are what a page is about.
type facts struct {
	Run     string `json:"run"`
	Vault   string `json:"vault"`
	Client  string `json:"client"`
	Made    string `json:"made"`
	Ended   string `json:"ended,omitempty"`
	Tool    string `json:"tool"`
	Digest  string `json:"digest"`
	Planned string `json:"planned,omitempty"` // the run that made the plan of a result
	Calls   int    `json:"calls,omitempty"`
	RPS     string `json:"rps,omitempty"`
	Time    string `json:"time,omitempty"`
}

type source struct {
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	Format string `json:"format"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// limit is a guard with its use. Share is how much of it the plan takes, 1 for all.
type limit struct {
	Name    string        `json:"name"`
	Kind    string        `json:"kind"`
	N       int           `json:"n"`
	Total   int           `json:"total"`
	Limit   schemas.Limit `json:"limit"`
	Part    string        `json:"part,omitempty"` // of the estate, as site LAX
	Share   float64       `json:"share"`
	Stopped bool          `json:"stopped"`
}

func planHead(lang words.Lang, p *schemas.Plan, o Options) *head {
	h := newHead("plan", lang, p)
	h.Level, h.Verdict = planVerdict(p)
	h.Facts = factsOf(p.Start, p.Digest)
	h.Policy = p.Start.Policy
	list, more := sinks.FewWarnings(p.Warnings)
	h.Warnings, h.MoreWarnings = problemsOf(list), more
	h.Stop = problemsOf(p.Summary.Stop)
	h.Left = leftCounts(p)
	h.Total = len(p.Holds) + len(p.Rejects) + len(p.Changes) + len(p.Left)
	if len(p.Changes) > 0 && o.RPS > 0 {
		h.Facts.Calls, h.Facts.RPS = len(p.Changes), strconv.FormatFloat(o.RPS, 'g', -1, 64)
		h.Facts.Time = time.Duration(float64(len(p.Changes)) / o.RPS * float64(time.Second)).Round(time.Second).String()
	}
	return h
}

func planVerdict(p *schemas.Plan) (string, both) {
	waits := len(p.Holds)+len(p.Rejects) > 0
	switch {
	case !p.Applicable():
		return "stop", text("page_verdict_stop")
	case len(p.Changes) > 0 && waits:
		return "warn", text("page_verdict_part")
	case len(p.Changes) > 0:
		return "go", text("page_verdict_go")
	case waits:
		return "warn", text("page_verdict_waits")
	}
	return "none", text("page_verdict_none")
}

func resultHead(lang words.Lang, p *schemas.Plan, start schemas.Start, results []schemas.Result, total schemas.Total, o Options) *head {
	h := newHead("result", lang, p)
	h.Level, h.Verdict = resultVerdict(total.Exit, len(p.Changes))
	h.Exit = &total.Exit
	h.Facts = factsOf(start, p.Digest)
	h.Facts.Run, h.Facts.Ended, h.Facts.Planned = words.Plain(total.Run), words.Plain(o.Ended), words.Plain(p.Start.Run)
	h.Rows = total.Rows
	h.Statuses = countStatuses(results)
	h.Kinds = map[string]int{}
	for i := range results {
		h.Kinds[letter(results[i].Kind)]++
	}
	if o.Stop != nil {
		h.Stop = problemsOf([]schemas.Problem{*o.Stop})
	}
	h.Total = len(results)
	return h
}

func resultVerdict(exit, changes int) (string, both) {
	switch {
	case exit == 0 && changes == 0:
		return "none", text("verdict_0_nothing")
	case exit == 0:
		return "go", text("verdict_0")
	case exit == 10 && changes == 0:
		return "warn", text("verdict_10_waiting")
	case exit == 10:
		return "warn", text("page_verdict_10")
	case exit == 12 || exit == 14 || exit == 130 || exit == 143:
		return "warn", text("verdict_" + strconv.Itoa(exit))
	}
	return "stop", text("verdict_" + strconv.Itoa(exit))
}

func newHead(page string, lang words.Lang, p *schemas.Plan) *head {
	changes := deeds(p.Changes)
	h := &head{Page: page, Lang: lang, Bulk: p.Start.Bulk, Texts: pageWords(script()), Rows: p.Summary.Rows, Actions: actionCounts(p, changes), Kinds: kindCounts(p, changes),
		Sources: sourcesOf(p.Start.Sources), Stop: []problem{}, Limits: limitsOf(p.Summary.Limits), ByKind: byKind(changes)}
	h.BySite, h.MoreSites = bySite(p)
	for _, k := range p.Summary.Kinds {
		h.Dragged += k.Dragged
		if k.Kind == schemas.KindDevice {
			h.Going = k.Inactivate
		}
	}
	for f := range schemas.NumFields {
		if !f.Listed() {
			h.WriteOnly = append(h.WriteOnly, f.String())
		}
	}
	return h
}

func factsOf(s schemas.Start, digest string) facts {
	return facts{Run: words.Plain(s.Run), Vault: words.Plain(s.Vault), Client: words.Plain(s.Client), Made: words.Plain(s.Made),
		Tool: words.Plain(s.Tool), Digest: words.Plain(digest)}
}

func sourcesOf(uses []schemas.SourceUse) []source {
	out := make([]source, 0, len(uses))
	for _, u := range uses {
		out = append(out, source{letter(u.Kind), words.Plain(u.Path), words.Plain(u.Format), u.Rows, words.Plain(u.SHA256)})
	}
	return out
}

func limitsOf(uses []schemas.LimitUse) []limit {
	out := make([]limit, 0, len(uses))
	for _, u := range uses {
		out = append(out, limit{words.Plain(u.Name), letter(u.Kind), u.N, u.Total, u.Limit, words.Plain(u.Share), share(u), u.Stopped})
	}
	return out
}

// share is the fuller of a limit's two measures, percent and count. Up to its floor a limit
// stops nothing, so that its measure is never less than the floor.
func share(u schemas.LimitUse) float64 {
	if u.N == 0 || u.Limit.Off || u.Limit.Percent < 0 && u.Limit.Count < 0 {
		return 0
	}
	room := -1.0
	if u.Limit.Percent >= 0 {
		room = u.Limit.Percent * float64(u.Total) / 100
	}
	if count := float64(u.Limit.Count); u.Limit.Count >= 0 && (room < 0 || count < room) {
		room = count
	}
	room = max(room, float64(u.Limit.Floor))
	if room <= 0 {
		return 1
	}
	return float64(u.N) / room
}
