package words

// nightTexts are said of what is the same as in earlier nights, and what is not.
var nightTexts = map[string]entry{
	"flag_allow-new": {en: "allow a new value: vendor=NAME, model=…, site=…, type=… (repeatable)", pt: "permite um valor novo: vendor=NOME, model=…, site=…, type=… (pode ser repetida)"},
	"left_head":      {en: "Left as they are by rule", pt: "Ficam como estão por regra"},
	"night_line":     {en: "Since the last good run on {at}: {new} new, {still} still there[ (longest: night {longest})], {gone} gone[, {flapping} flapping].", pt: "Desde a última execução boa, em {at}: {new} {new|novo|novos}, {still} {still|continua|continuam}[ (há mais tempo: noite {longest})], {gone} {gone|resolvido|resolvidos}[, {flapping} {flapping|vai e volta|vão e voltam}]."},
	"night_new":      {en: "new", pt: "novo"},
	"night_still":    {en: "still there", pt: "continua"},
	"night_gone":     {en: "gone", pt: "resolvido"},
	"night_flapping": {en: "flapping", pt: "vai e volta"},
	"night_n":        {en: "night {n}", pt: "noite {n}"},
}
