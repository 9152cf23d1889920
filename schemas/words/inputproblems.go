package words

// inputProblems are said of inventories that other products wrote.
var inputProblems = map[string]entry{
	"bad_expression":    {"{key} is no column and no expression: {value}: {=cause}", "{key} não é coluna nem expressão: {value}: {=cause}", "write it as: coalesce(name, lower(fqdn)); see pamsync help mapping", "escreva como: coalesce(name, lower(fqdn)); veja pamsync help mapping"},
	"several_addresses": {"several addresses could be the device's: {value}; {taken} is taken", "vários endereços podem ser o do dispositivo: {value}; fica {taken}", "leave the one that the vault is to use", "deixe só o que o cofre deve usar"},
	"mark_contradicts":  {"the file begins with the mark of {mark}, and its text is none[: the configuration says {encoding}]", "o arquivo começa com a marca de {mark}, mas o texto não está assim[: a configuração diz {encoding}]", "save it anew as UTF-8", "salve-o de novo como UTF-8"},
	"cell_scientific":   {"a spreadsheet made a number of {field}: {value}", "uma planilha transformou {field} em número: {value}", "format the column as text and type the value again", "formate a coluna como texto e digite o valor de novo"},
	"cell_date":         {"a spreadsheet made a date of {field}: {value}", "uma planilha transformou {field} em data: {value}", "format the column as text and type the value again", "formate a coluna como texto e digite o valor de novo"},
	"cell_rounded":      {"{field} is a number of more than 15 digits that ends in zeros: {value}; a spreadsheet rounded it", "{field} é um número de mais de 15 dígitos que termina em zeros: {value}; uma planilha o arredondou", "format the column as text and type the value again", "formate a coluna como texto e digite o valor de novo"},
	"cell_formula":      {"{field} is a formula and no value: {value}", "{field} é uma fórmula, não um valor: {value}", "copy the column and paste its values", "copie a coluna e cole só os valores"},
	"mojibake":          {"{field} was read in another encoding than it was written in: {value}", "{field} foi lido em codificação diferente da gravada: {value}", "save the file as UTF-8 where it comes from, or name its encoding: encoding: windows-1252", "salve o arquivo em UTF-8 na origem, ou informe a codificação: encoding: windows-1252"},
	"source_cut":        {"{source} ends at row {row} exactly, as a file does that a program cut off[, and {gone} {gone|record|records} would be taken for missing]", "{source} termina exatamente na linha {row}, como um arquivo que um programa cortou[, e {gone} {gone|registro seria dado como ausente|registros seriam dados como ausentes}]", "export it again in parts, or as CSV, and compare the number of rows", "exporte de novo em partes, ou como CSV, e compare o número de linhas"},
	"key_hidden":        {"the column of the {field}, {column}, is hidden in the sheet", "a coluna de {field}, {column}, está oculta na aba", "show it, or name it: columns: {{field}: {column}}", "reexiba-a ou informe-a: columns: {{field}: {column}}"},
	"entry_note":        {"it is a note, and no account", "é uma anotação, não uma conta", "leave it out with where:, or keep it in the vault as protected information", "exclua-a com where: ou guarde-a no cofre como informação protegida"},
	"entry_card":        {"it is a payment card, and no account", "é um cartão, não uma conta", "leave it out with where:", "exclua-o com where:"},
	"entry_identity":    {"it is somebody's identity, and no account", "é uma identidade, não uma conta", "leave it out with where:", "exclua-a com where:"},
	"entry_key":         {"it is a key, and no password", "é uma chave, não uma senha", "import it as an SSH key", "importe-a como chave SSH"},
	"entry_domain":      {"it is an account of a domain, and names no device", "é uma conta de domínio e não nomeia dispositivo", "give it the device that it is kept at, as a row of its own", "dê-lhe o dispositivo em que ela fica, em uma linha própria"},
	"entry_web":         {"it is a page of the web, and no device", "é uma página da web, não um dispositivo", "leave it out with where:", "exclua-a com where:"},
	"entry_folder":      {"it is a folder, and no connection", "é uma pasta, não uma conexão", "leave it out with where:", "exclua-a com where:"},
	"entry_ended":       {"the machine is ended already", "a máquina já foi encerrada", "leave it out with where:", "exclua-a com where:"},
}
