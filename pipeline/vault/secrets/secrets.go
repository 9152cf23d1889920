// Package secrets makes the calls that return a password, a private key, protected content or an
// authenticated URL, and those that take custody (law 2). No command makes one that does not say so in
// its name: the package is imported by those jobs alone.
package secrets

import (
	"net/http"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/internal/lend"
)

// Caller makes those calls, at the pace of the client that it was made of.
type Caller struct{ lent *vault.Lent }

// Of borrows the transport of a client.
func Of(client *vault.Client) *Caller { return &Caller{client.Lend(lend.Key{}, routes())} }

// routes is the whole of what this package can call.
func routes() []lend.Route {
	return []lend.Route{
		lend.To(http.MethodGet, `/pam/(?:credential|key|info)/[0-9]+`),       // of a credential: takes custody (vault-api c.2)
		lend.To(http.MethodGet, `/pam/info/\.*[0-9A-Za-z_-][0-9A-Za-z._-]*`), // `.` and `..` are other paths
		lend.To(http.MethodPost, `/(?:pam/)?remote/session`),
	}
}
