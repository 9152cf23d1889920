package words

// approvalTexts are what approve says, and what apply says of an approval.
var approvalTexts = map[string]entry{
	"cmd_approve":        {en: "sign a plan as a second person, so that it may be applied", pt: "assina um plano como segunda pessoa, para que possa ser aplicado"},
	"group_eyes":         {en: "Second eyes:", pt: "Segundo par de olhos:"},
	"flag_key":           {en: "private key, or the .pub file of one in the ssh-agent; - for stdin (default: the ssh-agent's only one)", pt: "chave privada, ou o arquivo .pub de uma que está no ssh-agent; - é a entrada padrão (padrão: a única do ssh-agent)"},
	"flag_as":            {en: "who approves, as the file of signers names the person (default: as it does for the key)", pt: "quem aprova, como consta do arquivo de aprovadores (padrão: o que ele indica para a chave)"},
	"flag_expires":       {en: "how long the approval holds, as 8h (default 24h, or max_age where it is less)", pt: "por quanto tempo a aprovação vale, como 8h (padrão: 24h, ou max_age se for menor)"},
	"flag_note":          {en: "one line that is signed with it, such as a change's number", pt: "uma linha assinada junto, como o número da mudança"},
	"approve_passphrase": {en: "Passphrase of {path} (not shown): ", pt: "Senha de {path} (não aparece): "},
	"approve_made":       {en: "Made by {by} at {made}, for {vault}", pt: "Feito por {by} em {made}, para {vault}"},
	"approve_as_line":    {en: "Approved as {principal} with key {key}, until {expires}[; note: {note}]", pt: "Aprovação de {principal} com a chave {key}, até {expires}[; nota: {note}]"},
	"approve_yes":        {en: "Type yes to approve: ", pt: "Digite sim para aprovar: "},
	"approve_host":       {en: "Something will be inactivated. Type the vault's host name ({host}) to approve: ", pt: "Haverá inativações. Digite o nome de host do cofre ({host}) para aprovar: "},
	"approval_written":   {en: "Approval: {path}, signature {signature}: they go with the plan", pt: "Aprovação: {path}, assinatura {signature}: acompanham o plano"},
	"approved_by":        {en: "Approved by {principal}, key {key}, until {expires}", pt: "Aprovado por {principal}, chave {key}, até {expires}"},
	"approved_unlisted":  {en: "An approval by {principal}, key {key}, until {expires}, fits the plan; whose key that is, the configuration does not say", pt: "Há uma aprovação de {principal}, chave {key}, até {expires}, que confere com o plano; de quem é a chave, a configuração não diz"},
	"next_approve":       {en: "Next: a second person runs pamsync approve {path}", pt: "Próximo passo: uma segunda pessoa executa pamsync approve {path}"},
	"verdict_approved":   {en: "approved", pt: "aprovado"},
}

// approvalTerms are what a value of an approval should have been, and why a signature is none.
var approvalTerms = map[string]entry{
	"want_approval":     {en: `\{signers: FILE, max_age: 72h}, or off`, pt: `\{signers: ARQUIVO, max_age: 72h}, ou off`},
	"want_note":         {en: "one line of at most 500 bytes", pt: "uma linha de no máximo 500 bytes"},
	"want_principal":    {en: "a name without blanks, such as bob@example.com", pt: "um nome sem espaços, como bob@example.com"},
	"signature_none":    {en: "it is no SSH signature", pt: "não é uma assinatura SSH"},
	"signature_more":    {en: "something stands beside it", pt: "há algo além dela"},
	"signature_version": {en: "it is of an unknown version", pt: "é de uma versão desconhecida"},
	"signature_hash":    {en: "it is neither over SHA-512 nor SHA-256", pt: "não é sobre SHA-512 nem SHA-256"},
	"signature_key":     {en: "its key cannot be read", pt: "a chave dela não pode ser lida"},
	"signature_format":  {en: "it is made in a way that is not safe, or unknown", pt: "foi feita de um modo inseguro ou desconhecido"},
	"signature_false":   {en: "what it signed does not verify", pt: "o que ela assinou não confere"},
}
