package vault

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pamsync/schemas"
)

// hide takes out of a text from outside what must not be said again (law 5): a server may repeat
// what it was sent, as it is or written for an address, in JSON, in HTML, in base64 or in hex. more is what this one
// call sent besides the client's secret and its token. The text is as it was said: what is clipped, or folded, can
// hold a piece of a secret that nobody finds.
func (c *Client) hide(text string, more ...schemas.Secret) string {
	if text == "" {
		return ""
	}
	return without(text, plainOf(append(c.unsaid(), more...)))
}

// longestSaid is the longest text that is looked through; of a longer one nothing is said.
const longestSaid = 64 << 10

// without is a text in which none of others stands, in any writing.
func without(text string, plain []string) string {
	if len(text) > longestSaid {
		return "***"
	}
	var spans [][2]int
	for _, r := range readings(asSaid(text)) {
		spans = append(spans, r.secrets(plain)...)
	}
	return masked(text, spans)
}

// secrets are the places, in what was said, of each of the texts in a reading of it, whatever their case, and of what
// encodes one.
func (r reading) secrets(plain []string) (spans [][2]int) {
	text := lowered(r.text)
	for _, one := range plain {
		one = lowered(one)
		for from := 0; ; {
			i := strings.Index(text[from:], one)
			if i < 0 {
				break
			}
			from += i + len(one)
			spans = append(spans, [2]int{r.at[from-len(one)], r.at[from]})
		}
	}
	for _, runs := range []*regexp.Regexp{hexRun, base64Run} {
		for _, at := range runs.FindAllStringIndex(r.text, -1) {
			if encodes(r.text[at[0]:at[1]], plain) {
				spans = append(spans, [2]int{r.at[at[0]], r.at[at[1]]})
			}
		}
	}
	return spans
}

// lowered is a text in lower case, but for letters that are of another length there: each sign stays where it is.
func lowered(text string) string {
	b := []byte(text)
	for i, r := range text {
		if low := unicode.ToLower(r); low != r && utf8.RuneLen(low) == utf8.RuneLen(r) {
			utf8.EncodeRune(b[i:], low)
		}
	}
	return string(b)
}

// masked is a text without what stands in spans of it.
func masked(text string, spans [][2]int) string {
	slices.SortFunc(spans, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) })
	var b strings.Builder
	end := 0
	for _, span := range spans {
		if span[0] >= end {
			b.WriteString(text[end:span[0]] + hidden)
		}
		end = max(end, span[1])
	}
	b.WriteString(text[end:])
	return b.String()
}

// unsaid are the secrets that let the client in.
func (c *Client) unsaid() []schemas.Secret {
	secrets := []schemas.Secret{c.config.ClientSecret, c.config.OAuthToken, c.config.OAuthTokenSecret}
	secrets = append(secrets, c.proxy.hidden...)
	if c.config.Auth == schemas.AuthOAuth1Unsigned {
		secrets = append(secrets, schemas.NewSecret(c.config.ClientID)) // it opens the door together with the token
	}
	if token, ok := c.tokens.last.Load().(schemas.Secret); ok {
		secrets = append(secrets, token)
	}
	return secrets
}

// plainOf are the texts that are looked for: each secret as it is, with its blanks folded, and each line of several by
// itself.
func plainOf(secrets []schemas.Secret) []string {
	var plain []string
	for _, secret := range secrets {
		if secret.Empty() {
			continue
		}
		text := secret.Reveal()
		plain = append(plain, text)
		if folded := strings.Join(strings.Fields(text), " "); folded != "" && folded != text {
			plain = append(plain, folded)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= shortestLine && line != text {
				plain = append(plain, line)
			}
		}
		if inPath := url.QueryEscape(text); inPath != text { // as HTTP Basic writes it before it is encoded (RFC 6749 2.3.1)
			plain = append(plain, inPath)
		}
	}
	return plain
}

// shortestLine is the length from which a line of a secret of several lines is one by itself: a shorter one may
// be any word.
const shortestLine = 12
