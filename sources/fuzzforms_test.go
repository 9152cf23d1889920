package sources_test

import (
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// FuzzFile reads any bytes as whatever they look like, in any encoding that a configuration may name.
func FuzzFile(f *testing.F) {
	for _, c := range slicesOfTraps() {
		f.Add([]byte(c), uint8(0), false)
		f.Add([]byte(c), uint8(2), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, encoding uint8, credential bool) {
		in := input{text: string(data), kind: kindOf(credential), secrets: true}
		if names := sources.Encodings(); encoding > 0 {
			in.encoding = names[int(encoding)%len(names)]
		}
		readsTheSame(t, in)
	})
}

// slicesOfTraps are short files of every form and encoding.
func slicesOfTraps() []string {
	return []string{"", "\ufeff", "\xff\xfe", top + "a,b,c\n", "sep=;\nhostname;username\na;b\n", inUTF16(top+"ção,b,c\n", true, true), inUTF32(top+"a,b,c\n", false, false),
		"hostname,username\rc,d\r", top + "S\xe3o,São,x\n", top + "a,\"b\nc\",d\ntotal of one\n", "[" + record + "]", record + "\n" + record, "PK\x03\x04", "\xd0\xcf\x11\xe0EncryptedPackage"}
}

// FuzzBook reads any bytes as a sheet, and as the texts that it refers to, up to rows.
func FuzzBook(f *testing.F) {
	f.Add([]byte(sheetXML(texts(2, "a", "b", "c"))), []byte(bookStrings), false)
	f.Add([]byte(bareSheet(`<row r="3"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row hidden="1"><c><v>12</v></c><c s="1"><v>45000</v></c></row>`)), []byte(bookStrings), true)
	f.Add([]byte(sheetXML(`<row><c t="e"><v>#N/A</v></c><c t="str"><f>x</f></c><c t="b"><v>1</v></c></row>`+texts(9, "hostname", "username", "site"))), []byte("<sst/>"), true)
	f.Fuzz(func(t *testing.T, sheet, shared []byte, credential bool) {
		book := zipped(t, bookOf(map[string]string{sheetAt: string(sheet), stringsAt: string(shared)}), nil)
		readsTheSame(t, input{text: book, kind: kindOf(credential), secrets: true})
	})
}

// FuzzMapping reads any document with any place of records, any column and any filter.
func FuzzMapping(f *testing.F) {
	for _, c := range []struct{ document, records, column, where string }{
		{"[" + record + "]", "", "site", `site == "c"`},
		{`{"data":{"items":[{"hostname":"a","username":"b","net":[{"ip":"10.0.0.1","up":true},{"ip":"10.0.0.2"}]}]}}`, "data.items", "first_ip(net[up=true].ip)", ""},
		{`{"a":{"hostname":"x"},"b":{"hostname":"y"}}`, "*", "$key", ""},
		{`{"hostname":"a","username":"b","tags":{"x":{"y":1}}}`, "$", "coalesce(tags.*.y, lower(hostname), 'none')", `not hostname =~ "^b"`},
		{`[{"hostname":"a.b","username":"u"}]`, "", "split(hostname, '.', -1)", ""},
		{`{"a":[{"c":1}]}`, "a.b", "table(c, '1', 'one')", ""},
	} {
		f.Add([]byte(c.document), c.records, c.column, c.where, false)
		f.Add([]byte(c.document), c.records, c.column, c.where, true)
	}
	f.Fuzz(func(t *testing.T, document []byte, records, column, where string, credential bool) {
		in := input{text: string(document), format: "json", kind: kindOf(credential), secrets: true, records: strings.ToValidUTF8(records, ""), where: strings.ToValidUTF8(where, "")}
		if column = strings.ToValidUTF8(column, ""); column != "" {
			in.columns = map[schemas.Field]string{schemas.FieldIP: column, schemas.FieldContent: column}
		}
		readsTheSame(t, in)
	})
}
