package words

// runsTexts are said by the list of runs.
var runsTexts = map[string]entry{
	"cmd_runs":           {en: "list the runs of the reports folder, with verdict, counts and duration", pt: "lista as execuções da pasta de relatórios, com veredito, contagens e duração"},
	"runs_long":          {en: "Lists the runs of the reports folder, newest first: what each was, when it began and how long it took,\nwhat was planned, how the changes ended, and how the run stands. What is unfinished is named with the\ncommand that goes on with it. Only the ends of a run's files are read: pamsync report RUN reads all.", pt: "Lista as execuções da pasta de relatórios, da mais nova à mais antiga: o que cada uma foi, quando começou\ne quanto durou, o que foi planejado, como terminaram as mudanças e em que pé está. A que ficou inacabada\ntraz o comando que a retoma. Só as pontas dos arquivos são lidas: pamsync report EXECUÇÃO lê tudo."},
	"flag_runs_last":     {en: "list so many, the newest", pt: "lista só as mais novas, até este número"},
	"flag_runs_all":      {en: "list every run, whatever --last says", pt: "lista todas as execuções, diga --last o que disser"},
	"verdict_runs":       {en: "listed", pt: "listado"},
	"runs_none":          {en: "There is no run in {folder} yet.", pt: "Ainda não há execução em {folder}."},
	"runs_more":          {en: "… and {n} older {n|one|ones} in {folder}: pamsync runs --all", pt: "… e mais {n} {n|antiga|antigas} em {folder}: pamsync runs --all"},
	"runs_legend":        {en: "planned: + create, ~ update, ^ reactivate, - inactivate, ! held, x rejected", pt: "planejado: + criar, ~ alterar, ^ reativar, - inativar, ! retido, x rejeitado"},
	"runs_head_run":      {en: "run", pt: "execução"},
	"runs_head_what":     {en: "was", pt: "tipo"},
	"runs_head_begun":    {en: "begun (UTC)", pt: "início (UTC)"},
	"runs_head_took":     {en: "took", pt: "duração"},
	"runs_head_plan":     {en: "plan", pt: "plano"},
	"runs_head_planned":  {en: "planned", pt: "planejado"},
	"runs_head_ended":    {en: "changes", pt: "mudanças"},
	"runs_head_verdict":  {en: "verdict", pt: "veredito"},
	"runs_n_done":        {en: "{n} done", pt: "{n} {n|feita|feitas}"},
	"runs_n_failed":      {en: "{n} failed", pt: "{n} com falha"},
	"runs_n_skipped":     {en: "{n} skipped", pt: "{n} {n|pulada|puladas}"},
	"runs_n_unknown":     {en: "{n} unknown", pt: "{n} {n|desconhecida|desconhecidas}"},
	"runs_done":          {en: "done", pt: "concluída"},
	"runs_nothing":       {en: "nothing to do", pt: "nada a fazer"},
	"runs_failures":      {en: "finished with failures", pt: "terminou com falhas"},
	"runs_incomplete":    {en: "finished, but not everything", pt: "terminou, mas não por completo"},
	"runs_waiting":       {en: "nothing to do; what is held or rejected waits for a person", pt: "nada a fazer; o que está retido ou rejeitado espera por alguém"},
	"runs_unknown":       {en: "finished, some outcomes are unknown: look in the vault", pt: "terminou, alguns resultados são desconhecidos: veja no cofre"},
	"runs_stopped":       {en: "stopped by a guard[ ({codes})]", pt: "barrada por uma proteção[ ({codes})]"},
	"runs_failed":        {en: "failed: {why} (exit {exit})", pt: "falhou: {why} (saída {exit})"},
	"runs_unfinished":    {en: "unfinished[ ({codes})]: resume with {command}", pt: "inacabada[ ({codes})]: retome com {command}"},
	"runs_superseded":    {en: "unfinished[ ({codes})], and run {later} has written since: make a new plan", pt: "inacabada[ ({codes})], e a execução {later} gravou depois: faça um novo plano"},
	"runs_running":       {en: "running now", pt: "em andamento"},
	"runs_planned":       {en: "only planned", pt: "só planejada"},
	"runs_applied":       {en: "only planned; applied by {run}", pt: "só planejada; aplicada por {run}"},
	"runs_only_nothing":  {en: "only planned: nothing to do", pt: "só planejada: nada a fazer"},
	"runs_report":        {en: "; report missing: pamsync report {run}", pt: "; falta o relatório: pamsync report {run}"},
	"runs_report_behind": {en: "; report of an earlier end: pamsync report {run}", pt: "; relatório de um término anterior: pamsync report {run}"},
}

// runsProblems are why a run, or the folder of all, cannot be read.
var runsProblems = map[string]entry{
	"runs_unlisted":  {"{folder} cannot be listed: {=cause}", "{folder} não pode ser listada: {=cause}", "name the folder of the reports in the configuration, as reports: FOLDER", "indique a pasta dos relatórios na configuração, como reports: PASTA"},
	"run_empty":      {"the folder of run {run} holds neither a plan nor a journal", "a pasta da execução {run} não tem plano nem diário", "nothing was applied in it, and it may go", "nada foi aplicado nela, e ela pode ser removida"},
	"run_other_plan": {"the journal of run {run} is about another plan than the one beside it", "o diário da execução {run} é de outro plano, não do que está ao lado", "do not go on from it; make a new plan and compare", "não continue a partir dele; faça um novo plano e compare"},
}
