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
	s.Shape.Sheet, s.Shape.HeaderLine = t.sheet.Name, t.row
	s.Shape.Export = slices.Equal(t.header, exportHeader(s.Options.Kind))
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
func (s *Source) bookFault(err error) error {
	var wrong *sheet.Error
	var fault *schemas.Fault
	switch {
	case errors.As(err, &fault):
		return fault
	case !errors.As(err, &wrong):
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	f := schemas.NewFault(schemas.ClassInput, wrong.Code, append(slices.Clone(wrong.Args), "in", wrong.Part)...)
	f.Err = err
	return f.At(schemas.Place{Source: s.Config.Name, Sheet: wrong.Sheet, Row: wrong.Row, Col: wrong.Col})
}

// Broken says that a file was refused for what it is, whatever kind of inventory it might hold.
func Broken(err error) bool {
	var wrong *sheet.Error
	return errors.As(err, &wrong)
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
	s      *Source
	book   *sheet.Book
	row    schemas.Row
	width  int
	record []string // texts of the cells, by column from 0
	types  []sheet.Type
	used   []bool         // columns that are mapped or that `where` uses
	index  map[string]int // of the columns that `where` uses
}

func (s *Source) readSheet(book *sheet.Book, from *sheet.Sheet, yield func(*schemas.Row) error) error {
	names := s.columnNames()
	r := &sheetReader{s: s, book: book, width: len(names), record: make([]string, len(names)), types: make([]sheet.Type, len(names)),
		used: make([]bool, len(names)), index: map[string]int{}}
	for _, c := range s.Shape.Columns {
		r.used[c.Index] = r.used[c.Index] || c.Mapped
	}
	for _, name := range s.where.Fields() {
		r.index[name], _ = s.columnNamed(name)
		r.used[r.index[name]] = true
	}
	s.Nameless = nil
	r.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: r.place}
	err := book.Rows(from, func(in *sheet.Row) error {
		if in.Number <= s.Shape.HeaderLine || !r.take(in) {
			return nil
		}
		r.fill(in)
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
	clear(r.types)
	data := string(in.Data())
	found := false
	for i := range in.Cells {
		c := &in.Cells[i]
		from, to := c.Bounds()
		text := data[from:to]
		if c.Col > r.width || r.s.Shape.Columns[c.Col-1].Name == "" {
			r.nameless(c.Col, text)
		}
		if c.Col > r.width {
			continue
		}
		r.types[c.Col-1] = c.Type
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
	r.row.Number, r.row.Hidden = in.Number, in.Hidden
	r.row.Values, r.row.Secret, r.row.Problems = schemas.Values{}, schemas.Secret{}, nil
	r.row.LeftOut = !r.s.where.Match(func(name string) string { return clean(r.record[r.index[name]]) })
	for _, column := range r.s.Shape.Columns {
		if !column.Mapped {
			continue
		}
		if code := doubtful(r.types[column.Index]); code != "" {
			r.row.Problems = append(r.row.Problems, schemas.Problem{Code: code, Place: r.place(column.Field),
				Args: schemas.Pairs("field", column.Field.String(), "value", shownCell(column, r.record[column.Index]))})
			continue
		}
		text := r.record[column.Index]
		if column.Field == schemas.FieldContent {
			r.secret(text)
			continue
		}
		r.row.Values[column.Field] = clean(text)
	}
}

// shownCell is a cell's text for a message, which a secret's never is.
func shownCell(column Column, text string) string {
	if column.Secret || column.Field == schemas.FieldContent {
		return ""
	}
	return text
}

// doubtful are the cells that hold no value, though they are not empty.
func doubtful(t sheet.Type) string {
	switch t {
	case sheet.Fault:
		return "cell_fault"
	case sheet.Broken:
		return "cell_broken"
	case sheet.NoValue:
		return "cell_no_value"
	}
	return ""
}

func (r *sheetReader) secret(cell string) {
	if strings.ContainsAny(cell, "\r\n") {
		r.row.Problems = append(r.row.Problems, schemas.Problem{Code: "secret_line_break", Place: r.place(schemas.FieldContent), Args: schemas.Pairs("field", "content")})
		return
	}
	r.row.Secret = schemas.NewSecret(cell)
}

func (r *sheetReader) place(f schemas.Field) schemas.Place { return r.s.Locate(r.row.Number, f) }
