package expr

import (
	"net"
	"net/url"
	"strings"
)

// Host is the host that a text names: of a URL, of host:port, of a path on a server, or the text itself
// where it could be the name of a host; "" where it names none. A name for people, with a blank in it,
// is none.
func Host(text string) string {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, " \t") && !strings.Contains(text, "://") {
		return ""
	}
	switch {
	case strings.HasPrefix(text, `\\`):
		text, _, _ = strings.Cut(text[2:], `\`)
	case strings.HasPrefix(text, "//"):
		text = "x:" + text
	}
	if strings.Contains(text, "://") || strings.HasPrefix(text, "x://") {
		u, err := url.Parse(text)
		if err != nil || strings.Contains(u.Scheme, "app") {
			return ""
		}
		text = u.Host
	}
	if strings.HasPrefix(text, "mailto:") {
		return ""
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = text[at+1:]
	}
	if isAddress(text) {
		ip, _ := FirstIP(text)
		return ip
	}
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	if text == "" || strings.Trim(text, "._-") == "" || strings.IndexFunc(text, notInHost) >= 0 {
		return ""
	}
	return text
}

func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_' && r < 0x80
}
