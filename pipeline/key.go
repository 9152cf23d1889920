package pipeline

import (
	"net/netip"
	"net/url"
	"strings"

	"pamsync/schemas"
)

// fold is a key or listed value as it is compared: trimmed and without case (design 6).
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// same compares two values of a field: names without case, addresses as they are written.
func same(f schemas.Field, a, b string) bool {
	if f == schemas.FieldIP {
		return strings.TrimSpace(a) == strings.TrimSpace(b)
	}
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// CredentialKey is how a credential is named to people: user@host.
func CredentialKey(username, hostname string) string {
	return strings.TrimSpace(username) + "@" + strings.TrimSpace(hostname)
}

// IsKeyType tells the credential list's SSH keys, in any language and case.
func IsKeyType(credentialType string) bool {
	switch fold(credentialType) {
	case "ssh key", "chave ssh", "clave ssh", "llave ssh":
		return true
	}
	return false
}

// problemIP tells an address that is none: what looks like an IP address must be one, and
// anything else a name with a dot in it or an http URL, as the vault allows (vault-api a.2).
func problemIP(s string) string {
	if _, ok := dotted(s); ok {
		return ""
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		if addr.Zone() != "" {
			return "ip_zone"
		}
		return ""
	}
	if _, err := netip.ParsePrefix(s); err == nil {
		return "ip_prefix"
	}
	if strings.Contains(s, "://") {
		if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil {
			return ""
		}
		return "bad_ip"
	}
	if !domainName(s) {
		return "bad_ip"
	}
	return ""
}

// domainName tells a name of at least two labels whose last one holds a letter first.
func domainName(s string) bool {
	labels := strings.Split(strings.TrimSuffix(s, "."), ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := 0; i < len(label); i++ {
			c := label[i]
			letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
			if !letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	first := labels[len(labels)-1][0]
	return first|0x20 >= 'a' && first|0x20 <= 'z' || first >= 0x80
}

// addressKey is an address as evidence is compared: canonical where it is an IP address, else
// without case. It never decides whether a field differs.
func addressKey(s string) string {
	s = strings.TrimSpace(s)
	if _, ok := dotted(s); ok {
		return s // is written in no other way
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return fold(s)
	}
	return addr.Unmap().String()
}

// usableAddress tells an address that can be evidence for who a device is.
func usableAddress(s string) bool {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return s != ""
	}
	return !addr.IsUnspecified() && !addr.IsLoopback()
}
