package pipeline

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"pamsync/schemas"
)

// TestIdentifierOwners holds the index of the owners against a search of all that is remembered.
func TestIdentifierOwners(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := NewMemory(nil)
	whats := []string{schemas.RememberInactive, schemas.RememberNotVisible, schemas.RememberPrint, schemas.RememberRenaming}
	kinds := []schemas.Kind{schemas.KindCredential, schemas.KindKey, schemas.KindDevice}
	for range 5000 {
		one := schemas.Remembered{What: whats[r.IntN(4)], Kind: kinds[r.IntN(3)], ID: strconv.Itoa(r.IntN(4)), Key: "k" + strconv.Itoa(r.IntN(6))}
		if one.Values[schemas.FieldIdentifier] = []string{"", "Id-1", "id-2 ", "id-3"}[r.IntN(4)]; r.IntN(3) == 0 {
			m.Forget(one)
		} else {
			m.Put(one)
		}
		for _, id := range []string{"", "ID-1", "id-2", "id-3", "id-4"} {
			var want *schemas.Remembered
			for i := range m.list {
				if have := unlistedIdentifier(&m.list[i]); want == nil && have != "" && have == fold(id) {
					want = &m.list[i]
				}
			}
			if got := m.identifierOwner(id); got != want {
				t.Fatalf("the owner of %q is %+v, wanted %+v", id, got, want)
			}
		}
	}
}

// TestRenamedKeyForgetsItsOwn: what is remembered of a key under an earlier name goes when it has another, and nothing
// of the key that has that name now.
func TestRenamedKeyForgetsItsOwn(t *testing.T) {
	print := func(id, key string) schemas.Remembered {
		return schemas.Remembered{What: schemas.RememberPrint, Kind: schemas.KindKey, ID: id, Key: key, Field: "tags", Print: "of " + id}
	}
	m := NewMemory([]schemas.Remembered{print("10", "ci@srv-01")})
	m.Put(print("20", "ci@srv-01"))
	m.Put(print("10", "ci@srv-01 #ci-10"))
	for _, id := range []string{"10", "20"} {
		if got := m.keyPrint(id, "", schemas.FieldTags); got != "of "+id {
			t.Errorf("of key %s %q is remembered", id, got)
		}
	}
}
