package vaultsim

// portuguese is a message, before its arguments, in the vault's other
// language. A text that has no translation stays English, as on the vault.
func portuguese(text string) string {
	if translated, found := translations[text]; found {
		return translated
	}
	return text
}

// translations are ours: few of the vault's own texts are public.
var translations = map[string]string{
	"%s devices found":                                "%s dispositivos encontrados",
	"%s credentials found":                            "%s credenciais encontradas",
	"Devices found":                                   "Dispositivos encontrados",
	"Credentials found":                               "Credenciais encontradas",
	"Device %s":                                       "Dispositivo %s",
	"Credential %s":                                   "Credencial %s",
	"Key %s":                                          "Chave %s",
	"Information %s":                                  "Informação %s",
	"Device successfully registered!":                 "Dispositivo cadastrado com sucesso!",
	"Device updated successfully!":                    "Dispositivo atualizado com sucesso!",
	"Device successfully deactivated":                 "Dispositivo inativado com sucesso",
	"Device successfully activated":                   "Dispositivo ativado com sucesso",
	"Credential successfully registered!":             "Credencial cadastrada com sucesso!",
	"Credential updated successfully!":                "Credencial atualizada com sucesso!",
	"Credential successfully deactivated":             "Credencial inativada com sucesso",
	"Credential successfully activated":               "Credencial ativada com sucesso",
	"Credential custody %s released":                  "Custódia da credencial %s liberada",
	"Key successfully registered!":                    "Chave cadastrada com sucesso!",
	"Key updated successfully!":                       "Chave atualizada com sucesso!",
	"Key successfully deactivated":                    "Chave inativada com sucesso",
	"Key successfully activated":                      "Chave ativada com sucesso",
	"Information successfully registered!":            "Informação cadastrada com sucesso!",
	"Information updated successfully!":               "Informação atualizada com sucesso!",
	"Information successfully disabled":               "Informação inativada com sucesso",
	"Session created successfully":                    "Sessão criada com sucesso",
	"The device's hostname was not informed":          "O hostname do dispositivo não foi informado",
	"The device's IP was not informed":                "O IP do dispositivo não foi informado",
	"The device's site was not informed":              "O site do dispositivo não foi informado",
	"The device's model was not informed":             "O modelo do dispositivo não foi informado",
	"The device's vendor was not informed":            "O fabricante do dispositivo não foi informado",
	"The device's type was not informed":              "O tipo do dispositivo não foi informado",
	"Device not found":                                "Dispositivo não encontrado",
	"Device is already activated":                     "Dispositivo já está ativo",
	"Credential not found":                            "Credencial não encontrada",
	"Credential inactive":                             "Credencial inativa",
	"Credential is already active":                    "Credencial já está ativa",
	"Credential is already activated!":                "Credencial já está ativada!",
	"Credential already exists":                       "Credencial já existe",
	"No access to credential":                         "Sem acesso à credencial",
	"The item is not a credential":                    "O item não é uma credencial",
	"The item is not a ssh key":                       "O item não é uma chave SSH",
	"SSH key not found":                               "Chave SSH não encontrada",
	"Key inactive":                                    "Chave inativa",
	"Ssh key is already activated":                    "Chave SSH já está ativada",
	"The public key was not informed":                 "A chave pública não foi informada",
	"The private key was not informed":                "A chave privada não foi informada",
	"The credential is not in the user custody":       "A credencial não está em custódia do usuário",
	"Information not found":                           "Informação não encontrada",
	"Inactive information":                            "Informação inativa",
	"The information content was not informed":        "O conteúdo da informação não foi informado",
	"Invalid username":                                "Usuário inválido",
	"Invalid protocol":                                "Protocolo inválido",
	"Plugin not informed":                             "Plugin não informado",
	"Template plugin not informed":                    "Template do plugin não informado",
	"Session not found":                               "Sessão não encontrada",
	"Unexpected identifier type":                      "Tipo de identificador inesperado",
	"Unexpected error.":                               "Erro inesperado.",
	"Without PAM Configuration Access permission":     "Sem permissão de acesso à configuração do PAM",
	"You are not authorized to access this resource.": "Você não está autorizado a acessar este recurso.",
	"It is not possible to enter a domain that has not been previously registered": "Não é possível informar um domínio que não foi previamente cadastrado",
}
