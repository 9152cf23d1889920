package sources

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/expr"
	"pamsync/sources/profile"
)

// understandCSV finds the delimiter and the header, and maps the columns.
func (s *Source) understandCSV(text string) error {
	s.Shape.Format = "csv"
	if strings.Contains(text, "\r") && !strings.Contains(text, "\n") {
		s.Shape.LoneCR = true
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	skip := 0
	if d, rest, ok := sepLine(text); ok {
		s.Shape.Delimiter, text, skip = d, rest, 1
	}
	top, err := s.findHeader(text)
	if err != nil {
		return s.csvFault(err, skip)
	}
	s.Shape.Delimiter, s.Shape.RowsAbove = top.delimiter, top.above
	s.Shape.HeaderLine = top.line + skip
	header := top.header
	if f := s.Config.Format; profile.IsTable(f) {
		s.profile = profile.OfTable(f, s.Options.Kind, foldAll(header))
	}
	if s.positional = s.withoutHeader(header); s.positional {
		s.Shape.HeaderLine, s.Shape.RowsAbove = 0, 0
		header = s.positions(header)
	}
	s.Shape.Export = s.Options.Requests == nil && slices.Equal(header, exportHeader(s.Options.Kind))
	s.samples = top.rows
	if err := s.mapColumns(header); err != nil {
		return err
	}
	s.read = s.readCSV
	return nil
}

// sampleOf are the next rows of a CSV; what is broken ends them, and is said when it is read.
func sampleOf(r *csv.Reader) [][]string {
	var rows [][]string
	for len(rows) < sampled {
		record, err := r.Read()
		if err != nil {
			break
		}
		rows = append(rows, slices.Clone(record))
	}
	return rows
}

func newCSV(in io.Reader, delimiter rune) *csv.Reader {
	r := csv.NewReader(in)
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	return r
}

// sepLine recognises Excel's first line `sep=;`.
func sepLine(text string) (rune, string, bool) {
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimRight(line, "\r"), `"`)
	if len(line) == 5 && strings.EqualFold(line[:4], "sep=") {
		return rune(line[4]), rest, true
	}
	return 0, text, false
}

// csvFault names where the structure of a CSV broke. A stray quote swallows what follows it,
// so the line on which the quoted cell opened is named too.
func (s *Source) csvFault(err error, skipped int) error {
	var parse *csv.ParseError
	var long *longRecord
	switch {
	case errors.As(err, &long):
		line := long.line + skipped
		return s.fault(schemas.ClassInput, "row_too_long", "line", strconv.Itoa(line), "limit", strconv.Itoa(maxCSVRecord>>20)).
			At(schemas.Place{Source: s.Config.Name, Row: line})
	case err == io.EOF:
		return s.fault(schemas.ClassInput, "source_blank")
	case !errors.As(err, &parse):
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	place := schemas.Place{Source: s.Config.Name, Row: parse.Line + skipped, Col: parse.Column}
	code := "csv_broken"
	if errors.Is(parse.Err, csv.ErrQuote) || errors.Is(parse.Err, csv.ErrBareQuote) {
		code = "stray_quote"
	}
	return schemas.NewFault(schemas.ClassInput, code, "opened", strconv.Itoa(parse.StartLine+skipped),
		"line", strconv.Itoa(parse.Line+skipped)).At(place)
}

// csvReader reads the rows of one pass.
type csvReader struct {
	s       *Source
	in      *records
	skipped int
	row     schemas.Row
	record  []string
	width   int
	fields  []cellField
	derived []derivedField
	notes   noteLines
	index   map[string]int // of the columns that `where` uses
	get     func(name string) string
	watch   *headerWatch
}

// cellField is a column that becomes a field.
type cellField struct {
	index int
	field schemas.Field
}

// derivedField is a field that an expression over columns becomes.
type derivedField struct {
	expr  *expr.Expr
	field schemas.Field
	index map[string]int
}

// derivedFields are those of a table.
func (s *Source) derivedFields() []derivedField {
	var all []derivedField
	for _, column := range s.Shape.Columns {
		if !column.Mapped || column.expr == nil {
			continue
		}
		d := derivedField{column.expr, column.Field, map[string]int{}}
		for _, path := range column.expr.Paths() {
			if i, err := s.columnNamed(path); err == nil {
				d.index[path] = i
			}
		}
		all = append(all, d)
	}
	return all
}

// text is the value of the field, of a row whose cells cell gives.
func (d *derivedField) text(cell func(i int) string) string {
	return d.expr.Text(func(path string) []string {
		i, ok := d.index[path]
		if !ok {
			return nil
		}
		return []string{cell(i)}
	})
}

func (s *Source) readCSV(in io.Reader, yield func(*schemas.Row) error) error {
	text := s.decoded(in)
	c := &csvReader{s: s, width: len(s.columnNames()), index: map[string]int{}, watch: newHeaderWatch(s)}
	for _, name := range s.where.Fields() {
		c.index[name], _ = s.columnNamed(name)
	}
	c.get = func(name string) string { return c.cell(c.index[name]) }
	c.derived = s.derivedFields()
	for _, column := range s.Shape.Columns {
		if column.Mapped && column.expr == nil {
			c.fields = append(c.fields, cellField{column.Index, column.Field})
		}
	}
	text, c.skipped = skipSep(text)
	if above := s.Shape.HeaderLine - 1 - c.skipped; above > 0 {
		text, c.skipped = skipLines(text, s.piece, above), c.skipped+above
	}
	c.in = newRecords(text, s.Shape.Delimiter, s.piece)
	if !s.positional {
		if _, err := c.in.read(); err != nil {
			return s.csvFault(err, c.skipped)
		}
	}
	s.record = func() ([]string, bool) { return c.record, c.fits() }
	s.cells = func() []Cell { return s.tableCells(c.record, c.row.Number, c.fits()) }
	s.cellAt = func(i int) string {
		if i >= len(c.record) {
			return ""
		}
		return c.cell(i)
	}
	c.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: c.place}
	for {
		record, err := c.in.read()
		if err == io.EOF {
			s.RowsBelow = c.notes.lines()
			return nil
		}
		if err != nil {
			return s.csvFault(err, c.skipped)
		}
		if blank(record) {
			continue
		}
		c.record = record
		if !s.positional && !c.in.broken() && c.notes.is(record, c.in.line()+c.skipped) {
			continue
		}
		if err := c.giveNotes(yield); err != nil {
			return err
		}
		c.record = record
		if err := c.take(); err != nil {
			return err
		}
		if err := yield(&c.row); err != nil {
			return err
		}
	}
}

// giveNotes gives lines that looked like notes below the table, and that more of it follows: they are
// rows like any other.
func (c *csvReader) giveNotes(yield func(*schemas.Row) error) error {
	for _, n := range c.notes.take() {
		c.record = n.record
		c.row.Number = n.line
		c.fill(false)
		if err := yield(&c.row); err != nil {
			return err
		}
	}
	return nil
}

// take makes the row of the record.
func (c *csvReader) take() error {
	number := c.in.line() + c.skipped
	again, err := c.watch.again(c.record, number)
	if err != nil {
		return err
	}
	c.row.Number = number
	c.fill(c.in.broken())
	if again != nil {
		c.row.Problems = append(c.row.Problems, *again)
	}
	return nil
}

func blank(record []string) bool {
	for _, cell := range record {
		if clean(cell) != "" {
			return false
		}
	}
	return true
}

// fill makes the row of a record; broken tells that a cell of it may have several lines.
func (c *csvReader) fill(broken bool) {
	c.row.Reset()
	whole := true
	if broken {
		c.row.MayName, whole = c.swallowed(c.row.MayName)
	}
	if !c.fits() {
		c.row.Problems = []schemas.Problem{{Code: "ragged", Place: schemas.Place{Source: c.s.Config.Name, Row: c.row.Number},
			Args: schemas.Pairs("cells", strconv.Itoa(len(c.record)), "columns", strconv.Itoa(c.width))}}
		c.row.LeftOut = false
		return
	}
	c.row.LeftOut = !c.s.where.Match(c.get)
	for _, f := range c.fields {
		if f.field.Secret() {
			c.secret(f.field, c.record[f.index])
		} else {
			c.row.Values[f.field] = c.cell(f.index)
		}
	}
	for i := range c.derived {
		d := &c.derived[i]
		if d.field.Secret() {
			c.secret(d.field, d.text(func(i int) string { return c.record[i] })) // a password is never trimmed
		} else {
			c.row.Values[d.field] = clean(d.text(c.cell))
		}
	}
	c.s.oneAddress(&c.row)
	if len(c.s.excludes) > 0 {
		c.s.exclude(&c.row, c.named)
	}
	if broken {
		c.withhold()
	}
	if !whole {
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "swallowed_rows", Place: c.place(schemas.FieldID)})
	}
}

// named gives the cell of a column by its name.
func (c *csvReader) named(name string) string {
	i, err := c.s.columnNamed(name)
	if err != nil {
		return ""
	}
	return c.cell(i)
}

// secret takes a secret as it stands.
func (c *csvReader) secret(f schemas.Field, cell string) {
	if brokenSecret(c.row.Kind, f, cell) {
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "secret_line_break", Place: c.place(f), Args: schemas.Pairs("field", f.String())})
		return
	}
	setSecret(&c.row, f, strings.Clone(cell)) // who takes a secret keeps it
}

// fits tells a row with the header's number of cells; surplus cells must be empty.
func (c *csvReader) fits() bool {
	if c.s.loose {
		return len(c.record) >= c.s.needed
	}
	return len(c.record) >= c.width && blank(c.record[c.width:])
}

func (c *csvReader) cell(i int) string {
	if i >= len(c.record) {
		return ""
	}
	text := c.record[i]
	if n := len(text); n > 0 && plain(text[0]) && text[0] != '\'' && plain(text[n-1]) {
		return text
	}
	return clean(unguard(text))
}

func (c *csvReader) place(f schemas.Field) schemas.Place {
	p := schemas.Place{Source: c.s.Config.Name, Row: c.row.Number}
	for _, column := range c.s.Shape.Columns {
		if column.Mapped && column.Field == f && f != schemas.FieldID {
			p.Col, p.Column = column.Index+1, column.Name
		}
	}
	return p
}

// skipSep drops a leading `sep=` line, and says how many lines it dropped.
func skipSep(in io.Reader) (io.Reader, int) {
	head := make([]byte, 16)
	n, _ := io.ReadFull(in, head)
	head = head[:n]
	rest := io.MultiReader(strings.NewReader(string(head)), in)
	line, _, found := strings.Cut(string(head), "\n")
	if !found {
		return rest, 0
	}
	if _, _, ok := sepLine(line + "\n"); !ok {
		return rest, 0
	}
	return io.MultiReader(strings.NewReader(string(head[len(line)+1:])), in), 1
}
