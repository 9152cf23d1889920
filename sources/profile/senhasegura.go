package profile

import (
	"pamsync/schemas"
	"pamsync/sources/expr"
)

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
	for field, members := range settings() {
		credential[field] = expr.Object(members)
	}
	var all []Profile
	for _, header := range [][]string{english, portuguese, shorter} {
		account := header[2]
		all = append(all, Profile{Name: "senhasegura", Kind: schemas.KindCredential, Header: header, Columns: credential, Repeats: true, Asides: asides(),
			Leaves: []string{account + ` == ""`}, Goes: []string{`column.1 =~ "(?i)^d"`, `status =~ "(?i)^ina"`}, Updates: []string{`column.1 =~ "(?i)^u"`}})
		all = append(all, Profile{Name: "senhasegura", Kind: schemas.KindDevice, Header: header, Columns: device, Repeats: true, Asides: asides(),
			Goes: []string{`column.1 =~ "(?i)^d" and ` + account + ` == ""`}, Updates: []string{`column.1 =~ "(?i)^u"`}})
	}
	return all
}

// settings are the columns of the workbook that become settings of a credential.
func settings() map[schemas.Field][][2]string {
	return map[schemas.Field][][2]string{
		schemas.FieldExecutionSettings: {
			{"parent_credential", "coalesce(Parent credential username, Usuário da credencial pai)"},
			{"parent_hostname", "coalesce(Parent credential hostname, Hostname da credencial pai)"},
			{"automatic_change", "coalesce(Enable automatic change, Habilitar troca automática)"},
			{"change_plugin", "coalesce(Change plugin, Plugin de troca)"},
			{"change_template", "coalesce(Change template, Template de troca)"},
			{"authentication_credential", "coalesce(Connection username, Usuário para conexão)"},
			{"authentication_hostname", "coalesce(Hostname for connection, Hostname para conexão)"},
			{"status", "coalesce(Reconciliation credential status, Status da credencial de reconciliação)"},
			{"reconciliation_credential", "coalesce(Username for reconciliation, Usuário para reconciliação)"},
			{"reconciliation_hostname", "coalesce(Hostname for reconciliation, Hostname para reconciliação)"},
			{"reconciliation_plugin", "coalesce(Reconciliation plugin, Plugin de reconciliação)"},
			{"reconciliation_template", "coalesce(Reconciliation template, Template de reconciliação)"},
		},
		schemas.FieldSessionSettings: {
			{"macros.remote_app", "coalesce(RemoteApp macro, Macro de RemoteApp)"},
			{"macros.connectivity", "coalesce(Macro connectivity, Conectividade da macro)"},
			{"restrict_access_to_remote_application", "coalesce(Restrict access, Restringir acesso)"},
			{"authentication_credential", "coalesce(User for authentication credential, Usuário da credencial de autenticação)"},
			{"authentication_hostname", "coalesce(Hostname or IP for authentication device, Hostname ou IP do dispositivo de autenticação)"},
		},
		schemas.FieldAdditionalSettings: {
			{"user_credential_owner", "coalesce(Credential owner, Responsável pela credencial)"},
			{"criticality", "coalesce(Credential criticality, Criticidade da credencial)"},
			{"notes", "coalesce(Notes, Notas)"},
		},
		schemas.FieldJITSettings: {
			{"jit", "coalesce(Control status, Status do controle)"},
			{"credential_enable_plugin", "coalesce(Activation plugin, Plugin de ativação)"},
			{"credential_enable_template", "coalesce(Activation template, Template de ativação)"},
			{"credential_disable_plugin", "coalesce(Inactivation plugin, Plugin de inativação)"},
			{"credential_disable_template", "coalesce(Inactivation template, Template de inativação)"},
		},
	}
}

// asides are the columns of the workbook that the vault's API has no field for.
func asides() []Aside {
	var all []Aside
	for _, name := range []string{"Network connectivity", "Conectividade de rede", "Agent", "Agente", "Device criticality", "Criticidade do dispositivo", "Additional 1", "Adicional 1", "Additional 2", "Adicional 2"} {
		all = append(all, Aside{name, "no_api_field"})
	}
	for _, name := range []string{"Action for registration", "Action", "Ação para registro", "Ação", "Status", "Situação"} {
		all = append(all, Aside{name, "row_action"})
	}
	return all
}
