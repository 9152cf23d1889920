package evidence

import (
	"net/url"
	"slices"
	"strings"
)

// Known is what an inventory has: devices by their names and addresses, and accounts by their names on them.
//
//	k := NewKnown(strings.ToLower)
//	k.Device("srv-01", "10.0.0.1")
//	k.Account("root", "", "srv-01", "")
//	k.HasAccount("root", "10.0.0.1") // true
//	k.HasAccount("root", "srv-02")   // false: that root is another one
//
// An account that has a domain is the same wherever it logs in, so that it is known on every device.
type Known struct {
	name     func(string) string // a host as it is compared
	hosts    map[string][]string // by name or address: the hostnames that have it
	accounts map[account][]string
	domains  map[string][]string // by username: the domains that have it
}

// account is a username on a device; the domains that the inventory gives it, "" for none, stand beside it.
type account struct{ username, host string }

// NewKnown knows nothing yet; name is a host or address as it is compared.
func NewKnown(name func(string) string) *Known {
	return &Known{name: name, hosts: map[string][]string{}, accounts: map[account][]string{}, domains: map[string][]string{}}
}

// Device adds a device, or an account's own words for it.
func (k *Known) Device(hostname, ip string) {
	host := k.name(hostname)
	if host == "" {
		host = k.name(ip)
	}
	for _, name := range append(k.names(hostname), k.names(ip)...) {
		if !slices.Contains(k.hosts[name], host) {
			k.hosts[name] = append(k.hosts[name], host)
		}
	}
}

// Account adds an account of a device. Its domain stands in a cell of its own, or in its name.
func (k *Known) Account(username, domain, hostname, ip string) {
	k.Device(hostname, ip)
	host := k.name(hostname)
	if host == "" {
		host = k.name(ip)
	}
	whole := fold(username)
	user, inName := parted(whole)
	if domain = fold(domain); domain == "" {
		domain = inName
	}
	if domain != "" && !slices.Contains(k.domains[user], domain) {
		k.domains[user] = append(k.domains[user], domain)
	}
	for _, name := range slices.Compact([]string{user, whole}) {
		key := account{name, host}
		if !slices.Contains(k.accounts[key], domain) {
			k.accounts[key] = append(k.accounts[key], domain)
		}
	}
}

// Accounts says whether there is any account.
func (k *Known) Accounts() bool { return len(k.accounts) > 0 }

// HasDevice says whether a session's host is a device's name or address.
func (k *Known) HasDevice(host string) bool { return len(k.hostsOf(host)) > 0 }

// HasAccount says whether a session's credential is an account of the host that it was used on: `user`,
// `user@host` and `HOST\user` by the name on that host, `DOMAIN\user` and `user@domain` by the name and its
// domain, which may stand at any device.
func (k *Known) HasAccount(credential, host string) bool {
	text := fold(credential)
	hosts := k.hostsOf(host)
	if slices.ContainsFunc(hosts, func(h string) bool { return len(k.accounts[account{text, h}]) > 0 }) {
		return true // as it is written
	}
	user, of := parted(text)
	switch own := k.hostsOf(of); {
	case of == "":
		return len(k.domains[user]) > 0
	case of == "." || len(own) > 0: // it names the host that it is an account of
		if len(own) > 0 {
			hosts = own
		}
		return slices.ContainsFunc(hosts, func(h string) bool { return len(k.accounts[account{user, h}]) > 0 })
	}
	if slices.ContainsFunc(k.domains[user], func(d string) bool { return sameDomain(d, of) }) {
		return true
	}
	if !strings.Contains(text, `\`) {
		return false // of a host, or a domain, that the inventory does not have
	}
	return slices.ContainsFunc(hosts, func(h string) bool { // the inventory does not say of which domain it is
		return slices.Contains(k.accounts[account{user, h}], "")
	})
}

// hostsOf are the hostnames that a session's host may mean.
func (k *Known) hostsOf(host string) []string {
	for _, name := range k.names(host) {
		if found := k.hosts[name]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// names are a host as it is compared; of a URL that of its host too.
func (k *Known) names(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	names := []string{k.name(text)}
	if at, err := url.Parse(strings.TrimSpace(text)); err == nil && at.Scheme != "" && at.Hostname() != "" {
		names = append(names, k.name(at.Hostname()))
	}
	return names
}

// parted is the user of DOMAIN\user and of user@domain, and what stands beside it; "" for a bare name.
func parted(name string) (user, of string) {
	if before, after, ok := strings.Cut(name, `\`); ok && before != "" && after != "" {
		return after, before
	}
	if i := strings.LastIndexByte(name, '@'); i > 0 && i < len(name)-1 {
		return name[:i], name[i+1:]
	}
	return name, ""
}

// sameDomain compares a domain's full name with its short one too: corp.example is CORP.
func sameDomain(a, b string) bool {
	if a == b {
		return true
	}
	short := func(s string) string { label, _, _ := strings.Cut(s, "."); return label }
	return strings.Contains(a, ".") != strings.Contains(b, ".") && short(a) == short(b)
}

func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }
