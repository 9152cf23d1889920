package words

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	argument = regexp.MustCompile(`\{=?([a-z_]+)\}`)
	escaped  = regexp.MustCompile(`\\[{\[]`)      // a brace or bracket that is meant as one
	literal  = regexp.MustCompile(`\{\{[^}]*\}?`) // a brace that is meant as one, as in columns: {{field}: NAME}
)

// arguments are the names in a text, sorted, each once.
func arguments(text string) []string {
	text = escaped.ReplaceAllString(strings.ReplaceAll(text, "{{", "\x00{"), "") // {{field}: is a brace and an argument
	var names []string
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// bare is what a text says without its arguments.
func bare(text string) string {
	return strings.TrimSpace(argument.ReplaceAllString(literal.ReplaceAllString(text, ""), ""))
}

func everyEntry(yield func(name string, e entry)) {
	for code, e := range problems {
		yield("problem "+code, e)
	}
	for key, e := range texts {
		yield("text "+key, e)
	}
	for word, e := range terms {
		yield("term "+word, e)
	}
}

// TestNoKeyStandsTwice: tables with a key in common are not joined.
func TestNoKeyStandsTwice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("one of two words for a key was taken")
		}
	}()
	merged(map[string]entry{"a": {en: "one"}}, map[string]entry{"a": {en: "other"}})
}

func TestBothLanguagesAreThere(t *testing.T) {
	everyEntry(func(name string, e entry) {
		if e.en == "" || e.pt == "" {
			t.Errorf("%s: %q in English, %q in Portuguese", name, e.en, e.pt)
		}
		if (e.hintEn == "") != (e.hintPt == "") {
			t.Errorf("%s: its hint is %q in English, %q in Portuguese", name, e.hintEn, e.hintPt)
		}
	})
}

func TestBothLanguagesHaveTheSameArguments(t *testing.T) {
	everyEntry(func(name string, e entry) {
		if en, pt := arguments(e.en), arguments(e.pt); !slices.Equal(en, pt) {
			t.Errorf("%s: %v in English, %v in Portuguese", name, en, pt)
		}
		if en, pt := arguments(e.hintEn), arguments(e.hintPt); !slices.Equal(en, pt) {
			t.Errorf("%s: its hint has %v in English, %v in Portuguese", name, en, pt)
		}
	})
}

// TestPortugueseIsNotEnglish: only commands and bare arguments are the same in both.
func TestPortugueseIsNotEnglish(t *testing.T) {
	everyEntry(func(name string, e entry) {
		for _, pair := range [][2]string{{e.en, e.pt}, {e.hintEn, e.hintPt}} {
			said := bare(pair[0])
			command := strings.HasPrefix(said, "pamsync ") || strings.HasPrefix(said, "chmod ")
			if pair[0] == pair[1] && strings.ContainsAny(said, "abcdefghijklmnopqrstuvwxyz") && !command {
				t.Errorf("%s: %q in both languages", name, pair[0])
			}
		}
	})
}

// TestHouseStyle: a problem starts in lower case and ends without a full stop.
func TestHouseStyle(t *testing.T) {
	for code, e := range problems {
		for _, text := range []string{e.en, e.pt, e.hintEn, e.hintPt} {
			if strings.HasSuffix(text, ".") && !strings.HasSuffix(text, " _ .") || strings.TrimSpace(text) != text {
				t.Errorf("%s: %q ends in a full stop, or has blanks around it", code, text)
			}
			if strings.Count(text, "[") != strings.Count(text, "]") || strings.Contains(fill(English, text, everyArgument(text)), "{}") {
				t.Errorf("%s: the brackets of %q", code, text)
			}
		}
	}
}

func everyArgument(text string) map[string]string {
	args := map[string]string{}
	for _, name := range arguments(text) {
		args[name] = "X"
	}
	return args
}

// TestEveryTextFills: given its arguments, nothing of the notation is left.
func TestEveryTextFills(t *testing.T) {
	everyEntry(func(name string, e entry) {
		for _, text := range []string{e.en, e.pt, e.hintEn, e.hintPt} {
			args := everyArgument(text)
			if got := fill(English, text, args); strings.Count(got, "{") != strings.Count(text, "{{")+strings.Count(text, `\{`) || len(args) > 0 && !strings.Contains(got, "X") {
				t.Errorf("%s: %q becomes %q", name, text, got)
			}
		}
	})
}

func TestFill(t *testing.T) {
	for _, c := range []struct {
		name, text string
		args       map[string]string
		want       string
	}{
		{"an argument", "{n} rows", map[string]string{"n": "3"}, "3 rows"},
		{"an argument that is not given", "{n} rows", nil, " rows"},
		{"a part whose argument is there", "bad[; near {near}]", map[string]string{"near": "x"}, "bad; near x"},
		{"a part whose argument is empty", "bad[; near {near}]", map[string]string{"near": ""}, "bad"},
		{"a part with two arguments, one empty", "bad[ {a} {b}]", map[string]string{"a": "x"}, "bad"},
		{"a part without arguments", "bad[ always]", nil, "bad always"},
		{"a brace that is meant", "columns: {{field}: NAME}", map[string]string{"field": "ip"}, "columns: {ip: NAME}"},
		{"what comes from outside is not filled again", "{a}", map[string]string{"a": "{b} [c]", "b": "no"}, "{b} [c]"},
		{"what comes from outside is plain", "{a}", map[string]string{"a": "\x1b[31mred"}, "�[31mred"},
		{"an open brace", "a {n", nil, "a {n"},
	} {
		if got := fill(English, c.text, c.args); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"ordinary text", "srv-ção <b> 日本 😀", "srv-ção <b> 日本 😀"},
		{"colour", "\x1b[31mred\x1b[0m", "�[31mred�[0m"},
		{"a title, by OSC", "\x1b]0;owned\x07", "�]0;owned�"},
		{"a control sequence in one sign", "\u009b31m", "�31m"},
		{"line breaks and tabs", "a\r\nb\tc", "a��b�c"},
		{"backspace, delete, zero", "a\b\x7f\x00", "a���"},
		{"text turned round", "exe.\u202ecod\u202c", "exe.�cod�"},
		{"isolates and marks", "\u2066a\u2069\u200e\u200f\u061c", "�a����"},
	} {
		if got := Plain(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPick(t *testing.T) {
	for _, c := range []struct {
		name, asked string
		env         map[string]string
		want        Lang
	}{
		{"nothing", "", nil, English},
		{"asked for", "pt", map[string]string{"LC_ALL": "en_US.UTF-8"}, Portuguese},
		{"asked for against the locale", "en", map[string]string{"LANG": "pt_BR.UTF-8"}, English},
		{"the locale", "", map[string]string{"LANG": "pt_BR.UTF-8"}, Portuguese},
		{"LC_ALL before LANG", "", map[string]string{"LC_ALL": "C", "LANG": "pt_BR.UTF-8"}, English},
		{"LC_MESSAGES before LANG", "", map[string]string{"LC_MESSAGES": "pt_PT", "LANG": "en_US"}, Portuguese},
		{"another language", "", map[string]string{"LANG": "de_DE.UTF-8"}, English},
	} {
		if got := Pick(c.asked, func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestProblem(t *testing.T) {
	for _, c := range []struct {
		name string
		got  string
		want string
	}{
		{"a code", Problem(English, "no_hostname", nil), "the hostname is empty"},
		{"in Portuguese", Problem(Portuguese, "no_hostname", nil), "o hostname está vazio"},
		{"an unknown code is shown as it is", Problem(English, "no_such_code", nil), "no_such_code"},
		{"a narrower reason", Problem(English, "bad_url", map[string]string{"why": "plain_http", "url": "http://x"}), `"http://x" is not encrypted`},
		{"a reason that has no words", Problem(English, "bad_url", map[string]string{"why": "other", "url": "x"}), `"x" is not a vault's address`},
		{"a hint", Hint(Portuguese, "secret_writable", map[string]string{"path": "f"}), "chmod 600 f"},
		{"no hint for an unknown code", Hint(English, "no_such_code", nil), ""},
		{"a text", Text(English, "result_line", "done", "1", "failed", "2", "skipped", "3", "unknown", "4"), "1 done, 2 failed, 3 skipped, 4 unknown."},
		{"an unknown text is its key", Text(English, "no_such_text"), "no_such_text"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	if got := Problem(English, "1011", map[string]string{"message": "Unique key error"}); !strings.Contains(got, "Unique key error") {
		t.Errorf("the vault's own code: %q", got)
	}
	if !Known("no_hostname") || Known("1011") || Known("no_such_code") {
		t.Error("Known")
	}
}

// TestCountsHaveBothForms: a number is never followed by a plural that stands whatever it is, as
// in "1 dispositivos"; {n|one|many} chooses. What is joined by hand is a word that has no plural.
func TestCountsHaveBothForms(t *testing.T) {
	plural := regexp.MustCompile(`\{([a-z_]+)\} (\p{L}+(?:s|ões|ais|éis))\b`)
	counts := map[string]bool{"n": true, "devices": true, "credentials": true, "dragged": true, "own": true, "rows": true, "gone": true, "calls": true, "read": true, "left": true,
		"create": true, "update": true, "hold": true, "held": true, "reject": true, "rejected": true, "same": true, "done": true, "skipped": true, "unknown": true, "cells": true, "in": true}
	everyEntry(func(name string, e entry) {
		for _, text := range []string{e.en, e.pt, e.hintEn, e.hintPt} {
			for _, m := range plural.FindAllStringSubmatch(text, -1) {
				if counts[m[1]] && name != "problem rows_equal" { // those are two or more
					t.Errorf("%s: %q follows a number, as in 1 %s", name, m[2], m[2])
				}
			}
		}
	})
}

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		name, text string
		args       map[string]string
		en, pt     string
	}{
		{"a kind", "of a {=kind}", map[string]string{"kind": "device"}, "of a device", "of a dispositivo"},
		{"what is wanted, with an argument of its own", "{=want}", map[string]string{"want": "want_least", "least": "3"}, "a whole number of at least 3", "um número inteiro a partir de 3"},
		{"a brace and a bracket that are meant", "{=want}", map[string]string{"want": "want_scope"}, "{field: [values]}", "{campo: [valores]}"},
		{"what is unknown stays", "{=what}", map[string]string{"what": "srv-01"}, "srv-01", "srv-01"},
		{"and is made plain", "{=what}", map[string]string{"what": "\x1b[31mred"}, "�[31mred", "�[31mred"},
		{"a cause", "{=cause}", map[string]string{"cause": "permission denied"}, "permission denied", "permissão negada"},
		{"a cause in a cause", "{=cause}", map[string]string{"cause": "line 3, byte 21: unexpected '}': a value was expected"},
			"line 3, byte 21: unexpected '}': a value was expected", "linha 3, byte 21: '}' inesperado: era esperado um valor"},
		{"a code of a filter, where it stands", "{=cause}", map[string]string{"cause": "filter_no_sign", "found": `"site"`}, `after "site" one of == != =~ !~ is missing`, `depois de "site" falta um destes: == != =~ !~`},
		{"a part whose word is empty", "bad[: {=cause}]", map[string]string{"cause": ""}, "bad", "bad"},
	} {
		if en, pt := fill(English, c.text, c.args), fill(Portuguese, c.text, c.args); en != c.en || pt != c.pt {
			t.Errorf("%s: %q and %q, wanted %q and %q", c.name, en, pt, c.en, c.pt)
		}
	}
}

// TestAKindMayHaveItsOwnText: Portuguese agrees in gender.
func TestAKindMayHaveItsOwnText(t *testing.T) {
	args := map[string]string{"kind": "credential", "n": "1", "total": "9", "limit": "0"}
	if got := Problem(Portuguese, "limit_update", args); got != "1 de 9 credenciais seria alterada (limite 0)" {
		t.Error(got)
	}
	args["kind"] = "info"
	if got := Problem(Portuguese, "limit_update", args); got != "1 de 9 registros seria alterado (limite 0)" {
		t.Error(got)
	}
	if got := Text(Portuguese, "exported", "kind", "sessions", "n", "2", "path", "s.csv"); got != "2 sessões gravadas em s.csv" {
		t.Error(got)
	}
}
