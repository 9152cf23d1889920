package profile

import "pamsync/schemas"

// senhasegura is the vault's own workbook for batch import (vault-api c.B): explanations in row 4, names
// in row 5, data from row 6, an action in the first column, a device once for each of its credentials.
// Domain and Tags stand there twice, the device's first. The exact text of the Portuguese header is not
// public: these are the words of the product's own pages.
func senhasegura() []Profile {
	english := []string{"device_name", "management", "username", "password_type"}
	portuguese := []string{"nome_do_dispositivo", "gerenciamento", "nome_de_usuario", "tipo_de_senha"}
	shorter := []string{"dispositivo", "gerencia", "usuario", "tipo_de_senha"}
	const (
		name = "coalesce(Device name, Nome do dispositivo, Dispositivo)"
		user = "coalesce(Username, Nome de usuário, Usuário)"
		ip   = "coalesce(Management, Gerenciamento, Gerência)"
	)
	device := map[schemas.Field]string{
		schemas.FieldHostname:       name,
		schemas.FieldIP:             ip,
		schemas.FieldType:           "coalesce(Type, Tipo, Tipo de dispositivo)",
		schemas.FieldVendor:         "coalesce(Vendor, Fabricante)",
		schemas.FieldModel:          "coalesce(Product, Produto, Modelo)",
		schemas.FieldSite:           "coalesce(Site, Localidade)",
		schemas.FieldDeviceTags:     "Tags",
		schemas.FieldDeviceDomain:   "coalesce(Domain, Domínio)",
		schemas.FieldConnectivities: "coalesce(Connectivity, Conectividade)",
		schemas.FieldSessionRemoteConfig: `coalesce(join(":", Connectivity for the expression, Expected expression, Fill in value), ` +
			`join(":", Conectividade da expressão, Expressão esperada, Valor de preenchimento))`,
	}
	credential := map[schemas.Field]string{
		schemas.FieldHostname:       name,
		schemas.FieldIP:             ip,
		schemas.FieldUsername:       user,
		schemas.FieldCredentialType: "coalesce(Password type, Tipo de senha)",
		schemas.FieldDomain:         "coalesce(Domain#2, Domínio#2)",
		schemas.FieldAdditional:     "coalesce(Additional information, Informação adicional, Informações adicionais)",
		schemas.FieldTags:           "Tags#2",
		schemas.FieldContent:        "coalesce(Password, Senha)",
	}
	var all []Profile
	for _, header := range [][]string{english, portuguese, shorter} {
		account := header[2]
		all = append(all, Profile{Name: "senhasegura", Kind: schemas.KindCredential, Header: header, Columns: credential, Repeats: true, Asides: asides(),
			Leaves: []string{account + ` == ""`}, Goes: []string{`column.1 =~ "(?i)^d"`, `status =~ "(?i)^ina"`}})
		all = append(all, Profile{Name: "senhasegura", Kind: schemas.KindDevice, Header: header, Columns: device, Repeats: true, Asides: asides(),
			Goes: []string{`column.1 =~ "(?i)^d" and ` + account + ` == ""`}})
	}
	return all
}

// asides are the columns of the workbook that no field of ours takes: those of which the vault's API has
// none, and those that the API has and pamsync does not send.
func asides() []Aside {
	var all []Aside
	for _, name := range []string{"Network connectivity", "Conectividade de rede", "Agent", "Agente", "Device criticality", "Criticidade do dispositivo", "Additional 1", "Adicional 1", "Additional 2", "Adicional 2"} {
		all = append(all, Aside{name, "no_api_field"})
	}
	for _, name := range []string{"Parent credential username", "Parent credential hostname", "Enable automatic change", "Change plugin", "Change template", "Connection username", "Hostname for connection",
		"Reconciliation credential status", "Username for reconciliation", "Hostname for reconciliation", "Reconciliation plugin", "Reconciliation template", "RemoteApp macro", "Macro connectivity",
		"Restrict access", "User for authentication credential", "Hostname or IP for authentication device", "Credential owner", "Credential criticality", "Notes", "Control status",
		"Activation plugin", "Activation template", "Inactivation plugin", "Inactivation template",
		"Usuário da credencial pai", "Hostname da credencial pai", "Habilitar troca automática", "Plugin de troca", "Template de troca", "Usuário para conexão", "Hostname para conexão",
		"Responsável pela credencial", "Criticidade da credencial", "Notas", "Status do controle"} {
		all = append(all, Aside{name, "unsent"})
	}
	return all
}
