package vault

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
)

// pair is a parameter's name and value, decoded.
type pair struct{ name, value string }

// authorise puts on a request what lets it in: the token, or in OAuth 1.0a a signature.
func (c *Client) authorise(hr *http.Request, token string) {
	switch c.config.Auth {
	case schemas.AuthOAuth1:
		hr.Header.Set("Authorization", c.signed(hr.Method, hr.URL, time.Now(), rand.Text()))
	case schemas.AuthOAuth1Unsigned:
		q := hr.URL.Query()
		q.Set("oauth_consumer_key", c.config.ClientID)
		q.Set("oauth_token", c.config.OAuthToken.Reveal())
		q.Set("oauth_signature", "-") // as the vendor's own examples have it (vault-api b.3)
		hr.URL.RawQuery = q.Encode()
	default:
		hr.Header.Set("Authorization", "Bearer "+token)
	}
}

// signed is the Authorization header of a request (RFC 5849, 3.5.1). A body of JSON is no part of
// what is signed (3.4.1.3.1), and pamsync sends no other where OAuth 1.0a is used.
func (c *Client) signed(method string, u *url.URL, now time.Time, nonce string) string {
	params := []pair{
		{"oauth_consumer_key", c.config.ClientID},
		{"oauth_token", c.config.OAuthToken.Reveal()},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", strconv.FormatInt(now.Unix(), 10)},
		{"oauth_nonce", nonce},
		{"oauth_version", "1.0"},
	}
	base := signatureBase(method, u, params)
	params = append(params, pair{"oauth_signature", hmacSHA1(base, c.config.ClientSecret, c.config.OAuthTokenSecret)})
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = percent(p.name) + `="` + percent(p.value) + `"`
	}
	return "OAuth " + strings.Join(parts, ", ")
}

// signatureBase is the text that is signed (RFC 5849, 3.4.1): method, address and all parameters,
// those of the query among them.
func signatureBase(method string, u *url.URL, params []pair) string {
	all := slices.Clone(params)
	for name, values := range u.Query() {
		for _, value := range values {
			all = append(all, pair{name, value})
		}
	}
	encoded := make([]pair, len(all))
	for i, p := range all {
		encoded[i] = pair{percent(p.name), percent(p.value)}
	}
	slices.SortFunc(encoded, func(a, b pair) int {
		if n := strings.Compare(a.name, b.name); n != 0 {
			return n
		}
		return strings.Compare(a.value, b.value)
	})
	parts := make([]string, len(encoded))
	for i, p := range encoded {
		parts[i] = p.name + "=" + p.value
	}
	return strings.ToUpper(method) + "&" + percent(baseAddress(u)) + "&" + percent(strings.Join(parts, "&"))
}

// baseAddress is an address without its query, and without a port that its scheme implies
// (RFC 5849, 3.4.1.2).
func baseAddress(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if scheme == "http" {
		host = strings.TrimSuffix(host, ":80")
	} else {
		host = strings.TrimSuffix(host, ":443")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path
}

// hmacSHA1 signs a base text by the secrets of consumer and token (RFC 5849, 3.4.2).
func hmacSHA1(base string, consumer, token schemas.Secret) string {
	mac := hmac.New(sha1.New, []byte(percent(consumer.Reveal())+"&"+percent(token.Reveal())))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent is the encoding of RFC 5849, 3.6: all but the unreserved characters, in upper case.
func percent(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte("0123456789ABCDEF"[c>>4])
		b.WriteByte("0123456789ABCDEF"[c&15])
	}
	return b.String()
}
