package words

// doctorTexts are what init and doctor say.
var doctorTexts = map[string]entry{
	"cmd_doctor":                 {en: "check everything that a run needs, and write nothing", pt: "verificar tudo de que uma execução precisa, sem gravar nada"},
	"cmd_config":                 {en: "look at the configuration", pt: "ver a configuração"},
	"cmd_config_show":            {en: "print the configuration that counts, each value with its origin", pt: "mostrar a configuração que vale, cada valor com sua origem"},
	"flag_config_workers":        {en: "calls at a time", pt: "chamadas ao mesmo tempo"},
	"flag_config_max_duration":   {en: "stop after this time, as 3h", pt: "parar depois deste tempo, como 3h"},
	"doctor_warn":                {en: "warn", pt: "aviso"},
	"doctor_fail":                {en: "fail", pt: "falha"},
	"doctor_skip":                {en: "skip", pt: "pulado"},
	"doctor_check_configuration": {en: "configuration", pt: "configuração"},
	"doctor_check_name":          {en: "name", pt: "nome"},
	"doctor_check_network":       {en: "network", pt: "rede"},
	"doctor_check_tls":           {en: "TLS", pt: "TLS"},
	"doctor_check_clock":         {en: "clock", pt: "relógio"},
	"doctor_check_api":           {en: "API", pt: "API"},
	"doctor_check_token":         {en: "access token", pt: "token"},
	"doctor_check_devices":       {en: "read devices", pt: "ler dispositivos"},
	"doctor_check_credentials":   {en: "read credentials", pt: "ler credenciais"},
	"doctor_check_sessions":      {en: "read sessions", pt: "ler sessões"},
	"doctor_check_lock":          {en: "lock", pt: "trava"},
	"doctor_check_disk":          {en: "disk", pt: "disco"},
	"doctor_check_timezone":      {en: "time zone", pt: "fuso horário"},
	"doctor_verdict_ok":          {en: "everything is in order", pt: "tudo em ordem"},
	"doctor_verdict_interrupted": {en: "interrupted", pt: "interrompido"},
	"doctor_verdict_warn":        {en: "usable, with warnings", pt: "utilizável, com avisos"},
}
