package sheet_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pamsync/sources/sheet"
)

// FuzzSheet reads any bytes as the part of a sheet: nothing panics, rows and cells come in their
// order and within bounds, and what is refused is refused with an *Error.
func FuzzSheet(f *testing.F) {
	for _, text := range []string{"", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<row><c t="inlineStr"><is><r><t>a</t></r></is></c><c><f>1</f></c></row>`,
		`<row r="3" hidden="1"><c r="XFD3" t="b"><v>1</v></c></row>`, `<row><c s="1"><v>45000</v></c><c t="d"><v>2026-11-21</v></c></row>`, `<!-- --><row><c t="str"><v><![CDATA[<]]>&amp;_x0041_</v></c></row>`} {
		f.Add([]byte(worksheet(text)))
	}
	f.Add([]byte(`<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c/></x:row></x:sheetData></x:worksheet>`))
	f.Add([]byte("\xef\xbb\xbf<?xml version=\"1.0\"?><worksheet><sheetData/></worksheet>"))
	f.Fuzz(func(t *testing.T, part []byte) {
		readOrdered(t, pack(t, parts(map[string]string{sheetPart: string(part), "xl/sharedStrings.xml": sst("a", "b")})))
	})
}

// FuzzStrings does the same with the table of shared strings, and FuzzStyles with the styles.
func FuzzStrings(f *testing.F) {
	for _, text := range []string{sst("a", "b"), sst(), tableBegin + `<si><r><t>x</t></r><rPh><t>y</t></rPh></si></sst>`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, part []byte) {
		readOrdered(t, pack(t, parts(map[string]string{sheetPart: worksheet(`<row><c t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml": string(part)})))
	})
}

func FuzzStyles(f *testing.F) {
	f.Add([]byte(stylesPart))
	f.Add([]byte(`<styleSheet><numFmts><numFmt numFmtId="170" formatCode="hh:m["/></numFmts><cellXfs><xf/><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`))
	f.Fuzz(func(t *testing.T, part []byte) {
		readOrdered(t, pack(t, parts(map[string]string{sheetPart: worksheet(`<row><c s="2"><v>45000</v></c></row>`), "xl/styles.xml": string(part)})))
	})
}

// FuzzContainer reads any bytes as the file.
func FuzzContainer(f *testing.F) {
	f.Add(pack(f, parts(map[string]string{sheetPart: worksheet(`<row><c t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml": sst("a")})))
	f.Fuzz(func(t *testing.T, data []byte) { readOrdered(t, data) })
}

func readOrdered(t *testing.T, data []byte) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err == nil {
		defer book.Close()
	}
	for i := 0; err == nil && i < len(book.Sheets); i++ {
		last := 0
		err = book.Rows(&book.Sheets[i], func(r *sheet.Row) error {
			if r.Number <= last || r.Number > sheet.MaxRows {
				t.Fatalf("row %d behind row %d", r.Number, last)
			}
			last = r.Number
			col := 0
			for j := range r.Cells {
				c := &r.Cells[j]
				if c.Col <= col || c.Col > sheet.MaxColumns {
					t.Fatalf("column %d behind column %d", c.Col, col)
				}
				col = c.Col
				if c.Type == sheet.Date {
					book.DateText(string(r.Raw(c)))
				}
			}
			return nil
		})
	}
	var fault *sheet.Error
	if err != nil && !errors.As(err, &fault) && !errors.Is(err, io.EOF) {
		t.Fatalf("%T %v", err, err)
	}
	if errors.Is(err, io.EOF) {
		t.Fatalf("a bare end: %v", err)
	}
}
