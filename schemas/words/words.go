// Package words says problem codes and the program's own texts to a person, in English and
// Brazilian Portuguese. It knows codes and arguments, and nothing of where they come from.
//
//	words.Problem(words.English, "no_hostname", nil)      // "the hostname is empty"
//	words.Hint(words.Portuguese, "no_hostname", nil)      // "preencha o nome do dispositivo…"
//
// In a text {name} is an argument as it came, {name|one|many} the form that its number asks
// for, and {=name} an argument that is a word of ours, said in the language: a kind, a code of
// what is wanted, or the English sentence of a cause. A part in [brackets] is dropped where one
// of its arguments is empty; {{name} is a brace and an argument in it, \{ and \[ are themselves.
//
// A test holds that both languages have every key, and the same arguments in each.
package words

import (
	"strings"
)

// Lang is a language.
type Lang string

// The languages. Codes, keys and result files are English whatever the language.
const (
	English    Lang = "en"
	Portuguese Lang = "pt"
)

// Pick chooses the language: what was asked for, else what the environment's locale says.
func Pick(asked string, getenv func(string) string) Lang {
	for _, name := range []string{asked, getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")} {
		if name == "" {
			continue
		}
		if strings.HasPrefix(strings.ToLower(name), "pt") {
			return Portuguese
		}
		return English
	}
	return English
}

// entry is one text in both languages, and the way on in both, which may be empty.
type entry struct {
	en, pt, hintEn, hintPt string
}

// Problem says what happened. A code that is a number is the vault's own, and is said with its
// message; an unknown code is shown as it is.
func Problem(lang Lang, code string, args map[string]string) string {
	e, ok := find(code, args)
	if !ok {
		e, ok = find("vault_refused", args)
		if !ok || !isNumber(code) {
			return Plain(code)
		}
	}
	return fill(lang, e.text(lang), args)
}

// Hint says the way on, "" where there is none to say.
func Hint(lang Lang, code string, args map[string]string) string {
	e, ok := find(code, args)
	if !ok {
		return ""
	}
	if lang == Portuguese {
		return fill(lang, e.hintPt, args)
	}
	return fill(lang, e.hintEn, args)
}

// Text is one of the program's own texts; pairs are the names and values of its arguments.
func Text(lang Lang, key string, pairs ...string) string {
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	e, ok := narrowed(texts, key, args)
	if !ok {
		return key
	}
	return fill(lang, e.text(lang), args)
}

// Pattern is one of the program's own texts as it is written, its arguments in braces, for a
// reader that fills them in itself.
func Pattern(lang Lang, key string) string {
	e, ok := texts[key]
	if !ok {
		return key
	}
	return e.text(lang)
}

// Known says whether a code has words.
func Known(code string) bool {
	_, ok := problems[code]
	return ok
}

func find(code string, args map[string]string) (entry, bool) { return narrowed(problems, code, args) }

// narrowed looks a key up; the arguments "why" and "kind" pick a narrower text, KEY.VALUE, where
// there is one: a reason of its own, or the grammar that a kind asks for.
func narrowed(table map[string]entry, key string, args map[string]string) (entry, bool) {
	for _, name := range []string{"why", "kind"} {
		if value := args[name]; value != "" {
			if e, ok := table[key+"."+value]; ok {
				return e, true
			}
		}
	}
	e, ok := table[key]
	return e, ok
}

// Term is a word of ours in the language: a kind, an action, what a value should be. An English
// sentence of a cause is said in Portuguese where that is known; what is unknown stays.
func Term(lang Lang, word string) string { return term(lang, word, nil) }

func term(lang Lang, word string, args map[string]string) string {
	if e, ok := terms[word]; ok {
		return fill(lang, e.text(lang), args)
	}
	if Known(word) && args["fault"] == word {
		return Problem(lang, word, args)
	}
	if lang == Portuguese {
		word = causeInPortuguese(word)
	}
	return Plain(word)
}

func (e entry) text(lang Lang) string {
	if lang == Portuguese {
		return e.pt
	}
	return e.en
}

func isNumber(code string) bool {
	return code != "" && strings.Trim(code, "0123456789") == ""
}

// fill puts the arguments into a text; the notation is the package's. What comes from outside
// loses its control characters here.
func fill(lang Lang, text string, args map[string]string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, `[{\`)
		if i < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:i])
		switch {
		case text[i] == '\\' && i+1 < len(text): // what follows is meant as it stands
			b.WriteByte(text[i+1])
			text = text[i+2:]
			continue
		case strings.HasPrefix(text[i:], "{{"): // a brace, and an argument in it
			b.WriteByte('{')
			text = text[i+1:]
			continue
		}
		closing := map[byte]string{'[': "]", '{': "}"}[text[i]]
		end := strings.Index(text[i:], closing)
		if end < 0 {
			b.WriteString(text[i:])
			break
		}
		inner := text[i+1 : i+end]
		switch {
		case text[i] == '{' && inner != "" && inner[0] == '=':
			b.WriteString(term(lang, args[inner[1:]], args))
		case text[i] == '{':
			b.WriteString(Plain(short(inner, number(inner, args))))
		case whole(inner, args):
			b.WriteString(fill(lang, inner, args))
		}
		text = text[i+end+1:]
	}
	return b.String()
}

// number is an argument's value, or for {name|one|many} the form that its number asks for.
func number(inner string, args map[string]string) string {
	name, forms, ok := strings.Cut(inner, "|")
	if !ok {
		return args[inner]
	}
	one, many, _ := strings.Cut(forms, "|")
	if args[name] == "1" {
		return one
	}
	return many
}

func whole(part string, args map[string]string) bool {
	for {
		_, rest, ok := strings.Cut(part, "{")
		if !ok {
			return true
		}
		inner, after, _ := strings.Cut(rest, "}")
		if name, _, _ := strings.Cut(strings.TrimPrefix(inner, "="), "|"); args[name] == "" {
			return false
		}
		part = after
	}
}

// Plain makes a text from outside harmless on a terminal: control characters, escape
// sequences and direction marks are shown as what they are.
func Plain(s string) string {
	if printable(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, unsafe) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unsafe(r) {
			return '�'
		}
		return r
	}, s)
}

// printable says whether a text is ASCII without control characters, as nearly all are.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func unsafe(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}
