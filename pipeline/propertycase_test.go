package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// trial is one small random case: a vault, what was learned of it, sources, and a policy.
type trial struct {
	*rand.Rand
	seed      uint64
	vault     *model
	policy    pipeline.Policy
	memory    []schemas.Remembered
	rows      []trialRow
	sources   []trialSource
	decisions []pipeline.Decision
	vaultURL  string
	now       time.Time
	good      bool // a night before is known
	goodAge   time.Duration
	goodVault *model // what it listed
	client    string
	used      []string // hosts or addresses with an open session
	noUsage   bool     // nobody can say what is used
	print     func(string) string

	keys, infos bool // there are sources of them
}

type trialRow struct {
	source  int
	number  int
	values  schemas.Values
	secret  string
	leftOut bool
	hidden  bool
	broken  bool // the reader found no record
}

type trialSource struct {
	kind     schemas.Kind
	name     string
	defaults *schemas.Values
	stale    bool
}

var (
	trialSites   = []string{"LAX", "AWS", "RIO"}
	trialModels  = []string{"CentOS 7", "Win 2019", "Catalyst"}
	trialVendors = []string{"CentOS", "Microsoft", "Cisco"}
	trialUsers   = []string{"root", "app", "svc"}
	trialTypes   = []string{"Local User", "Domain User"}
)

func newTrial(seed uint64) *trial {
	c := &trial{Rand: rand.New(rand.NewPCG(seed, 0x9a3)), seed: seed, vault: &model{}, vaultURL: "https://vault.example",
		now: time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC), client: "client"}
	c.print = func(s string) string { return schemas.Fingerprint([]byte("key"), s) }
	c.setPolicy()
	c.setKeys()
	c.fill()
	c.fillKeys()
	c.fillInfos()
	c.inventory()
	c.remembered()
	c.rememberedKeys()
	c.lastNight()
	c.decide()
	return c
}

func (c *trial) one(n int) bool { return c.IntN(n) == 0 }

func (c *trial) pick(words ...string) string { return words[c.IntN(len(words))] }

func (c *trial) limit() schemas.Limit {
	switch c.IntN(4) {
	case 0:
		return schemas.Limit{Off: true}
	case 1:
		return schemas.Limit{Percent: float64(c.IntN(60)), Count: -1, Floor: c.IntN(3)}
	case 2:
		return schemas.Limit{Percent: -1, Count: c.IntN(4), Floor: 0}
	}
	return schemas.Limit{Percent: float64(c.IntN(100)), Count: c.IntN(6), Floor: c.IntN(4)}
}

func (c *trial) setPolicy() {
	config := schemas.DefaultConfig()
	p := pipeline.Policy{Devices: config.Devices, Credentials: config.Credentials, Limits: config.Limits}
	for _, k := range []*schemas.KindConfig{&p.Devices, &p.Credentials} {
		k.Missing = schemas.Missing(c.pick("inactivate", "inactivate", "inactivate", "report", "keep"))
		k.Reactivate = schemas.Reactivate(c.pick("ours", "any", "never"))
		if c.one(4) {
			k.Grace = schemas.Grace{Runs: 1 + c.IntN(3), Days: c.IntN(3)}
		}
	}
	if c.one(3) {
		p.Devices.Manage = slices.DeleteFunc(slices.Clone(p.Devices.Manage), func(schemas.Field) bool { return c.one(3) })
	}
	if c.one(4) {
		p.Credentials.Manage = append(slices.Clone(p.Credentials.Manage), schemas.FieldIdentifier)
		if c.one(2) {
			p.Credentials.Manage = append(p.Credentials.Manage, schemas.FieldUsername)
		}
	}
	if c.one(2) {
		p.Devices.Normalize.Domains = []string{"corp.example"}
	}
	if c.one(4) {
		p.Devices.Scope = map[schemas.Field][]string{schemas.FieldSite: {"LAX", "aws"}}
	}
	if c.one(4) {
		p.Devices.Protect = c.pick(`hostname =~ "0$"`, `site == "AWS"`)
		p.ProtectDevices, _ = filter.Parse(p.Devices.Protect)
	}
	if c.one(4) {
		p.Credentials.Protect = `username == "svc"`
		p.ProtectCredentials, _ = filter.Parse(p.Credentials.Protect)
	}
	l := &p.Limits
	for _, limit := range []*schemas.Limit{&l.Inactivate, &l.Cascade, &l.Update} {
		*limit = c.limit()
	}
	l.Unreadable = c.IntN(3) - 1
	if c.one(5) {
		l.InUse = -1
	}
	c.policy = p
}

func (c *trial) host(i int) string { return "srv-" + strconv.Itoa(i) }

func (c *trial) address(i int) string { return "10.0.0." + strconv.Itoa(i+1) }

// fill makes the vault: a few devices or just over the number from which new values count, some
// of one name, hidden ones, inactive ones, ghosts, keys.
func (c *trial) fill() {
	n := c.IntN(8)
	if c.one(8) {
		n = 20 + c.IntN(6)
	}
	c.vault.showInactive = c.one(5)
	for i := range n {
		d := mDevice{hostname: c.host(i), ip: c.address(i), site: c.pick(trialSites...), model: c.pick(trialModels...), vendor: c.pick(trialVendors...), kind: "Server",
			hidden: c.one(12), inactive: c.one(10)}
		switch c.IntN(12) {
		case 0:
			d.hostname = strings.ToUpper(d.hostname)
		case 1:
			d.hostname += ".corp.example"
		case 2:
			if !d.hidden {
				d.hostname += " "
			}
		case 3:
			d.ip = c.address(c.IntN(n)) // shared
		}
		id := c.vault.addDevice(d)
		c.fillAccounts(id, i, d.inactive)
		if c.one(12) && !d.inactive && !d.hidden { // another of that name
			twin := d
			twin.id = ""
			if c.one(2) {
				twin.ip = c.address(100 + i)
			}
			if c.one(2) {
				twin.hostname = c.host(i) + ".corp.example"
			}
			c.fillAccounts(c.vault.addDevice(twin), i, d.inactive)
		}
	}
	if c.one(6) { // the vault's own host
		c.fillAccounts(c.vault.addDevice(mDevice{hostname: "vault", ip: "10.9.0.1", site: "LAX", model: "CentOS 7", vendor: "CentOS", kind: "Server"}), 50, false)
	}
}

func (c *trial) fillAccounts(device string, host int, inactive bool) {
	for _, user := range trialUsers {
		if c.one(2) {
			continue
		}
		a := mAccount{device: device, username: user, kind: c.pick(trialTypes...), hidden: c.one(14), inactive: inactive && !c.one(6) || c.one(14)}
		if c.IntN(3) > 0 {
			a.identifier = fmt.Sprintf("id-%s-%d-%s", device, host, user)
		}
		c.vault.addAccount(a)
		if c.one(16) { // a ghost
			ghost := a
			ghost.id = ""
			if ghost.identifier != "" {
				ghost.identifier += "-g"
			}
			c.vault.addAccount(ghost)
		}
	}
	if c.one(5) {
		c.vault.addAccount(mAccount{device: device, username: "root", identifier: "key-" + device, kind: c.pick("SSH Key", "Chave SSH"), key: true, inactive: inactive})
	}
}

// spell writes a name in another way that means the same, and now and then in one that may not.
func (c *trial) spell(name string) string {
	switch c.IntN(10) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return "  " + name + " "
	case 2:
		return name + ".corp.example"
	case 3:
		return strings.TrimSuffix(name, ".corp.example")
	}
	return name
}

// lastNight remembers a night before, and lets the vault lose sight of some records since.
func (c *trial) lastNight() {
	if c.one(2) {
		return
	}
	c.good, c.goodAge = true, time.Duration(c.IntN(72))*time.Hour
	c.goodVault = c.vault.clone()
	if c.one(5) {
		for i := range c.vault.devices {
			c.vault.devices[i].hidden = c.vault.devices[i].hidden || c.one(3) && !c.hiddenTwin(i)
		}
	}
	if c.one(8) {
		c.client = "another"
	}
}

// hiddenTwin: of two devices of one name that are both hidden, or of one name and address of which
// one is, nobody knows which one is written; nor whether the vault tells a blank from none.
func (c *trial) hiddenTwin(i int) bool {
	name := func(d mDevice) string { return strings.TrimSuffix(low(d.hostname), ".corp.example") }
	this := c.vault.devices[i]
	return strings.HasSuffix(this.hostname, " ") || slices.ContainsFunc(c.vault.devices, func(d mDevice) bool {
		return d.id != this.id && name(d) == name(this) && (d.hidden || d.ip == this.ip)
	})
}

// remembered is what earlier runs learned: what they inactivated, and what they cannot see.
func (c *trial) remembered() {
	for _, d := range c.vault.devices {
		v := schemas.Values{schemas.FieldHostname: d.hostname, schemas.FieldIP: d.ip, schemas.FieldSite: d.site, schemas.FieldModel: d.model,
			schemas.FieldVendor: d.vendor, schemas.FieldType: d.kind}
		switch {
		case c.known(schemas.KindDevice, d.hostname):
		case d.inactive && !c.one(3):
			r := schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindDevice, ID: d.id, Key: d.hostname, Device: d.hostname, Values: v, Run: "r0",
				Listed: c.vault.listsDevice(&d)}
			r.Dragged = c.dragged(&d)
			c.memory = append(c.memory, r)
		case d.hidden && !d.inactive && c.one(2):
			c.memory = append(c.memory, schemas.Remembered{What: schemas.RememberNotVisible, Kind: schemas.KindDevice, ID: d.id, Key: d.hostname, Device: d.hostname, Values: v, Run: "r0"})
		}
	}
}

// known says whether something is remembered under a key already: there is one place for it.
func (c *trial) known(kind schemas.Kind, key string) bool {
	return slices.ContainsFunc(c.memory, func(r schemas.Remembered) bool { return r.Kind == kind && low(r.Key) == low(key) })
}

// dragged are the accounts that went down with a device, each of them remembered.
func (c *trial) dragged(d *mDevice) []schemas.Item {
	var items []schemas.Item
	for _, a := range c.vault.accounts {
		if a.device != d.id || !a.inactive || a.hidden {
			continue
		}
		kind := schemas.KindCredential
		if a.key {
			kind = schemas.KindKey
		}
		key := pipeline.CredentialKey(a.username, d.hostname)
		if c.known(kind, key) {
			continue
		}
		items = append(items, schemas.Item{Kind: kind, ID: a.id, Key: key, Type: a.kind, Identifier: a.identifier})
		c.memory = append(c.memory, schemas.Remembered{What: schemas.RememberInactive, Kind: kind, ID: a.id, Key: key, Device: d.hostname, Run: "r0",
			Listed: c.vault.listsAccount(&a), Values: schemas.Values{schemas.FieldCredentialType: a.kind, schemas.FieldIdentifier: a.identifier}})
	}
	return items
}

func (c *trial) decide() {
	for i := range 8 {
		if c.one(30) {
			c.decisions = append(c.decisions, pipeline.Decision{Kind: schemas.KindDevice, Key: c.host(i), Decision: c.pick("ignore", "new")})
		}
	}
	c.noUsage = c.one(12)
	for i := range 8 {
		if c.one(10) {
			c.used = append(c.used, c.pick(c.host(i), c.address(i))+":22")
		}
	}
	for c.one(2) {
		c.decideRename()
	}
}

// decideRename decides that a device has a new name: that of a new row, of another device, or of
// nothing; the inventory has mostly heard of it, and now and then an earlier run has begun it.
func (c *trial) decideRename() {
	old, next := c.host(c.IntN(8)), c.host(c.pickInt(60, 61, 62, 63, c.IntN(8)))
	if slices.ContainsFunc(c.decisions, func(d pipeline.Decision) bool { return d.Decision == "rename" && low(d.Key) == low(old) }) {
		return // a file with two new names for one device is refused
	}
	c.decisions = append(c.decisions, pipeline.Decision{Kind: schemas.KindDevice, Key: old, Decision: "rename", Target: next})
	from, to := c.named(old), c.named(next)
	if from == nil || from == to {
		return
	}
	if c.IntN(4) > 0 {
		c.renameRows(old, next)
	}
	if to == nil && c.one(3) {
		made := *from
		made.id, made.hostname, made.inactive, made.hidden = "", next, false, false
		id := c.vault.addDevice(made)
		from, to = c.named(old), c.named(next)
		for i := range c.vault.accounts { // some are there already
			if a := &c.vault.accounts[i]; a.device == from.id && !a.key && c.one(2) {
				a.device = id
			}
		}
	}
	if to != nil && !c.one(4) && !c.known(schemas.KindDevice, to.hostname) {
		c.memory = append(c.memory, schemas.Remembered{What: schemas.RememberRenaming, Kind: schemas.KindDevice, ID: to.id, Key: to.hostname, Device: from.hostname, Old: from.id, Run: "r0"})
	}
}

// renameRows writes the new name into the rows of a device, but for one now and then.
func (c *trial) renameRows(old, next string) {
	for i := range c.rows {
		if v := &c.rows[i].values; c.hostOf(v) == low(old) && !c.one(12) {
			v[schemas.FieldHostname] = next
			if c.sources[c.rows[i].source].kind == schemas.KindDevice {
				v[schemas.FieldID] = ""
			}
		}
	}
}

func (c *trial) named(hostname string) *mDevice {
	for i := range c.vault.devices {
		if d := &c.vault.devices[i]; low(d.hostname) == low(hostname) && c.vault.listsDevice(d) && !d.inactive {
			return d
		}
	}
	return nil
}
