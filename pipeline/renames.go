package pipeline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// rename is what speaks for a new row being a listed record that the inventory lacks, under a new
// name. The points add up; from renamePoints on a person decides.
type rename struct {
	record        int32
	points        int
	address       string
	asset         bool
	shared, users int // credentials that both have, of all that either has
	model, site   bool
	decided       string // new, ignore or rename
}

const (
	pointsAsset   = 60
	pointsAddress = 40 // the address alone is a decision (design 6)
	pointsUsers   = 40 // the same credentials, which nothing else in doubt has
	pointsShared  = 20 // of the share of credentials that both have
	pointsField   = 5  // each of model and site
	renamePoints  = 40
)

// findRenames looks for records that the inventory lacks and that a new row may mean: that is one
// decision of a person, and neither a create nor an inactivation.
func (p *planner) findRenames() {
	if len(p.lacking) == 0 {
		return
	}
	e := p.renameEvidence()
	type claim struct {
		c *deviceCase
		r rename
	}
	var claims []claim
	for _, c := range p.devices {
		if c.state != undecided || !c.isNew() {
			continue
		}
		for _, r := range e.candidates(c) {
			if r.decided == "rename" || r.decided != "new" && r.points >= renamePoints {
				claims = append(claims, claim{c, r})
			}
		}
	}
	// A record that several rows could mean is the row's that a person decided for, or for which
	// most speaks. The others are in doubt as well, unless it is decided.
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.r.rank(), a.r.rank()), cmp.Compare(b.r.points, a.r.points))
	})
	doubtful := map[*deviceCase]rename{}
	for _, claim := range claims {
		winner := p.deviceOfRecord[claim.r.record]
		switch {
		case winner == nil:
			p.deviceOfRecord[claim.r.record] = claim.c
			claim.c.renames = append(claim.c.renames, claim.r)
		case winner != claim.c && winner.renames[0].decided != "rename":
			if _, known := doubtful[claim.c]; !known {
				doubtful[claim.c] = claim.r
			}
		}
	}
	for _, c := range p.devices {
		if r, lost := doubtful[c]; lost && len(c.renames) == 0 {
			c.renames = []rename{r}
		}
		if len(c.renames) > 0 {
			p.decideRename(c)
		}
	}
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool { return p.deviceOfRecord[i] != nil })
}

// rank puts what a person decided before what only looks like it.
func (r *rename) rank() int {
	switch r.decided {
	case "rename":
		return 2
	case "ignore":
		return 1
	}
	return 0
}

// evidence finds the records that a new row may mean.
type evidence struct {
	p         *planner
	byName    map[string]int32   // by hostname: what a decision may name
	byAddress map[string][]int32 // lacking records
	byAsset   map[string]int32
	byUsers   map[string][]int32
	carriers  map[string]int      // rows by address
	users     map[string][]string // usernames of credential rows by device, sorted
	rowsUsers map[string]int      // new rows by their set of usernames
}

func (p *planner) renameEvidence() *evidence {
	e := &evidence{p: p, byName: map[string]int32{}, byAddress: map[string][]int32{}, byAsset: map[string]int32{}, byUsers: map[string][]int32{}, rowsUsers: map[string]int{}}
	for _, i := range p.lacking {
		d := p.Snapshot.DeviceAt(i)
		e.byName[hostKey(&p.Policy.Devices.Normalize, d.Hostname)] = i
		if ip := addressKey(d.IP); usableAddress(ip) {
			e.byAddress[ip] = append(e.byAddress[ip], i)
		}
		if name := addressKey(d.Hostname); name != addressKey(d.IP) { // a row may have it for an address: columns that were exchanged
			e.byAddress[name] = append(e.byAddress[name], i)
		}
		if p.LastGood != nil && p.LastGood.assets[d.ID] != "" {
			e.byAsset[p.LastGood.assets[d.ID]] = i
		}
		if p.Inventory.Credentials.hosts.has(hostKey(&p.Policy.Devices.Normalize, d.Hostname)) {
			continue // rows still ask for credentials on it: they did not move
		}
		if set := p.Snapshot.usernames(i); len(set) > 1 {
			key := strings.Join(set, "\n")
			e.byUsers[key] = append(e.byUsers[key], i)
		}
	}
	e.carriers = p.carriers(e.byAddress)
	e.users = p.rowUsernames()
	for _, c := range p.devices {
		if c.isNew() {
			e.rowsUsers[strings.Join(e.users[c.key], "\n")]++
		}
	}
	return e
}

// carriers counts the rows that carry the addresses of lacking records, where a new row carries
// any.
func (p *planner) carriers(lacking map[string][]int32) map[string]int {
	n := map[string]int{}
	for _, c := range p.devices {
		if ip := addressKey(c.get(schemas.FieldIP)); c.isNew() && len(lacking[ip]) > 0 {
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
	wanted := map[string][]string{}
	for _, c := range p.devices {
		if c.isNew() {
			wanted[c.key] = nil
		}
	}
	set := &p.Inventory.Credentials
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
	return wanted
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
	records = append(records, e.decidedFor(c)...)
	slices.Sort(records)
	var found []rename
	for _, i := range slices.Compact(records) {
		found = append(found, e.weigh(c, i))
	}
	slices.SortStableFunc(found, func(a, b rename) int { return cmp.Compare(b.points, a.points) })
	return found
}

// decidedFor are the records of which a person said that the row is their new name.
func (e *evidence) decidedFor(c *deviceCase) []int32 {
	name := c.get(schemas.FieldHostname)
	var records []int32
	for i := range e.p.Decisions {
		d := &e.p.Decisions[i]
		old := ""
		switch {
		case d.Kind != schemas.KindDevice || d.Decision != "rename":
		case fold(d.Target) == fold(name):
			old = d.Key
		case fold(d.Key) == fold(name):
			old = d.Target
		}
		if record, ok := e.byName[hostKey(&e.p.Policy.Devices.Normalize, old)]; ok && old != "" {
			records = append(records, record)
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
	if r.shared == r.users && r.users > 1 && len(e.byUsers[key]) == 1 && e.rowsUsers[key] == 1 {
		r.points += pointsUsers
		return
	}
	r.points += pointsShared * r.shared / r.users
}

// renameDecision is what a person decided about a record and the row that may be its new name.
func (p *planner) renameDecision(record int32, c *deviceCase) string {
	old, name := p.Snapshot.devices.get(record, schemas.FieldHostname), c.get(schemas.FieldHostname)
	d := p.decision(schemas.KindDevice, old, name)
	if d == nil {
		d = p.decision(schemas.KindDevice, name, old)
	}
	if d == nil {
		return ""
	}
	return d.Decision
}

// decideRename holds a new row and the records that it may be a new name of, as one decision, or
// does what a person decided.
func (p *planner) decideRename(c *deviceCase) {
	r := c.renames[0]
	d := p.Snapshot.DeviceAt(r.record)
	switch r.decided {
	case "ignore":
		p.settle(schemas.KindDevice, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: "decided_ignore", Rows: p.refs(&c.request)})
		for _, other := range c.renames[1:] {
			delete(p.deviceOfRecord, other.record) // nothing was decided about it
		}
		return
	case "rename":
		if code, pairs := p.cannotRename(c, &d); code != "" {
			p.holdRename(c, &d, code, pairs...)
			return
		}
		c.carries = true // it is carried out in its turn, behind the guards of all new devices
		return
	}
	p.holdRename(c, &d, "looks_renamed")
}

func (p *planner) holdRename(c *deviceCase, d *schemas.Device, code string, pairs ...string) {
	r := c.renames[0]
	pairs = append(pairs, "old", d.Hostname, "id", d.ID, "new", c.get(schemas.FieldHostname), "score", strconv.Itoa(r.points), "ip", r.address)
	if r.asset {
		pairs = append(pairs, "asset", c.get(schemas.FieldAsset))
	}
	if r.shared > 0 {
		pairs = append(pairs, "shared", strconv.Itoa(r.shared), "users", strconv.Itoa(r.users))
	}
	if r.model {
		pairs = append(pairs, "model", d.Model)
	}
	if r.site {
		pairs = append(pairs, "site", d.Site)
	}
	h := schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: code, Rows: p.refs(&c.request), Args: schemas.Pairs(pairs...)}
	if len(c.renames) > 1 {
		for _, other := range c.renames {
			h.Candidates = append(h.Candidates, p.Snapshot.deviceItems([]int32{other.record})...)
		}
	}
	p.settle(schemas.KindDevice, &c.request, held)
	p.plan.Holds = append(p.plan.Holds, h)
}

// tellAssets tells which listed device each row with an asset id means.
func (p *planner) tellAssets() {
	set := &p.Inventory.Devices
	if p.Asset == nil || set.rows.fields&(1<<schemas.FieldAsset) == 0 {
		return
	}
	tell := func(record, row int32) {
		if asset := set.rows.get(row, schemas.FieldAsset); asset != "" {
			p.Asset(p.Snapshot.devices.get(record, schemas.FieldID), asset)
		}
	}
	for record := range p.Snapshot.NumDevices() {
		if row := p.settledBy(record); row >= 0 {
			tell(record, row)
		}
	}
	for _, c := range p.devices {
		if len(c.records) == 1 && (c.state == changed || c.state == unchanged) {
			tell(c.records[0], c.entries[0])
		}
	}
}
