package jobs_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// configured loads a configuration from a folder of its own.
func configured(t *testing.T, text string) (*schemas.Config, *jobs.SecretSource, string, error) {
	t.Helper()
	folder := t.TempDir()
	save(t, filepath.Join(folder, "pamsync.yaml"), text)
	config, secret, err := jobs.LoadConfig(filepath.Join(folder, "pamsync.yaml"))
	return config, secret, folder, err
}

const everyKey = `
vault:
  url: https://vault.example:8443
  client_id: 7f1c
  client_secret_file: run/secret
  client_secret_command: pass show vault
  api: iso
  timezone: UTC
  rps: 2.5
  burst: 3
  workers: 7
  timeout: 45s
  ca_file: ca.pem
  fingerprint: 00ff
  auth: oauth1
  oauth_token_file: run/tok
  oauth_token_command: pass show tok
  oauth_token_secret_file: run/toksec
  oauth_token_secret_command: pass show toksec
  referer: https://jobs.example
  client_cert_file: own.pem
  client_key_file: own.key
  proxy: http://proxy.example:3128/
  proxy_user: night
  proxy_password_file: run/proxy
  proxy_password_command: pass show proxy
  api_v2: off
devices:
  sources:
    - path: cmdb.json
      format: servicenow
      records: result
      columns: {site: location.display_value, management_ip: addr, vault_id: id}
      defaults: {type: Server, tags: blue}
      where: operational_status == "1"
      max_age: 36h
    - path: more.csv
      columns: {asset: Serial}
  manage: [site, type]
  missing: inactivate
  grace: {runs: 3, days: 7}
  identify: [ip, hostname]
  normalize: {domains: [corp.example, .lab.Corp.example.], idn: on, ipv6: true}
  precedence: {site: [more.csv, cmdb.json], device_type: [cmdb.json]}
  reactivate: any
  scope: {site: [LAX, AWS], type: Server}
  protect: 'hostname =~ "^dc"'
credentials:
  sources: [{path: credentials.csv, columns: {password: pw, type: kind, parent_password: p}}]
  manage: [identifier, credential_type, username]
  missing: keep
  reactivate: never
  protect: username == "root"
  grace: {days: 2}
  identify: [username]
  precedence: {type: [credentials.csv]}
  secrets: always
keys:
  sources:
    - path: keys
      password_file: pass
      columns: {private_key: file, password: phrase}
  manage: [tags, username]
  missing: inactivate
  reactivate: any
  protect: username == "root"
  grace: {runs: 2}
  secrets: on_create
infos:
  sources: [{path: infos.csv, columns: {password: note}}]
  secrets: on_create
  changed: send
  missing: keep
limits:
  inactivate: {percent: 10%, count: 60, floor: 0}
  cascade: {percent: off, count: 9}
  update: off
  unreadable: 2
  create: {percent: 20, count: 500}
  reactivate: {count: 9, floor: 2}
  per:
    site: {inactivate: {percent: 10, floor: 1}, update: {count: 30}}
    vendor: {update: off}
  source_shrink: {percent: 10, count: 40, floor: 1}
  view_shrink: {percent: off, count: 7, floor: 0}
  drop: {percent: 50, count: 8, floor: 2}
  new_values: {distinct: 4}
  in_use: {days: 30}
  announced: off
  round_count: off
  baseline: off
apply:
  settle: 0
  max_duration: 3h
  stages: [1, 2.5%, rest]
  window: [mon-fri 22:00-05:00, "sat 00:00-24:00"]
  budget: 500
  max_errors: 7
  error_storm: off
require_approval: {signers: approvers, max_age: 24h}
export: {anonymise_key_file: run/pseudonyms.key}
operator: ana
state: st
decisions: decisions.csv
reports: /abs/reports
`

func TestEveryKeyOfTheConfiguration(t *testing.T) {
	got, secret, folder, err := configured(t, everyKey)
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(folder, name) }
	source := func(name, format string) schemas.SourceConfig {
		return schemas.SourceConfig{Name: name, Path: in(name), Format: format, Columns: map[schemas.Field]string{}, Defaults: map[schemas.Field]string{}}
	}
	cmdb, more, accounts := source("cmdb.json", "servicenow"), source("more.csv", "auto"), source("credentials.csv", "auto")
	cmdb.MaxAge, more.Columns = 36*time.Hour, map[schemas.Field]string{schemas.FieldAsset: "Serial"}
	cmdb.Records, cmdb.Where = "result", `operational_status == "1"`
	cmdb.Columns = map[schemas.Field]string{schemas.FieldSite: "location.display_value", schemas.FieldIP: "addr", schemas.FieldID: "id"}
	cmdb.Defaults = map[schemas.Field]string{schemas.FieldType: "Server", schemas.FieldDeviceTags: "blue"}
	accounts.Columns = map[schemas.Field]string{schemas.FieldContent: "pw", schemas.FieldCredentialType: "kind", schemas.FieldParent: "p"}
	keys, infos := source("keys", "auto"), source("infos.csv", "auto")
	keys.PasswordFile, keys.Columns = in("pass"), map[schemas.Field]string{schemas.FieldContent: "file", schemas.FieldPassphrase: "phrase"}
	infos.Columns = map[schemas.Field]string{schemas.FieldContent: "note"}
	noLimit := schemas.Limit{Off: true, Percent: -1, Count: -1, Floor: 3}
	want := schemas.Config{
		Vault: schemas.VaultConfig{URL: "https://vault.example:8443", ClientID: "7f1c", API: "iso", Timezone: "UTC", RPS: 2.5, Burst: 3, Workers: 7,
			Timeout: 45 * time.Second, CAFile: in("ca.pem"), Fingerprint: "00ff", Access: schemas.Access{Auth: "oauth1", Referer: "https://jobs.example", ClientCertFile: in("own.pem"),
				ClientKeyFile: in("own.key"), Proxy: "http://proxy.example:3128", ProxyUser: "night", APIV2: "off"}},
		Devices: schemas.KindConfig{Sources: []schemas.SourceConfig{cmdb, more}, Manage: []schemas.Field{schemas.FieldSite, schemas.FieldType}, Missing: schemas.MissingInactivate,
			Reactivate: schemas.ReactivateAny, Scope: map[schemas.Field][]string{schemas.FieldSite: {"LAX", "AWS"}, schemas.FieldType: {"Server"}}, Protect: `hostname =~ "^dc"`,
			Identify: []schemas.Rule{schemas.RuleHostname, schemas.RuleIP}, Grace: schemas.Grace{Runs: 3, Days: 7},
			Normalize:  schemas.Normalize{Domains: []string{"lab.corp.example", "corp.example"}, IDN: true, IPv6: true},
			Precedence: map[schemas.Field][]string{schemas.FieldSite: {"more.csv", "cmdb.json"}, schemas.FieldType: {"cmdb.json"}}},
		Credentials: schemas.KindConfig{Sources: []schemas.SourceConfig{accounts}, Manage: []schemas.Field{schemas.FieldIdentifier, schemas.FieldCredentialType, schemas.FieldUsername},
			Missing: schemas.MissingKeep, Reactivate: schemas.ReactivateNever, Protect: `username == "root"`, Secrets: schemas.SecretsAlways,
			Identify: []schemas.Rule{schemas.RuleUsername}, Grace: schemas.Grace{Runs: 1, Days: 2},
			Precedence: map[schemas.Field][]string{schemas.FieldCredentialType: {"credentials.csv"}}},
		Keys: schemas.KindConfig{Sources: []schemas.SourceConfig{keys}, Manage: []schemas.Field{schemas.FieldTags, schemas.FieldUsername},
			Missing: schemas.MissingInactivate, Reactivate: schemas.ReactivateAny, Protect: `username == "root"`, Secrets: schemas.SecretsOnCreate,
			Identify: []schemas.Rule{schemas.RuleID, schemas.RuleIdentifier, schemas.RuleUsername}, Grace: schemas.Grace{Runs: 2}},
		Infos: schemas.InfosConfig{Sources: []schemas.SourceConfig{infos}, Secrets: schemas.SecretsOnCreate, Changed: schemas.ChangedSend, Missing: schemas.MissingKeep},
		Limits: schemas.Limits{Inactivate: schemas.Limit{Percent: 10, Count: 60, Floor: 0}, Cascade: schemas.Limit{Percent: -1, Count: 9, Floor: 50},
			Update: schemas.Limit{Off: true, Percent: 30, Count: -1, Floor: 3}, Unreadable: 2, Announced: false,
			Create: schemas.Limit{Percent: 20, Count: 500}, Reactivate: schemas.Limit{Percent: -1, Count: 9, Floor: 2},
			Per: map[string]schemas.ShareLimits{
				"site":   {Inactivate: schemas.Limit{Percent: 10, Count: -1, Floor: 1}, Update: schemas.Limit{Percent: -1, Count: 30, Floor: 3}},
				"vendor": {Inactivate: noLimit, Update: noLimit}},
			SourceShrink: schemas.Limit{Percent: 10, Count: 40, Floor: 1}, ViewShrink: schemas.Limit{Percent: -1, Count: 7, Floor: 0}, NewValues: 4, InUse: 30, Drop: schemas.Limit{Percent: 50, Count: 8, Floor: 2}},
		Apply: schemas.ApplyConfig{Settle: 0, MaxDuration: 3 * time.Hour, Budget: 500, MaxErrors: 7,
			Stages:  []schemas.StageSize{{Count: 1}, {Percent: 2.5}, {Rest: true}},
			Windows: []schemas.Window{{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 22 * 60, To: 5 * 60}, {Days: [7]bool{6: true}, To: 24 * 60}}},
		Approval: schemas.ApprovalConfig{Signers: in("approvers"), MaxAge: 24 * time.Hour}, Export: schemas.ExportConfig{AnonymiseKeyFile: in("run/pseudonyms.key")}, Operator: "ana",
		State: in("st"), Decisions: in("decisions.csv"), Reports: "/abs/reports",
	}
	if !filepath.IsAbs("/abs/reports") { // Windows
		want.Reports = in("/abs/reports")
	}
	got.Vault.ClientSecret, want.Vault.ClientSecret = schemas.Secret{}, schemas.Secret{}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("%+v\nwanted\n%+v", *got, want)
	}
	if *secret != (jobs.SecretSource{File: in("run/secret"), Command: "pass show vault"}) {
		t.Errorf("%+v", secret)
	}
}

func TestWhatAConfigurationLeavesOutKeepsItsDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "vault:\n", "vault: {}\nlimits: {}\ndevices:\n  sources: []\n", "limits: {announced: on, inactivate: {}, unreadable: 0}\n"} {
		got, secret, folder, err := configured(t, text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		want := schemas.DefaultConfig()
		want.State, want.Reports = got.State, got.Reports
		if !reflect.DeepEqual(*got, want) || *secret != (jobs.SecretSource{}) {
			t.Errorf("%q: %+v", text, got)
		}
		if text != "" && !strings.HasPrefix(text, "#") && got.State != filepath.Join(folder, ".pamsync") {
			t.Errorf("%q: state %q is not beside the file", text, got.State)
		}
	}
}

func TestNoConfigurationIsTheDefaultUnlessItIsNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	got, _, err := jobs.LoadConfig("")
	if err != nil || !reflect.DeepEqual(*got, schemas.DefaultConfig()) {
		t.Error(got, err)
	}
	_, _, err = jobs.LoadConfig("gone.yaml")
	wantFault(t, err, schemas.ClassConfig, "config_missing")
	_, _, err = jobs.LoadConfig(t.TempDir())
	wantFault(t, err, schemas.ClassConfig, "config_unreadable")
}

func TestErrorsOfAConfiguration(t *testing.T) {
	for _, c := range []struct {
		rule, text, at, code string
		args                 map[string]string
	}{
		{"an unknown key, with the nearest", "vault:\n  ulr: x\n", ":2:3", "unknown_key", map[string]string{"key": "vault.ulr", "near": "url"}},
		{"an unknown section", "limit: {}\n", ":1:1", "unknown_key", map[string]string{"key": "limit", "near": "limits"}},
		{"nothing is near", "zzzzzz: 1\n", ":1:1", "unknown_key", map[string]string{"near": ""}},
		{"in a source", "devices:\n  sources:\n    - path: x\n      formatt: csv\n", ":4:7", "unknown_key", map[string]string{"key": "devices.sources[0].formatt", "near": "format"}},
		{"a field that a device has not", "devices: {sources: [{path: x, columns: {usernme: y}}]}\n", ":1:41", "unknown_key", nil},
		{"a limit", "limits:\n  inactivte: {}\n", ":2:3", "unknown_key", map[string]string{"near": "inactivate"}},
		{"part of a limit", "limits: {update: {procent: 5}}\n", ":1:19", "unknown_key", map[string]string{"near": "percent"}},
		{"scope of a write-only field", "devices: {scope: {tags: [x]}}\n", ":1:19", "unknown_key", nil},
		{"secrets of devices", "devices: {secrets: never}\n", ":1:11", "unknown_key", nil},
		{"a key twice", "reports: a\nreports: b\n", ":2:1", "key_twice", nil},
		{"a word that is none", "devices: {missing: delete}\n", ":1:20", "bad_value", map[string]string{"key": "devices.missing", "value": "delete"}},
		{"rps 0", "vault: {rps: 0}\n", ":1:14", "bad_value", nil},
		{"rps that is no number", "vault: {rps: .nan}\n", ":1:14", "bad_value", nil},
		{"rps without end", "vault: {rps: inf}\n", ":1:14", "bad_value", nil},
		{"burst 0", "vault: {burst: 0}\n", ":1:16", "bad_value", nil},
		{"workers -1", "vault: {workers: -1}\n", ":1:18", "bad_value", nil},
		{"half a worker", "vault: {workers: 1.5}\n", ":1:18", "bad_value", nil},
		{"a time without unit", "apply: {settle: 60}\n", ":1:17", "bad_value", nil},
		{"a stage behind the rest", "apply: {stages: [rest, 1]}\n", ":1:18", "bad_value", map[string]string{"want": "want_stages"}},
		{"a window without an end", "apply: {window: 22:00}\n", ":1:17", "bad_value", map[string]string{"want": "want_window"}},
		{"a day that is none", "apply: {window: [mon-xyz 22:00-05:00]}\n", ":1:18", "bad_value", map[string]string{"want": "want_window"}},
		{"a time below 0", "apply: {settle: -1s}\n", ":1:17", "bad_value", nil},
		{"a zone that is none", "vault: {timezone: Sao_Paulo}\n", ":1:19", "bad_value", nil},
		{"http to another machine", "vault:\n  url: http://vault.example\n", ":2:8", "bad_url", nil},
		{"a section that is a text", "vault: x\n", ":1:8", "bad_value", nil},
		{"sources that are no list", "devices: {sources: x}\n", ":1:20", "bad_value", nil},
		{"a source without a path", "devices: {sources: [{format: csv}]}\n", ":1:21", "bad_value", map[string]string{"key": "devices.sources[0].path"}},
		{"where that is broken", "devices: {sources: [{path: x, where: 'a ='}]}\n", ":1:38", "bad_filter", nil},
		{"protect that is broken", "devices: {protect: 'a ='}\n", ":1:20", "bad_filter", nil},
		{"protect of a field the vault does not list", "devices: {protect: 'tags == \"x\"'}\n", ":1:20", "filter_column", nil},
		{"manage the hostname", "devices: {manage: [hostname]}\n", ":1:20", "bad_value", nil},
		{"manage a password", "credentials: {manage: [content]}\n", ":1:24", "bad_value", nil},
		{"a percentage that is none", "limits: {update: {percent: many}}\n", ":1:28", "bad_value", nil},
		{"a percentage below 0", "limits: {update: {percent: -1}}\n", ":1:28", "bad_value", nil},
		{"a percentage that lets everything pass", "limits: {update: {percent: nan}}\n", ":1:28", "bad_value", nil},
		{"a count below 0", "limits: {update: {count: -1}}\n", ":1:26", "bad_value", nil},
		{"announced: maybe", "limits: {announced: maybe}\n", ":1:21", "bad_value", nil},
		{"an empty path", "reports: ''\n", ":1:10", "bad_value", nil},
		{"an approval that is only wanted", "require_approval: on\n", ":1:19", "bad_value", map[string]string{"want": "want_approval"}},
		{"an approval left empty", "require_approval:\n", ":1:18", "bad_value", nil},
		{"an approval without signers", "require_approval: {max_age: 24h}\n", ":1:19", "bad_value", map[string]string{"key": "require_approval.signers"}},
		{"an approval of no time", "require_approval: {signers: a, max_age: 0}\n", ":1:41", "bad_value", map[string]string{"key": "require_approval.max_age"}},
		{"an approval of a time without unit", "require_approval: {signers: a, max_age: 72}\n", ":1:41", "bad_value", nil},
		{"an approval by whom", "require_approval: {signer: a}\n", ":1:20", "unknown_key", map[string]string{"near": "signers"}},
		{"signers that are a list", "require_approval: {signers: [a]}\n", ":1:29", "bad_value", nil},
		{"an operator without a name", "operator: ' '\n", ":1:11", "bad_value", nil},
		// Guards that look back, and who is who.
		{"a shrink that is no percentage", "limits: {source_shrink: {percent: few}}\n", ":1:35", "bad_value", map[string]string{"key": "limits.source_shrink.percent", "want": "want_percent"}},
		{"a shrink that is a number", "limits: {view_shrink: 5}\n", ":1:23", "bad_value", map[string]string{"key": "limits.view_shrink", "want": "want_keys"}},
		{"a limit that is on", "limits: {create: on}\n", ":1:18", "bad_value", map[string]string{"key": "limits.create"}},
		{"a floor below 0", "limits: {reactivate: {floor: -1}}\n", ":1:30", "bad_value", map[string]string{"want": "want_least", "least": "0"}},
		{"new values in percent", "limits: {new_values: {percent: 5}}\n", ":1:23", "unknown_key", map[string]string{"key": "limits.new_values.percent"}},
		{"new values below 0", "limits: {new_values: {distinct: -2}}\n", ":1:33", "bad_value", map[string]string{"key": "limits.new_values.distinct"}},
		{"in use for so many", "limits: {in_use: 7}\n", ":1:18", "bad_value", map[string]string{"key": "limits.in_use", "want": "want_keys"}},
		{"in use for a week", "limits: {in_use: {days: 7d}}\n", ":1:25", "bad_value", map[string]string{"key": "limits.in_use.days", "want": "want_least"}},
		{"round_count: 1000", "limits: {round_count: 1000}\n", ":1:23", "bad_value", map[string]string{"key": "limits.round_count", "want": "want_on_off"}},
		{"a baseline by date", "limits: {baseline: 2026-11-21}\n", ":1:20", "bad_value", map[string]string{"key": "limits.baseline", "want": "want_on_off"}},
		{"shares of addresses", "limits: {per: {ip: {update: off}}}\n", ":1:16", "unknown_key", map[string]string{"key": "limits.per.ip"}},
		{"shares of new records", "limits: {per: {site: {create: off}}}\n", ":1:23", "unknown_key", map[string]string{"key": "limits.per.site.create"}},
		{"a share that is off", "limits: {per: {site: off}}\n", ":1:22", "bad_value", map[string]string{"key": "limits.per.site", "want": "want_keys"}},
		{"a grace of so many", "devices: {grace: 3}\n", ":1:18", "bad_value", map[string]string{"key": "devices.grace", "want": "want_keys"}},
		{"a grace of nights", "credentials: {grace: {nights: 3}}\n", ":1:23", "unknown_key", map[string]string{"key": "credentials.grace.nights"}},
		{"a grace below 0", "devices: {grace: {runs: -1}}\n", ":1:25", "bad_value", map[string]string{"key": "devices.grace.runs"}},
		{"a rule that is none", "devices: {identify: [hostname, mac]}\n", ":1:32", "bad_value", map[string]string{"want": "want_rules", "values": "id, hostname, ip"}},
		{"a rule twice", "devices: {identify: [hostname, hostname]}\n", ":1:32", "bad_value", nil},
		{"a rule of devices", "credentials: {identify: [username, ip]}\n", ":1:36", "bad_value", map[string]string{"values": "id, username, identifier"}},
		{"devices without their hostname", "devices: {identify: [ip]}\n", ":1:21", "identify_lacks", map[string]string{"key": "devices.identify", "rule": "hostname"}},
		{"credentials without their username", "credentials: {identify: [identifier]}\n", ":1:25", "identify_lacks", map[string]string{"rule": "username"}},
		{"a rule alone", "devices: {identify: hostname}\n", ":1:21", "bad_value", map[string]string{"want": "want_rules"}},
		{"a domain alone", "devices: {normalize: {domains: corp.example}}\n", ":1:32", "bad_value", map[string]string{"key": "devices.normalize.domains", "want": "want_domains"}},
		{"a domain of dots", "devices: {normalize: {domains: ['.']}}\n", ":1:33", "bad_value", map[string]string{"want": "want_domains"}},
		{"a normaliser that is none", "devices: {normalize: {ipv4: on}}\n", ":1:23", "unknown_key", map[string]string{"near": "ipv6"}},
		{"idn: perhaps", "devices: {normalize: {idn: perhaps}}\n", ":1:28", "bad_value", map[string]string{"want": "want_on_off"}},
		{"normalised credentials", "credentials: {normalize: {idn: on}}\n", ":1:15", "unknown_key", map[string]string{"key": "credentials.normalize"}},
		{"a precedence of the hostname", "devices: {sources: [{path: a}], precedence: {hostname: [a]}}\n", ":1:46", "precedence_field", map[string]string{"key": "devices.precedence.hostname"}},
		{"a precedence of no source", "devices: {sources: [{path: a}], precedence: {site: [b]}}\n", ":1:53", "bad_value", map[string]string{"key": "devices.precedence.site", "value": "b", "values": "a"}},
		{"a precedence twice", "devices: {sources: [{path: a}], precedence: {type: [a], device_type: [a]}}\n", ":1:57", "key_twice", map[string]string{"key": "devices.precedence.device_type"}},
		{"a precedence that is one path", "devices: {sources: [{path: a}], precedence: {site: a}}\n", ":1:52", "bad_value", map[string]string{"want": "want_precedence"}},
		{"a precedence that is a list", "devices: {precedence: [a]}\n", ":1:23", "bad_value", map[string]string{"want": "want_precedence"}},
		{"an age without a unit", "devices: {sources: [{path: x, max_age: 36}]}\n", ":1:40", "bad_value", map[string]string{"key": "devices.sources[0].max_age", "want": "want_time"}},
		{"an asset of credentials", "credentials: {sources: [{path: x, columns: {asset: y}}]}\n", ":1:45", "unknown_key", nil},
		{"manage the asset", "devices: {manage: [asset]}\n", ":1:20", "bad_value", nil},
		// The file as a whole.
		{"two documents", "vault: {}\n---\nvault: {}\n", ":2", "two_documents", nil},
		{"broken YAML", "vault:\n  url: [\n", "", "config_broken", nil},
		{"a tab", "vault:\n\turl: x\n", "", "config_broken", nil},
		{"a list", "- a\n", ":1:1", "bad_value", nil},
	} {
		t.Run(c.rule, func(t *testing.T) {
			config, _, folder, err := configured(t, c.text)
			var faults jobs.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || config != nil {
				t.Fatalf("%+v, %v", config, err)
			}
			for _, f := range faults {
				if f.Class != schemas.ClassConfig {
					t.Errorf("%s is of class %s", f, f.Class)
				}
			}
			f := faults[0]
			if c.code != "" && f.Problem.Code != c.code {
				t.Errorf("%v, wanted %s", f, c.code)
			}
			if at := f.Problem.Place.String(); c.at != "" && strings.TrimPrefix(at, filepath.Join(folder, "pamsync.yaml")) != c.at {
				t.Errorf("at %s, wanted %s", at, c.at)
			}
			for name, want := range c.args {
				if f.Problem.Args[name] != want {
					t.Errorf("%s is %q, wanted %q", name, f.Problem.Args[name], want)
				}
			}
		})
	}
}

func TestAllErrorsOfAConfigurationInOnePass(t *testing.T) {
	_, _, _, err := configured(t, "vault: {rps: 0, burts: 1}\ndevices:\n  missing: no\n  sources: [{path: x, where: '='}]\nlimits: {in_use: {days: many}}\n")
	var faults jobs.Faults
	if !errors.As(err, &faults) || len(faults) != 5 {
		t.Errorf("%d faults: %v", len(faults), err)
	}
}

func TestOffInAllItsSpellings(t *testing.T) {
	for _, off := range []string{"off", "Off", "OFF", "false", "False", "'off'"} {
		got, _, _, err := configured(t, strings.ReplaceAll("require_approval: OFF_\nlimits: {inactivate: OFF_, unreadable: OFF_, announced: OFF_, in_use: OFF_, new_values: {distinct: OFF_}, view_shrink: OFF_, round_count: OFF_, baseline: OFF_, cascade: {count: OFF_}}\ndevices: {grace: OFF_, normalize: {idn: OFF_}}\n", "OFF_", off))
		if err != nil {
			t.Errorf("%s: %v", off, err)
			continue
		}
		if l := got.Limits; !l.Inactivate.Off || l.Unreadable != -1 || l.Announced || l.InUse != -1 || l.NewValues != -1 || !l.ViewShrink.Off || l.RoundCount || l.Baseline || got.Devices.Normalize.IDN || l.Cascade.Count != -1 || l.Cascade.Off || l.Update.Off || got.Approval.Required() {
			t.Errorf("%s: %+v", off, l)
		}
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	got, _, folder, err := configured(t, "limits:\n  inactivate: &l {percent: 1, count: 2, floor: 0}\n  update: *l\ndevices:\n  sources: [&s {path: a.csv}]\ncredentials:\n  sources: [*s]\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.Limits.Update != got.Limits.Inactivate || len(got.Credentials.Sources) != 1 || got.Credentials.Sources[0].Path != filepath.Join(folder, "a.csv") {
		t.Errorf("%+v", got)
	}
}
