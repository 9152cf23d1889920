package schemas_test

import (
	"testing"

	"pamsync/schemas"
)

func TestRefNames(t *testing.T) {
	for _, c := range []struct {
		ref       schemas.Ref
		key, info bool
	}{
		{schemas.Ref{ID: "12"}, true, true}, {schemas.Ref{ID: "12", Identifier: "lic"}, true, true}, {schemas.Ref{ID: "lic"}, false, false}, {schemas.Ref{}, false, false},
		{schemas.Ref{Identifier: "a.b-c_1"}, false, true}, {schemas.Ref{Identifier: "7"}, false, false}, {schemas.Ref{Identifier: "99999999999999999999999"}, false, false},
		{schemas.Ref{Identifier: "."}, false, false}, {schemas.Ref{Identifier: ".."}, false, false}, {schemas.Ref{Identifier: ".x"}, false, true},
		{schemas.Ref{Identifier: "a/b"}, false, false}, {schemas.Ref{Identifier: "a b"}, false, false}, {schemas.Ref{Identifier: "../x"}, false, false},
	} {
		if c.ref.Names(schemas.KindKey) != c.key || c.ref.Names(schemas.KindInfo) != c.info {
			t.Errorf("%+v", c.ref)
		}
	}
}
