package schemas

// The ways of authorising to a vault (vault-api b).
const (
	AuthOAuth2         = "oauth2"          // client credentials in the form body of the token call
	AuthBasic          = "basic"           // the same by HTTP Basic
	AuthOAuth1         = "oauth1"          // no token call: every request is signed by HMAC-SHA1
	AuthOAuth1Unsigned = "oauth1_unsigned" // up to 3.28: the keys stand in the URL of every request
)

// What vault.api_v2 may be, beside off.
const (
	APIV2Auto = "auto"
	APIV2Off  = "off"
)

// ProxyNone is the value of vault.proxy that leaves the environment's proxy aside.
const ProxyNone = "none"

// Access is how a vault lets us in, beside the client and its secret.
type Access struct {
	Auth             string // one of the ways; "" is AuthOAuth2
	OAuthToken       Secret // of OAuth 1.0a
	OAuthTokenSecret Secret
	Tenant           string // sent with the token call
	Referer          string // header of every request
	ClientCertFile   string // PEM
	ClientKeyFile    string // PEM, not encrypted
	Proxy            string // "" for the environment's, ProxyNone, or an address without a user
	ProxyUser        string
	ProxyPassword    Secret
	APIV2            string // auto or off
}

// CallsForToken tells whether requests carry a token that the vault gives for the client's secret.
func (a *Access) CallsForToken() bool {
	return a.Auth != AuthOAuth1 && a.Auth != AuthOAuth1Unsigned
}

// NeedsSecret tells whether the client's secret is used at all.
func (a *Access) NeedsSecret() bool { return a.Auth != AuthOAuth1Unsigned }

// Complete tells whether what a vault is to be shown is all there.
func (v *VaultConfig) Complete() bool {
	switch v.Auth {
	case AuthOAuth1Unsigned:
		return v.ClientID != "" && !v.OAuthToken.Empty()
	case AuthOAuth1:
		return v.ClientID != "" && !v.ClientSecret.Empty() && !v.OAuthToken.Empty() && !v.OAuthTokenSecret.Empty()
	}
	return v.ClientID != "" && !v.ClientSecret.Empty()
}
