package words

import (
	"regexp"
	"strings"
)

// Pattern is one of the program's own texts as it is written, its arguments in braces, for a
// reader that fills them in itself.
func Pattern(lang Lang, key string) string {
	e, ok := texts[key]
	if !ok {
		return key
	}
	return e.text(lang)
}

// Recorded says in either language what a result file recorded in English: it reads the
// arguments back out of the message. Its zero value is ready for use, by one goroutine.
type Recorded struct {
	forms map[string]*regexp.Regexp
}

// Say tells a code with its recorded message, and the way on. A message that the code's words
// do not explain is shown as it was recorded; a hint that needs an unknown argument is left out.
func (r *Recorded) Say(lang Lang, code, message string) (said, hint string) {
	e, ok := problems[code]
	if !ok && isNumber(code) {
		e, ok = problems["vault_refused"]
	}
	if !ok {
		return Plain(message), ""
	}
	args, ok := r.arguments(code, e.en, message)
	if !ok {
		said = Plain(message)
	} else {
		said = fill(e.text(lang), args)
	}
	hint = e.hintEn
	if lang == Portuguese {
		hint = e.hintPt
	}
	if !ok && strings.ContainsAny(hint, "{[") {
		return said, ""
	}
	return said, fill(hint, args)
}

func (r *Recorded) arguments(code, pattern, message string) (map[string]string, bool) {
	form := r.forms[code]
	if form == nil {
		if r.forms == nil {
			r.forms = map[string]*regexp.Regexp{}
		}
		form = regexp.MustCompile(`(?s)^` + expression(pattern) + `$`)
		r.forms[code] = form
	}
	found := form.FindStringSubmatch(message)
	if found == nil {
		return nil, false
	}
	args := map[string]string{}
	for i, name := range form.SubexpNames() {
		if name != "" && found[i] != "" {
			args[name] = found[i]
		}
	}
	return args, true
}

// expression matches what a text becomes when it is filled.
func expression(text string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, "[{")
		if i < 0 {
			return b.String() + regexp.QuoteMeta(text)
		}
		b.WriteString(regexp.QuoteMeta(text[:i]))
		closing := "}"
		if text[i] == '[' {
			closing = "]"
		}
		end := strings.Index(text[i:], closing)
		if strings.HasPrefix(text[i:], "{{") || end < 0 {
			b.WriteString(regexp.QuoteMeta(text[i : i+1]))
			text = strings.TrimPrefix(text[i+1:], "{")
			continue
		}
		inner := text[i+1 : i+end]
		if text[i] == '[' {
			b.WriteString("(?:" + expression(inner) + ")?")
		} else {
			b.WriteString(argumentExpression(inner))
		}
		text = text[i+end+1:]
	}
	return b.String()
}

// argumentExpression matches an argument, or one of the forms that its number asks for. The
// number itself is one of the arguments wherever there are such forms.
func argumentExpression(inner string) string {
	_, forms, ok := strings.Cut(inner, "|")
	if !ok {
		return "(?P<" + inner + ">.*?)"
	}
	one, many, _ := strings.Cut(forms, "|")
	return "(?:" + regexp.QuoteMeta(one) + "|" + regexp.QuoteMeta(many) + ")"
}
