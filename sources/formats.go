package sources

import (
	"pamsync/schemas/sealed"
	"pamsync/sources/profile"
)

// OfBothKinds says whether the exports of a product hold devices and credentials.
func OfBothKinds(product string) bool { return product != "" && profile.KindOf(product) == "" }

// Formats are the names that `format:` of a configuration may have: the forms of files, and the products
// whose exports are known.
func Formats() []string {
	return append([]string{"auto", "csv", "xlsx", "json", sealed.Format}, profile.Names()...)
}
