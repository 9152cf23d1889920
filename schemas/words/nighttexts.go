package words

// nightTexts are said of what is the same as in earlier nights, and what is not.
var nightTexts = map[string]entry{
	"flag_allow-new": {en: "allow a new value: vendor=NAME, model=…, site=…, type=… (repeatable)", pt: "permite um valor novo: vendor=NOME, model=…, site=…, type=… (pode ser repetida)"},
}
