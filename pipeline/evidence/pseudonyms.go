package evidence

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"net/netip"
	"strings"

	"pamsync/schemas"
)

// Pseudonyms replace what names a person, a machine, an account or a ticket by a text that stands for it:
// equal for equal values under one key, and without the key nobody's. One value has one pseudonym wherever it
// stands: that of a device's hostname is found in its sessions. Names are equal as the lists compare them, trimmed
// and without case, and so are an IPv4 address and its form in IPv6. Empty stays empty.
type Pseudonyms struct {
	mac        hash.Hash
	sum        [sha256.Size]byte
	known      map[string]string // of values that come again, as they are spelt
	session    schemas.SessionRecord
	device     schemas.Device
	credential schemas.Credential
}

// NewPseudonyms makes pseudonyms under a key.
func NewPseudonyms(key []byte) *Pseudonyms {
	return &Pseudonyms{mac: hmac.New(sha256.New, key), known: map[string]string{}}
}

// Check tells keys apart, and nothing else of them.
func (p *Pseudonyms) Check() string {
	return schemas.Pseudonym("key", p.keyed("check", "pamsync")[:long])
}

// PersonalFields are the fields of a list that stand under pseudonyms.
func PersonalFields(what string) []string {
	switch what {
	case "devices":
		return []string{"hostname", "ip", "tags"}
	case "credentials":
		return []string{"identifier", "username", "hostname", "management_ip"}
	}
	return []string{"user", "origin_ip", "credential", "device", "session_id", "request", "ITSM", "host"}
}

func (p *Pseudonyms) keyed(class, value string) []byte {
	p.mac.Reset()
	p.mac.Write([]byte(class))
	p.mac.Write([]byte{0})
	p.mac.Write([]byte(value))
	return p.mac.Sum(p.sum[:0])
}

// mostKnown bounds what is remembered of values that come again.
const mostKnown = 1 << 16

// How many bytes stand for a value: of names that come again and again, and of what each session has its own.
// Two of 100,000 names share a pseudonym once in 50,000 exports, two of a million sessions once in 30 million.
const (
	short = 6
	long  = 8
)

// Of is the pseudonym of a value of a class that seldom comes twice.
func (p *Pseudonyms) Of(class, value string) string {
	if value == "" {
		return ""
	}
	return schemas.Pseudonym(class, p.keyed(class, value)[:long])
}

// again is the same for names that come again and again; plain says what a spelling stands for.
func (p *Pseudonyms) again(kind, value string, plain func(kind, value string) (class, name string)) string {
	if known, ok := p.known[kind+"\x00"+value]; ok {
		return known
	}
	if len(p.known) >= mostKnown {
		clear(p.known)
	}
	made := ""
	if class, name := plain(kind, value); name != "" {
		made = schemas.Pseudonym(class, p.keyed(class, name)[:short])
	}
	p.known[kind+"\x00"+value] = made
	return made
}

// folded is a name as names are compared.
func folded(class, value string) (string, string) {
	return class, strings.ToLower(strings.TrimSpace(value))
}

// machine tells an address from a host's name.
func machine(_, value string) (class, name string) {
	if addr, err := netip.ParseAddr(strings.TrimSpace(value)); err == nil {
		return "ip", addr.Unmap().String()
	}
	return folded("host", value)
}

// Machine is the pseudonym of a host's name or address.
func (p *Pseudonyms) Machine(text string) string { return p.again("machine", text, machine) }

// Field is the pseudonym of a value of one of the PersonalFields, but of a session's device: see Target.
func (p *Pseudonyms) Field(name, value string) string {
	switch name {
	case "user":
		return p.again("user", value, folded)
	case "credential", "username":
		return p.again("account", value, folded)
	case "origin_ip", "ip", "management_ip", "host", "hostname":
		return p.Machine(value)
	case "ITSM":
		return p.Of("itsm", value)
	case "session_id":
		return p.Of("session", value)
	case "identifier":
		return p.Of(folded(name, value))
	}
	return p.Of(name, value) // tags, request
}

// Target is the pseudonym of a session's device, which keeps its port, "" for none.
func (p *Pseudonyms) Target(host, port string) string {
	if port == "" {
		return p.Machine(host)
	}
	return p.Machine(host) + ":" + port
}

// Session is a session under pseudonyms. What it gives is valid until it is asked again.
func (p *Pseudonyms) Session(s *schemas.SessionRecord) *schemas.SessionRecord {
	p.session = *s
	r := &p.session
	r.User, r.OriginIP, r.Credential = p.Field("user", s.User), p.Field("origin_ip", s.OriginIP), p.Field("credential", s.Credential)
	r.SessionID, r.Request, r.ITSM = p.Field("session_id", s.SessionID), p.Field("request", s.Request), p.Field("ITSM", s.ITSM)
	r.Device, r.Host = p.Target(s.Host, s.Port), p.Machine(s.Host)
	return r
}

// Device is a device under pseudonyms, as Session.
func (p *Pseudonyms) Device(d *schemas.Device) *schemas.Device {
	p.device = *d
	r := &p.device
	r.Hostname, r.IP, r.Tags = p.Field("hostname", d.Hostname), p.Field("ip", d.IP), p.Field("tags", d.Tags)
	return r
}

// Credential is a credential under pseudonyms, as Session.
func (p *Pseudonyms) Credential(c *schemas.Credential) *schemas.Credential {
	p.credential = *c
	r := &p.credential
	r.Identifier, r.Username = p.Field("identifier", c.Identifier), p.Field("username", c.Username)
	r.Hostname, r.ManagementIP = p.Field("hostname", c.Hostname), p.Field("management_ip", c.ManagementIP)
	return r
}

// Finding puts a finding under pseudonyms: its names, and what it goes by. The evidence of a rule that is not
// known here is left out.
func (p *Pseudonyms) Finding(f *schemas.SessionFinding, shown *schemas.SessionRecord) {
	f.User, f.Device, f.Credential = shown.User, shown.Device, shown.Credential
	switch f.Rule {
	case "other_network":
		f.Evidence = "from " + shown.OriginIP
	case "unknown_target":
		f.Evidence = shown.Host
	case "unknown_credential":
		f.Evidence = shown.Credential
	case "no_ticket", "outside_hours", "too_long", "unfinished", "reversed", "purge_near":
	default:
		f.Evidence = ""
	}
}
