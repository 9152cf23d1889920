package words

// sourceProblems are those of several rows and sources that speak of one record.
var sourceProblems = map[string]entry{
	"create_needs.not_its_field": {"{field} \"{value}\" does not count for a new record[ {key}]: by precedence only {may} may write it", "{field} \"{value}\" não vale para um registro novo[ {key}]: por precedence, só {may} pode gravá-lo", "fill it in there, or add this source to precedence: {{field}: …}", "preencha lá ou inclua esta fonte em precedence: {{field}: …}"},
	"found_by_address":           {"the vault has no {hostname}; it is taken for {key} (id {id}), which alone has the address {ip}", "o cofre não tem {hostname}; a linha é tomada por {key} (id {id}), o único com o endereço {ip}", "where that is another machine, take ip out of devices.identify", "se for outra máquina, retire ip de devices.identify"},
	"identifier_taken.row":       {"another row asks for the identifier {identifier} too: {owner} ({at})", "outra linha também pede o identificador {identifier}: {owner} ({at})", "give it to one of them alone: the vault would take both for one account", "deixe-o em uma só: o cofre tomaria as duas por uma única conta"},
	"device_ignored":             {"on {n|a device|devices} ignored by decision", "em {n|dispositivo ignorado|dispositivos ignorados} por decisão", "", ""},
	"rows_differ.password":       {"several rows name it and have different passwords", "várias linhas o citam com senhas diferentes", "keep one of the rows, or take the password out of the others: passwords know no precedence", "mantenha só uma das linhas ou retire a senha das outras: para senhas não há precedence"},
	"precedence_field":           {"{key}: {field} is what records are known by, so all sources must agree about it", "{key}: é por {field} que os registros são reconhecidos, então todas as fontes têm de concordar", "take it out; an order can be given for {values}", "retire; a ordem pode ser dada para {values}"},
	"precedence_field.secret":    {"{key}: passwords know no order: where two sources have different ones, the credential is held", "{key}: senhas não têm ordem: se duas fontes trazem senhas diferentes, a credencial fica retida", "take it out, and leave the password column in one source", "retire e deixe a coluna de senha numa só fonte"},
	"rejected_with":              {"another row of {key} is rejected, and this one with it: see {at}", "outra linha de {key} foi rejeitada, e esta vai com ela: veja {at}", "correct that cell, or leave that row out", "corrija aquela célula ou retire aquela linha"},
}

// sourceTerms are what keys about several sources want.
var sourceTerms = map[string]entry{
	"want_rules": {en: "a list of some of {values}, each once; they are tried in that order, however they are listed", pt: "uma lista com alguns destes, sem repetir: {values}; são tentados nessa ordem, qualquer que seja a da lista"},
}
