package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// The codes of what can be untidy.
const (
	untidyCase     = "host_case"      // hostnames that differ in case or blanks alone
	untidyDomain   = "host_domain"    // hostnames that differ in their domain alone
	untidyAddress  = "address_shared" // one address under several devices
	untidyGhost    = "ghost"          // one user and address under several credentials
	untidyHomeless = "homeless"       // a credential or key whose device is not listed
	untidyValue    = "value_twin"     // two vendors, models, sites or types that look like one
	untidyMany     = "value_many"     // more vendors, models, sites or types than are compared
)

// Hygiene looks through a snapshot. It is pure, and costs a few passes over the lists.
func Hygiene(s *Snapshot) []schemas.Untidy {
	var found []schemas.Untidy
	found = append(found, s.alikeHosts()...)
	found = append(found, s.sharedAddresses()...)
	found = append(found, s.ghosts()...)
	found = append(found, s.homelessAccounts()...)
	for _, f := range references() {
		found = append(found, s.alikeValues(f)...)
	}
	return found
}

// Doubles counts what of that is seen without a further pass: devices that share their hostname
// with another one, and credentials and keys whose device is not listed or not sure.
func (s *Snapshot) Doubles() (hosts, homeless int) {
	seen := map[int32]bool{}
	for later := range s.byHost.before {
		if seen[later] {
			continue // each name is looked at once, however many have it
		}
		same := s.FindDevices(s.devices.get(later, schemas.FieldHostname))
		for _, i := range same {
			seen[i] = true
		}
		hosts += max(len(same)-1, 0)
	}
	for _, device := range s.home {
		if device < 0 {
			homeless++
		}
	}
	return hosts, homeless
}

// groups gathers the records of a pack whose folded texts of a field are the same, where there are
// several; a text that folds to nothing is in no group.
func (s *Snapshot) groups(p *pack, f schemas.Field, key func(string) string) [][]int32 {
	x := newIndex(p.len())
	for i := range int32(p.len()) {
		if text := key(p.get(i, f)); text != "" {
			x.put(s.hasher.text(text), i)
		}
	}
	seen := map[int32]bool{}
	var found [][]int32
	for later := range x.before {
		if seen[later] {
			continue
		}
		text := key(p.get(later, f))
		records := x.find(s.hasher.text(text), func(i int32) bool { return key(p.get(i, f)) == text })
		if len(records) > 1 {
			for _, i := range records {
				seen[i] = true
			}
			found = append(found, records)
		}
	}
	slices.SortFunc(found, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	return found
}

func (s *Snapshot) untidyDevices(records []int32) []schemas.UntidyItem {
	items := make([]schemas.UntidyItem, len(records))
	for n, i := range records {
		d := s.DeviceAt(i)
		items[n] = schemas.UntidyItem{Kind: schemas.KindDevice, ID: d.ID, Key: d.Hostname, IP: d.IP}
	}
	return items
}

// alikeHosts finds hostnames that are equal but for case, and then those equal but for the domain.
func (s *Snapshot) alikeHosts() []schemas.Untidy {
	var found []schemas.Untidy
	for _, records := range s.groups(&s.devices, schemas.FieldHostname, fold) {
		found = append(found, schemas.Untidy{Code: untidyCase, Key: fold(s.devices.get(records[0], schemas.FieldHostname)), Items: s.untidyDevices(records)})
	}
	for _, records := range s.groups(&s.devices, schemas.FieldHostname, shortName) {
		whole := map[string]bool{}
		for _, i := range records {
			whole[fold(s.devices.get(i, schemas.FieldHostname))] = true
		}
		if len(whole) > 1 {
			found = append(found, schemas.Untidy{Code: untidyDomain, Key: shortName(s.devices.get(records[0], schemas.FieldHostname)), Items: s.untidyDevices(records)})
		}
	}
	return found
}

// shortName is a hostname's first label, "" for an address.
func shortName(hostname string) string {
	name := fold(hostname)
	if addressKey(name) != name || strings.Trim(name, "0123456789.") == "" {
		return ""
	}
	short, _, _ := strings.Cut(name, ".")
	return short
}

func (s *Snapshot) sharedAddresses() []schemas.Untidy {
	key := func(ip string) string {
		if !usableAddress(strings.TrimSpace(ip)) {
			return ""
		}
		return addressKey(ip)
	}
	var found []schemas.Untidy
	for _, records := range s.groups(&s.devices, schemas.FieldIP, key) {
		found = append(found, schemas.Untidy{Code: untidyAddress, Key: s.devices.get(records[0], schemas.FieldIP), Items: s.untidyDevices(records)})
	}
	return found
}

// ghosts finds credentials with one user and one address under several ids.
func (s *Snapshot) ghosts() []schemas.Untidy {
	byKey := map[string][]int32{}
	var order []string
	for i := range s.NumAccounts() {
		a := s.AccountAt(i)
		if a.IsKey() || a.IP == "" {
			continue
		}
		key := fold(a.Username) + "@" + addressKey(a.IP)
		if byKey[key] = append(byKey[key], i); len(byKey[key]) == 2 {
			order = append(order, key)
		}
	}
	var found []schemas.Untidy
	for _, key := range order {
		found = append(found, schemas.Untidy{Code: untidyGhost, Key: key, Items: s.untidyAccounts(byKey[key])})
	}
	return found
}

func (s *Snapshot) untidyAccounts(records []int32) []schemas.UntidyItem {
	items := make([]schemas.UntidyItem, len(records))
	for n, i := range records {
		a := s.AccountAt(i)
		items[n] = schemas.UntidyItem{Kind: a.Kind(), ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Type: a.Type, Identifier: a.Identifier}
	}
	return items
}

func (s *Snapshot) homelessAccounts() []schemas.Untidy {
	var found []schemas.Untidy
	for i, device := range s.home {
		if device < 0 {
			items := s.untidyAccounts([]int32{int32(i)})
			found = append(found, schemas.Untidy{Code: untidyHomeless, Key: items[0].Key, Items: items})
		}
	}
	return found
}

// manyAlike is how many values of a field are compared with one another.
const manyAlike = 3_000

// alikeValues finds values of a field that look like one: equal but for case, accents and signs,
// or one or two letters away. A field with too many values to compare is a finding by itself.
func (s *Snapshot) alikeValues(f schemas.Field) []schemas.Untidy {
	texts := s.devices.distinct(f)
	if len(texts) > manyAlike {
		return []schemas.Untidy{{Code: untidyMany, Field: f.String(), Key: f.String(), Values: []schemas.ValueCount{{Value: f.String(), N: len(texts)}}}}
	}
	n := map[string]int{}
	for i := range s.NumDevices() {
		n[s.devices.get(i, f)]++
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	plain := make([][]rune, len(texts))
	for i, text := range texts {
		plain[i] = plainText(text)
	}
	var found []schemas.Untidy
	taken := make([]bool, len(texts))
	for i, text := range texts {
		if taken[i] {
			continue
		}
		twins := []schemas.ValueCount{{Value: text, N: n[text]}}
		for j := i + 1; j < len(texts); j++ {
			if !taken[j] && slip(plain[j], plain[i]) {
				taken[j] = true
				twins = append(twins, schemas.ValueCount{Value: texts[j], N: n[texts[j]]})
			}
		}
		if len(twins) > 1 {
			found = append(found, schemas.Untidy{Code: untidyValue, Field: f.String(), Key: text, Values: twins})
		}
	}
	return found
}
