// Package words says problem codes and the program's own texts to a person, in English and
// Brazilian Portuguese. It knows codes and arguments, and nothing of where they come from.
//
//	words.Problem(words.English, "no_hostname", nil)      // "the hostname is empty"
//	words.Hint(words.Portuguese, "no_hostname", nil)      // "preencha o nome do dispositivo…"
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
	return fill(e.text(lang), args)
}

// Hint says the way on, "" where there is none to say.
func Hint(lang Lang, code string, args map[string]string) string {
	e, ok := find(code, args)
	if !ok {
		return ""
	}
	if lang == Portuguese {
		return fill(e.hintPt, args)
	}
	return fill(e.hintEn, args)
}

// Text is one of the program's own texts; pairs are the names and values of its arguments.
func Text(lang Lang, key string, pairs ...string) string {
	e, ok := texts[key]
	if !ok {
		return key
	}
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return fill(e.text(lang), args)
}

// Known says whether a code has words.
func Known(code string) bool {
	_, ok := problems[code]
	return ok
}

// find looks a code up; the argument "why" picks a narrower text where there is one.
func find(code string, args map[string]string) (entry, bool) {
	if why := args["why"]; why != "" {
		if e, ok := problems[code+"."+why]; ok {
			return e, true
		}
	}
	e, ok := problems[code]
	return e, ok
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

// fill puts the arguments into a text: {name}. A part in square brackets is dropped where one
// of its arguments is empty. What comes from outside loses its control characters here.
func fill(text string, args map[string]string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, "[{")
		if i < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:i])
		if strings.HasPrefix(text[i:], "{{") { // a brace that is meant as one
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
		if text[i] == '{' {
			b.WriteString(Plain(number(inner, args)))
		} else if whole(inner, args) {
			b.WriteString(fill(inner, args))
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
		if name, _, _ := strings.Cut(inner, "|"); args[name] == "" {
			return false
		}
		part = after
	}
}

// Plain makes a text from outside harmless on a terminal: control characters, escape
// sequences and direction marks are shown as what they are.
func Plain(s string) string {
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

func unsafe(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}
