package vaultsim

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// oauth1Skew is how far a timestamp may be from the vault's clock (I).
const oauth1Skew = 5 * time.Minute

// nonces are those seen, which are refused a second time (RFC 5849, 3.3).
type nonces struct {
	mu   sync.Mutex
	seen map[string]bool
}

// calledFromHere tells whether the authorisation's referrers and certificate
// let a request through (D; what is answered otherwise is I).
func (v *Vault) calledFromHere(c *call) bool {
	referer := c.r.Header.Get("Referer")
	if v.RequireReferer != "" && referer != v.RequireReferer || v.RefuseReferer && referer != "" {
		return false
	}
	if v.RequireCert == "" {
		return true
	}
	if c.r.TLS == nil || len(c.r.TLS.PeerCertificates) == 0 {
		return false
	}
	sum := sha256.Sum256(c.r.TLS.PeerCertificates[0].Raw)
	return strings.EqualFold(hex.EncodeToString(sum[:]), v.RequireCert)
}

// admitOAuth1 checks the keys of OAuth 1.0a; tried is false for a request
// that has none. Texts but "Invalid signature" are invented (I).
func (v *Vault) admitOAuth1(c *call) (a answer, fine, tried bool) {
	if keys, found := strings.CutPrefix(c.auth, "OAuth "); found {
		text := v.verifyOAuth1(c, headerParams(keys))
		return bare(http.StatusUnauthorized, text), text == "", true
	}
	q := c.r.URL.Query()
	if q.Get("oauth_consumer_key") == "" || !v.OAuth1Unsigned {
		return answer{}, false, false
	}
	v.mu.Lock()
	_, known := v.Clients[q.Get("oauth_consumer_key")]
	v.mu.Unlock()
	fine = known && q.Get("oauth_token") == v.OAuth1Token
	return bare(http.StatusUnauthorized, "Unauthorized"), fine, true
}

// headerParams are the parameters of an Authorization header, decoded.
func headerParams(text string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		plain, err := url.PathUnescape(strings.Trim(value, `"`))
		if err == nil {
			out[name] = plain
		}
	}
	return out
}

// verifyOAuth1 is "" for a signature that is right, else what is said of it.
func (v *Vault) verifyOAuth1(c *call, o map[string]string) string {
	v.mu.Lock()
	secret, known := v.Clients[o["oauth_consumer_key"]]
	v.mu.Unlock()
	stamp, err := strconv.ParseInt(o["oauth_timestamp"], 10, 64)
	switch {
	case !known, o["oauth_token"] != v.OAuth1Token:
		return "Unauthorized"
	case o["oauth_signature_method"] != "HMAC-SHA1" || o["oauth_version"] != "" && o["oauth_version"] != "1.0":
		return "Invalid signature method"
	case err != nil || v.now().Add(v.Clock).Sub(time.Unix(stamp, 0)).Abs() > oauth1Skew:
		return "Invalid timestamp"
	case !hmac.Equal([]byte(o["oauth_signature"]), []byte(sign(c.r, o, secret, v.OAuth1Secret))):
		return "Invalid signature"
	case !v.nonces.take(o["oauth_timestamp"] + " " + o["oauth_nonce"]):
		return "Invalid nonce"
	}
	return ""
}

func (n *nonces) take(nonce string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	again := n.seen[nonce]
	n.seen[nonce] = true
	return !again
}

// sign is the signature that a request should have (RFC 5849, 3.4).
func sign(r *http.Request, o map[string]string, consumer, token string) string {
	var pairs []string
	add := func(name, value string) { pairs = append(pairs, escape(name)+"\x00"+escape(value)) }
	for name, value := range o {
		if name != "oauth_signature" && name != "realm" {
			add(name, value)
		}
	}
	for name, values := range r.URL.Query() {
		for _, value := range values {
			add(name, value)
		}
	}
	slices.Sort(pairs) // by name, then by value
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	base := r.Method + "&" + escape(scheme+"://"+strings.ToLower(r.Host)+r.URL.EscapedPath()) + "&" + escape(strings.ReplaceAll(strings.Join(pairs, "&"), "\x00", "="))
	mac := hmac.New(sha1.New, []byte(escape(consumer)+"&"+escape(token)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escape is url.QueryEscape as RFC 5849, 3.6 wants it.
func escape(text string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(text))
}
