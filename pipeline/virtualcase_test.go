package pipeline_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// fleet is what a vault holds, and what inventories of two nights say: what the first lacks is
// inactivated, and what the second then has again is brought back.
type fleet struct {
	sim    *vaultsim.Vault
	nights [2]struct{ devices, accounts []schemas.Values }
	more   [2][]schemas.Row  // of keys and information
	rows   map[string]string // what the second wants of a record, as holdings tells it
}

// lot is what becomes of a record in the second night.
type lot int

const (
	keep lot = iota
	update
	inactivate
	reactivate
	create
)

func drawLot(d *rand.Rand, hostile bool) lot {
	l := []lot{keep, update, update, inactivate, reactivate, create, create}[d.IntN(7)]
	if hostile && l == update {
		return create
	}
	return l
}

// newFleet draws one. A hostile vault makes a second record of each that is sent to it twice, so
// nothing is updated there.
func newFleet(d *rand.Rand, sim *vaultsim.Vault, hostile bool) *fleet {
	e := &fleet{sim: sim, rows: map[string]string{}}
	more := d.IntN(2) == 0 // keys and information
	for i := range 16 {
		name, ip, l := fmt.Sprintf("srv-%02d", i), fmt.Sprintf("10.0.0.%d", i+1), drawLot(d, hostile)
		site := "LAX"
		if l == update || l == reactivate && !hostile && d.IntN(2) == 0 {
			site = "AWS"
		}
		if l != create {
			sim.AddDevice(vaultsim.Device{Hostname: name, IP: ip, Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
		}
		for night, in := range []bool{l != create && l != reactivate, l != inactivate} {
			if in {
				e.nights[night].devices = append(e.nights[night].devices, device(name, ip, []string{"LAX", site}[night]))
			}
		}
		e.rows["device "+name] = "active " + site
		for _, user := range []string{"root", "backup", "oracle"}[:1+d.IntN(3)] {
			e.account(d, l, name, user, hostile)
		}
		if more && d.IntN(2) == 0 {
			e.key(d, l, name, "deploy", hostile)
		}
	}
	if more {
		e.information(d, hostile)
	}
	return e
}

func (e *fleet) account(d *rand.Rand, of lot, name, user string, hostile bool) {
	l := of // what the device does
	if of == keep || of == update {
		l = drawLot(d, hostile)
	}
	kind := "Local User"
	if l == update || l == reactivate && !hostile && d.IntN(2) == 0 {
		kind = "Domain User"
	}
	if l != create {
		e.sim.AddCredential(vaultsim.Credential{Hostname: name, Username: user, Type: "Local User"})
	}
	for night, in := range []bool{l != create && l != reactivate, l != inactivate} {
		if in {
			e.nights[night].accounts = append(e.nights[night].accounts, account(user, name, []string{"Local User", kind}[night]))
		}
	}
	e.rows["credential "+user+"@"+name] = "active " + kind
}

// holdings is all that a vault holds, by key: a record that is there twice has two lines.
func holdings(sim *vaultsim.Vault) map[string]string {
	all := map[string]string{}
	put := func(key string, inactive bool, value string) {
		line := "active " + value
		if inactive {
			line = "inactive " + value
		}
		all[key] = strings.TrimPrefix(all[key]+"\n"+line, "\n")
	}
	for _, d := range sim.Devices() {
		put("device "+d.Hostname, d.Inactive, d.Site)
	}
	for _, c := range sim.Credentials() {
		put("credential "+c.Username+"@"+c.Hostname, c.Inactive, c.Type)
	}
	for _, k := range sim.Keys() {
		put("key "+k.Username+"@"+k.Hostname, k.Inactive, k.Name)
	}
	for _, i := range sim.Infos() {
		put("info "+strings.ToLower(i.Identifier), i.Inactive, i.Name)
	}
	return all
}

// recordOf is the key of a change in holdings.
func recordOf(c *schemas.Change) string { return string(c.Kind) + " " + strings.ToLower(c.Key) }

// ordeal is one apply that everything happens to.
type ordeal struct {
	*fleet
	net       *ordealNet
	wire      *vaultsim.Wire
	config    schemas.VaultConfig
	settle    time.Duration
	ttl       time.Duration
	hostile   bool
	brakes    pipeline.Brakes
	world     *world
	plan      *schemas.Plan
	before    map[string]string
	records   []schemas.Record // of the journal, as far as the disk has it
	processes int
	began     time.Time
}

// newOrdeal draws the case of a seed.
func newOrdeal(seed uint64) *ordeal {
	d := draws(seed, "case")
	c := schemas.DefaultConfig()
	o := &ordeal{net: &ordealNet{seed: seed}, wire: vaultsim.NewWire(), config: c.Vault, settle: 60 * time.Second, hostile: d.IntN(5) == 0}
	o.config.URL, o.config.ClientID, o.config.ClientSecret = "http://127.0.0.1:9", "client", schemas.NewSecret("not-a-real-secret")
	o.config.RPS, o.config.Burst, o.config.Workers = pick(d, 1., 5, 20, 200, 2000), 1+d.IntN(6), 1+d.IntN(8)
	if d.IntN(5) > 0 {
		o.config.Timeout = 5*time.Second + time.Duration(d.Int64N(int64(55*time.Second)))
	}
	o.net.conditions = drawConditions(d, o.settle)
	o.net.patience = cmp.Or(o.config.Timeout, time.Minute)
	o.ttl = time.Hour
	if d.IntN(2) == 0 {
		o.ttl = 5*time.Second + time.Duration(d.Int64N(int64(time.Minute)))
	}
	sim := &vaultsim.Vault{TokenTTL: o.ttl, DuplicateCreates: o.hostile, LateBy: time.Duration(d.Int64N(int64(o.settle * 45 / 100)))}
	if d.IntN(8) == 0 {
		sim.RateLimit, sim.RateBurst = o.config.RPS*(0.5+d.Float64()), 1+d.IntN(4)
	}
	o.net.hook(sim)
	o.fleet = newFleet(d, sim, o.hostile)
	o.brakes = pipeline.Brakes{Storm: d.IntN(2) == 0}
	if d.IntN(4) == 0 {
		o.brakes.Stages = []schemas.StageSize{{Count: 2}, {Percent: 30}, {Rest: true}}
	}
	if d.IntN(8) == 0 {
		o.brakes.MaxErrors = 1 + d.IntN(3)
	}
	return o
}

func drawConditions(d *rand.Rand, settle time.Duration) conditions {
	c := conditions{share: pick(d, 0, 0.02, 0.05, 0.1, 0.25), slow: pick(d, 0, 0, 0.02, 0.1),
		usual: pick(d, 2*time.Millisecond, 50*time.Millisecond, 500*time.Millisecond), longest: settle * 45 / 100, jumps: pick(d, 0, 0, 20, 100)}
	if d.IntN(5) == 0 {
		c.from = time.Duration(d.Int64N(int64(10 * time.Second)))
		c.till = c.from + time.Second + time.Duration(d.Int64N(int64(pick(d, 10*time.Second, 5*time.Minute, 30*time.Minute))))
		c.outage = absence{refused: true}
		if d.IntN(3) > 0 {
			c.outage = absence{fault: pick(d, vaultsim.Status503Bare, vaultsim.Status503, vaultsim.Status429, vaultsim.Status502, vaultsim.Hang, vaultsim.ResetBefore)}
		}
	}
	return c
}

func pick[T any](d *rand.Rand, of ...T) T { return of[d.IntN(len(of))] }
