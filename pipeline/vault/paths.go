package vault

import (
	"net/http"
	"regexp"
)

// route is one verb-and-path pair that this package may call; the prefix /api or /iso comes
// before the path.
type route struct {
	method string
	path   *regexp.Regexp
}

// routes is the whole of what this package can do to a vault. A call that returns a password,
// a private key or protected content, or that takes custody, is not on it and never will be
// (law 2): such calls have a package of their own.
func routes() []route {
	r := func(method, path string) route {
		return route{method, regexp.MustCompile(`^/(?:api|iso)` + path + `$`)}
	}
	return []route{
		r(http.MethodPost, `/oauth2/token`),
		r(http.MethodGet, `/pam/device(?:/[0-9]+)?`), // one device holds no secret
		r(http.MethodGet, `/pam/credential`),
		r(http.MethodGet, `/(?:pam/)?session/remotesessions`),
		{http.MethodGet, regexp.MustCompile(`^/api/v2/pam/credentials(?:/[0-9]+)?$`)}, // attributes that are not sensitive (vault-api a.7)
		r(http.MethodPost, `/pam/(?:device|credential)`),
		r(http.MethodPut, `/pam/(?:device|credential|key)/[0-9]+`),
		r(http.MethodDelete, `/pam/(?:device|credential|key)/[0-9]+`),
	}
}

func allowed(table []route, method, path string) bool {
	for _, r := range table {
		if r.method == method && r.path.MatchString(path) {
			return true
		}
	}
	return false
}
