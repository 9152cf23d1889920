package words

// bookTexts are what is said about workbooks, and what workbooks say.
var bookTexts = map[string]entry{
	"nameless_columns": {en: "{path}: columns without a header hold something and are not read: {columns}", pt: "{path}: colunas sem cabeçalho têm conteúdo e não são lidas: {columns}"},
}
