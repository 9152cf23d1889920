package jobs

import (
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// access are the keys of vault: that say how it lets us in.
func (l *loader) access(a *schemas.Access) map[string]func(*yaml.Node, string) {
	return map[string]func(*yaml.Node, string){
		"auth": l.oneOf(func(s string) { a.Auth = s },
			schemas.AuthOAuth2, schemas.AuthBasic, schemas.AuthOAuth1, schemas.AuthOAuth1Unsigned),
		"oauth_token_file":           l.filePath(&l.more.Token.File),
		"oauth_token_command":        l.text(&l.more.Token.Command),
		"oauth_token_secret_file":    l.filePath(&l.more.TokenSecret.File),
		"oauth_token_secret_command": l.text(&l.more.TokenSecret.Command),
		"tenant":                     l.text(&a.Tenant),
		"referer": func(n *yaml.Node, key string) {
			u, err := url.Parse(n.Value)
			if n.Kind != yaml.ScalarNode || err != nil || u.User != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
				l.fail(n, "bad_value", "key", key, "value", withoutUser(n.Value), "want", "want_referer")
				return
			}
			a.Referer = n.Value
		},
		"client_cert_file": l.filePath(&a.ClientCertFile),
		"client_key_file":  l.filePath(&a.ClientKeyFile),
		"proxy": func(n *yaml.Node, key string) {
			if n.Kind == yaml.ScalarNode && (n.Value == schemas.ProxyNone || n.Value == "") && n.Tag != "!!null" {
				a.Proxy = n.Value
				return
			}
			if _, err := vault.ParseProxy(n.Value); err != nil {
				l.faults = append(l.faults, faultOf(err).At(l.place(n)))
				return
			}
			a.Proxy = strings.TrimSuffix(n.Value, "/")
		},
		"proxy_user":             l.text(&a.ProxyUser),
		"proxy_password_file":    l.filePath(&l.more.ProxyPassword.File),
		"proxy_password_command": l.text(&l.more.ProxyPassword.Command),
		"api_v2": func(n *yaml.Node, key string) {
			if off(n) {
				a.APIV2 = schemas.APIV2Off
				return
			}
			l.oneOf(func(s string) { a.APIV2 = s }, schemas.APIV2Auto, schemas.APIV2Off)(n, key)
		},
	}
}

// accessFits refuses keys that are half of something, or nothing beside the others.
func (l *loader) accessFits(n *yaml.Node, path string) {
	a := &l.config.Vault.Access
	if (a.ClientCertFile == "") != (a.ClientKeyFile == "") {
		l.fail(n, "client_cert_alone")
	}
	if a.ProxyUser != "" && (a.Proxy == "" || a.Proxy == schemas.ProxyNone) {
		l.fail(n, "needs_key", "key", path+".proxy_user", "needs", path+".proxy")
	}
	if a.Tenant != "" && !a.CallsForToken() {
		l.fail(n, "tenant_without_token", "auth", a.Auth)
	}
}

// access shows how the vault lets us in; what is not set is left out, but for the two switches.
func (s *shower) access(node *yaml.Node, a *schemas.Access) {
	more := &s.Loaded.More
	s.plain(node, "vault.auth", a.Auth)
	s.path(node, "vault.oauth_token_file", more.Token.File)
	s.text(node, "vault.oauth_token_command", more.Token.Command)
	s.path(node, "vault.oauth_token_secret_file", more.TokenSecret.File)
	s.text(node, "vault.oauth_token_secret_command", more.TokenSecret.Command)
	s.text(node, "vault.tenant", a.Tenant)
	s.text(node, "vault.referer", a.Referer)
	s.path(node, "vault.client_cert_file", a.ClientCertFile)
	s.path(node, "vault.client_key_file", a.ClientKeyFile)
	s.text(node, "vault.proxy", a.Proxy)
	s.text(node, "vault.proxy_user", a.ProxyUser)
	s.path(node, "vault.proxy_password_file", more.ProxyPassword.File)
	s.text(node, "vault.proxy_password_command", more.ProxyPassword.Command)
	s.plain(node, "vault.api_v2", a.APIV2)
}
