package sources_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"

	"pamsync/schemas"
)

// top is the header of most of the tables here: of devices, and of credentials too.
const top = "hostname,username,site\n"

func csvTraps() []trap {
	return slices.Concat(quoteTraps(), encodingTraps(), headerTraps(), shapeTraps(), strangerTraps())
}

// quoteTraps are tables whose quotes do not pair, or pair with the wrong ones.
func quoteTraps() []trap {
	far := top + "a,b,\"c\n" + strings.Repeat("srv,root,LAX\n", 40_000)
	return []trap{
		{name: "a quote that is never closed", want: "stray_quote at in.csv:4:7", file: text(top + "a,b,c\nd,\"e,f\ng,h,i\n")},
		{name: "a quote in a bare cell", want: "stray_quote at in.csv:2:4", file: text(top + "a,b\"c,d\n")},
		{name: "text behind a closing quote", want: "stray_quote at in.csv:2:3", file: text(top + "\"a\"b,c,d\n")},
		{name: "two stray quotes that pair across rows", want: "2 hostname=a site=c\nd,e,f\ng,h,; 5 hostname=i site=k", file: text(top + "a,b,\"c\nd,e,f\ng,h,\"\ni,j,k\n")},
		{name: "two stray quotes that pair across rows of passwords", want: "2 hostname=a swallowed_cells at in.csv:2:4; 5 hostname=i site=k", account: "2 hostname=a username=b swallowed_cells at in.csv:2:4; 5 hostname=i username=j secret=*4", file: text("hostname,username,password,site\na,b,Invented-1,\"c\nd,e,Invented-2,f\ng,h,Invented-3,\"\ni,j,Invented-4,k\n")},
		{name: "a stray quote among passwords", want: "stray_quote at in.csv:4:16", file: text("hostname,username,password\na,b,Invented-1\nc,d,\"Invented-2\ne,f,Invented-3\n")},
		{name: "a quote in a password", want: "stray_quote at in.csv:2:15", file: text("hostname,username,password\na,b,Invented-1\"x\nc,d,Invented-2\n")},
		{name: "a stray quote in the header", want: "stray_quote at in.csv:2:7", file: text("hostname,\"username,site\na,b,c\n")},
		{name: "a stray quote in the last cell of all", want: "stray_quote at in.csv:2:7", file: text(top + "a,b,\"c")},
		{name: "a quote alone", want: "stray_quote at in.csv:1:2", file: text("\"")},
		{name: "a quote that closes beyond the beginning of the file", want: "2 hostname=a site=c\nsrv,root… (520006 bytes) swallowed_rows at in.csv:2", file: text(far + "x,y,\"\n")},
		{name: "a quote that never closes in a long file", want: "stray_quote at in.csv:40002:14", file: text(far)},
		{name: "a line of quotes alone", want: "2 hostname=\"\"; 3 hostname=c site=e", file: text(top + "\"\"\"\"\"\",\"\",\"\"\nc,d,e\n")},
		{name: "apostrophes for quotes", want: "2 ragged at in.csv:2", file: text(top + "'a,b','c','d'\n")},
		{name: "typographic quotes", want: "2 ragged at in.csv:2", file: text(top + "“a”,“b”,“c,d”\n")},
	}
}

// encodingTraps are texts that are not in the encoding that they seem to be in.
func encodingTraps() []trap {
	table := top + "srv-ção,root,São Paulo\n"
	utf16LE := inUTF16(table, false, true)
	lone := inUTF16(top+"srv-", false, true) + "\x00\xd8" + inUTF16(",root,LAX\n", false, false)
	return []trap{
		{name: "NUL in a cell", want: "2 hostname=a\x00b site=d", file: text(top + "a\x00b,c,d\n")},
		{name: "NULs alone", want: "no_key_column at in.csv:1", file: text(strings.Repeat("\x00", 4096))},
		{name: "NULs behind the last line", want: "2 hostname=a site=c; 3 ragged at in.csv:3", file: text(top + "a,b,c\n" + strings.Repeat("\x00", 512))},
		{name: "UTF-16LE with a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(utf16LE)},
		{name: "UTF-16BE with a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF16(table, true, true))},
		{name: "UTF-16LE without a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF16(table, false, false))},
		{name: "UTF-16BE without a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF16(table, true, false))},
		{name: "UTF-32LE with a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF32(table, false, true))},
		{name: "UTF-32BE with a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF32(table, true, true))},
		{name: "UTF-32LE without a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF32(table, false, false))},
		{name: "UTF-32BE without a mark", want: "2 hostname=srv-ção site=São Paulo", file: text(inUTF32(table, true, false))},
		{name: "UTF-16 of an odd length", want: "bad_encoding at in.csv:2", file: text(utf16LE[:len(utf16LE)-1])},
		{name: "UTF-16 of an odd length without a mark", want: "bad_encoding at in.csv:3", file: text(inUTF16(top+"a,b,c\nd,e,f", false, false) + "g")},
		{name: "UTF-16 with half a letter", want: "bad_encoding at in.csv:2", file: text(lone)},
		{name: "UTF-32 that is cut in a letter", want: "bad_encoding at in.csv:3", file: text(inUTF32(table, false, true) + "a\x00")},
		{name: "UTF-32 with a number that is no letter", want: "bad_encoding at in.csv:2", file: text(inUTF32(top+"srv", false, true) + "\x00\x00\xff\x7f" + inUTF32(",root,LAX\n", false, false))},
		{name: "the mark of UTF-16 before plain text", want: "mark_contradicts at in.csv", file: text("\xff\xfe" + table)},
		{name: "the mark of UTF-8 before UTF-16", want: "mixed_encoding at in.csv:2", file: text("\xef\xbb\xbf" + inUTF16(table, false, false))},
		{name: "the mark of UTF-8 before Windows-1252", want: "mixed_encoding at in.csv:2", file: text("\xef\xbb\xbf" + top + "srv-\xe7\xe3o,root,S\xe3o Paulo\n")},
		{name: "the mark of UTF-8 twice", want: "2 hostname=a site=c", file: text("\ufeff\ufeff" + top + "a,b,c\n")},
		{name: "a mark in the middle, before a quote", want: "stray_quote at in.csv:3:4", file: text(top + "a,b,c\n\ufeff\"d\",e,f\n")},
		{name: "a mark in the middle, before the header once more", want: "2 hostname=a site=c; 3 hostname=hostname site=site header_again at in.csv:3; 4 hostname=d site=f", file: text(top + "a,b,c\n\ufeff" + top + "d,e,f\n")},
		{name: "a mark and nothing else", want: "source_blank at in.csv", file: text("\ufeff")},
		{name: "the mark of UTF-16 and nothing else", want: "source_blank at in.csv", file: text("\xff\xfe")},
		{name: "UTF-8 and Windows-1252 in one file", want: "mixed_encoding at in.csv:2", file: text(top + "srv-ção,root,S\xe3o Paulo\n")},
		{name: "a letter that is cut at the end", want: "2 hostname=a site=SÃ", file: text(top + "a,b,S\xc3")},
		{name: "UTF-8 of a surrogate", want: "2 hostname=aí\u00a0€ site=c", file: text(top + "a\xed\xa0\x80,b,c\n")},
		{name: "UTF-8 that is longer than it need be", want: "mixed_encoding at in.csv:2", file: text(top + "a\xc0\xaf,b,São\n")},
		{name: "UTF-8 is configured, and it is not", want: "mixed_encoding at in.csv:2", in: input{encoding: "utf-8"}, file: text(top + "a,b,S\xe3o\n")},
		{name: "UTF-16 is configured, and it is not", want: "bad_encoding at in.csv:1", in: input{encoding: "utf-16le"}, file: text(top + "a,b,Sao Paulo\n")},
		{name: "UTF-16BE is configured, and the mark is of UTF-16LE", want: "mark_contradicts at in.csv", in: input{encoding: "utf-16be"}, file: text(utf16LE)},
		{name: "UTF-7", want: "2 hostname=srv-+AOcA4w-o site=LAX", file: text(top + "srv-+AOcA4w-o,root,LAX\n")},
	}
}

func inUTF32(text string, big, mark bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var b strings.Builder
	for _, r := range text {
		four := []byte{byte(r), byte(r >> 8), byte(r >> 16), byte(r >> 24)}
		if big {
			four[0], four[1], four[2], four[3] = four[3], four[2], four[1], four[0]
		}
		b.Write(four)
	}
	return b.String()
}

// headerTraps are tables whose header is not where, or what, a reader thinks.
func headerTraps() []trap {
	return []trap{
		{name: "a header alone", want: "no rows", empty: true, file: text(top)},
		{name: "a header alone, without a line break", want: "no rows", empty: true, file: text(strings.TrimSpace(top))},
		{name: "a header, and rows without anything", want: "no rows", empty: true, file: text(top + ",,\n  ,\t,\u00a0\n\n")},
		{name: "the header twice at the top", want: "2 hostname=hostname site=site header_again at in.csv:2; 3 hostname=a site=c", file: text(top + top + "a,b,c\n")},
		{name: "the header once more at the end", want: "2 hostname=a site=c; 3 hostname=hostname site=site header_again at in.csv:3", file: text(top + "a,b,c\n" + top)},
		{name: "another table below", want: "other_table at in.csv:3", file: text(top + "a,b,c\nusername,hostname,password\nroot,srv,Invented-1\n")},
		{name: "a name twice", want: "column_twice at in.csv:1:3", file: text("hostname,username,hostname\na,b,c\n")},
		{name: "two names of one field", want: "2 hostname=a site=e", file: text("hostname,username,host name,HOST_NAME,site\na,b,c,d,e\n")},
		{name: "a password twice", want: "2 hostname=a", account: "column_twice at in.csv:1:4", file: text("hostname,username,password,senha\na,b,Invented-1,Invented-2\n")},
		{name: "names without a letter", want: "no_key_column at in.csv:1", file: text(",,\na,b,c\n")},
		{name: "a name that is not there", want: "2 hostname=a site=d", file: text("hostname,username,,site\na,b,c,d\n")},
		{name: "a header of several lines", want: "4 hostname=a site=c", file: text("\"host\nname\",\"user\nname\",site\na,b,c\n")},
		{name: "a header with a delimiter more than the rows", want: "2 ragged at in.csv:2; 3 hostname=d site=f", file: text("hostname,username,site,\na,b,c\nd,e,f,\n")},
		{name: "a delimiter more at the end of each line", want: "2 hostname=a site=c", file: text("hostname,username,site,\na,b,c,\n")},
		{name: "a delimiter more at the end of each row alone", want: "2 hostname=a site=c; 3 ragged at in.csv:3", file: text(top + "a,b,c,\nd,e,f,g\n")},
		{name: "rows too short and too long", want: "2 ragged at in.csv:2; 3 hostname=c site=e; 4 ragged at in.csv:4; 5 ragged at in.csv:5", file: text(top + "a,b\nc,d,e\nf,g,h,i\nj\n")},
		{name: "no header, but an address", want: "no_header at in.csv:1:3", file: text("srv-01,root,10.0.0.1\nsrv-02,root,10.0.0.2\n")},
		{name: "no header, but a password", want: "no_key_column at in.csv:1", file: text("srv-01,root,Invented-1!\nsrv-02,root,Invented-2!\n")},
		{name: "100,000 columns", want: "2 hostname=a", bomb: true, file: text("hostname,username" + strings.Repeat(",x", 100_000) + "\na,b" + strings.Repeat(",y", 100_000) + "\n")},
		{name: "100,000 columns of no inventory", want: "no_key_column at in.csv:1", bomb: true, file: text("x" + strings.Repeat(",x", 100_000) + "\n")},
		{name: "100,000 nameless columns", want: "2 hostname=a", bomb: true, file: text("hostname,username" + strings.Repeat(",", 100_000) + "\na,b" + strings.Repeat(",", 100_000) + "\n")},
		{name: "sep= and no delimiter", want: "3 hostname=a site=c", file: text("sep=\n" + top + "a,b,c\n")},
		{name: "sep= and two delimiters", want: "3 hostname=a site=c", file: text("sep=;;\nhostname;username;site\na;b;c\n")},
		{name: "sep= and a quote", want: "3 hostname=a site=c", file: text("sep=\"\n" + top + "a,b,c\n")},
		{name: "sep= and another delimiter than the file's", want: "no_key_column at in.csv:2", file: text("sep=;\n" + top + "a,b,c\n")},
		{name: "sep= and a letter", want: "no_key_column at in.csv:2", file: text("sep=s\n" + top + "a,b,c\n")},
		{name: "sep= and a NUL", want: "3 hostname=a site=c", file: text("sep=\x00\n" + top + "a,b,c\n")},
		{name: "sep= and a delimiter beyond ASCII", want: "no_key_column at in.csv:1", file: text("sep=§\nhostname§username§site\na§b§c\n")},
		{name: "sep= and a carriage return", want: "3 hostname=a site=c", file: text("sep=\r\n" + top + "a,b,c\n")},
		{name: "sep= alone", want: "source_blank at in.csv", file: text("sep=;")},
		{name: "sep= twice", want: "4 hostname=a site=c", file: text("sep=;\nsep=;\nhostname;username;site\na;b;c\n")},
		{name: "a configured column that is not there", want: "column_missing at in.csv", in: input{columns: map[schemas.Field]string{schemas.FieldIP: "endereço"}}, file: text(top + "a,b,c\n")},
		{name: "a configured column beyond the last", want: "column_missing at in.csv", in: input{columns: map[schemas.Field]string{schemas.FieldIP: "#9"}}, file: text(top + "a,b,c\n")},
	}
}

// shapeTraps are tables with something in a row, or in a line, that no inventory has.
func shapeTraps() []trap {
	return []trap{
		{name: "nothing at all", want: "source_blank at in.csv", file: text("")},
		{name: "blank lines alone", want: "source_blank at in.csv", file: text("\n\r\n \n\t\n")},
		{name: "a delimiter alone", want: "no_key_column at in.csv:1", file: text(",")},
		{name: "delimiters alone", want: "no_key_column at in.csv:1", file: text(",,,\n,,,\n")},
		{name: "lone CR", want: "2 hostname=a site=c; 3 hostname=d site=f", file: text("hostname,username,site\ra,b,c\rd,e,f\r")},
		{name: "lone CR behind the header, LF behind the rows", want: "2 ragged at in.csv:2", file: text("hostname,username,site\ra,b,c\nd,e,f\n")},
		{name: "lone CR behind a row, CRLF behind the others", want: "2 ragged at in.csv:2; 3 hostname=g site=i", file: text("hostname,username,site\r\na,b,c\rd,e,f\r\ng,h,i\r\n")},
		{name: "a lone CR, and nothing but the last cell", want: "2 hostname=srv-01\rsrv-02", file: text("username,hostname\r\nroot,srv-01\rsrv-02\r\n")},
		{name: "CRLF and LF in turn", want: "2 hostname=a site=c; 3 hostname=d site=f; 6 hostname=g site=i", file: text("hostname,username,site\r\na,b,c\nd,e,f\r\n\r\n\ng,h,i")},
		{name: "CR CR LF", want: "2 hostname=a site=c; 3 hostname=d site=f", file: text("hostname,username,site\r\r\na,b,c\r\r\nd,e,f\r\r\n")},
		{name: "LF CR", want: "2 hostname=a site=c; 3 hostname=d site=f", file: text("hostname,username,site\n\ra,b,c\n\rd,e,f\n\r")},
		{name: "other signs that end a line", want: "2 ragged at in.csv:2", file: text(top + "a,b,c\u2028d,e,f\u0085g,h,i\vj,k,l\fm,n,o\n")},
		{name: "a cell of 16 MB", want: "row_too_long at in.csv:2", bomb: true, file: text(top + "a,b," + strings.Repeat("x", 16<<20) + "\nd,e,f\n")},
		{name: "a quoted cell of 16 MB", want: "row_too_long at in.csv:2", bomb: true, file: text(top + "a,b,\"" + strings.Repeat("x\n", 8<<20) + "\"\nd,e,f\n")},
		{name: "1 MB without a line break", want: "no_key_column at in.csv:1", bomb: true, file: text(strings.Repeat("x", 1<<20))},
		{name: "300,000 delimiters", want: "no rows", empty: true, bomb: true, file: text(top + strings.Repeat(",", 300_000))},
		{name: "a header behind 1 MB of another line", want: "no_key_column at in.csv:1", bomb: true, file: text(strings.Repeat("x", 1<<20) + "\n" + top + "a,b,c\n")},
		{name: "formulas", want: "2 hostname==HYPERLINK(\"http://x\",\"y\") site=@a; 3 hostname=+a site==c", file: text(top + "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",=1+1,@a\n+a,-b,'=c\n")},
		{name: "a hostname of 100,000 letters", want: "2 hostname=hhhhhhhhhh… (100000 bytes) site=c", file: text(top + strings.Repeat("h", 100_000) + ",b,c\n")},
		{name: "control signs", want: "2 hostname=a\ab site=d\x7f", file: text(top + "a\x07b,c\x1b[31m,d\x7f\n")},
		{name: "signs that turn the text around", want: "2 hostname=a\u202eb site=e\u200ef", file: text(top + "a\u202eb,c\u2066d,e\u200ef\n")},
		{name: "the sign that ends a file of DOS", want: "2 hostname=a site=c; 3 ragged at in.csv:3", file: text(top + "a,b,c\r\n\x1a")},
		{name: "a comment above and one below", want: "3 hostname=a site=c", file: text("# made by hand\n" + top + "a,b,c\n# end of list\n")},
		{name: "a note above and one below", want: "4 hostname=a site=c", file: text("List of servers\n\n" + top + "a,b,c\nTotal of 1 server\n")},
		{name: "notes between rows", want: "2 hostname=a site=c; 3 ragged at in.csv:3; 4 hostname=d site=f", file: text(top + "a,b,c\nthis is a note\nd,e,f\n")},
		{name: "more notes below than are looked for", want: "2 hostname=a site=c; (20 rows); 23 ragged at in.csv:23", file: text(top + "a,b,c\n" + strings.Repeat("this is a note\n", 30))},
		{name: "where on a column that is not there", want: "filter_column at in.csv", in: input{where: `status == "1"`}, file: text(top + "a,b,c\n")},
		{name: "where that leaves all out", want: "2 hostname=a site=c left out", in: input{where: `site == "x"`}, file: text(top + "a,b,c\n")},
		{name: "a where that is none", want: "bad_filter at in.csv", in: input{where: `site = `}, file: text(top + "a,b,c\n")},
	}
}

// strangerTraps are files of another kind.
func strangerTraps() []trap {
	binary := make([]byte, 8192)
	for i := range binary {
		binary[i] = byte(i*i*31 + i>>3)
	}
	return []trap{
		{name: "bytes without a meaning", want: "stray_quote at in.csv:1:83", file: text(string(binary))},
		{name: "a gzip", want: "no_key_column at in.csv:1", file: text(gzipped(top + "a,b,c\n"))},
		{name: "a PDF", want: "no_key_column at in.csv:1", file: text("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n")},
		{name: "a PNG", want: "no_key_column at in.csv:1", file: text("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde")},
		{name: "a program", want: "no_key_column at in.csv:1", file: text("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x02\x00>\x00")},
		{name: "a SQLite database", want: "no_key_column at in.csv:1", file: text("SQLite format 3\x00\x10\x00\x01\x01\x00@  \x00\x00\x00\x02")},
		{name: "a page of HTML", want: "no_key_column at in.csv:1", file: text("<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body><form><input name=\"username\"><input name=\"password\"></form></body></html>\n")},
		{name: "an error of a proxy", want: "no_key_column at in.csv:1", file: text("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n")},
		{name: "XML", want: "stray_quote at in.csv:1:15", file: text("<?xml version=\"1.0\"?>\n<devices><device hostname=\"a\"/></devices>\n")},
		{name: "YAML", want: "no_key_column at in.csv:1", file: text("devices:\n  - hostname: a\n    username: b\n  - hostname: c\n    username: d\n")},
		{name: "an INI", want: "json_broken at in.csv:1", file: text("[server]\nhostname=a\nusername=b\n")},
		{name: "SQL", want: "no_key_column at in.csv:1", file: text("INSERT INTO devices (hostname,username,site) VALUES ('a','b','c');\n")},
		{name: "a letter", want: "no_key_column at in.csv:1", file: text("From: ana@example\nTo: bob@example\nSubject: list\n\nDear Bob, here it is.\n")},
		{name: "a log", want: "no_key_column at in.csv:1", file: text("2026-11-02T15:04:05Z error: export failed, try again\n")},
		{name: "one word", want: "no_key_column at in.csv:1", file: text("Unauthorized")},
		{name: "a table of Markdown", want: "2 hostname=--- site=---; 3 hostname=a site=c", file: text("| hostname | username | site |\n|---|---|---|\n| a | b | c |\n")},
		{name: "columns of a fixed width", want: "no_key_column at in.csv:1", file: text("hostname   username   site\nsrv-01     root       LAX\n")},
		{name: "a table of blanks and bars", want: "no_key_column at in.csv:1", account: "3 ragged at in.csv:3; 4 hostname=a username=b; 5 ragged at in.csv:5", file: text("+----------+----------+\n| hostname | username |\n+----------+----------+\n| a        | b        |\n+----------+----------+\n")},
		{name: "JSON Lines, and csv is configured", want: "stray_quote at in.csv:1:2", in: input{format: "csv"}, file: text("{\"hostname\":\"a\",\"username\":\"b\"}\n{\"hostname\":\"c\",\"username\":\"d\"}\n")},
		{name: "JSON, and csv is configured", want: "no_key_column at in.csv:1", in: input{format: "csv"}, file: text("[\n  {\n    \"hostname\": \"a\"\n  }\n]\n")},
		{name: "a CSV, and xlsx is configured", want: "not_workbook at in.csv", in: input{format: "xlsx"}, file: text(top + "a,b,c\n")},
		{name: "a CSV, and json is configured", want: "not_json_file at in.csv", in: input{format: "json"}, file: text(top + "a,b,c\n")},
		{name: "a pointer of Git LFS", want: "no_key_column at in.csv:1", file: text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")},
		{name: "our own plan", want: "is_record_file at in.csv", file: text("{\"start\":{\"format\":\"pamsync-plan\",\"version\":1}}\n")},
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}
