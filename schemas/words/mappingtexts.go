package words

// mappingTexts are said by mapping init.
var mappingTexts = map[string]entry{
	"cmd_mapping":       {en: "say what the columns of a file are", pt: "diz o que são as colunas de um arquivo"},
	"cmd_mapping_init":  {en: "draft the sources: block for a file, with guesses and FILL marks", pt: "esboça o bloco sources: para um arquivo, com palpites e marcas FILL"},
	"flag_mapping_out":  {en: "file to write, - for stdout", pt: "arquivo a gravar, - para a saída padrão"},
	"mapping_head":      {en: "Drafted from {path}: check what is guessed, fill in what says FILL, and see pamsync inspect and validate.", pt: "Esboçado a partir de {path}: confira os palpites, preencha onde diz FILL e veja pamsync inspect e validate."},
	"mapping_sure":      {en: "sure", pt: "certo"},
	"mapping_likely":    {en: "likely", pt: "provável"},
	"mapping_guess":     {en: "guess", pt: "palpite"},
	"mapping_free":      {en: "FILL in a column[; free are: {columns}]", pt: "FILL: informe uma coluna[; livres: {columns}]"},
	"mapping_defaults":  {en: "for new records only", pt: "só para registros novos"},
	"mapping_or_column": {en: "one value for all, or a column above", pt: "um valor para todos, ou uma coluna acima"},
	"mapping_encoding":  {en: "decided by {byte}", pt: "decidido por {byte}"},
	"mapping_ignored":   {en: "not read: {columns}", pt: "não lidas: {columns}"},
	"mapping_secrets":   {en: "may hold secrets, read only with secrets: on_create, always or overwrite: {columns}", pt: "podem conter segredos, lidas só com secrets: on_create, always ou overwrite: {columns}"},
}
