package sources

import (
	"strings"

	"pamsync/schemas"
)

// keyOf are the fields without which no record of a kind can be found.
func keyOf(kind schemas.Kind) []schemas.Field {
	switch kind {
	case schemas.KindCredential, schemas.KindKey:
		return []schemas.Field{schemas.FieldHostname, schemas.FieldUsername}
	case schemas.KindInfo:
		return []schemas.Field{schemas.FieldIdentifier}
	}
	return []schemas.Field{schemas.FieldHostname}
}

// hasKey says whether what was found holds a key of a kind.
func hasKey(kind schemas.Kind, found map[schemas.Field]bool) bool {
	for _, f := range keyOf(kind) {
		if !found[f] {
			return false
		}
	}
	return true
}

// setSecret gives a row its secret, or the passphrase beside it.
func setSecret(row *schemas.Row, f schemas.Field, text string) {
	if f == schemas.FieldPassphrase {
		row.Second = schemas.NewSecret(text)
		return
	}
	row.Secret = schemas.NewSecret(text)
}

// brokenSecret says whether a secret of a table holds a line break that it may not have: with it may come a
// row that was swallowed, with somebody else's password in it. A private key has lines, from its first to its
// last.
func brokenSecret(kind schemas.Kind, f schemas.Field, text string) bool {
	if !strings.ContainsAny(text, "\r\n") {
		return false
	}
	whole := strings.TrimSpace(text)
	switch {
	case kind == schemas.KindKey && f == schemas.FieldContent:
		return !strings.HasPrefix(whole, "-----BEGIN ") || !strings.HasSuffix(whole, "-----") || strings.Count(whole, "-----BEGIN ") != 1
	case kind == schemas.KindInfo:
		return false // notes of several lines are what such information is
	}
	return true
}

// taken says whether a row has a secret already.
func taken(row *schemas.Row, f schemas.Field) bool {
	if f == schemas.FieldPassphrase {
		return !row.Second.Empty()
	}
	return !row.Secret.Empty()
}

// keyHeaders are the headers that name the fields of an SSH key, as known has those of other kinds.
func keyHeaders() map[schemas.Field][]string {
	return map[schemas.Field][]string{
		schemas.FieldIdentifier: {"identifier", "identificador", "key_identifier", "tag"},
		schemas.FieldUsername:   {"username", "user_name", "user", "login", "account", "usuario", "nome_de_usuario", "nome_do_usuario", "conta", "nombre_de_usuario", "login_name", "cuenta"},
		schemas.FieldKeyName:    {"key_name", "nome_da_chave", "nombre_de_la_clave", "key_label", "label"},
		schemas.FieldTags:       {"tags", "etiquetas"},
		schemas.FieldDevices:    {"devices", "dispositivos", "other_devices", "outros_dispositivos", "installed_on", "instalada_em"},
		schemas.FieldPublicKey:  {"public_key", "chave_publica", "clave_publica", "public_key_file", "pubkey"},
		schemas.FieldContent:    {"private_key", "chave_privada", "clave_privada", "private_key_file", "key_file", "ssh_key", "key", "chave", "content"},
		schemas.FieldPassphrase: {"passphrase", "password", "senha", "frase_secreta", "frase_senha", "contrasena", "key_passphrase", "key_password"},
	}
}

// infoHeaders are those of protected information.
func infoHeaders() map[schemas.Field][]string {
	return map[schemas.Field][]string{
		schemas.FieldIdentifier:   {"identifier", "identificador", "tag", "id_info"},
		schemas.FieldName:         {"name", "nome", "nombre", "title", "titulo"},
		schemas.FieldType:         {"type", "tipo", "information_type", "tipo_de_informacao", "tipo_da_informacao", "tipo_de_informacion", "category", "categoria"},
		schemas.FieldService:      {"service", "servico", "servicio"},
		schemas.FieldURL:          {"url", "link", "site"},
		schemas.FieldUsersAllowed: {"users_allowed", "allowed_users", "usuarios_permitidos", "usuarios_autorizados", "users"},
		schemas.FieldContent:      {"content", "conteudo", "contenido", "secret_notes", "notas_secretas", "secret", "segredo", "secreto", "password", "senha", "contrasena"},
	}
}
