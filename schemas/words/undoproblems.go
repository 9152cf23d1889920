package words

// undoProblems are said of runs that are taken back, or whose failures are tried again.
var undoProblems = map[string]entry{
	"run_unfinished":   {"run {run} did not come to its end, so that nobody can say yet what it did", "a execução {run} não chegou ao fim: ainda não dá para dizer o que ela fez", "go on with it first: pamsync resume {run}", "termine-a primeiro: pamsync resume {run}"},
	"retry_changed":    {"{source} is not the file any more that run {run} read: its rows may be other ones by now", "{source} não é mais o arquivo que a execução {run} leu: as linhas podem ser outras", "plan anew, which finds what is still to do: pamsync plan; or correct the rows of failed.csv and give it as the source", "planeje de novo, o que acha o que ainda falta: pamsync plan; ou corrija as linhas de failed.csv e use-o como fonte"},
	"retry_gone":       {"{source}, which run {run} read, is not there any more", "{source}, que a execução {run} leu, não existe mais", "put it back as it was, or plan anew: pamsync plan", "reponha-o como era ou planeje de novo: pamsync plan"},
	"retry_unread":     {"{source}, which run {run} read, cannot be read: {cause}", "{source}, que a execução {run} leu, não pode ser lido: {cause}", "make it readable, and try again", "torne-o legível e tente de novo"},
	"retry_other":      {"rows of {source} failed in run {run}, and it is not among the sources now", "linhas de {source} falharam na execução {run}, e ele não está entre as fontes agora", "name it as that run did, with --devices or --credentials, or with its configuration (-c)", "informe-o como naquela execução, com --devices ou --credentials, ou com a configuração dela (-c)"},
	"retry_undo":       {"run {run} took back run {undone}: there are no rows to try again", "a execução {run} desfez a execução {undone}: não há linhas para tentar de novo", "plan what is left to take back: pamsync undo {undone}", "planeje o que falta desfazer: pamsync undo {undone}"},
	"failed_changed":   {"{source} is not the file any more that the plan was made of: {name} was not written", "{source} não é mais o arquivo de que o plano foi feito: {name} não foi gravado", "its rows stand in result.csv, by their numbers in the former file", "as linhas estão em result.csv, pelos números no arquivo de antes"},
	"undo_nothing":     {"it is as it was before the run already", "já está como antes da execução", "", ""},
	"undo_unknown":     {"nobody knows whether run {run} changed it", "não se sabe se a execução {run} o alterou", "go on with the run: pamsync resume {run}; then take it back", "continue a execução: pamsync resume {run}; depois desfaça"},
	"undo_renamed":     {"it has a new name by a decision: a rename is not taken back by itself", "ganhou um novo nome por uma decisão: uma renomeação não se desfaz sozinha", "decide the other way round, and give it its old name in the inventory", "decida no sentido inverso e volte ao nome antigo no inventário"},
	"undo_info":        {"the vault does not give back protected information that was changed or inactivated", "o cofre não devolve uma informação protegida que foi alterada ou inativada", "write its former content from the inventory, under an identifier of its own", "grave o conteúdo anterior a partir do inventário, com um identificador próprio"},
	"undo_moved":       {"{field} is \"{now}\" by now, and run {run} left \"{sent}\": somebody changed it since", "{field} agora é \"{now}\", e a execução {run} deixou \"{sent}\": alguém mudou depois", "see in the vault which of them is right", "veja no cofre qual é o certo"},
	"undo_gone":        {"the vault does not list it any more", "o cofre não o lista mais", "see in the vault what became of it", "veja no cofre o que houve"},
	"undo_not_visible": {"run {run} made it, and the vault does not list it to this client", "a execução {run} o criou, mas o cofre não o lista para este client", "add it to the A2A authorisation, or inactivate it in the vault", "inclua-o na autorização A2A ou inative-o no cofre"},
	"undo_overwrote":   {"it was there before run {run}, unseen, and its values then are not known", "já existia antes da execução {run}, sem ser visto, e os valores de então não são conhecidos", "correct it in the vault", "corrija no cofre"},
	"undo_in_the_way":  {"run {run} made it or brought it back, and since then others hang on it: {items}", "a execução {run} o criou ou reativou, e desde então outros dependem dele: {items}", "move them, or inactivate it in the vault", "mova-os ou inative-o no cofre"},
	"undo_device_gone": {"its device {device} is not listed any more", "o dispositivo {device} dele não é mais listado", "bring the device back first", "reative antes o dispositivo"},
	"undo_name_taken":  {"another device (id {id}) has its name by now", "outro dispositivo (id {id}) já tem o nome dele", "see in the vault which of them is right", "veja no cofre qual é o certo"},
	"undo_write_only":  {"{key}: {fields} cannot be taken back: no list shows what was there before", "{key}: {fields} não tem volta: nenhuma lista mostra o que havia antes", "set it in the vault, if it matters", "ajuste no cofre, se importar"},
	"undo_unseen":      {"{fields} is as run {run} set it: no list shows what was there before", "{fields} está como a execução {run} deixou: nenhuma lista mostra o que havia antes", "set it in the vault, then decide ignore", "ajuste-o no cofre e depois decida ignore"},
	"undo_fields":      {"{key}: {fields} stays as run set it: what is inactive takes no values", "{key}: {fields} fica como a execução deixou: o que está inativo não recebe valores", "set it when it comes back, if it matters", "ajuste quando voltar, se importar"},
	"undo_empty":       {"{key}: {field} was empty, and stays \"{value}\": the vault takes no empty value", "{key}: {field} estava vazio e continua \"{value}\": o cofre não aceita valor vazio", "empty it in the vault, if it matters", "esvazie no cofre, se importar"},
	"undo_value":       {"no device had the {field} \"{value}\" before: if it came into the vault with the run, it stays in its list of values", "nenhum dispositivo tinha o valor \"{value}\" de {field} antes: se entrou no cofre com a execução, continua na lista de valores dele", "remove it in the vault, if nothing uses it", "remova no cofre, se nada o usar"},
}

// undoTexts are said by undo and retry.
var undoTexts = map[string]entry{
	"arg_this_run":  {en: "RUN", pt: "EXECUÇÃO"},
	"cmd_retry":     {en: "plan the rows of a run that failed once more", pt: "planeja de novo as linhas de uma execução que falharam"},
	"retry_nothing": {en: "Nothing of run {run} failed, and nothing is unknown", pt: "Nada da execução {run} falhou, e nada é desconhecido"},
	"retry_secrets": {en: "Passwords are read from the inventory, for run {run} read them too", pt: "As senhas são lidas do inventário, pois a execução {run} também as leu"},
	"failed_own":    {en: "{name}: {rows} {rows|row|rows} of {source} to correct, as CSV with our own names of columns", pt: "{name}: {rows} {rows|linha|linhas} de {source} para corrigir, em CSV com os nossos nomes de coluna"},
	"failed_file":   {en: "{name}: {rows} {rows|row|rows} of {source} to correct, in its own form", pt: "{name}: {rows} {rows|linha|linhas} de {source} para corrigir, no mesmo formato"},
	"cmd_undo":      {en: "plan to take back what a run did", pt: "planeja desfazer o que uma execução fez"},
}
