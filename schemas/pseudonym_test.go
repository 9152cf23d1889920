package schemas_test

import (
	"strings"
	"testing"

	"pamsync/schemas"
)

// TestPseudonymsAreKnown without their key, and names that only look like them are not.
func TestPseudonymsAreKnown(t *testing.T) {
	made := schemas.Pseudonym("host", []byte("012345"))
	if len(made) != len("host-")+16 || !strings.HasPrefix(made, "host-303132333435") {
		t.Error(made)
	}
	if !schemas.IsPseudonym(made) || !schemas.IsPseudonym(schemas.Pseudonym("user", make([]byte, 8))) {
		t.Error("not known")
	}
	last := byte('0')
	if made[len(made)-1] == '0' {
		last = '1'
	}
	for _, text := range []string{"", "-", "host-", "srv-01", "host-3031323334350000", made[:len(made)-1] + string(last), strings.ToUpper(made), made + " ", made[1:], strings.TrimPrefix(made, "host")} {
		if schemas.IsPseudonym(text) {
			t.Errorf("%q is taken for a pseudonym", text)
		}
	}
}
