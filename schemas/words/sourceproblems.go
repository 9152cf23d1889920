package words

// sourceProblems are those of several rows and sources that speak of one record.
var sourceProblems = map[string]entry{
	"create_needs.not_its_field": {"{field} \"{value}\" does not count for a new record[ {key}]: by precedence only {may} may write it", "{field} \"{value}\" não vale para um registro novo[ {key}]: por precedence, só {may} pode gravá-lo", "fill it in there, or add this source to precedence: {{field}: …}", "preencha lá ou inclua esta fonte em precedence: {{field}: …}"},
	"precedence_field":           {"{key}: {field} is what records are known by, so all sources must agree about it", "{key}: é por {field} que os registros são reconhecidos, então todas as fontes têm de concordar", "take it out; an order can be given for {values}", "retire; a ordem pode ser dada para {values}"},
	"precedence_field.secret":    {"{key}: passwords know no order: where two sources have different ones, the credential is held", "{key}: senhas não têm ordem: se duas fontes trazem senhas diferentes, a credencial fica retida", "take it out, and leave the password column in one source", "retire e deixe a coluna de senha numa só fonte"},
	"rejected_with":              {"another row of {key} is rejected, and this one with it: see {at}", "outra linha de {key} foi rejeitada, e esta vai com ela: veja {at}", "correct that cell, or leave that row out", "corrija aquela célula ou retire aquela linha"},
}
