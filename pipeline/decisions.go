package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// decided finds what people decided by what it is about. Devices are found by their names as they
// are compared.
type decided struct {
	about map[aboutKey][]*Decision // in the order in which they were written
	to    map[string][]*Decision   // decided renames, by the name that comes
}

type aboutKey struct {
	kind schemas.Kind
	key  string
}

func (p *planner) indexDecisions() {
	p.unsettled, p.renamed = map[string]bool{}, map[string]*renaming{}
	p.begun, p.waits = map[string]*schemas.Remembered{}, map[string]*Decision{}
	p.decided = decided{about: map[aboutKey][]*Decision{}, to: map[string][]*Decision{}}
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if p.saidBefore(d) {
			continue
		}
		k := p.aboutKey(d.Kind, d.Key)
		p.decided.about[k] = append(p.decided.about[k], d)
		if d.renames() {
			name := p.deviceName(d.Target)
			p.decided.to[name] = append(p.decided.to[name], d)
		}
	}
}

// saidBefore tells a line that is there twice.
func (p *planner) saidBefore(d *Decision) bool {
	for _, other := range p.decided.about[p.aboutKey(d.Kind, d.Key)] {
		if other.Decision == d.Decision && p.aboutKey(d.Kind, other.Target) == p.aboutKey(d.Kind, d.Target) {
			return true
		}
	}
	return false
}

func (d *Decision) renames() bool {
	return d.Kind == schemas.KindDevice && d.Decision == "rename" && d.Target != ""
}

// deviceName is a device's name as it is compared.
func (p *planner) deviceName(hostname string) string {
	return hostKey(&p.Policy.Devices.Normalize, hostname)
}

func (p *planner) aboutKey(kind schemas.Kind, key string) aboutKey {
	if kind == schemas.KindDevice {
		return aboutKey{kind, p.deviceName(key)}
	}
	return aboutKey{kind, fold(key)}
}

// decision finds what a person decided about a key; target narrows it where both name one.
func (p *planner) decision(kind schemas.Kind, key, target string) *Decision {
	if len(p.Decisions) == 0 {
		return nil
	}
	for _, d := range p.decided.about[p.aboutKey(kind, key)] {
		if target == "" || d.Target == "" || p.aboutKey(kind, d.Target) == p.aboutKey(kind, target) {
			return d
		}
	}
	return nil
}

// warnDecisions names decisions about keys that neither the vault nor the inventory has.
func (p *planner) warnDecisions() {
	if len(p.Decisions) == 0 {
		return
	}
	known := map[aboutKey]bool{}
	for i := range p.Snapshot.NumDevices() {
		known[p.aboutKey(schemas.KindDevice, p.Snapshot.devices.get(i, schemas.FieldHostname))] = true
	}
	for i := range p.Snapshot.NumAccounts() {
		a := p.Snapshot.AccountAt(i)
		known[p.aboutKey(a.Kind(), CredentialKey(a.Username, a.Hostname))] = true
	}
	for _, c := range p.keys {
		known[p.aboutKey(schemas.KindKey, p.keyName(c))] = true
	}
	for _, r := range p.infos {
		known[p.aboutKey(schemas.KindInfo, r.get(schemas.FieldIdentifier))] = true
	}
	for _, c := range p.devices {
		known[p.aboutKey(schemas.KindDevice, c.get(schemas.FieldHostname))] = true
	}
	for _, c := range p.accounts {
		known[p.aboutKey(schemas.KindCredential, CredentialKey(c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)))] = true
	}
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if !known[p.aboutKey(d.Kind, d.Key)] && !p.remembers(d.Kind, d.Key) {
			p.warn("decision_unused", schemas.Place{}, "key", d.Key)
		}
	}
}

// remembers says whether a record of a name is inactive by a run of ours, or hidden from us: what
// was decided about it is done, or may be.
func (p *planner) remembers(kind schemas.Kind, key string) bool {
	for _, what := range []string{schemas.RememberInactive, schemas.RememberNotVisible} {
		if p.Memory.find(what, kind, fold(key), "") != nil || kind == schemas.KindDevice && p.rememberedDevice(what, key) != nil {
			return true
		}
	}
	return false
}

// DecisionLine is a line of the decisions' file.
func DecisionLine(kind schemas.Kind, key, decision, target string) string {
	return strings.Join([]string{string(kind), csvCell(key), decision, csvCell(target)}, ",")
}

// csvCell is a text as a cell of a CSV line.
func csvCell(text string) string {
	if strings.ContainsAny(text, ",\"\r\n") {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}
