package sources_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The parts that a small workbook is made of, as spreadsheets write them.
const (
	mainSpace = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	typeSpace = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	linkSpace = `http://schemas.openxmlformats.org/package/2006/relationships`

	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`
	packageLinks = `<Relationships xmlns="` + linkSpace + `"><Relationship Id="rId1" Type="` + typeSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookLinks    = `<Relationships xmlns="` + linkSpace + `"><Relationship Id="rId1" Type="` + typeSpace + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + typeSpace + `/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="` + typeSpace + `/styles" Target="styles.xml"/></Relationships>`
	bookSheets  = `<workbook xmlns="` + mainSpace + `" xmlns:r="` + typeSpace + `"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`
	bookStyles  = `<styleSheet xmlns="` + mainSpace + `"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>`
	bookStrings = `<sst xmlns="` + mainSpace + `"><si><t>hostname</t></si><si><t>username</t></si><si><t>site</t></si></sst>`

	sheetAt   = "xl/worksheets/sheet1.xml"
	stringsAt = "xl/sharedStrings.xml"
	bookAt    = "xl/workbook.xml"
	linksAt   = "xl/_rels/workbook.xml.rels"
)

// sheetXML is a worksheet of rows below the usual header in row 1.
func sheetXML(rows string) string { return bareSheet(texts(1, "hostname", "username", "site") + rows) }

func bareSheet(rows string) string {
	return `<worksheet xmlns="` + mainSpace + `"><sheetData>` + rows + `</sheetData></worksheet>`
}

// texts is a row of texts from column A on.
func texts(row int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, row)
	for i, cell := range cells {
		fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, row, cell)
	}
	return b.String() + "</row>"
}

// bookOf are the files of a workbook of one sheet; given replaces what is usual, and "-" takes it away.
func bookOf(given map[string]string) map[string]string {
	all := map[string]string{"[Content_Types].xml": contentTypes, "_rels/.rels": packageLinks, bookAt: bookSheets, linksAt: bookLinks,
		"xl/styles.xml": bookStyles, stringsAt: bookStrings, sheetAt: sheetXML(texts(2, "a", "b", "c"))}
	maps.Copy(all, given)
	maps.DeleteFunc(all, func(_, text string) bool { return text == "-" })
	return all
}

// zipped packs files in the order of their names, and more behind them.
func zipped(t testing.TB, files map[string]string, more func(w *zip.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	var err error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var f io.Writer
		if f, err = w.Create(name); err == nil {
			_, err = io.WriteString(f, files[name])
		}
	}
	if more != nil && err == nil {
		err = more(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// given is a workbook with other parts than usual; sheeted, with another sheet; rowed, with other rows
// below the header.
func given(parts map[string]string) func(testing.TB) string {
	return func(t testing.TB) string { return zipped(t, bookOf(parts), nil) }
}

func sheeted(xml string) func(testing.TB) string { return given(map[string]string{sheetAt: xml}) }

func rowed(rows string) func(testing.TB) string { return sheeted(sheetXML(rows)) }

// celled is a workbook whose one row has that for its first cell.
func celled(cell string) func(testing.TB) string {
	return rowed(`<row r="2">` + cell + `<c r="B2" t="inlineStr"><is><t>b</t></is></c></row>`)
}

// flooded is a workbook in one part of which a text stands n times.
func flooded(part, begin, text string, n int, end string, others map[string]string) func(testing.TB) string {
	return func(t testing.TB) string {
		files := bookOf(others)
		delete(files, part)
		return zipped(t, files, func(w *zip.Writer) error {
			f, err := w.Create(part)
			if err != nil {
				return err
			}
			per := max(1, 64<<10/len(text))
			block := strings.Repeat(text, per)
			_, err = io.WriteString(f, begin)
			for ; n > 0 && err == nil; n -= per {
				_, err = io.WriteString(f, block[:min(n, per)*len(text)])
			}
			if err == nil {
				_, err = io.WriteString(f, end)
			}
			return err
		})
	}
}
