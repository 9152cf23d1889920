package sources

import (
	"encoding/csv"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

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

// mapColumns decides what each column becomes: by the configuration's columns first, then by
// its name. Two columns for one field are refused rather than guessed.
func (s *Source) mapColumns(header []string) error {
	for i, name := range header {
		if _, err := netip.ParseAddr(clean(name)); err == nil {
			return s.fault(schemas.ClassInput, "no_header", "cell", clean(name)).
				At(schemas.Place{Source: s.Config.Name, Row: s.Shape.HeaderLine, Col: i + 1})
		}
	}
	s.Shape.Columns = make([]Column, len(header))
	for i, name := range header {
		s.Shape.Columns[i] = Column{Name: clean(name), Index: i, Secret: looksSecret(name)}
	}
	if err := s.checkWhere(); err != nil {
		return err
	}
	taken := map[schemas.Field]bool{}
	used := map[int]bool{}
	for _, field := range fieldsOf(s.Options.Kind) {
		name, ok := s.Config.Columns[field]
		if !ok {
			continue
		}
		i, err := s.columnNamed(name)
		if err != nil {
			return err
		}
		taken[field], used[i] = true, true
		if field == schemas.FieldContent && !s.Options.Secrets {
			s.Shape.Columns[i].Password = true
			continue
		}
		if s.Shape.Columns[i].Mapped {
			// One column for two fields: an address that is both name and ip.
			s.Shape.Columns = append(s.Shape.Columns, s.Shape.Columns[i])
			i = len(s.Shape.Columns) - 1
		}
		s.Shape.Columns[i].Field, s.Shape.Columns[i].Mapped = field, true
	}
	if err := s.mapByName(header, taken, used); err != nil {
		return err
	}
	return s.checkMapping()
}

func (s *Source) columnNamed(name string) (int, error) {
	found := -1
	for i, c := range s.Shape.Columns {
		if c.Name == clean(name) {
			return i, nil
		}
		if fold(c.Name) == fold(name) && fold(name) != "" && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, s.fault(schemas.ClassConfig, "column_missing", "column", name, "has", s.shownNames())
	}
	return found, nil
}

// shownNames are the columns' names for a message. Where none of them is known, and they do
// not look like names either, the line may be no header but a record with a password in it:
// then they are not shown.
func (s *Source) shownNames() string {
	names := newNamer(s.Options.Kind)
	alike := true
	for _, name := range s.columnNames() {
		if _, ok := names.find(name); ok {
			return strings.Join(s.columnNames(), ", ")
		}
		alike = alike && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(" _./()", r) }) < 0
	}
	if !alike {
		return ""
	}
	return strings.Join(s.columnNames(), ", ")
}

func (s *Source) columnNames() []string {
	var names []string
	for _, c := range s.Shape.Columns {
		if c.Index == len(names) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (s *Source) mapByName(header []string, taken map[schemas.Field]bool, used map[int]bool) error {
	names := newNamer(s.Options.Kind)
	best := map[schemas.Field]ranked{}
	at := map[schemas.Field][]int{}
	for i, name := range header {
		r, ok := names.find(name)
		if s.Shape.Export {
			r.field, ok = exportFields(s.Options.Kind)[name]
			r.rank = 0
		}
		if !ok || used[i] || taken[r.field] {
			continue
		}
		if b, seen := best[r.field]; !seen || r.rank < b.rank {
			best[r.field], at[r.field] = r, []int{i}
		} else if r.rank == b.rank {
			at[r.field] = append(at[r.field], i)
		}
	}
	for _, field := range fieldsOf(s.Options.Kind) {
		where := at[field]
		if len(where) > 1 {
			return s.fault(schemas.ClassInput, "column_twice", "field", field.String(),
				"first", strconv.Itoa(where[0]+1), "second", strconv.Itoa(where[1]+1), "column", header[where[0]]).
				At(schemas.Place{Source: s.Config.Name, Row: s.Shape.HeaderLine, Col: where[1] + 1})
		}
		if len(where) == 1 && field == schemas.FieldContent {
			s.Shape.Columns[where[0]].Password = true
		}
		if len(where) == 1 && (field != schemas.FieldContent || s.Options.Secrets) {
			s.Shape.Columns[where[0]].Field, s.Shape.Columns[where[0]].Mapped = field, true
		}
	}
	return nil
}

func fieldsOf(kind schemas.Kind) []schemas.Field {
	if kind == schemas.KindCredential {
		return schemas.CredentialFields()
	}
	return schemas.DeviceFields()
}

// checkMapping refuses a file in which the key of no record can be found: it is no inventory.
func (s *Source) checkMapping() error {
	need := []schemas.Field{schemas.FieldHostname}
	if s.Options.Kind == schemas.KindCredential {
		need = append(need, schemas.FieldUsername)
	}
	for _, field := range need {
		ok := slices.ContainsFunc(s.Shape.Columns, func(c Column) bool { return c.Mapped && c.Field == field })
		if !ok && s.Config.Defaults[field] == "" {
			return s.fault(schemas.ClassInput, "no_key_column", "field", field.String(), "kind", string(s.Options.Kind),
				"has", s.shownNames()).At(schemas.Place{Source: s.Config.Name, Row: s.Shape.HeaderLine})
		}
	}
	return nil
}

func (s *Source) checkWhere() error {
	for _, name := range s.where.Fields() {
		if _, err := s.columnNamed(name); err != nil {
			return s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", s.shownNames())
		}
	}
	return nil
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
	in      *csv.Reader
	skipped int
	row     schemas.Row
	record  []string
	width   int
	index   map[string]int // of the columns that `where` uses
}

func (s *Source) readCSV(in io.Reader, yield func(*schemas.Row) error) error {
	text := s.decoded(in)
	c := &csvReader{s: s, width: len(s.columnNames()), index: map[string]int{}}
	for _, name := range s.where.Fields() {
		c.index[name], _ = s.columnNamed(name)
	}
	if s.Shape.HeaderLine > 1 || s.Shape.Delimiter != 0 {
		text, c.skipped = skipSep(text)
	}
	c.in = newCSV(text, s.Shape.Delimiter)
	if _, err := c.in.Read(); err != nil {
		return s.csvFault(err, c.skipped)
	}
	c.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: c.place}
	for {
		record, err := c.in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.csvFault(err, c.skipped)
		}
		c.record = record
		if blank(record) {
			continue
		}
		c.fill()
		if err := yield(&c.row); err != nil {
			return err
		}
	}
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
	line, _ := c.in.FieldPos(0)
	c.row.Number = line + c.skipped
	c.row.Values = schemas.Values{}
	c.row.Secret = schemas.Secret{}
	c.row.Problems = nil
	c.row.MayName = c.swallowed(c.row.MayName[:0])
	if !c.fits() {
		c.row.Problems = []schemas.Problem{{Code: "ragged", Place: schemas.Place{Source: c.s.Config.Name, Row: c.row.Number},
			Args: schemas.Pairs("cells", strconv.Itoa(len(c.record)), "columns", strconv.Itoa(c.width))}}
		c.row.LeftOut = false
		return
	}
	c.row.LeftOut = !c.s.where.Match(func(name string) string { return c.cell(c.index[name]) })
	for _, column := range c.s.Shape.Columns {
		switch {
		case !column.Mapped:
		case column.Field == schemas.FieldContent:
			c.secret(c.record[column.Index])
		default:
			c.row.Values[column.Field] = c.cell(column.Index)
		}
	}
}

// secret takes a password as it stands; one with a line break may hold a swallowed row, with
// somebody else's password in it.
func (c *csvReader) secret(cell string) {
	if strings.ContainsAny(cell, "\r\n") {
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "secret_line_break", Place: c.place(schemas.FieldContent), Args: schemas.Pairs("field", "content")})
		return
	}
	c.row.Secret = schemas.NewSecret(cell)
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
	return clean(unguard(c.record[i]))
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
	head := make([]byte, 8)
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
