package book

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Evidence is what a workbook says of an export as a whole; it is asked for when all records are written.
type Evidence struct {
	Certificate schemas.Certificate
	// Boundary are sessions that are left out, and that touch the period.
	Boundary []schemas.SessionRecord
	// BoundaryMore are how many more there are than these.
	BoundaryMore int
}

// evidenceBook is an export as a workbook: Summary with charts, the records, split at a million, what was
// found, what lies at the border of the period, and the certificate.
type evidenceBook struct {
	*book
	w        io.Writer
	what     string
	whole    func() Evidence
	records  *tableSheet
	findings *tableSheet
}

// NewEvidence begins a workbook of devices, credentials or sessions; tmp is a folder that only we can read.
func NewEvidence(w io.Writer, lang words.Lang, what string, whole func() Evidence, tmp string) (sinks.Export, error) {
	b, err := newBook(lang, tmp)
	if err != nil {
		return nil, err
	}
	e := &evidenceBook{book: b, w: w, what: what, whole: whole}
	if err := b.file.SetSheetName(b.file.GetSheetName(0), b.say("book_summary")); err != nil { // filled in at the end
		return nil, err
	}
	b.sheets++
	b.charted = b.say("book_summary")
	for _, sheet := range []string{"book_summary", "book_metadata"} {
		b.hashes[b.say(sheet)] = schemas.NewSheetHash()
	}
	if err := b.onPaper(b.say("book_summary")); err != nil {
		return nil, err
	}
	e.records = b.addRecords("book_"+what, what, schemas.ExportColumns(what))
	if what == "sessions" {
		e.findings = b.addRecords("book_exceptions", "exceptions", []string{"id", "rule", "evidence", "user", "device", "credential", "start"})
	}
	return e, nil
}

// addRecords begins a sheet whose header are the names that programs know, in every language.
func (b *book) addRecords(title, table string, names []string) *tableSheet {
	columns := make([]column, len(names))
	for i, name := range names {
		width := 18.0
		switch name {
		case "id", "port", "time", "duration_s", "revision":
			width = 11
		case "session_id", "evidence", "request":
			width = 34
		case "device", "start_utc", "end_utc":
			width = 22
		}
		columns[i] = column{key: "=" + name, width: width}
	}
	return b.addTable(title, table, columns...)
}

func (e *evidenceBook) Device(d *schemas.Device) error {
	cells := sinks.DeviceCells(d)
	return e.record(cells[:])
}

func (e *evidenceBook) Credential(c *schemas.Credential) error {
	cells := sinks.CredentialCells(c)
	return e.record(cells[:])
}

func (e *evidenceBook) Session(s *schemas.SessionRecord) error {
	cells := sinks.SessionCells(s)
	return e.record(cells[:])
}

func (e *evidenceBook) Finding(f *schemas.SessionFinding) error {
	return e.findings.add(cell{f.ID, plain}, cell{f.Rule, plain}, cell{f.Evidence, plain}, cell{f.User, plain}, cell{f.Device, plain}, cell{f.Credential, plain}, cell{f.Start, plain})
}

// record writes a row; numbers that are counted with are numbers.
func (e *evidenceBook) record(texts []string) error {
	cells := make([]cell, len(texts))
	for i, text := range texts {
		cells[i] = cell{text, plain}
		if e.what == "sessions" && (i == 16 || i == 19) {
			if n, err := strconv.Atoi(text); err == nil {
				cells[i].value = n
			}
		}
	}
	return e.records.add(cells...)
}

func (e *evidenceBook) Close() error {
	defer e.close()
	if err := e.records.end(); err != nil {
		return err
	}
	whole := e.whole()
	if e.findings != nil {
		if err := e.findings.end(); err != nil {
			return err
		}
		border := e.addRecords("book_boundary", "boundary", schemas.SessionColumns())
		border.hashed = true
		for i := range whole.Boundary {
			cells := sinks.SessionCells(&whole.Boundary[i])
			row := make([]cell, len(cells))
			for j, text := range cells {
				row[j] = cell{text, plain}
			}
			if err := border.add(row...); err != nil {
				return err
			}
		}
		if err := border.end(); err != nil {
			return err
		}
	}
	if err := e.metadataOf(&whole.Certificate, whole.BoundaryMore); err != nil {
		return err
	}
	if err := e.summary(&whole.Certificate); err != nil {
		return err
	}
	return e.finish(e.w, e.say("book_evidence_title", "what", e.what), whole.Certificate.Made)
}

// Abandon writes no workbook, and takes away what waited for it.
func (e *evidenceBook) Abandon() { e.close() }

// metadataOf is the certificate as names and values; more are the sessions at the border that are not listed.
func (e *evidenceBook) metadataOf(c *schemas.Certificate, more int) error {
	l, err := e.addList("book_metadata", 26, 90)
	if err != nil {
		return err
	}
	n := strconv.Itoa
	pairs := [][2]string{{"tool", c.Tool}, {"made", c.Made}, {"by_operator", c.By}, {"host", c.Host}, {"vault", c.Vault}, {"tenant", c.Tenant}, {"client_id", c.Client}, {"command", c.Command}, {"api", c.API}, {"request", c.Request},
		{"what", c.What}, {"zone", c.Zone}, {"from", c.From}, {"to", c.To}, {"by", c.Period}, {"read", n(c.Read)}, {"server_limit", c.Limit}, {"written", n(c.Written)}, {"left_out", n(c.LeftOut)},
		{"unreadable_times", n(c.UnreadableTimes)}, {"first_id", c.IDs.First}, {"last_id", c.IDs.Last}, {"gaps", n(c.IDs.Gaps)}, {"missing_ids", strconv.FormatUint(c.IDs.Missing, 10)},
		{"repeated_ids", n(c.IDs.Repeated)}, {"open", n(c.Open)}, {"answer_bytes", strconv.FormatInt(c.Answer.Bytes, 10)}, {"answer_sha256", c.Answer.SHA256}}
	for _, m := range c.Match {
		pairs = append(pairs, [2]string{"match", m})
	}
	for _, network := range c.Networks {
		pairs = append(pairs, [2]string{"network", network})
	}
	if c.OnlyOpen {
		pairs = append(pairs, [2]string{"only_open", "true"})
	}
	if c.Anonymised != nil {
		pairs = append(pairs, [2]string{"anonymised_key_check", c.Anonymised.KeyCheck}, [2]string{"anonymised_fields", strings.Join(c.Anonymised.Fields, ", ")})
	}
	pairs = append(pairs, [2]string{"boundary_not_listed", n(more)})
	for _, reason := range slices.Sorted(maps.Keys(c.Reasons)) {
		pairs = append(pairs, [2]string{"left_out_by_" + reason, n(c.Reasons[reason])})
	}
	for _, gap := range c.IDs.GapRanges {
		pairs = append(pairs, [2]string{"gap", gap})
	}
	pairs = append(pairs, [2]string{"cells_cut", n(e.cut)})
	for _, pair := range pairs {
		if err := l.line(cell{pair[0], label}, cell{pair[1], plain}); err != nil {
			return err
		}
	}
	return l.done()
}

// series is a small table of the summary, which a chart shows.
type series struct {
	title string // key of its words
	kind  excelize.ChartType
	names []string
	count []int
	hours []float64
}

// summary fills the first sheet: what the export is, its sums, and a chart for each of them.
func (e *evidenceBook) summary(c *schemas.Certificate) error {
	sheet := e.say("book_summary")
	row := 0
	put := func(s style, values ...any) error {
		row++
		id, err := e.style(s)
		if err != nil {
			return err
		}
		for i, v := range values {
			if text, ok := v.(string); ok {
				v = e.text(text)
				values[i] = v
			}
			at, _ := excelize.CoordinatesToCellName(i+1, row) // small numbers
			if err := e.file.SetCellValue(sheet, at, v); err != nil {
				return err
			}
			if err := e.file.SetCellStyle(sheet, at, at, id); err != nil {
				return err
			}
		}
		e.hashed(sheet, row, values)
		return nil
	}
	if err := e.file.SetColWidth(sheet, "A", "A", 30); err != nil {
		return err
	}
	if err := e.file.SetColWidth(sheet, "B", "D", 14); err != nil {
		return err
	}
	if err := put(heading, e.say("book_"+e.what)); err != nil {
		return err
	}
	for _, line := range [][2]any{{e.say("book_vault"), c.Vault}, {e.say("book_made"), c.Made}, {e.say("book_period"), period(c)}, {e.say("book_zone"), c.Zone},
		{e.say("book_read"), c.Read}, {e.say("book_written"), c.Written}, {e.say("book_left_out"), c.LeftOut}, {e.say("book_gaps"), c.IDs.Gaps}, {e.say("book_open"), c.Open}} {
		if err := put(plain, line[0], line[1]); err != nil {
			return err
		}
	}
	for i, s := range e.seriesOf(c) {
		row++
		head := []any{e.say(s.title), e.say("book_sessions_n"), e.say("book_hours_n")}
		if s.hours == nil {
			head = head[:2]
		}
		if err := put(label, head...); err != nil {
			return err
		}
		first := row + 1
		for j, name := range s.names {
			line := []any{name, s.count[j]}
			if s.hours != nil {
				line = append(line, s.hours[j])
			}
			if err := put(plain, line...); err != nil {
				return err
			}
		}
		if err := e.chart(sheet, i, s, first, row); err != nil {
			return err
		}
	}
	return nil
}

func period(c *schemas.Certificate) string {
	if c.From == "" && c.To == "" {
		return ""
	}
	return cmp.Or(c.From, "…") + " – " + cmp.Or(c.To, "…") + " (" + c.Period + ")"
}

// chart draws a table beside the sheet's text, two in a line.
func (e *evidenceBook) chart(sheet string, i int, s series, first, last int) error {
	if last < first || slices.Max(s.count) == 0 {
		return nil // there is nothing to draw
	}
	at, _ := excelize.CoordinatesToCellName(6+9*(i%2), 2+18*(i/2)) // small numbers
	span := func(col string) string {
		return "'" + sheet + "'!$" + col + "$" + strconv.Itoa(first) + ":$" + col + "$" + strconv.Itoa(last)
	}
	name := "'" + sheet + "'!$B$" + strconv.Itoa(first-1) // excelize takes a text for a reference, which none would be
	vary := s.kind == excelize.Pie
	legible := excelize.Font{Color: "404040", Size: 9} // excelize's own is too pale to read
	zero := 0.0                                        // else an axis may begin where it likes, and a bar of 19 look like a third of 21
	return e.file.AddChart(sheet, at, &excelize.Chart{Type: s.kind, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: e.say(s.title)}}},
		Series:     []excelize.ChartSeries{{Name: name, Categories: span("A"), Values: span("B")}},
		VaryColors: &vary, Dimension: excelize.ChartDimension{Width: 520, Height: 320}, Legend: excelize.ChartLegend{Position: legend(s.kind)},
		XAxis: excelize.ChartAxis{Font: legible, ReverseOrder: s.kind == excelize.Bar}, YAxis: excelize.ChartAxis{Font: legible, Minimum: &zero}})
}

func legend(kind excelize.ChartType) string {
	if kind == excelize.Pie {
		return "right"
	}
	return "none"
}

// mostShown is how many users a chart has room for.
const mostShown = 15

func (e *evidenceBook) seriesOf(c *schemas.Certificate) []series {
	if c.Totals == nil {
		return nil
	}
	all := []series{
		tallied("book_by_month", excelize.Col, c.Totals.Months, false),
		tallied("book_by_protocol", excelize.Pie, c.Totals.Protocols, true),
		tallied("book_by_user", excelize.Bar, c.Totals.Users, true),
	}
	findings := map[string]schemas.Tally{}
	for rule, n := range c.Findings {
		findings[rule] = schemas.Tally{Sessions: n}
	}
	found := tallied("book_by_finding", excelize.Bar, findings, true)
	found.hours = nil
	return append(all, found)
}

// tallied are tallies in the order of their names, or the largest first.
func tallied(title string, kind excelize.ChartType, tallies map[string]schemas.Tally, largest bool) series {
	s := series{title: title, kind: kind}
	names := slices.Sorted(maps.Keys(tallies))
	if largest {
		slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(tallies[b].Sessions, tallies[a].Sessions) })
		names = names[:min(len(names), mostShown)]
	}
	for _, name := range names {
		t := tallies[name]
		s.names = append(s.names, cmp.Or(name, "–"))
		s.count = append(s.count, t.Sessions)
		s.hours = append(s.hours, float64(t.Seconds/36)/100)
	}
	return s
}
