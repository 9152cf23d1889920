package sources_test

import (
	"path/filepath"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// TestWhatStandsForASecretIsNone: what a product shows in the place of a secret is not sent as one, of any kind.
func TestWhatStandsForASecretIsNone(t *testing.T) {
	private, _ := madeKey(t, "")
	for name, c := range map[string]struct {
		kind       schemas.Kind
		file, code string
	}{
		"information that is hidden":              {schemas.KindInfo, "identifier,name,content\nA,n,********\n", "secret_masked"},
		"information that a sheet made":           {schemas.KindInfo, "identifier,name,content\nA,n,#NOME?\n", "secret_masked"},
		"information that is elsewhere":           {schemas.KindInfo, "identifier,name,content\nA,n,{REF:P@I:46C9B1}\n", "secret_reference"},
		"information":                             {schemas.KindInfo, "identifier,name,content\nA,n,a ******** in it\n", ""},
		"a password that is hidden":               {schemas.KindCredential, "hostname,username,password\nsrv,root,********\n", "secret_masked"},
		"the passphrase of a key, that is hidden": {schemas.KindKey, "hostname,username,private_key,passphrase\nsrv,root,plain,********\n", "secret_masked"},
		"a key without one":                       {schemas.KindKey, "hostname,username,private_key,passphrase\nsrv,root,plain,\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			put(t, folder, "in.csv", c.file)
			put(t, folder, "plain", private)
			s, err := sources.Open(schemas.SourceConfig{Name: "in.csv", Path: filepath.Join(folder, "in.csv")}, sources.Options{Kind: c.kind, Secrets: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Read(func(row *schemas.Row) error {
				code := ""
				for _, p := range row.Problems {
					code = p.Code
				}
				_, second := row.Secret.Parted()
				if code != c.code || !second.Empty() || c.code == "" == row.Secret.Empty() && c.kind != schemas.KindKey {
					t.Errorf("%v, a secret: %v", row.Problems, !row.Secret.Empty())
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
