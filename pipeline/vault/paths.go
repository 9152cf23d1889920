package vault

import (
	"net/http"
	"regexp"

	"pamsync/pipeline/vault/internal/lend"
)

// routes is the whole of what this package can do to a vault. A call that returns a password,
// a private key or protected content, or that takes custody, is not on it and never will be
// (law 2): such calls have a package of their own.
func routes() []lend.Route {
	return []lend.Route{
		lend.To(http.MethodPost, `/oauth2/token`),
		lend.To(http.MethodGet, `/pam/device(?:/[0-9]+)?`), // one device holds no secret
		lend.To(http.MethodGet, `/pam/credential`),
		lend.To(http.MethodGet, `/(?:pam/)?session/remotesessions`),
		{Method: http.MethodGet, Path: regexp.MustCompile(`^/api/v2/pam/credentials(?:/[0-9]+)?$`)}, // attributes that are not sensitive (vault-api a.7)
		lend.To(http.MethodPost, `/pam/(?:device|credential|key|info)`),
		lend.To(http.MethodPut, `/pam/(?:device|credential|key)/[0-9]+`),
		lend.To(http.MethodDelete, `/pam/(?:device|credential|key)/[0-9]+`),
		lend.To(http.MethodDelete, `/pam/info/\.*[0-9A-Za-z_-][0-9A-Za-z._-]*`), // by its identifier, where no id was answered
		lend.To(http.MethodDelete, `/pam/credential/custody/[0-9]+`),            // gives custody back, takes none
		lend.To(http.MethodDelete, `/(?:pam/)?session/drop/[0-9A-Za-z-]+`),
	}
}

func allowed(table []lend.Route, method, path string) bool {
	for _, r := range table {
		if r.Method == method && r.Path.MatchString(path) {
			return true
		}
	}
	return false
}
