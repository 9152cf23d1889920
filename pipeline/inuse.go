package pipeline

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pamsync/schemas"
)

// Use is the latest sign of life of a device, or of one of its credentials, among the vault's
// remote sessions.
type Use struct {
	User, Protocol string
	At             string // as the vault wrote it: the end, or the start of one that is open
	Open           bool

	at time.Time
}

// Usage is what the list of remote sessions says about the last days. Fault says why it could
// not be read: then everything may be in use.
type Usage struct {
	Fault *schemas.Fault

	since time.Time
	zone  *time.Location
	norm  schemas.Normalize
	uses  map[string]Use // by target, and by user on target
}

// NewUsage takes sessions that are open or ended since a moment. The vault's times carry no zone
// (vault-api c.11): they are read in the one given.
func NewUsage(since time.Time, zone *time.Location, norm schemas.Normalize) *Usage {
	return &Usage{since: since, zone: zone, norm: norm, uses: map[string]Use{}}
}

// Add takes one session. One whose times cannot be read counts as open: nobody can say that it
// is long over.
func (u *Usage) Add(s *schemas.Session) {
	use := Use{User: s.User, Protocol: s.Protocol, At: s.End, Open: s.End == ""}
	end, err := u.time(s.End)
	switch {
	case use.Open || err != nil:
		use.Open, use.At, use.at = true, s.Start, time.Unix(1<<40, 0)
	case end.Before(u.since):
		return
	default:
		use.at = end
	}
	use.User, use.Protocol, use.At = strings.Clone(use.User), strings.Clone(use.Protocol), strings.Clone(use.At)
	username, _, _ := strings.Cut(s.Credential, "@")
	for _, target := range u.targets(s.Device) {
		for _, key := range []string{target, fold(username) + "@" + target, fold(s.Credential) + "@" + target} {
			old, known := u.uses[key]
			if !known {
				key = strings.Clone(key) // a target may be the session's own text
			}
			if !known || old.at.Before(use.at) {
				u.uses[key] = use
			}
		}
	}
}

func (u *Usage) time(text string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateTime, text, u.zone)
	if err != nil {
		t, err = time.Parse(time.RFC3339, text)
	}
	return t, err
}

// targets are a session's device, "ip:port" or a URL, as addresses and names are compared. A full name
// stands for its first label too: a device that goes by that alone may be the one that is used.
func (u *Usage) targets(device string) []string {
	host := strings.Trim(device, "[]")
	if h, port, err := net.SplitHostPort(device); err == nil && !strings.Contains(device, "://") {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			host = h
		}
	}
	key := u.key(host)
	if label := shortName(key); label != "" && label != key {
		return []string{key, firstLabel + label}
	}
	return []string{key}
}

// firstLabel marks the first label of a full name among the keys.
const firstLabel = "label "

// key is a host as it is compared; of a URL it is the URL's.
func (u *Usage) key(host string) string {
	if at, err := url.Parse(strings.TrimSpace(host)); err == nil && at.Scheme != "" && at.Hostname() != "" {
		host = at.Hostname()
	}
	if key := addressKey(host); key != fold(host) {
		return key
	}
	return hostKey(&u.norm, host)
}

// keys are those that a session may name a device by: its name, with or without a domain, and its
// addresses.
func (u *Usage) keys(hostname string, ips []string) []string {
	name := u.key(hostname)
	keys := []string{name}
	if label := shortName(name); label == name {
		keys = append(keys, firstLabel+name)
	} else if label != "" {
		keys = append(keys, label)
	}
	for _, ip := range ips {
		keys = append(keys, u.key(ip))
	}
	return slices.DeleteFunc(keys, func(key string) bool { return key == "" })
}

// device finds the latest use of a device, by its name or one of its addresses.
func (u *Usage) device(hostname string, ips []string) (Use, bool) {
	return u.latest(u.keys(hostname, ips)...)
}

// account finds the latest use of a user on a device.
func (u *Usage) account(username, hostname string, ips []string) (Use, bool) {
	keys := u.keys(hostname, ips)
	for i := range keys {
		keys[i] = fold(username) + "@" + keys[i]
	}
	return u.latest(keys...)
}

func (u *Usage) latest(keys ...string) (best Use, found bool) {
	for _, key := range keys {
		if use, ok := u.uses[key]; ok && (!found || use.at.After(best.at)) {
			best, found = use, true
		}
	}
	return best, found
}

// usage asks for the list of sessions, once, where something would go.
func (p *planner) usage() *Usage {
	if p.Usage == nil || p.Policy.Limits.InUse < 0 {
		return nil
	}
	p.used.once.Do(func() { p.used.usage = p.Usage() })
	return p.used.usage
}

// asked is what the sessions say, once somebody wanted to know.
type asked struct {
	once  sync.Once
	usage *Usage
}

// pairs are what a person is told about a use; "why" picks the words of a session that is open.
func (use Use) pairs() []string {
	pairs := []string{"user", use.User, "protocol", use.Protocol, "at", use.At}
	if use.Open {
		pairs = append(pairs, "why", "open")
	}
	return pairs
}
