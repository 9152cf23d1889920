package words

// stopProblems are said of runs that end before all is done.
var stopProblems = map[string]entry{
	"window_not_open":           {"it is {now} ({zone}): no change may be begun outside apply.window, and nothing was", "são {now} ({zone}): nenhuma mudança pode começar fora de apply.window, e nenhuma começou", "run it again when it opens: {opens}", "execute de novo quando ela abrir: {opens}"},
	"window_closed":             {"it is {now} ({zone}): no change may be begun outside apply.window", "são {now} ({zone}): nenhuma mudança pode começar fora de apply.window", "go on with pamsync resume when it opens: {opens}", "continue com pamsync resume quando ela abrir: {opens}"},
	"max_errors":                {"{n} {n|change has|changes have} failed, as many as --max-errors allows", "{n} {n|mudança falhou|mudanças falharam}, o máximo que --max-errors permite", "see why in result.csv; go on with: pamsync resume", "veja o motivo em result.csv; continue com: pamsync resume"},
	"error_storm":               {"{n} of {calls} {calls|call|calls} failed: the vault, or what is sent, is not as it should be", "{n} de {calls} {calls|chamada falhou|chamadas falharam}: o cofre, ou o que é enviado, não está como deveria", "see why in result.csv; go on with: pamsync resume; apply.error_storm: off lets it go through", "veja o motivo em result.csv; continue com: pamsync resume; apply.error_storm: off deixa passar"},
	"error_storm.row":           {"{row} {row|call|calls} in a row failed: the vault, or what is sent, is not as it should be", "{row} {row|chamada seguida falhou|chamadas seguidas falharam}: o cofre, ou o que é enviado, não está como deveria", "see why in result.csv; go on with: pamsync resume; apply.error_storm: off lets it go through", "veja o motivo em result.csv; continue com: pamsync resume; apply.error_storm: off deixa passar"},
	"stage_differs":             {"stage {stage} of {of} was read back, and {key} is not as it was sent: {field} is \"{kept}\", and \"{sent}\" was sent", "a etapa {stage} de {of} foi relida, e {key} não está como foi enviado: {field} é \"{kept}\", e foi enviado \"{sent}\"", "see result.csv; if it may be so, go on with: pamsync resume", "veja result.csv; se puder ficar assim, continue com: pamsync resume"},
	"stage_differs.not_visible": {"stage {stage} of {of} was read back, and the vault does not list {key}", "a etapa {stage} de {of} foi relida, e o cofre não lista {key}", "see whether the A2A authorisation shows it; then go on with: pamsync resume", "veja se a autorização A2A o mostra; depois continue com: pamsync resume"},
	"stage_differs.failed":      {"nothing of stage {stage} of {of} was done: {n} {n|change|changes} failed", "nada da etapa {stage} de {of} foi feito: {n} {n|mudança falhou|mudanças falharam}", "see why in result.csv; then go on with: pamsync resume", "veja o motivo em result.csv; depois continue com: pamsync resume"},
	"budget_spent":              {"tonight's {budget} changes are made; {left} wait for the next night", "as {budget} mudanças desta noite foram feitas; {left} ficam para a próxima", "the next sync goes on, or: pamsync resume", "o próximo sync continua, ou: pamsync resume"},
	"next_night":                {"it waits for the next night: apply.budget", "espera pela próxima noite: apply.budget", "the next sync goes on, or: pamsync resume", "o próximo sync continua, ou: pamsync resume"},
	"max_duration":              {"the time of --max-duration is over", "o tempo de --max-duration acabou", "go on with: pamsync resume", "continue com: pamsync resume"},
}

// stopTexts are said while a run goes by parts.
var stopTexts = map[string]entry{
	"verdict_0_tonight": {en: "done for tonight; the rest waits for the next night", pt: "concluído por hoje; o resto espera pela próxima noite"},
	"stage_done":        {en: "Stage {stage} of {of} was read back: it is as it was sent", pt: "A etapa {stage} de {of} foi relida: está como foi enviada"},
	"budget_night":      {en: "Night {night} of {of}: {done} {done|change|changes} made, {left} left; go on with the next sync, or: pamsync resume {run}", pt: "Noite {night} de {of}: {done} {done|mudança feita|mudanças feitas}, {left} por fazer; continue com o próximo sync ou: pamsync resume {run}"},
	"slowed":            {en: "The vault asked for less, or grew slow: down to {lowest} requests a second, of {rps}", pt: "O cofre pediu menos, ou ficou lento: até {lowest} requisições por segundo, de {rps}"},
}
