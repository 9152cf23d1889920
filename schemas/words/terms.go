package words

import (
	"regexp"
	"sync"
)

// terms are the words that stand for an argument, {=name}: kinds, actions and statuses, what is
// meant by a list, and what a value should have been. Beside them nothing is said of a code.
var terms = merged(commonTerms, approvalTerms, sourceTerms, secretsTerms, evidenceTerms)

var commonTerms = map[string]entry{
	"device":     {en: "device", pt: "dispositivo"},
	"credential": {en: "credential", pt: "credencial"},
	"key":        {en: "key", pt: "chave"},
	"info":       {en: "protected information", pt: "informação protegida"},
	"session":    {en: "session", pt: "sessão"},

	"devices":     {en: "devices", pt: "dispositivos"},
	"credentials": {en: "credentials", pt: "credenciais"},
	"sessions":    {en: "sessions", pt: "sessões"},
	"the token":   {en: "the token", pt: "token"},
	"a token":     {en: "a token", pt: "um token"},

	"UTF-8 with BOM": {en: "UTF-8 with BOM", pt: "UTF-8 com BOM"},

	// What bad_value wants.
	"want_text":           {en: "a text", pt: "um texto"},
	"want_path":           {en: "a path", pt: "um caminho"},
	"want_file":           {en: "the path of a file", pt: "o caminho de um arquivo"},
	"want_keys":           {en: "keys of its own in it, not one value: pamsync schema config names them", pt: "chaves próprias dentro dela, não um valor: pamsync schema config as lista"},
	"want_one_of":         {en: "one of {values}", pt: "um destes: {values}"},
	"want_some_of":        {en: "some of {values}", pt: "alguns destes: {values}"},
	"want_least":          {en: "a whole number of at least {least}", pt: "um número inteiro a partir de {least}"},
	"want_whole":          {en: "a whole number", pt: "um número inteiro"},
	"want_number":         {en: "a number", pt: "um número"},
	"want_positive":       {en: "a number above 0", pt: "um número maior que 0"},
	"want_switch":         {en: "true or false", pt: "true ou false"},
	"want_time":           {en: "a time such as {like}", pt: "um tempo como {like}"},
	"want_proxy":          {en: "none, or http://HOST:PORT, without user and password", pt: "none ou http://HOST:PORTA, sem usuário e senha"},
	"want_referer":        {en: "an address such as https://jobs.example", pt: "um endereço como https://jobs.example"},
	"want_zone":           {en: "a zone such as America/Sao_Paulo or UTC", pt: "um fuso como America/Sao_Paulo ou UTC"},
	"want_sources":        {en: "a list: - path: FILE", pt: "uma lista: - path: ARQUIVO"},
	"want_field_value":    {en: `\{field: value}`, pt: `\{campo: valor}`},
	"want_fields":         {en: "a list of fields", pt: "uma lista de campos"},
	"want_scope":          {en: `\{field: \[values]}`, pt: `\{campo: \[valores]}`},
	"want_some":           {en: "at least one value", pt: "ao menos um valor"},
	"want_stages":         {en: "a list such as \\[1, 10, 10%, rest]", pt: "uma lista como \\[1, 10, 10%, rest]"},
	"want_window":         {en: "a time of the day such as 22:00-05:00 or mon-fri 22:00-05:00", pt: "um horário como 22:00-05:00 ou mon-fri 22:00-05:00"},
	"want_on_off":         {en: "on or off", pt: "on ou off"},
	"want_domains":        {en: "a list of domains, as \\[corp.example]", pt: "uma lista de domínios, como \\[corp.example]"},
	"want_precedence":     {en: `\{field: \[paths of sources]}`, pt: `\{campo: \[caminhos das fontes]}`},
	"want_percent":        {en: "a percentage such as 5, or off", pt: "um percentual como 5, ou off"},
	"want_loopback":       {en: "a loopback address such as 127.0.0.1:0", pt: "um endereço de loopback como 127.0.0.1:0"},
	"want_lang":           {en: "en or pt", pt: "en ou pt"},
	"want_missing":        {en: "keep, report or inactivate", pt: "keep, report ou inactivate"},
	"token":               {en: "bytes of one tag or text", pt: "bytes de uma marca ou texto"},
	"cells":               {en: "cells of a sheet", pt: "células de uma aba"},
	"cell":                {en: "bytes of a cell", pt: "bytes de uma célula"},
	"row":                 {en: "bytes of a row", pt: "bytes de uma linha"},
	"text":                {en: "bytes of text in a sheet", pt: "bytes de texto em uma aba"},
	"waste":               {en: "bytes that nobody reads", pt: "bytes que ninguém lê"},
	"string_bytes":        {en: "bytes of shared texts", pt: "bytes de textos compartilhados"},
	"strings":             {en: "shared texts", pt: "textos compartilhados"},
	"parts":               {en: "parts", pt: "partes"},
	"part":                {en: "bytes of a part", pt: "bytes de uma parte"},
	"depth":               {en: "elements in elements", pt: "elementos dentro de elementos"},
	"sheets":              {en: "sheets", pt: "abas"},
	"styles":              {en: "styles", pt: "estilos"},
	"want_kind":           {en: "device or credential", pt: "device ou credential"},
	"want_kinds":          {en: "device, credential, key or info", pt: "device, credential, key ou info"},
	"chosen_by_all":       {en: "all that the vault listed", pt: "todos os que o cofre listava"},
	"chosen_by_match":     {en: "by --match", pt: "por --match"},
	"chosen_by_rows":      {en: "by the rows of a file", pt: "pelas linhas de um arquivo"},
	"want_shell":          {en: "bash, zsh, fish or powershell", pt: "bash, zsh, fish ou powershell"},
	"want_networks":       {en: "networks, as 10.0.0.0/8", pt: "redes, como 10.0.0.0/8"},
	"want_one_format":     {en: "one format alone, for stdout", pt: "um formato só, para a saída padrão"},
	"want_no_certificate": {en: "a name that is not a certificate's, as manifest.json and those that end in .manifest.json are", pt: "um nome que não seja de certificado, como manifest.json e os que terminam em .manifest.json"},
	"want_file_name":      {en: "a file name of UTF-8 without line ends or other control characters", pt: "um nome de arquivo em UTF-8 sem quebras de linha nem outros caracteres de controle"},
	"want_format":         {en: "csv, jsonl, xlsx or html, or several of them", pt: "csv, jsonl, xlsx ou html, ou vários deles"},
	"want_by":             {en: "start, end or overlap", pt: "start, end ou overlap"},
	"want_csv_for":        {en: "machine or excel", pt: "machine ou excel"},
	"want_show_format":    {en: "text, md, csv, json, html or xlsx", pt: "text, md, csv, json, html ou xlsx"},

	// What a command wants as its arguments.
	"a file":                                 {en: "a file", pt: "um arquivo"},
	"a run":                                  {en: "a run", pt: "uma execução"},
	"a name":                                 {en: "a name", pt: "um nome"},
	"a plan file":                            {en: "a plan file", pt: "um arquivo de plano"},
	"a shell: bash, zsh, fish or powershell": {en: "a shell: bash, zsh, fish or powershell", pt: "um shell: bash, zsh, fish ou powershell"},

	// Why a list of the vault could not be read.
	"not_allowed":    {en: "access was refused", pt: "o acesso foi recusado"},
	"vault_error":    {en: "the vault failed", pt: "o cofre deu erro"},
	"vault_busy":     {en: "the vault was busy", pt: "o cofre estava ocupado"},
	"no_vault_here":  {en: "no vault's API answers", pt: "não há API de cofre ali"},
	"not_json":       {en: "the answer was no JSON", pt: "a resposta não era JSON"},
	"list_cut":       {en: "it was cut short", pt: "veio cortada"},
	"list_malformed": {en: "it was malformed", pt: "veio malformada"},
	"timed_out":      {en: "no answer came in time", pt: "não houve resposta a tempo"},
	"unreachable":    {en: "the vault could not be reached", pt: "o cofre estava inacessível"},
	"not_read":       {en: "it was not read", pt: "não foi lida"},

	// Why a filter cannot be read.
	"filter_surplus":   {en: `{found} is one too many`, pt: `{found} está sobrando`},
	"filter_open":      {en: "a closing parenthesis is missing", pt: "falta fechar um parêntese"},
	"filter_no_field":  {en: "a field's name is missing", pt: "falta o nome de um campo"},
	"filter_not_field": {en: `wanted a field's name, found {found}`, pt: `era esperado o nome de um campo, e há {found}`},
	"filter_no_sign":   {en: `after {found} one of == != =~ !~ is missing`, pt: `depois de {found} falta um destes: == != =~ !~`},
	"filter_no_text":   {en: "after {found} a text in quotes is missing", pt: "depois de {found} falta um texto entre aspas"},
	"filter_regexp":    {en: "the regular expression: {found}", pt: "a expressão regular: {found}"},
}

// causes are the English sentences of rooms that know no words (the JSON scanner, the record
// files, the system), as patterns, and what they are in Portuguese; $1 is said again by itself.
var causes = sync.OnceValue(func() []cause {
	table := []struct{ en, pt string }{
		{`line (\d+), byte (\d+): (.+)`, "linha $1, byte $2: $3"},
		{`line (\d+): (.+)`, "linha $1: $2"},
		{`near the end: (.+)`, "perto do fim: $1"},
		{`unexpected end: (.+)`, "fim inesperado: $1"},
		{`unexpected (.+?): (.+)`, "$1 inesperado: $2"},
		{`reading on: (.+)`, "ao continuar a leitura: $1"},
		{`(0x[0-9A-F]{2,8}), line (\d+), byte (\d+)`, "$1, linha $2, byte $3"},
		{`over the limit: (.+)`, "acima do limite: $1"},
		{`(.+) was expected, not (.+)`, "era esperado $1, não $2"},
		{`(.+) \(this looks like UTF-16, only UTF-8 is read\)`, "$1 (parece UTF-16; só UTF-8 é lido)"},
		{`the document is cut short`, "o documento está cortado"},
		{`an object`, "um objeto"}, {`an array`, "uma lista"}, {`a string`, "um texto"}, {`a number`, "um número"}, {`true or false`, "true ou false"},
		{`a value was expected`, "era esperado um valor"},
		{`a value or ']' was expected`, "era esperado um valor ou ']'"},
		{`a name in quotes or '}' was expected`, "era esperado um nome entre aspas ou '}'"},
		{`a name in quotes was expected`, "era esperado um nome entre aspas"},
		{`':' was expected after a name`, "era esperado ':' depois de um nome"},
		{`',' or the closing brace or bracket was expected`, "era esperada ',' ou o fechamento da chave ou do colchete"},
		{`nothing was expected after the document`, "nada era esperado depois do documento"},
		{`control characters in strings must be escaped`, "caracteres de controle em textos precisam de escape"},
		{`there is no such escape in a string`, "não existe tal escape num texto"},
		{`four hexadecimal digits were expected after \\u`, `eram esperados quatro dígitos hexadecimais depois de \u`},
		{`true, false or null was expected`, "era esperado true, false ou null"},
		{`a number does not go on like this`, "um número não continua assim"},
		// Record files.
		{`a record with (\d+) fields set`, "um registro com $1 campos preenchidos"},
		{`a record file starts with its one start record`, "um arquivo de registros começa com seu único registro inicial"},
		{`the last line is cut`, "a última linha está cortada"},
		{`the seal does not fit: the file was edited or shortened`, "o selo não confere: o arquivo foi editado ou encurtado"},
		{`something follows the seal`, "há algo depois do selo"},
		{`longer than (\d+) bytes`, "mais longa que $1 bytes"},
		{`not a ([\w-]+) file`, "não é um arquivo $1"},
		{`not a ([\w-]+) file: it does not start with a start record`, "não é um arquivo $1: não começa com um registro inicial"},
		{`a second start record`, "um segundo registro inicial"},
		{`not exactly one record on the line`, "não há exatamente um registro na linha"},
		{`not as pamsync writes it: was it edited\?`, "não está como o pamsync grava: foi editado?"},
		{`this is a (".*") file; wanted is (".*")`, "este é um arquivo $1; o esperado é $2"},
		{`(\S+) version (\d+); this build reads version (\S+)`, "$1 versão $2; esta versão do programa lê a versão $3"},
		{`a record that has no place in a plan`, "um registro que não cabe num plano"},
		{`the plan is not whole: its end is missing`, "o plano não está inteiro: falta o fim"},
		{`its end is missing`, "falta o fim"},
		{`it holds no record`, "não contém nenhum registro"},
		{`not a key`, "não é uma chave"},
		{`no password in (.+)`, "nenhuma senha em $1"},
		{`what (.+) sends is not what it shows`, "o que $1 envia não é o que mostra"},
		{`missing: (.+)`, "faltam: $1"},
		{`a decision without a key`, "uma decisão sem chave"},
		{`it is empty, without its header`, "está vazio, sem o cabeçalho"},
		{`several devices of this name`, "vários dispositivos com este nome"},
		{`pid (\d+) on (.+), since (\S+), run (.+)`, "pid $1 em $2, desde $3, execução $4"},
		// Secrets, and the vault's answers.
		{`it is a folder`, "é uma pasta"},
		{`it is empty`, "está vazio"},
		{`it is too large`, "é grande demais"},
		{`it holds more than one line`, "contém mais de uma linha"},
		{`exit status (\d+)`, "código de saída $1"},
		{`no answer in time`, "sem resposta a tempo"},
		{`the server went over to another protocol`, "o servidor passou para outro protocolo"},
		{`the certificate is not the pinned one`, "o certificado não é o fixado"},
		{`(\w+) is no array`, "$1 não é uma lista"},
		{`a record that is no object`, "um registro que não é um objeto"},
		{`no (\w+) in the answer`, "não há $1 na resposta"},
		{`the demo's (\w+) ended with (\d+)`, "o $1 da demonstração terminou com $2"},
		{`the demo's (\w+) left (.+)`, "o $1 da demonstração deixou $2"},
		// A problem's code where it is the cause of another.
		{`not_allowed`, "acesso recusado"}, {`list_cut`, "lista cortada"}, {`list_malformed`, "lista ilegível"}, {`vault_error`, "erro do cofre"}, {`vault_busy`, "cofre ocupado"},
		{`unreachable`, "cofre inacessível"}, {`timed_out`, "sem resposta a tempo"}, {`no_answer`, "resposta perdida"}, {`not_json`, "resposta que não é JSON"}, {`not_read`, "não foi lida"},
		// The YAML parser.
		{`mapping values are not allowed in this context`, "um valor não cabe aqui: falta uma quebra de linha ou aspas?"},
		{`found character that cannot start any token`, "um caractere que não pode começar nada"},
		{`found a tab character that violates indentation`, "uma tabulação na indentação"},
		{`did not find expected key`, "era esperada uma chave"},
		{`did not find expected (.+)`, "era esperado $1"},
		{`',' or '(.)'`, "',' ou '$1'"},
		{`could not find expected ':'`, "era esperado ':'"},
		{`found unexpected end of stream`, "fim inesperado"},
		{`unknown field (".*")`, "campo desconhecido $1"},
		// The system.
		{`(?:open|read|write|stat|mkdir|rename) (.+?): (.+)`, "$1: $2"},
		{`(?:read|write): (.+)`, "$1"},
		{`dial tcp(?: \S+)?: (.+)`, "$1"},
		{`lookup (\S+?)(?: on \S+)?: (.+)`, "$1: $2"},
		{`no such host`, "nome inexistente"},
		{`invalid character (.+) looking for beginning of value`, "caractere $1 inválido no início de um valor"},
		{`values are nested deeper than (\d+)`, "valores aninhados além de $1 níveis"},
		{`a value is longer than (\d+)`, "um valor com mais de $1 bytes"},
		{`context deadline exceeded`, "tempo esgotado"},
		{`no such file or directory`, "arquivo ou pasta inexistente"},
		{`permission denied`, "permissão negada"},
		{`is a directory`, "é uma pasta"},
		{`not a directory`, "não é uma pasta"},
		{`no space left on device`, "não há espaço em disco"},
		{`read-only file system`, "sistema de arquivos somente leitura"},
		{`file exists`, "o arquivo já existe"},
		{`connection reset by peer`, "conexão encerrada pelo outro lado"},
		{`unexpected EOF`, "fim inesperado"},
		{`EOF`, "fim inesperado"},
	}
	known := make([]cause, len(table))
	for i, c := range table {
		known[i] = cause{regexp.MustCompile(`^` + c.en + `$`), c.pt}
	}
	return known
})

type cause struct {
	en *regexp.Regexp
	pt string
}

var part = regexp.MustCompile(`\$\d`)

// causeInPortuguese says a cause in Portuguese, piece by piece; what is unknown stays.
func causeInPortuguese(text string) string {
	for _, c := range causes() {
		m := c.en.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		return part.ReplaceAllStringFunc(c.pt, func(name string) string { return causeInPortuguese(m[name[1]-'0']) })
	}
	return text
}
