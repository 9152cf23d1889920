package words

// rehearseTexts are what rehearse says.
var rehearseTexts = map[string]entry{
	"cmd_rehearse": {en: "apply a plan to a simulated copy of the vault, and say how it would go", pt: "aplica um plano numa cópia simulada do cofre e diz como seria"},
	"help_rehearse": {en: `Applies a plan to a simulated vault that holds what the real one lists now, and says how
long the apply would take, how many requests it would make, and which changes would fail or be
skipped and why. Nothing is written to the real vault, to the reports or to the state folder.
The exit code is that which apply would have.

The time is reckoned and not waited for: each request starts when its turn comes (--rps,
--burst), so many calls run at a time (--workers), those of one device one after another; a
write lasts as long as the vault takes to show one device (--latency says otherwise), a list as
long as it took to read it just now.`, pt: `Aplica um plano num cofre simulado que contém o que o verdadeiro lista agora e diz quanto
tempo o apply levaria, quantas requisições faria e quais mudanças falhariam ou seriam puladas,
e por quê. Nada é gravado no cofre verdadeiro, nos relatórios nem na pasta de estado. O código
de saída é o que o apply teria.

O tempo é calculado, sem esperar: cada requisição começa na sua vez (--rps, --burst), tantas
chamadas correm ao mesmo tempo (--workers), as de um mesmo dispositivo uma após a outra; uma
gravação dura o que o cofre leva para mostrar um dispositivo (--latency muda isso), e uma
lista, o que durou a leitura dela agora.`},
	"flag_rehearse_out":     {en: "write how each change would end here, with the columns of result.csv", pt: "grava aqui como cada mudança terminaria, com as colunas do result.csv"},
	"flag_rehearse_latency": {en: "what one write lasts, as 300ms, in place of what is measured", pt: "quanto dura uma gravação, como 300ms, no lugar do que é medido"},
	"rehearse_read":         {en: "Reading the vault  {devices} {devices|device|devices}, {credentials} {credentials|credential or key|credentials and keys}, in {time}", pt: "Lendo o cofre  {devices} {devices|dispositivo|dispositivos}, {credentials} {credentials|credencial ou chave|credenciais e chaves}, em {time}"},
	"rehearse_begin":        {en: "Rehearsing {n} {n|change|changes} on a simulated vault", pt: "Ensaiando {n} {n|mudança|mudanças} num cofre simulado"},
	"rehearse_takes":        {en: "would take", pt: "levaria"},
	"rehearse_ends":         {en: "would end", pt: "terminaria"},
	"rehearse_waits":        {en: "waiting", pt: "em espera"},
	"rehearse_failed":       {en: "would fail", pt: "falharia"},
	"rehearse_skipped":      {en: "would be skipped", pt: "seria pulada"},
	"rehearse_unknown":      {en: "would be unknown", pt: "desconhecida"},
	"rehearse_done":         {en: "done, but", pt: "feita, mas"},
	"rehearse_not":          {en: "not rehearsed", pt: "não ensaiado"},
	"rehearse_no_time":      {en: "no time: the plan changes nothing", pt: "tempo nenhum: o plano não muda nada"},
	"rehearse_time":         {en: "about {time}: {n} {n|request|requests} ({writes} {writes|write|writes}, {lists} {lists|list|lists}, {tokens} {tokens|access token|access tokens})", pt: "cerca de {time}: {n} {n|requisição|requisições} ({writes} {writes|gravação|gravações}, {lists} {lists|lista|listas}, {tokens} {tokens|token de acesso|tokens de acesso})"},
	"rehearse_pace":         {en: "at {rps} {rps|request|requests} a second, burst {burst}, {workers} {workers|call|calls} at a time, those of one device one after another", pt: "a {rps} {rps|requisição|requisições} por segundo, rajada {burst}, {workers} {workers|chamada|chamadas} ao mesmo tempo, as de um mesmo dispositivo uma após a outra"},
	"rehearse_measured":     {en: "a write is reckoned at {latency}, what the vault took just now to show one device; above {most} the writes, not the pace, would set the time (try --latency 300ms)", pt: "estima-se {latency} por gravação, o que o cofre levou agora para mostrar um dispositivo; acima de {most}, quem ditaria o tempo são as gravações, e não o ritmo (experimente --latency 300ms)"},
	"rehearse_latency":      {en: "a write is reckoned at {latency}, as --latency says; above {most} the writes, not the pace, set the time", pt: "estima-se {latency} por gravação, conforme --latency; acima de {most}, quem dita o tempo são as gravações, e não o ritmo"},
	"rehearse_lists":        {en: "each list takes as long as just now: {lists}", pt: "cada lista leva o mesmo que agora: {lists}"},
	"rehearse_settle":       {en: "waiting {time} for lost answers (apply.settle)", pt: "espera de {time} por respostas perdidas (apply.settle)"},
	"rehearse_end_line":     {en: "{done} done, {failed} failed, {skipped} skipped, {unknown} unknown; exit code {exit}", pt: "{done} {done|feita|feitas}, {failed} com falha, {skipped} {skipped|pulada|puladas}, {unknown} {unknown|desconhecida|desconhecidas}; código de saída {exit}"},
	"rehearse_waits_line":   {en: "{held} {held|row|rows} held and {rejected} {rejected|row|rows} rejected, for a person to decide", pt: "{held} {held|linha retida|linhas retidas} e {rejected} {rejected|linha rejeitada|linhas rejeitadas}, à espera de alguém"},
	"verdict_rehearsed_0":   {en: "rehearsed: all would be done; nothing was written", pt: "ensaiado: tudo seria feito; nada foi gravado"},
	"verdict_rehearsed_use": {en: "rehearsed: all would be done, but for what is in use; nothing was written", pt: "ensaiado: tudo seria feito, exceto o que está em uso; nada foi gravado"},
	"verdict_rehearsed_10":  {en: "rehearsed: not everything would be done; nothing was written", pt: "ensaiado: nem tudo seria feito; nada foi gravado"},
	"verdict_rehearsed_12":  {en: "rehearsed: it would stop before the end; nothing was written", pt: "ensaiado: pararia antes do fim; nada foi gravado"},
	"verdict_rehearsed_14":  {en: "rehearsed: some outcomes would be unknown; nothing was written", pt: "ensaiado: alguns resultados seriam desconhecidos; nada foi gravado"},
	"verdict_rehearsed_130": {en: "interrupted, nothing was written", pt: "interrompido, nada foi gravado"},
}

// rehearseProblems are what a rehearsal finds, and what it cannot tell.
var rehearseProblems = map[string]entry{
	"rehearse_too_long":    {"the apply would take {time}, longer than apply.max_duration allows ({most})", "o apply levaria {time}, mais que apply.max_duration permite ({most})", "raise --max-duration or --rps; what is left goes on with: pamsync resume", "aumente --max-duration ou --rps; o que faltar continua com: pamsync resume"},
	"unrehearsed_rules":    {"rules that the vault alone knows: password policies, permission to write, values it keeps otherwise", "regras que só o cofre conhece: políticas de senha, permissão para gravar, valores que ele guarda de outra forma", "", ""},
	"unrehearsed_unlisted": {"records that no list shows, inactive or not for this client, but for those that our own runs remember: {n} {n|create|creates} may find such a one", "registros que nenhuma lista mostra, inativos ou fora da autorização deste client, exceto os que nossas execuções lembram: {n} {n|criação pode|criações podem} encontrar um deles", "", ""},
	"unrehearsed_domains":  {"whether the vault knows the {n|domain|domains} {names}: {n|it was|all were} taken as registered", "se o cofre conhece {n|o domínio|os domínios} {names}: {n|foi dado como cadastrado|foram dados como cadastrados}", "", ""},
	"unrehearsed_secrets":  {"the passwords: invented ones were sent, and the inventory was not read again", "as senhas: foram enviadas senhas inventadas, e o inventário não foi relido", "", ""},
	"unrehearsed_network":  {"the vault's load, throttling (429) and lost answers: for each round of those apply waits {settle} and reads the lists again", "a carga do cofre, o limite de requisições dele (429) e respostas perdidas: a cada leva destas o apply espera {settle} e relê as listas", "", ""},
}
