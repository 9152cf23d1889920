package words

// bookProblems are what can be wrong with a workbook.
var bookProblems = map[string]entry{
	// The container and its parts.
	"xlsx_zip":          {"the workbook is damaged[: {in}]: {cause}", "a planilha está danificada[: {in}]: {cause}", "fetch or save the file again", "baixe ou salve o arquivo outra vez"},
	"xlsx_no_workbook":  {"this is a ZIP or another Office file, not a workbook", "isto é um ZIP ou outro arquivo do Office, não uma planilha", "save the table as XLSX or CSV UTF-8", "salve a tabela como XLSX ou CSV UTF-8"},
	"xlsx_binary":       {"this is a binary workbook (XLSB)", "isto é uma planilha binária (XLSB)", "save it as XLSX or CSV UTF-8", "salve como XLSX ou CSV UTF-8"},
	"xlsx_opendocument": {"this is an OpenDocument file (ODS)", "isto é um arquivo OpenDocument (ODS)", "save it as XLSX or CSV UTF-8", "salve como XLSX ou CSV UTF-8"},
	"xlsx_part_missing": {"the workbook lacks its part {part}", "falta à planilha a parte {part}", "open it and save it again", "abra e salve outra vez"},
	"xlsx_part_twice":   {"the workbook holds its part {part} twice, and programs differ in which one they take", "a planilha contém duas vezes a parte {part}, e cada programa lê uma", "open it, look whether it is right, and save it again", "abra, confira e salve outra vez"},
	"xlsx_limit":        {"the workbook is larger than any that people make: {=what} above {limit}", "a planilha é maior que qualquer uma que pessoas fazem: {=what} acima de {limit}", "save the table as CSV UTF-8, and ask where the file comes from", "salve a tabela como CSV UTF-8 e verifique a origem do arquivo"},
	"xlsx_dtd":          {"the workbook declares a document type[ in {in}], which none does that a spreadsheet wrote", "a planilha declara um tipo de documento[ em {in}], o que nenhum programa de planilhas faz", "do not use this file; ask where it comes from", "não use este arquivo; verifique a origem"},
	"xlsx_malformed":    {"the workbook's XML is not as it must be[ in {in}], near {cause}", "o XML da planilha não está como deve[ em {in}], perto de {cause}", "open it and save it again", "abra e salve outra vez"},
	"xlsx_cut":          {"the workbook ends too soon[ in {in}]", "a planilha termina antes da hora[ em {in}]", "fetch the file again, whole", "baixe o arquivo outra vez, inteiro"},
	"xlsx_encoding":     {"the workbook holds text that is no UTF-8[ in {in}]", "a planilha contém texto que não é UTF-8[ em {in}]", "open it and save it again", "abra e salve outra vez"},
	"xlsx_row_number":   {"row number \"{value}\" is none, or not behind the row before it", "o número de linha \"{value}\" não existe ou não vem depois da linha anterior", "rows could be misread: open the workbook and save it again", "linhas poderiam ser lidas trocadas: abra a planilha e salve outra vez"},
	"xlsx_cell_ref":     {"cell \"{value}\" is not of this row, or not behind the cell before it", "a célula \"{value}\" não é desta linha ou não vem depois da anterior", "values could land in the wrong column: open the workbook and save it again", "valores poderiam cair na coluna errada: abra a planilha e salve outra vez"},
	"xlsx_string_index": {"the cell refers to text {value}, which the workbook does not hold[ (it has {has})]", "a célula aponta para o texto {value}, que a planilha não contém[ (ela tem {has})]", "open the workbook and save it again", "abra a planilha e salve outra vez"},
	"xlsx_cell_type":    {"the cell is of an unknown type \"{value}\"", "a célula é de um tipo desconhecido \"{value}\"", "open the workbook and save it again", "abra a planilha e salve outra vez"},
	"xlsx_no_rows":      {"the sheet holds no table of rows", "a aba não contém tabela de linhas", "open the workbook and save it again", "abra a planilha e salve outra vez"},
	// The workbook as an inventory.
	"is_workbook":         {"format {format} is configured, and this is a workbook", "format {format} está configurado, e isto é uma planilha", "leave format out, or set it to xlsx", "retire format ou use xlsx"},
	"not_workbook":        {"format xlsx is configured, and this is no workbook", "format xlsx está configurado, e isto não é uma planilha", "leave format out, or name another", "retire format ou informe outro"},
	"is_old_workbook":     {"this is an old Excel file (XLS) or another old Office file", "isto é um arquivo antigo do Excel (XLS) ou outro arquivo antigo do Office", "save it as XLSX or CSV UTF-8", "salve como XLSX ou CSV UTF-8"},
	"is_protected":        {"the workbook is protected by a password", "a planilha é protegida por senha", "give it with password_file: in the source, or PAMSYNC_WORKBOOK_PASSWORD_FILE; or save it without one", "informe em password_file: da fonte ou em PAMSYNC_WORKBOOK_PASSWORD_FILE; ou salve sem senha"},
	"wrong_book_password": {"the workbook does not open with this password", "a planilha não abre com esta senha", "check the password; if it is right, the file is damaged", "confira a senha; se estiver certa, o arquivo está danificado"},
	"book_too_large":      {"the protected workbook is larger than {limit} MB", "a planilha protegida é maior que {limit} MB", "save it without a password, or as CSV UTF-8", "salve sem senha ou como CSV UTF-8"},
	"book_no_sheets":      {"the workbook has no sheet of rows", "a planilha não tem aba com linhas", "save the table as XLSX or CSV UTF-8", "salve a tabela como XLSX ou CSV UTF-8"},
	"book_blank":          {"every visible sheet is empty: not even a header ({has})", "todas as abas visíveis estão vazias: nem cabeçalho há ({has})", "an inventory without records still has its header", "um inventário sem registros ainda tem o cabeçalho"},
	"sheet_blank":         {"sheet \"{sheet}\" is empty: it does not even hold a header", "a aba \"{sheet}\" está vazia: nem cabeçalho tem", "an inventory without records still has its header", "um inventário sem registros ainda tem o cabeçalho"},
	"sheet_missing":       {"there is no sheet \"{sheet}\"; the sheets are: {has}", "não há aba \"{sheet}\"; as abas são: {has}", "correct sheet: in the configuration", "corrija sheet: na configuração"},
	"sheet_hidden":        {"the one sheet that looks like an inventory, \"{sheet}\", is hidden", "a única aba que parece um inventário, \"{sheet}\", está oculta", "if it is meant, name it with sheet: {sheet}; else show the right one", "se for ela, informe sheet: {sheet}; senão, exiba a aba certa"},
	"no_sheet_fits":       {"no visible sheet has the columns of an inventory of {kind}s; the sheets are: {has}", "nenhuma aba visível tem as colunas de um inventário de {kind}; as abas são: {has}", "say which one with sheet:, and name its columns with columns:", "diga qual com sheet: e informe as colunas com columns:"},
	"sheets_alike":        {"several sheets could be the inventory: {has}", "várias abas podem ser o inventário: {has}", "say which one with sheet:, or give each its own source", "diga qual com sheet:, ou dê a cada uma a sua fonte"},
	"needs_out":           {"{format} is not for a terminal", "{format} não é para um terminal", "say where to write it: -o FILE", "diga onde gravar: -o ARQUIVO"},
	"fill_needs_xlsx":     {"--fill is for a workbook", "--fill é para uma planilha", "add --xlsx and -o FILE.xlsx; for a CSV there is pamsync export", "acrescente --xlsx e -o ARQUIVO.xlsx; para CSV existe pamsync export"},
	// Cells.
	"cell_fault":    {"{field} holds the error {value}[, and is no value]", "{field} contém o erro {value}[, e não um valor]", "correct the formula, or type the value", "corrija a fórmula ou digite o valor"},
	"cell_broken":   {"{field} says that it is a number or date, and holds[ \"{value}\"] something else", "{field} diz ser número ou data, mas contém[ \"{value}\"] outra coisa", "type the value again", "digite o valor outra vez"},
	"cell_no_value": {"{field} is a formula that was never calculated", "{field} é uma fórmula que nunca foi calculada", "open the workbook, let it calculate, and save it; or type the value", "abra a planilha, deixe calcular e salve; ou digite o valor"},
	"goes_along":    {"goes with its device", "vai junto com o dispositivo", "", ""},
	"hidden_row":    {"hidden in the workbook", "oculta na planilha", "", ""},
}
