package words

// evidenceTexts are said by verify, and by exports of what is proved.
var evidenceTexts = map[string]entry{
	"cmd_verify":            {en: "check exports without the vault: certificates, sums, signatures, every row, totals", pt: "confere exportações sem o cofre: certificados, somas, assinaturas, cada linha, totais"},
	"arg_path":              {en: "PATH", pt: "CAMINHO"},
	"flag_sign":             {en: "sign the sums with this key: a private key's file, or the public half of one in the agent", pt: "assina as somas com esta chave: arquivo de chave privada ou a metade pública de uma do agente"},
	"flag_signers":          {en: "file of those who may sign, in OpenSSH's form allowed_signers", pt: "arquivo de quem pode assinar, no formato allowed_signers do OpenSSH"},
	"verify_file":           {en: "{n} rows in {name}: each as certified, and their totals add up", pt: "{n} linhas em {name}: cada uma como certificada, e os totais fecham"},
	"verify_signed":         {en: "signed by {person} ({key})", pt: "assinado por {person} ({key})"},
	"verify_signed_unknown": {en: "signed with {key}; without --signers nobody says whose key that is", pt: "assinado com {key}; sem --signers ninguém diz de quem é a chave"},
	"verify_chain":          {en: "the chain of {what} holds up to certificate {n}", pt: "a cadeia de {what} está íntegra até o certificado {n}"},
	"verdict_verified":      {en: "verified", pt: "verificado"},
	"verdict_tampered":      {en: "not as certified", pt: "não está como certificado"},
}

// evidenceProblems are found by verify.
var evidenceProblems = map[string]entry{
	"certificate_none":       {"there is no certificate for {path}", "não há certificado para {path}", "name the folder of an export, or its file with FILE.manifest.json beside it", "informe a pasta de uma exportação ou o arquivo dela com ARQUIVO.manifest.json ao lado"},
	"certificate_unreadable": {"the certificate cannot be read: {=cause}", "o certificado não pode ser lido: {=cause}", "it was changed, or is cut: take it from where it was kept", "ele foi alterado ou está cortado: recupere-o de onde foi guardado"},
	"certificate_changed":    {"the certificate is not the one that {sums} has the sum of", "o certificado não é aquele cuja soma está em {sums}", "take it from where it was kept", "recupere-o de onde foi guardado"},
	"certificate_announced":  {"the vault announced {announced} records and {read} were read", "o cofre anunciou {announced} registros e {read} foram lidos", "export it again", "exporte de novo"},
	"sums_missing":           {"the sums cannot be read: {=cause}", "as somas não podem ser lidas: {=cause}", "take them from where they were kept", "recupere-as de onde foram guardadas"},
	"sums_line":              {"this line is no sum of a file of the export: {text}", "esta linha não é a soma de um arquivo da exportação: {text}", "the file of sums was changed", "o arquivo de somas foi alterado"},
	"sums_differ":            {"the sum of {name} is not the certificate's", "a soma de {name} não é a do certificado", "the file of sums was changed, or is of another export", "o arquivo de somas foi alterado ou é de outra exportação"},
	"sums_lack":              {"there is no sum of {name}", "não há soma de {name}", "the file of sums was changed", "o arquivo de somas foi alterado"},
	"export_unsigned":        {"the export was signed with {key}, and its signature is not here", "a exportação foi assinada com {key}, mas a assinatura não está aqui", "take it from where it was kept", "recupere-a de onde foi guardada"},
	"export_signature_false": {"the signature is not of {sums}", "a assinatura não é de {sums}", "one of the two was changed", "um dos dois foi alterado"},
	"export_other_key":       {"it is signed with {key}, and the certificate says {said}", "está assinado com {key}, e o certificado diz {said}", "it was signed again by somebody else", "foi assinado de novo por outra pessoa"},
	"export_signer":          {"{key} may not sign exports, as the signers have it", "{key} não pode assinar exportações, segundo a lista de signatários", "ask whose key it is; its line needs namespaces=\"pamsync-export\" or none", "pergunte de quem é a chave; a linha dela precisa de namespaces=\"pamsync-export\" ou nenhum"},
	"export_file_missing":    {"the file cannot be read: {=cause}", "o arquivo não pode ser lido: {=cause}", "take it from where it was kept", "recupere-o de onde foi guardado"},
	"export_file_changed":    {"the file has another sum than {sums} says", "o arquivo tem soma diferente da que {sums} diz", "take it from where it was kept", "recupere-o de onde foi guardado"},
	"export_line_changed":    {"the header is not as it was written", "o cabeçalho não está como foi escrito", "take the file from where it was kept", "recupere o arquivo de onde foi guardado"},
	"export_bytes_changed":   {"all rows are as certified, and bytes between them are not: {bytes} bytes, {want} certified", "todas as linhas estão como certificadas, mas há bytes entre elas que não: {bytes} bytes, {want} certificados", "line ends, quotes or the mark at the beginning were changed: take the file from where it was kept", "fins de linha, aspas ou a marca inicial foram alterados: recupere o arquivo de onde foi guardado"},
	"rows_line":              {"this line is no hash of a row: {text}", "esta linha não é o hash de uma linha: {text}", "take the file from where it was kept", "recupere o arquivo de onde foi guardado"},
	"row_changed":            {"the row of {id} was changed", "a linha de {id} foi alterada", "compare it with the vault, or with a copy", "compare com o cofre ou com uma cópia"},
	"row_gone":               {"the row of {id}, which was number {n}, is gone", "a linha de {id}, que era a número {n}, sumiu", "compare with the vault, or with a copy", "compare com o cofre ou com uma cópia"},
	"row_added":              {"the row[ of {id}] was not certified", "a linha[ de {id}] não foi certificada", "it was added since, or stands there twice", "foi acrescentada depois ou está repetida"},
	"row_moved":              {"the row of {id} stands where {want} was", "a linha de {id} está onde estava {want}", "rows were exchanged", "linhas foram trocadas"},
	"totals_differ":          {"the certificate says {want} for {what}, and the rows give {have}", "o certificado diz {want} para {what}, e as linhas dão {have}", "the certificate or the rows were changed", "o certificado ou as linhas foram alterados"},
	"chain_gap":              {"certificate {serial} follows certificate {before}: what lies between them is not here", "o certificado {serial} segue o certificado {before}: o que há entre eles não está aqui", "look for what was left out", "procure o que foi deixado de fora"},
	"chain_broken":           {"certificate {serial} names another one before it than {other}", "o certificado {serial} cita como anterior outro que não {other}", "one of the two was changed, or is of another chain", "um dos dois foi alterado ou é de outra cadeia"},
	"chain_twice":            {"there are two certificates {serial}: the other is {other}", "há dois certificados {serial}: o outro é {other}", "one is a copy, or the state folder was put back", "um é cópia, ou a pasta de estado foi restaurada"},
	"chain_end":              {"certificate {serial} is the last one here, and {last} were made, the last on {made}", "o certificado {serial} é o último aqui, mas foram feitos {last}, o último em {made}", "look for what was left out", "procure o que foi deixado de fora"},
}
