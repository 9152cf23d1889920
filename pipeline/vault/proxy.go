package vault

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"pamsync/schemas"
)

// errProxyPassword is the cause of a request that the proxy let pass for nobody it knows: 407.
var errProxyPassword = errors.New("the proxy asks for a user and password (407)")

// errProxyVariable stands for the error of net/http about a variable, which quotes its password.
var errProxyVariable = errors.New("HTTPS_PROXY holds no address of a proxy")

// proxy is the way to the vault through one of the environment's or the configuration's.
type proxy struct {
	find   func(*http.Request) (*url.URL, error)
	set    bool             // by the configuration
	hidden []schemas.Secret // its passwords, which are never said
}

// proxyOf is the proxy that counts for a vault; its errors are faults of class config.
func proxyOf(config *schemas.VaultConfig, base *url.URL) (proxy, error) {
	switch config.Proxy {
	case schemas.ProxyNone:
		return proxy{find: func(*http.Request) (*url.URL, error) { return nil, nil }, set: true}, nil
	case "":
		return environmentProxy(base), nil
	}
	u, err := ParseProxy(config.Proxy)
	if err != nil {
		return proxy{}, err
	}
	if config.ProxyUser != "" {
		u.User = url.UserPassword(config.ProxyUser, config.ProxyPassword.Reveal())
	}
	return proxy{set: true, hidden: []schemas.Secret{config.ProxyPassword}, find: func(rq *http.Request) (*url.URL, error) {
		if rq.URL.Scheme == "http" {
			return nil, nil // this machine alone: what is not encrypted goes to nobody else
		}
		return u, nil
	}}, nil
}

func environmentProxy(base *url.URL) proxy {
	broken := brokenVariable(base)
	p := proxy{find: func(rq *http.Request) (*url.URL, error) {
		if broken {
			return nil, errProxyVariable
		}
		u, err := http.ProxyFromEnvironment(rq)
		if err != nil {
			return nil, errProxyVariable
		}
		return u, nil
	}}
	if u, err := p.find(&http.Request{URL: base}); err == nil && u != nil {
		if password, ok := u.User.Password(); ok {
			p.hidden = append(p.hidden, schemas.NewSecret(password))
		}
	}
	return p
}

// brokenVariable tells a variable that net/http would leave aside without a word, and so go to the
// vault directly.
func brokenVariable(base *url.URL) bool {
	text := cmp.Or(os.Getenv("HTTPS_PROXY"), os.Getenv("https_proxy"))
	if base.Scheme != "https" || text == "" || loopback(base.Hostname()) || cmp.Or(os.Getenv("NO_PROXY"), os.Getenv("no_proxy")) != "" {
		return false
	}
	if _, err := url.Parse(text); err == nil {
		return false
	}
	_, err := url.Parse("http://" + text) // host:port alone is one
	return err != nil
}

// ParseProxy checks a proxy's address: http, https or socks5, and neither user nor path in it.
func ParseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case strings.Contains(text, "@"):
		return nil, schemas.NewFault(schemas.ClassConfig, "proxy_has_user") // the address is not said
	case err != nil || u.Hostname() == "" || badPort(u.Port()) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "",
		u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return nil, schemas.NewFault(schemas.ClassConfig, "bad_value", "key", "vault.proxy", "value", text, "want", "want_proxy")
	}
	return u, nil
}

// answered tells a proxy's demand for a password from its other refusals.
func (proxy) answered(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusProxyAuthRequired {
		return errProxyPassword
	}
	return nil
}

// shown is the proxy of the way to an address, without its user and password; "" for none.
func (p proxy) shown(to *url.URL) string {
	u, err := p.find(&http.Request{URL: to})
	if err != nil || u == nil {
		return ""
	}
	shown := *u // the transport's own keeps its password
	shown.User = nil
	return shown.String()
}

// proxyCode says what is wrong with the proxy, "" where it is not the proxy.
func proxyCode(err error) string {
	var op *net.OpError
	switch {
	case errors.Is(err, errProxyPassword):
		return "proxy_password"
	case errors.Is(err, errProxyVariable):
		return "proxy_variable"
	case errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect"):
		return "proxy_unreachable"
	}
	return ""
}
