package sources

import "pamsync/sources/profile"

// Formats are the names that `format:` of a configuration may have: the forms of files, and the products
// whose exports are known.
func Formats() []string {
	return append([]string{"auto", "csv", "xlsx", "json"}, profile.Names()...)
}
