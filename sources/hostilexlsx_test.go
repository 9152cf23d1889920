package sources_test

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func bookTraps() []trap {
	return slices.Concat(containerTraps(), partTraps(), rowTraps(), cellTraps(), sheetTraps(), bombTraps())
}

// containerTraps are files whose container is damaged, or is another's.
func containerTraps() []trap {
	var all []trap
	for tenth := 1; tenth < 10; tenth++ {
		all = append(all, trap{name: fmt.Sprintf("cut at %d tenths", tenth), want: "xlsx_zip at in.xlsx", file: func(t testing.TB) string {
			whole := zipped(t, bookOf(nil), nil)
			return whole[:len(whole)*tenth/10]
		}})
	}
	return append(all, []trap{
		{name: "no container behind its sign", want: "xlsx_zip at in.xlsx", file: text("PK\x03\x04 and nothing else")},
		{name: "an empty container", want: "xlsx_no_workbook at in.xlsx", file: text("PK\x05\x06" + strings.Repeat("\x00", 18))},
		{name: "a container of something else", want: "xlsx_no_workbook at in.xlsx", file: func(t testing.TB) string {
			return zipped(t, map[string]string{"a.txt": "hostname,username\na,b\n"}, nil)
		}},
		{name: "a CSV in a container", want: "xlsx_no_workbook at in.xlsx", file: func(t testing.TB) string { return zipped(t, map[string]string{"devices.csv": top + "a,b,c\n"}, nil) }},
		{name: "bytes before the container", want: "2 hostname=a site=c", file: func(t testing.TB) string { return "PK\x03\x04 not yet" + zipped(t, bookOf(nil), nil) }},
		{name: "bytes behind the container", want: "2 hostname=a site=c", file: func(t testing.TB) string { return zipped(t, bookOf(nil), nil) + "and more" }},
		{name: "a part with another checksum", want: "xlsx_zip at in.xlsx!S", file: func(t testing.TB) string { return patched(t, 16, func(b []byte) { b[0] ^= 0x55 }) }},
		{name: "a part of another length than it says", want: "xlsx_zip at in.xlsx!S", file: func(t testing.TB) string {
			return patched(t, 24, func(b []byte) { binary.LittleEndian.PutUint32(b, 7) })
		}},
		{name: "a part that says to have 4 GB", want: "xlsx_cut at in.xlsx!S", bomb: true, file: func(t testing.TB) string {
			return patched(t, 24, func(b []byte) { binary.LittleEndian.PutUint32(b, 0xfffffffe) })
		}},
		{name: "a part by Deflate64", want: "xlsx_zip at in.xlsx", file: func(t testing.TB) string {
			return patched(t, 10, func(b []byte) { binary.LittleEndian.PutUint16(b, 9) })
		}},
		{name: "a part by LZMA", want: "xlsx_zip at in.xlsx", file: func(t testing.TB) string {
			return patched(t, 10, func(b []byte) { binary.LittleEndian.PutUint16(b, 14) })
		}},
		{name: "a part that is said to be encrypted", want: "2 hostname=a site=c", file: func(t testing.TB) string { return patched(t, 8, func(b []byte) { b[0] |= 1 }) }},
		{name: "a part that begins elsewhere", want: "xlsx_zip at in.xlsx", file: func(t testing.TB) string {
			return patched(t, 42, func(b []byte) { binary.LittleEndian.PutUint32(b, 1<<20) })
		}},
		{name: "parts that are stored as they are", want: "2 hostname=a site=c", file: func(t testing.TB) string {
			return withoutSheet(t, func(w *zip.Writer) error {
				return add(w, &zip.FileHeader{Name: sheetAt, Method: zip.Store}, sheetXML(texts(2, "a", "b", "c")))
			})
		}},
		{name: "a part twice", want: "xlsx_part_twice at in.xlsx", file: func(t testing.TB) string {
			return zipped(t, bookOf(nil), func(w *zip.Writer) error {
				return add(w, &zip.FileHeader{Name: sheetAt}, sheetXML(texts(2, "x", "y", "z")))
			})
		}},
		{name: "a part twice but for the case", want: "xlsx_part_twice at in.xlsx", file: func(t testing.TB) string {
			return zipped(t, bookOf(nil), func(w *zip.Writer) error {
				return add(w, &zip.FileHeader{Name: strings.ToUpper(sheetAt)}, sheetXML(texts(2, "x", "y", "z")))
			})
		}},
		{name: "a part twice but for its slashes", want: "xlsx_part_twice at in.xlsx", file: func(t testing.TB) string {
			return zipped(t, bookOf(nil), func(w *zip.Writer) error {
				return add(w, &zip.FileHeader{Name: strings.ReplaceAll(sheetAt, "/", `\`)}, "")
			})
		}},
		{name: "names that climb out", want: "2 hostname=a site=c", file: given(map[string]string{"../../etc/cron.d/x": "x", "/etc/passwd": "y", `C:\x`: "z"})},
		{name: "an old workbook", want: "is_old_workbook at in.xlsx", file: text("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 4096))},
		{name: "a protected one that is cut", want: "wrong_book_password at in.xlsx", in: input{password: "Invented-1"}, file: text("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + wide("EncryptedPackage") + strings.Repeat("\xff", 4096))},
		{name: "a protected one without its password", want: "is_protected at in.xlsx", file: func(t testing.TB) string {
			return workbook(t, "Invented-1", page{name: "S", rows: [][]any{anys("hostname", "username"), anys("a", "b")}})
		}},
		{name: "a protected one and another password", want: "wrong_book_password at in.xlsx", in: input{password: "Invented-2"}, file: func(t testing.TB) string {
			return workbook(t, "Invented-1", page{name: "S", rows: [][]any{anys("hostname", "username"), anys("a", "b")}})
		}},
		{name: "half of a protected one", want: "wrong_book_password at in.xlsx", in: input{password: "Invented-1"}, file: func(t testing.TB) string {
			whole := workbook(t, "Invented-1", page{name: "S", rows: [][]any{anys("hostname", "username"), anys("a", "b")}})
			return whole[:len(whole)/2]
		}},
		{name: "an OpenDocument", want: "xlsx_opendocument at in.xlsx", file: func(t testing.TB) string {
			return zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<x/>", "content.xml": "<x/>"}, nil)
		}},
		{name: "a binary workbook", want: "xlsx_binary at in.xlsx", file: given(map[string]string{"_rels/.rels": strings.ReplaceAll(packageLinks, "workbook.xml", "workbook.bin")})},
		{name: "a document of words", want: "xlsx_no_workbook at in.xlsx", file: given(map[string]string{"_rels/.rels": strings.ReplaceAll(packageLinks, "xl/workbook.xml", "word/document.xml"), "word/document.xml": `<w:document xmlns:w="w"/>`, "word/_rels/document.xml.rels": bookLinks})},
	}...)
}

// patched changes bytes of the sheet's entry in the directory, from an offset on.
func patched(t testing.TB, at int, change func(b []byte)) string {
	data := []byte(zipped(t, bookOf(nil), nil))
	name := strings.LastIndex(string(data), sheetAt)
	change(data[name-46+at:])
	return string(data)
}

func withoutSheet(t testing.TB, more func(w *zip.Writer) error) string {
	return zipped(t, bookOf(map[string]string{sheetAt: "-"}), more)
}

func add(w *zip.Writer, h *zip.FileHeader, text string) error {
	f, err := w.CreateHeader(h)
	if err == nil {
		_, err = io.WriteString(f, text)
	}
	return err
}

func wide(text string) string { return inUTF16(text, false, false) }

// partTraps are workbooks whose parts do not fit each other.
func partTraps() []trap {
	link := func(from, to string) string { return strings.Replace(bookLinks, from, to, 1) }
	return []trap{
		{name: "no list of parts", want: "2 hostname=a site=c", file: given(map[string]string{"[Content_Types].xml": "-"})},
		{name: "a list of parts that lies", want: "2 hostname=a site=c", file: given(map[string]string{"[Content_Types].xml": strings.ReplaceAll(contentTypes, "application/xml", "image/png")})},
		{name: "no relationships of the package", want: "xlsx_no_workbook at in.xlsx", file: given(map[string]string{"_rels/.rels": "-"})},
		{name: "relationships that are none", want: "xlsx_malformed at in.xlsx", file: given(map[string]string{"_rels/.rels": "<html></html>"})},
		{name: "no workbook", want: "xlsx_part_missing at in.xlsx", file: given(map[string]string{bookAt: "-"})},
		{name: "a workbook of no XML", want: "xlsx_cut at in.xlsx", file: given(map[string]string{bookAt: "hostname,username\na,b\n"})},
		{name: "no relationships of the workbook", want: "xlsx_part_missing at in.xlsx", file: given(map[string]string{linksAt: "-"})},
		{name: "no sheet", want: "xlsx_part_missing at in.xlsx!S", file: given(map[string]string{sheetAt: "-"})},
		{name: "no sheets in the workbook", want: "book_no_sheets at in.xlsx", file: given(map[string]string{bookAt: strings.Replace(bookSheets, `<sheet name="S" sheetId="1" r:id="rId1"/>`, "", 1)})},
		{name: "a chart for the only sheet", want: "book_no_sheets at in.xlsx", file: given(map[string]string{linksAt: link("/worksheet\"", "/chartsheet\"")})},
		{name: "no shared strings, and none used", want: "2 hostname=a site=c", file: given(map[string]string{stringsAt: "-"})},
		{name: "no shared strings, and one used", want: "xlsx_part_missing at in.xlsx!S!A2", file: given(map[string]string{stringsAt: "-", sheetAt: sheetXML(`<row r="2"><c r="A2" t="s"><v>0</v></c></row>`)})},
		{name: "no styles, and none used", want: "2 hostname=a site=c", file: given(map[string]string{"xl/styles.xml": "-"})},
		{name: "no styles, and one used for a number", want: "xlsx_part_missing at in.xlsx!S!A2", file: given(map[string]string{"xl/styles.xml": "-", sheetAt: sheetXML(`<row r="2"><c r="A2" s="1"><v>45000</v></c><c r="B2" t="inlineStr"><is><t>b</t></is></c></row>`)})},
		{name: "a style that is not there", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2" s="99"><v>45000</v></c>`)},
		{name: "a sheet by an absolute target", want: "2 hostname=a site=c", file: given(map[string]string{linksAt: link("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml")})},
		{name: "a sheet by a target that climbs out", want: "xlsx_part_missing at in.xlsx!S", file: given(map[string]string{linksAt: link("worksheets/sheet1.xml", "../../../../etc/passwd")})},
		{name: "a sheet by a target elsewhere", want: "xlsx_part_missing at in.xlsx!S", file: given(map[string]string{linksAt: link(`Target="worksheets/sheet1.xml"`, `Target="http://192.0.2.1/x" TargetMode="External"`)})},
		{name: "a sheet that is the workbook", want: "xlsx_malformed at in.xlsx!S", file: given(map[string]string{linksAt: link("worksheets/sheet1.xml", "workbook.xml")})},
		{name: "a relationship twice", want: "xlsx_part_twice at in.xlsx", file: given(map[string]string{linksAt: link("rId2", "rId1")})},
		{name: "a document type with entities", want: "xlsx_dtd at in.xlsx!S", bomb: true, file: sheeted(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + sheetXML(texts(2, "&b;", "b", "c")))},
		{name: "an entity that nobody declared", want: "xlsx_malformed at in.xlsx!S!A2", file: rowed(texts(2, "a&x;", "b", "c"))},
		{name: "an entity of no sign", want: "xlsx_malformed at in.xlsx!S!A2", file: rowed(texts(2, "a&#0;", "b", "c"))},
		{name: "an entity of half a sign", want: "xlsx_malformed at in.xlsx!S!A2", file: rowed(texts(2, "a&#xD800;", "b", "c"))},
		{name: "a sheet that is cut in a cell", want: "xlsx_cut at in.xlsx!S!A1", file: sheeted(sheetXML(texts(2, "a", "b", "c"))[:150])},
		{name: "a sheet that is cut behind a row", want: "xlsx_cut at in.xlsx!S!C2", file: sheeted(strings.TrimSuffix(sheetXML(texts(2, "a", "b", "c")), "</sheetData></worksheet>"))},
		{name: "a sheet in UTF-16", want: "xlsx_encoding at in.xlsx!S", file: sheeted(inUTF16(sheetXML(texts(2, "a", "b", "c")), false, true))},
		{name: "a sheet that is no UTF-8", want: "xlsx_encoding at in.xlsx!S!A2", file: rowed(texts(2, "S\xe3o", "b", "c"))},
		{name: "a sheet of nothing", want: "xlsx_cut at in.xlsx!S", file: sheeted("")},
		{name: "a sheet of no rows", want: "xlsx_no_rows at in.xlsx!S", file: sheeted(`<worksheet xmlns="` + mainSpace + `"/>`)},
	}
}

// rowTraps are sheets whose rows do not stand as they say.
func rowTraps() []trap {
	return []trap{
		{name: "rows out of their order", want: "xlsx_row_number at in.xlsx!S!5", file: rowed(texts(5, "a", "b", "c") + texts(3, "d", "e", "f"))},
		{name: "a row twice", want: "xlsx_row_number at in.xlsx!S!2", file: rowed(texts(2, "a", "b", "c") + texts(2, "d", "e", "f"))},
		{name: "row 0", want: "xlsx_row_number at in.xlsx!S!1", file: rowed(texts(0, "a", "b", "c"))},
		{name: "a row below zero", want: "xlsx_row_number at in.xlsx!S!1", file: rowed(strings.Replace(texts(2, "a"), `<row r="2"`, `<row r="-2"`, 1))},
		{name: "a row beyond the last", want: "xlsx_row_number at in.xlsx!S!1", file: rowed(texts(1_048_577, "a", "b", "c"))},
		{name: "the last row there can be", want: "1048576 hostname=a site=c", bomb: true, file: rowed(texts(1_048_576, "a", "b", "c"))},
		{name: "a row of a number that no machine holds", want: "xlsx_row_number at in.xlsx!S!1", file: rowed(strings.Replace(texts(2, "a"), `<row r="2"`, `<row r="99999999999999999999"`, 1))},
		{name: "rows and cells without a place", want: "2 hostname=a", file: sheeted(bareSheet(strings.Repeat(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>`, 1) + `<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>`))},
		{name: "cells out of their order", want: "xlsx_cell_ref at in.xlsx!S!B2", file: rowed(`<row r="2"><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="A2" t="inlineStr"><is><t>a</t></is></c></row>`)},
		{name: "a cell twice", want: "xlsx_cell_ref at in.xlsx!S!A2", file: celled(`<c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="A2" t="inlineStr"><is><t>x</t></is></c>`)},
		{name: "a cell of another row", want: "xlsx_cell_ref at in.xlsx!S!2", file: celled(`<c r="A3" t="inlineStr"><is><t>a</t></is></c>`)},
		{name: "a cell beyond the last column", want: "xlsx_cell_ref at in.xlsx!S!2", file: celled(`<c r="XFE2" t="inlineStr"><is><t>a</t></is></c>`)},
		{name: "a cell of no column", want: "xlsx_cell_ref at in.xlsx!S!2", file: celled(`<c r="2" t="inlineStr"><is><t>a</t></is></c>`)},
		{name: "a cell in the last column", want: "2 hostname=a", file: rowed(`<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="XFD2" t="inlineStr"><is><t>z</t></is></c></row>`)},
		{name: "a range of all cells", want: "2 hostname=a site=c", bomb: true, file: sheeted(strings.Replace(sheetXML(texts(2, "a", "b", "c")), "<sheetData>", `<dimension ref="A1:XFD1048576"/><sheetData>`, 1))},
		{name: "spans that are not so", want: "2 hostname=a site=c", file: rowed(strings.Replace(texts(2, "a", "b", "c"), `<row r="2"`, `<row r="2" spans="1:16384"`, 1))},
		{name: "cells that are styled and hold nothing", want: "no rows", empty: true, bomb: true, file: rowed(`<row r="2"><c r="A2" s="1"/><c r="XFD2" s="1"/></row><row r="1048576"><c r="XFD1048576" s="2"/></row>`)},
		{name: "65,536 rows", want: "2 hostname=a; (65533 rows); 65536 hostname=a", bomb: true, file: flooded(sheetAt, bareSheet("")[:len(bareSheet(""))-len("</sheetData></worksheet>")]+texts(1, "hostname", "username"), `<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>`, 65_535, "</sheetData></worksheet>", nil)},
		{name: "the header once more", want: "2 hostname=a site=c; 3 hostname=hostname site=site header_again at in.xlsx!S!3; 4 hostname=d site=f", file: rowed(texts(2, "a", "b", "c") + texts(3, "hostname", "username", "site") + texts(4, "d", "e", "f"))},
		{name: "another table below", want: "other_table at in.xlsx!S!4", file: rowed(texts(2, "a", "b", "c") + texts(4, "username", "hostname", "password") + texts(5, "root", "srv", "Invented-1"))},
		{name: "a table beside the table", want: "2 hostname=a site=c", file: rowed(texts(2, "a", "b", "c", "", "x", "y"))},
		{name: "a header below the twentieth row", want: "no_key_column at in.xlsx!S!1", file: sheeted(bareSheet(manyTexts(1, 25) + texts(30, "hostname", "username", "site") + texts(31, "a", "b", "c")))},
		{name: "a header alone", want: "no rows", empty: true, file: rowed("")},
		{name: "a hidden row", want: "2 hostname=a site=c; 3 hostname=d site=f hidden", file: rowed(texts(2, "a", "b", "c") + strings.Replace(texts(3, "d", "e", "f"), "<row ", `<row hidden="1" `, 1))},
		{name: "all rows hidden", want: "2 hostname=a site=c hidden", file: rowed(strings.Replace(texts(2, "a", "b", "c"), "<row ", `<row hidden="true" `, 1))},
		{name: "a hidden column", want: "key_hidden at in.xlsx!S!1", file: sheeted(strings.Replace(sheetXML(texts(2, "a", "b", "c")), "<sheetData>", `<cols><col min="1" max="1" hidden="1"/></cols><sheetData>`, 1))},
		{name: "a merged header", want: "2 hostname=a", file: func(t testing.TB) string {
			return workbook(t, "", page{name: "S", rows: [][]any{{"hostname", nil, "username"}, {"a", "x", "b"}}, change: func(f *excelize.File, name string) error { return f.MergeCell(name, "A1", "B1") }})
		}},
		{name: "merged hostnames", want: "2 hostname=a; 3 hostname=a", file: func(t testing.TB) string {
			return workbook(t, "", page{name: "S", rows: [][]any{anys("hostname", "username"), anys("a", "b"), {nil, "c"}}, change: func(f *excelize.File, name string) error { return f.MergeCell(name, "A2", "A3") }})
		}},
	}
}

func manyTexts(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(texts(from+i, "note", "of", "ours"))
	}
	return b.String()
}

// cellTraps are cells of which nobody can say what they hold.
func cellTraps() []trap {
	return []trap{
		{name: "a text that is not in the table", want: "xlsx_string_index at in.xlsx!S!A2", file: celled(`<c r="A2" t="s"><v>3</v></c>`)},
		{name: "a text of a number below zero", want: "xlsx_string_index at in.xlsx!S!A2", file: celled(`<c r="A2" t="s"><v>-1</v></c>`)},
		{name: "a text of a huge number", want: "xlsx_string_index at in.xlsx!S!A2", file: celled(`<c r="A2" t="s"><v>4294967296</v></c>`)},
		{name: "a text of no number", want: "xlsx_string_index at in.xlsx!S!A2", file: celled(`<c r="A2" t="s"><v>x</v></c>`)},
		{name: "a text of nothing", want: "xlsx_string_index at in.xlsx!S!A2", file: celled(`<c r="A2" t="s"><v></v></c>`)},
		{name: "a type that nobody knows", want: "xlsx_cell_type at in.xlsx!S!2", file: celled(`<c r="A2" t="q"><v>1</v></c>`)},
		{name: "a text of several runs", want: "2 hostname=srv", file: celled(`<c r="A2" t="inlineStr"><is><r><t>sr</t></r><r><rPr><b/></rPr><t>v</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>`)},
		{name: "a yes or no for a name", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2" t="b"><v>1</v></c>`)},
		{name: "an error for a name", want: "2 cell_fault at in.xlsx!S!A2", file: celled(`<c r="A2" t="e"><v>#N/A</v></c>`)},
		{name: "a date for a name", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2" s="1"><v>45000</v></c>`)},
		{name: "a percentage for a name", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2" s="2"><v>12</v></c>`)},
		{name: "a number for a name", want: "2 hostname=12", file: celled(`<c r="A2"><v>12</v></c>`)},
		{name: "a number that lost its end", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2"><v>1234567890123456789</v></c>`)},
		{name: "a number with a point", want: "2 cell_other_type at in.xlsx!S!A2", file: celled(`<c r="A2"><v>1.1000000000000001</v></c>`)},
		{name: "a number that is none", want: "2 cell_broken at in.xlsx!S!A2", file: celled(`<c r="A2"><v>NaN</v></c>`)},
		{name: "a number beyond all", want: "2 cell_broken at in.xlsx!S!A2", file: celled(`<c r="A2"><v>1e999</v></c>`)},
		{name: "a formula that was never calculated", want: "2 cell_no_value at in.xlsx!S!A2", file: celled(`<c r="A2"><f>B2&amp;"x"</f></c>`)},
		{name: "a formula with its text", want: "2 hostname=bx", file: celled(`<c r="A2" t="str"><f>B2&amp;"x"</f><v>bx</v></c>`)},
		{name: "a formula with its error", want: "2 cell_fault at in.xlsx!S!A2", file: celled(`<c r="A2" t="e"><f>B9/0</f><v>#DIV/0!</v></c>`)},
		{name: "a password of a formula", want: "2 hostname=a", account: "2 hostname=a username=b cell_no_value at in.xlsx!S!C2", file: sheeted(bareSheet(texts(1, "hostname", "username", "password") + `<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="C2"><f>"Invented-"&amp;1</f></c></row>`))},
		{name: "a password of a date", want: "2 hostname=a", account: "2 hostname=a username=b cell_other_type at in.xlsx!S!C2", file: sheeted(bareSheet(texts(1, "hostname", "username", "password") + `<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="inlineStr"><is><t>b</t></is></c><c r="C2" s="1"><v>45000</v></c></row>`))},
		{name: "a broken tag in a password", want: "xlsx_malformed at in.xlsx!S!C2", file: sheeted(bareSheet(texts(1, "hostname", "username", "password") + texts(2, "a", "b", "Invented-1<x>&amp;Invented-2")))},
		{name: "two values in a cell", want: "xlsx_malformed at in.xlsx!S!A2", file: celled(`<c r="A2"><v>1</v><v>2</v></c>`)},
		{name: "a cell in a cell", want: "xlsx_malformed at in.xlsx!S!A2", file: celled(`<c r="A2"><c r="A2"><v>1</v></c></c>`)},
		{name: "a name of blanks", want: "2 site=c", file: rowed(texts(2, "  ", "b", "c"))},
		{name: "an escape for a control sign", want: "2 hostname=a\ab", file: celled(`<c r="A2" t="inlineStr"><is><t>a_x0007_b</t></is></c>`)},
		{name: "a text longer than a cell", want: "xlsx_limit at in.xlsx!S!A2", file: rowed(texts(2, strings.Repeat("x", 200_000), "b", "c"))},
	}
}

// sheetTraps are workbooks of which it is not plain which sheet is meant.
func sheetTraps() []trap {
	table := [][]any{anys("hostname", "username", "site"), anys("a", "b", "c")}
	book := func(pages ...page) func(testing.TB) string {
		return func(t testing.TB) string { return workbook(t, "", pages...) }
	}
	return []trap{
		{name: "two sheets that are alike", want: "sheets_alike at in.xlsx", file: book(page{name: "A", rows: table}, page{name: "B", rows: table})},
		{name: "a sheet of blanks", want: "book_blank at in.xlsx", file: book(page{name: "A", rows: [][]any{anys(" ", "\u00a0")}})},
		{name: "the one table is hidden", want: "sheet_hidden at in.xlsx", file: book(page{name: "A", rows: [][]any{anys("note", "of ours")}}, page{name: "B", rows: table, hidden: true})},
		{name: "a hidden one that is named", want: "2 hostname=a site=c", in: input{sheet: "B"}, file: book(page{name: "A", rows: [][]any{anys("note")}}, page{name: "B", rows: table, hidden: true})},
		{name: "a sheet of an odd name", want: "2 hostname=a site=c", in: input{sheet: "É <a> & b!"}, file: book(page{name: "É <a> & b!", rows: table})},
		{name: "a sheet that is not there", want: "sheet_missing at in.xlsx", in: input{sheet: "Servers"}, file: book(page{name: "A", rows: table})},
		{name: "two sheets of one name", want: "sheets_alike at in.xlsx", file: given(map[string]string{bookAt: strings.Replace(bookSheets, "</sheets>", `<sheet name="S" sheetId="2" r:id="rId1"/></sheets>`, 1)})},
		{name: "a sheet without a name", want: "2 hostname=a site=c", file: given(map[string]string{bookAt: strings.Replace(bookSheets, `name="S"`, `name=""`, 1)})},
		{name: "a name of control signs", want: "2 hostname=a site=c", file: given(map[string]string{bookAt: strings.Replace(bookSheets, `name="S"`, `name="a&#10;b&#x202E;c"`, 1)})},
		{name: "a workbook, and csv is configured", want: "is_workbook at in.xlsx", in: input{format: "csv"}, file: given(nil)},
		{name: "a workbook, and json is configured", want: "is_workbook at in.xlsx", in: input{format: "json"}, file: given(nil)},
		{name: "a CSV, and xlsx is configured", want: "not_workbook at in.xlsx", in: input{format: "xlsx"}, file: text(top + "a,b,c\n")},
		{name: "a CSV called a workbook", want: "2 hostname=a site=c", file: text(top + "a,b,c\n")},
		{name: "a page of HTML called a workbook", want: "no_key_column at in.xlsx:1", file: text("<html><table><tr><td>hostname</td><td>username</td></tr><tr><td>a</td><td>b</td></tr></table></html>")},
		{name: "a workbook of XML alone", want: "stray_quote at in.xlsx:1:15", file: text(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"/></Workbook>`)},
	}
}

// bombTraps are small files that are large once they are unpacked.
func bombTraps() []trap {
	begin := strings.TrimSuffix(sheetXML(""), "</sheetData></worksheet>")
	const end = "</sheetData></worksheet>"
	row := `<row r="2"><c r="A2" t="s"><v>3</v></c></row>`
	return []trap{
		{name: "150 MB of blanks in a sheet", want: "xlsx_limit at in.xlsx!S!C1", bomb: true, file: flooded(sheetAt, begin, " ", 150<<20, end, nil)},
		{name: "a cell of 150 MB", want: "xlsx_limit at in.xlsx!S!A2", bomb: true, file: flooded(sheetAt, begin+`<row r="2"><c r="A2" t="inlineStr"><is><t>`, "x", 150<<20, "</t></is></c></row>"+end, nil)},
		{name: "a shared text of 150 MB", want: "xlsx_limit at in.xlsx!S!A2", bomb: true, file: flooded(stringsAt, strings.TrimSuffix(bookStrings, "</sst>")+"<si><t>", "x", 150<<20, "</t></si></sst>", map[string]string{sheetAt: sheetXML(row)})},
		{name: "more rows than a sheet has", want: "xlsx_row_number at in.xlsx!S!1048576", bomb: true, file: flooded(sheetAt, begin, "<row/>", 1_100_000, end, nil)},
		{name: "a tag of 50 MB", want: "xlsx_limit at in.xlsx!S!C1", bomb: true, file: flooded(sheetAt, begin+"<row ", `a="b" `, 8_000_000, "></row>"+end, nil)},
		{name: "elements in elements", want: "xlsx_limit at in.xlsx!S", bomb: true, file: flooded(sheetAt, `<worksheet xmlns="`+mainSpace+`">`, "<cols>", 1_000_000, "", nil)},
		{name: "a row of 100,000 cells", want: "xlsx_cell_ref at in.xlsx!S!XFD2", bomb: true, file: flooded(sheetAt, begin+`<row r="2">`, "<c><v>1</v></c>", 100_000, "</row>"+end, nil)},
		{name: "4,200 parts", want: "xlsx_limit at in.xlsx", bomb: true, file: func(t testing.TB) string {
			return zipped(t, bookOf(nil), func(w *zip.Writer) (err error) {
				for i := 0; i < 4200 && err == nil; i++ {
					err = add(w, &zip.FileHeader{Name: fmt.Sprintf("xl/media/%d.png", i)}, "")
				}
				return err
			})
		}},
	}
}
