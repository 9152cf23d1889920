package vaultsim

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// row is the place of one record. The record itself is never changed, only
// replaced, so a list may be read while others write.
type row[T any] struct {
	n int
	p atomic.Pointer[T]
}

// table holds the records of one id sequence. Rows are only ever appended.
type table[T any] struct {
	rows     []*row[T]
	byID     map[string]*row[T]
	last     int
	unsorted bool
}

// claim returns the number for a record that wants this id: the id's own
// when it is a free number, else the next of the sequence.
func (t *table[T]) claim(id string) int {
	n, ok := number(id)
	if !ok || t.byID[id] != nil {
		n = t.last + 1
	}
	return n
}

func (t *table[T]) put(n int, record T) *row[T] {
	r := &row[T]{n: n}
	r.p.Store(&record)
	if t.byID == nil {
		t.byID = map[string]*row[T]{}
	}
	t.byID[strconv.Itoa(n)] = r
	t.unsorted = t.unsorted || n < t.last
	t.last = max(t.last, n)
	t.rows = append(t.rows, r)
	return r
}

// all returns the rows by id. The slice may be read without the lock.
func (t *table[T]) all() []*row[T] {
	if t.unsorted {
		t.rows = slices.Clone(t.rows)
		slices.SortFunc(t.rows, func(a, b *row[T]) int { return a.n - b.n })
		t.unsorted = false
	}
	return slices.Clip(t.rows)
}

// number reads an id: a positive decimal without leading zeros.
func number(id string) (int, bool) {
	n, err := strconv.Atoi(id)
	return n, err == nil && n > 0 && strconv.Itoa(n) == id
}

// item is an entry of the sequence that credentials and SSH keys share;
// exactly one of cred and key is set.
type item struct {
	dev  *row[Device]
	cred *Credential
	key  *Key
}

func (i *item) identifier() string {
	if i.key != nil {
		return i.key.Identifier
	}
	return i.cred.Identifier
}

func (i *item) username() string {
	if i.key != nil {
		return i.key.Username
	}
	return i.cred.Username
}

func (i *item) inactive() bool {
	return i.key != nil && i.key.Inactive || i.cred != nil && i.cred.Inactive
}

func (i *item) hidden() bool {
	return i.key != nil && i.key.Hidden || i.cred != nil && i.cred.Hidden
}

// switched is the item made inactive or active.
func (i *item) switched(inactive bool) *item {
	next := *i
	if i.key != nil {
		k := *i.key
		k.Inactive = inactive
		next.key = &k
	} else {
		c := *i.cred
		c.Inactive = inactive
		next.cred = &c
	}
	return &next
}

// store is the vault's memory; the vault's lock guards it.
type store struct {
	devices     table[Device]
	hosts       map[string]*row[Device]
	namesakes   map[string][]*row[Device] // further devices of a hostname
	items       table[item]
	identifiers map[string]*row[item]
	users       map[string][]*row[item] // device id, username; one list for credentials, one for keys
	onDevice    map[int][]*row[item]    // device id
	infos       table[Info]
	sessions    table[Session]
	domains     map[string]string
	custody     map[string]bool
	dropped     map[string]string // ends of generated sessions, by id
}

// fold is the form in which names are compared: MySQL-like, without case (I).
func (v *Vault) fold(s string) string {
	if v.CaseSensitive {
		return s
	}
	return strings.ToLower(s)
}

func (v *Vault) same(a, b string) bool { return v.fold(a) == v.fold(b) }

// userKey is the key of store.users.
func (v *Vault) userKey(dev *row[Device], username string, key bool) string {
	return strconv.Itoa(dev.n) + "\x00" + strconv.FormatBool(key) + "\x00" + v.fold(username)
}

// putDevice stores a new device and returns its row.
func (v *Vault) putDevice(d Device) *row[Device] {
	n := v.store.devices.claim(d.ID)
	d.ID = strconv.Itoa(n)
	r := v.store.devices.put(n, d)
	if v.store.hosts == nil {
		v.store.hosts = map[string]*row[Device]{}
	}
	host := v.fold(d.Hostname)
	if v.store.hosts[host] == nil {
		v.store.hosts[host] = r
		return r
	}
	if v.store.namesakes == nil {
		v.store.namesakes = map[string][]*row[Device]{}
	}
	v.store.namesakes[host] = append(v.store.namesakes[host], r)
	return r
}

// hostAt finds the device of a hostname; of several the first with that ip, else the first.
func (v *Vault) hostAt(hostname, ip string) *row[Device] {
	first := v.store.hosts[v.fold(hostname)]
	if first == nil || strings.EqualFold(first.p.Load().IP, ip) {
		return first
	}
	for _, r := range v.store.namesakes[v.fold(hostname)] {
		if strings.EqualFold(r.p.Load().IP, ip) {
			return r
		}
	}
	return first
}

// named fills the id and, from 3.33 on, the missing identifier of an item
// that a POST creates (D33).
func (v *Vault) named(id, identifier *string) {
	n := v.store.items.claim("")
	*id = strconv.Itoa(n)
	if *identifier == "" && v.era() >= era333 {
		*identifier = v.uuid(n)
	}
}

// putItem stores a new credential or key and returns its row.
func (v *Vault) putItem(i item) *row[item] {
	var n int
	if i.key != nil {
		n = v.store.items.claim(i.key.ID)
		i.key.ID = strconv.Itoa(n)
	} else {
		n = v.store.items.claim(i.cred.ID)
		i.cred.ID = strconv.Itoa(n)
	}
	r := v.store.items.put(n, i)
	v.index(r)
	return r
}

func (v *Vault) index(r *row[item]) {
	s, i := &v.store, r.p.Load()
	if s.users == nil {
		s.users, s.identifiers = map[string][]*row[item]{}, map[string]*row[item]{}
		s.onDevice = map[int][]*row[item]{}
	}
	if id := v.fold(i.identifier()); id != "" && s.identifiers[id] == nil {
		s.identifiers[id] = r
	}
	at := v.userKey(i.dev, i.username(), i.key != nil)
	s.users[at] = append(s.users[at], r)
	s.onDevice[i.dev.n] = append(s.onDevice[i.dev.n], r)
}

// replace stores the new form of an item and keeps the indexes true.
func (v *Vault) replace(r *row[item], next item) {
	s, old := &v.store, r.p.Load()
	if id := v.fold(old.identifier()); s.identifiers[id] == r {
		delete(s.identifiers, id)
	}
	this := func(x *row[item]) bool { return x == r }
	at := v.userKey(old.dev, old.username(), old.key != nil)
	s.users[at] = slices.DeleteFunc(s.users[at], this)
	s.onDevice[old.dev.n] = slices.DeleteFunc(s.onDevice[old.dev.n], this)
	r.p.Store(&next)
	v.index(r)
}

// byUser finds the item of a user on a device: the first active one, else
// the first.
func (v *Vault) byUser(dev *row[Device], username string, key bool) *row[item] {
	found := v.store.users[v.userKey(dev, username, key)]
	for _, r := range found {
		if !r.p.Load().inactive() {
			return r
		}
	}
	if len(found) > 0 {
		return found[0]
	}
	return nil
}

// findItem resolves the id, identifier or username@hostname of a path. A
// username that holds an "@" cannot be found the last way (D).
func (v *Vault) findItem(ref string, key bool) *row[item] {
	if r := v.store.items.byID[ref]; r != nil {
		return r
	}
	if r := v.store.identifiers[v.fold(ref)]; r != nil {
		return r
	}
	user, host, ok := strings.Cut(ref, "@")
	if !ok {
		return nil
	}
	dev := v.store.hosts[v.fold(host)]
	if dev == nil {
		return nil
	}
	return v.byUser(dev, user, key)
}
