package words

// explainProblems are what explain cannot find or read.
var explainProblems = map[string]entry{
	"explain_what":           {"say what to explain, one thing", "diga o que explicar, uma coisa só", "--row N, --device NAME, --credential USER@HOST or --id N", "--row N, --device NOME, --credential USUARIO@HOST ou --id N"},
	"explain_source_alone":   {"--source goes with --row", "--source acompanha --row", "pamsync explain --source FILE --row N", "pamsync explain --source ARQUIVO --row N"},
	"explain_user_at":        {"\"{name}\" is no credential's name", "\"{name}\" não é nome de credencial", "write it as user@host, as in root@srv-01", "escreva como usuario@host, por exemplo root@srv-01"},
	"explain_no_run":         {"there is no run in {folder}", "não há execução em {folder}", "pamsync plan makes one; or name a plan's file", "pamsync plan cria uma; ou indique o arquivo de um plano"},
	"explain_no_plan":        {"{what} is neither a plan nor a run in {folder}[; did you mean {near}?]", "{what} não é um plano nem uma execução em {folder}[; seria {near}?]", "name the file that plan -o wrote, or a folder in {folder}", "indique o arquivo que plan -o gravou, ou uma pasta em {folder}"},
	"explain_no_source":      {"the plan was not made from {source}; its sources: {has}", "o plano não foi feito de {source}; suas fontes: {has}", "name one of them", "indique uma delas"},
	"explain_sources":        {"several sources of the plan fit {source}: {has}", "várias fontes do plano correspondem a {source}: {has}", "name one of them whole", "indique uma delas por inteiro"},
	"explain_no_row":         {"{sources}: there is no record in row {row}", "{sources}: não há registro na linha {row}", "it may be blank, the header, or behind the end; rows count as a text editor or a spreadsheet shows them", "pode estar em branco, ser o cabeçalho ou ficar depois do fim; as linhas contam como num editor ou numa planilha"},
	"explain_no_id":          {"the plan says nothing of a record with the id {id}", "o plano nada diz de um registro com o id {id}", "records that stay as they are are named by --device or --credential", "registros que ficam como estão são indicados por --device ou --credential"},
	"explain_no_name":        {"neither the plan nor its sources name the {=kind} {name}[; did you mean {near}?]", "nem o plano nem suas fontes citam {=kind} {name}[; seria {near}?]", "one that the vault alone has is left as it is by missing: keep, or lies outside the scope", "um que só o cofre tem fica como está por missing: keep, ou está fora do escopo"},
	"explain_unread":         {"its cells cannot be shown: the source cannot be read as the plan read it", "as células não podem ser mostradas: a fonte não pode ser lida como o plano a leu", "", ""},
	"explain_unread.changed": {"its cells cannot be shown: the source is no longer the file that the plan was made from", "as células não podem ser mostradas: a fonte já não é o arquivo de que o plano foi feito", "", ""},
	"explain_unread.gone":    {"its cells cannot be shown: the source is not there any more", "as células não podem ser mostradas: a fonte não está mais lá", "", ""},
	"explain_where":          {"where leaves it out: {where}", "where a deixa de fora: {where}", "", ""},
}
