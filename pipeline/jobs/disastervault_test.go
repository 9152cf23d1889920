package jobs_test

import (
	"bytes"
	"encoding/json"
	"time"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// rebuilt puts other records into the vault in the place of those that are there.
func (n *nightOf) rebuilt(change func(state map[string][]map[string]any)) {
	n.t.Helper()
	var b bytes.Buffer
	if err := n.sim.SaveState(&b); err != nil {
		n.t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(b.Bytes(), &state); err != nil {
		n.t.Fatal(err)
	}
	lists := map[string][]map[string]any{}
	for name, v := range state {
		if list, ok := v.([]any); ok {
			for _, item := range list {
				if m, ok := item.(map[string]any); ok {
					lists[name] = append(lists[name], m)
				}
			}
		}
	}
	change(lists)
	for name, list := range lists {
		state[name] = list
	}
	data, err := json.Marshal(state)
	if err != nil {
		n.t.Fatal(err)
	}
	sim := &vaultsim.Vault{}
	if err := sim.LoadState(bytes.NewReader(data)); err != nil {
		n.t.Fatal(err)
	}
	n.serve(sim)
}

// hide hides each record of a list that the function names.
func hide(list string, which func(i, n int) bool) func(*nightOf) {
	return func(n *nightOf) {
		n.rebuilt(func(state map[string][]map[string]any) {
			for i, rec := range state[list] {
				if which(i, len(state[list])) {
					rec["hidden"] = true
				}
			}
		})
	}
}

// everySession has a session open on every device.
func everySession(n *nightOf) {
	for i := range n.n {
		n.sim.AddSession(vaultsim.Session{User: "ana", Credential: "root", Device: addressOf(i) + ":22", Protocol: "ssh", SessionID: hostOf(i), Start: "2026-11-03 00:00:00"})
	}
}

// lastGone drops the last device and its credentials from both sources.
func lastGone(k int) func(*nightOf) {
	return func(n *nightOf) {
		n.devices.rows = n.devices.rows[:n.n-k]
		gone := map[string]bool{}
		for i := n.n - k; i < n.n; i++ {
			gone[hostOf(i)] = true
		}
		var kept [][]string
		for _, r := range n.accounts.rows {
			if !gone[r[1]] {
				kept = append(kept, r)
			}
		}
		n.accounts.rows = kept
	}
}

// and does one thing after another.
func and(steps ...func(*nightOf)) func(*nightOf) {
	return func(n *nightOf) {
		for _, step := range steps {
			step(n)
		}
	}
}

func sources(n *nightOf) {
	n.e.Config.Devices.Sources = []schemas.SourceConfig{{Name: "d.csv", Path: n.folder + "/d.csv", Format: "auto"}}
	n.e.Config.Credentials.Sources = []schemas.SourceConfig{{Name: "c.csv", Path: n.folder + "/c.csv", Format: "auto"}}
}

// vaultDisasters are a vault that shows less than it has, or another one, or another time.
var vaultDisasters = []disaster{
	{name: "the vault lists no devices", spoil: hide("devices", func(int, int) bool { return true }), want: []string{"stop view_shrunk"}},
	{name: "the vault lists nothing", spoil: and(hide("devices", func(int, int) bool { return true }), hide("credentials", func(int, int) bool { return true })), want: []string{"stop view_shrunk"}},
	{name: "the vault lists no credentials", spoil: hide("credentials", func(int, int) bool { return true }), want: []string{"stop view_shrunk"}},
	{name: "the list lost a third", spoil: hide("devices", func(i, _ int) bool { return i%3 == 0 }), want: []string{"stop view_shrunk"}},
	{name: "the list lost a tenth", spoil: hide("devices", func(i, _ int) bool { return i%10 == 0 }), want: []string{"hold device_held 4 hold listed_before 2", "stop view_shrunk", "stop view_shrunk"}},
	{name: "the list shows its first half alone", spoil: hide("devices", func(i, n int) bool { return i >= n/2 }), want: []string{"stop view_shrunk"}},
	{name: "the credential list lost a third", spoil: hide("credentials", func(i, _ int) bool { return i%3 == 0 }), want: []string{"stop view_shrunk"}},
	{name: "the credential list lost a tenth", spoil: hide("credentials", func(i, _ int) bool { return i%10 == 0 }), want: []string{"stop view_shrunk"}},
	{name: "the list is cut", spoil: func(n *nightOf) { n.sim.TruncateList = map[string]int{"devices": 900} }, want: []string{"refused list_cut"}},
	{name: "the credential list is cut", spoil: func(n *nightOf) { n.sim.TruncateList = map[string]int{"credentials": 900} }, want: []string{"refused list_cut"}},
	{name: "one more is announced", spoil: func(n *nightOf) { n.sim.AnnounceDelta = map[string]int{"devices": 1} }, want: []string{"stop announced_differs"}},
	{name: "many more are announced", spoil: func(n *nightOf) { n.sim.AnnounceDelta = map[string]int{"devices": 1000} }, want: []string{"stop announced_differs"}},
	{name: "fewer are announced", spoil: func(n *nightOf) { n.sim.AnnounceDelta = map[string]int{"devices": -2} }, want: []string{"stop announced_differs"}},
	{name: "more credentials are announced", spoil: func(n *nightOf) { n.sim.AnnounceDelta = map[string]int{"credentials": 7} }, want: []string{"stop announced_differs"}},
	{name: "nothing is announced", spoil: func(n *nightOf) { n.sim.SilentCount = true }, want: []string{"nothing"}},
	{name: "the device list is refused", spoil: func(n *nightOf) { n.sim.RefuseList = map[string]bool{"devices": true} }, want: []string{"refused not_allowed"}},
	{name: "the credential list is refused", spoil: func(n *nightOf) { n.sim.RefuseList = map[string]bool{"credentials": true} }, want: []string{"refused not_allowed"}},
	{name: "the credential list is refused, and devices go", spoil: func(n *nightOf) {
		n.devices.rows = n.devices.rows[:n.n-2]
		n.noAccounts = true
		n.sim.RefuseList = map[string]bool{"credentials": true}
	}, before: func(n *nightOf) { n.noAccounts = true }, want: []string{"hold cascade_unknown 2"}},
	{name: "everything is refused", spoil: func(n *nightOf) { n.sim.Forbid = true }, want: []string{"refused not_allowed"}},
	{name: "the vault is read-only", spoil: and(lastGone(1), func(n *nightOf) { n.sim.ReadOnly = true }), want: []string{"refused read_only writes 1"}},
	{name: "another client id, which sees the same", spoil: func(n *nightOf) { n.e.Config.Vault.ClientID = "another" }, want: []string{"nothing"}},
	{name: "another client id, which sees one device less", spoil: and(hide("devices", func(i, _ int) bool { return i == 3 }), func(n *nightOf) { n.e.Config.Vault.ClientID = "another" }), want: []string{"stop other_client"}},
	{name: "another client id, which sees half", spoil: and(hide("devices", func(i, _ int) bool { return i%2 == 0 }), func(n *nightOf) { n.e.Config.Vault.ClientID = "another" }), want: []string{"stop view_shrunk"}},
	{name: "a rebuilt vault, all names other ones", spoil: func(n *nightOf) {
		n.rebuilt(func(state map[string][]map[string]any) {
			for _, list := range []string{"devices", "credentials"} {
				for _, rec := range state[list] {
					rec["hostname"] = "dr-" + rec["hostname"].(string)
				}
			}
		})
	}, want: []string{"stop other_vault"}},
	{name: "a rebuilt vault, the ids in another order", spoil: func(n *nightOf) {
		n.rebuilt(func(state map[string][]map[string]any) {
			list := state["devices"]
			for i := 0; i+1 < len(list); i += 2 {
				list[i]["id"], list[i+1]["id"] = list[i+1]["id"], list[i]["id"]
			}
		})
	}, want: []string{"stop other_vault"}},
	{name: "an empty vault at the same address", spoil: func(n *nightOf) { n.serve(&vaultsim.Vault{}) }, want: []string{"stop view_shrunk"}},
	{name: "our clock a month ahead, grace in days", before: func(n *nightOf) { n.e.Config.Devices.Grace = schemas.Grace{Runs: 1, Days: 7} },
		spoil: and(lastGone(1), func(n *nightOf) {
			n.sim.Clock = time.Until(tonight)
			n.e.Now = func() time.Time { return tonight.AddDate(0, 1, 0) }
			n.modified = tonight
		}), want: []string{"nothing"}},
	{name: "our clock a year behind", spoil: and(lastGone(1), everySession, func(n *nightOf) {
		n.sim.Clock = time.Until(tonight)
		n.e.Now = func() time.Time { return tonight.AddDate(-1, 0, 0) }
	}), want: []string{"nothing"}},
	{name: "our clock a month ahead, used yesterday", spoil: and(lastGone(1), func(n *nightOf) {
		for i := range n.n {
			n.sim.AddSession(vaultsim.Session{User: "ana", Credential: "root", Device: addressOf(i) + ":22", Protocol: "ssh", SessionID: hostOf(i),
				Start: "2026-11-01 10:00:00", End: "2026-11-01 11:00:00", Time: "01:00:00"})
		}
		n.sim.Clock = time.Until(tonight)
		n.e.Now = func() time.Time { return tonight.AddDate(0, 1, 0) }
	}), want: []string{"nothing"}},
	{name: "every device is in use", spoil: and(lastGone(2), everySession), want: []string{"nothing"}},
	{name: "the sessions are refused", spoil: and(lastGone(2), func(n *nightOf) { n.sim.RefuseList = map[string]bool{"sessions": true} }), want: []string{"hold use_unknown 2"}},
	{name: "the sessions are cut", spoil: and(lastGone(2), everySession, func(n *nightOf) { n.sim.TruncateList = map[string]int{"sessions": 700} }), want: []string{"hold use_unknown 2"}},
	{name: "the sessions name nothing that can be read", spoil: and(lastGone(2), func(n *nightOf) {
		n.sim.AddSession(vaultsim.Session{User: "ana", Credential: "root", Device: addressOf(n.n-1) + ":22", Start: "yesterday", End: "?"})
	}), want: []string{"writes 1"}},
}
