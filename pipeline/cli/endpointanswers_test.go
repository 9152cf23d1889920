package cli_test

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// recordedAnswer is an answer as the vendor's pages print it, whatever the simulator would say: it referees both
// sides.
type recordedAnswer struct {
	endpoint, version string
	http              int
	body              string
	exit              int
	says              string // in result.csv, or on the screen
	after             bool   // it is of a success: the simulator is asked first, and does what it was asked for
}

// said is the text of the answer.
func (r *recordedAnswer) said() string {
	for _, text := range regexp.MustCompile(`"(?:message|menssage)":"([^"]*)"`).FindAllStringSubmatch(r.body, -1) {
		return text[1]
	}
	return ""
}

// refused is an answer of the page of 3.23: failed is what it says under error, code that of its exception.
func refused(status int, message string, failed bool, code int) string {
	return envelope(status, message, failed, fmt.Sprintf(`,"exception":{"code":%d,"message":%q,"detail":null}`, code, message))
}

func envelope(status int, message string, failed bool, more string) string {
	return fmt.Sprintf(`{"response":{"status":%d,"mensagem":%q,"erro":%t,"message":%[2]q,"error":%[3]t}%s}`, status, message, failed, more)
}

// numbered is the form of the pages on keys and sessions: with error numbers that are 0 although it failed.
func numbered(message, more string) string {
	return fmt.Sprintf(`{"response":{"status":400,"mensagem":%q,"erro":true,"cod_erro":0,"message":%[1]q,"error":true,"error_code":0}%s}`, message, more)
}

// bare is the gateway's form.
func bare(message string) string {
	text, _ := json.Marshal(message) // a text
	return `{"message":` + string(text) + `}`
}

// recordedAnswers are the failures that the pages print, each under the call that they print it for.
func recordedAnswers() []recordedAnswer {
	const notInformed, content = "1004: The device's hostname was not informed", "1026: The information content was not informed"
	failed := []struct {
		endpoint, version string
		http              int
		body              string
		exit              int
		says              string
	}{
		{"GET device/*", "3.23", 400, refused(400, "1011: Device not found", true, 1011), 0, ""},
		{"DELETE device/*", "3.23", 400, refused(400, "1011: Device not found", true, 1011), 10, "1011"},
		{"POST device (new)", "3.23", 400, refused(400, notInformed, true, 1004), 10, notInformed},
		{"POST device (known)", "3.23", 400, refused(400, notInformed, true, 1004), 10, notInformed},
		{"GET credential/*", "3.23", 400, refused(400, "1007: Credential not found", true, 1007), 10, "1007"},
		// Not allowed, or inactive already: the same answer.
		{"DELETE credential/*", "3.23", 400, refused(400, "1007: Credential not found", true, 1007), 10, "1007"},
		// Printed as Python has it: no JSON, and a refusal by its status alone.
		{"DELETE credential/*", "3.23", 400, `{'response': {'status': 400, 'mensagem': '1007: Credential not found', 'erro': True}, 'exception': {'code': 1007, 'detail': None}}`, 10, ""},
		{"POST credential (new)", "3.23", 400, refused(400, notInformed, true, 1004), 10, notInformed},
		{"POST credential (new)", "3.23", 400, refused(400, "1005: The device's IP was not informed", true, 1005), 10, "1005: The device's IP was not informed"},
		{"POST credential (known)", "3.23", 400, refused(400, "1007: Credential not found", true, 1007), 10, "1007: Credential not found"},
		{"DELETE credential/custody/*", "3.23", 400, refused(400, "1007: Credential not found", true, 1007), 10, "1007"},
		{"GET key/*", "3.23", 400, numbered("1015: SSH key not found", `,"exception":{"code":1015,"message":"1015: SSH key not found","detail":""}`), 10, "1015"},
		// The exception has another code than the message: the message is right.
		{"POST key (new)", "3.23", 400, envelope(400, notInformed, true, `,"exception":{"code":1015,"message":"1015: SSH key not found","detail":""}`), 10, notInformed},
		{"POST key (known)", "3.23", 400, refused(400, "1005: The device's IP was not informed", true, 1005), 10, "1005"},
		{"POST key (known)", "3.23", 400, refused(400, "1015: SSH not found", true, 1015), 10, "1015"},
		{"DELETE key/*", "3.23", 400, refused(400, "1015: SSH not found", true, 1015), 10, "1015"},
		// No access, or no such information: an answer that says error false, and is none of success.
		{"GET info/*", "3.23", 400, refused(400, content, false, 1026), 10, "the vault has no such information, or does not let us see it: " + content},
		{"GET info/*", "3.23", 200, refused(400, content, false, 1026), 10, "the vault has no such information, or does not let us see it: " + content},
		{"GET info/*", "3.23", 400, envelope(400, content, false, ""), 10, "info,read,4,failed,4,"},
		{"GET info/*", "3.23", 400, refused(400, "1024: Inactive information", true, 1024), 10, "1024"},
		{"POST info", "3.23", 400, refused(400, content, true, 1026), 10, "1026"},
		{"POST info", "3.23", 400, refused(400, content, false, 1026), 10, "1026"},
		{"POST info", "3.23", 200, refused(400, content, false, 1026), 10, "1026"},
		{"POST info", "3.23", 400, envelope(400, "Information not registered", true, ""), 10, "Information not registered"},
		{"DELETE info/*", "3.23", 400, refused(400, "1023: Information not found", true, 1023), 10, "1023"},
		{"DELETE info/*", "3.23", 400, refused(400, "1024: Inactive information", true, 1024), 0, "already_inactive"},
	}
	var all []recordedAnswer
	for _, f := range failed {
		all = append(all, recordedAnswer{f.endpoint, f.version, f.http, f.body, f.exit, f.says, false})
	}
	for _, text := range []string{"User not specified", "Username not specified", "Credential not specified", "Credential device not specified", "Invalid protocol"} {
		all = append(all, recordedAnswer{"POST remote/session", "3.23", 400, numbered(text, ""), 10, text, false})
	}
	for _, way := range []struct {
		endpoint, stop string
		notFound       int
		unexpected     int
		unauthorised   int
		timedOut       int
	}{{"POST remote/session", ".", 10, 14, 14, 14}, {"GET session/remotesessions", "", 69, 75, 77, 75}} {
		all = append(all,
			recordedAnswer{way.endpoint, "3.33", 404, envelope(404, "Resource sub not found", true, ""), way.notFound, "Resource sub not found", false},
			recordedAnswer{way.endpoint, "3.33", 500, envelope(500, "Unexpected error.", true, ""), way.unexpected, "Unexpected error.", false},
			recordedAnswer{way.endpoint, "3.33", 500, envelope(500, "You are not authorized to access this resource.", true, ""), way.unauthorised, "You are not authorized to access this resource.", false},
			recordedAnswer{way.endpoint, "3.33", 401, bare("Client authentication failed" + way.stop), 77, "Client authentication failed" + way.stop, false},
			recordedAnswer{way.endpoint, "3.33", 404, bare("No route matched with those values" + way.stop), 77, "No route matched with those values" + way.stop, false},
			recordedAnswer{way.endpoint, "3.33", 504, bare("Request timed out" + way.stop), way.timedOut, "Request timed out" + way.stop, false},
		)
	}
	return append(all, recordedAnswer{"POST remote/session", "3.33", 403, bare("Invalid signature"), 77, "Invalid signature", false})
}

// recordedSuccesses are the successes that the pages print, with the ids of the simulator's records in the place of
// theirs.
func recordedSuccesses() []recordedAnswer {
	said := func(status int, message, more string) string { return envelope(status, message, false, more) }
	python := func(message string) string {
		return fmt.Sprintf(`{'response': {'status': 200, 'mensagem': '%s', 'erro': False, 'message': '%[1]s', 'error': False}}`, message)
	}
	later := func(message, more string) string { // of 3.33 and later
		return fmt.Sprintf(`{"code":200,"response":{"status":200,"message":%q,"error":false,"error_code":0,"detail":"","Message":%[1]q,"erro":false,"cod_erro":0},"tenant":"senhasegura"%s}`, message, more)
	}
	var all []recordedAnswer
	for _, a := range []struct{ endpoint, version, body string }{
		{"GET device", "3.23", said(200, "2 devices found", `,"devices":[{"id":"1","hostname":"mydevicehostname","ip":"172.10.20.30","model":"Windows Server 2012","type":"Server","vendor":"Microsoft","site":"LAX"},{"id":"6","hostname":"myseconddevice","ip":"41.41.208.182","model":"CentOS 7","type":"Server","vendor":"CentOS","site":"AWS"}]`)},
		{"GET device/*", "3.23", said(200, "Device 91", `,"device":{"id":"91","hostname":"desktop-91.com","ip":"172.10.20.90","model":"Ubuntu","type":"Desktop","vendor":"Linux","site":"AWS"}`)},
		{"DELETE device/*", "3.23", said(200, "Device successfully deactivated", "")},
		{"POST device (new)", "3.23", said(201, "Device successfully registered!", `,"device":{"id":"3","hostname":"srv-03","ip":"10.0.0.3","site":"LAX"}`)},
		{"POST device (known)", "3.23", said(201, "Device successfully registered!", `,"device":{"id":"2","hostname":"srv-02","ip":"10.0.0.2","site":"AWS"}`)},
		{"GET credential", "3.23", said(200, "2 credentials found", `,"credentials":[{"id":"1","identifier":"fakeuser01ws","username":"fakeuser01","expiration":null,"change":"2020-11-17 16:14:35","view":null,"hostname":"fakedevice01","management_ip":"172.10.20.30","type":"Local User","type_code":"1","device_model":"Fake Product","device_type":"Server","device_vendor":"Fake Vendor","automatic_change":"0","connectivity":"","connectivity_code":""},{"id":"2","identifier":"fakeuser02ws","username":"fakeuser02","expiration":null,"change":"2020-11-17 16:14:35","view":null,"hostname":"fakedevice01","management_ip":"172.10.20.30","type":"Local User","type_code":"1","device_model":"Fake Product","device_type":"Server","device_vendor":"Fake Vendor","automatic_change":"0","connectivity":"","connectivity_code":""}]`)},
		{"GET credential/*", "3.23", said(200, "Credential 5", `,"credential":{"id":"5","tag":"robot-test-5","username":"credential_5","password":"secret@2504","content":"secret@2504","hostname":"destktop-91.com","parent_credential_cod":null,"parent_credential":null,"additional":"CREDADD01","domain":"","ip":"172.10.10.90","port":"22","model":"Ubuntu","expiration_time":"2021-01-16T17:31:39"}`)},
		{"DELETE credential/*", "3.23", python("Credential successfully deactivated")}, // no JSON: the list tells
		{"POST credential (known)", "3.23", said(201, "Credential updated successfully!", `,"credential":{"id":"5","tag":"root-01"}`)},
		{"DELETE credential/custody/*", "3.23", said(200, "Credential custody 5 released", "")},
		{"GET key/*", "3.23", said(200, "Key 9", `,"key":{"id":"9","username":"myuser","hostname":"myhost","ip":"10.66.33.28","private_key":"-----BEGIN RSA PRIVATE KEY-----\r\nx\r\n-----END RSA PRIVATE KEY-----","public_key":"ssh-rsa x senhasegura","password":"","expiration_time":""}`)},
		{"POST key (known)", "3.23", said(201, "SSH updated successfully!", `,"credential":{"id":"11","tag":"key-11"}`)},
		{"DELETE key/*", "3.23", python("SSH successfully deactivated")},
		{"GET info/*", "3.23", said(200, "Information 4", `,"info":{"id":"4","tag":"OLD-4","content":"login: mt4adm, password: mt4admp4ss"}`)},
		{"POST info", "3.23", said(201, "Information successfully registered!", `,"info":{"name":"saas_vault1","type":"access credential","service":"saas_client","url":"10.10.10.2","content":"login: mt4adm, password: mt4admp4ss","users_allowed":"admin, account_manager, mscharra","identifier":"INFO-1"}`)},
		{"POST info", "3.23", said(201, "Information successfully registered!", `,"info":{"id":"18","tag":null}`)},
		{"POST info", "3.23", said(201, "Information successfully registered!", `,"info":{"id":"18","tag":"INFO-1"}`)},
		{"DELETE info/*", "3.23", said(200, "Information successfully deactivated", "")},
		{"POST remote/session", "3.23", said(200, "Session created successfully", `,"session":{"session_url":"https://senhasegura/modulos/auth?_sr=cmJz","token":"c4ac50a3"}`)},
		{"POST remote/session", "3.33", later("Session created successfully", `,"session":{"session_url":"https://10.66.33.120/modulos/auth?_sr=cmJz","token":"6a3afbb1"}`)},
		{"DELETE session/drop/*", "3.23", `{"response":{"status":200,"menssage":"Session finished","erro":false}}`},
		{"GET session/remotesessions", "4.2.2", later("", `,"remote_sessions":[{"id":"3","user":"Admin","origin_ip":"172.16.20.125","credential":"usrdomadm01","device":"10.66.33.15:3389","protocol":"rdp","proxy":"Web Proxy","session_id":"e7acacb6aedbab70073456da5744166939b77527","start":"2024-05-06 16:05:07","end":"2024-05-06 16:07:59","time":"00:02:52","prevent_purge":"No","request":null,"ITSM":null}]`)},
	} {
		all = append(all, recordedAnswer{a.endpoint, a.version, 200, a.body, 0, "", true})
	}
	return all
}
