package vaultsim_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

const whole = `{
  "format": "pamsync-vaultsim-state",
  "version": 1,
  "clients": [
    {
      "id": "app",
      "secret": "invented"
    }
  ],
  "domains": [
    "CORP"
  ],
  "devices": [
    {
      "id": "4",
      "hostname": "web01",
      "ip": "10.0.0.1",
      "inactive": true
    },
    {
      "id": "5",
      "hostname": "db01 <a&b>",
      "hidden": true
    }
  ],
  "credentials": [
    {
      "id": "2",
      "identifier": "web01-root",
      "username": "root",
      "hostname": "web01",
      "type": "Local User",
      "password": "invented"
    },
    {
      "id": "9",
      "username": "sa",
      "hostname": "db01 <a&b>",
      "parent": "2"
    }
  ],
  "keys": [
    {
      "id": "3",
      "username": "deploy",
      "hostname": "web01",
      "devices": [
        "web01"
      ]
    }
  ],
  "infos": [
    {
      "id": "1",
      "identifier": "INFO1",
      "content": "invented"
    }
  ],
  "sessions": [
    {
      "id": "7",
      "user": "Admin",
      "start": "2024-05-06 16:11:17"
    }
  ]
}
`

func TestStateRoundTrip(t *testing.T) {
	v := &vaultsim.Vault{}
	if err := v.LoadState(strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var out strings.Builder
		if err := v.SaveState(&out); err != nil {
			t.Fatal(err)
		}
		equal(t, "state", out.String(), whole)
		v = &vaultsim.Vault{}
		if err := v.LoadState(strings.NewReader(out.String())); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "client", v.Clients["app"], "invented")
	equal(t, "ip of the device", v.Credentials()[0].IP, "10.0.0.1")
	equal(t, "next id", v.AddKey(vaultsim.Key{Hostname: "web01"}), "10")
	equal(t, "next device id", v.AddDevice(vaultsim.Device{Hostname: "x"}), "6")
}

func TestStateAssignsMissingIDs(t *testing.T) {
	v := &vaultsim.Vault{}
	err := v.LoadState(strings.NewReader(`{"format":"pamsync-vaultsim-state","version":1,
		"devices":[{"hostname":"a"},{"id":"1","hostname":"b"}],"credentials":[{"hostname":"a"},{"id":"5","hostname":"B"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "devices", v.Devices()[0].Hostname+v.Devices()[1].ID, "b2")
	equal(t, "credentials", v.Credentials()[0].ID+v.Credentials()[1].ID, "56")
}

func TestStateRefusals(t *testing.T) {
	head := `{"format":"pamsync-vaultsim-state","version":1,`
	for _, tc := range []struct{ name, state, want string }{
		{"not JSON", `x`, "invalid character"},
		{"unknown key", head + `"devcies":[]}`, `unknown field "devcies"`},
		{"unknown key of a record", head + `"devices":[{"hostname":"a","colour":"b"}]}`, `unknown field "colour"`},
		{"another format", `{"format":"x","version":1}`, `only "pamsync-vaultsim-state" version 1 is supported`},
		{"another version", `{"format":"pamsync-vaultsim-state","version":2}`, "version 2"},
		{"more after it", head + `"devices":[]} {}`, "more after the state"},
		{"an id that is no number", head + `"devices":[{"id":"x","hostname":"a"}]}`, `devices[0]: id "x" is not a positive number`},
		{"an id twice", head + `"infos":[{"id":"1"},{"id":"1"}]}`, `infos[1]: id "1" is taken`},
		{"an id of a key and a credential", head + `"credentials":[{"id":"3","hostname":"web01"}],"keys":[{"id":"3","hostname":"web01"}]}`, `keys[0]: id "3" is taken`},
		{"an id that is there already", head + `"devices":[{"id":"1","hostname":"a"}]}`, `devices[0]: id "1" is taken`},
		{"an identifier that is there already", head + `"keys":[{"identifier":"WEB01-root","hostname":"web01"}]}`, `keys[0]: identifier "WEB01-root" is taken`},
		{"a credential of no device", head + `"credentials":[{"hostname":"x"}]}`, `credentials[0]: no device "x"`},
		{"a device without a hostname", head + `"devices":[{}]}`, "devices[0]: no hostname"},
		{"a client without a secret", head + `"clients":[{"id":"a"}]}`, "clients[0]: no secret"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			err := v.LoadState(strings.NewReader(tc.state))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			equal(t, "nothing is added", len(v.Devices())+len(v.Credentials())+len(v.Infos()), 2)
		})
	}
}

func TestStateSchemaNamesTheFields(t *testing.T) {
	data, err := os.ReadFile("../../../schemas/vaultsim-state.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Additional *bool `json:"additionalProperties"`
			Properties map[string]any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	for name, record := range map[string]any{"device": vaultsim.Device{}, "credential": vaultsim.Credential{},
		"key": vaultsim.Key{}, "info": vaultsim.Info{}, "session": vaultsim.Session{}} {
		var want []string
		for f := range reflect.TypeOf(record).Fields() {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "-" {
				want = append(want, tag)
			}
		}
		slices.Sort(want)
		def := schema.Defs[name]
		if got := slices.Sorted(maps.Keys(def.Properties)); !slices.Equal(got, want) {
			t.Errorf("%s: schema has %v, the record %v", name, got, want)
		}
		equal(t, name+" is closed", def.Additional != nil && !*def.Additional, true)
	}
}
