package schemas_test

import (
	"path/filepath"
	"testing"
)

func TestSampleConfigurationsFit(t *testing.T) {
	s := compiled(t, "config")
	files, err := filepath.Glob(filepath.Join(samples, "*.yaml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if err := s.Validate(fromYAML(t, sample(t, filepath.Base(file)))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestConfigurationsThatFit(t *testing.T) {
	s := compiled(t, "config")
	for _, text := range []string{
		"", "vault:", "vault: {rps: 0.5, burst: 10, timeout: 1m30s, api: iso, fingerprint: ab}", "vault: {client_id: 7, timeout: 0}",
		"vault: {auth: basic, tenant: north, referer: 'https://jobs.example', client_cert_file: c.pem, client_key_file: k.pem, proxy: 'http://p:3128', proxy_user: u, proxy_password_file: pw, api_v2: off}",
		"vault: {auth: oauth1, oauth_token_file: t, oauth_token_secret_command: pass show t, proxy: none, api_v2: auto}",
		"limits: {inactivate: off, cascade: {percent: off, count: 9}, update: {percent: 10%}, unreadable: off, announced: off}",
		"limits: {announced: on, source_shrink: off, view_shrink: off, new_values: off, in_use: off, inactivate: false}",
		"limits: {source_shrink: {percent: 10%, floor: 9}, view_shrink: {count: 4}, new_values: {distinct: 3}, in_use: {days: 0}, round_count: off, baseline: on}",
		"limits: {create: {percent: 20, count: 500}, reactivate: off, per: {site: {inactivate: {percent: 10}}, vendor: {update: {count: 3}}, model: {}, type: }}",
		"limits: {new_values: {distinct: off}, in_use: {days: off}}",
		"devices: {grace: {runs: 3, days: 7}, identify: [ip, hostname], normalize: {domains: [corp.example], idn: on, ipv6: true}}",
		"devices: {sources: [{path: a.csv, max_age: 36h, columns: {asset: Serial}}, {path: b.xlsx, format: xlsx}], precedence: {site: [a.csv, b.xlsx], tags: [b.xlsx]}}",
		"credentials: {grace: {days: 2}, identify: [username], sources: [{path: c.csv}], precedence: {type: [c.csv]}}",
		"devices: {grace: {runs: 1, days: 0}, scope: {site: LAX, vendor: [A, B]}, manage: [ip, tags], sources: [{path: a.json, format: netbox, columns: {id: pk}}]}",
		"devices: {grace: off, reactivate: never, protect: 'hostname =~ \"^dc\"'}",
		"credentials: {secrets: always, manage: [username], sources: [{path: c.csv, columns: {password: Senha, type: Tipo}, defaults: {type: Local User}, where: 'a == \"b\"', records: x}]}",
		"export: {anonymise_key_file: k}", "export:", "require_approval: off\noperator: ana", "require_approval: {signers: approvers, max_age: 24h}", "require_approval: {signers: approvers}",
		"apply: {settle: 0, max_duration: 3h}\nstate: a\ndecisions: b.csv\nreports: c",
	} {
		if err := s.Validate(fromYAML(t, []byte(text))); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestConfigurationsThatDoNotFit(t *testing.T) {
	s := compiled(t, "config")
	for name, text := range map[string]string{
		"an unknown key":                  "vaults: {}",
		"an unknown way of authorising":   "vault: {auth: digest}",
		"a proxy's password in its URL":   "vault: {proxy: 'http://u:p@h:1'}",
		"a referer that is none":          "vault: {referer: jobs}",
		"the token itself":                "vault: {oauth_token: x}",
		"an unknown key of the vault":     "vault: {urls: x}",
		"the secret itself":               "vault: {client_secret: x}",
		"a switch for TLS":                "vault: {insecure: true}",
		"no pace":                         "vault: {rps: 0}",
		"an unknown prefix":               "vault: {api: v2}",
		"a time without a unit":           "apply: {settle: 60}",
		"a source without a path":         "devices: {sources: [{format: csv}]}",
		"an unknown key of a source":      "devices: {sources: [{path: a, delimiter: ';'}]}",
		"a credential's field":            "devices: {sources: [{path: a, columns: {username: u}}]}",
		"a device's field":                "credentials: {sources: [{path: a, columns: {site: u}}]}",
		"a format to come":                "devices: {sources: [{path: a, format: ods}]}",
		"sources that are no list":        "devices: {sources: {path: a}}",
		"an unknown policy":               "devices: {missing: delete}",
		"secrets of devices":              "devices: {secrets: always}",
		"a scope of credentials":          "credentials: {scope: {site: x}}",
		"a scope that nothing fits":       "devices: {scope: {site: []}}",
		"a scope by what no list shows":   "devices: {scope: {device_tags: [a]}}",
		"the key as a field to manage":    "devices: {manage: [hostname]}",
		"a password as a field to manage": "credentials: {manage: [content]}",
		"a grace in words":                "devices: {grace: 3}",
		"a grace below 0":                 "devices: {grace: {runs: -1}}",
		"an unknown key of a grace":       "credentials: {grace: {nights: 3}}",
		"a guard that is a number":        "limits: {in_use: 7}",
		"days below 0":                    "limits: {in_use: {days: -1}}",
		"values that nobody counts":       "limits: {new_values: {percent: 5}}",
		"a switch that is a number":       "limits: {round_count: 1}",
		"a share of what is no reference": "limits: {per: {ip: {update: off}}}",
		"a share of what is not counted":  "limits: {per: {site: {create: off}}}",
		"a limit without its members":     "limits: {create: 5}",
		"an unknown limit":                "limits: {delete: off}",
		"devices not found by hostname":   "devices: {identify: [ip, id]}",
		"credentials found by ip":         "credentials: {identify: [username, ip]}",
		"a rule twice":                    "devices: {identify: [id, hostname, id]}",
		"a domain alone":                  "devices: {normalize: {domains: corp.example}}",
		"normalised credentials":          "credentials: {normalize: {idn: on}}",
		"a precedence of the hostname":    "devices: {precedence: {hostname: [a.csv]}}",
		"a precedence of nobody":          "devices: {precedence: {site: []}}",
		"an age without a unit":           "devices: {sources: [{path: a, max_age: 24}]}",
		"the asset of a credential":       "credentials: {sources: [{path: a, columns: {asset: s}}]}",
		"an asset as a field to manage":   "devices: {manage: [asset]}",
		"a limit that is a number":        "limits: {inactivate: 60}",
		"a key of pseudonyms itself":      "export: {anonymise_key: x}",
		"an approval by nobody":           "require_approval: {max_age: 24h}",
		"an approval that is only wanted": "require_approval: on",
		"an approval left empty":          "require_approval:",
		"an unknown key of an approval":   "require_approval: {signers: a, keys: b}",
		"a negative count":                "limits: {inactivate: {count: -1}}",
	} {
		if s.Validate(fromYAML(t, []byte(text))) == nil {
			t.Errorf("%s fits: %s", name, text)
		}
	}
}
