package words

import "maps"

// texts are the program's own sentences, by the room that says them.
var texts = merged(screenTexts, helpTexts, flagTexts, topicTexts, demoTexts, doctorTexts, pageTexts, bookTexts)

// merged joins tables of words; a test holds that no two of them have a key in common.
func merged(tables ...map[string]entry) map[string]entry {
	all := map[string]entry{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// screenTexts are said by the runs of a job.
var screenTexts = map[string]entry{
	"devices":              {en: "Devices", pt: "Dispositivos"},
	"credentials":          {en: "Credentials", pt: "Credenciais"},
	"keys":                 {en: "SSH keys", pt: "Chaves SSH"},
	"held":                 {en: "Held until somebody decides", pt: "Retidos até alguém decidir"},
	"rejected":             {en: "Rejected rows", pt: "Linhas rejeitadas"},
	"warnings":             {en: "Warnings", pt: "Avisos"},
	"symbols":              {en: "Symbols: + create   ~ update   ^ reactivate   - inactivate   ! held   x rejected", pt: "Símbolos: + criar   ~ alterar   ^ reativar   - inativar   ! retido   x rejeitado"},
	"more":                 {en: "… and {n} more", pt: "… e mais {n}"},
	"takes":                {en: "takes along {n}: {names}", pt: "leva junto {n}: {names}"},
	"secret_set":           {en: "will be set", pt: "será definido"},
	"password_set":         {en: "password will be set", pt: "a senha será definida"},
	"by_where":             {en: "{n} by where", pt: "{n} {n|excluída|excluídas} por where"},
	"record":               {en: "record", pt: "registro"},
	"unfinished_run":       {en: "run {run} was left unfinished; this one takes what it did into account", pt: "a execução {run} ficou inacabada; esta leva em conta o que ela fez"},
	"hint":                 {en: "hint", pt: "dica"},
	"error":                {en: "error", pt: "erro"},
	"warning":              {en: "warning", pt: "aviso"},
	"plan_line":            {en: "Plan: {create} to create, {update} to update, {reactivate} to reactivate, {inactivate} to inactivate; {hold} held, {reject} {reject|row|rows} rejected, {same} {same|row|rows} unchanged.", pt: "Plano: {create} a criar, {update} a alterar, {reactivate} a reativar, {inactivate} a inativar; {hold} {hold|retido|retidos}, {reject} {reject|linha rejeitada|linhas rejeitadas}, {same} {same|linha sem mudança|linhas sem mudança}."},
	"cascade_line":         {en: "With {devices} {devices|device|devices} {dragged|goes|go} {dragged} {dragged|credential or key|credentials and keys}; {own} {own|credential goes|credentials go} by themselves.", pt: "Com {devices} {devices|dispositivo|dispositivos} {dragged|vai|vão} {dragged} {dragged|credencial ou chave|credenciais e chaves}; {own} {own|credencial sai|credenciais saem} por conta própria."},
	"rows_line":            {en: "Rows: {in} in = {changed} changed + {unchanged} unchanged + {held} held + {rejected} rejected + {left} left out.", pt: "Linhas: {in} {in|lida|lidas} = {changed} com mudança + {unchanged} sem mudança + {held} {held|retida|retidas} + {rejected} {rejected|rejeitada|rejeitadas} + {left} fora por regra."},
	"missing_line":         {en: "Only in the vault: {devices} {devices|device|devices}, {credentials} {credentials|credential|credentials}. They stay as they are (missing: report).", pt: "Só no cofre: {devices} {devices|dispositivo|dispositivos}, {credentials} {credentials|credencial|credenciais}. Ficam como estão (missing: report)."},
	"left_line":            {en: "Left as they are by rule: {parts}.", pt: "Ficam como estão por regra: {parts}."},
	"time_line":            {en: "Estimated: {calls} {calls|call|calls} at {rps}/s, about {time}.", pt: "Estimativa: {calls} {calls|chamada|chamadas} a {rps}/s, cerca de {time}."},
	"stopped_head":         {en: "Stopped by a guard; nothing was written:", pt: "Barrado por uma proteção; nada foi gravado:"},
	"limits":               {en: "Limits", pt: "Limites"},
	"limit_line":           {en: "{name} {=kind}: {n} of {total} (limit {limit})", pt: "{name}, {=kind}: {n} de {total} (limite {limit})"},
	"limit_stopped":        {en: "STOPS", pt: "BARRA"},
	"digest_line":          {en: "Plan {path}  {digest}", pt: "Plano {path}  {digest}"},
	"next_apply":           {en: "Next: pamsync apply {path}", pt: "Próximo passo: pamsync apply {path}"},
	"no_changes":           {en: "No changes: the vault is as the inventory wants it.", pt: "Nada a mudar: o cofre está como o inventário pede."},
	"reading_source":       {en: "Reading {path}  {format}  {rows} {rows|row|rows}", pt: "Lendo {path}  {format}  {rows} {rows|linha|linhas}"},
	"reading_vault":        {en: "Reading the vault  {devices} {devices|device|devices}, {credentials} {credentials|credential or key|credentials and keys}", pt: "Lendo o cofre  {devices} {devices|dispositivo|dispositivos}, {credentials} {credentials|credencial ou chave|credenciais e chaves}"},
	"secrets_ignored":      {en: "{path}: column \"{column}\" looks like passwords; it is not read. To send it: --with-secrets", pt: "{path}: a coluna \"{column}\" parece conter senhas; não é lida. Para enviar: --with-secrets"},
	"settling":             {en: "{n} {n|answer was|answers were} lost; waiting {time} before the lists are believed", pt: "{n} {n|resposta se perdeu|respostas se perderam}; aguardando {time} antes de confiar nas listas"},
	"applying":             {en: "applying", pt: "aplicando"},
	"progress_line":        {en: "{time} applying: {done}/{total} ({percent}%), {rate}/s", pt: "{time} aplicando: {done}/{total} ({percent}%), {rate}/s"},
	"result_line":          {en: "{done} done, {failed} failed, {skipped} skipped, {unknown} unknown.", pt: "{done} {done|feita|feitas}, {failed} com falha, {skipped} {skipped|pulada|puladas}, {unknown} {unknown|desconhecida|desconhecidas}."},
	"result_code":          {en: "{n}  {code}: {what}", pt: "{n}  {code}: {what}"},
	"stopping":             {en: "stopping: waiting for the calls under way (again to leave at once)", pt: "parando: aguardando as chamadas em andamento (repita para sair já)"},
	"reports_line":         {en: "Reports: {path}", pt: "Relatórios: {path}"},
	"confirm":              {en: "{create} {create|create|creates}, {update} {update|update|updates}, {reactivate} {reactivate|reactivation|reactivations} and {inactivate} {inactivate|inactivation|inactivations} in {vault}.", pt: "{create} {create|criação|criações}, {update} {update|alteração|alterações}, {reactivate} {reactivate|reativação|reativações} e {inactivate} {inactivate|inativação|inativações} em {vault}."},
	"confirm_yes":          {en: "Type yes to apply: ", pt: "Digite sim para aplicar: "},
	"confirm_host":         {en: "Something will be inactivated. Type the vault's host name ({host}) to apply: ", pt: "Haverá inativações. Digite o nome de host do cofre ({host}) para aplicar: "},
	"dry_run":              {en: "Dry run: nothing was written.", pt: "Simulação: nada foi gravado."},
	"dry_check":            {en: "{go} of {total} changes would be applied now; {already} are done already, {stale} moved since the plan was made.", pt: "{go} de {total} {total|mudança|mudanças} {go|seria aplicada|seriam aplicadas} agora; {already} já {already|está feita|estão feitas}, {stale} {stale|mudou|mudaram} no cofre desde o plano."},
	"verdict_0":            {en: "done", pt: "concluído"},
	"verdict_0_nothing":    {en: "nothing to do", pt: "nada a fazer"},
	"verdict_plan":         {en: "planned", pt: "planejado"},
	"verdict_2":            {en: "changes are waiting", pt: "há mudanças pendentes"},
	"verdict_10":           {en: "finished, but not everything: see the report", pt: "terminou, mas não por completo: veja o relatório"},
	"verdict_10_plan":      {en: "planned; rows are held or rejected", pt: "planejado; há linhas retidas ou rejeitadas"},
	"verdict_10_waiting":   {en: "nothing to do; what is held or rejected waits for a person", pt: "nada a fazer; o que está retido ou rejeitado espera por alguém"},
	"waiting_line":         {en: "Waiting for a person: {held} held, {rejected} {rejected|row|rows} rejected.", pt: "À espera de alguém: {held} {held|retido|retidos}, {rejected} {rejected|linha rejeitada|linhas rejeitadas}."},
	"verdict_11":           {en: "stopped by a guard, nothing was written", pt: "barrado por uma proteção, nada foi gravado"},
	"verdict_12":           {en: "stopped early, resumable", pt: "parou antes do fim, pode ser retomado"},
	"verdict_13":           {en: "another run holds the vault", pt: "outra execução está usando o cofre"},
	"verdict_14":           {en: "some outcomes are unknown", pt: "alguns resultados são desconhecidos"},
	"verdict_1":            {en: "failed", pt: "falhou"},
	"verdict_64":           {en: "wrong usage", pt: "uso incorreto"},
	"verdict_65":           {en: "input refused", pt: "entrada recusada"},
	"verdict_69":           {en: "the vault cannot be used", pt: "o cofre não pode ser usado"},
	"verdict_70":           {en: "a bug of ours", pt: "um defeito nosso"},
	"verdict_74":           {en: "disk error", pt: "erro de disco"},
	"verdict_75":           {en: "the vault is busy, run again", pt: "o cofre está ocupado, repita"},
	"verdict_77":           {en: "the vault refused us", pt: "o cofre nos recusou"},
	"verdict_78":           {en: "wrong configuration", pt: "configuração incorreta"},
	"verdict_130":          {en: "interrupted, resumable", pt: "interrompido, pode ser retomado"},
	"verdict_143":          {en: "interrupted, resumable", pt: "interrompido, pode ser retomado"},
	"run":                  {en: "run", pt: "execução"},
	"resume_with":          {en: "To go on: pamsync resume {run}", pt: "Para continuar: pamsync resume {run}"},
	"unknown_look":         {en: "Look at these records in the vault, then: pamsync sync (or plan)", pt: "Confira estes registros no cofre e depois: pamsync sync (ou plan)"},
	"exported":             {en: "{n} {n|record|records} written to {path}", pt: "{n} {n|registro gravado|registros gravados} em {path}"},
	"exported.devices":     {en: "{n} {n|device|devices} written to {path}", pt: "{n} {n|dispositivo gravado|dispositivos gravados} em {path}"},
	"exported.credentials": {en: "{n} {n|credential|credentials} written to {path}", pt: "{n} {n|credencial gravada|credenciais gravadas} em {path}"},
	"exported.sessions":    {en: "{n} {n|session|sessions} written to {path}", pt: "{n} {n|sessão gravada|sessões gravadas} em {path}"},
	"zone_line":            {en: "Times are the vault's local time, zone {zone}", pt: "Os horários são locais do cofre, fuso {zone}"},
	"left_out_line":        {en: "{read} read, {n} written, {left} left out by the filters", pt: "{read} {read|registro lido|registros lidos}, {n} {n|gravado|gravados}, {left} fora pelos filtros"},
}
