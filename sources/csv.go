package sources

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
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
	} else {
		s.Shape.Delimiter = s.delimiter(text)
	}
	r := newCSV(strings.NewReader(text), s.Shape.Delimiter)
	header, err := r.Read()
	if err != nil {
		return s.csvFault(err, skip)
	}
	line, _ := r.FieldPos(0)
	s.Shape.HeaderLine = line + skip
	s.Shape.Export = slices.Equal(header, exportHeader(s.Options.Kind))
	if err := s.mapColumns(header); err != nil {
		return err
	}
	s.read = s.readCSV
	return nil
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

// delimiter chooses the one that splits the header into most names that are known, and else
// into most columns.
func (s *Source) delimiter(text string) rune {
	best, bestKnown, bestColumns := ',', -1, -1
	names := newNamer(s.Options.Kind)
	for _, d := range ",;\t|" {
		header, err := newCSV(strings.NewReader(text), d).Read()
		if err != nil {
			continue
		}
		found := 0
		for _, name := range header {
			if _, ok := names.find(name); ok {
				found++
			}
		}
		if found > bestKnown || found == bestKnown && len(header) > bestColumns {
			best, bestKnown, bestColumns = d, found, len(header)
		}
	}
	return best
}

// csvFault names where the structure of a CSV broke. A stray quote swallows what follows it,
// so the line on which the quoted cell opened is named too.
func (s *Source) csvFault(err error, skipped int) error {
	var parse *csv.ParseError
	switch {
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
	index   map[string]int // of the columns that `where` uses
	get     func(name string) string
	watch   *headerWatch
}

// cellField is a column that becomes a field.
type cellField struct {
	index int
	field schemas.Field
}

func (s *Source) readCSV(in io.Reader, yield func(*schemas.Row) error) error {
	text := s.decoded(in)
	c := &csvReader{s: s, width: len(s.columnNames()), index: map[string]int{}, watch: newHeaderWatch(s)}
	for _, name := range s.where.Fields() {
		c.index[name], _ = s.columnNamed(name)
	}
	c.get = func(name string) string { return c.cell(c.index[name]) }
	for _, column := range s.Shape.Columns {
		if column.Mapped {
			c.fields = append(c.fields, cellField{column.Index, column.Field})
		}
	}
	if s.Shape.HeaderLine > 1 || s.Shape.Delimiter != 0 {
		text, c.skipped = skipSep(text)
	}
	c.in = newRecords(text, s.Shape.Delimiter)
	if _, err := c.in.read(); err != nil {
		return s.csvFault(err, c.skipped)
	}
	s.record = func() ([]string, bool) { return c.record, c.fits() }
	s.cells = func() []Cell { return s.tableCells(c.record, c.row.Number, c.fits()) }
	c.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: c.place}
	for {
		record, err := c.in.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.csvFault(err, c.skipped)
		}
		if blank(record) {
			continue
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

// take makes the row of the record.
func (c *csvReader) take() error {
	number := c.in.line() + c.skipped
	again, err := c.watch.again(c.record, number)
	if err != nil {
		return err
	}
	c.row.Number = number
	c.fill()
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

func (c *csvReader) fill() {
	c.row.Values = schemas.Values{}
	c.row.Secret = schemas.Secret{}
	c.row.Problems = nil
	c.row.MayName = c.row.MayName[:0]
	if c.in.broken() {
		c.row.MayName = c.swallowed(c.row.MayName)
	}
	if !c.fits() {
		c.row.Problems = []schemas.Problem{{Code: "ragged", Place: schemas.Place{Source: c.s.Config.Name, Row: c.row.Number},
			Args: schemas.Pairs("cells", strconv.Itoa(len(c.record)), "columns", strconv.Itoa(c.width))}}
		c.row.LeftOut = false
		return
	}
	c.row.LeftOut = !c.s.where.Match(c.get)
	for _, f := range c.fields {
		if f.field == schemas.FieldContent {
			c.secret(c.record[f.index])
		} else {
			c.row.Values[f.field] = c.cell(f.index)
		}
	}
	if c.in.broken() && slices.ContainsFunc(c.s.Shape.Columns, func(column Column) bool { return column.Secret }) {
		c.withhold()
	}
}

// withhold takes out of a row what a stray quote may have swallowed in a file with a column of
// secrets: a cell of several lines with a delimiter in it may hold other cells, and a password
// among them.
func (c *csvReader) withhold() {
	for _, f := range c.fields {
		cell := c.record[f.index]
		if f.field == schemas.FieldContent || !strings.ContainsAny(cell, "\r\n") || !strings.ContainsRune(cell, c.s.Shape.Delimiter) {
			continue
		}
		c.row.Values[f.field] = ""
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "swallowed_cells", Place: c.place(f.field), Args: schemas.Pairs("field", f.field.String())})
	}
}

// secret takes a password as it stands; one with a line break may hold a swallowed row, with
// somebody else's password in it.
func (c *csvReader) secret(cell string) {
	if strings.ContainsAny(cell, "\r\n") {
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "secret_line_break", Place: c.place(schemas.FieldContent), Args: schemas.Pairs("field", "content")})
		return
	}
	c.row.Secret = schemas.NewSecret(strings.Clone(cell)) // who takes a secret keeps it
}

// swallowed are the pieces of cells that hold a line break: two stray quotes that happen to
// pair swallow the rows between them, and what those name must not be taken for missing.
func (c *csvReader) swallowed(pieces []string) []string {
	for _, cell := range c.record {
		if !strings.Contains(cell, "\n") {
			continue
		}
		for _, piece := range strings.FieldsFunc(cell, func(r rune) bool { return r == '\n' || r == '\r' || r == c.s.Shape.Delimiter }) {
			if piece = strings.Trim(clean(piece), `"`); piece != "" && len(piece) <= 255 && len(pieces) < 10_000 {
				pieces = append(pieces, piece)
			}
		}
	}
	return pieces
}

// fits tells a row with the header's number of cells; surplus cells must be empty.
func (c *csvReader) fits() bool {
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
