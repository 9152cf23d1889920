package sources

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pamsync/schemas"
)

// fold is a header as it is compared: without case, accents and punctuation.
func fold(name string) string {
	var room [64]byte
	if b, ok := foldASCII(room[:0], name); ok {
		return string(b)
	}
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(clean(name))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// foldASCII appends what fold makes of a name in ASCII; false for any other name.
func foldASCII(b []byte, name string) ([]byte, bool) {
	gap := false
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case c >= utf8.RuneSelf:
			return nil, false
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			if gap && len(b) > 0 {
				b = append(b, '_')
			}
			gap = false
			b = append(b, c)
		default:
			gap = true
		}
	}
	return b, true
}

// known are the headers that name a field, the best first: the API's own names, then those of
// CMDBs and people in English, Portuguese and Spanish. They are compared folded.
func known(kind schemas.Kind) map[schemas.Field][]string {
	m := map[schemas.Field][]string{
		schemas.FieldID:       {"vault_id", "id_do_cofre", "id_cofre"},
		schemas.FieldHostname: {"hostname", "host_name", "host", "device_hostname", "device_name", "device", "nome_do_host", "nome_do_dispositivo", "nome_dispositivo", "dispositivo", "equipamento", "servidor", "server", "server_name", "nombre_de_host", "nombre_del_equipo", "equipo", "nome_do_equipamento", "nome_equipamento", "nome_do_servidor", "nome_servidor", "nome_da_maquina", "nome_maquina", "nome_do_computador", "nombre_del_servidor", "nombre_de_equipo", "nombre_equipo", "nombre_del_host", "machine_name", "system_name", "dns_name", "ci_name", "asset_name", "machine", "maquina", "computer_name", "computer", "computador", "fqdn", "node", "sysname", "name", "nome", "nombre"},
		schemas.FieldIP:       {"ip", "management_ip", "ip_address", "management", "endereco_ip", "endereco_de_ip", "ip_de_gerencia", "gerencia", "direccion_ip", "ip_de_gerenciamento", "ip_gerencia", "ip_do_equipamento", "ip_do_servidor", "ip_servidor", "ip_de_gestion", "ip_del_equipo", "ip_del_servidor", "mgmt_ip", "ip_mgmt", "rede_ip", "primary_ip4", "primary_ip", "ip_principal", "private_ip", "private_ip_address", "ip_privado", "ipv4", "ipv4_address", "ip_v4", "ip_addr", "endereco_de_rede", "address", "endereco", "direccion"},
	}
	if kind == schemas.KindInfo {
		return infoHeaders()
	}
	for field, names := range onlyKnown(kind) {
		m[field] = names
	}
	return m
}

func onlyKnown(kind schemas.Kind) map[schemas.Field][]string {
	if kind == schemas.KindCredential {
		return map[schemas.Field][]string{
			schemas.FieldIdentifier:     {"identifier", "identificador", "credential_identifier"},
			schemas.FieldUsername:       {"username", "user_name", "user", "login", "account", "account_name", "usuario", "nome_de_usuario", "nome_do_usuario", "conta", "nombre_de_usuario", "nombre_usuario", "login_name", "user_login", "conta_de_usuario", "cuenta"},
			schemas.FieldCredentialType: {"credential_type", "type", "password_type", "account_type", "tipo_de_credencial", "tipo_da_credencial", "tipo_de_senha", "tipo_de_conta", "tipo_de_contrasena", "tipo"},
			schemas.FieldDomain:         {"domain", "dominio"},
			schemas.FieldAdditional:     {"additional", "additional_information", "informacao_adicional", "informacoes_adicionais", "informacion_adicional"},
			schemas.FieldTags:           {"tags", "tag", "etiquetas"},
			schemas.FieldParent:         {"parent_password", "parent", "parent_credential_cod", "credencial_pai"},
			schemas.FieldContent:        {"content", "password", "senha", "contrasena", "clave", "secret", "passwd", "pwd"},
		}
	}
	if kind == schemas.KindKey {
		return keyHeaders()
	}
	return map[schemas.Field][]string{
		schemas.FieldSite:                {"site", "location", "localidade", "local", "unidade", "sitio", "ubicacion", "localizacao", "localizacion", "site_name", "location_name", "filial", "sede", "sucursal", "predio", "building", "edificio", "datacenter", "data_center", "city", "cidade", "ciudad"},
		schemas.FieldModel:               {"model", "modelo", "product", "produto", "producto", "device_model", "model_name", "modelo_do_equipamento", "modelo_del_equipo", "hardware"},
		schemas.FieldVendor:              {"vendor", "manufacturer", "fabricante", "device_vendor", "vendor_name", "manufacturer_name", "make", "brand", "proveedor", "marca"},
		schemas.FieldType:                {"type", "device_type", "tipo", "tipo_de_dispositivo", "tipo_de_equipamento", "tipo_do_equipamento", "tipo_equipamento", "tipo_do_dispositivo", "tipo_de_equipo", "tipo_del_equipo", "categoria", "category"},
		schemas.FieldDeviceDomain:        {"device_domain", "domain", "dominio"},
		schemas.FieldDeviceTags:          {"device_tags", "tags", "etiquetas"},
		schemas.FieldConnectivities:      {"connectivities", "connectivity", "conectividade", "conectividades", "conectividad"},
		schemas.FieldSessionRemoteConfig: {"session_remote_config"},
		schemas.FieldAsset:               {"asset_id", "asset_tag", "asset", "serial_number", "serial", "patrimonio", "numero_de_patrimonio", "numero_de_serie", "numero_serie", "n_de_serie", "serie"},
	}
}

// looksPassword tells the headers of passwords among those of secrets.
func looksPassword(name string) bool {
	for _, word := range strings.Split(fold(name), "_") {
		switch word {
		case "password", "passwords", "passwd", "pwd", "pass", "passwort", "senha", "senhas", "contrasena", "contrasenha", "clave", "passphrase", "segredo", "password1", "senha1":
			return true
		}
	}
	return false
}

// looksSecret tells headers whose cells are never shown and never read unasked.
func looksSecret(name string) bool {
	f := fold(name)
	if words := strings.Split(f, "_"); slices.Contains(words, "type") || slices.Contains(words, "tipo") {
		return false // what kind of secret it is
	}
	for _, word := range []string{"password", "passwords", "passwd", "pwd", "pass", "passwort", "senha", "senhas", "contrasena", "contrasenha", "palavra_passe", "clave", "secret", "segredo", "segredos", "private_key", "sshkey", "ssh_key", "passphrase", "content", "community", "token",
		"pin", "psw", "pswd", "passcode", "kennwort", "wachtwoord", "mot_de_passe", "mdp", "parola", "haslo", "kodeord", "losenord", "adgangskode", "otp", "totp", "otpauth"} {
		if f == word || strings.HasPrefix(f, word+"_") || strings.HasSuffix(f, "_"+word) || strings.Contains(f, "_"+word+"_") {
			return true
		}
	}
	return false
}

// namer finds the field that a header names, with its rank: 0 is the best name of its field.
type namer map[string]ranked

type ranked struct {
	field schemas.Field
	rank  int
}

func newNamer(kind schemas.Kind) namer {
	n := namer{}
	for field, names := range known(kind) {
		for rank, name := range names {
			n[name] = ranked{field, rank}
		}
	}
	return n
}

// anyNamer knows the names of both kinds.
func anyNamer() namer {
	n := newNamer(schemas.KindCredential)
	for name, r := range newNamer(schemas.KindDevice) {
		n[name] = r
	}
	return n
}

func (n namer) find(header string) (ranked, bool) {
	var room [64]byte
	if b, plain := foldASCII(room[:0], header); plain {
		r, ok := n[string(b)]
		return r, ok
	}
	r, ok := n[fold(header)]
	return r, ok
}

// exportHeader is the header of a pamsync export, recognised exactly: there, and there alone,
// `id` is the vault's and a credential's `management_ip` and `type` are the list's.
func exportHeader(kind schemas.Kind) []string {
	if kind == schemas.KindCredential {
		return []string{"id", "identifier", "username", "expiration", "change", "view", "hostname", "management_ip",
			"type", "type_code", "device_model", "device_type", "device_vendor", "automatic_change", "connectivity", "connectivity_code"}
	}
	return []string{"id", "hostname", "ip", "model", "type", "vendor", "site", "tags"}
}

// exportFields maps the columns of an export.
func exportFields(kind schemas.Kind) map[string]schemas.Field {
	if kind == schemas.KindCredential {
		return map[string]schemas.Field{"id": schemas.FieldID, "identifier": schemas.FieldIdentifier,
			"username": schemas.FieldUsername, "hostname": schemas.FieldHostname,
			"management_ip": schemas.FieldIP, "type": schemas.FieldCredentialType}
	}
	return map[string]schemas.Field{"id": schemas.FieldID, "hostname": schemas.FieldHostname, "ip": schemas.FieldIP,
		"model": schemas.FieldModel, "type": schemas.FieldType, "vendor": schemas.FieldVendor, "site": schemas.FieldSite}
}
