package jobs_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// shown is what config show prints of a configuration.
func shown(t *testing.T, text string, asJSON bool, over map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pamsync.yaml")
	save(t, path, text)
	loaded, err := jobs.ReadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := &jobs.Env{Config: &loaded.Config, Stdout: &out, JSON: asJSON}
	loaded.Path = "pamsync.yaml"
	if _, err := jobs.ConfigShow(e, jobs.Effective{Loaded: loaded, Over: over, Secret: jobs.SecretOrigin{Variable: "PAMSYNC_CLIENT_SECRET"}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestWhatIsShownIsReadAgain: whatever a configuration holds, the loader makes the same of
// what config show prints, wherever it is saved.
func TestWhatIsShownIsReadAgain(t *testing.T) {
	for name, text := range map[string]string{"nothing": "vault: {}", "every key": everyKey,
		"two sheets of one workbook, one before the other": "devices:\n  sources: [{path: a.xlsx, sheet: North}, {path: a.xlsx, sheet: South}, {path: b.csv}]\n  precedence: {site: ['a.xlsx!South', b.csv], ip: ['a.xlsx!North']}\n",
		"limits of some sites":                             "limits: {per: {site: {inactivate: {count: 3}}, type: {}}, create: {}, new_values: off}\n",
		"texts that look like others":                      "vault: {client_id: '123', url: 'https://v.example'}\ndevices: {scope: {site: ['off', '1', '# x', \"a: b\"]}, sources: [{path: 'a #b.csv', columns: {hostname: 'on'}}]}\n"} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			save(t, filepath.Join(folder, "pamsync.yaml"), text)
			first, err := jobs.ReadConfig(filepath.Join(folder, "pamsync.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := jobs.ConfigShow(&jobs.Env{Config: &first.Config, Stdout: &out}, jobs.Effective{Loaded: first}); err != nil {
				t.Fatal(err)
			}
			again := filepath.Join(t.TempDir(), "elsewhere", "again.yaml")
			save(t, again, out.String())
			second, err := jobs.ReadConfig(again)
			if err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			for _, config := range []*schemas.Config{&first.Config, &second.Config} {
				for i := range config.Infos.Sources {
					config.Infos.Sources[i].Name = ""
				}
				for _, k := range []*schemas.KindConfig{&config.Devices, &config.Credentials, &config.Keys} {
					for _, order := range k.Precedence {
						for i, name := range order {
							order[i] = filepath.Base(name)
						}
					}
					for i := range k.Sources {
						k.Sources[i].Name = "" // as configured: the path is what is opened
					}
				}
			}
			if !reflect.DeepEqual(first.Config, second.Config) || first.Secret != second.Secret || first.More != second.More {
				t.Errorf("%+v\nbecame\n%+v\nby\n%s", first.Config, second.Config, out.String())
			}
		})
	}
}

func TestOriginsOfValues(t *testing.T) {
	text := "vault:\n  url: https://vault.example\n  rps: 3\nlimits:\n  update: {count: 9}\ndevices:\n  sources:\n    - path: d.csv\n"
	out := shown(t, text, false, map[string]string{"vault.rps": "--rps", "limits.cascade": "PAMSYNC_LIMIT"})
	for _, want := range []string{
		"url: https://vault.example # pamsync.yaml:2\n", "# client_secret: *** (PAMSYNC_CLIENT_SECRET)\n", "rps: 3 # --rps\n", "burst: 1 # default\n",
		"d.csv # pamsync.yaml:8\n", "format: auto # default\n", "percent: 30 # default\n    count: 9 # pamsync.yaml:5\n", "percent: 5 # PAMSYNC_LIMIT\n    count: 250 # PAMSYNC_LIMIT\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

func TestOriginsInJSON(t *testing.T) {
	var got struct {
		Settings []struct {
			Key, Origin string
			Value       any
		}
	}
	if err := json.Unmarshal([]byte(shown(t, "vault: {rps: 2.5}\n", true, nil)), &got); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, s := range got.Settings {
		found[s.Key] = s.Origin
		if s.Key == "vault.rps" && s.Value != 2.5 || s.Key == "vault.client_secret" && s.Value != "***" {
			t.Errorf("%s is %v", s.Key, s.Value)
		}
	}
	for key, want := range map[string]string{"vault.rps": "pamsync.yaml:1", "vault.burst": "default", "vault.client_secret": "PAMSYNC_CLIENT_SECRET", "limits.update.floor": "default"} {
		if found[key] != want {
			t.Errorf("%s has the origin %q, wanted %q", key, found[key], want)
		}
	}
}
