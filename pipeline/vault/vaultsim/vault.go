// Package vaultsim answers the REST API of a senhasegura/Segura vault from
// memory, over real HTTP, so that a client can be tried without a vault.
//
// It is written from the vendor's pages alone and must stay so: it imports
// nothing of this module and shares no type with the client, so a client that
// misreads the pages fails here. Marks in comments name the page a behaviour
// comes from: S23 the 3.23 methods page, D33 and D the later documentation,
// C public client code, I inferred (no public text; may be wrong).
//
//	v := &vaultsim.Vault{Version: "3.33"}
//	v.AddDevice(vaultsim.Device{Hostname: "web01", IP: "10.0.0.1"})
//	srv := httptest.NewServer(v)
//	// POST {srv.URL}/api/oauth2/token, then GET {srv.URL}/api/pam/device
//	for _, r := range v.Log() { … }
//
// Everything a test may want to vary is an exported field of [Vault]. A record
// is never removed, only made inactive, and its id is never used again.
package vaultsim

import (
	"crypto/rsa"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Vault is a simulated vault and an [http.Handler]. Its zero value is ready
// and behaves as version 3.33 with an empty store. Fields are set before
// the state is loaded and the first request is served, and not changed
// afterwards; all hooks but Keep run without a lock held and may call every
// method.
type Vault struct {
	// Clients maps client ids to secrets; nil accepts any that are not empty.
	Clients map[string]string
	// Prefix is "" for both path prefixes, or "iso" or "api": the other
	// then answers 404.
	Prefix string
	// Version is "3.23", "3.32", "3.33" (default), "4.0" or "4.2.2": envelope, codes
	// and messages of that version; API v2 is there from 4.2.2 on. Others count as the one before them,
	// but 3.30 and 3.31 as 3.32.
	Version string
	// Tenant is named in the answers of 3.33 and up; default "senhasegura".
	Tenant string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Clock is how far the Date header of the answers is from the right time.
	Clock time.Duration
	// Zone is that of the vault's zone-less times; nil is UTC-3 (I).
	Zone *time.Location

	// TokenTTL is the life of an access token, default one hour.
	TokenTTL time.Duration
	// TokenErrorEnvelope answers a wrong client in the usual envelope
	// instead of the OAuth shape.
	TokenErrorEnvelope bool

	// The ways of authorising (b); each zero value asks for nothing.
	// RequireBasic takes client id and secret of a token call as HTTP Basic alone,
	// RequireForm in the body alone.
	RequireBasic, RequireForm bool
	// RequireTenant refuses a token call that names another tenant or none.
	RequireTenant string
	// RequireReferer refuses every request without this Referer (I), and
	// RefuseReferer every request with one.
	RequireReferer string
	RefuseReferer  bool
	// RequireCert refuses every request on a connection whose client showed no
	// certificate with this SHA-256, in hex (I).
	RequireCert string
	// OAuth1Token and OAuth1Secret are the token and its secret of OAuth 1.0a;
	// consumers are Clients, which must be set. Where they are set, requests
	// signed by HMAC-SHA1 are let in, and with OAuth1Unsigned those that have
	// the keys in their query.
	OAuth1Token, OAuth1Secret string
	OAuth1Unsigned            bool

	// V2NoNext leaves the link to the next page out of the lists of API v2.
	V2NoNext bool

	// Latency is added to every answer but the token's, before the request
	// is applied. Requests wait side by side.
	Latency time.Duration
	// RateLimit, when above 0, is the number of requests a second, after
	// RateBurst (at least 1) at once; more get 429 with Retry-After and
	// X-RateLimit-*. Token requests are not counted.
	RateLimit float64
	RateBurst int

	// ShowInactive lists inactive records and lets GET read them.
	ShowInactive bool
	// InactiveGetCode refuses GET of an inactive credential with this code
	// (1008) instead of 1007.
	InactiveGetCode int
	// AlreadyInactiveCode refuses DELETE of an inactive credential with this
	// code; 0 is by version: 3.23 1007, 3.32 1017, 3.33 1008.
	AlreadyInactiveCode int
	// PostReactivates makes a POST on an inactive record activate it.
	PostReactivates bool
	// PostStatus is the HTTP status of a successful device, credential or
	// information POST; 0 is by version: 200 in 3.23, then 201.
	PostStatus int
	// MatchHostnameOnly finds the device of a credential without its ip.
	MatchHostnameOnly bool
	// CaseSensitive tells hostnames, usernames, identifiers and domains
	// apart by case.
	CaseSensitive bool
	// DuplicateCreates makes a POST always create another device or
	// credential where hostname (and username) would have matched; an
	// identifier still matches.
	DuplicateCreates bool
	// ReadOnly refuses every write with 1039.
	ReadOnly bool
	// AnyDomain takes every domain as registered.
	AnyDomain bool
	// HideNewDevices leaves created devices out of lists until [Vault.Authorise].
	HideNewDevices bool
	// Forbid answers everything but the token with a 403 envelope, as for a
	// caller whose address is not authorised (I).
	Forbid bool
	// Users are the users a credential's owner may be; nil accepts any, and
	// one not among them is HTTP 500 (D33).
	Users map[string]bool
	// HeldElsewhere names credential ids in somebody's custody: GET is 1009 (I).
	HeldElsewhere map[string]bool
	// EncryptFor encrypts the passwords, contents and keys that GET returns.
	EncryptFor *rsa.PublicKey
	// RotateOnRelease changes a password when its custody is released.
	RotateOnRelease bool
	// NewKeyPartial reports every device of a new key in devices_error.
	NewKeyPartial bool
	// NoKeysOn is a device on which no key can be installed, registered or not.
	NoKeysOn string
	// InfoUpserts makes an information POST update by identifier; InfoEcho
	// makes it answer with all it was sent, the content too (S23).
	InfoUpserts, InfoEcho bool

	// PortugueseMessages and PortugueseSessionKeys translate the texts, and
	// the keys credential and device of sessions.
	PortugueseMessages, PortugueseSessionKeys bool
	// TightCodes writes "1011:text" without the blank.
	TightCodes bool
	// QuietErrors says error false in a refusal (S23, information 1026).
	QuietErrors bool

	// AnnounceDelta is added to the count a list's message announces,
	// AnnounceSeparator is its thousands separator, SilentCount announces
	// none. Lists are named "devices", "credentials" and "sessions".
	AnnounceDelta     map[string]int
	AnnounceSeparator string
	SilentCount       bool
	// TruncateList ends a list's body after so many bytes, as if whole.
	TruncateList map[string]int
	// RefuseList answers a list with HTTP 500 "You are not authorized …".
	RefuseList map[string]bool
	// Drip pauses after each 32 KiB of a list.
	Drip time.Duration
	// UnfinishedSession is "null" (default), "empty" or "omit": the end and
	// time of a session that runs.
	UnfinishedSession string
	// ManySessions is the number of [Sessions] listed after the stored ones.
	ManySessions int

	// Keep returns what is stored for a field sent in a POST; kind is
	// "device", "credential", "key" or "info", field the parameter's name.
	// Records are matched by what it returns; nil stores as sent. It must
	// not call the vault.
	Keep func(kind, field, value string) string
	// Fault picks how a request is spoilt.
	Fault func(r Request) Fault
	// LateBy is how long after the reset [LateApply] applies.
	LateBy time.Duration
	// RedirectTo is the target of [Redirect302], default "/login".
	RedirectTo string
	// OnRequest is called when a request was read, before it is applied.
	OnRequest func(r Request)
	// OnApplied is called after a write was applied, before its answer leaves.
	OnApplied func(r Request)

	mu     sync.Mutex // guards store and Clients
	store  store
	tokens tokens
	log    requestLog
	bucket bucket
	nonces nonces
}

func (v *Vault) now() time.Time {
	if v.Now != nil {
		return v.Now()
	}
	return time.Now()
}

// stamp is now as the vault writes it: local and without a zone (D).
func (v *Vault) stamp() string {
	zone := v.Zone
	if zone == nil {
		zone = time.FixedZone("-03", -3*60*60)
	}
	return v.now().In(zone).Format(time.DateTime)
}

// kept is what is stored of a value sent.
func (v *Vault) kept(kind, field, value string) string {
	if v.Keep == nil {
		return value
	}
	return v.Keep(kind, field, value)
}

// era orders the versions whose answers differ.
type era int

const (
	era323 era = iota
	era332
	era333
	era400
)

func (v *Vault) era() era {
	first, rest, _ := strings.Cut(v.Version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.Atoi(first)
	if err != nil {
		return era333
	}
	minor, err := strconv.Atoi(second)
	switch {
	case major > 3:
		return era400
	case major == 3 && (err != nil || minor >= 33):
		return era333
	case major == 3 && minor >= 30:
		return era332
	default:
		return era323
	}
}
