package sources

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/ahead"
	"pamsync/schemas/filter"
	"pamsync/schemas/sealed"
	"pamsync/sources/expr"
	"pamsync/sources/profile"
)

// Options say what an inventory is read for.
type Options struct {
	Kind    schemas.Kind
	Index   int  // of the source among those of the run
	Secrets bool // read the password column; without it the column is not even looked at
	Draft   bool // what a key needs may be lacking: somebody will say where it is
	Shared  bool // another source of the kind reads another sheet of the same file
	// Requests is set where the file is no inventory, and asks for something to be done.
	Requests *Requests
}

// Source is an inventory file whose shape is understood; Read goes through its rows.
type Source struct {
	Config schemas.SourceConfig
	// Label names the source among the others of a run: its path as configured, and the sheet
	// where another source of the same kind has that path too.
	Label   string
	Options Options
	Shape   Shape
	// Use is what a plan records of the source; its hash and rows are set by Read.
	Use schemas.SourceUse
	// NextPage is set by Read where the file itself says that it is one page of several.
	NextPage string
	// Trouble is set by Read where the file itself says that it was made in error.
	Trouble string
	// Part is set by Read where an export of secrets is no proof that what it lacks does not exist: why, and the
	// numbers that its last line gives.
	Part schemas.Args
	// Sealed is the last line of an export of secrets, set by Read; nil for any other file.
	Sealed *sealed.End
	// Nameless are the columns of a sheet that hold something and have no header, as B or AC; set
	// by Read, twenty at most.
	Nameless []string

	// RowsBelow are the lines of notes below the table, which are not read; set by Read.
	RowsBelow []int

	// Others is how many records of other kinds an export of secrets holds; set by Read.
	Others int

	// Spread is how many empty cells of a sheet took the value of the merged cell that they lie in.
	Spread int
	// Formulas is how many cells of a sheet are formulas, of which what was calculated last is read;
	// FirstFormula is where the first stands. Both are set by Read.
	Formulas     int
	FirstFormula schemas.Place

	folder   *keyFolder // nil for a file
	where    *filter.Filter
	profile  *profile.Profile // of the product that it comes from, nil for none
	excludes []exclusion
	samples  [][]string // rows below the header of a table
	keyed    bool       // the records of a JSON are members that are called by the names of hosts
	lastRow  int
	actions  []int              // columns that say what a row asks for
	cellAt   func(i int) string // of the row under way
	piece    int                // how much of the file is read at a time
	address  string             // the cell of the address of the row under way, as it stands
	hidden   map[int]bool       // columns, from 0, that a sheet does not show
	parted   bool               // the records of a JSON are not the elements of one list
	loose    bool               // rows may have any number of cells from needed on
	needed   int
	// positional tells a table without a header, whose columns have the names #1, #2 and so on.
	positional bool
	defaults   *schemas.Values
	read       func(in io.Reader, yield func(*schemas.Row) error) error
	readBook   func(file *os.File, yield func(*schemas.Row) error) error // in place of read, for a workbook
	cells      func() []Cell                                             // of the row under way
	record     func() (cells []string, fits bool)                        // of the row under way of a CSV
}

// Shape is what was understood of a file before its rows are read.
type Shape struct {
	Format    string // csv, xlsx, json, servicenow, netbox
	Encoding  string // as a person calls it: UTF-8, Windows-1252, …
	LoneCR    bool   // lines end in CR alone, as old Mac programs write them
	BadByte   string // for an 8-bit encoding: the byte that decided, and where it stands
	Delimiter rune   // of a CSV
	Sheet     string // of a workbook
	// OtherSheets are sheets that hold something and are not read, where nobody named the one that
	// is: visible ones, and hidden ones that are inventories. RowsAbove counts the rows above the
	// header that hold something.
	OtherSheets []string
	Suspects    []string // of them, those that may hold records of the kind
	RowsAbove   int
	HeaderLine  int      // physical line, or the sheet's row
	Columns     []Column // of the file, in its order; of a JSON those that are mapped
	Records     string   // where the records of a JSON are: "#/result"
	Path        string   // the same as a configuration writes it, "" where it need not
	Export      bool     // the header is exactly that of a pamsync export
	Profile     string   // of the product whose export it is, "" for none that is known
	Accounts    bool     // of a JSON: its records name accounts
}

// Column is one column and what it became. Field is meaningful where Mapped is set; a column
// that looks like a secret is named, and never shown.
type Column struct {
	Name   string
	Index  int // from 0
	Field  schemas.Field
	Mapped bool
	Secret bool
	// Password tells the column that --with-secrets would read.
	Password bool
	// Confidence is how sure the mapping is; Why is the reason for which a column that is called like
	// a field did not become it.
	Confidence Confidence
	Why        string

	// Members are those of an object of settings, each with the column that it is read from.
	Members []expr.Member

	expr *expr.Expr // of a field that is more than one column
}

// maxHead is how much of a file is looked at to understand it.
const maxHead = 256 << 10

// Open understands a file: its format, encoding, header and mapping. Its errors are faults of
// class input (65) for the file, and config (78) for a mapping or filter that does not fit it.
func Open(config schemas.SourceConfig, o Options) (*Source, error) {
	s := &Source{Config: config, Options: o, Label: config.Name}
	if o.Shared && config.Sheet != "" {
		s.Label += "!" + config.Sheet
	}
	s.Use = schemas.SourceUse{Kind: o.Kind, Path: s.Label, Where: config.Where}
	if o.Requests != nil {
		s.Options.Kind = schemas.KindSession // no product exports what asks for something
	}
	where, err := filter.Parse(config.Where)
	if err != nil {
		return nil, s.fault(schemas.ClassConfig, "bad_filter", append(filter.Reason(err), "key", "where")...)
	}
	s.where = where
	if len(config.Defaults) > 0 {
		s.defaults = &schemas.Values{}
		for field, value := range config.Defaults {
			s.defaults[field] = value
		}
	}
	if s.isKeyFolder() {
		return s, s.openFolder()
	}
	file, err := s.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, min(maxHead, s.piece))
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, s.fault(schemas.ClassInput, "source_unreadable").Because(err)
	}
	head = head[:n]
	if err := s.understand(file, head); err != nil {
		return nil, err
	}
	s.Use.Format = s.Shape.Format
	return s, nil
}

func (s *Source) open() (*os.File, error) {
	file, err := os.Open(s.Config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, s.fault(schemas.ClassInput, "source_missing", "path", s.Config.Path)
	}
	if err != nil {
		return nil, s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		file.Close()
		return nil, s.fault(schemas.ClassInput, "source_is_folder")
	}
	s.piece = recordsSize
	if err == nil && info.Mode().IsRegular() {
		s.piece = int(min(recordsSize, max(info.Size()+1, leastPiece)))
	}
	return file, nil
}

// leastPiece is the least that is read of a file at a time.
const leastPiece = 16 << 10

func rootCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (s *Source) understand(file *os.File, head []byte) error {
	if s.Config.Format == sealed.Format || isSealed(head) {
		return s.understandSealed(head)
	}
	switch {
	case bytes.HasPrefix(head, zipMagic), bytes.HasPrefix(head, zipEmpty), bytes.HasPrefix(head, oleMagic):
		if f := s.Config.Format; f != "" && f != "auto" && f != "xlsx" && !profile.IsTable(f) {
			return s.fault(schemas.ClassInput, "is_workbook", "format", f)
		}
		return s.understandBook(file)
	case s.Config.Format == "xlsx":
		return s.fault(schemas.ClassInput, "not_workbook")
	case len(bytes.TrimSpace(head)) == 0:
		return s.fault(schemas.ClassInput, "source_blank")
	}
	text, err := s.sniffEncoding(file, head)
	if err != nil {
		return err
	}
	first := strings.TrimLeft(text, " \t\r\n\ufeff")
	isJSON := strings.HasPrefix(first, "{") || strings.HasPrefix(first, "[")
	switch s.Config.Format {
	case "", "auto":
		if isJSON {
			return s.understandJSON()
		}
		return s.understandCSV(text)
	case "csv":
		return s.understandCSV(text)
	default:
		if profile.IsTable(s.Config.Format) && !isJSON {
			return s.understandCSV(text)
		}
		if !isJSON {
			return s.fault(schemas.ClassInput, "not_json_file", "format", s.Config.Format)
		}
		return s.understandJSON()
	}
}

// piecesAhead is how many pieces of a file are read ahead.
const piecesAhead = 4

// Read calls yield for each row; the row is reused. An error of yield ends the reading and is
// returned as it is; any other is a fault that refuses the whole file.
func (s *Source) Read(yield func(*schemas.Row) error) error {
	s.Use.Rows, s.Use.LeftOut, s.NextPage, s.Trouble, s.RowsBelow, s.Spread, s.Part, s.Sealed = 0, 0, "", "", nil, 0, nil, nil
	s.lastRow = 0
	if s.folder != nil {
		return s.readFolder(s.counting(yield))
	}
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close()
	sum := ahead.NewReader(file, s.piece, piecesAhead, nil)
	defer sum.Stop()
	if info, err := file.Stat(); err == nil {
		s.Use.Modified = info.ModTime().UTC().Format(time.RFC3339)
	}
	counted := s.counting(yield)
	if s.readBook != nil {
		err = s.readBook(file, counted)
	} else {
		err = s.read(sum, counted)
	}
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, sum); err != nil {
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	s.Use.SHA256 = sum.Sum()
	return nil
}

// counting looks a row over, counts it and hands it on, or the rows that it is.
func (s *Source) counting(yield func(*schemas.Row) error) func(*schemas.Row) error {
	count := func(row *schemas.Row) error {
		s.Use.Rows++
		if !row.LeftOut && !row.Goes && s.Options.Requests == nil {
			s.lookOver(row)
		}
		if row.LeftOut || row.Hidden {
			s.Use.LeftOut++
		}
		return yield(row)
	}
	return func(row *schemas.Row) error {
		s.lastRow = row.Number
		if err := s.refusePseudonym(row); err != nil {
			return err
		}
		if s.Config.Each != "" && !row.LeftOut {
			return s.eachOf(row, count)
		}
		return count(row)
	}
}

// CutAt is the last row of a table where that is the very last that a program writes, 0 for any other:
// 65,536 rows of the older Excel, 1,048,576 of today's.
func (s *Source) CutAt() int {
	switch s.lastRow {
	case 1 << 16, 1 << 20:
		return s.lastRow
	}
	return 0
}

// Locate says where a field of a row stands, after the row has gone by. Of a JSON record it
// names the member only where there is but one that the field can come from.
func (s *Source) Locate(row int, f schemas.Field) schemas.Place {
	if s.folder != nil {
		return s.locateFile(row)
	}
	p := schemas.Place{Source: s.Config.Name, Sheet: s.Shape.Sheet, Row: row}
	candidates := 0
	for _, column := range s.Shape.Columns {
		if column.Mapped && column.Field == f && f != schemas.FieldID {
			p.Column, p.Col = column.Name, column.Index+1
			candidates++
		}
	}
	if s.Shape.Format == "csv" || s.Shape.Format == "xlsx" {
		return p
	}
	if p.Col = 0; s.parted {
		p.Pointer, p.Column = s.Shape.Records+", record "+strconv.Itoa(row), ""
		return p
	}
	p.Pointer = s.Shape.Records + "/" + strconv.Itoa(row-1)
	if candidates == 1 {
		p.Pointer += "/" + strings.ReplaceAll(p.Column, ".", "/")
	} else {
		p.Column = ""
	}
	return p
}

func (s *Source) fault(class schemas.Class, code string, pairs ...string) *schemas.Fault {
	return schemas.NewFault(class, code, pairs...).At(schemas.Place{Source: s.Config.Name})
}

// invisible is what people do not see at the ends of a cell, and do not mean.
const invisible = " \t\r\n\v\f\u00a0\u200b\ufeff\u2007\u202f"

// clean takes it away. Most cells begin and end with a plain letter or digit and are left as
// they are at once.
func clean(text string) string {
	if len(text) > 0 && plain(text[0]) && plain(text[len(text)-1]) {
		return text
	}
	return strings.Trim(text, invisible)
}

func cleanBytes(text []byte) []byte {
	if len(text) > 0 && plain(text[0]) && plain(text[len(text)-1]) {
		return text
	}
	return bytes.Trim(text, invisible)
}

func plain(c byte) bool { return c > ' ' && c < 0x7f }

// unguard takes off the apostrophe that a pamsync CSV puts before a cell that a spreadsheet
// would take for a formula, once.
func unguard(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.IndexByte("'=+-@\t\r", text[1]) >= 0 {
		return text[1:]
	}
	return text
}
