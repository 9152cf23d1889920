package words

// keyProblems are said of SSH keys and of protected information.
var keyProblems = map[string]entry{
	"key_file":               {"the file that {field} names cannot be read: {=cause}", "o arquivo indicado em {field} não pode ser lido: {=cause}", "write the key itself, or the path of its file from the folder of the source", "escreva a própria chave ou o caminho do arquivo dela a partir da pasta da fonte"},
	"key_public_unreadable":  {"the public key is none in OpenSSH's form", "a chave pública não está no formato do OpenSSH", "write it as ssh-ed25519 AAAA…; ssh-keygen -y -f FILE makes it of the private key", "escreva-a como ssh-ed25519 AAAA…; ssh-keygen -y -f ARQUIVO a gera da chave privada"},
	"key_passphrase_missing": {"the private key is locked, and its passphrase is not given", "a chave privada está trancada e falta a frase secreta", "add a passphrase column, or password_file to the source", "acrescente a coluna passphrase, ou password_file à fonte"},
	"key_passphrase_wrong":   {"the passphrase does not open the private key", "a frase secreta não abre a chave privada", "correct the passphrase", "corrija a frase secreta"},
	"key_putty":              {"the private key is in PuTTY's form", "a chave privada está no formato do PuTTY", "convert it: puttygen FILE -O private-openssh -o NEW", "converta-a: puttygen ARQUIVO -O private-openssh -o NOVO"},
	"key_no_private":         {"what stands for the private key is a public key or a certificate", "no lugar da chave privada há uma chave pública ou um certificado", "put the private half there", "coloque ali a metade privada"},
	"key_unreadable":         {"the private key is damaged, or in a form that is not read", "a chave privada está danificada ou em um formato que não é lido", "export it again as PEM or in OpenSSH's form", "exporte-a de novo em PEM ou no formato do OpenSSH"},
	"key_pair_differs":       {"the public key {public} does not belong to the private key, whose own is {private}", "a chave pública {public} não pertence à chave privada, cuja metade é {private}", "put the two halves of one key in the row, or leave the public one out", "coloque na linha as duas metades da mesma chave, ou retire a pública"},
	"key_file_name":          {"the name of {file} does not say whose key it is", "o nome de {file} não diz de quem é a chave", "call it USER@HOST, or list the keys in a table with private_key", "chame-o USUÁRIO@HOST, ou liste as chaves em uma tabela com private_key"},
	"key_needs_identifier":   {"{key} has several keys, and the row does not say which", "{key} tem várias chaves, e a linha não diz qual", "give each key its identifier", "dê a cada chave o seu identifier"},
	"key_no_identifier":      {"{key} has no identifier in the vault, and a key is updated by its identifier alone", "{key} não tem identifier no cofre, e uma chave só é atualizada pelo identifier", "give it one in the vault", "dê-lhe um no cofre"},
	"key_changed":            {"{key} is another key than the one that was sent, and the new one is not sent", "{key} é uma chave diferente da enviada, e a nova não é enviada", "set keys.secrets to always to replace it", "use keys.secrets: always para trocá-la"},
	"key_needs_private":      {"a new key needs its private half", "uma chave nova precisa da metade privada", "add it as private_key: the key, or the path of its file", "acrescente-a como private_key: a chave ou o caminho do arquivo"},
	"key_secrets_never":      {"a new key needs its private half, which is not read", "uma chave nova precisa da metade privada, que não é lida", "set keys.secrets to on_create, or use --with-secrets", "use keys.secrets: on_create ou --with-secrets"},
	"devices_error":          {"the key is there, and was not installed on {kept}", "a chave está lá, mas não foi instalada em {kept}", "register those devices, and send the key again", "cadastre esses dispositivos e envie a chave de novo"},
}
