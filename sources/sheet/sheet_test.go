package sheet_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pamsync/sources/sheet"
)

// TestCells: what each kind of cell is read as: place, type and value.
func TestCells(t *testing.T) {
	const (
		text, number, boolean, date, fault, broken, noValue = "1", "2", "3", "4", "5", "6", "7"
	)
	for _, c := range []struct{ rule, rows, want string }{
		{"a number as written", `<row r="2"><c r="C2"><v>1.50E+3</v></c></row>`, "C2 " + number + " 1.50E+3"},
		{"a shared text", `<row><c t="s"><v>1</v></c></row>`, "A1 " + text + " b"},
		{"an inline text in runs, without what is read aloud", `<row><c t="inlineStr"><is><r><t>sr</t></r><r><rPr><b/></rPr><t>v</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c></row>`, "A1 " + text + " srv"},
		{"a formula by its cached text", `<row><c t="str"><f>A2</f><v>srv</v></c></row>`, "A1 " + text + " srv"},
		{"a formula that was never calculated", `<row><c><f>A2</f></c></row>`, "A1 " + noValue + " "},
		{"the same with an empty value", `<row><c><f>A2</f><v></v></c></row>`, "A1 " + noValue + " "},
		{"true and false", `<row><c t="b"><v>1</v></c><c t="b"><v>false</v></c></row>`, "A1 " + boolean + " 1|B1 " + boolean + " 0"},
		{"an error", `<row><c t="e"><v>#N/A</v></c></row>`, "A1 " + fault + " #N/A"},
		{"a date by its style, built in or our own", `<row><c s="1"><v>45000</v></c><c s="2"><v>45000.5</v></c></row>`, "A1 " + date + " 45000|B1 " + date + " 45000.5"},
		{"an elapsed time is an amount", `<row><c s="3"><v>1.5</v></c></row>`, "A1 " + number + " 1.5"},
		{"a style that is not there", `<row><c s="99"><v>1</v></c></row>`, "A1 " + number + " 1"},
		{"a date as a text", `<row><c t="d"><v>1990-01-01</v></c></row>`, "A1 " + date + " 1990-01-01"},
		{"a number that is none", `<row><c><v>12a</v></c><c><v>.</v></c><c><v>1e</v></c></row>`, "A1 " + broken + " 12a|B1 " + broken + " .|C1 " + broken + " 1e"},
		{"a date that is none", `<row><c t="d"><v>soon</v></c></row>`, "A1 " + broken + " soon"},
		{"rows and cells without places", `<row/><row><c/><c><v>1</v></c></row><row><c><v>2</v></c></row>`, "B2 " + number + " 1|A3 " + number + " 2"},
		{"some with, some without", `<row r="5"><c r="B5"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "B5 " + number + " 1|C5 " + number + " 2|A6 " + number + " 3"},
		{"signs that XML cannot hold", `<row><c t="str"><v>a_x000D__x005F_x0041_</v></c></row>`, "A1 " + text + " a\r_x0041_"},
		{"comments and CDATA", `<!-- x --><row><!-- <c> --><c t="str"><v>a<!-- b -->c<![CDATA[<d>&amp;]]></v></c></row>`, "A1 " + text + " ac<d>&amp;"},
		{"a > in a quoted value", `<row x='a>b' y="c'>d"><c><v>1</v></c></row>`, "A1 " + number + " 1"},
		{"what lists of extensions hold", `<row><c><v>1</v><extLst><ext><x/></ext></extLst></c><extLst/></row>`, "A1 " + number + " 1"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			data := pack(t, parts(map[string]string{"xl/worksheets/sheet1.xml": worksheet(c.rows), "xl/sharedStrings.xml": sst("a", "b")}))
			got, err := grid(data, 1)
			if err != nil || strings.Join(got, "|") != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

// TestOtherWritersNames: a prefix for every element, strict names, sheets out of order, hidden.
func TestOtherWritersNames(t *testing.T) {
	prefixed := strings.NewReplacer("</", "</x:", "<", "<x:").Replace(`<worksheet><sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>`)
	for rule, files := range map[string]map[string]string{
		"a prefix": {"xl/worksheets/sheet1.xml": prefixed},
		"strict": {"_rels/.rels": strings.ReplaceAll(relsPart, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
			"xl/_rels/workbook.xml.rels": strings.ReplaceAll(bookRelsPart, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
			"xl/worksheets/sheet1.xml":   worksheet(`<row><c t="inlineStr"><is><t>a</t></is></c></row>`)},
		"targets from the root": {"xl/_rels/workbook.xml.rels": strings.ReplaceAll(bookRelsPart, `Target="`, `Target="/xl/`), "xl/worksheets/sheet1.xml": worksheet(`<row><c t="inlineStr"><is><t>a</t></is></c></row>`)},
		"names in capitals":     {"xl/worksheets/sheet1.xml": "-", "xl/Worksheets/Sheet1.XML": worksheet(`<row><c t="inlineStr"><is><t>a</t></is></c></row>`)},
		"no styles, no strings": {"xl/styles.xml": "-", "xl/sharedStrings.xml": "-", "xl/worksheets/sheet1.xml": worksheet(`<row><c t="inlineStr"><is><t>a</t></is></c></row>`)},
	} {
		if got, err := grid(pack(t, parts(files)), 1); err != nil || !slices.Equal(got, []string{"A1 1 a"}) {
			t.Errorf("%s: %q, %v", rule, got, err)
		}
	}
}

func TestHiddenSheetsAndRows(t *testing.T) {
	data := pack(t, parts(map[string]string{
		"xl/workbook.xml":          strings.Replace(bookPart, `name="Servers"`, `name="Old &amp; gone" state="veryHidden"`, 1),
		"xl/worksheets/sheet1.xml": worksheet(`<row hidden="1"><c><v>1</v></c></row><row hidden="true"><c><v>2</v></c></row><row><c><v>3</v></c></row>`)}))
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(b.Sheets) != 1 || !b.Sheets[0].Hidden || b.Sheets[0].Name != "Old & gone" {
		t.Fatalf("%+v, %v", b, err)
	}
	var hidden []bool
	if err := b.Rows(&b.Sheets[0], func(r *sheet.Row) error { hidden = append(hidden, r.Hidden); return nil }); err != nil || !slices.Equal(hidden, []bool{true, true, false}) {
		t.Errorf("%v, %v", hidden, err)
	}
}

// TestDates: both calendars, days around the one that never was, times alone, and what is none.
func TestDates(t *testing.T) {
	open := func(book string) *sheet.Book {
		data := pack(t, parts(map[string]string{"xl/workbook.xml": book}))
		b, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	old, mac := open(bookPart), open(strings.Replace(bookPart, "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1))
	for _, c := range []struct {
		book *sheet.Book
		raw  string
		want string
		ok   bool
	}{
		{old, "1", "1900-01-01", true}, {old, "59", "1900-02-28", true}, {old, "61", "1900-03-01", true}, {old, "45351", "2024-02-29", true},
		{old, "45000.5", "2023-03-15 12:00:00", true}, {old, "45000.999988426", "2023-03-15 23:59:59", true}, {old, "0.25", "06:00:00", true},
		{old, "1990-01-01", "1990-01-01", true}, {old, "2026-11-21T14:30:00", "2026-11-21 14:30:00", true},
		{old, "60", "60", false}, {old, "2958465.9999999", "2958465.9999999", false}, {old, "-1", "-1", false}, {old, "3000000", "3000000", false},
		{mac, "0", "1904-01-01", true}, {mac, "43538", "2023-03-15", true}, {mac, "0.5", "12:00:00", true},
	} {
		if got, ok := c.book.DateText(c.raw); got != c.want || ok != c.ok {
			t.Errorf("%s is %q, %t; want %q", c.raw, got, ok, c.want)
		}
	}
}

// TestAnErrorOfYieldIsReturnedAsItIs, and what was being unpacked meanwhile is given up.
func TestAnErrorOfYieldIsReturnedAsItIs(t *testing.T) {
	data := repeated(t, sheetPart, sheetBegin, "<row><c><v>1</v></c></row>", 200_000, sheetEnd, nil)
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	stop := &sheet.Error{Code: "ours"}
	if err := b.Rows(&b.Sheets[0], func(*sheet.Row) error { return stop }); err != error(stop) {
		t.Errorf("%v", err)
	}
}

// TestNothingInACellIsInAnError: whatever is wrong around it, a password in a cell is not shown.
func TestNothingInACellIsInAnError(t *testing.T) {
	const secret = "Geheim2026!"
	for _, files := range []map[string]string{
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="inlineStr"><is><t>` + secret + `<` + secret + `</t></is></c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="str"><v>a & ` + secret + `</v></c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="str"><v>&` + secret + `;</v></c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="s"><v>` + secret + `</v></c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="` + secret + `"><v>1</v></c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c>` + secret + `</c></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row>` + secret + `</row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row r="` + secret + `"><c/></row>`)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="s"><v>1</v></c></row>`), "xl/sharedStrings.xml": sst("a", secret+"<"+secret)},
		{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="s"><v>1</v></c></row>`), "xl/sharedStrings.xml": sst("a", "&"+secret+";")},
	} {
		_, err := grid(pack(t, parts(files)), 1)
		if err == nil || strings.Contains(err.Error(), "Geheim") {
			t.Errorf("%v", err)
		}
	}
}

// TestABrokenStringEndsTheTable: what stands behind it has no certain number.
func TestABrokenStringEndsTheTable(t *testing.T) {
	data := pack(t, parts(map[string]string{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>`),
		"xl/sharedStrings.xml": sst("zero", "one & bad", "two", "three")}))
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for range 2 {
		if err := b.Rows(&b.Sheets[0], func(*sheet.Row) error { return nil }); err == nil {
			t.Error("no error")
		}
	}
	if b.Verify() == nil {
		t.Error("the table is not verified")
	}
}
