package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pamsync/sources/sheet"
)

// The parts that a small workbook is made of.
const (
	relsPart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRelsPart = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	bookPart     = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Servers" sheetId="1" r:id="rId1"/></sheets></workbook>`
	typesPart    = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	stylesPart   = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="170" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="46"/></cellXfs></styleSheet>`
	mainSpace    = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
)

// parts are the files of a workbook with one sheet; what is given replaces what is usual, and
// "-" leaves it out.
func parts(given map[string]string) map[string]string {
	all := map[string]string{"[Content_Types].xml": typesPart, "_rels/.rels": relsPart, "xl/workbook.xml": bookPart,
		"xl/_rels/workbook.xml.rels": bookRelsPart, "xl/styles.xml": stylesPart, "xl/sharedStrings.xml": sst(),
		"xl/worksheets/sheet1.xml": worksheet("")}
	for name, text := range given {
		all[name] = text
		if text == "-" {
			delete(all, name)
		}
	}
	return all
}

func sst(items ...string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString("<si><t>" + item + "</t></si>")
	}
	return `<sst xmlns="` + mainSpace + `">` + b.String() + `</sst>`
}

func worksheet(rows string) string {
	return `<worksheet xmlns="` + mainSpace + `"><sheetData>` + rows + `</sheetData></worksheet>`
}

func pack(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range sortedKeys(files) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grid reads a sheet's rows as "C218 type value" lines; NoValue and Empty have no value.
func grid(data []byte, number int) (lines []string, err error) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	defer book.Close()
	for i := range book.Sheets {
		s := &book.Sheets[i]
		if s.Number != number {
			continue
		}
		err = book.Rows(s, func(r *sheet.Row) error {
			for j := range r.Cells {
				c := &r.Cells[j]
				lines = append(lines, fmt.Sprintf("%s%d %d %s", sheet.ColumnName(c.Col), r.Number, c.Type, r.Raw(c)))
			}
			return nil
		})
	}
	return lines, err
}
