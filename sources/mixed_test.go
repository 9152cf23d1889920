package sources_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// TestUTF8ButForAByteIsRefused: read as an 8-bit file, its letters of two bytes would become
// nonsense, and the nonsense would be written to the vault.
func TestUTF8ButForAByteIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a stray byte behind real letters": "hostname,site\nsrv-1,São Paulo\nsrv-2,Goi\xe2nia\n",
		"cut in the middle of a letter":    "hostname,site\nsrv-1,São Paulo\nsrv-2,S\xc3",
		"a mark, and a byte that is none":  "\xef\xbb\xbfhostname,site\nsrv-1,S\xe3o Paulo\n",
	} {
		path := filepath.Join(t.TempDir(), "d.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sources.Open(schemas.SourceConfig{Name: "d.csv", Path: path, Format: "auto"}, sources.Options{Kind: schemas.KindDevice})
		var fault *schemas.Fault
		if !errors.As(err, &fault) || fault.Class != schemas.ClassInput || fault.Problem.Code != "mixed_encoding" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
