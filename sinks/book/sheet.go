package book

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
)

// column is one column of a sheet: the words of its header, and its width in signs.
type column struct {
	key   string
	width float64
}

// cell is a value with its look.
type cell struct {
	value any // string, int
	style style
}

// tableSheet is a sheet of records: a frozen header, a table with filters, and as many further
// sheets as the records need.
type tableSheet struct {
	b       *book
	title   string // the words of its name
	table   string // the table's name, which has a narrower alphabet
	columns []column
	hashed  bool // its cells are
	name    string
	out     *excelize.StreamWriter
	part    int
	row     int
}

// addTable begins a sheet of records; nothing is made before the first of them.
func (b *book) addTable(title, table string, columns ...column) *tableSheet {
	return &tableSheet{b: b, title: b.say(title), table: table, columns: columns}
}

// add writes one record.
func (t *tableSheet) add(cells ...cell) error {
	if t.out == nil || t.row > t.b.rows {
		if err := t.next(); err != nil {
			return err
		}
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		id, err := t.b.style(c.style)
		if err != nil {
			return err
		}
		value := c.value
		if text, ok := value.(string); ok {
			value = t.b.text(text)
		}
		row[i] = excelize.Cell{StyleID: id, Value: value}
	}
	t.row++
	t.b.hashed(t.name, t.row, row)
	return t.out.SetRow("A"+strconv.Itoa(t.row), row, excelize.RowOpts{Height: t.height(cells)})
}

const (
	lineHeight = 15 // of a line of text, in points
	maxHeight  = 20 * lineHeight
)

// height is that of a row whose wrapped texts can be read: programs differ in whether they find
// it themselves.
func (t *tableSheet) height(cells []cell) float64 {
	lines := 1
	for i, c := range cells {
		if text, ok := c.value.(string); ok && c.style == wrapped {
			perLine := int(t.columns[i].width)
			lines = max(lines, (utf8.RuneCountInString(text)+perLine-1)/perLine)
		}
	}
	return min(float64(lines*lineHeight), maxHeight)
}

// next ends the sheet under way and begins another one.
func (t *tableSheet) next() error {
	if err := t.done(); err != nil {
		return err
	}
	t.part++
	name := t.title
	if t.part > 1 {
		name += " (" + strconv.Itoa(t.part) + ")"
	}
	if t.name = name; t.hashed {
		t.b.hashes[name] = schemas.NewSheetHash()
	}
	var err error
	if t.out, err = t.b.addSheet(name); err != nil {
		return err
	}
	look, err := t.b.style(header)
	if err != nil {
		return err
	}
	head := make([]any, len(t.columns))
	for i, c := range t.columns {
		if err := t.out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: look, Value: t.b.headOf(c.key)}
	}
	if err := t.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	t.row = 1
	t.b.hashed(t.name, 1, head)
	return t.out.SetRow("A1", head)
}

// headOf are the words of a column; a key behind = is itself.
func (b *book) headOf(key string) string {
	if name, own := strings.CutPrefix(key, "="); own {
		return name
	}
	return b.say(key)
}

// end is done of a sheet that is there without records too, with its header alone: that there are none is told.
func (t *tableSheet) end() error {
	if t.part == 0 {
		if err := t.next(); err != nil {
			return err
		}
	}
	return t.done()
}

// done ends the sheet under way: its table, and what is still to be written of it.
func (t *tableSheet) done() error {
	if t.out == nil {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(t.columns), t.row)
	if err != nil {
		return err
	}
	name := t.table
	if t.part > 1 {
		name += "_" + strconv.Itoa(t.part)
	}
	if t.row > 1 { // a table has one row at least
		stripes := true
		if err := t.out.AddTable(&excelize.Table{Range: "A1:" + last, Name: name, StyleName: "TableStyleLight1", ShowRowStripes: &stripes}); err != nil {
			return err
		}
	}
	out := t.out
	t.out = nil
	return out.Flush()
}

// addSheet adds a sheet; the first takes the place of the one that a new workbook has.
func (b *book) addSheet(name string) (*excelize.StreamWriter, error) {
	var err error
	if b.sheets == 0 {
		err = b.file.SetSheetName(b.file.GetSheetName(0), name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return nil, err
	}
	b.sheets++
	if err := b.onPaper(name); err != nil { // the stream begins with it
		return nil, err
	}
	return b.file.NewStreamWriter(name)
}

// onPaper lays a sheet out for printing: across, as wide as the page.
func (b *book) onPaper(name string) error {
	landscape, a4, one, any, fit := "landscape", 9, 1, 0, true
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &any})
}

// listSheet is a sheet of lines for reading: headings, names with values, small tables.
type listSheet struct {
	b    *book
	name string
	out  *excelize.StreamWriter
	row  int
}

func (b *book) addList(title string, widths ...float64) (*listSheet, error) {
	out, err := b.addSheet(b.say(title))
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	return &listSheet{b: b, name: b.say(title), out: out}, nil
}

// line writes one line; without cells it is a blank one.
func (l *listSheet) line(cells ...cell) error {
	l.row++
	if len(cells) == 0 {
		return nil
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		id, err := l.b.style(c.style)
		if err != nil {
			return err
		}
		value := c.value
		if text, ok := value.(string); ok {
			value = l.b.text(text)
		}
		row[i] = excelize.Cell{StyleID: id, Value: value}
	}
	height := excelize.RowOpts{}
	if cells[0].style == heading {
		height.Height = 24
	}
	l.b.hashed(l.name, l.row, row)
	return l.out.SetRow("A"+strconv.Itoa(l.row), row, height)
}

func (l *listSheet) done() error { return l.out.Flush() }
