package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"pamsync/sources/sheet"
)

// hostile is a file that was made to harm, or made badly. want is the code that refuses it, or
// the cells where it can be read right; place is where the refusal says that it is.
type hostile struct {
	name  string
	file  func(t testing.TB) []byte
	want  string
	place string
	cells int
}

// repeated streams text n times between a beginning and an end into a part.
func repeated(t testing.TB, part, begin, text string, n int, end string, others map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	files := parts(others)
	delete(files, part)
	for _, name := range sortedKeys(files) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.Create(part)
	if err != nil {
		t.Fatal(err)
	}
	block := strings.Repeat(text, max(1, 64<<10/len(text)))
	per := len(block) / len(text)
	pieces := []string{begin}
	for ; n > per; n -= per {
		pieces = append(pieces, block)
	}
	for _, piece := range append(pieces, strings.Repeat(text, n), end) {
		if _, err := io.WriteString(f, piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sheetPart = "xl/worksheets/sheet1.xml"

func rows(text string) func(testing.TB) []byte {
	return func(t testing.TB) []byte { return pack(t, parts(map[string]string{sheetPart: worksheet(text)})) }
}

func files(given map[string]string) func(testing.TB) []byte {
	return func(t testing.TB) []byte { return pack(t, parts(given)) }
}

const (
	sheetBegin = `<worksheet xmlns="` + mainSpace + `"><sheetData>`
	sheetEnd   = `</sheetData></worksheet>`
	tableBegin = `<sst xmlns="` + mainSpace + `">`
)

// bombs are the shapes that are large once unpacked; scale 1 is their full size.
func bombs(scale int) []hostile {
	mega := func(n int) int { return n << 20 / scale }
	oneString := map[string]string{sheetPart: worksheet(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`)}
	return []hostile{
		{name: "a string index of -1 before a large table", want: sheet.CodeStringIndex, place: "A1", file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t>"+strings.Repeat("x", 100)+"</t></si>", 200_000/scale, "</sst>",
				map[string]string{sheetPart: worksheet(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`)})
		}},
		{name: "a table of 500,000 strings, of which one is used", cells: 1, file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t>"+strings.Repeat("x", 60)+"</t></si>", 500_000/scale, "</sst>", oneString)
		}},
		{name: "1 GB of blanks in a sheet", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin, " ", mega(1024), sheetEnd, nil)
		}},
		{name: "400 MB of blanks before the sheet", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, "", "\n", mega(400), sheetBegin+sheetEnd, nil)
		}},
		{name: "one cell of 300 MB", want: sheet.CodeLimit, place: "A1", file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin+`<row r="1"><c r="A1" t="inlineStr"><is><t>`, "x", mega(300), `</t></is></c></row>`+sheetEnd, nil)
		}},
		{name: "20 million strings that nobody uses", cells: 0, file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t/></si>", 20_000_000/scale, "</sst>", nil)
		}},
		{name: "20 million strings, of which one is used", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t/></si>", 20_000_000, "</sst>", oneString)
		}},
		{name: "one shared string of 300 MB", want: sheet.CodeLimit, place: "A1", file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin+"<si><t>", "x", mega(300), "</t></si></sst>", oneString)
		}},
		{name: "more rows than a sheet has", want: sheet.CodeRowNumber, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin, "<row/>", 5_000_000, sheetEnd, nil)
		}},
		{name: "a row of more cells than a sheet has", want: sheet.CodeCellRef, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin+"<row>", "<c/>", 1_000_000/scale, "</row>"+sheetEnd, nil)
		}},
		{name: "a row of gigabytes by one long string", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin+"<row>", `<c t="s"><v>0</v></c>`, 16_000, "</row>"+sheetEnd, map[string]string{"xl/sharedStrings.xml": sst(strings.Repeat("x", 100_000))})
		}},
		{name: "long strings, of which one is used", cells: 1, file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t>"+strings.Repeat("x", 100_000)+"</t></si>", 5_000/scale, "</sst>", oneString)
		}},
		{name: "long strings, of which the last is used", want: sheet.CodeLimit, place: "A1", file: func(t testing.TB) []byte {
			return repeated(t, "xl/sharedStrings.xml", tableBegin, "<si><t>"+strings.Repeat("x", 100_000)+"</t></si>", 5_000, "</sst>",
				map[string]string{sheetPart: worksheet(`<row r="1"><c r="A1" t="s"><v>4999</v></c></row>`)})
		}},
		{name: "empty styles, asked for by every cell", cells: 300_000, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin, `<row><c s="1"><v>1</v></c></row>`, 300_000, sheetEnd, map[string]string{"xl/styles.xml": "<styleSheet/>"})
		}},
		{name: "1 GB of elements that nobody reads", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, `<worksheet xmlns="`+mainSpace+`"><cols>`, "<a/>", mega(256), "</cols><sheetData/></worksheet>", nil)
		}},
		{name: "a flood of comments", cells: 0, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin, "<!---->", 1_000_000/scale, sheetEnd, nil)
		}},
		{name: "a flood of comments in a cell", want: sheet.CodeLimit, place: "A1", file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin+`<row><c t="inlineStr"><is><t>a`, "<!-- -->b", 2_000_000/scale, `</t></is></c></row>`+sheetEnd, nil)
		}},
		{name: "elements in elements", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, `<worksheet xmlns="`+mainSpace+`">`, "<cols>", 1_000_000/scale, "", nil)
		}},
		{name: "a tag of 100 MB", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			return repeated(t, sheetPart, sheetBegin+"<row ", `a="b" `, 16_000_000/scale, "></row>"+sheetEnd, nil)
		}},
	}
}

func shapes() []hostile {
	return []hostile{
		{name: "2,000 rows with the last column alone", cells: 2000, file: func(t testing.TB) []byte {
			var b strings.Builder
			for i := 1; i <= 2000; i++ {
				fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i)
			}
			return pack(t, parts(map[string]string{sheetPart: worksheet(b.String())}))
		}},
		{name: "the last row alone", cells: 1, file: rows(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)},
		{name: "a row behind the last", want: sheet.CodeRowNumber, place: "0", file: rows(`<row r="1048577"><c><v>1</v></c></row>`)},
		{name: "a row of two thousand million", want: sheet.CodeRowNumber, file: rows(`<row r="2147483647"><c><v>1</v></c></row>`)},
		{name: "a row below zero", want: sheet.CodeRowNumber, file: rows(`<row r="-1"><c><v>1</v></c></row>`)},
		{name: "row zero", want: sheet.CodeRowNumber, file: rows(`<row r="0"><c><v>1</v></c></row>`)},
		{name: "rows out of order", want: sheet.CodeRowNumber, place: "2", file: rows(`<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>`)},
		{name: "a row twice", want: sheet.CodeRowNumber, place: "2", file: rows(`<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`)},
		{name: "cell ZZZZZZ1", want: sheet.CodeCellRef, place: "1", file: rows(`<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>`)},
		{name: "cell XFE1", want: sheet.CodeCellRef, place: "1", file: rows(`<row r="1"><c r="XFE1"><v>1</v></c></row>`)},
		{name: "cells D1 then B1", want: sheet.CodeCellRef, place: "D1", file: rows(`<row r="1"><c r="D1"><v>1</v></c><c r="B1"><v>2</v></c></row>`)},
		{name: "a cell twice", want: sheet.CodeCellRef, place: "B1", file: rows(`<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>`)},
		{name: "a cell of another row", want: sheet.CodeCellRef, place: "1", file: rows(`<row r="1"><c r="A2"><v>1</v></c></row>`)},
		{name: "a cell named in small letters", want: sheet.CodeCellRef, place: "1", file: rows(`<row r="1"><c r="a1"><v>1</v></c></row>`)},
		{name: "a cell with two names", want: sheet.CodeCellRef, file: rows(`<row r="1"><c r="A1" r="B1"><v>1</v></c></row>`)},
		{name: "a string index above the table", want: sheet.CodeStringIndex, place: "A1", file: rows(`<row r="1"><c r="A1" t="s"><v>3</v></c></row>`)},
		{name: "a string index that is none", want: sheet.CodeStringIndex, place: "A1", file: rows(`<row r="1"><c r="A1" t="s"><v>1.5</v></c></row>`)},
		{name: "a cell of an unknown type", want: sheet.CodeCellType, file: rows(`<row r="1"><c r="A1" t="z"><v>1</v></c></row>`)},
		{name: "an element that no row has", want: sheet.CodeMalformed, file: rows(`<row r="1"><cell r="A1"><v>1</v></cell></row>`)},
		{name: "a row in a row", want: sheet.CodeMalformed, file: rows(`<row r="1"><row r="2"></row></row>`)},
		{name: "text in a row", want: sheet.CodeMalformed, file: rows(`<row r="1">srv-01<c r="A1"><v>1</v></c></row>`)},
		{name: "text in a cell without a value", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1">srv-01</c></row>`)},
		{name: "two values in a cell", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>`)},
		{name: "a value in a value", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1"><v><v>2</v></v></c></row>`)},
		{name: "an unknown entity", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1" t="str"><v>&lol;</v></c></row>`)},
		{name: "a zero in a text", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1" t="str"><v>a&#0;b</v></c></row>`)},
		{name: "half a surrogate", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>`)},
		{name: "text that is no UTF-8", want: sheet.CodeEncoding, file: rows("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>caf\xe9</v></c></row>")},
		{name: "a tag that is not closed", want: sheet.CodeMalformed, file: rows(`<row r="1"><c r="A1"><v>1</v></row>`)},
		{name: "a document type", want: sheet.CodeDTD, file: files(map[string]string{sheetPart: `<!DOCTYPE x [<!ENTITY a "b">]>` + worksheet(`<row/>`)})},
		{name: "a document type in the strings", want: sheet.CodeDTD, file: files(map[string]string{sheetPart: worksheet(`<row><c t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml": `<!doctype x>` + sst("a")})},
		{name: "a sheet in UTF-16", want: sheet.CodeEncoding, file: files(map[string]string{sheetPart: "\xff\xfe<\x00w\x00"})},
		{name: "a sheet that says another encoding", want: sheet.CodeEncoding, file: files(map[string]string{sheetPart: `<?xml version="1.0" encoding="ISO-8859-1"?>` + worksheet("<row/>")})},
		{name: "a sheet that is cut", want: sheet.CodeCut, file: files(map[string]string{sheetPart: sheetBegin + `<row r="1"><c r="A1"><v>1</v></c></row>`})},
		{name: "a sheet that is cut in a cell", want: sheet.CodeCut, place: "A1", file: files(map[string]string{sheetPart: sheetBegin + `<row r="1"><c r="A1"><v>1`})},
		{name: "an empty part", want: sheet.CodeCut, file: files(map[string]string{sheetPart: ""})},
		{name: "a sheet without rows", want: sheet.CodeNoRows, file: files(map[string]string{sheetPart: `<worksheet xmlns="` + mainSpace + `"><cols/></worksheet>`})},
		{name: "two tables of rows", want: sheet.CodeMalformed, file: files(map[string]string{sheetPart: sheetBegin + `</sheetData><sheetData><row/>` + sheetEnd})},
		{name: "something behind the sheet", want: sheet.CodeMalformed, file: files(map[string]string{sheetPart: worksheet("") + worksheet("")})},
		{name: "another part in the sheet's place", want: sheet.CodeMalformed, file: files(map[string]string{sheetPart: stylesPart})},
		{name: "no sheet", want: sheet.CodePartMissing, file: files(map[string]string{sheetPart: "-"})},
		{name: "no table of strings", want: sheet.CodePartMissing, file: files(map[string]string{"xl/sharedStrings.xml": "-", sheetPart: worksheet(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`)})},
		{name: "no relationships", want: sheet.CodeNoBook, file: files(map[string]string{"_rels/.rels": "-"})},
		{name: "relationships to nothing", want: sheet.CodePartMissing, file: files(map[string]string{"xl/workbook.xml": "-"})},
		{name: "a binary workbook", want: sheet.CodeBinary, file: files(map[string]string{"_rels/.rels": strings.ReplaceAll(relsPart, "workbook.xml", "workbook.bin")})},
		{name: "an OpenDocument", want: sheet.CodeOpenDoc, file: files(map[string]string{"_rels/.rels": "-", "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": "<x/>"})},
		{name: "a name that climbs out", want: sheet.CodePartMissing, file: files(map[string]string{"xl/_rels/workbook.xml.rels": strings.ReplaceAll(bookRelsPart, "worksheets/sheet1.xml", "../../../../etc/passwd")})},
		{name: "a part twice", want: sheet.CodePartTwice, file: func(t testing.TB) []byte {
			data := pack(t, parts(map[string]string{"XL/worksheets/SHEET1.xml": worksheet("<row/>")}))
			return data
		}},
		{name: "more parts than a workbook has", want: sheet.CodeLimit, file: func(t testing.TB) []byte {
			many := map[string]string{}
			for i := range 5000 {
				many[fmt.Sprintf("xl/media/%d.png", i)] = ""
			}
			return pack(t, parts(many))
		}},
		{name: "a sheet without a relationship", want: sheet.CodePartMissing, file: files(map[string]string{"xl/workbook.xml": strings.Replace(bookPart, "rId1", "rId77", 1)})},
		{name: "a relationship twice", want: sheet.CodePartTwice, file: files(map[string]string{"xl/_rels/workbook.xml.rels": strings.Replace(bookRelsPart, "rId2", "rId1", 1)})},
		{name: "another encoding, with blanks around the sign", want: sheet.CodeEncoding, file: files(map[string]string{sheetPart: `<?xml version="1.0" encoding = 'ISO-8859-1' ?>` + worksheet("<row/>")})},
		{name: "a file that is cut", want: sheet.CodeZip, file: func(t testing.TB) []byte {
			data := pack(t, parts(nil))
			return data[:len(data)/2]
		}},
		{name: "a damaged part", want: sheet.CodeZip, file: func(t testing.TB) []byte {
			data := pack(t, parts(map[string]string{sheetPart: worksheet(strings.Repeat(`<row><c><v>1</v></c></row>`, 100))}))
			i := bytes.LastIndex(data[:bytes.Index(data, []byte("PK\x01\x02"))], []byte(sheetPart))
			data[i+len(sheetPart)+20] ^= 0x55
			return data
		}},
		{name: "no container", want: sheet.CodeZip, file: func(testing.TB) []byte { return []byte("PK\x03\x04 and nothing else") }},
	}
}

// tried reads every sheet of a file.
func tried(data []byte) (cells int, err error) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return 0, err
	}
	defer book.Close()
	for i := range book.Sheets {
		if err := book.Rows(&book.Sheets[i], func(r *sheet.Row) error { cells += len(r.Cells); return nil }); err != nil {
			return cells, err
		}
	}
	if len(book.Sheets) == 0 {
		return 0, errors.New("no sheets, and no error")
	}
	return cells, book.Verify()
}

func (h hostile) check(t *testing.T, data []byte) {
	var cells int
	var err error
	limit := 64.0
	if strings.HasPrefix(h.name, "long strings, of which the last") {
		limit = 160 // the most that shared strings may take
	}
	if peak := peakHeap(func() { cells, err = tried(data) }); peak > limit {
		t.Errorf("%.0f MiB", peak)
	}
	var fault *sheet.Error
	switch {
	case h.want == "" && (err != nil || cells != h.cells):
		t.Errorf("%d cells, %v; want %d", cells, err, h.cells)
	case h.want != "" && (!errors.As(err, &fault) || fault.Code != h.want):
		t.Errorf("%v, want %s", err, h.want)
	case h.want != "" && h.place != "" && !strings.HasSuffix(fault.Error(), "!"+h.place) && !(h.place == "0" && fault.Row == 0):
		t.Errorf("%v, want it at %s", err, h.place)
	}
}

// TestHostile: what was made to harm is refused or read right, in little memory, and never
// taken for an empty sheet.
func TestHostile(t *testing.T) {
	for _, h := range append(shapes(), bombs(16)...) {
		t.Run(h.name, func(t *testing.T) { h.check(t, h.file(t)) })
	}
}

// BenchmarkHostile reads the bombs at their full size: ms and MiB for each.
func BenchmarkHostile(b *testing.B) {
	for _, h := range bombs(1) {
		data := h.file(b)
		b.Run(strings.ReplaceAll(h.name, " ", "_"), func(b *testing.B) {
			peak := 0.0
			for b.Loop() {
				peak = max(peak, peakHeap(func() { _, _ = tried(data) }))
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(peak, "peak-MiB")
			b.ReportMetric(float64(len(data))/1024, "file-KiB")
		})
	}
}

// TestRealFiles: workbooks of other projects, read or refused as their notice says.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		name, want string
		sheets     int
		cells      int
	}{
		{"poi-strict.xlsx", "", 3, 0},
		{"poi-no-row-numbers.xlsx", "", 1, 0},
		{"poi-xmlbomb.xlsx", sheet.CodeDTD, 0, 0},
		{"nornir.xlsx", "", 1, 0},
		{"readxl-skipping.xlsx", "", 3, 0},
	} {
		data, err := os.ReadFile("../../testdata/inputs/" + c.name)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := tried(data)
		var fault *sheet.Error
		if c.want != "" && (!errors.As(err, &fault) || fault.Code != c.want) || c.want == "" && (err != nil || cells == 0) {
			t.Errorf("%s: %d cells, %v", c.name, cells, err)
		}
		if c.want != "" {
			continue
		}
		if diff := difference(oracle(t, data), ours(t, data)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
