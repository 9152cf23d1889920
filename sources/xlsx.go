package sources

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/sources/profile"
	"pamsync/sources/sheet"
)

// maxProtected is the largest protected workbook that is opened: it is decrypted in memory.
const maxProtected = 256 << 20

var (
	zipMagic = []byte("PK\x03\x04")
	zipEmpty = []byte("PK\x05\x06")
	oleMagic = []byte("\xd0\xcf\x11\xe0")
)

// understandBook finds the sheet and the header of a workbook, and maps the columns.
func (s *Source) understandBook(file *os.File) error {
	s.Shape.Format = "xlsx"
	book, err := s.openBook(file)
	if err != nil {
		return err
	}
	defer book.Close()
	t, err := s.chooseTable(book)
	if err != nil {
		return err
	}
	s.Shape.Sheet, s.Shape.HeaderLine, s.Shape.RowsAbove = t.sheet.Name, t.row, t.above
	s.Shape.Export = s.Options.Requests == nil && slices.Equal(t.header, exportHeader(s.Options.Kind))
	s.samples, s.hidden = t.rows, t.hidden
	if f := s.Config.Format; profile.IsTable(f) {
		s.profile = profile.OfTable(f, s.Options.Kind, foldAll(t.header))
	}
	if err := s.mapColumns(t.header); err != nil {
		return err
	}
	s.readBook = func(file *os.File, yield func(*schemas.Row) error) error {
		book, err := s.openBook(file)
		if err != nil {
			return err
		}
		defer book.Close()
		for i := range book.Sheets {
			if book.Sheets[i].Number == t.sheet.Number {
				return s.readSheet(book, &book.Sheets[i], yield)
			}
		}
		return s.fault(schemas.ClassInput, "sheet_missing", "sheet", t.sheet.Name, "has", sheetNames(book))
	}
	return nil
}

// openBook opens a workbook, with its password where it is protected.
func (s *Source) openBook(file *os.File) (*sheet.Book, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	var in io.ReaderAt = file
	size := info.Size()
	head := make([]byte, len(oleMagic))
	if _, err := file.ReadAt(head, 0); err == nil && bytes.Equal(head, oleMagic) {
		plain, err := s.decrypt(file, size)
		if err != nil {
			return nil, err
		}
		in, size = bytes.NewReader(plain), int64(len(plain))
	}
	book, err := sheet.Open(in, size)
	if err != nil {
		return nil, s.bookFault(err)
	}
	return book, nil
}

// decrypt opens a protected workbook. The older format of Excel has the same container; the name
// of the stream with the package tells them apart.
func (s *Source) decrypt(file *os.File, size int64) (plain []byte, err error) {
	if size > maxProtected {
		return nil, s.fault(schemas.ClassInput, "book_too_large", "limit", strconv.Itoa(maxProtected>>20))
	}
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	switch {
	case !bytes.Contains(data, utf16LE("EncryptedPackage")):
		return nil, s.fault(schemas.ClassInput, "is_old_workbook")
	case s.Config.Password.Empty():
		return nil, s.fault(schemas.ClassInput, "is_protected")
	}
	defer func() {
		if recover() != nil { // the library gives up on a damaged container in this way
			plain, err = nil, s.fault(schemas.ClassInput, "wrong_book_password")
		}
	}()
	plain, err = excelize.Decrypt(data, &excelize.Options{Password: s.Config.Password.Reveal()})
	if err != nil || !bytes.HasPrefix(plain, zipMagic) {
		return nil, s.fault(schemas.ClassInput, "wrong_book_password")
	}
	return plain, nil
}

// utf16LE is ASCII text as it stands in the directory of an old container.
func utf16LE(text string) []byte {
	var b []byte
	for i := range len(text) {
		b = append(b, text[i], 0)
	}
	return b
}

// bookFault turns what is wrong with a workbook into a fault of the file.
func (s *Source) bookFault(err error) error { return bookFault(s.Config.Name, err) }

func bookFault(name string, err error) error {
	var wrong *sheet.Error
	var fault *schemas.Fault
	switch {
	case errors.As(err, &fault):
		return fault
	case !errors.As(err, &wrong):
		return schemas.NewFault(schemas.ClassInput, "source_unreadable").At(schemas.Place{Source: name}).Because(rootCause(err))
	}
	f := schemas.NewFault(schemas.ClassInput, wrong.Code, append(slices.Clone(wrong.Args), "in", wrong.Part)...)
	f.Err = err
	return f.At(schemas.Place{Source: name, Sheet: wrong.Sheet, Row: wrong.Row, Col: wrong.Col})
}

func sheetNames(book *sheet.Book) string {
	var names []string
	for _, s := range book.Sheets {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// sheetReader reads the rows of one pass.
type sheetReader struct {
	s       *Source
	book    *sheet.Book
	row     schemas.Row
	width   int
	record  []string // texts of the cells, by column from 0
	derived []derivedField
	beyond  []string       // texts right of the header's last column
	raws    []rawCell      // by column
	index   map[string]int // of the columns that `where` uses
	watch   *headerWatch
	spread  spread
}

// rawCell is a cell as the workbook holds it.
type rawCell struct {
	kind      sheet.Type
	formatted bool
}

func (s *Source) readSheet(book *sheet.Book, from *sheet.Sheet, yield func(*schemas.Row) error) error {
	names := s.columnNames()
	r := &sheetReader{s: s, book: book, width: len(names), record: make([]string, len(names)), raws: make([]rawCell, len(names)), index: map[string]int{},
		watch: newHeaderWatch(s), derived: s.derivedFields()}
	for _, name := range s.where.Fields() {
		r.index[name], _ = s.columnNamed(name)
	}
	s.Nameless, s.Formulas = nil, 0
	s.cells = func() []Cell { return s.tableCells(r.record, r.row.Number, true) }
	s.cellAt = func(i int) string { return clean(r.record[i]) }
	r.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: r.place}
	merges, err := book.Merges(from)
	if err != nil {
		return s.bookFault(err)
	}
	r.spread.merges = merges
	err = book.Rows(from, func(in *sheet.Row) error {
		if in.Number <= s.Shape.HeaderLine || !r.take(in) {
			return nil
		}
		s.Spread += r.spread.row(in.Number, r.raws, r.record)
		again, err := r.watch.again(append(r.record, r.beyond...), in.Number)
		if err != nil {
			return stopped{err}
		}
		r.fill(in)
		if again != nil {
			r.row.Problems = append(r.row.Problems, *again)
		}
		if err := yield(&r.row); err != nil {
			return stopped{err}
		}
		return nil
	})
	var stop stopped
	if err == nil {
		err = book.Verify()
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &stop):
		return stop.err
	}
	return s.bookFault(err)
}

// take takes the texts of a row; false where the table has nothing in it. Texts of one row share
// one copy.
func (r *sheetReader) take(in *sheet.Row) bool {
	clear(r.record)
	clear(r.raws)
	r.beyond = r.beyond[:0]
	data := string(in.Data())
	found := false
	for i := range in.Cells {
		c := &in.Cells[i]
		from, to := c.Bounds()
		text := data[from:to]
		if c.Formula {
			r.s.Formulas++
			if r.s.Formulas == 1 {
				r.s.FirstFormula = schemas.Place{Source: r.s.Config.Name, Sheet: r.s.Shape.Sheet, Row: in.Number, Col: c.Col}
			}
		}
		if c.Col > r.width || r.s.Shape.Columns[c.Col-1].Name == "" {
			r.nameless(c.Col, text)
		}
		if c.Col > r.width {
			r.beyond = append(r.beyond, text)
			continue
		}
		r.raws[c.Col-1] = rawCell{c.Type, c.Formatted}
		r.record[c.Col-1] = cellText(r.book, c.Type, text)
		found = found || c.Type == sheet.NoValue || clean(r.record[c.Col-1]) != ""
	}
	return found
}

// cellText is a cell as a person reads it: a date as 2026-11-21, a yes or no as TRUE or FALSE, a
// number as it is written.
func cellText(book *sheet.Book, t sheet.Type, raw string) string {
	switch t {
	case sheet.Date:
		text, _ := book.DateText(raw)
		return text
	case sheet.Bool:
		if raw == "1" {
			return "TRUE"
		}
		return "FALSE"
	}
	return raw
}

// nameless notes a column that holds something and has no header, so that it is not passed over
// without a word.
func (r *sheetReader) nameless(col int, text string) {
	name := sheet.ColumnName(col)
	if len(r.s.Nameless) < 20 && clean(text) != "" && !slices.Contains(r.s.Nameless, name) {
		r.s.Nameless = append(r.s.Nameless, name)
	}
}

func (r *sheetReader) fill(in *sheet.Row) {
	r.row.Reset()
	r.row.Number, r.row.Hidden = in.Number, in.Hidden
	r.row.LeftOut = !r.s.where.Match(func(name string) string { return clean(r.record[r.index[name]]) })
	for _, i := range r.index {
		if code := r.raws[i].noValue(); code != "" { // nobody can tell whether it is left out
			r.row.LeftOut = false
			r.doubt(code, r.s.Shape.Columns[i], schemas.Place{Source: r.s.Config.Name, Sheet: r.s.Shape.Sheet, Row: in.Number, Col: i + 1, Column: r.s.Shape.Columns[i].Name})
		}
	}
	for _, column := range r.s.Shape.Columns {
		if !column.Mapped || column.expr != nil {
			continue
		}
		cell, text := r.raws[column.Index], r.record[column.Index]
		switch code := cell.doubt(column.Field, text); {
		case code != "":
			r.doubt(code, column, r.place(column.Field))
		case column.Field.Secret():
			r.secret(column.Field, text)
		case cell.kind == sheet.Number:
			r.row.Values[column.Field] = asShown(text)
		default:
			r.row.Values[column.Field] = clean(text)
		}
	}
	for i := range r.derived {
		r.derive(&r.derived[i])
	}
	r.s.oneAddress(&r.row)
	if len(r.s.excludes) > 0 {
		r.s.exclude(&r.row, r.named)
	}
}

// derive sets a field by an expression over cells, none of which may be in doubt.
func (r *sheetReader) derive(d *derivedField) {
	for _, i := range d.index {
		if code := r.raws[i].doubt(d.field, r.record[i]); code != "" {
			column := r.s.Shape.Columns[i]
			r.doubt(code, column, schemas.Place{Source: r.s.Config.Name, Sheet: r.s.Shape.Sheet, Row: r.row.Number, Col: i + 1, Column: column.Name})
			return
		}
	}
	if text := d.text(func(i int) string { return r.record[i] }); d.field.Secret() {
		r.secret(d.field, text)
	} else {
		r.row.Values[d.field] = clean(text)
	}
}

// named gives the cell of a column by its name.
func (r *sheetReader) named(name string) string {
	i, err := r.s.columnNamed(name)
	if err != nil {
		return ""
	}
	return clean(r.record[i])
}

// doubt rejects the row for a cell; what is in it is named unless it may be a secret.
func (r *sheetReader) doubt(code string, column Column, place schemas.Place) {
	value := r.record[column.Index]
	if column.Secret || column.Mapped && column.Field.Secret() {
		value = ""
	}
	field := column.Name
	if column.Mapped {
		field = column.Field.String()
	}
	r.row.Problems = append(r.row.Problems, schemas.Problem{Code: code, Place: place, Args: schemas.Pairs("field", field, "value", value)})
}

func (r *sheetReader) secret(f schemas.Field, cell string) {
	if brokenSecret(r.row.Kind, f, cell) {
		r.row.Problems = append(r.row.Problems, schemas.Problem{Code: "secret_line_break", Place: r.place(f), Args: schemas.Pairs("field", f.String())})
		return
	}
	setSecret(&r.row, f, cell)
}

func (r *sheetReader) place(f schemas.Field) schemas.Place { return r.s.Locate(r.row.Number, f) }
