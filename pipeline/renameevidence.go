package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// evidence finds the records that a new row may mean.
type evidence struct {
	p         *planner
	byName    map[string]int32   // by hostname: what a decision may name
	byAddress map[string][]int32 // lacking records
	byAsset   map[string]int32
	byUsers   map[string][]int32
	alike     map[string][]int32  // lacking records by usernames, site and model
	rowsAlike map[string]int      // new rows by the same
	carriers  map[string]int      // rows by address
	users     map[string][]string // usernames of credential rows by device, sorted
	rowsUsers map[string]int      // new rows by their set of usernames
}

func (p *planner) renameEvidence() *evidence {
	e := &evidence{p: p, byName: map[string]int32{}, byAddress: map[string][]int32{}, byAsset: map[string]int32{}, byUsers: map[string][]int32{},
		alike: map[string][]int32{}, rowsAlike: map[string]int{}, rowsUsers: map[string]int{}}
	asked := p.newAddresses()
	for _, i := range p.lacking {
		hostname, ip := p.Snapshot.devices.get(i, schemas.FieldHostname), addressKey(p.Snapshot.devices.get(i, schemas.FieldIP))
		if len(p.Decisions) > 0 {
			e.byName[hostKey(&p.Policy.Devices.Normalize, hostname)] = i
		}
		if asked[ip] && usableAddress(ip) {
			e.byAddress[ip] = append(e.byAddress[ip], i)
		}
		if name := addressKey(hostname); asked[name] && name != ip { // a row may have it for an address: columns that were exchanged
			e.byAddress[name] = append(e.byAddress[name], i)
		}
		if p.LastGood != nil && len(p.LastGood.assets) > 0 {
			if asset := p.LastGood.assets[p.Snapshot.devices.get(i, schemas.FieldID)]; asset != "" {
				e.byAsset[asset] = i
			}
		}
		set := p.Snapshot.usernames(i)
		if len(set) < 2 || p.Inventory.namesHost(hostKey(&p.Policy.Devices.Normalize, hostname)) {
			continue // one name says little; and where rows still ask for credentials on it, they did not move
		}
		key := strings.Join(set, "\n")
		e.byUsers[key] = append(e.byUsers[key], i)
		d := p.Snapshot.DeviceAt(i)
		key = alikeKey(set, d.Site, d.Model)
		e.alike[key] = append(e.alike[key], i)
	}
	e.carriers = p.carriers(e.byAddress)
	e.users = p.rowUsernames()
	for _, users := range e.users {
		e.rowsUsers[strings.Join(users, "\n")]++
	}
	e.countAlike()
	return e
}

// mostAlike is how many lacking records, and how many new rows, may have the same usernames, site and
// model for that to say that one may be the other. Where it is more, it says what is usual there.
const mostAlike = 3

func alikeKey(users []string, site, model string) string {
	return strings.Join(append([]string{fold(site), fold(model)}, users...), "\n")
}

// countAlike counts the new rows that may each be any of a few lacking records.
func (e *evidence) countAlike() {
	if len(e.alike) == 0 {
		return
	}
	for _, c := range e.p.devices {
		if users := e.users[c.key]; len(users) > 1 && c.unlisted() {
			e.rowsAlike[e.alikeOf(c)]++
		}
	}
}

func (e *evidence) alikeOf(c *deviceCase) string {
	return alikeKey(e.users[c.key], c.get(schemas.FieldSite), c.get(schemas.FieldModel))
}

// fewAlike are the lacking records that a row may mean because they are few, and as few rows: two
// devices that got other names and other addresses in one night are told from others by nothing else.
func (e *evidence) fewAlike(c *deviceCase) []int32 {
	if len(e.users[c.key]) < 2 {
		return nil
	}
	key := e.alikeOf(c)
	if records := e.alike[key]; len(records) <= mostAlike && e.rowsAlike[key] == len(records) {
		return records
	}
	return nil
}

// empty says whether no row can have anything in common with a lacking record.
func (e *evidence) empty() bool {
	return len(e.byAddress)+len(e.byAsset)+len(e.byUsers)+len(e.byName) == 0
}

// newAddresses are those that rows of unlisted devices have, and those that listed ones would get.
func (p *planner) newAddresses() map[string]bool {
	asked := make(map[string]bool, len(p.devices))
	for _, c := range p.devices {
		if c.unlisted() || p.readdressed(c) {
			asked[addressKey(c.get(schemas.FieldIP))] = true
		}
	}
	return asked
}

// carriers counts the rows that carry the addresses of lacking records, where a row that is new to
// an address carries any.
func (p *planner) carriers(lacking map[string][]int32) map[string]int {
	n := map[string]int{}
	if len(lacking) == 0 {
		return n
	}
	for _, c := range p.devices {
		if !c.unlisted() && !p.readdressed(c) {
			continue
		}
		if ip := addressKey(c.get(schemas.FieldIP)); len(lacking[ip]) > 0 {
			n[ip] = 0
			if p.Inventory.Devices.addresses[ip] {
				n[ip] = 1 // of a row that cannot be read
			}
		}
	}
	if len(n) == 0 {
		return n
	}
	seen := map[string]bool{} // rows of one key are one row
	for i := range int32(p.Inventory.Devices.rows.len()) {
		ip := addressKey(p.Inventory.Devices.rows.get(i, schemas.FieldIP))
		if _, asked := n[ip]; !asked {
			continue
		}
		key := ip + "\n" + hostKey(&p.Policy.Devices.Normalize, p.Inventory.Devices.rows.get(i, schemas.FieldHostname))
		if !seen[key] {
			seen[key] = true
			n[ip]++
		}
	}
	return n
}

// rowUsernames are the usernames that credential rows have on devices that no record is of.
func (p *planner) rowUsernames() map[string][]string {
	set := &p.Inventory.Credentials
	if set.rows.len() == 0 {
		return nil
	}
	wanted := map[string][]string{}
	for _, c := range p.devices {
		if c.isNew() || c.inactive != nil && !p.cameBack(c) {
			wanted[c.key] = nil
		}
	}
	for i := range int32(set.rows.len()) {
		host := hostKey(&p.Policy.Devices.Normalize, set.rows.get(i, schemas.FieldHostname))
		if users, ok := wanted[host]; ok && !IsKeyType(set.rows.get(i, schemas.FieldCredentialType)) {
			wanted[host] = append(users, fold(set.rows.get(i, schemas.FieldUsername)))
		}
	}
	for host, users := range wanted {
		slices.Sort(users)
		wanted[host] = slices.Compact(users)
	}
	for _, c := range p.devices {
		if c.inactive != nil && hadUsers(c.inactive, wanted[c.key]) {
			delete(wanted, c.key)
		}
	}
	return wanted
}

// cameBack says whether a row names the address that its inactive record had: what credentials it
// asks for says nothing about any other record then.
func (p *planner) cameBack(c *deviceCase) bool {
	ip := c.get(schemas.FieldIP)
	return ip == "" || addressKey(ip) == addressKey(c.inactive.Values[schemas.FieldIP])
}

// hadUsers says whether an inactive record took just these usernames along when it went.
func hadUsers(r *schemas.Remembered, users []string) bool {
	var had, asked []string
	for _, item := range r.Dragged {
		if item.Kind == schemas.KindCredential {
			had = append(had, fold(item.Key))
		}
	}
	hostname := deviceOf(r).Hostname
	for _, user := range users {
		asked = append(asked, fold(CredentialKey(user, hostname)))
	}
	slices.Sort(had)
	slices.Sort(asked)
	return slices.Equal(slices.Compact(had), slices.Compact(asked))
}

// usernames are those of a listed device's credentials, folded and sorted.
func (s *Snapshot) usernames(device int32) []string {
	var users []string
	for _, i := range s.byDevice[device] {
		if !IsKeyType(s.accounts.get(i, schemas.FieldCredentialType)) {
			users = append(users, fold(s.accounts.get(i, schemas.FieldUsername)))
		}
	}
	slices.Sort(users)
	return slices.Compact(users)
}

// candidates weighs the records that something says a row may mean.
func (e *evidence) candidates(c *deviceCase) []rename {
	records := e.decidedFor(c)
	records = append(records, e.resembling(c)...)
	slices.Sort(records)
	var found []rename
	for _, i := range slices.Compact(records) {
		found = append(found, e.weigh(c, i))
	}
	slices.SortStableFunc(found, func(a, b rename) int { return cmp.Compare(b.points, a.points) })
	return found
}

// resembling are the records that the row of an unlisted device has something in common with that few others have.
func (e *evidence) resembling(c *deviceCase) []int32 {
	var records []int32
	ip := addressKey(c.get(schemas.FieldIP))
	if e.carriers[ip] == 1 { // shared by rows, it says nothing
		records = append(records, e.byAddress[ip]...)
	}
	if asset := c.get(schemas.FieldAsset); asset != "" && e.p.Print != nil {
		if i, ok := e.byAsset[e.p.Print(fold(asset))]; ok {
			records = append(records, i)
		}
	}
	if users := strings.Join(e.users[c.key], "\n"); e.rowsUsers[users] == 1 && len(e.byUsers[users]) == 1 {
		records = append(records, e.byUsers[users]...)
	}
	return append(records, e.fewAlike(c)...)
}

// decidedFor are the records of which a person said that the row is their new name.
func (e *evidence) decidedFor(c *deviceCase) []int32 {
	if len(e.p.Decisions) == 0 {
		return nil
	}
	name := e.p.deviceName(c.get(schemas.FieldHostname))
	var records []int32
	note := func(old string) {
		if record, ok := e.byName[e.p.deviceName(old)]; ok {
			records = append(records, record)
		}
	}
	for _, d := range e.p.decided.to[name] {
		note(d.Key)
	}
	for _, d := range e.p.decided.about[aboutKey{schemas.KindDevice, name}] {
		if d.renames() {
			note(d.Target)
		}
	}
	return records
}

func (e *evidence) weigh(c *deviceCase, record int32) rename {
	p := e.p
	d := p.Snapshot.DeviceAt(record)
	r := rename{record: record, decided: p.renameDecision(record, c)}
	if ip := addressKey(c.get(schemas.FieldIP)); usableAddress(ip) && (ip == addressKey(d.IP) || ip == addressKey(d.Hostname)) && e.carriers[ip] == 1 {
		r.address = d.IP
		r.points += pointsAddress
	}
	if asset := c.get(schemas.FieldAsset); asset != "" && p.LastGood != nil && p.Print != nil && p.LastGood.assets[d.ID] == p.Print(fold(asset)) {
		r.asset = true
		r.points += pointsAsset
	}
	e.weighUsers(c, record, &r)
	if r.model = same(schemas.FieldModel, c.get(schemas.FieldModel), d.Model); r.model {
		r.points += pointsField
	}
	if r.site = same(schemas.FieldSite, c.get(schemas.FieldSite), d.Site); r.site {
		r.points += pointsField
	}
	r.points = min(r.points, 100)
	return r
}

// weighUsers compares the credentials of a record with those that rows ask for on a new device.
func (e *evidence) weighUsers(c *deviceCase, record int32, r *rename) {
	mine, theirs := e.users[c.key], e.p.Snapshot.usernames(record)
	for _, user := range mine {
		if _, found := slices.BinarySearch(theirs, user); found {
			r.shared++
		}
	}
	r.users = len(mine) + len(theirs) - r.shared
	if r.shared == 0 {
		return
	}
	key := strings.Join(mine, "\n")
	alone := r.shared == r.users && r.users > 1 && len(e.byUsers[key]) == 1 && e.rowsUsers[key] == 1
	r.alike = !alone && r.points == 0 && slices.Contains(e.fewAlike(c), record)
	if alone || r.alike {
		r.points += pointsUsers
		return
	}
	r.points += pointsShared * r.shared / r.users
}
