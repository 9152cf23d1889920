package sheet_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pamsync/sources/sheet"
)

// TestAgreesWithExcelize reads generated workbooks with both readers, cell for cell. The
// workbooks keep to what both take for the same: rows and cells in order, no cell twice, values
// that fit their type. Half of them are written by excelize, half by hand in the many ways that
// other programs write them.
func TestAgreesWithExcelize(t *testing.T) {
	books := 2000
	if testing.Short() {
		books = 200
	}
	cells := 0
	for seed := range books {
		rng := rand.New(rand.NewPCG(uint64(seed), 7))
		data := byHand(t, rng)
		if seed%2 == 0 {
			data = byExcelize(t, rng)
		}
		want, got := oracle(t, data), ours(t, data)
		cells += len(want)
		if diff := difference(want, got); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
	if cells < books*10 {
		t.Errorf("%d cells in %d workbooks prove little", cells, books)
	}
}

// difference names a cell that is not the same in both readings.
func difference(want, got map[string]string) string {
	for _, ref := range sortedKeys(want) {
		if got[ref] != want[ref] {
			return fmt.Sprintf("%s is %q, excelize says %q", ref, got[ref], want[ref])
		}
	}
	for _, ref := range sortedKeys(got) {
		if _, ok := want[ref]; !ok {
			return fmt.Sprintf("%s is %q, excelize says nothing", ref, got[ref])
		}
	}
	return ""
}

// oracle reads the cells of the first sheet that hold something.
func oracle(t *testing.T, data []byte) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for n := 1; rows.Next(); n++ {
		row, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range row {
			if text != "" {
				cells[sheet.ColumnName(i+1)+strconv.Itoa(n)] = text
			}
		}
	}
	return cells
}

func ours(t *testing.T, data []byte) map[string]string {
	t.Helper()
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	cells := map[string]string{}
	err = book.Rows(&book.Sheets[0], func(r *sheet.Row) error {
		for i := range r.Cells {
			c := &r.Cells[i]
			if text := string(r.Raw(c)); text != "" {
				cells[sheet.ColumnName(c.Col)+strconv.Itoa(r.Number)] = text
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

// texts are what cells hold, with everything that XML and the format treat in a way of its own.
func someText(rng *rand.Rand) string {
	pieces := []string{"srv", "-", "01", " ", "ç", "ã", "<b>", "&", "\"", "'", "日本", "😀", "_", "x", "10.0.0.1", "=1+1", "\n", "\t", ";", "]]>", "0007", "é", "]"}
	var b strings.Builder
	for range 1 + rng.IntN(6) {
		b.WriteString(pieces[rng.IntN(len(pieces))])
	}
	return b.String()
}

func someNumber(rng *rand.Rand) string {
	return []string{"0", "1", "-1", "22", "3.5", "-0.25", "1E+20", "1.5e-7", "123456789012345", "0.1", "45000", "45000.5"}[rng.IntN(12)]
}

func byExcelize(t *testing.T, rng *rand.Rand) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	name := f.GetSheetName(0)
	date, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	check(t, err)
	for row := 1; row <= 1+rng.IntN(20); row++ {
		for col := 1; col <= 1+rng.IntN(12); col++ {
			cell, err := excelize.CoordinatesToCellName(col+rng.IntN(3), row+rng.IntN(2))
			check(t, err)
			switch rng.IntN(7) {
			case 0, 1:
				check(t, f.SetCellStr(name, cell, someText(rng)))
			case 2:
				check(t, f.SetCellValue(name, cell, rng.IntN(100000)))
			case 3:
				check(t, f.SetCellValue(name, cell, rng.Float64()*1000))
			case 4:
				check(t, f.SetCellBool(name, cell, rng.IntN(2) == 0))
			case 5:
				check(t, f.SetCellValue(name, cell, 40000+rng.IntN(5000)))
				check(t, f.SetCellStyle(name, cell, cell, date))
			case 6:
				check(t, f.SetCellRichText(name, cell, []excelize.RichTextRun{{Text: someText(rng)}, {Text: someText(rng), Font: &excelize.Font{Bold: true}}}))
			}
		}
	}
	var b bytes.Buffer
	check(t, f.Write(&b))
	return b.Bytes()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hand writes a workbook as other programs do.
type hand struct {
	rng    *rand.Rand
	shared []string
	out    strings.Builder
}

func byHand(t *testing.T, rng *rand.Rand) []byte {
	h := &hand{rng: rng}
	h.out.WriteString(h.pick(`<?xml version="1.0" encoding="UTF-8"?>`+"\n", "\ufeff", "") +
		`<worksheet xmlns="` + mainSpace + `">` + h.pick(`<dimension ref="A1"/>`, `<sheetViews><sheetView workbookViewId="0"><selection/></sheetView></sheetViews>`, "<!-- made by hand -->") + `<sheetData>`)
	row := 0
	for range 1 + rng.IntN(20) {
		step := 1
		if rng.IntN(5) == 0 {
			step += rng.IntN(4)
		}
		row += step
		h.row(row, step > 1 || rng.IntN(2) == 0)
	}
	h.out.WriteString(`</sheetData>` + h.pick(`<mergeCells count="1"><mergeCell ref="X1:Y2"/></mergeCells>`, `<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>`, "") + `</worksheet>` + h.pick("\n", ""))
	files := parts(map[string]string{"xl/worksheets/sheet1.xml": h.out.String(), "xl/sharedStrings.xml": `<sst xmlns="` + mainSpace + `">` + strings.Join(h.shared, "") + `</sst>`})
	return pack(t, files)
}

func (h *hand) pick(choices ...string) string { return choices[h.rng.IntN(len(choices))] }

func (h *hand) row(number int, numbered bool) {
	h.out.WriteString("<row")
	if numbered {
		fmt.Fprintf(&h.out, ` r="%d"`, number)
	}
	h.out.WriteString(h.pick("", ` spans="1:5"`, ` ht="15" customHeight='1'`) + ">" + h.pick("", "\n  "))
	col := 0
	for range h.rng.IntN(9) {
		step := 1
		if h.rng.IntN(4) == 0 {
			step += h.rng.IntN(4)
		}
		col += step
		ref := ""
		if numbered && (step > 1 || h.rng.IntN(2) == 0) || step > 1 {
			ref = fmt.Sprintf(` r="%s%d"`, sheet.ColumnName(col), number)
		}
		h.cell(ref)
	}
	h.out.WriteString(h.pick("", "\n") + "</row>")
}

func (h *hand) cell(ref string) {
	style := h.pick("", "", ` s="1"`, ` s="2"`)
	formula := h.pick("", "", "<f>A1+1</f>", `<f t="shared" ref="A1:A9" si="0">A1</f>`)
	switch h.rng.IntN(7) {
	case 0:
		fmt.Fprintf(&h.out, `<c%s%s>%s<v>%s</v></c>`, ref, style, formula, someNumber(h.rng))
	case 1:
		h.shared = append(h.shared, h.item("si"))
		fmt.Fprintf(&h.out, `<c%s t="s"><v>%d</v></c>`, ref, h.rng.IntN(len(h.shared)))
	case 2:
		fmt.Fprintf(&h.out, `<c t="inlineStr"%s>%s</c>`, ref, h.item("is"))
	case 3:
		fmt.Fprintf(&h.out, `<c%s t="str">%s<v>%s</v></c>`, ref, formula, h.text())
	case 4:
		fmt.Fprintf(&h.out, `<c%s t="b"><v>%d</v></c>`, ref, h.rng.IntN(2))
	case 5:
		fmt.Fprintf(&h.out, `<c%s t="e">%s<v>%s</v></c>`, ref, formula, h.pick("#N/A", "#REF!", "#DIV/0!"))
	case 6:
		fmt.Fprintf(&h.out, `<c%s%s/>`, ref, style)
	}
}

// item is a text, plain or in runs.
func (h *hand) item(name string) string {
	inner := `<t xml:space="preserve">` + h.text() + `</t>`
	if h.rng.IntN(3) == 0 {
		inner = `<r><rPr><b/><sz val="11"/></rPr><t xml:space="preserve">` + h.text() + `</t></r><r><t xml:space="preserve">` + h.text() + `</t></r>`
	}
	return "<" + name + ">" + inner + "</" + name + ">"
}

func (h *hand) text() string {
	text := someText(h.rng)
	if h.rng.IntN(4) == 0 {
		return "<![CDATA[" + strings.ReplaceAll(text, "]]>", "") + "]]>"
	}
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err)
	}
	return b.String()
}
