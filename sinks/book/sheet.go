package book

import (
	"strconv"

	"github.com/xuri/excelize/v2"
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
	return t.out.SetRow("A"+strconv.Itoa(t.row), row)
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
	var err error
	if t.out, err = t.b.addSheet(name); err != nil {
		return err
	}
	header := make([]any, len(t.columns))
	for i, c := range t.columns {
		if err := t.out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		header[i] = t.b.say(c.key)
	}
	if err := t.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	t.row = 1
	return t.out.SetRow("A1", header)
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
	stripes := true
	if err := t.out.AddTable(&excelize.Table{Range: "A1:" + last, Name: name, StyleName: "TableStyleMedium2", ShowRowStripes: &stripes}); err != nil {
		return err
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
	return b.file.NewStreamWriter(name)
}

// listSheet is a sheet of lines for reading: headings, names with values, small tables.
type listSheet struct {
	b   *book
	out *excelize.StreamWriter
	row int
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
	return &listSheet{b: b, out: out}, nil
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
	return l.out.SetRow("A"+strconv.Itoa(l.row), row)
}

func (l *listSheet) done() error { return l.out.Flush() }
