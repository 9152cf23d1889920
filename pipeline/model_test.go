package pipeline_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// model is a vault as its vendor describes it (vault-api a.2, a.3), written anew for the tests:
// it shares nothing with the planner. Where a call does not say for sure which record it means,
// the model takes one that was not meant. It is a pipeline.Lister.
type model struct {
	devices      []mDevice
	accounts     []mAccount
	infos        []mInfo
	upserts      bool // of information
	secret       func(*schemas.Change) string
	lastDevice   int
	lastAccount  int
	showInactive bool
	meant        string    // id of the record that the change under way is for
	now          time.Time // what the lists tell, zero for nothing
	announce     int       // added to the announced counts
	wrong        []string  // calls that hit another record than the one meant
	buffer       []byte
}

type mDevice struct {
	id                                      string
	hostname, ip, site, model, vendor, kind string
	tags                                    string
	inactive, hidden                        bool
}

type mAccount struct {
	id, device                 string
	username, identifier, kind string
	key                        bool
	name, public               string // of a key
	inactive, hidden           bool
}

func low(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func (m *model) clone() *model {
	c := *m
	c.devices, c.accounts, c.infos, c.wrong, c.buffer = slices.Clone(m.devices), slices.Clone(m.accounts), slices.Clone(m.infos), nil, nil
	return &c
}

func (m *model) addDevice(d mDevice) string {
	if d.id == "" {
		m.lastDevice++
		d.id = strconv.Itoa(m.lastDevice)
	}
	m.devices = append(m.devices, d)
	return d.id
}

func (m *model) addAccount(a mAccount) string {
	if a.id == "" {
		m.lastAccount++
		a.id = strconv.Itoa(m.lastAccount)
	}
	m.accounts = append(m.accounts, a)
	return a.id
}

func (m *model) device(id string) *mDevice {
	for i := range m.devices {
		if m.devices[i].id == id {
			return &m.devices[i]
		}
	}
	return nil
}

func (m *model) account(id string) *mAccount {
	for i := range m.accounts {
		if m.accounts[i].id == id {
			return &m.accounts[i]
		}
	}
	return nil
}

// listsDevice and listsAccount tell what the lists show.
func (m *model) listsDevice(d *mDevice) bool { return !d.hidden && (!d.inactive || m.showInactive) }

func (m *model) listsAccount(a *mAccount) bool { return !a.hidden && (!a.inactive || m.showInactive) }

// lend writes texts into a buffer that the next record uses again: a text of a list is valid
// only while it is yielded.
func (m *model) lend(texts ...*string) {
	n := 0
	for _, t := range texts {
		n += len(*t)
	}
	if cap(m.buffer) < n {
		m.buffer = make([]byte, 0, 2*n)
	}
	m.buffer = m.buffer[:0]
	for _, t := range texts {
		begin := len(m.buffer)
		m.buffer = append(m.buffer, *t...)
		if len(*t) > 0 {
			*t = unsafe.String(&m.buffer[begin], len(*t))
		}
	}
}

func (m *model) spoil() {
	for i := range m.buffer {
		m.buffer[i] = '#'
	}
}

// Devices lists the devices.
func (m *model) Devices(_ context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	n := 0
	for i := range m.devices {
		d := &m.devices[i]
		if !m.listsDevice(d) {
			continue
		}
		n++
		rec := schemas.Device{ID: d.id, Hostname: d.hostname, IP: d.ip, Site: d.site, Model: d.model, Vendor: d.vendor, Type: d.kind, Tags: d.tags}
		m.lend(&rec.ID, &rec.Hostname, &rec.IP, &rec.Site, &rec.Model, &rec.Vendor, &rec.Type, &rec.Tags)
		if err := yield(&rec); err != nil {
			return schemas.Listing{}, err
		}
		m.spoil()
	}
	return schemas.Listing{Read: n, Announced: n + m.announce, At: m.now}, nil
}

// Credentials lists the credentials and keys.
func (m *model) Credentials(_ context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	n := 0
	at := make(map[string]*mDevice, len(m.devices))
	for i := range m.devices {
		at[m.devices[i].id] = &m.devices[i]
	}
	for i := range m.accounts {
		a := &m.accounts[i]
		if !m.listsAccount(a) {
			continue
		}
		n++
		d := at[a.device]
		rec := schemas.Credential{ID: a.id, Identifier: a.identifier, Username: a.username, Hostname: d.hostname, ManagementIP: d.ip, Type: a.kind}
		m.lend(&rec.ID, &rec.Identifier, &rec.Username, &rec.Hostname, &rec.ManagementIP, &rec.Type)
		if err := yield(&rec); err != nil {
			return schemas.Listing{}, err
		}
		m.spoil()
	}
	return schemas.Listing{Read: n, Announced: n + m.announce, At: m.now}, nil
}

// send serves one call.
func (m *model) send(_ context.Context, c schemas.Call) schemas.Answer {
	refuse := func(code int) schemas.Answer {
		return schemas.Answer{Effect: schemas.EffectRefused, Code: code, HTTP: 400, Attempts: 1}
	}
	done := func(id string) schemas.Answer {
		return schemas.Answer{Effect: schemas.EffectDone, ID: id, HTTP: 200, Attempts: 1}
	}
	if c.Kind == schemas.KindDevice {
		if c.Verb == schemas.VerbUpsert {
			return done(m.postDevice(&c.Values))
		}
		d := m.device(c.ID)
		switch {
		case d == nil:
			return refuse(1011)
		case c.Verb == schemas.VerbActivate:
			d.inactive = false // and none of its credentials
		default:
			d.inactive = true
			for i := range m.accounts {
				if m.accounts[i].device == d.id {
					m.accounts[i].inactive = true
				}
			}
		}
		return done("")
	}
	if c.Kind == schemas.KindInfo {
		return m.sendInfo(c, done, refuse)
	}
	if c.Verb == schemas.VerbUpsert {
		post := m.postAccount
		if c.Kind == schemas.KindKey {
			post = m.postKey
		}
		id, code := post(&c.Values)
		if code != 0 {
			return refuse(code)
		}
		return done(id)
	}
	a := m.account(c.ID)
	if a == nil {
		return refuse(1007)
	}
	a.inactive = c.Verb == schemas.VerbInactivate
	return done("")
}

// pick chooses among records that a call may mean: of the listed ones one that was not meant; of
// those that nobody sees, the one that was.
func (m *model) pick(listed, other []string) string {
	for _, id := range listed {
		if id != m.meant {
			return id
		}
	}
	switch {
	case len(listed) > 0:
		return listed[0]
	case slices.Contains(other, m.meant):
		return m.meant
	case len(other) > 0:
		return other[0]
	}
	return ""
}

func (m *model) postDevice(v *schemas.Values) string {
	var listed, other []string
	for i := range m.devices {
		if d := &m.devices[i]; strings.EqualFold(d.hostname, v[schemas.FieldHostname]) {
			if m.listsDevice(d) && !d.inactive {
				listed = append(listed, d.id)
			} else {
				other = append(other, d.id)
			}
		}
	}
	id := m.pick(listed, other)
	d := m.device(id)
	if d == nil {
		id = m.addDevice(mDevice{hostname: v[schemas.FieldHostname]})
		d = m.device(id)
	}
	m.hit("device", id)
	d.ip, d.site, d.model, d.vendor, d.kind = v[schemas.FieldIP], v[schemas.FieldSite], v[schemas.FieldModel], v[schemas.FieldVendor], v[schemas.FieldType]
	return id
}

// devicesAt are the ids of the devices that a call names by hostname and address.
func (m *model) devicesAt(v *schemas.Values) (at []string) {
	for i := range m.devices {
		if d := &m.devices[i]; strings.EqualFold(d.hostname, v[schemas.FieldHostname]) && strings.EqualFold(d.ip, v[schemas.FieldIP]) {
			at = append(at, d.id)
		}
	}
	return at
}

func (m *model) postAccount(v *schemas.Values) (id string, code int) {
	at := m.devicesAt(v)
	if len(at) == 0 {
		return "", 1011
	}
	var listed, other []string
	find := func(match func(*mAccount) bool) {
		for i := range m.accounts {
			if a := &m.accounts[i]; match(a) {
				if m.listsAccount(a) && !a.inactive {
					listed = append(listed, a.id)
				} else {
					other = append(other, a.id)
				}
			}
		}
	}
	if identifier := v[schemas.FieldIdentifier]; identifier != "" {
		find(func(a *mAccount) bool { return strings.EqualFold(a.identifier, identifier) })
	}
	if len(listed)+len(other) == 0 {
		find(func(a *mAccount) bool {
			return !a.key && slices.Contains(at, a.device) && strings.EqualFold(a.username, v[schemas.FieldUsername])
		})
	}
	id = m.pick(listed, other)
	a := m.account(id)
	if a == nil {
		id = m.addAccount(mAccount{device: at[0], kind: "Local User"})
		a = m.account(id)
		if a.identifier = v[schemas.FieldIdentifier]; a.identifier == "" {
			a.identifier = "made-" + id
		}
	}
	m.hit("credential", id)
	if a.key {
		return "", 1010
	}
	if !slices.Contains(at, a.device) {
		a.device = at[0] // found by its identifier, it is carried over
	}
	a.username = v[schemas.FieldUsername]
	if v[schemas.FieldIdentifier] != "" {
		a.identifier = v[schemas.FieldIdentifier]
	}
	if v[schemas.FieldCredentialType] != "" {
		a.kind = v[schemas.FieldCredentialType]
	}
	return id, 0
}

func (m *model) hit(kind, id string) {
	if m.meant != "" && m.meant != id {
		m.wrong = append(m.wrong, fmt.Sprintf("%s %s was hit in the place of %s", kind, id, m.meant))
	}
}

// records are the devices and accounts, by kind and id.
func (m *model) records() map[string]string {
	all := make(map[string]string, len(m.devices)+len(m.accounts))
	for _, d := range m.devices {
		all["device "+d.id] = fmt.Sprintf("%+v", d)
	}
	for _, a := range m.accounts {
		all["account "+a.id] = fmt.Sprintf("%+v", a)
	}
	for _, i := range m.infos {
		all["info "+i.id] = fmt.Sprintf("%+v", i)
	}
	return all
}

// snapshot reads the lists.
func (m *model) snapshot(norm schemas.Normalize) *pipeline.Snapshot {
	s, err := pipeline.TakeSnapshot(context.Background(), m, pipeline.Want{Accounts: true, Norm: norm})
	if err != nil {
		panic(err)
	}
	return s
}

// carry applies a plan to the model by the run that writes, one call after the other, and tells
// how each change ended. The model knows which change is under way.
func (m *model) carry(plan *schemas.Plan, memory *pipeline.Memory, policy pipeline.Policy) (past *pipeline.Past, results []schemas.Result, run *pipeline.Run, err error) {
	past = &pipeline.Past{}
	vaultIDs := make(map[string]string, len(plan.Changes))
	for i := range plan.Changes {
		vaultIDs[plan.Changes[i].ID] = plan.Changes[i].VaultID
	}
	journal := func(rec schemas.Record) error {
		if rec.Intent != nil {
			m.meant = vaultIDs[rec.Intent.Change]
		}
		past.Take(rec)
		return nil
	}
	at := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	run = &pipeline.Run{Plan: plan, Past: &pipeline.Past{}, Vault: m, Send: m.send, Journal: journal, Memory: memory, Policy: policy, Workers: 1,
		Secret: func(c *schemas.Change) (schemas.Secret, error) { return schemas.NewSecret(m.secret(c)), nil },
		Now:    func() time.Time { return at }, Sleep: func(context.Context, time.Duration) error { return nil }}
	if len(plan.Changes) > 0 {
		err = run.Apply(context.Background())
	}
	m.meant = ""
	return past, pipeline.Replay(plan, past), run, err
}

// differing names the records that two models do not have alike, sorted.
func differing(a, b map[string]string) []string {
	var out []string
	for k := range maps.Keys(a) {
		if a[k] != b[k] {
			out = append(out, k)
		}
	}
	for k := range maps.Keys(b) {
		if _, ok := a[k]; !ok {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}
