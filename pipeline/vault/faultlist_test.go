package vault_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"time"
)

// What most faults come to.
var (
	fine      = outcome{"1 done", "1 ok", "1 done"}
	sentAgain = outcome{"2 done", "2 ok", "2 done"}

	// Nothing is known of a write that was sent: the list settles it.
	noAnswer       = outcome{"3 not_sent unreachable/unreachable", "3 unreachable/unreachable", "1 in_doubt"}
	noAnswerInTime = outcome{"3 not_sent unreachable/timed_out", "3 unreachable/timed_out", "1 in_doubt"}
	stalled        = outcome{"3 not_sent unreachable/timed_out", "1 unreachable/timed_out", "1 in_doubt"}
	cut            = outcome{"3 not_sent unreachable/unreachable", "1 unreachable/list_cut", "1 in_doubt"}
	noJSON         = outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/not_json", "1 in_doubt"}
	malformed      = outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/list_malformed", "1 in_doubt"}
	noVault        = outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/vault_error", "1 in_doubt"}
	outOfOrder     = outcome{"5 not_sent busy/vault_busy", "5 busy/vault_error", "1 in_doubt"}
	redirected     = outcome{"1 not_sent unreachable/redirected", "1 unreachable/redirected", "1 in_doubt unreachable/redirected"}

	// It was certainly not processed, or the vault says no.
	gateway   = outcome{"1 not_sent refused/client_refused", "2 refused/not_allowed", "2 not_sent refused/not_allowed"}
	throttled = outcome{"5 not_sent busy/vault_busy", "5 busy/vault_busy", "5 not_sent busy/vault_busy"}
	refused   = outcome{"1 not_sent refused/client_refused", "1 unreachable/vault_error", "1 refused"}
)

// with is a whole answer with a status and a body.
func with(status, body string, headers ...string) func(*wire) {
	return func(w *wire) { w.answer(status, body, headers...) }
}

// but is the good answer, changed.
func but(change func(string) string, headers ...string) func(*wire) {
	return func(w *wire) { w.answer("200 OK", change(w.good), headers...) }
}

// says is a whole answer with an envelope.
func says(status string, envelope int, failed bool, message string, headers ...string) func(*wire) {
	return with(status, fmt.Sprintf(`{"response":{"status":%d,"message":%q,"error":%v}}`, envelope, message, failed), headers...)
}

// echoes is an answer that repeats what a client should not have said aloud.
func echoes(status string, header string) func(*wire) {
	return func(w *wire) {
		said := w.request.Header.Get("Authorization") + " " + w.form + " " + theSecret
		var headers []string
		if header != "" {
			headers = []string{header + strings.ReplaceAll(said, " ", "+")}
		}
		w.answer(status, fmt.Sprintf(`{"response":{"status":400,"message":%q,"error":true},"error":%q}`, said, said), headers...)
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

// drips says a text a byte at a time, over and over, until the client hangs up.
func (w *wire) drips(text string) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for i := 0; ; i++ {
		<-ticker.C
		if _, err := w.Write([]byte{text[i%len(text)]}); err != nil {
			return
		}
	}
}

func faults() []fault {
	return append(append(lostAnswers(), brokenBodies()...), refusals()...)
}

// lostAnswers are those of which no whole answer comes.
func lostAnswers() []fault {
	half := func(s string) string { return s[:len(s)/2] }
	return []fault{
		{name: "nothing listens", gone: true, wants: outcome{"0 not_sent unreachable/connection_refused", "0 unreachable/connection_refused", "0 not_sent unreachable/connection_refused"}},
		{name: "reset before a byte is read", greets: true, redials: true, does: (*wire).reset, wants: noAnswer},
		{name: "closed before a byte is read", greets: true, does: func(*wire) {}, wants: noAnswer},
		{name: "a TLS alert where HTTP is expected", silent: true, does: func(w *wire) { w.say("\x15\x03\x01\x00\x02\x02\x46"); w.wait() }, wants: noAnswerInTime},
		{name: "another protocol's greeting", greets: true, does: func(w *wire) { w.say("SSH-2.0-OpenSSH_9.6\r\n"); w.wait() }, wants: noAnswer},
		{name: "reset once it is read", does: (*wire).reset, wants: noAnswer},
		{name: "closed without an answer", does: func(*wire) {}, wants: noAnswer},
		{name: "half a status line", does: func(w *wire) { w.say("HTTP/1.1 20") }, wants: noAnswer},
		{name: "a status line of another protocol", does: func(w *wire) { w.say("ICY 200 OK\r\n\r\n" + w.good) }, wants: noAnswer},
		{name: "a status that is no number", does: func(w *wire) { w.say("HTTP/1.1 OK 200\r\n\r\n" + w.good) }, wants: noAnswer},
		{name: "frames of HTTP/2", silent: true, does: func(w *wire) { w.say("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"); w.wait() }, wants: noAnswerInTime},
		{name: "half a header", does: func(w *wire) { w.head("200 OK", "X-Half"); w.say("Content-Le") }, wants: noAnswer},
		{name: "a header without a colon", does: func(w *wire) {
			w.head("200 OK", strings.ReplaceAll("Authorization "+w.request.Header.Get("Authorization")+" "+w.form, ":", ""))
			w.say("\r\n" + w.good)
		}, wants: noAnswer},
		{name: "headers that never end", does: func(w *wire) { w.head("200 OK"); w.forever("X-More: and more\r\n") }, wants: noAnswer},
		{name: "headers that come slowly and never end", silent: true, does: func(w *wire) { w.head("200 OK"); w.drips("X-More: and more\r\n") }, wants: noAnswerInTime},
		{name: "two lengths that differ", does: func(w *wire) { w.answer("200 OK", w.good, "Content-Length: 3") }, wants: noAnswer},
		{name: "a length that is negative", does: func(w *wire) { w.head("200 OK", "Content-Length: -1"); w.say("\r\n" + w.good) }, wants: noAnswer},
		{name: "silence", silent: true, does: (*wire).wait, wants: noAnswerInTime},
		{name: "silence behind the headers", silent: true, does: func(w *wire) { w.head("200 OK", "Content-Length: 400"); w.say("\r\n"); w.wait() }, wants: stalled},
		{name: "silence in the body", silent: true, does: func(w *wire) { w.head("200 OK", "Content-Length: 400"); w.say("\r\n" + half(w.good)); w.wait() }, wants: stalled},
		{name: "a body that drips and never ends", silent: true, until: true, does: func(w *wire) { w.head("200 OK"); w.say("\r\n"); w.drips(" ") }, wants: outcome{"3 not_sent unreachable/timed_out", "1 interrupted/interrupted", "1 in_doubt"}},
		{name: "a refusal that drips and never ends", silent: true, does: func(w *wire) { w.head("400 Bad Request"); w.say("\r\n"); w.drips(" ") }, wants: outcome{"3 not_sent unreachable/timed_out", "1 unreachable/vault_error", "1 in_doubt"}},
		{name: "a body cut by a reset", does: func(w *wire) {
			w.head("200 OK", "Content-Length: 400")
			w.say("\r\n" + half(w.good))
			w.reset()
		}, wants: cut},
		{name: "a body shorter than its length", does: func(w *wire) {
			w.head("200 OK", fmt.Sprint("Content-Length: ", len(w.good)+1))
			w.say("\r\n" + w.good)
		}, wants: cut},
		{name: "a body cut, of no given length", does: func(w *wire) { w.head("200 OK"); w.say("\r\n" + half(w.good)) }, wants: outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/list_cut", "1 in_doubt"}},
		{name: "a body longer than its length", does: func(w *wire) { w.answer("200 OK", w.good, "X-More: 1"); w.say(" and more") }, wants: fine},
		{name: "chunks without the last", does: func(w *wire) {
			w.head("200 OK", "Transfer-Encoding: chunked")
			w.say(fmt.Sprintf("\r\n%x\r\n%s\r\n", len(w.good), w.good))
		}, wants: cut},
		{name: "a chunk of a broken length", does: func(w *wire) { w.head("200 OK", "Transfer-Encoding: chunked"); w.say("\r\nzz\r\n" + w.good) }, wants: cut},
		{name: "100 Continue, then the answer", does: func(w *wire) { w.say("HTTP/1.1 100 Continue\r\n\r\n"); w.answer("200 OK", w.good) }, wants: fine},
		{name: "100 Continue, then closed", does: func(w *wire) { w.say("HTTP/1.1 100 Continue\r\n\r\n") }, wants: noAnswer},
		{name: "100 Continue without end", does: func(w *wire) { w.forever("HTTP/1.1 100 Continue\r\n\r\n") }, wants: noAnswer},
		{name: "103 with hints, then the answer", does: func(w *wire) { w.say("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"); w.answer("200 OK", w.good) }, wants: fine},
		{name: "101 to another protocol, then silence", silent: true, does: func(w *wire) {
			w.say("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n")
			w.wait()
		}, wants: noAnswer},
	}
}

// brokenBodies are answers of 2xx that do not say what they should.
func brokenBodies() []fault {
	return []fault{
		{name: "204", does: func(w *wire) { w.head("204 No Content"); w.say("\r\n") }, wants: noJSON},
		{name: "200 with nothing in it", does: with("200 OK", ""), wants: noJSON},
		{name: "200 with a login page", does: with("200 OK", "<!DOCTYPE html><title>senhasegura</title>", "Content-Type: text/html"), wants: noJSON},
		{name: "200 with an array", does: but(func(s string) string { return "[" + s + "]" }), wants: noJSON},
		{name: "200 with null", does: with("200 OK", "null"), wants: noJSON},
		{name: "200 with an empty object", does: with("200 OK", "{}"), wants: malformed},
		{name: "200 with a Python dict", does: but(func(s string) string { return strings.ReplaceAll(s, `"`, `'`) }), wants: malformed},
		{name: "200 with a bracket for a brace", does: but(func(s string) string { return s[:len(s)-1] + "]" }), wants: malformed},
		{name: "200 with something behind the end", does: but(func(s string) string { return s + "\n<!-- 0.3 s -->" }), wants: malformed},
		{name: "200 with the answer twice", does: but(func(s string) string { return s + s }), wants: malformed},
		{name: "200 with a failure, then a success", does: but(func(s string) string { return `{"response":{"status":400,"message":"1011: x","error":true},` + s[1:] }), wants: outcome{"1 done", "1 unreachable/vault_error", "1 refused"}},
		{name: "200 with a success, then a failure", does: but(func(s string) string {
			return s[:len(s)-1] + `,"response":{"status":400,"message":"1011: x","error":true}}`
		}), wants: outcome{"1 done", "1 unreachable/vault_error", "1 refused"}},
		{name: "200 with error true", does: says("200 OK", 200, true, "no"), wants: outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/vault_error", "1 refused"}},
		{name: "200 with status 400 and error false", does: says("200 OK", 400, false, "no"), wants: outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/vault_error", "1 refused"}},
		{name: "200 with status 500", does: says("200 OK", 500, true, "Unexpected error."), wants: outcome{"1 not_sent unreachable/no_vault_here", "1 busy/vault_error", "1 in_doubt"}},
		{name: "200 with a code and error false", does: says("200 OK", 200, false, "1011: Device not found"), wants: malformed},
		{name: "201 with another record's id", does: but(func(s string) string { return strings.ReplaceAll(s, `"7"`, `"8"`) }), wants: fine},
		{name: "201 with an id that is none", does: but(func(s string) string { return strings.ReplaceAll(s, `"7"`, `{"x":[]}`) }), wants: fine},
		{name: "gzip that is none", does: with("200 OK", "this is not gzip", "Content-Encoding: gzip"), wants: cut},
		{name: "gzip that is cut", does: but(func(s string) string { return zipped(s)[:40] }, "Content-Encoding: gzip"), wants: cut},
		{name: "gzip of 64 MiB", does: with("200 OK", zipped(`{"devices":[{"id":"`+strings.Repeat("a", 64<<20)), "Content-Encoding: gzip"), wants: malformed},
		{name: "an encoding that was not asked for", does: but(func(string) string { return "\x1b\x2f\x00\xf8\x8d" }, "Content-Encoding: br"), wants: noJSON},
		{name: "a body without end", does: func(w *wire) { w.head("200 OK"); w.say("\r\n" + `{"devices":[{"id":"`); w.forever("a") }, wants: malformed},
		{name: "a body of blanks without end", does: func(w *wire) {
			if w.to == toList { // of a list, 16 GiB are too much: not for a test
				w.answer("200 OK", "")
				return
			}
			w.head("200 OK")
			w.say("\r\n")
			w.forever(" ")
		}, wants: noJSON},
		{name: "NULs before the answer", does: but(func(s string) string { return "\x00\x00" + s }), wants: noJSON},
		{name: "a NUL in a text", does: but(func(s string) string { return strings.Replace(s, `":"`, "\":\"\x00", 1) }), wants: malformed},
		{name: "a byte order mark", does: but(func(s string) string { return "\ufeff" + s }), wants: outcome{"1 not_sent unreachable/no_vault_here", "1 ok", "1 done"}},
		{name: "UTF-16", does: but(func(s string) string { return "\xff\xfe" + strings.Join(strings.Split(s, ""), "\x00") + "\x00" }), wants: noJSON},
		{name: "invalid UTF-8 in a text", does: but(func(s string) string { return strings.Replace(s, `":"`, "\":\"S\xe3o ", 1) }), wants: fine},
		{name: "nested 100,000 deep", does: but(func(s string) string {
			return `{"x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "," + s[1:]
		}), wants: malformed},
		{name: "a wrong content type and headers twice", does: func(w *wire) {
			w.answer("200 OK", w.good, "Content-Type: text/plain; charset=utf-7", "Date: never", "Date: ever")
		}, wants: outcome{"1 not_sent unreachable/no_vault_here", "1 ok", "1 done"}},
	}
}

// refusals are answers that say no, in whichever way, and those that send elsewhere.
func refusals() []fault {
	elsewhere := "Location: http://127.0.0.1:1/login?next=%2F"
	const years = "Retry-After: 99999999999"
	unavailable := func(headers ...string) func(*wire) { return with("503 Service Unavailable", "", headers...) }
	tooMany := func(headers ...string) func(*wire) { return with("429 Too Many Requests", "", headers...) }
	return []fault{
		{name: "301 to another host", does: with("301 Moved Permanently", "", elsewhere), wants: redirected},
		{name: "302 to another host", does: with("302 Found", "", elsewhere), wants: redirected},
		{name: "303 to another host", does: with("303 See Other", "", elsewhere), wants: redirected},
		{name: "307 to another host", does: with("307 Temporary Redirect", "", elsewhere), wants: redirected},
		{name: "308 to another host", does: with("308 Permanent Redirect", "", elsewhere), wants: redirected},
		{name: "302 to nowhere", does: with("302 Found", ""), wants: redirected},
		{name: "302 that repeats the secrets", does: echoes("302 Found", "Location: https://127.0.0.1:1/?"), wants: redirected},
		{name: "304", does: func(w *wire) { w.head("304 Not Modified"); w.say("\r\n") }, wants: redirected},
		{name: "400 with an envelope", does: says("400 Bad Request", 400, true, "1011: Device not found"), wants: refused},
		{name: "400 with an envelope and error false", does: says("400 Bad Request", 400, false, "1026: no"), wants: refused},
		{name: "400 without an envelope", does: with("400 Bad Request", ""), wants: noVault},
		{name: "400 with a page", does: with("400 Bad Request", "<html>400</html>"), wants: noJSON},
		{name: "400 that repeats the secrets", does: echoes("400 Bad Request", ""), wants: refused},
		{name: "401", does: with("401 Unauthorized", `{"message":"Unauthorized"}`), wants: gateway},
		{name: "401 once", once: true, does: with("401 Unauthorized", `{"message":"Unauthorized"}`), wants: outcome{"1 not_sent refused/client_refused", "2 ok", "2 done"}},
		{name: "401 that repeats the secrets", does: echoes("401 Unauthorized", ""), wants: gateway},
		{name: "403 Invalid signature", does: with("403 Forbidden", `{"message":"Invalid signature"}`), wants: gateway},
		{name: "403 Invalid signature, once", once: true, does: with("403 Forbidden", `{"message":"Invalid signature"}`), wants: outcome{"1 not_sent refused/client_refused", "2 ok", "2 done"}},
		{name: "403 with an envelope", does: says("403 Forbidden", 403, true, "1009: no access"), wants: outcome{"1 not_sent refused/client_refused", "1 refused/not_allowed", "1 refused refused/not_allowed"}},
		{name: "404 no route", does: with("404 Not Found", `{"message":"no Route matched with those values"}`), wants: outcome{"1 not_sent unreachable/no_vault_here", "2 refused/not_allowed", "2 not_sent refused/not_allowed"}},
		{name: "404 no route, once", once: true, does: with("404 Not Found", `{"message":"no Route matched with those values"}`), wants: outcome{"1 not_sent unreachable/no_vault_here", "2 ok", "2 done"}},
		{name: "404 with an envelope", does: says("404 Not Found", 404, true, "1011: Device not found"), wants: outcome{"1 not_sent unreachable/no_vault_here", "1 unreachable/vault_error", "1 refused"}},
		{name: "407", does: with("407 Proxy Authentication Required", "", "Proxy-Authenticate: Basic"), wants: noVault},
		{name: "408", does: with("408 Request Timeout", ""), wants: noVault},
		{name: "409", does: with("409 Conflict", ""), wants: noVault},
		{name: "413", does: with("413 Content Too Large", "<html>413</html>"), wants: noJSON},
		{name: "418 with an envelope of success", does: func(w *wire) { w.answer("418 I'm a teapot", w.good) }, wants: refused},
		{name: "429", does: tooMany(), wants: throttled},
		{name: "429, once", once: true, does: tooMany(), wants: sentAgain},
		{name: "429 with Retry-After, once", once: true, does: tooMany("Retry-After: 1"), wants: sentAgain},
		{name: "429 with a Retry-After of years, once", once: true, does: tooMany(years), wants: sentAgain},
		{name: "429 with a broken Retry-After", does: tooMany("Retry-After: soon"), wants: throttled},
		{name: "429 with two Retry-Afters, once", once: true, does: tooMany("Retry-After: -1", "Retry-After: 7"), wants: sentAgain},
		{name: "500 before it is processed", does: with("500 Internal Server Error", ""), wants: outcome{"1 not_sent unreachable/no_vault_here", "5 busy/vault_error", "1 in_doubt"}},
		{name: "500 after it was processed", does: says("500 Internal Server Error", 500, true, "Unexpected error."), wants: outcome{"1 not_sent refused/client_refused", "5 busy/vault_error", "1 in_doubt"}},
		{name: "500 not authorized", does: says("500 Internal Server Error", 500, true, "You are not authorized to access this resource."), wants: outcome{"1 not_sent refused/client_refused", "1 refused/not_allowed", "1 in_doubt"}},
		{name: "500 once", once: true, does: says("500 Internal Server Error", 500, true, "Unexpected error."), wants: outcome{"1 not_sent refused/client_refused", "2 ok", "1 in_doubt"}},
		{name: "500 with an envelope of success", does: func(w *wire) { w.answer("500 Internal Server Error", w.good) }, wants: outcome{"1 not_sent refused/client_refused", "5 busy/vault_error", "1 in_doubt"}},
		{name: "502", does: with("502 Bad Gateway", "<html>502</html>"), wants: outOfOrder},
		{name: "503", does: unavailable(), wants: outOfOrder},
		{name: "503 with Retry-After", does: unavailable("Retry-After: 1"), wants: outcome{"5 not_sent busy/vault_busy", "5 busy/vault_error", "5 not_sent busy/vault_busy"}},
		{name: "503 with Retry-After, once", once: true, does: unavailable("Retry-After: 1"), wants: sentAgain},
		{name: "503 with a Retry-After of years, once", once: true, does: unavailable(years), wants: sentAgain},
		{name: "504", does: with("504 Gateway Timeout", ""), wants: outOfOrder},
		{name: "504 once", once: true, does: with("504 Gateway Timeout", ""), wants: outcome{"2 done", "2 ok", "1 in_doubt"}},
		{name: "599", does: with("599 Whatever", ""), wants: outOfOrder},
		{name: "read-only (1039)", does: says("400 Bad Request", 400, true, "1039: The application is read-only"), wants: outcome{"1 not_sent refused/client_refused", "1 unreachable/vault_error", "1 not_sent refused/read_only"}},
	}
}
