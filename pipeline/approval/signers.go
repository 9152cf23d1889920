package approval

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/crypto/ssh"
)

// Signers is who may approve: a file in the form of OpenSSH's allowed_signers.
type Signers struct{ lines []signer }

// signer is one line: the people that a key stands for, and when and for what it may sign.
type signer struct {
	people        []string
	key           string // fingerprint
	namespaces    []string
	limited       bool // to the namespaces
	after, before time.Time
}

// ReadSigners reads the file. It is stricter than ssh-keygen where a line would not name a
// person: patterns and certificate authorities are refused, and so is a line that cannot be read,
// for a guard that is not understood must not look kept.
func ReadSigners(data []byte) (*Signers, error) {
	s := &Signers{}
	number := 0
	for text := range strings.Lines(string(data)) {
		number++
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		line, err := readSigner(text)
		if err != nil {
			err.Line = number
			return nil, err
		}
		s.lines = append(s.lines, line)
	}
	if len(s.lines) == 0 {
		return nil, refuse("signers_none")
	}
	return s, nil
}

func readSigner(text string) (signer, *Error) {
	var s signer
	names, rest, ok := strings.Cut(text, " ")
	if tabbed, after, found := strings.Cut(text, "\t"); found && len(tabbed) < len(names) {
		names, rest, ok = tabbed, after, true
	}
	if text[0] == '"' { // the whole field is in quotes
		names, rest, ok = strings.Cut(text[1:], `"`)
	}
	if !ok {
		return s, refuse("signers_line", "why", "key")
	}
	s.people = strings.Split(names, ",")
	for _, name := range s.people {
		if strings.ContainsAny(name, "*?!") {
			return s, refuse("signers_line", "why", "pattern", "name", name)
		}
		if !ValidPrincipal(name) {
			return s, refuse("signers_line", "why", "name", "name", name)
		}
	}
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(rest))
	if err != nil {
		return s, refuse("signers_line", "why", "key")
	}
	for _, option := range options {
		if err := s.option(option); err != nil {
			return s, err
		}
	}
	if err := acceptable(key); err != nil {
		return s, err.(*Error)
	}
	s.key = ssh.FingerprintSHA256(key)
	return s, nil
}

// option takes one option; its name is read without case, as ssh-keygen does.
func (s *signer) option(text string) *Error {
	name, value, _ := strings.Cut(text, "=")
	name = strings.ToLower(name)
	if name == "cert-authority" {
		return refuse("signers_line", "why", "authority")
	}
	unquoted, opened := strings.CutPrefix(value, `"`)
	unquoted, closed := strings.CutSuffix(unquoted, `"`)
	ok := false
	if !opened || !closed || strings.ContainsAny(unquoted, `"\`) {
		name = "" // no value that the switch below could take
	}
	switch name {
	case "namespaces":
		ok = !s.limited
		s.limited, s.namespaces = true, strings.Split(unquoted, ",")
	case "valid-after":
		s.after, ok = keyTime(unquoted, s.after)
	case "valid-before":
		s.before, ok = keyTime(unquoted, s.before)
	}
	if !ok {
		return refuse("signers_line", "why", "option", "name", text)
	}
	return nil
}

// keyTime reads YYYYMMDD[HHMM[SS]][Z], in the system's zone without the Z; not a second time.
func keyTime(text string, before time.Time) (time.Time, bool) {
	zone := time.Local
	upper := strings.ToUpper(text)
	for _, suffix := range []string{"UTC", "Z"} {
		if bare, ok := strings.CutSuffix(upper, suffix); ok {
			upper, zone = bare, time.UTC
			break
		}
	}
	layout := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(upper)]
	t, err := time.ParseInLocation(layout, upper, zone)
	return t, layout != "" && err == nil && before.IsZero()
}

// ValidPrincipal tells a name that a signer can have in the file and on a command line.
func ValidPrincipal(name string) bool {
	return name != "" && name[0] != '#' && name[0] != '-' && len(name) <= MaxNote && !strings.ContainsAny(name, `,"*?!`) &&
		strings.IndexFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) < 0
}

// People are those that a key stands for, on whatever line.
func (s *Signers) People(fingerprint string) []string {
	var people []string
	for _, line := range s.lines {
		if line.key == fingerprint {
			people = append(people, line.people...)
		}
	}
	return people
}

// allows says whether a key may speak for a person in the namespace at all the times given; the
// refusal is that of the line that comes nearest.
func (s *Signers) allows(namespace, fingerprint, principal string, times ...time.Time) error {
	nearest := refuse("approval_key_unknown", "key", fingerprint)
	for _, line := range s.lines {
		if line.key != fingerprint {
			continue
		}
		if !line.names(principal) {
			if nearest.Code == "approval_key_unknown" {
				nearest = refuse("approval_principal", "principal", principal, "key", fingerprint, "people", strings.Join(s.People(fingerprint), ", "))
			}
			continue
		}
		if !line.inNamespace(namespace) {
			nearest = refuse("approval_namespace", "principal", principal, "namespace", namespace)
			continue
		}
		if moment, out := line.outside(times); out {
			nearest = refuse("approval_key_time", "principal", principal, "key", fingerprint, "at", moment.UTC().Format(time.RFC3339))
			continue
		}
		return nil
	}
	return nearest
}

// Allowed is the first person for whom a key may speak in a namespace at a time; the refusal is that of the
// person who comes nearest.
func (s *Signers) Allowed(namespace, fingerprint string, at time.Time) (person string, err error) {
	err = refuse("approval_key_unknown", "key", fingerprint)
	for _, person := range s.People(fingerprint) {
		if err = s.allows(namespace, fingerprint, person, at); err == nil {
			return person, nil
		}
	}
	return "", err
}

func (l *signer) names(principal string) bool {
	for _, name := range l.people {
		if name == principal {
			return true
		}
	}
	return false
}

// inNamespace follows ssh-keygen: a pattern with ! that fits refuses, whatever else fits.
func (l *signer) inNamespace(namespace string) bool {
	fits := !l.limited
	for _, pattern := range l.namespaces {
		bare, not := strings.CutPrefix(pattern, "!")
		if !matches(bare, namespace) {
			continue
		}
		if not {
			return false
		}
		fits = true
	}
	return fits
}

// outside is the first of the times at which the key is not valid.
func (l *signer) outside(times []time.Time) (time.Time, bool) {
	for _, t := range times {
		if !l.after.IsZero() && t.Before(l.after) || !l.before.IsZero() && t.After(l.before) {
			return t, true
		}
	}
	return time.Time{}, false
}

// matches is OpenSSH's pattern: * is any text, ? any sign.
func matches(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	switch pattern[0] {
	case '*':
		return matches(pattern[1:], text) || text != "" && matches(pattern, text[1:])
	case '?':
		return text != "" && matches(pattern[1:], text[1:])
	}
	return text != "" && text[0] == pattern[0] && matches(pattern[1:], text[1:])
}
