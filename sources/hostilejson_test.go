package sources_test

import (
	"fmt"
	"slices"
	"strings"

	"pamsync/schemas"
)

// record is what most of the documents here are made of: a device, and an account too.
const record = `{"hostname":"a","username":"b","site":"c"}`

func jsonTraps() []trap {
	return slices.Concat(cutTraps(), syntaxTraps(), recordTraps(), placeTraps(), lineTraps(), documentTraps())
}

// cutTraps are documents that end too soon, and one that does not.
func cutTraps() []trap {
	whole := `{"result":[` + strings.Repeat(`{"hostname":"srv-01","username":"root","site":"LAX"},`, 9) + `{"hostname":"srv-10","username":"root"}],"total":10}`
	var all []trap
	for tenth := 1; tenth < 10; tenth++ {
		all = append(all, trap{name: fmt.Sprintf("cut at %d tenths", tenth), want: "json_cut at in.json:1", file: text(whole[:len(whole)*tenth/10])})
	}
	return append(all,
		trap{name: "cut before its last sign", want: "json_cut at in.json:1", file: text(whole[:len(whole)-1])},
		trap{name: "cut behind the list", want: "json_cut at in.json:1", file: text(whole[:strings.Index(whole, `,"total"`)])},
		trap{name: "cut in UTF-16", want: "bad_encoding at in.json:1", file: text(inUTF16(whole, false, true)[:2*len(whole)-101])},
		trap{name: "cut in a letter", want: "json_cut at in.json:1", file: text(`[{"hostname":"a","username":"b","site":"S` + "\xc3")},
	)
}

// syntaxTraps are documents that are nearly JSON, or JSON that readers take differently.
func syntaxTraps() []trap {
	deep := func(n int) string { return strings.Repeat(`[`, n) + strings.Repeat(`]`, n) }
	return []trap{
		{name: "a mark before it", want: "1 hostname=a site=c", file: text("\ufeff[" + record + "]")},
		{name: "a mark in the middle", want: "json_broken at in.json:1", file: text("[" + record + ",\ufeff" + record + "]")},
		{name: "UTF-16 with a mark", want: "1 hostname=a site=c", file: text(inUTF16("["+record+"]", true, true))},
		{name: "UTF-16 without a mark", want: "1 hostname=a site=c", file: text(inUTF16("["+record+"]", false, false))},
		{name: "Windows-1252", want: "1 hostname=a site=São", file: text("[{\"hostname\":\"a\",\"username\":\"b\",\"site\":\"S\xe3o\"}]")},
		{name: "a comment", want: "json_broken at in.json:1", file: text("[" + record + ", // the last\n" + record + "]")},
		{name: "a comment before it", want: "no_key_column at in.json:1", file: text("/* devices */\n[" + record + "]")},
		{name: "a comma behind the last record", want: "json_broken at in.json:1", file: text("[" + record + ",]")},
		{name: "a comma behind the last member", want: "json_broken at in.json:1", file: text(`[{"hostname":"a","username":"b",}]`)},
		{name: "no comma between two records", want: "json_broken at in.json:1", file: text("[" + record + record + "]")},
		{name: "apostrophes for quotes", want: "json_broken at in.json:1", file: text(`[{'hostname':'a','username':'b'}]`)},
		{name: "names without quotes", want: "json_broken at in.json:1", file: text(`[{hostname:"a",username:"b"}]`)},
		{name: "NaN", want: "json_broken at in.json:1", file: text(`[{"hostname":"a","username":"b","site":NaN}]`)},
		{name: "None", want: "json_broken at in.json:1", file: text(`[{"hostname":"a","username":"b","site":None}]`)},
		{name: "a number that begins with zero", want: "json_broken at in.json:1", file: text(`[{"hostname":"a","username":"b","site":007}]`)},
		{name: "a number of a thousand digits", want: "1 hostname=a site=9999999999… (1000 bytes)", file: text(`[{"hostname":"a","username":"b","site":` + strings.Repeat("9", 1000) + `}]`)},
		{name: "a number that no machine holds", want: "1 hostname=1e400 site=-0.0", file: text(`[{"hostname":1e400,"username":12345678901234567890,"site":-0.0}]`)},
		{name: "a control sign in a text", want: "json_broken at in.json:1", file: text("[{\"hostname\":\"a\nb\",\"username\":\"b\"}]")},
		{name: "an escape for a control sign", want: "1 hostname=a\x00b site=\u202ec", file: text(`[{"hostname":"a\u0000b","username":"b\u001b[31m","site":"\u202ec"}]`)},
		{name: "half a letter", want: "1 hostname=a� site=😀", file: text(`[{"hostname":"a\ud800","username":"b\udc00","site":"\ud83d\ude00"}]`)},
		{name: "an escape that is none", want: "json_broken at in.json:1", file: text(`[{"hostname":"a\x41","username":"b"}]`)},
		{name: "an escape that is cut", want: "json_broken at in.json:1", file: text(`[{"hostname":"a\u00","username":"b"}]`)},
		{name: "a member twice", want: "1 hostname=a member_twice at in.json#/0", file: text(`[{"hostname":"a","username":"b","hostname":"x"}]`)},
		{name: "a member twice but for its escapes", want: "1 hostname=a member_twice at in.json#/0", file: text(`[{"hostname":"a","username":"b","host\u006eame":"x"}]`)},
		{name: "a member twice but for its case", want: "1 hostname=a member_twice at in.json#/0", file: text(`[{"hostname":"a","username":"b","Hostname":"x"}]`)},
		{name: "a password twice", want: "1 hostname=a", account: "1 hostname=a username=b secret=*1 member_twice at in.json#/0", file: text(`[{"hostname":"a","username":"b","password":"Invented-1","password":"Invented-2"}]`)},
		{name: "the list twice", want: "1 hostname=a site=c; 2 hostname=x", file: text(`{"result":[` + record + `],"result":[{"hostname":"x","username":"y"}]}`)},
		{name: "something behind the end", want: "json_broken at in.json:1", file: text("[" + record + "] x")},
		{name: "10,000 lists in lists", want: "json_limit at in.json", bomb: true, file: text(deep(10_000))},
		{name: "10,000 objects in objects", want: "json_limit at in.json", bomb: true, file: text(strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000))},
		{name: "a record with 10,000 lists in lists", want: "json_limit at in.json", bomb: true, file: text(`[{"hostname":"a","username":"b","tags":` + deep(10_000) + `}]`)},
		{name: "a million lists that never end", want: "json_limit at in.json", bomb: true, file: text(strings.Repeat("[", 1_000_000))},
		{name: "a record of 9 MB", want: "json_limit at in.json", bomb: true, file: text(`[{"hostname":"a","username":"b","site":"` + strings.Repeat("x", 9<<20) + `"}]`)},
		{name: "9 MB above the records", want: "json_limit at in.json", bomb: true, file: text(`{"meta":"` + strings.Repeat("x", 9<<20) + `","result":[` + record + `]}`)},
		{name: "a name of 1 MB", want: "1 hostname=a", bomb: true, file: text(`[{"` + strings.Repeat("x", 1<<20) + `":1,"hostname":"a","username":"b"}]`)},
		{name: "a record of 100,000 members", want: "1 hostname=a", bomb: true, file: text(`[{"hostname":"a","username":"b"` + manyMembers(100_000) + `}]`)},
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"x%d":1`, i)
	}
	return b.String()
}

// recordTraps are lists of something else than records.
func recordTraps() []trap {
	return []trap{
		{name: "an empty list", want: "no rows", empty: true, file: text("[]")},
		{name: "an empty result", want: "no rows", empty: true, file: text(`{"result":[]}`)},
		{name: "a result of null", want: "no_records at in.json", file: text(`{"result":null}`)},
		{name: "a list of texts", want: "no_key_column at in.json", file: text(`["srv-01","srv-02"]`)},
		{name: "a list of lists", want: "no_key_column at in.json", file: text(`[["hostname","username"],["a","b"]]`)},
		{name: "a list of lists of records", want: "no_key_column at in.json", file: text("[[" + record + "],[" + record + "]]")},
		{name: "a list of nothing", want: "no_key_column at in.json", file: text("[null,null]")},
		{name: "nothing among the records", want: "1 hostname=a site=c; (5 rows); 7 hostname=a site=c", file: text("[" + record + ",null,7,\"x\",[],{}," + record + "]")},
		{name: "empty records", want: "no_key_column at in.json", file: text("[{},{}]")},
		{name: "numbers for names", want: "1 hostname=12 site=true", file: text(`[{"hostname":12,"username":1.50,"site":true}]`)},
		{name: "a list for a name", want: "1 not_text at in.json#/0/hostname; 2 hostname=a site=c", file: text(`[{"hostname":["a","b"],"username":"c"},` + record + `]`)},
		{name: "an object for a name", want: "1 not_text at in.json#/0/hostname; 2 hostname=a site=c", file: text(`[{"hostname":{"id":7},"username":{"id":8}},` + record + `]`)},
		{name: "null for a name", want: "1 site=c; 2 hostname=a site=c", file: text(`[{"hostname":null,"username":null,"site":"c"},` + record + `]`)},
		{name: "a password of true", want: "1 hostname=a; 2 hostname=c", account: "1 hostname=a username=b not_text at in.json#/0; 2 hostname=c username=d secret=*1", file: text(`[{"hostname":"a","username":"b","password":true},{"hostname":"c","username":"d","password":"Invented-1"}]`)},
		{name: "a password of an object", want: "1 hostname=a", account: "1 hostname=a username=b not_text at in.json#/0", file: text(`[{"hostname":"a","username":"b","password":{"value":"Invented-1"}}]`)},
		{name: "other members than a record has", want: "no_key_column at in.json", file: text(`[{"x":1},{"y":2}]`)},
	}
}

// placeTraps are documents whose records are not where they are looked for.
func placeTraps() []trap {
	at := func(records string) input { return input{records: records} }
	two := `{"result":[` + record + `],"other":[` + record + `]}`
	return []trap{
		{name: "records of nowhere", want: "records_missing at in.json", in: at("data.items"), file: text(two)},
		{name: "records of a text", want: "records_no_array at in.json", in: at("a"), file: text(`{"a":"b"}`)},
		{name: "records of an object", want: "records_no_array at in.json", in: at("a"), file: text(`{"a":{"b":1}}`)},
		{name: "records below a text", want: "records_missing at in.json", in: at("a.b"), file: text(`{"a":"b"}`)},
		{name: "records below null", want: "no rows", empty: true, in: at("a.b"), file: text(`{"a":null}`)},
		{name: "records below lists without them", want: "records_missing at in.json", in: at("a.b"), file: text(`{"a":[{"c":1},{"c":2}]}`)},
		{name: "records of each member, and there is none", want: "no rows", empty: true, in: at("*"), file: text(`{}`)},
		{name: "records of each member, and one is a number", want: "records_no_array at in.json", in: at("*"), file: text(`{"x":` + record + `,"y":7}`)},
		{name: "records with a slash", want: "records_missing at in.json", in: at("#/result"), file: text(two)},
		{name: "records of dots", want: "records_missing at in.json", in: at("..."), file: text(two)},
		{name: "records of brackets", want: "records_missing at in.json", in: at("result[0]"), file: text(two)},
		{name: "two lists that are alike", want: "records_ambiguous at in.json", file: text(`{"a":[` + record + `],"b":[` + record + `]}`)},
		{name: "records under a name, and a scalar beside them", want: "no_records at in.json", file: text(`{"srv-01":{"ip":"10.0.0.1","username":"root","hostname":"a"},"version":7}`)},
		{name: "records under their names", want: "1 hostname=a ip=10.0.0.1; 2 hostname=b ip=10.0.0.2", file: text(`{"srv-01":{"ip":"10.0.0.1","username":"root","hostname":"a"},"srv-02":{"ip":"10.0.0.2","username":"root","hostname":"b"}}`)},
		{name: "a column of nowhere", want: "column_missing at in.json", in: input{columns: map[schemas.Field]string{schemas.FieldIP: "net.0.ip"}}, file: text("[" + record + "]")},
		{name: "a column of brackets that do not pair", want: "column_missing at in.json", in: input{columns: map[schemas.Field]string{schemas.FieldIP: "net[[0].ip"}}, file: text("[" + record + "]")},
		{name: "a column that is no expression", want: "bad_expression at in.json", in: input{columns: map[schemas.Field]string{schemas.FieldIP: "split(net)"}}, file: text("[" + record + "]")},
		{name: "where on a member that is not there", want: "filter_column at in.json", in: input{where: `status == "1"`}, file: text("[" + record + "]")},
	}
}

// lineTraps are records that stand one behind the other.
func lineTraps() []trap {
	return []trap{
		{name: "a record a line, and blank lines", want: "1 hostname=a site=c; 2 hostname=a site=c", file: text(record + "\n\n\r\n" + record + "\n")},
		{name: "a record a line, and one is cut", want: "json_broken at in.json:2", file: text(record + "\n" + record[:20] + "\n" + record + "\n")},
		{name: "a record a line, and the last is cut", want: "json_cut at in.json:2", file: text(record + "\n" + record[:20])},
		{name: "a record a line, and a word", want: "json_broken at in.json:2", file: text(record + "\nerror: timed out\n" + record + "\n")},
		{name: "a record a line, and a number", want: "1 hostname=a site=c; 2 record_no_object at in.json#/1; 3 hostname=a site=c", file: text(record + "\n7\n" + record + "\n")},
		{name: "a record a line, and a list", want: "1 hostname=a site=c; 2 record_no_object at in.json#/1", file: text(record + "\n[" + record + "]\n")},
		{name: "a record a line, and commas", want: "json_broken at in.json:1", file: text(record + ",\n" + record + ",\n")},
		{name: "two lists one behind the other", want: "json_broken at in.json:2", file: text("[" + record + "]\n[" + record + "]\n")},
		{name: "two results one behind the other", want: "no_key_column at in.json", file: text(`{"result":[` + record + `]}` + "\n" + `{"result":[` + record + `]}`)},
		{name: "one record", want: "1 hostname=a site=c", file: text(record)},
	}
}

// documentTraps are answers that are no inventory, or not the whole of one.
func documentTraps() []trap {
	return []trap{
		{name: "an error", want: "no_records at in.json", file: text(`{"error":{"message":"denied","detail":"who are you"},"status":"failure"}`)},
		{name: "an error of a remote call", want: "no_records at in.json", file: text(`{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params."},"id":1}`)},
		{name: "an error beside an empty result", want: "no rows; in error: status: failure", empty: true, file: text(`{"result":[],"error":{"message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}`)},
		{name: "an error behind records", want: "1 hostname=a site=c; in error: error", file: text(`{"result":[` + record + `],"error":{"message":"Transaction cancelled"}}`)},
		{name: "an error in a list", want: "no_key_column at in.json", file: text(`[{"error":"denied"}]`)},
		{name: "a next page", want: "1 hostname=a site=c; a page, next: https://nb/?offset=1", file: text(`{"count":4,"next":"https://nb/?offset=1","results":[` + record + `]}`)},
		{name: "a count beyond the records", want: "1 hostname=a site=c; a page, next: 100 records", file: text(`{"total":100,"result":[` + record + `]}`)},
		{name: "a count beyond no records", want: "no rows; a page, next: 100 records", empty: true, file: text(`{"total":100,"result":[]}`)},
		{name: "a page of HTML", want: "no_key_column at in.json:1", file: text("<!DOCTYPE html><html><body>Sign in</body></html>")},
		{name: "a page of HTML, and json is configured", want: "not_json_file at in.json", in: input{format: "json"}, file: text("<!DOCTYPE html><html><body>Sign in</body></html>")},
		{name: "a text", want: "no_key_column at in.json:1", file: text(`"denied"`)},
		{name: "null", want: "no_key_column at in.json:1", file: text("null")},
		{name: "null, and json is configured", want: "not_json_file at in.json", in: input{format: "json"}, file: text("null")},
		{name: "an empty object", want: "no_records at in.json", file: text("{}")},
		{name: "a brace", want: "json_cut at in.json:1", file: text("{")},
		{name: "a bracket, and another that closes", want: "json_broken at in.json:1", file: text("[}")},
		{name: "NULs behind it", want: "json_broken at in.json:1", file: text("[" + record + "]" + strings.Repeat("\x00", 512))},
		{name: "a journal of ours", want: "is_record_file at in.json", file: text("{\"start\":{\"format\":\"pamsync-journal\",\"version\":1}}\n{\"x\":{}}\n")},
	}
}
