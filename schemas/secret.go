package schemas

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a value that no formatter, codec or logger can show. Reveal is the only way out
// and is called where the value leaves for the vault.
//
// The value sits behind a function, so that reflection over exported or unexported fields
// (%#v, JSON, slog) finds nothing.
type Secret struct {
	value func() string
	parts func() (first, second Secret) // of one that was joined
}

// NewSecret keeps text as a secret; empty text is no secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{value: func() string { return text }}
}

// Reveal returns the secret's text, "" when there is none.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return s.value()
}

// Empty says whether there is no secret.
func (s Secret) Empty() bool { return s.value == nil }

// Judge is what judge says of the secret, "" for the empty secret. What it says must not tell the secret.
func (s Secret) Judge(judge func(text string) string) string {
	if s.value == nil {
		return ""
	}
	return judge(s.value())
}

// Joined is a secret made of two, which Parted takes apart; its text is for fingerprints alone.
func Joined(first, second Secret) Secret {
	joined := NewSecret(second.Reveal() + "\x00" + first.Reveal())
	joined.parts = func() (Secret, Secret) { return first, second }
	return joined
}

// Parted are the two secrets that were joined; one that was not is the first, whatever it holds.
func (s Secret) Parted() (first, second Secret) {
	if s.parts == nil {
		return s, Secret{}
	}
	return s.parts()
}

// Contains says whether the secret has a text in it; the empty secret has none.
func (s Secret) Contains(text string) bool {
	return s.value != nil && strings.Contains(s.value(), text)
}

// Print is the keyed fingerprint of the secret, in hex; "" when there is none.
func (s Secret) Print(key []byte) string {
	if s.value == nil {
		return ""
	}
	return Fingerprint(key, s.value())
}

// Fingerprint is HMAC-SHA256 of a value, in hex: it tells two values apart without telling
// what they are, to whoever lacks the key.
func Fingerprint(key []byte, value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil))
}

const redacted = "***"

// String hides the secret.
func (s Secret) String() string { return redacted }

// GoString hides the secret.
func (s Secret) GoString() string { return redacted }

// Format hides the secret, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText hides the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON hides the secret.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// GobEncode refuses: a secret is never stored.
func (s Secret) GobEncode() ([]byte, error) { return nil, errors.New("a secret is never stored") }

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// HoldsPrivateKey says whether a text is, or holds, a private key by its own words, wherever it stands: somebody may
// have put it into the place of a public one.
func HoldsPrivateKey(text string) bool {
	upper := strings.ToUpper(text)
	return strings.Contains(upper, "PRIVATE KEY-----") || strings.Contains(upper, "PUTTY-USER-KEY-FILE-") ||
		strings.Contains(upper, "AGE-SECRET-KEY-") || strings.Contains(upper, "AGE-PLUGIN-")
}
