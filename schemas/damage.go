package schemas

import (
	"regexp"
	"strings"
)

// Spreadsheets damage what people type into them: a long number loses its digits, 3E10 becomes 3E+10,
// 3-4 a day. What is left of a name by which records are found is no name, and is not sent.

var (
	scientific = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]{2,3}$`)
	dateLike   = regexp.MustCompile(`(?i)^([0-9]{1,2}[-/ ](jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dez|ene|dic)[a-z]*\.?([-/ ][0-9]{2,4})?|[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:]+)?)$`)
	monthFirst = regexp.MustCompile(`(?i)^(jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dez|ene|dic)/[0-9]{2,4}$`)
	formula    = regexp.MustCompile(`^=[A-Za-z$.]+[(0-9$!]`)
)

// Damage is the code of what a spreadsheet made of a text, "" for one that may be what was typed. Most texts
// begin with a letter and are let through at once.
func Damage(text string) string {
	if text == "" || text[0] > '=' {
		if len(text) > 4 && text[3] == '/' && monthFirst.MatchString(text) {
			return "cell_date"
		}
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
	case strings.IndexByte(text, '+') > 0 && scientific.MatchString(text):
		return "cell_scientific"
	case len(text) > 3 && strings.ContainsAny(text, "-/ ") && dateLike.MatchString(text):
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
