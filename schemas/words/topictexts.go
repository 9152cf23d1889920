package words

// topicTexts are the pages of `pamsync help TOPIC`.
var topicTexts = map[string]entry{
	"topic_exit-codes": {en: `Exit codes
    0  done, or nothing to do
    1  failed, unclassified
    2  plan --detailed-exitcode: changes or holds are waiting
   10  finished, but some changes failed, rows were rejected or held, or the read-back differs
   11  stopped by a limit or a guard; nothing was written
   12  stopped early (--max-duration, --max-errors, change window, error storm, a stage); resumable
   13  another run holds the lock
   14  some outcomes are unknown; the next command is printed
   64  wrong usage            65  input refused          69  vault not reachable
   70  a bug of ours          74  journal or disk error  75  429 or 5xx to the end: run again
   77  the vault refused us   78  configuration wrong   130, 143  interrupted, resumable
`, pt: `Códigos de saída
    0  concluído, ou nada a fazer
    1  falhou, sem classificação
    2  plan --detailed-exitcode: há mudanças ou retenções pendentes
   10  terminou, mas houve mudanças com falha, linhas rejeitadas ou retidas, ou a releitura difere
   11  barrado por um limite ou uma proteção; nada foi gravado
   12  parou antes do fim (--max-duration, --max-errors, janela, muitos erros, uma etapa); pode ser retomado
   13  outra execução está com a trava
   14  alguns resultados são desconhecidos; o próximo comando é mostrado
   64  uso incorreto          65  entrada recusada         69  cofre inacessível
   70  um defeito nosso       74  erro de diário ou disco  75  429 ou 5xx até o fim: repita
   77  o cofre nos recusou    78  configuração incorreta   130, 143  interrompido, pode ser retomado
`},
	"topic_environment": {en: `Environment
  Each flag has a variable: PAMSYNC_ and its name in capitals, - as _ (--lock-timeout is
  PAMSYNC_LOCK_TIMEOUT). A flag beats the environment, which beats the file.
  PAMSYNC_CLIENT_ID, PAMSYNC_CLIENT_SECRET, PAMSYNC_CLIENT_SECRET_FILE
  SENHASEGURA_URL, SENHASEGURA_CLIENT_ID, SENHASEGURA_CLIENT_SECRET   as the vendor's tools
  PAMSYNC_OAUTH_TOKEN, PAMSYNC_OAUTH_TOKEN_SECRET, PAMSYNC_PROXY_PASSWORD   and with _FILE behind
  PAMSYNC_WORKBOOK_PASSWORD_FILE, PAMSYNC_WORKBOOK_PASSWORD   of protected workbooks
  PAMSYNC_IDENTITY_FILE, PAMSYNC_IDENTITY   the key that opens an export of secrets
  PAMSYNC_OPERATOR        who plans, approves and applies, where it is not the system's user
  PAMSYNC_KEY_PASSPHRASE_FILE, SSH_AUTH_SOCK   of the key that approves
  CREDENTIALS_DIRECTORY   systemd: the secret is read from pamsync.secret in it
  NO_COLOR, TERM=dumb     no colours
  LC_ALL, LC_MESSAGES, LANG   the language, where neither --lang nor PAMSYNC_LANG says it
  HTTPS_PROXY, NO_PROXY   the way to the vault, where vault.proxy does not say it
`, pt: `Ambiente
  Cada opção tem uma variável: PAMSYNC_ e o nome em maiúsculas, com _ no lugar de -
  (--lock-timeout é PAMSYNC_LOCK_TIMEOUT). A opção vale mais que o ambiente, que vale mais que
  o arquivo.
  PAMSYNC_CLIENT_ID, PAMSYNC_CLIENT_SECRET, PAMSYNC_CLIENT_SECRET_FILE
  SENHASEGURA_URL, SENHASEGURA_CLIENT_ID, SENHASEGURA_CLIENT_SECRET   como nas ferramentas do fabricante
  PAMSYNC_OAUTH_TOKEN, PAMSYNC_OAUTH_TOKEN_SECRET, PAMSYNC_PROXY_PASSWORD   e com _FILE no fim
  PAMSYNC_WORKBOOK_PASSWORD_FILE, PAMSYNC_WORKBOOK_PASSWORD   das planilhas protegidas
  PAMSYNC_IDENTITY_FILE, PAMSYNC_IDENTITY   a chave que abre uma exportação de segredos
  PAMSYNC_OPERATOR        quem planeja, aprova e aplica, se não for o usuário do sistema
  PAMSYNC_KEY_PASSPHRASE_FILE, SSH_AUTH_SOCK   da chave que aprova
  CREDENTIALS_DIRECTORY   systemd: o segredo é lido de pamsync.secret nessa pasta
  NO_COLOR, TERM=dumb     sem cores
  LC_ALL, LC_MESSAGES, LANG   o idioma, quando nem --lang nem PAMSYNC_LANG o informam
  HTTPS_PROXY, NO_PROXY   o caminho até o cofre, se vault.proxy não o disser
`},
	"topic_formats": {en: `Formats
  CSV    delimiter , ; TAB or | ; UTF-8 with or without mark, UTF-16 and UTF-32, Windows-1252,
         others by encoding:; a first line sep=; is understood; titles may stand above the
         names of the columns, and notes below the table
  XLSX   the sheet that sheet: or FILE!SHEET names, else the one visible sheet that is an
         inventory; the header among its first 20 rows; password_file: opens a protected one
  JSON   the answers of ServiceNow, NetBox, GLPI, Zabbix, AWS and others; any list of objects,
         an object keyed by hostname, JSON Lines; records: for all else
  What pamsync secrets export wrote: format: pamsync-secrets, with identity_file: KEY
  Exports of other vaults and of password managers are known by their columns: format: says
  which. See pamsync help mapping.
  Columns are found by the API's names and by English, Portuguese and Spanish ones; say
  otherwise with columns: \{field: NAME} in pamsync.yaml. Passwords are not read unless
  --with-secrets or credentials.secrets asks for them. pamsync inspect FILE says what is understood.
  What is written: UTF-8, comma, LF; --csv-for excel writes a byte order mark, semicolons and
  CRLF, which Excel opens in columns where the decimal sign is a comma. Both are read again.
`, pt: `Formatos
  CSV    separador , ; TAB ou | ; UTF-8 com ou sem BOM, UTF-16 e UTF-32, Windows-1252, outras
         com encoding:; uma primeira linha sep=; é entendida; pode haver títulos acima dos
         nomes das colunas e notas abaixo da tabela
  XLSX   a aba que sheet: ou ARQUIVO!ABA indica, senão a única aba visível que é um inventário;
         o cabeçalho entre as 20 primeiras linhas; password_file: abre uma planilha protegida
  JSON   as respostas de ServiceNow, NetBox, GLPI, Zabbix, AWS e outros; qualquer lista de
         objetos, um objeto com hostnames como chaves, JSON Lines; records: para o resto
  O que pamsync secrets export gravou: format: pamsync-secrets, com identity_file: CHAVE
  Exportações de outros cofres e de gerenciadores de senhas são reconhecidas pelas colunas:
  format: diz qual. Veja pamsync help mapping.
  As colunas são encontradas pelos nomes da API e por nomes em inglês, português e espanhol;
  para indicar outro, use columns: \{campo: NOME} no pamsync.yaml. Senhas não são lidas, a menos
  que --with-secrets ou credentials.secrets peça. pamsync inspect ARQUIVO mostra o que é entendido.
  O que é gravado: UTF-8, vírgula, LF; --csv-for excel grava BOM, ponto e vírgula e CRLF, que o
  Excel em português abre já em colunas. Os dois podem ser lidos de volta.
`},
	"topic_mapping": {en: `Mapping

columns: says where a field comes from: a column's name, a path in a record, or an
expression. Without it the names of columns decide, and products are known by theirs.

  columns:
    hostname: lower(split(FQDN, ".", 1))
    ip: first_ip(interfaces.\[main=1].ip, interfaces.ip)
    site: table(Local, "SP", "São Paulo", "RJ", "Rio de Janeiro")

  Name#2              the second column of that name; #3 the third column of the file
  a.b.0  a.\[2]  a.*   in a record: a member, an element, every member
  a.\[key=Name].value  the element of a list whose member has that text
  $key                the name of the member that holds the record
  coalesce(a, b, …)   the first that has a value; a text in quotes is itself
  default(a, "text")  the text where a has no value
  lower upper trim    of one value
  split(a, "/", 2)    a piece, from 1, or from the end as -1
  regex(a, "re")      what the pattern finds, or its first group (RE2)
  table(a, "from", "to", …)   a value for another; a last one alone stands for all others
  join(":", a, b)     both, where both have a value
  first_ip(a, …)      the first address that a device can be reached at, IPv4 first
  only_ip not_ip host an address or nothing; no address; the host of a URL or host:port
  column("any name")  a column whose name looks like an expression

A file without a header is read by numbers: columns: \{hostname: 1, ip: 2}. For JSON, records:
says where the records are: a dotted path, * for each member, $ for the document itself.
pamsync mapping init FILE drafts all of it.
`, pt: `Mapeamento

columns: diz de onde vem um campo: o nome de uma coluna, um caminho no registro ou uma
expressão. Sem ele decidem os nomes das colunas, e os produtos são reconhecidos pelos deles.

  columns:
    hostname: lower(split(FQDN, ".", 1))
    ip: first_ip(interfaces.\[main=1].ip, interfaces.ip)
    site: table(Local, "SP", "São Paulo", "RJ", "Rio de Janeiro")

  Nome#2              a segunda coluna com esse nome; #3 a terceira coluna do arquivo
  a.b.0  a.\[2]  a.*   num registro: um membro, um elemento, todos os membros
  a.\[key=Name].value  o elemento da lista cujo membro tem esse texto
  $key                o nome do membro que contém o registro
  coalesce(a, b, …)   o primeiro que tem valor; um texto entre aspas é ele mesmo
  default(a, "texto") o texto onde a não tem valor
  lower upper trim    de um valor
  split(a, "/", 2)    um pedaço, a partir de 1, ou do fim como -1
  regex(a, "re")      o que o padrão acha, ou seu primeiro grupo (RE2)
  table(a, "de", "para", …)   um valor por outro; um último sozinho vale para os demais
  join(":", a, b)     os dois, onde ambos têm valor
  first_ip(a, …)      o primeiro endereço em que o dispositivo é alcançável, IPv4 antes
  only_ip not_ip host um endereço ou nada; nenhum endereço; o host de uma URL ou host:porta
  column("um nome")   uma coluna cujo nome parece uma expressão

Um arquivo sem cabeçalho é lido por números: columns: \{hostname: 1, ip: 2}. Em JSON, records:
diz onde estão os registros: um caminho com pontos, * para cada membro, $ para o documento
inteiro. pamsync mapping init ARQUIVO esboça tudo isso.
`},
	"topic_settings": {en: `Settings

A credential takes four objects of settings: how its password is changed, how sessions are
opened, what is known of it, and access that exists only while it is used. Their members are
mapped like fields, in a credentials source:

  columns:
    execution_settings.automatic_change: Troca automática
    execution_settings.change_plugin: Plugin
    additional_settings.criticality: Criticidade
  defaults:
    session_settings.SSH: yes

Yes and no may be written in many ways (true, 1, sim, ativo, …), a criticality as Low, Medium or
High or in Portuguese; macros.remote_app and macros.connectivity are lists parted by commas. A
default stands where a row gives no setting of that object.
They are sent with a new credential, with another change where credentials.manage lists their
object, and alone where what was sent last is remembered: the vault shows them to nobody.

device_settings are the attributes of the credential's device, type among them, which the vault
takes with a credential. additional_settings.secret_key, and any field of your own under
additional_settings.additional_authentication_fields.NAME, are secrets: they are read and sent as
the password is, with credentials.secrets or --with-secrets.

`, pt: `Configurações

Uma credencial aceita quatro objetos de configurações: como a senha é trocada, como as sessões são
abertas, o que se sabe dela e o acesso que só existe enquanto é usado. Seus membros são mapeados
como campos, numa fonte de credenciais:

  columns:
    execution_settings.automatic_change: Troca automática
    execution_settings.change_plugin: Plugin
    additional_settings.criticality: Criticidade
  defaults:
    session_settings.SSH: sim

Sim e não podem ser escritos de várias formas (true, 1, yes, ativo, …), a criticidade como Low,
Medium ou High ou em português; macros.remote_app e macros.connectivity são listas com vírgulas. Um
valor padrão vale onde a linha não dá nenhuma configuração daquele objeto.
São enviadas com uma credencial nova, com outra mudança onde credentials.manage lista o objeto, e
sozinhas onde se lembra do último envio: o cofre não as mostra a ninguém.

device_settings são os atributos do dispositivo da credencial, type entre eles, que o cofre aceita
com a credencial. additional_settings.secret_key e qualquer campo seu sob
additional_settings.additional_authentication_fields.NOME são segredos: são lidos e enviados como a
senha, com credentials.secrets ou --with-secrets.

`},
	"topic_decisions": {en: `Decisions
  What is held waits for a person. Write what was decided into the file that decisions: names:
    kind,key,decision,target
    device,srv-01,new,srv-01b        srv-01b is a new device, and srv-01 is missing
    device,srv-01,ignore,srv-01b     leave both as they are
    device,srv-01,rename,srv-01b     srv-01b is srv-01 under a new name
    credential,root@srv-02,ignore,   leave it as it is
  A rename makes the new record, carries the credentials over by their identifiers, and switches
  the old record off last; where something cannot be carried over, the pair stays held. One that
  was cut off goes on the next night. Of a to b and b to c the second goes first, the other in the
  next run; names that go round are held. A name with a comma or a quote is written in quotes.
  Once it is named, the file must be there, if only with its header: else nothing is planned.
`, pt: `Decisões
  O que está retido espera por alguém. Escreva o que foi decidido no arquivo que decisions: indica:
    kind,key,decision,target
    device,srv-01,new,srv-01b        srv-01b é um dispositivo novo, e srv-01 está ausente
    device,srv-01,ignore,srv-01b     deixar os dois como estão
    device,srv-01,rename,srv-01b     srv-01b é srv-01 com um nome novo
    credential,root@srv-02,ignore,   deixar como está
  rename cria o registro novo, leva as credenciais pelos identificadores e por último inativa o
  registro antigo; se algo não puder ser levado, o par continua retido. Uma renomeação interrompida
  continua na noite seguinte. De a para b e b para c, a segunda vai primeiro e a outra na próxima
  execução; nomes em ciclo ficam retidos. Nome com vírgula ou aspas vai entre aspas.
  Uma vez indicado, o arquivo precisa existir, nem que só com o cabeçalho: senão nada é planejado.
`},
	"topic_filters": {en: `Filters
  where: (columns of the source), protect: (fields of the vault) and --match:
    operational_status == "1" and not (hostname =~ "^test-" or site != "LAX")
  Operators == != =~ !~ (RE2), the words and or not, parentheses; case is kept.
  --match also takes field=value, field!=value and field~regexp; of sessions host and port, too.
  ITSM= is an empty field, ITSM!= one that is not. Sessions have --network and --open besides.
`, pt: `Filtros
  where: (colunas da fonte), protect: (campos do cofre) e --match:
    operational_status == "1" and not (hostname =~ "^test-" or site != "LAX")
  Operadores == != =~ !~ (RE2), as palavras and or not, parênteses; maiúsculas e minúsculas
  são diferentes. --match aceita também campo=valor, campo!=valor e campo~expressão; em sessões,
  também host e port. ITSM= é campo vazio, ITSM!= campo preenchido. Sessões têm ainda --network e
  --open.
`},
	"topic_guards": {en: `Guards
  What stops a plan before the first write (exit 11), what holds a row or a record until somebody
  decides (exit 10), and what only waits (exit 0). They are set under limits: in pamsync.yaml, and
  for one plan with --limit NAME=VALUE: a number is the count, a percentage the share, off is off.
  Stops; what was planned is written all the same, marked, to be looked at
    inactivate     devices, or credentials, that go: 5% or 50, from 4 on
    cascade        all credentials and keys that go, along or alone: 5% or 250, from 51 on
    update         devices, or credentials, that change: 30%, from 4 on
    create         devices, or credentials, that are new; reactivate: that come back (off unless set)
    per            the devices of one site, vendor, model or type; in pamsync.yaml alone
    source_shrink  rows that a source has lost since the last good run: 20%, from 4 on
    view_shrink    records that the vault lists no more, and not by us: 5%, from 4 on
    drop           open sessions that sessions drop ends at once: 50, or all, from 4 on
    announced      a list of the vault that is not as long as it says
    round_count    a source that had more rows and now ends at 1000, 65535 and the like
    baseline       an older file, another column, filter, client or vault than in the last good run
    max_age        of a source: of a file older than that nothing is missing
    An empty source and one page of several stop whatever the limits; --missing report goes on.
  Holds
    new_values     a vendor, model, site or type that is nearly one of the vault's, or one of more
                   than 20 new ones: correct the row, or --allow-new vendor=NAME
    unreadable     rows without a readable key, above 0: nothing of their kind is inactivated
    in_use         where the list of sessions cannot be read
  Waits, and is listed
    in_use         what has an open session, or had one in the last 7 days
    grace          of devices: and credentials:, so many good runs in a row and so many days
    protect        what the filter fits, and the device that the vault itself runs on
  The last good run is the last sync or apply that ended 0 or 10; without one, nothing is compared.
`, pt: `Proteções
  O que barra um plano antes da primeira gravação (saída 11), o que retém uma linha ou um registro
  até que alguém decida (saída 10) e o que só espera (saída 0). Ficam em limits: no pamsync.yaml e,
  para um plano, em --limit NOME=VALOR: um número é a contagem, um percentual é a parte, off desliga.
  Barram; o plano é gravado assim mesmo, marcado, para ser visto
    inactivate     dispositivos, ou credenciais, que saem: 5% ou 50, a partir de 4
    cascade        todas as credenciais e chaves que saem, junto ou sozinhas: 5% ou 250, a partir de 51
    update         dispositivos, ou credenciais, que mudam: 30%, a partir de 4
    create         dispositivos, ou credenciais, que são novos; reactivate: que voltam (off se omitidos)
    per            os dispositivos de um site, vendor, model ou type; só no pamsync.yaml
    source_shrink  linhas que uma fonte perdeu desde a última execução boa: 20%, a partir de 4
    view_shrink    registros que o cofre deixou de listar, sem ação nossa: 5%, a partir de 4
    drop           sessões abertas que sessions drop encerra de uma vez: 50, ou todas, a partir de 4
    announced      uma lista do cofre que não tem o tamanho que anuncia
    round_count    uma fonte que tinha mais linhas e agora termina em 1000, 65535 e afins
    baseline       arquivo mais antigo, ou outra coluna, filtro, client ou cofre que na última execução boa
    max_age        da fonte: num arquivo mais antigo que isso nada está ausente
    Fonte vazia e uma página de várias barram com qualquer limite; --missing report segue em frente.
  Retêm
    new_values     vendor, model, site ou type quase igual a um do cofre, ou um entre mais de 20
                   novos: corrija a linha ou use --allow-new vendor=NOME
    unreadable     linhas sem chave legível, acima de 0: nada do mesmo tipo é inativado
    in_use         quando a lista de sessões não pode ser lida
  Esperam, e são listados
    in_use         o que tem sessão aberta, ou teve nos últimos 7 dias
    grace          de devices: e credentials:, tantas execuções boas seguidas e tantos dias
    protect        o que o filtro alcança, e o dispositivo em que o próprio cofre roda
  A última execução boa é o último sync ou apply que terminou com 0 ou 10; sem ela, nada é comparado.
`},
}
