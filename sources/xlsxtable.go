package sources

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/sheet"
)

// headerRows is how many rows of a sheet are looked at for the header.
const headerRows = 20

// table is where on a sheet an inventory may stand: the header's row, and how well it fits.
type table struct {
	sheet  *sheet.Sheet
	row    int
	header []string
	keys   bool // every column that a key needs is there
	known  int  // names that are understood
	texts  int
}

// better says whether a header fits better than another one.
func (t *table) better(than *table) bool {
	switch {
	case than == nil || t.keys != than.keys:
		return than == nil || t.keys
	case t.known != than.known:
		return t.known > than.known
	}
	return t.known == 0 && t.texts > than.texts
}

// chooseTable takes the sheet that the configuration names, else the one visible sheet whose
// header fits best; two that fit as well as each other are for a person to choose from.
func (s *Source) chooseTable(book *sheet.Book) (*table, error) {
	if len(book.Sheets) == 0 {
		return nil, s.fault(schemas.ClassInput, "book_no_sheets")
	}
	if s.Config.Sheet != "" {
		named, err := s.namedSheet(book)
		if err != nil {
			return nil, err
		}
		t, err := s.findTable(book, named)
		if t == nil && err == nil {
			err = s.fault(schemas.ClassInput, "sheet_blank", "sheet", named.Name)
		}
		return t, err
	}
	var tables, hidden []*table
	for i := range book.Sheets {
		t, err := s.findTable(book, &book.Sheets[i])
		switch {
		case err != nil && book.Sheets[i].Hidden:
			continue // it is not read, and nobody named it
		case err != nil:
			return nil, err
		case t == nil:
		case book.Sheets[i].Hidden:
			hidden = append(hidden, t)
		default:
			tables = append(tables, t)
		}
	}
	return s.bestTable(book, tables, hidden)
}

func (s *Source) bestTable(book *sheet.Book, tables, hidden []*table) (*table, error) {
	var best *table
	var rivals []string
	for _, t := range tables {
		switch {
		case t.better(best):
			best, rivals = t, []string{t.sheet.Name}
		case !best.better(t):
			rivals = append(rivals, t.sheet.Name)
		}
	}
	inHidden := slices.IndexFunc(hidden, func(t *table) bool { return t.keys })
	switch {
	case (best == nil || !best.keys) && inHidden >= 0:
		return nil, s.fault(schemas.ClassInput, "sheet_hidden", "sheet", hidden[inHidden].sheet.Name)
	case best == nil:
		return nil, s.fault(schemas.ClassInput, "book_blank", "has", sheetNames(book))
	case !best.keys && len(tables) > 1:
		return nil, s.fault(schemas.ClassInput, "no_sheet_fits", "kind", string(s.Options.Kind), "has", sheetNames(book))
	case best.keys && len(rivals) > 1:
		return nil, s.fault(schemas.ClassInput, "sheets_alike", "has", strings.Join(rivals, ", "))
	}
	return best, nil
}

// namedSheet finds a sheet by its name, as a person writes it, or by its number from 1.
func (s *Source) namedSheet(book *sheet.Book) (*sheet.Sheet, error) {
	want := s.Config.Sheet
	for _, same := range []func(*sheet.Sheet) bool{
		func(c *sheet.Sheet) bool { return c.Name == want },
		func(c *sheet.Sheet) bool { return fold(c.Name) != "" && fold(c.Name) == fold(want) },
		func(c *sheet.Sheet) bool { return strconv.Itoa(c.Number) == want },
	} {
		for i := range book.Sheets {
			if same(&book.Sheets[i]) {
				return &book.Sheets[i], nil
			}
		}
	}
	return nil, s.fault(schemas.ClassConfig, "sheet_missing", "sheet", want, "has", sheetNames(book))
}

// errEnough ends the look at the top of a sheet.
var errEnough = errors.New("enough rows")

// findTable finds the header among the first rows of a sheet that hold something; nil where
// there is none.
func (s *Source) findTable(book *sheet.Book, from *sheet.Sheet) (*table, error) {
	names := newNamer(s.Options.Kind)
	var best *table
	seen := 0
	err := book.Rows(from, func(row *sheet.Row) error {
		header := headerOf(book, row)
		if len(header) == 0 {
			return nil
		}
		if t := s.judge(names, header); t.better(best) {
			t.sheet, t.row, best = from, row.Number, t
		}
		if seen++; seen == headerRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, s.bookFault(err)
	}
	return best, nil
}

// headerOf are the texts of a row, without the blank ones at its end.
func headerOf(book *sheet.Book, row *sheet.Row) []string {
	var header []string
	for i := range row.Cells {
		c := &row.Cells[i]
		text := cellText(book, c.Type, string(row.Raw(c)))
		if clean(text) == "" {
			continue
		}
		for len(header) < c.Col {
			header = append(header, "")
		}
		header[c.Col-1] = text
	}
	return header
}

// judge says how well a row fits as the header: whether it names what a key needs, and how many
// of its names are known.
func (s *Source) judge(names namer, header []string) *table {
	t := &table{header: header}
	found := map[schemas.Field]bool{}
	for f, value := range s.Config.Defaults {
		found[f] = value != ""
	}
	configured := map[string]schemas.Field{}
	for f, name := range s.Config.Columns {
		configured[fold(name)] = f
	}
	for _, name := range header {
		if clean(name) != "" {
			t.texts++
		}
		f, ok := configured[fold(name)]
		if !ok {
			var r ranked
			r, ok = names.find(name)
			f = r.field
		}
		if ok && fold(name) != "" {
			found[f] = true
			t.known++
		}
	}
	t.keys = found[schemas.FieldHostname] && (s.Options.Kind != schemas.KindCredential || found[schemas.FieldUsername])
	return t
}
