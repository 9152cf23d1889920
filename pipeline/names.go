package pipeline

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"pamsync/schemas"
)

// hostKey is a hostname as it is compared: trimmed, without case and the dot of the root behind it,
// and with what the configuration's normalisers take for the same.
func hostKey(n *schemas.Normalize, name string) string {
	key := composed(rootless(fold(name)))
	if n.IDN {
		if ascii, err := idna.Lookup.ToASCII(key); err == nil {
			key = ascii
		}
	}
	for _, domain := range n.Domains {
		if short, ok := strings.CutSuffix(key, "."+domain); ok && short != "" {
			return short
		}
	}
	return key
}

// HostName is a hostname or an address as it is compared.
func HostName(n *schemas.Normalize, name string) string {
	if key := addressKey(name); key != fold(name) {
		return key
	}
	return hostKey(n, name)
}

// rootless is a name without the dot behind it that stands for the root of the DNS:
// srv-01.example.com. is srv-01.example.com.
func rootless(name string) string {
	for n := len(name) - 1; n > 0 && name[n] == '.'; n-- {
		name = name[:n]
	}
	return name
}

// composed is a name with its accents in one way: é may be one letter, or e with a mark behind it.
func composed(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return norm.NFC.String(name)
		}
	}
	return name
}

// sameIP compares two addresses: as they are written, or by what they mean where the
// configuration says so.
func sameIP(n *schemas.Normalize, a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a == b || !n.IPv6 {
		return a == b
	}
	left, errA := netip.ParseAddr(a)
	right, errB := netip.ParseAddr(b)
	return errA == nil && errB == nil && left == right
}
