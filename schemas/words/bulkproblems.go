package words

// bulkProblems are said of the bulk verbs: of sessions that are opened or dropped, and of custody.
var bulkProblems = map[string]entry{
	// The file.
	"no_request_columns": {"no column says what is meant: {want} would[; the columns are: {has}]", "nenhuma coluna diz o que se quer: {want} diria[; as colunas são: {has}]", "name the columns in the first row; + means that both must be there", "dê nome às colunas na primeira linha; + significa que as duas são necessárias"},
	"requests_other":     {"the column {column} is of a list of something else, whose ids would be taken for others", "a coluna {column} é de outra lista, cujos ids seriam tomados por outros", "take the file from: pamsync export sessions, or credentials; or take the column out", "use o arquivo de: pamsync export sessions ou credentials; ou retire a coluna"},
	"asked_twice":        {"several rows ask for {key}: it is done once", "várias linhas pedem {key}: será feito uma vez", "", ""},

	// Sessions that are dropped.
	"drop_needs":         {"nothing says which sessions are to be dropped", "nada diz quais sessões devem ser encerradas", "name a file, or give --match FIELD=VALUE", "informe um arquivo ou use --match CAMPO=VALOR"},
	"drop_needs_reason":  {"--match without a file needs a reason", "--match sem arquivo precisa de um motivo", "give --reason TEXT", "use --reason TEXTO"},
	"session_unnamed":    {"the row names no session", "a linha não indica nenhuma sessão", "fill in id, or session_id", "preencha id ou session_id"},
	"reason_missing":     {"the row gives no reason", "a linha não dá motivo", "fill in the column reason, or give --reason TEXT for all", "preencha a coluna reason ou use --reason TEXTO para todas"},
	"session_not_listed": {"the vault lists no such session[ (id {id})]", "o cofre não lista essa sessão[ (id {id})]", "take the ids from: pamsync export sessions", "tire os ids de: pamsync export sessions"},
	"session_differs":    {"what the row says is not all of session {id}, {key}", "o que a linha diz não é tudo da sessão {id}, {key}", "correct the row, or leave out what it says besides the id", "corrija a linha ou retire o que ela diz além do id"},
	"session_nameless":   {"the vault lists the session without a session_id by which it could be dropped", "o cofre lista a sessão sem um session_id pelo qual encerrá-la", "end it in the vault", "encerre-a no cofre"},
	"session_end_unread": {"the vault lists an end that is no time[ ({value})], so nobody can say whether the session is open", "o cofre lista um fim que não é um horário[ ({value})], e não se sabe se a sessão está aberta", "look at it in the vault, and end it there", "confira no cofre e encerre-a por lá"},
	"match_lacks":        {"no session in the vault's list has a {column}, so nobody can say which ones --match means[; keys that are not known: {keys}]", "nenhuma sessão na lista do cofre tem {column}, e não se sabe quais --match indica[; chaves desconhecidas: {keys}]", "name the sessions in a file by their id, and see what changed: pamsync doctor", "indique as sessões em um arquivo pelo id e veja o que mudou: pamsync doctor"},
	"already_ended":      {"{n|had ended|had ended} already", "já {n|tinha terminado|tinham terminado}", "", ""},
	"not_matched":        {"outside --match", "fora de --match", "", ""},
	"dropped":            {"dropped; reason: {reason}", "encerrada; motivo: {reason}", "", ""},
	"settled.drop":       {"the answer was lost; the list shows that the session has ended; reason: {reason}", "a resposta se perdeu; a lista mostra que a sessão terminou; motivo: {reason}", "", ""},
	"part_done.drop":     {"the vault said that it dropped the session, and the list was not read afterwards", "o cofre disse que encerrou a sessão, e a lista não foi lida depois", "pamsync resume", "pamsync resume"},
	"drop_reason":        {"reason: {reason}", "motivo: {reason}", "", ""},
	"still_open":         {"the vault said that it dropped the session, and lists it as open", "o cofre disse que encerrou a sessão, mas a lista como aberta", "look at it in the vault, then run again", "confira no cofre e repita"},
	"limit_drop":         {"{n} of {total} open {total|session|sessions} would be dropped (limit {limit})", "{n} de {total} {total|sessão aberta seria encerrada|sessões abertas seriam encerradas} (limite {limit})", "is it really meant? then: --limit drop={n}", "é isso mesmo? então: --limit drop={n}"},

	// Custody that is given back.
	"credential_unnamed":    {"the row names no credential", "a linha não indica nenhuma credencial", "fill in id, identifier, or hostname and username", "preencha id, identifier ou hostname e username"},
	"credential_not_listed": {"the vault lists no credential {key}", "o cofre não lista a credencial {key}", "see what this client may see: pamsync export credentials", "veja o que este cliente pode ver: pamsync export credentials"},
	"credential_differs":    {"what the row says is not all of credential {id}, {key}", "o que a linha diz não é tudo da credencial {id}, {key}", "correct the row, or leave out what it says besides the id", "corrija a linha ou retire o que ela diz além do id"},
	"release_rotates":       {"a release makes the vault change the password where that is configured: {n} {n|credential is|credentials are} released, and the list shows automatic change for {automatic}", "a devolução faz o cofre trocar a senha onde isso está configurado: {n} {n|credencial será devolvida|credenciais serão devolvidas}, e a lista mostra troca automática em {automatic}", "whoever still uses the password loses it", "quem ainda usa a senha vai perdê-la"},
	"not_in_custody":        {"it was not in our custody", "não estava em nossa custódia", "custody that a person took is given back in the vault", "a custódia tomada por uma pessoa é devolvida no cofre"},
	"release_unknown":       {"it was sent, and nobody knows what became of it[: {=cause}]", "foi enviado, e não se sabe o resultado[: {=cause}]", "release it again: the vault says when it is not in custody any more", "devolva de novo: o cofre avisa se já não está em custódia"},
	"1007.release":          {"the vault does not find the credential, or does not let us see it[: {message}]", "o cofre não acha a credencial ou não nos deixa vê-la[: {message}]", "check the id, and the credentials of the authorization", "confira o id e as credenciais da autorização"},
	"1008.release":          {"the credential is inactive[: {message}]", "a credencial está inativa[: {message}]", "activate it first, or leave it", "ative-a antes ou deixe como está"},
	"1017.release":          {"the credential is inactive[: {message}]", "a credencial está inativa[: {message}]", "activate it first, or leave it", "ative-a antes ou deixe como está"},
	"1009.release":          {"we have no access to the credential[: {message}]", "não temos acesso à credencial[: {message}]", "ask for it to be added to the authorization", "peça que ela seja incluída na autorização"},
	"1026.read":             {"the vault has no such information, or does not let us see it[: {message}]", "o cofre não tem essa informação ou não nos deixa vê-la[: {message}]", "check the id or identifier, and the authorization: to a reading the vault says so of what is not there, too", "confira o id ou o identificador e a autorização: a uma leitura o cofre responde assim também pelo que não existe"},
	"1010.release":          {"the record is no credential[: {message}]", "o registro não é uma credencial[: {message}]", "SSH keys have no custody", "chaves SSH não têm custódia"},
	"approval_bulk":         {"the configuration wants plans approved, and custody release carries out one that nobody has seen", "a configuração exige planos aprovados, e custody release executa um que ninguém viu", "release it in the vault, where a second person approves", "devolva no cofre, onde uma segunda pessoa aprova"},

	// Sessions that are opened.
	"open_needs":          {"the {field} is empty", "{field} está vazio", "fill in {field}", "preencha {field}"},
	"open_port":           {"the port {value} is none", "a porta {value} não existe", "write a number from 1 to 65535", "escreva um número de 1 a 65535"},
	"open_number":         {"{field} is no number: {value}", "{field} não é um número: {value}", "write its id in the vault", "escreva o id dele no cofre"},
	"open_screensize":     {"the screen size {value} is none", "o tamanho de tela {value} não existe", "write it as 1920x1080", "escreva como 1920x1080"},
	"open_control":        {"{field} holds a line break or another control character", "{field} contém quebra de linha ou outro caractere de controle", "write it on one line", "escreva em uma só linha"},
	"protocol_unknown":    {"the protocol {value} is not among those that are known ({known}); it is sent as it is", "o protocolo {value} não está entre os conhecidos ({known}); será enviado como está", "", ""},
	"open_too_many":       {"{n} {n|URL|URLs} cannot be opened before the first of them dies: they live for 30 seconds, and {most} {most|fits|fit} at this pace", "{n} {n|URL não pode|URLs não podem} ser {n|aberta|abertas} antes que a primeira morra: elas vivem 30 segundos, e {n|cabe|cabem} {most} neste ritmo", "take them as they come: -o -; or give fewer rows, or raise --rps", "receba-as uma a uma: -o -; ou dê menos linhas, ou aumente --rps"},
	"one_by_one_terminal": {"--one-by-one asks a person, and nobody can be asked here", "--one-by-one pergunta a uma pessoa, e não há a quem perguntar", "leave it out", "retire essa opção"},
	"one_by_one_file":     {"--one-by-one gives each URL when it is wanted, and a file has none until the last is there", "--one-by-one entrega cada URL quando pedida, e um arquivo só fica pronto com a última", "leave out -o, or --one-by-one", "retire -o ou --one-by-one"},
	"open_unknown":        {"it was sent, and nobody knows whether a session was opened[: {=cause}]", "foi enviado, e não se sabe se uma sessão foi aberta[: {=cause}]", "a URL that nobody got dies within 30 seconds: open it anew", "uma URL que ninguém recebeu morre em 30 segundos: abra de novo"},
	"open_not_resumed":    {"run {run} opened sessions: what it gave is dead, and it is not gone on with", "a execução {run} abriu sessões: o que ela entregou já expirou, e ela não é retomada", "run again with the rows that are still wanted: pamsync sessions open FILE", "repita com as linhas que ainda interessam: pamsync sessions open ARQUIVO"},
	"urls_late":           {"the first URLs in {path} had died when it was written", "as primeiras URLs em {path} já tinham expirado quando ele foi gravado", "take them as they come: -o -", "receba-as uma a uma: -o -"},
	"not_reached.open":    {"the run ended before it", "a execução terminou antes desta sessão", "run again with the rows that are still wanted", "repita com as linhas que ainda interessam"},
	"no_outcome.open":     {"it was sent, and nobody knows whether a session was opened", "foi enviado, e não se sabe se uma sessão foi aberta", "a URL that nobody got dies within 30 seconds: open it anew", "uma URL que ninguém recebeu morre em 30 segundos: abra de novo"},
	"interrupted.open":    {"interrupted", "interrompido", "run again with the rows that are still wanted", "repita com as linhas que ainda interessam"},

	"plan_bulk":         {"run {run} is one of a bulk verb: it is not applied, approved, taken back or tried again", "a execução {run} é de um comando em lote: não se aplica, aprova, desfaz nem repete", "what was left: pamsync resume {run}", "o que ficou: pamsync resume {run}"},
	"plan_bulk.open":    {"run {run} opened sessions: it is not applied, approved, taken back or tried again", "a execução {run} abriu sessões: não se aplica, aprova, desfaz nem repete", "pamsync sessions open FILE", "pamsync sessions open ARQUIVO"},
	"plan_bulk.drop":    {"run {run} dropped sessions: it is not applied, approved, taken back or tried again", "a execução {run} encerrou sessões: não se aplica, aprova, desfaz nem repete", "what was left: pamsync resume {run}", "o que ficou: pamsync resume {run}"},
	"plan_bulk.release": {"run {run} released custody: it is not applied, approved, taken back or tried again", "a execução {run} devolveu custódias: não se aplica, aprova, desfaz nem repete", "what was left: pamsync resume {run}", "o que ficou: pamsync resume {run}"},
}
