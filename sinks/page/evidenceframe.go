package page

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// What the page of an export is made of, beside what it shares with the others.
var (
	//go:embed evidence.css
	evidenceStyle string
	//go:embed evidence.html
	evidenceHTML string
	//go:embed js/evidence/rows.js
	evidenceRowsJS string
	//go:embed js/evidence/cells.js
	evidenceCellsJS string
	//go:embed js/evidence/grid.js
	evidenceGridJS string
	//go:embed js/evidence/charts.js
	evidenceChartsJS string
	//go:embed js/evidence/top.js
	evidenceTopJS string
	//go:embed js/evidence/main.js
	evidenceMainJS string
)

func evidenceScript() string {
	return "(function () {\n\"use strict\";\n" +
		domJS + wordsJS + evidenceRowsJS + evidenceCellsJS + evidenceGridJS + evidenceChartsJS + evidenceTopJS + evidenceMainJS + "})();\n"
}

// evidenceHead is all that a page says of an export as a whole, and the texts it is told in.
type evidenceHead struct {
	Lang         words.Lang                       `json:"lang"`
	Texts        map[words.Lang]map[string]string `json:"texts"`
	What         string                           `json:"what"`
	Columns      []string                         `json:"columns"`
	Own          []bool                           `json:"own"`
	Total        int                              `json:"total"`
	Findings     int                              `json:"findings"`
	Certificate  schemas.Certificate              `json:"certificate"`
	Boundary     [][]string                       `json:"boundary"`
	BoundaryMore int                              `json:"boundary_more"`
	Manifest     string                           `json:"manifest"`
	Beside       []string                         `json:"beside"`
}

func (e *evidencePage) say(key string, pairs ...string) string {
	return words.Text(e.lang, key, pairs...)
}

// evidenceFrame is what stands in the page without its script.
type evidenceFrame struct {
	Lang, Policy, Title, Note string
	CSS                       template.CSS
	Facts                     []bareFact
	Tables                    []bareTable
}

type bareFact struct{ Name, Value string }

type bareTable struct {
	Title string
	Heads []string
	Rows  [][]string
}

func (e *evidencePage) title() string { return e.say("page_ev_" + e.what) }

// write writes the frame, what a reader without script sees, the page's head and first records, the script, and
// only then the other records: a browser draws the first ones while it still reads the rest.
func (e *evidencePage) write(whole *Evidence) error {
	code, css := evidenceScript(), style+evidenceStyle
	f := e.bare(whole)
	f.Lang, f.Policy, f.CSS = language(e.lang), policy(code, css), template.CSS(css)
	frame, err := template.New("evidence").Parse(evidenceHTML)
	if err != nil {
		return err
	}
	var top bytes.Buffer
	if err := frame.Execute(&top, f); err != nil {
		return err
	}
	e.frame(top.String())
	h := evidenceHead{Lang: e.lang, Texts: pageWords(code), What: e.what, Columns: schemas.ExportColumns(e.what), Own: OwnColumns(e.what), Total: e.rows, Findings: e.findings,
		Certificate: whole.Certificate, Boundary: [][]string{}, BoundaryMore: whole.BoundaryMore, Manifest: whole.Manifest, Beside: whole.Beside}
	for i := range whole.Boundary {
		cells := sinks.SessionCells(&whole.Boundary[i])
		h.Boundary = append(h.Boundary, cells[:])
	}
	data, err := json.Marshal(h) // < > & leave it as \u003c and so on
	if err != nil {
		return err
	}
	e.part("page-head", `<script type="application/json" id="head">`, string(data), "</script>\n")
	e.part("page-rows", string(e.first))
	e.part("page-script", "<script>", code, "</script>\n")
	if e.put.err == nil {
		e.put.err = e.others.CopyTo(&blockParts{page: e})
	}
	e.part("page-end", "</body>\n</html>\n")
	return e.put.err
}

// part begins a part of the page, by which a reader is told later where it was changed, and writes texts of it.
func (e *evidencePage) part(name string, texts ...string) {
	sinks.BeginPart(e.put.w, schemas.CertifiedPart{Name: name})
	e.put.all(texts...)
}

// frame writes what stands before the page's data: its title, its style, what a reader without script sees, and
// the place of what the script shows.
func (e *evidencePage) frame(text string) {
	for _, part := range []struct{ name, upto string }{{"page-top", "<style>"}, {"page-style", "<noscript>"}, {"page-bare", "</noscript>"}} {
		before, _, _ := strings.Cut(text, part.upto)
		e.part(part.name, before)
		text = text[len(before):]
	}
	e.put.all(text)
}

// bare is what a reader without script sees: what the export is, its sums, its first records, and where all
// of them are.
func (e *evidencePage) bare(whole *Evidence) evidenceFrame {
	c := &whole.Certificate
	f := evidenceFrame{Title: words.Plain(e.title() + " · " + c.Vault), Note: e.say("page_ev_bare", "n", strconv.Itoa(len(e.few)), "total", sinks.Number(e.lang, e.rows), "files", words.Plain(strings.Join(whole.Beside, ", ")))}
	number := func(n int) string { return sinks.Number(e.lang, n) }
	fact := func(key, value string) {
		if value != "" {
			f.Facts = append(f.Facts, bareFact{e.say(key), words.Plain(value)})
		}
	}
	fact("page_client", c.Client)
	fact("page_made", c.Made)
	fact("page_ev_from", c.From)
	fact("page_ev_to", c.To)
	fact("page_ev_zone", c.Zone)
	fact("page_ev_match", strings.Join(c.Match, "; "))
	fact("page_ev_received", number(c.Read))
	fact("page_ev_written", number(c.Written))
	fact("page_ev_left", number(c.LeftOut))
	for _, reason := range slices.Sorted(maps.Keys(c.Reasons)) {
		f.Facts = append(f.Facts, bareFact{"– " + e.say("page_ev_left_"+reason), number(c.Reasons[reason])})
	}
	fact("page_ev_manifest", whole.Manifest)
	if t := c.Totals; t != nil {
		for _, part := range []struct {
			key string
			all map[string]schemas.Tally
		}{{"page_ev_by_month", t.Months}, {"page_ev_by_protocol", t.Protocols}, {"page_ev_by_user", t.Users}} {
			f.Tables = append(f.Tables, e.bareTallies(part.key, part.all))
		}
	}
	if len(c.Findings) > 0 {
		rules := bareTable{Title: e.say("page_ev_by_finding"), Heads: []string{"", e.say("page_ev_sessions")}}
		for _, rule := range slices.Sorted(maps.Keys(c.Findings)) {
			rules.Rows = append(rules.Rows, []string{rule, number(c.Findings[rule])})
		}
		f.Tables = append(f.Tables, rules)
	}
	list := bareTable{Title: e.title(), Heads: schemas.ExportColumns(e.what)}
	for _, cells := range e.few {
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = words.Plain(cell)
		}
		list.Rows = append(list.Rows, row)
	}
	f.Tables = append(f.Tables, list)
	return f
}

func (e *evidencePage) bareTallies(title string, all map[string]schemas.Tally) bareTable {
	t := bareTable{Title: e.say(title), Heads: []string{"", e.say("page_ev_sessions"), e.say("page_ev_hours")}}
	names := slices.Sorted(maps.Keys(all))
	if title != "page_ev_by_month" {
		slices.SortStableFunc(names, func(a, b string) int { return all[b].Sessions - all[a].Sessions })
	}
	for _, name := range names[:min(len(names), sampled)] {
		t.Rows = append(t.Rows, []string{words.Plain(name), sinks.Number(e.lang, all[name].Sessions), sinks.Number(e.lang, int(all[name].Seconds/3600))})
	}
	return t
}
