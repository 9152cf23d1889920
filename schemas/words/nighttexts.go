package words

// nightTexts are said of what is the same as in earlier nights, and what is not.
var nightTexts = map[string]entry{
	"flag_allow-new":   {en: "allow a new value: vendor=NAME, model=…, site=…, type=… (repeatable)", pt: "permite um valor novo: vendor=NOME, model=…, site=…, type=… (pode ser repetida)"},
	"left_head":        {en: "Left as they are by rule", pt: "Ficam como estão por regra"},
	"night_line":       {en: "Since the last good run on {at}: {new} new, {still} still there[ (longest: night {longest})], {gone} gone[, {flapping} flapping].", pt: "Desde a última execução boa, em {at}: {new} {new|novo|novos}, {still} {still|continua|continuam}[ (há mais tempo: noite {longest})], {gone} {gone|sumiu|sumiram}[, {flapping} {flapping|vai e volta|vão e voltam}]."},
	"night_new":        {en: "new", pt: "novo"},
	"night_still":      {en: "still there", pt: "continua"},
	"night_gone":       {en: "gone", pt: "sumiu"},
	"night_flapping":   {en: "flapping", pt: "vai e volta"},
	"night_n":          {en: "night {n}", pt: "noite {n}"},
	"night_of":         {en: "there in {seen} of {of} nights", pt: "presente em {seen} de {of} noites"},
	"cmd_hygiene":      {en: "say what in the vault's own lists makes it unsure who is who", pt: "aponta o que, nas listas do cofre, deixa em dúvida quem é quem"},
	"flag_hygiene_out": {en: "write the findings to this CSV too", pt: "grava também os achados neste CSV"},
	"untidy_note":      {en: "In doubt in the vault itself:[ {hosts} {hosts|device|devices} with the hostname of another;][ {homeless} {homeless|credential or key|credentials and keys} without a listed device;] see: pamsync hygiene", pt: "Em dúvida no próprio cofre:[ {hosts} {hosts|dispositivo|dispositivos} com hostname repetido;][ {homeless} {homeless|credencial ou chave|credenciais e chaves} sem dispositivo listado;] veja: pamsync hygiene"},
	"untidy_none":      {en: "The vault's lists are tidy: nothing in them is in doubt.", pt: "As listas do cofre estão em ordem: nada nelas deixa dúvida."},
}
