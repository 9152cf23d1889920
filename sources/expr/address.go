package expr

import (
	"net/netip"
	"slices"
	"strings"
)

// FirstIP is the first address in a text that a device can be reached at: IPv4 before IPv6, a prefix
// length or a port cut off, loopback, link-local, unspecified and multicast ones passed over. several
// tells that the text has more than one of them.
func FirstIP(text string) (ip string, several bool) {
	var v4, v6 []string
	for _, word := range strings.FieldsFunc(text, between) {
		addr, ok := addressIn(word)
		if !ok || !usable(addr) {
			continue
		}
		list := &v6
		if addr.Is4() {
			list = &v4
		}
		if name := addr.String(); !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	switch {
	case len(v4) > 0:
		return v4[0], len(v4) > 1
	case len(v6) > 0:
		return v6[0], len(v6) > 1
	}
	return "", false
}

// OnlyIPs says whether a text holds addresses and nothing else.
func OnlyIPs(text string) bool {
	for _, word := range strings.FieldsFunc(text, between) {
		if _, ok := addressIn(word); !ok {
			return false
		}
	}
	return true
}

// between tells what stands between addresses.
func between(r rune) bool { return strings.ContainsRune(" ,;|\t\r\n\u00a0\"'<>{}", r) }

// addressIn reads an address with what people and programs hang on it.
func addressIn(word string) (netip.Addr, bool) {
	word = strings.Trim(word, "()")
	if prefix, err := netip.ParsePrefix(word); err == nil {
		network := prefix.Masked() == prefix && prefix.Bits() < prefix.Addr().BitLen()-1
		return prefix.Addr().Unmap(), !network // the name of a whole network is no device's address
	}
	if port, err := netip.ParseAddrPort(word); err == nil {
		return port.Addr().Unmap(), true
	}
	addr, err := netip.ParseAddr(strings.Trim(word, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

func isAddress(text string) bool {
	_, ok := addressIn(strings.TrimSpace(text))
	return ok
}

// Reachable says whether a text may be where a device is reached: false for an address of the machine itself,
// of no machine, or of many.
func Reachable(text string) bool {
	switch text[0] {
	case '0', '2', ':', 'f', 'F':
	case '1':
		if !strings.HasPrefix(text, "127.") && !strings.HasPrefix(text, "169.254.") {
			return true
		}
	default:
		return true
	}
	addr, err := netip.ParseAddr(text)
	return err != nil || usable(addr) && (!addr.Is4() || addr.As4()[0] != 255)
}

func usable(a netip.Addr) bool {
	return !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsUnspecified() && !a.IsMulticast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}
