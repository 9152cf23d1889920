package sources

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/profile"
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
	// product tells the header of a product's export.
	product bool
	user    bool // it names accounts, and is no full inventory of devices
	known   int  // names that are understood
	own     int  // of what only a device has
	texts   int
	// addresses tells that an address stands in one of the rows that were looked at.
	addresses bool
	above     int // rows above it that hold something
	below     int // rows below it, of those that were looked at
	rows      [][]string
	hidden    map[int]bool // columns, from 0, that the sheet does not show
}

// suspect tells a sheet that may hold records of a kind, though its header is not understood: it
// names something, or lists addresses. A list of accounts is not one of devices, nor the reverse.
func (t *table) suspect(kind schemas.Kind) bool {
	if kind == schemas.KindDevice && t.user || kind.Account() && t.own >= 2 && !t.user {
		return false
	}
	return t.known >= 2 || t.addresses
}

// sure tells a row that is a header beyond doubt: it has what a key needs, and more.
func (t *table) sure() bool { return t != nil && t.keys && (t.known >= 2 || t.product) }

// better says whether a row fits better as a header than one above it. The first that is one
// beyond doubt stays: rows below it are its own.
func (t *table) better(than *table) bool {
	switch {
	case than == nil:
		return true
	case t.product != than.product:
		return t.product
	case than.sure() || t.sure():
		return !than.sure()
	case t.keys != than.keys:
		return t.keys
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

// bestTable takes the one sheet that is an inventory of the kind. A second one with rows in it is
// for a person to choose from: what is not read would be taken for missing. A sheet of accounts is
// no rival of one of devices, though it names devices too.
func (s *Source) bestTable(book *sheet.Book, tables, hidden []*table) (*table, error) {
	var best *table
	var rivals, others []string
	for _, anySheet := range []bool{false, true} {
		devicesAlone := s.Options.Kind == schemas.KindDevice && !anySheet
		for _, t := range tables {
			if !t.sure() || devicesAlone && t.user {
				continue
			}
			if best == nil || best.below == 0 && t.below > 0 {
				best = t
			}
			if t.below > 0 {
				rivals = append(rivals, t.sheet.Name)
			}
		}
		if best != nil {
			break
		}
	}
	if best == nil {
		for _, t := range tables {
			if t.keys && (best == nil || !best.keys) || best == nil || !best.keys && t.known > best.known {
				best = t
			}
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
	case len(rivals) > 1:
		return nil, s.fault(schemas.ClassInput, "sheets_alike", "has", strings.Join(rivals, ", "))
	}
	for _, t := range append(tables, hidden...) {
		if t != best && (!t.sheet.Hidden || t.sure() && t.below > 0) {
			others = append(others, t.sheet.Name)
			if t.suspect(s.Options.Kind) {
				s.Shape.Suspects = append(s.Shape.Suspects, t.sheet.Name)
			}
		}
	}
	s.Shape.OtherSheets = others
	return best, nil
}

// namedSheet finds a sheet by its name, as a person writes it, or else by its number from 1 among
// those that a person sees.
func (s *Source) namedSheet(book *sheet.Book) (*sheet.Sheet, error) {
	want := s.Config.Sheet
	for _, same := range []func(*sheet.Sheet) bool{
		func(c *sheet.Sheet) bool { return c.Name == want },
		func(c *sheet.Sheet) bool { return fold(c.Name) != "" && fold(c.Name) == fold(want) },
	} {
		for i := range book.Sheets {
			if same(&book.Sheets[i]) {
				return &book.Sheets[i], nil
			}
		}
	}
	visible := 0
	for i := range book.Sheets {
		if book.Sheets[i].Hidden {
			continue
		}
		if visible++; strconv.Itoa(visible) == want {
			return &book.Sheets[i], nil
		}
	}
	return nil, s.fault(schemas.ClassConfig, "sheet_missing", "sheet", want, "has", sheetNames(book))
}

// errEnough ends the look at the top of a sheet.
var errEnough = errors.New("enough rows")

// findTable finds the header among the first rows of a sheet that hold something; nil where
// there is none.
func (s *Source) findTable(book *sheet.Book, from *sheet.Sheet) (*table, error) {
	names, accounts := s.namer(), newNamer(schemas.KindCredential)
	var best, two *table
	var above []string // the header that the row above would be
	seen, aboveRow, addresses := 0, 0, false
	err := book.Rows(from, func(row *sheet.Row) error {
		header := headerOf(book, row)
		if len(header) == 0 {
			return nil
		}
		if t := s.judge(names, accounts, header); t.better(best) {
			t.sheet, t.row, t.above, best = from, row.Number, seen, t
			t.hidden = hiddenIn(row, len(header))
		} else {
			best.below++
			best.rows = append(best.rows, header)
		}
		if two != nil {
			two.below++
			two.rows = append(two.rows, header)
		} else if aboveRow == row.Number-1 && aboveRow > 0 {
			if t := s.judge(names, accounts, twoLines(names, above, header)); t.sure() && (!best.keys || best.row == row.Number && t.known > best.known) {
				t.sheet, t.row, t.above, t.hidden, two = from, row.Number, seen-1, hiddenIn(row, len(header)), t
			}
		}
		above, aboveRow = header, row.Number
		addresses = addresses || slices.ContainsFunc(header, isAddress)
		if seen++; seen == headerRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, s.bookFault(err)
	}
	if two != nil {
		best = two
	}
	if best != nil {
		best.addresses = addresses
	}
	return best, nil
}

// twoLines are the names of a header of two rows: what stands above a column, or to the left of there
// where cells are merged, and then its own, where that is a name that is known; else its own, or what
// stands above it.
func twoLines(known namer, above, below []string) []string {
	names := make([]string, max(len(above), len(below)))
	over := ""
	for i := range names {
		own := ""
		if i < len(below) {
			own = clean(below[i])
		}
		if i < len(above) && clean(above[i]) != "" {
			over = clean(above[i])
		} else if own == "" {
			over = ""
		}
		names[i] = clean(over + " " + own)
		if _, ok := known.find(names[i]); !ok && own != "" {
			names[i] = own
		}
	}
	return names
}

// hiddenIn are the columns, from 0, that the sheet of a row does not show.
func hiddenIn(row *sheet.Row, width int) map[int]bool {
	var hidden map[int]bool
	for col := 1; col <= width; col++ {
		if row.ColumnHidden(col) {
			if hidden == nil {
				hidden = map[int]bool{}
			}
			hidden[col-1] = true
		}
	}
	return hidden
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(clean(text))
	return err == nil
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
func (s *Source) judge(names, accounts namer, header []string) *table {
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
	for _, f := range []schemas.Field{schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType} {
		if found[f] && s.Config.Defaults[f] == "" {
			t.own++
		}
	}
	t.user = t.own < 3 && slices.ContainsFunc(header, func(name string) bool {
		r, ok := accounts.find(name)
		return ok && r.field == schemas.FieldUsername
	})
	t.product = profile.ByHeader(foldAll(header), s.Options.Kind) != nil
	t.keys = t.product || s.namesKey(func(f schemas.Field) bool { return found[f] })
	return t
}
