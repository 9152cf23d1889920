package words

// secretsTexts are said by the export of secrets.
var secretsTexts = map[string]entry{
	"group_bulk":         {en: "In bulk:", pt: "Em lote:"},
	"cmd_secrets":        {en: "read secrets, explicitly, into an encrypted file", pt: "lê segredos, de forma explícita, para um arquivo cifrado"},
	"cmd_secrets_export": {en: "read passwords, keys or protected information one by one, written only encrypted", pt: "lê senhas, chaves ou informações protegidas uma a uma; grava só cifrado"},
	"arg_secrets_file":   {en: "\\[FILE]", pt: "\\[ARQUIVO]"},
	"secrets_long": {en: "Reads secrets from the vault one by one, at the pace that is set, and writes them only encrypted (age), to the\nrecipients that are named. Reading a credential takes its custody; when custody ends, the vault may change the\npassword. What is read is chosen by the rows of FILE (vault_id, identifier, or hostname and username), by\n--match, or by --all. A run that was killed is resumed and reads what is missing alone. Every reading is put on\nrecord in the run's audit.jsonl. The file opens with: age -d -i KEY FILE.",
		pt: "Lê segredos do cofre um a um, no ritmo definido, e os grava só cifrados (age), para os destinatários\ninformados. Ler uma credencial toma a custódia dela; quando a custódia termina, o cofre pode trocar a senha. O que\nse lê é escolhido pelas linhas do ARQUIVO (vault_id, identifier, ou hostname e username), por --match ou por\n--all. Uma execução interrompida é retomada e lê só o que falta. Cada leitura fica registrada no audit.jsonl da\nexecução. O arquivo se abre com: age -d -i CHAVE ARQUIVO."},
	"flag_secrets_kind":  {en: "what to read: credentials, keys or infos", pt: "o que ler: credentials, keys ou infos"},
	"flag_recipients":    {en: "who can open the file: age1…, \"ssh-ed25519 AAAA…\", or a file of such keys; repeatable", pt: "quem pode abrir o arquivo: age1…, \"ssh-ed25519 AAAA…\" ou um arquivo dessas chaves; pode repetir"},
	"flag_secrets_out":   {en: "the encrypted file; - is stdout, which must be no terminal", pt: "o arquivo cifrado; - é a saída padrão, que não pode ser um terminal"},
	"flag_secrets_match": {en: "read those whose fields in the vault's list fit, as hostname~^srv or type='Local User'; repeatable, all must fit", pt: "lê as que combinam nos campos da lista do cofre, como hostname~^srv ou type='Local User'; pode repetir, todos devem combinar"},
	"flag_secrets_all":   {en: "read all of the kind that the vault lists to us", pt: "lê todas do tipo que o cofre nos lista"},
	"flag_release":       {en: "give each credential's custody back after it is read; the vault may then change the password, and what was exported is stale", pt: "devolve a custódia de cada credencial depois de lida; o cofre pode então trocar a senha, e o que foi exportado fica velho"},

	"secrets_confirm_credential": {en: "This reads {n} {n|password|passwords} out of {vault}, for {recipients} {recipients|recipient|recipients}.", pt: "Isto lê {n} {n|senha|senhas} de {vault}, para {recipients} {recipients|destinatário|destinatários}."},
	"secrets_confirm_key":        {en: "This reads {n} private {n|key|keys} out of {vault}, for {recipients} {recipients|recipient|recipients}.", pt: "Isto lê {n} {n|chave privada|chaves privadas} de {vault}, para {recipients} {recipients|destinatário|destinatários}."},
	"secrets_confirm_info":       {en: "This reads {n} {n|piece|pieces} of protected information out of {vault}, for {recipients} {recipients|recipient|recipients}.", pt: "Isto lê {n} {n|informação protegida|informações protegidas} de {vault}, para {recipients} {recipients|destinatário|destinatários}."},
	"secrets_confirm_custody":    {en: "It takes custody of {n} {n|credential|credentials}; when custody ends, the vault may change {n|the password|their passwords}, and what was exported is stale.", pt: "Toma a custódia de {n} {n|credencial|credenciais}; quando a custódia termina, o cofre pode trocar {n|a senha|as senhas}, e o que foi exportado fica velho."},
	"secrets_confirm_release":    {en: "It takes custody of {n} {n|credential|credentials} and gives it back after each is read; the vault may change {n|the password|their passwords} right then, and what was exported is stale.", pt: "Toma a custódia de {n} {n|credencial|credenciais} e a devolve depois de cada leitura; o cofre pode trocar {n|a senha|as senhas} nessa hora, e o que foi exportado fica velho."},
	"secrets_confirm_yes":        {en: "Type yes to read: ", pt: "Digite sim para ler: "},
	"secrets_dry_run":            {en: "{n} {n|secret|secrets} would be read. Nothing was read.", pt: "{n} {n|segredo seria lido|segredos seriam lidos}. Nada foi lido."},
	"secrets_written":            {en: "{n} {n|record|records} in {path}, encrypted for {recipients} {recipients|recipient|recipients}; to open it: age -d -i KEY {path}", pt: "{n} {n|registro|registros} em {path}, {n|cifrado|cifrados} para {recipients} {recipients|destinatário|destinatários}; para abrir: age -d -i CHAVE {path}"},
	"reading_line":               {en: "To read: {n} {n|secret|secrets}, {hold} held, {reject} rejected.", pt: "A ler: {n} {n|segredo|segredos}, {hold} {hold|retido|retidos}, {reject} {reject|rejeitado|rejeitados}."},
	"sealed_others":              {en: "{path} holds {n} other {n|record|records} beside: keys, or protected information, are no {=kind}", pt: "{path} contém ainda {n} {n|outro registro|outros registros}: chaves ou informações protegidas não são {=kind}"},
}

// secretsTerms are the words of the export of secrets that stand for an argument.
var secretsTerms = map[string]entry{
	"want_secret_kind":                         {en: "credentials, keys or infos", pt: "credentials, keys ou infos"},
	"it is no PEM":                             {en: "it is no PEM", pt: "não é PEM"},
	"it is no RSA key":                         {en: "it is no RSA key", pt: "não é uma chave RSA"},
	"it is no RSA key that can be read":        {en: "it is no RSA key that can be read", pt: "não é uma chave RSA legível"},
	"it is no PKCS#8 key without a passphrase": {en: "it is no PKCS#8 key without a passphrase", pt: "não é uma chave PKCS#8 sem senha"},
}

// secretsProblems are what can be wrong with it.
var secretsProblems = map[string]entry{
	"recipient_none":         {"nobody is named who could open the file", "não foi informado quem pode abrir o arquivo", "give --recipients age1…, --recipients \"ssh-ed25519 AAAA…\", or a file of such keys", "use --recipients age1…, --recipients \"ssh-ed25519 AAAA…\" ou um arquivo dessas chaves"},
	"recipient_bad":          {"this is no key to encrypt with[: {recipient}]", "isto não é uma chave para cifrar[: {recipient}]", "a recipient is age1…, or the public half of an SSH key: ssh-ed25519 AAAA…", "um destinatário é age1… ou a metade pública de uma chave SSH: ssh-ed25519 AAAA…"},
	"recipient_bad.private":  {"this is a private key, and not the public one to encrypt with", "isto é uma chave privada, não a pública para cifrar", "give its public half (age-keygen -y KEY, or the .pub file), and keep the private one where nobody else reads it", "informe a metade pública (age-keygen -y CHAVE, ou o arquivo .pub) e guarde a privada onde ninguém mais a leia"},
	"recipient_bad.no_file":  {"{recipient} is no key, and no file of keys that can be read", "{recipient} não é uma chave nem um arquivo de chaves legível", "a recipient is age1…, or the public half of an SSH key: ssh-ed25519 AAAA…", "um destinatário é age1… ou a metade pública de uma chave SSH: ssh-ed25519 AAAA…"},
	"recipient_bad.empty":    {"there is no key in it[: {recipient}]", "não há chave nele[: {recipient}]", "write a key on each line: age1…, or ssh-ed25519 AAAA…", "escreva uma chave por linha: age1… ou ssh-ed25519 AAAA…"},
	"recipient_mixed":        {"these recipients cannot be of one file: {=cause}", "estes destinatários não podem ser de um mesmo arquivo: {=cause}", "export once for each kind of key", "exporte uma vez para cada tipo de chave"},
	"secrets_confirm_needed": {"this would read secrets and take custody, and nobody can be asked here", "isto leria segredos e tomaria custódia, e não há a quem perguntar", "review it with --dry-run, then give --yes", "revise com --dry-run e depois use --yes"},
	"secrets_no_out":         {"no file is named to write to", "não foi informado onde gravar", "give -o FILE.age", "use -o ARQUIVO.age"},
	"secrets_terminal":       {"an encrypted file is nothing for a terminal", "um arquivo cifrado não é para um terminal", "give -o FILE.age, or lead stdout elsewhere", "use -o ARQUIVO.age ou redirecione a saída padrão"},
	"secrets_unchosen":       {"nothing says what to read", "nada diz o que ler", "name a FILE of records, or --match FIELD=VALUE; --all reads everything that the vault lists to us", "informe um ARQUIVO de registros ou --match CAMPO=VALOR; --all lê tudo o que o cofre nos lista"},
	"secrets_all_alone":      {"--all reads everything, and a FILE or --match only some", "--all lê tudo, e um ARQUIVO ou --match só uma parte", "leave out one of them", "retire um deles"},
	"secrets_info_file":      {"the vault has no list of protected information", "o cofre não tem lista de informações protegidas", "name a FILE with a column vault_id or identifier, without --match and --all", "informe um ARQUIVO com a coluna vault_id ou identifier, sem --match nem --all"},
	"secrets_release_kind":   {"custody is of credentials alone", "custódia é só de credenciais", "leave out --release", "retire --release"},
	"secrets_file_empty":     {"no row names a record", "nenhuma linha informa um registro", "give it rows with vault_id, identifier, or hostname and username", "dê-lhe linhas com vault_id, identifier, ou hostname e username"},
	"secrets_no_devices":     {"the vault refuses the list of devices: what it says of their sites, vendors and types is not in the export", "o cofre recusa a lista de dispositivos: sites, fabricantes e tipos não vão na exportação", "let the authorisation see devices, or fill them with defaults: where the file is read", "permita à autorização ver dispositivos ou preencha com defaults: onde o arquivo for lido"},
	"secrets_nothing":        {"nothing was read, and no file is written", "nada foi lido, e nenhum arquivo foi gravado", "see result.csv of the run", "veja o result.csv da execução"},
	"decryption_key":         {"the key that opens what the vault encrypts, {path}, cannot be used: {=cause}", "a chave que abre o que o cofre cifra, {path}, não pode ser usada: {=cause}", "it is the private key that the vault gives to download with the authorisation: PKCS#8 in PEM", "é a chave privada que o cofre oferece para baixar com a autorização: PKCS#8 em PEM"},
	"audit_broken":           {"the record of what was read was changed from here on", "o registro do que foi lido foi alterado a partir daqui", "keep the folder as it is for whoever looks into it, and export anew", "guarde a pasta como está para quem for investigar e exporte de novo"},
	"plan_reads":             {"this plan reads secrets, and changes nothing", "este plano lê segredos e não muda nada", "pamsync secrets export reads them anew, pamsync resume goes on with its run", "pamsync secrets export lê de novo, pamsync resume retoma a execução"},
	"run_reads":              {"{run} read secrets, and changed nothing", "{run} leu segredos e não mudou nada", "pamsync secrets export reads them anew; its failed.csv names those that failed", "pamsync secrets export lê de novo; o failed.csv dela traz as que falharam"},

	"secret_absent":        {"the answer holds no {member} with a secret", "a resposta não traz {member} com segredo", "look whether the authorisation may see it", "veja se a autorização pode vê-lo"},
	"secret_empty":         {"it is read, and its secret is empty", "foi lido, e o segredo está vazio", "look at it in the vault: it may have no password there", "confira no cofre: pode não ter senha lá"},
	"secret_not_text":      {"the secret holds bytes that are no text", "o segredo contém bytes que não são texto", "take it from the vault's own screens", "pegue-o nas telas do próprio cofre"},
	"secret_not_encrypted": {"the vault could not encrypt the secret for this authorisation: it is too long for its key", "o cofre não conseguiu cifrar o segredo para esta autorização: é longo demais para a chave", "use an authorisation that does not encrypt sensitive information, or take it from the vault's own screens", "use uma autorização que não cifre informações sensíveis ou pegue-o nas telas do próprio cofre"},
	"secret_other_key":     {"the secret is encrypted for another key", "o segredo está cifrado para outra chave", "name the key that belongs to this authorisation: vault: \\{decryption_key_file: …}", "informe a chave que pertence a esta autorização: vault: \\{decryption_key_file: …}"},
	"looks_encrypted":      {"the secret looks encrypted, and no key is configured that would open it", "o segredo parece cifrado, e não há chave configurada para abri-lo", "name the authorisation's private key: vault: \\{decryption_key_file: …}", "informe a chave privada da autorização: vault: \\{decryption_key_file: …}"},
	"custody_kept":         {"it is read, and its custody could not be given back: {answer}[ {message}]", "foi lido, mas a custódia não pôde ser devolvida: {answer}[ {message}]", "give it back in the vault, or wait until it ends", "devolva-a no cofre ou espere que termine"},

	"not_matched":            {"the record does not fit --match", "o registro não combina com --match", "leave out --match to read it", "retire --match para lê-lo"},
	"reading_unnamed":        {"the row names no record", "a linha não informa um registro", "give it a vault_id, an identifier, or a hostname and a username", "dê-lhe vault_id, identifier, ou hostname e username"},
	"reading_info_unnamed":   {"the row names no protected information", "a linha não informa uma informação protegida", "give it a vault_id or an identifier", "dê-lhe vault_id ou identifier"},
	"reading_bad_id":         {"{value} is no id of the vault", "{value} não é um id do cofre", "an id is a number", "um id é um número"},
	"reading_bad_identifier": {"{value} is no identifier that the vault can be asked by", "{value} não é um identificador pelo qual se possa perguntar ao cofre", "letters, digits, and . _ - alone; or give its vault_id", "só letras, algarismos e . _ -; ou informe o vault_id"},
	"reading_disagrees":      {"what the row says names different records", "o que a linha diz indica registros diferentes", "correct the id, the identifier or the name", "corrija o id, o identificador ou o nome"},
	"reading_not_listed":     {"the vault lists no such record to us", "o cofre não nos lista esse registro", "correct the row, or let the authorisation see it", "corrija a linha ou permita à autorização vê-lo"},
	"reading_ambiguous":      {"the row names {n} {n|record|records}", "a linha indica {n} {n|registro|registros}", "give the vault_id of the one that is meant", "informe o vault_id do que se quer"},
	"reading_other_kind":     {"the record is of another kind: {=kind}", "o registro é de outro tipo: {=kind}", "leave it out, or give the --kind", "retire-o ou informe o --kind"},
}
