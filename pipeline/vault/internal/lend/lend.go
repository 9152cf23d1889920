// Package lend is the key to the transport of a vault's client. Only packages below pipeline/vault can
// name it, so that no other can make a call that stands on no list of that package (law 2).
package lend

import "regexp"

// Key is asked for by Client.Lend.
type Key struct{ _ [0]func() }

// Route is one verb-and-path pair; Path is anchored and holds the prefix, /api or /iso, too.
type Route struct {
	Method string
	Path   *regexp.Regexp
}

// To is the route of a method and of a path behind the prefix, as a regular expression.
func To(method, path string) Route {
	return Route{method, regexp.MustCompile(`^/(?:api|iso)` + path + `$`)}
}
