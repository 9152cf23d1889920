package vault

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"pamsync/schemas"
)

// hide takes out of a text from outside what must not be said again (law 5): a server may repeat
// what it was sent. more is what this one call sent besides the client's secret and its token. The text is as
// it was said: what is clipped, or folded, can hold a piece of a secret that nobody finds.
func (c *Client) hide(text string, more ...schemas.Secret) string {
	if text == "" {
		return ""
	}
	var forms []string
	for _, secret := range append(c.unsaid(), more...) {
		if !secret.Empty() {
			forms = append(forms, formsOf(secret.Reveal())...)
		}
	}
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // a secret may be a part of another
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, "***")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// unsaid are the secrets that let the client in.
func (c *Client) unsaid() []schemas.Secret {
	secrets := []schemas.Secret{c.config.ClientSecret, c.config.OAuthToken, c.config.OAuthTokenSecret}
	secrets = append(secrets, c.proxy.hidden...)
	if c.config.Auth == schemas.AuthBasic {
		secrets = append(secrets, basicPair(url.QueryEscape(c.config.ClientID), url.QueryEscape(c.config.ClientSecret.Reveal()))...) // as RFC 6749 wants it
		secrets = append(secrets, basicPair(c.config.ClientID, c.config.ClientSecret.Reveal())...)
	}
	if c.config.Auth == schemas.AuthOAuth1Unsigned {
		secrets = append(secrets, schemas.NewSecret(c.config.ClientID)) // it opens the door together with the token
	}
	if token, ok := c.tokens.last.Load().(schemas.Secret); ok {
		secrets = append(secrets, token)
	}
	return secrets
}

// basicPair is a user and password as a header of HTTP Basic holds them, with its padding and without.
func basicPair(user, password string) []schemas.Secret {
	pair := []byte(user + ":" + password)
	return []schemas.Secret{schemas.NewSecret(base64.StdEncoding.EncodeToString(pair)), schemas.NewSecret(base64.RawStdEncoding.EncodeToString(pair))}
}

// formsOf are the ways in which a server may write a text that it was sent: as it is, in an address, in JSON as
// Go and as PHP write it, with its blanks folded, and each line of several by itself.
func formsOf(plain string) []string {
	forms := []string{plain, url.QueryEscape(plain), url.PathEscape(plain), inJSON(plain), inASCII(inJSON(plain)), inPHP(inJSON(plain)), inPHP(inASCII(inJSON(plain)))}
	if folded := strings.Join(strings.Fields(plain), " "); folded != "" && folded != plain {
		forms = append(forms, folded, inJSON(folded), inPHP(inJSON(folded)))
	}
	for line := range strings.Lines(plain) {
		if line = strings.TrimSpace(line); len(line) >= shortestLine && line != plain {
			forms = append(forms, line, inPHP(line))
		}
	}
	return forms
}

// shortestLine is the length from which a line of a secret of several lines is one by itself: a shorter one may
// be any word.
const shortestLine = 12

// inJSON is a text as it stands in the body of a call.
func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text can always be written
	return string(quoted[1 : len(quoted)-1])
}

// inPHP is a JSON text with PHP's slashes.
func inPHP(quoted string) string { return strings.ReplaceAll(quoted, "/", `\/`) }

// inASCII is a JSON text of ASCII alone, as PHP and Python write it; what Go alone escapes stands as it is.
func inASCII(quoted string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, r := range strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(quoted) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			b.Write([]byte{'\\', 'u', hex[unit>>12], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15]})
		}
	}
	return b.String()
}
