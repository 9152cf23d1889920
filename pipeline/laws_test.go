package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// chance makes a small random estate, an inventory of it and a policy, from a seed.
type chance struct {
	*rand.Rand
	seed uint64
}

func (c chance) pick(words ...string) string { return words[c.IntN(len(words))] }

func (c chance) spell(name string) string {
	switch c.IntN(4) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return " " + name
	}
	return name
}

func (c chance) estate(t *testing.T) *world {
	sim := &vaultsim.Vault{ShowInactive: c.IntN(4) == 0, PostReactivates: c.IntN(4) == 0, HideNewDevices: c.IntN(5) == 0}
	if c.IntN(4) == 0 {
		sim.Keep = func(_, field, value string) string {
			if field == "site" || field == "model" {
				return strings.ToUpper(strings.TrimRight(value, "*")) + "*"
			}
			return value
		}
	}
	for i := range 3 + c.IntN(6) {
		host := fmt.Sprintf("srv-%d", i)
		sim.AddDevice(vaultsim.Device{Hostname: host, IP: fmt.Sprintf("10.0.0.%d", i), Site: c.pick("LAX", "AWS"), Model: "M1", Vendor: "V", Type: "Server",
			Hidden: c.IntN(8) == 0, Inactive: c.IntN(8) == 0})
		for _, user := range []string{"root", "app"} {
			if c.IntN(3) > 0 {
				sim.AddCredential(vaultsim.Credential{Hostname: host, Username: user, Type: c.pick("Local User", "Domain User"), Identifier: host + "-" + user,
					Hidden: c.IntN(10) == 0, Inactive: c.IntN(10) == 0})
			}
		}
		if c.IntN(4) == 0 {
			sim.AddKey(vaultsim.Key{Hostname: host, Username: "deploy", PublicKey: "ssh-rsa AAAA", PrivateKey: "invented"})
		}
	}
	w := newWorld(t, sim)
	w.policy.Devices.Reactivate = schemas.Reactivate(c.pick("ours", "any", "never"))
	w.policy.Credentials.Reactivate = schemas.Reactivate(c.pick("ours", "any", "never"))
	w.policy.Devices.Missing = schemas.Missing(c.pick("keep", "report", "inactivate", "inactivate"))
	w.policy.Credentials.Missing = schemas.Missing(c.pick("keep", "report", "inactivate", "inactivate"))
	if c.IntN(3) == 0 {
		w.policy.Devices.Scope = map[schemas.Field][]string{schemas.FieldSite: {"LAX"}}
	}
	return w
}

// more are rows of keys and information, and what the configuration says of them; every other estate has some.
func (c chance) more(w *world) (rows []schemas.Row) {
	if c.seed%2 == 1 {
		return nil
	}
	config := schemas.DefaultConfig()
	w.policy.Keys, w.policy.Infos = config.Keys, config.Infos
	w.policy.Keys.Secrets, w.policy.Infos.Secrets, w.policy.Infos.Changed = schemas.SecretsOnCreate, schemas.SecretsOnCreate, schemas.Changed(c.pick("hold", "send"))
	w.policy.Keys.Missing = schemas.Missing(c.pick("keep", "report", "inactivate", "inactivate"))
	w.policy.Infos.Missing = schemas.Missing(c.pick("keep", "report", "inactivate", "inactivate"))
	w.policy.Keys.Reactivate = schemas.Reactivate(c.pick("ours", "any", "never"))
	for i := range 10 {
		for _, user := range []string{"deploy", "ci"} {
			if c.IntN(2) == 0 {
				continue
			}
			host := fmt.Sprintf("srv-%d", i)
			r := keyRow(user, host, c.pick("one", "one", "two"))
			r.Values[schemas.FieldHostname], r.Values[schemas.FieldUsername] = c.spell(host), c.spell(user)
			if c.IntN(4) == 0 {
				r.Values[schemas.FieldIdentifier] = c.pick("", "srv-1-root", "free-1", "not valid")
			}
			if c.IntN(12) == 0 {
				r.Values[schemas.FieldIP] = "10.0.0.1"
			}
			rows = append(rows, r)
		}
	}
	for i := range 8 {
		for range c.IntN(9) / 4 {
			r := infoRow(c.spell(fmt.Sprintf("INFO-%d", i)), c.pick("one", "one", "two", "bad\x01"))
			if c.IntN(20) == 0 {
				r.Values[schemas.FieldIdentifier] = ""
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func (c chance) rows() (devices, accounts []schemas.Values) {
	for i := range 10 {
		host := fmt.Sprintf("srv-%d", i)
		if c.IntN(4) == 0 {
			continue
		}
		for range 1 + c.IntN(8)/7 {
			ip := fmt.Sprintf("10.0.0.%d", i)
			if c.IntN(8) == 0 {
				ip = c.pick("10.9.9.9", "", "no address", "10.0.0.3")
			}
			d := device(c.spell(host), ip, c.pick("LAX", "AWS", "LAX", ""))
			if c.IntN(20) == 0 {
				d[schemas.FieldHostname] = ""
			}
			devices = append(devices, d)
		}
		for _, user := range []string{"root", "app", "new"} {
			if c.IntN(3) == 0 {
				continue
			}
			a := account(c.spell(user), c.spell(host), c.pick("Local User", "Domain User", "", "SSH Key"))
			if c.IntN(5) == 0 {
				a[schemas.FieldIdentifier] = c.pick(host+"-"+user, "srv-1-root", "free-1", "not valid")
			}
			if c.IntN(5) == 0 {
				a[schemas.FieldTags] = c.pick("a", "b,c")
			}
			if c.IntN(15) == 0 {
				a[schemas.FieldIP] = "10.0.0.1"
			}
			accounts = append(accounts, a)
		}
	}
	return devices, accounts
}

// TestLaws4And7OnRandomEstates: whatever the inventory, the vault and the policy, every row is
// in one place of the account, every change ends once, and a second night has nothing to write.
func TestLaws4And7OnRandomEstates(t *testing.T) {
	for seed := range uint64(400) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			c := chance{rand.New(rand.NewPCG(seed, 7)), seed}
			w := c.estate(t)
			w.sim.InfoUpserts = true
			devices, accounts := c.rows()
			more := c.more(w)
			for night := range 3 {
				before := len(w.sim.Devices())
				plan, results := w.night(loadMore(w.inventory(devices, accounts), more))
				accounted(t, plan, len(devices)+len(accounts)+len(more))
				ends(t, plan, results)
				once(t, w.sim)
				again := w.plan(loadMore(w.inventory(devices, accounts), more))
				if len(again.Changes) > 0 && unfailed(results) && !surfaced(results, before) {
					for _, r := range results {
						t.Logf("%+v", r)
					}
					t.Fatalf("night %d left a change behind: %+v", night, again.Changes[0])
				}
				if c.IntN(2) == 0 {
					devices, accounts = c.rows() // another inventory the next night
					more = c.more(w)
				}
			}
		})
	}
}

func accounted(t *testing.T, plan *schemas.Plan, rows int) {
	t.Helper()
	r := plan.Summary.Rows
	if r.In != rows || r.In != r.Changed+r.Unchanged+r.Held+r.Rejected+r.LeftOut {
		t.Fatalf("%d rows do not add up: %+v", rows, r)
	}
	if r.Rejected != len(plan.Rejects) {
		t.Fatalf("%d rows rejected, %d rejects", r.Rejected, len(plan.Rejects))
	}
}

// ends: each change has one result, of one of the four statuses.
func ends(t *testing.T, plan *schemas.Plan, results []schemas.Result) {
	t.Helper()
	seen := map[string]int{}
	for _, r := range results {
		if r.Change == "" {
			continue
		}
		seen[r.Change]++
		switch r.Status {
		case schemas.StatusDone, schemas.StatusFailed, schemas.StatusSkipped, schemas.StatusUnknown:
		default:
			t.Fatalf("%s ended as %q", r.Key, r.Status)
		}
	}
	for _, c := range plan.Changes {
		if seen[c.ID] != 1 {
			t.Fatalf("%s %s has %d results", c.Action, c.Key, seen[c.ID])
		}
	}
}

func unfailed(results []schemas.Result) bool {
	for _, r := range results {
		if r.Change != "" && r.Status != schemas.StatusDone && r.Code != "already_inactive" && r.Code != "already_done" {
			return false
		}
	}
	return true
}

// once: there are no two keys of one identifier, and no information twice.
func once(t *testing.T, sim *vaultsim.Vault) {
	t.Helper()
	seen := map[string]bool{}
	put := func(key, identifier string) {
		if key += strings.ToLower(identifier); identifier != "" && seen[key] {
			t.Fatalf("there are two of %s", key)
		}
		seen[key] = true
	}
	for _, k := range sim.Keys() {
		put("key ", k.Identifier)
	}
	for _, i := range sim.Infos() {
		put("info ", i.Identifier)
	}
}

// surfaced: a create found a device that the vault had hidden, and activated it; what hangs on
// it is seen for the first time, so the night after may have something to do.
func surfaced(results []schemas.Result, devicesBefore int) bool {
	for _, r := range results {
		id, err := strconv.Atoi(r.VaultID)
		if r.Kind == schemas.KindDevice && r.Action == schemas.ActionCreate && err == nil && id <= devicesBefore {
			return true
		}
	}
	return false
}

// TestPlanIsTheSameEveryTime: Build has no clock, no map order.
func TestPlanIsTheSameEveryTime(t *testing.T) {
	c := chance{rand.New(rand.NewPCG(5, 7)), 5}
	w := c.estate(t)
	devices, accounts := c.rows()
	var first writer
	for i := range 20 {
		var b writer
		if err := schemas.WritePlan(&b, withStart(w.plan(w.inventory(devices, accounts)))); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = b
		} else if string(b) != string(first) {
			t.Fatal("two plans of the same input differ")
		}
	}
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) { *w = append(*w, p...); return len(p), nil }

func withStart(p *schemas.Plan) *schemas.Plan {
	p.Start = schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}
	return p
}
