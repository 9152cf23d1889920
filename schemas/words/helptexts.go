package words

// helpTexts are what the command line says about itself: the one line of each command, cmd_NAME,
// their groups, group_NAME, and the words of a help page. Flags are flag_NAME in flagTexts, the
// pages of `help TOPIC` topic_NAME in topicTexts.
var helpTexts = map[string]entry{
	"cmd_root":               {en: "bulk import, reconciliation and export for the senhasegura / Segura vault", pt: "importação, reconciliação e exportação em lote para o cofre senhasegura / Segura"},
	"cmd_inspect":            {en: "say what pamsync understands of a file", pt: "mostra o que o pamsync entende de um arquivo"},
	"cmd_validate":           {en: "read the inventory, without the vault, and say every error in it", pt: "lê o inventário, sem o cofre, e aponta todos os erros"},
	"cmd_plan":               {en: "compare the inventory with the vault, write a plan, change nothing", pt: "compara o inventário com o cofre e grava um plano, sem mudar nada"},
	"cmd_show":               {en: "show a plan", pt: "mostra um plano"},
	"cmd_apply":              {en: "apply a reviewed plan, and nothing else", pt: "aplica um plano revisado, e nada mais"},
	"cmd_sync":               {en: "plan, guard, apply, read back and report, in one run", pt: "planeja, protege, aplica, relê e relata, numa só execução"},
	"cmd_resume":             {en: "go on with a run that was left unfinished", pt: "continua uma execução que ficou inacabada"},
	"cmd_report":             {en: "write the result files of a run again, and show its sums", pt: "grava de novo os arquivos de resultado de uma execução e mostra os totais"},
	"cmd_export":             {en: "write what the vault lists to a file", pt: "grava num arquivo o que o cofre lista"},
	"cmd_export_devices":     {en: "the devices that the vault lists", pt: "os dispositivos que o cofre lista"},
	"cmd_export_credentials": {en: "the credentials and keys that the vault lists, without any secret", pt: "as credenciais e chaves que o cofre lista, sem nenhum segredo"},
	"cmd_export_sessions":    {en: "the remote sessions, as evidence", pt: "as sessões remotas, como evidência"},
	"cmd_vaultsim":           {en: "serve a simulated vault, for trials and tests", pt: "serve um cofre simulado, para experiências e testes"},
	"cmd_demo":               {en: "the whole way on sample files against a simulated vault", pt: "o caminho todo, com arquivos de exemplo e um cofre simulado"},
	"cmd_schema":             {en: "print a published JSON Schema", pt: "imprime um JSON Schema publicado"},
	"cmd_version":            {en: "say which build this is", pt: "diz que versão é esta"},
	"cmd_completion":         {en: "print a completion script for a shell", pt: "imprime o script de autocompletar de um shell"},
	"cmd_help":               {en: "help on a command, or on {topics}", pt: "ajuda sobre um comando ou sobre {topics}"},

	"group_start":     {en: "Start:", pt: "Começar:"},
	"group_look":      {en: "Look:", pt: "Conferir:"},
	"group_reconcile": {en: "Reconcile:", pt: "Reconciliar:"},
	"group_evidence":  {en: "Evidence:", pt: "Relatar:"},
	"group_other":     {en: "Other:", pt: "Outros:"},

	"arg_file": {en: "FILE", pt: "ARQUIVO"},
	"arg_plan": {en: "PLAN", pt: "PLANO"},
	"arg_run":  {en: `\[RUN]`, pt: `\[EXECUÇÃO]`},
	"arg_help": {en: `\[COMMAND|TOPIC]`, pt: `\[COMANDO|TÓPICO]`},

	"help_long": {en: `pamsync: bulk import, reconciliation and export for the senhasegura / Segura vault

  pamsync plan --devices inventory.csv -o plan.jsonl   see what would change
  pamsync apply plan.jsonl                             apply what was reviewed
  pamsync sync                                         both, unattended, from pamsync.yaml
  pamsync export sessions -o sessions.csv              evidence

Try it without a vault: pamsync demo`, pt: `pamsync: importação, reconciliação e exportação em lote para o cofre senhasegura / Segura

  pamsync plan --devices inventario.csv -o plano.jsonl   ver o que mudaria
  pamsync apply plano.jsonl                              aplicar o que foi revisado
  pamsync sync                                           as duas coisas, sem supervisão, com o pamsync.yaml
  pamsync export sessions -o sessoes.csv                 evidências

Para experimentar sem um cofre: pamsync demo`},
	"help_usage":       {en: "Usage:", pt: "Uso:"},
	"help_examples":    {en: "Examples:", pt: "Exemplos:"},
	"help_aliases":     {en: "Aliases:", pt: "Outros nomes:"},
	"help_available":   {en: "Available Commands:", pt: "Comandos disponíveis:"},
	"help_additional":  {en: "Additional Commands:", pt: "Outros comandos:"},
	"help_flags":       {en: "Flags:", pt: "Opções:"},
	"help_global":      {en: "Global Flags:", pt: "Opções gerais:"},
	"help_more":        {en: `Use "{path} \[command] --help" for more information about a command.`, pt: `Use "{path} \[comando] --help" para saber mais sobre um comando.`},
	"help_in_flags":    {en: `\[flags]`, pt: `\[opções]`},
	"help_in_command":  {en: `\[command]`, pt: `\[comando]`},
	"help_default":     {en: "(default {value})", pt: "(padrão: {value})"},
	"help_string":      {en: "string", pt: "texto"},
	"help_stringArray": {en: "stringArray", pt: "textos"},
	"help_int":         {en: "int", pt: "inteiro"},
	"help_float":       {en: "float", pt: "número"},
	"help_duration":    {en: "duration", pt: "tempo"},
}

// flagTexts say what each flag does.
var flagTexts = map[string]entry{
	"flag_help":              {en: "help for {command}", pt: "ajuda sobre {command}"},
	"flag_config":            {en: "configuration file (default ./pamsync.yaml)", pt: "arquivo de configuração (padrão: ./pamsync.yaml)"},
	"flag_url":               {en: "address of the vault", pt: "endereço do cofre"},
	"flag_lang":              {en: "language of messages: en or pt", pt: "idioma das mensagens: en ou pt"},
	"flag_json":              {en: "print one JSON object on stdout", pt: "imprime um objeto JSON na saída padrão"},
	"flag_quiet":             {en: "say nothing but errors", pt: "só mostra erros"},
	"flag_verbose":           {en: "say more", pt: "mostra mais detalhes"},
	"flag_no-color":          {en: "no colours (also NO_COLOR)", pt: "sem cores (também NO_COLOR)"},
	"flag_no-input":          {en: "never ask", pt: "nunca pergunta"},
	"flag_devices":           {en: "inventory of devices, in place of the configuration's", pt: "inventário de dispositivos, no lugar do que está na configuração"},
	"flag_credentials":       {en: "inventory of credentials, in place of the configuration's", pt: "inventário de credenciais, no lugar do que está na configuração"},
	"flag_missing":           {en: "what to do with records that the inventory lacks: keep, report or inactivate", pt: "o que fazer com registros que faltam no inventário: keep (manter), report (relatar) ou inactivate (inativar)"},
	"flag_with-secrets":      {en: "read the password column, and send it for new credentials", pt: "lê a coluna de senhas e a envia nas credenciais novas"},
	"flag_limit":             {en: "set a limit: inactivate=60, cascade=10%, update=off (repeatable)", pt: "define um limite: inactivate=60, cascade=10%, update=off (pode ser repetida)"},
	"flag_settle":            {en: "what was found of protected information that nobody knows of: ID=done or ID=absent (repeatable)", pt: "o que foi encontrado de informação protegida em dúvida: ID=done ou ID=absent (pode ser repetida)"},
	"flag_rps":               {en: "requests per second", pt: "requisições por segundo"},
	"flag_burst":             {en: "requests that may start at once", pt: "requisições que podem começar de uma vez"},
	"flag_timeout":           {en: "how long the vault may stay silent, as 90s", pt: "por quanto tempo o cofre pode ficar sem responder, como 90s"},
	"flag_workers":           {en: "calls at a time", pt: "chamadas simultâneas"},
	"flag_dry-run":           {en: "write nothing", pt: "não grava nada"},
	"flag_yes":               {en: "answer every question with yes", pt: "responde sim a todas as perguntas"},
	"flag_max-errors":        {en: "stop when so many changes have failed; resumable", pt: "para quando tantas mudanças falharem; pode ser retomado"},
	"flag_max-duration":      {en: "stop after this time, as 3h; resumable", pt: "para depois deste tempo, como 3h; pode ser retomado"},
	"flag_lock-timeout":      {en: "how long to wait for another run, as 10m", pt: "quanto esperar por outra execução, como 10m"},
	"flag_all":               {en: "show every line, however many", pt: "mostra todas as linhas, por mais que sejam"},
	"flag_plan_out":          {en: "write the plan here too", pt: "grava o plano também aqui"},
	"flag_detailed-exitcode": {en: "exit 2 when changes or holds are waiting", pt: "termina com 2 quando há mudanças ou retenções pendentes"},
	"flag_kind":              {en: "read it as an inventory of: device, credential, key (SSH keys) or info (protected information)", pt: "lê como inventário de: device (dispositivos), credential (credenciais), key (chaves SSH) ou info (informações protegidas)"},
	"flag_export_out":        {en: "file to write, - for stdout", pt: "arquivo a gravar; - é a saída padrão"},
	"flag_format":            {en: "csv, jsonl, xlsx, html, or several with commas (default: by the file's name, else csv)", pt: "csv, jsonl, xlsx, html ou vários com vírgulas (padrão: pelo nome do arquivo, senão csv)"},
	"flag_csv-for":           {en: "for whom a CSV is: machine (comma, LF) or excel (byte order mark, semicolon, CRLF)", pt: "para quem é o CSV: machine (vírgula, LF) ou excel (BOM, ponto e vírgula, CRLF)"},
	"flag_match":             {en: "keep what fits: user=ana, device~^10.66, or an expression (repeatable)", pt: "mantém o que combina: user=ana, device~^10.66 ou uma expressão (pode ser repetida)"},
	"flag_from":              {en: "first day or time of the period, in the vault's zone", pt: "primeiro dia ou horário do período, no fuso do cofre"},
	"flag_to":                {en: "last day or time of the period, included", pt: "último dia ou horário do período, incluído"},
	"flag_by":                {en: "what lies in the period: start, end or overlap", pt: "o que fica dentro do período: start (início), end (fim) ou overlap (qualquer parte)"},
	"flag_demo_out":          {en: "folder to work in; a former demo in it is replaced", pt: "pasta de trabalho; uma demonstração anterior nela é substituída"},
	"flag_addr":              {en: "address to listen on; loopback only", pt: "endereço onde atender; só loopback"},
	"flag_state":             {en: "state file to start from", pt: "arquivo de estado inicial"},
	"flag_save":              {en: "write the state here when it ends", pt: "grava o estado aqui ao terminar"},
	"flag_vault-version":     {en: "answers as this version: 3.23, 3.32, 3.33, 4.0 or 4.2.2", pt: "responde como esta versão: 3.23, 3.32, 3.33, 4.0 ou 4.2.2"},
	"flag_prefix":            {en: "answer under this prefix alone: api or iso", pt: "atende só sob este prefixo: api ou iso"},
	"flag_latency":           {en: "time that each answer takes", pt: "tempo que cada resposta leva"},
	"flag_rate-limit":        {en: "answer 429 above so many requests per second", pt: "responde 429 acima de tantas requisições por segundo"},
	"flag_read-only":         {en: "refuse every write (1039)", pt: "recusa toda gravação (1039)"},
	"flag_show-inactive":     {en: "list inactive records too", pt: "lista também registros inativos"},
	"flag_sessions":          {en: "serve so many generated sessions", pt: "serve tantas sessões geradas"},
}

// demoTexts are what the demo says between its command lines.
var demoTexts = map[string]entry{
	"demo_head":        {en: "A simulated vault answers at {url}, and {folder} holds an inventory with a few mistakes in it.", pt: "Um cofre simulado responde em {url}, e {folder} contém um inventário com alguns erros."},
	"demo_plan":        {en: "1. What would change? Nothing is written to the vault.", pt: "1. O que mudaria? Nada é gravado no cofre."},
	"demo_apply":       {en: "2. Apply what was reviewed, and nothing else.", pt: "2. Aplicar o que foi revisado, e nada mais."},
	"demo_sync":        {en: "3. The next night: nothing is left to do but what waits for a person.", pt: "3. Na noite seguinte: nada mais a fazer, a não ser o que espera por alguém."},
	"demo_export":      {en: "4. Evidence: the remote sessions of a quarter.", pt: "4. Evidências: as sessões remotas de um trimestre."},
	"demo_look":        {en: "To look at:", pt: "Para conferir:"},
	"demo_page":        {en: "the plan as a page: open it in a browser", pt: "o plano como página: abra no navegador"},
	"demo_workbook":    {en: "the plan as a workbook", pt: "o plano como planilha"},
	"demo_result_page": {en: "how the apply ended, as a page", pt: "como terminou o apply, em página"},
	"demo_result_book": {en: "the same as a workbook", pt: "o mesmo em planilha"},
	"demo_runs":        {en: "a folder for each run: plan, journal, results", pt: "uma pasta por execução: plano, diário, resultados"},
	"demo_export_file": {en: "the sessions, and beside them their manifest", pt: "as sessões e, ao lado, o manifesto"},
	"demo_inventory":   {en: "the inventory, and what its mistakes show", pt: "o inventário e o que seus erros mostram"},
	// The names of what the demo writes and reads.
	"demo_config":   {en: "nightly.yaml", pt: "noturno.yaml"},
	"demo_planfile": {en: "plan.jsonl", pt: "plano.jsonl"},
	"demo_sessions": {en: "sessions-2026Q3.csv", pt: "sessoes-2026T3.csv"},
	"demo_readme":   {en: "README.md", pt: "LEIAME.md"},
}
