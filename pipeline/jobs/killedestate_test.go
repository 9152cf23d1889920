package jobs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// killChanges is how many changes the plan has that TestKilledApplies applies.
const killChanges = 2000

// killEstate is a vault, a folder with a plan for it, and what the vault holds when all is done.
type killEstate struct {
	always bool   // a POST always creates
	folder string // with the plan, and what the first night left behind
	vault  []byte // its state before the plan is applied
	plan   *schemas.Plan
	want   map[string]holding
	before map[string]holding
	runs   map[string]bool // that there were before

	sim    *vaultsim.Vault
	nights [2]sheets
	hosts  int
}

// sheets are the inventory of one night.
type sheets struct{ devices, accounts strings.Builder }

// holding is what a vault has under one name.
type holding struct {
	records, active int
	values          string
}

// holdings is what a vault holds, by kind and name.
func holdings(v *vaultsim.Vault) map[string]holding {
	all := map[string]holding{}
	add := func(key, values string, inactive bool) {
		h := all[key]
		h.records++
		if !inactive {
			h.active++
		}
		h.values += values
		all[key] = h
	}
	for _, d := range v.Devices() {
		add("device "+d.Hostname, d.IP+" "+d.Site, d.Inactive)
	}
	for _, c := range v.Credentials() {
		add("credential "+c.Username+"@"+c.Hostname, c.Type, c.Inactive)
	}
	return all
}

// home is a device with its credentials: username and type.
type home struct {
	site  string
	users [][2]string
}

// group adds n devices that are as before in the vault (nil: not at all, and inactive where they
// sleep), and are to be as after; away tells that the first night's inventory lacks them.
func (e *killEstate) group(name string, n int, before, after *home, asleep, away bool) {
	for i := range n {
		e.hosts++
		host, ip := fmt.Sprintf("%s-%03d", name, i), fmt.Sprintf("10.40.%d.%d", e.hosts>>8, e.hosts&255)
		if before != nil {
			e.sim.AddDevice(vaultsim.Device{Hostname: host, IP: ip, Site: before.site, Model: "CentOS 7", Vendor: "CentOS", Type: "Server", Inactive: asleep})
			e.want["device "+host] = holding{records: 1, values: ip + " " + before.site}
			for _, u := range before.users {
				e.sim.AddCredential(vaultsim.Credential{Hostname: host, IP: ip, Username: u[0], Type: u[1], Inactive: asleep})
				e.want["credential "+u[0]+"@"+host] = holding{records: 1, values: u[1]}
			}
		}
		if before != nil && !asleep && !away {
			e.nights[0].add(host, ip, before)
		}
		if after != nil {
			e.nights[1].add(host, ip, after)
			e.want["device "+host] = holding{records: 1, active: 1, values: ip + " " + after.site}
			for _, u := range after.users {
				e.want["credential "+u[0]+"@"+host] = holding{records: 1, active: 1, values: u[1]}
			}
		}
	}
}

func (s *sheets) add(host, ip string, h *home) {
	fmt.Fprintf(&s.devices, "%s,%s,%s,CentOS 7,CentOS,Server\n", host, ip, h.site)
	for _, u := range h.users {
		fmt.Fprintf(&s.accounts, "%s,%s,%s\n", host, u[0], u[1])
	}
}

// fill makes the vault and the inventories. Where a POST always creates, the plan has none that is
// meant to change a record, and none that finds an inactive one.
func (e *killEstate) fill() {
	root, app := [2]string{"root", "Local User"}, [2]string{"app", "Local User"}
	both := &home{"LAX", [][2]string{root, app}}
	alone := &home{"LAX", [][2]string{root}}
	if !e.always {
		// Their ids are below those that are listed, as those of records of long ago are.
		e.group("old", 40, alone, &home{"LAX", [][2]string{{"root", "Domain User"}}}, true, true) // 80
	}
	e.group("same", 50, both, both, false, false)
	e.group("gone", 100, both, nil, false, false)   // 100, and their credentials with them
	e.group("less", 100, both, alone, false, false) // 100
	if e.always {
		e.group("back", 50, alone, alone, false, true) // 100
		e.group("new", 850, nil, alone, false, false)  // 1,700
		return
	}
	e.group("moved", 400, alone, &home{"AWS", [][2]string{root}}, false, false)                    // 400
	e.group("other", 250, alone, &home{"LAX", [][2]string{{"root", "Domain User"}}}, false, false) // 250
	e.group("back", 50, alone, &home{"AWS", [][2]string{root}}, false, true)                       // 100
	e.group("new", 485, nil, &home{"LAX", [][2]string{{"root", "Domain User"}}}, false, false)     // 970
}

// planned makes an estate, lets a first night inactivate what is away, and plans the second.
func planned(t *testing.T, program string, s *street, always bool) *killEstate {
	t.Helper()
	e := &killEstate{always: always, sim: &vaultsim.Vault{DuplicateCreates: always}, want: map[string]holding{}, folder: t.TempDir(), runs: map[string]bool{}}
	e.fill()
	url := s.put(t, fmt.Sprintf("planned-%v", always), e.sim)
	save(t, filepath.Join(e.folder, "pamsync.yaml"), `vault: {rps: 50000, burst: 1000, workers: 8}
devices: {sources: [{path: d.csv}], missing: inactivate, reactivate: any}
credentials: {sources: [{path: c.csv}], missing: inactivate, reactivate: any}
limits: {inactivate: off, cascade: off, update: off, create: off, reactivate: off, source_shrink: off}
apply: {settle: `+settleTime.String()+"}\n")
	for i, args := range [][]string{{"sync", "--yes", "-q"}, {"plan", "-q", "-o", "plan.jsonl"}} {
		save(t, filepath.Join(e.folder, "d.csv"), "hostname,ip,site,model,vendor,type\n"+e.nights[i].devices.String())
		save(t, filepath.Join(e.folder, "c.csv"), "hostname,username,credential_type\n"+e.nights[i].accounts.String())
		if out, err := command(program, e.folder, url, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, out)
		}
	}
	var err error
	if e.plan, err = jobs.ReadPlan(filepath.Join(e.folder, "plan.jsonl")); err != nil {
		t.Fatal(err)
	}
	if n := len(e.plan.Changes); n != killChanges || len(e.plan.Holds) > 0 || !e.plan.Applicable() {
		t.Fatalf("%d changes, wanted %d; %d holds, %+v", n, killChanges, len(e.plan.Holds), e.plan.Summary)
	}
	var state bytes.Buffer
	if err := e.sim.SaveState(&state); err != nil {
		t.Fatal(err)
	}
	e.vault, e.before = state.Bytes(), holdings(e.sim)
	entries, err := os.ReadDir(filepath.Join(e.folder, "reports"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		e.runs[entry.Name()] = true
	}
	return e
}

// command is the program in a folder, with a vault.
func command(program, folder, url string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PAMSYNC_URL="+url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret", "XDG_CACHE_HOME="+folder, "LANG=C",
		"GOMAXPROCS=1", "GOGC=400") // as many run at once as there are workers of the test
	return cmd
}
