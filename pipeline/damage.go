package pipeline

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Spreadsheets damage what people type into them: a long number loses its digits, 3E10 becomes 3E+10,
// 3-4 a day. What is left of a name by which records are found is no name, and is not sent.

var (
	scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]{2,3}$`)
	dateLike   = regexp.MustCompile(`(?i)^([0-9]{1,2}[-/ ](jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dez|ene|dic)[a-z]*\.?([-/ ][0-9]{2,4})?|[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:]+)?)$`)
	formula    = regexp.MustCompile(`^=[A-Za-z$.]+[(0-9$!]`)
)

// damagedName is the code of what a spreadsheet made of a name, "" for a name that may be one. Most names
// begin with a letter and are let through at once.
func damagedName(text string) string {
	if text == "" || text[0] > '=' {
		return ""
	}
	switch {
	case text[0] == '#':
		if isCellError(text) {
			return "cell_fault"
		}
	case text[0] == '=' && formula.MatchString(text):
		return "cell_formula"
	case text[0] < '0' || text[0] > '9':
	case scientific.MatchString(text):
		return "cell_scientific"
	case dateLike.MatchString(text):
		return "cell_date"
	case len(text) > 15 && strings.Trim(text, "0123456789") == "" && strings.Trim(text[15:], "0") == "":
		return "cell_rounded"
	}
	return ""
}

// isCellError tells the errors that a sheet shows in the place of a value, in the languages of its menus.
func isCellError(text string) bool {
	switch strings.TrimRight(strings.ToUpper(text), "!?") {
	case "#REF", "#VALUE", "#NAME", "#DIV/0", "#NUM", "#NULL", "#N/A", "#N/D", "#VALOR", "#NOME", "#NÚM", "#NULO", "#NOMBRE", "#NUMERO", "#¡VALOR", "#¿NOMBRE":
		return true
	}
	return false
}

// isMojibake tells text that was UTF-8 and was read as something else on its way here, or has lost a
// letter for good.
func isMojibake(text string) bool {
	for ; len(text) >= 8 && eight(text)&highs == 0; text = text[8:] { // ASCII, as nearly all text is
	}
	var before rune
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			before = rune(text[i])
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case r == utf8.RuneError && size > 1: // the sign for a letter that could not be read
			return true
		case (r == 'Ã' || r == 'Â') && next >= 0x80 && next <= 0xbf && next != 0xa0:
			return true
		case (r == 'Ã' || r == 'Â') && next == 0xa0 && !unicode.IsUpper(before):
			return true // à, and not the end of a word in capitals before a fixed blank
		case r == 'â' && (next == '€' || next == 0x80):
			return true
		}
		before = r
		i += size - 1
	}
	return false
}
