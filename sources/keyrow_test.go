package sources_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"pamsync/schemas"
	"pamsync/sources"
)

// madeKey is an invented key: its private half, locked where there is a passphrase, and its public one.
func madeKey(t *testing.T, passphrase string) (private, public string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	half, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(half)))
}

type keyRow struct {
	public              string
	private, passphrase string
	codes               []string
}

// readKeys reads a source of keys in a folder.
func readKeys(t *testing.T, path string, password schemas.Secret) []keyRow {
	t.Helper()
	s, err := sources.Open(schemas.SourceConfig{Name: filepath.Base(path), Path: path, Format: "auto", Password: password}, sources.Options{Kind: schemas.KindKey, Secrets: true})
	if err != nil {
		t.Fatal(err)
	}
	var rows []keyRow
	err = s.Read(func(row *schemas.Row) error {
		private, passphrase := row.Secret.Parted()
		r := keyRow{public: strings.Clone(row.Values[schemas.FieldPublicKey]), private: private.Reveal(), passphrase: passphrase.Reveal()}
		for _, p := range row.Problems {
			r.codes = append(r.codes, p.Code)
		}
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKeysArePairedBeforeAnythingIsSent: what a cell holds, or names, is a private key that its passphrase
// opens and that the public half belongs to; what is wrong with it is said, and the key never is.
func TestKeysArePairedBeforeAnythingIsSent(t *testing.T) {
	folder := t.TempDir()
	private, public := madeKey(t, "")
	locked, lockedPublic := madeKey(t, "open sesame")
	put(t, folder, "plain", private)
	put(t, folder, "windows", strings.ReplaceAll(private, "\n", "\r\n"))
	put(t, folder, "plain.pub", public+" root@build\n")
	put(t, folder, "locked", locked)
	put(t, folder, "cut", private[:len(private)/2])
	put(t, folder, "old.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\n")
	put(t, folder, "long", strings.Repeat("x", 70<<10))
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	for name, c := range map[string]struct{ private, passphrase, public, want, code string }{
		"a file, and its public half made of it": {private: "plain", want: public},
		"a file from Windows":                    {private: "windows", want: public},
		"the key itself in a cell":               {private: quoted(private), want: public},
		"the key with its line ends written out": {private: strings.ReplaceAll(strings.TrimSpace(private), "\n", `\n`), want: public},
		"both halves, the comment kept":          {private: "plain", public: "plain.pub", want: public + " root@build"},
		"a passphrase of the row":                {private: "locked", passphrase: "open sesame", want: lockedPublic},
		"no passphrase":                          {private: "locked", code: "key_passphrase_missing"},
		"a wrong passphrase":                     {private: "locked", passphrase: "sesame", code: "key_passphrase_wrong"},
		"halves of two keys":                     {private: "plain", public: lockedPublic, code: "key_pair_differs"},
		"a key that was cut":                     {private: "cut", code: "key_damaged"},
		"PuTTY's form":                           {private: "old.ppk", code: "key_putty"},
		"a public key in its place":              {private: "plain.pub", code: "key_no_private"},
		"a file that is not there":               {private: "nowhere", code: "key_file"},
		"a file that is no key":                  {private: "long", code: "key_file"},
		"a public half that is none":             {private: "plain", public: "ssh-ed25519 nonsense", code: "key_public_unreadable"},
		"a file of a folder above, as it is":     {private: "../" + filepath.Base(folder) + "/plain", want: public},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, "keys.csv")
			put(t, folder, "keys.csv", "hostname,username,private_key,passphrase,public_key\nsrv-01,root,"+c.private+","+c.passphrase+","+c.public+"\n")
			rows := readKeys(t, path, schemas.Secret{})
			if len(rows) != 1 {
				t.Fatalf("%d rows", len(rows))
			}
			got := rows[0]
			if c.code != "" {
				if strings.Join(got.codes, " ") != c.code || got.private != "" {
					t.Errorf("%v, want %s, and no key", got.codes, c.code)
				}
				return
			}
			if len(got.codes) > 0 || got.public != c.want || got.passphrase != c.passphrase || !strings.HasPrefix(got.private, "-----BEGIN ") || strings.Contains(got.private, "\r") {
				t.Errorf("%v, public %q", got.codes, got.public)
			}
		})
	}
}

// TestFolderOfKeys: each file is the key of the account that it is called after, one passphrase opens all, and
// a file that is called otherwise is told.
func TestFolderOfKeys(t *testing.T) {
	folder := t.TempDir()
	private, public := madeKey(t, "one for all")
	put(t, folder, "ana@corp.example@srv-01.pem", private)
	put(t, folder, "ana@corp.example@srv-01.pub", public+"\n")
	put(t, folder, "id_rsa", private)
	put(t, folder, ".hidden@srv-09", private)
	s, err := sources.Open(schemas.SourceConfig{Name: "keys", Path: folder, Password: schemas.NewSecret("one for all")}, sources.Options{Kind: schemas.KindKey, Secrets: true})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	if err := s.Read(func(row *schemas.Row) error {
		text := row.Values[schemas.FieldUsername] + " on " + row.Values[schemas.FieldHostname]
		for _, p := range row.Problems {
			text += " " + p.Code + " at " + p.Place.String()
		}
		said = append(said, text)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := "ana@corp.example on srv-01\n on  key_file_name at keys/id_rsa"
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("read\n%s\nwant\n%s", got, want)
	}
	before := s.Use.SHA256
	put(t, folder, "ana@corp.example@srv-01.pub", public+" another comment\n")
	if err := s.Read(func(*schemas.Row) error { return nil }); err != nil || s.Use.SHA256 == before {
		t.Errorf("%v: a changed file left the source's hash as it was", err)
	}
}

// TestFolderOfKeysAnywhere: the files of a folder are its own, whatever its path looks like and wherever it is
// seen from; the half of another host is none of theirs.
func TestFolderOfKeysAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, folder := range []string{"keys", "conf/keys", "my keys/of the estate", filepath.Join(t.TempDir(), "all keys")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		private, public := madeKey(t, "")
		other, otherPublic := madeKey(t, "")
		dotted, dottedPublic := madeKey(t, "")
		put(t, folder, "root@srv-01.pem", private)
		put(t, folder, "root@srv-01.pub", public+"\n")
		put(t, folder, "root@srv", other)
		put(t, folder, "root@srv.pub", otherPublic+"\n")
		put(t, folder, "root@srv.corp", dotted)
		rows := readKeys(t, folder, schemas.Secret{})
		want := []string{public, otherPublic, dottedPublic}
		if len(rows) != len(want) {
			t.Fatalf("%s: %d rows", folder, len(rows))
		}
		for i, r := range rows {
			if len(r.codes) > 0 || !slices.Contains(want, r.public) || !strings.HasPrefix(r.private, "-----BEGIN ") {
				t.Errorf("%s: row %d: %v, public %q", folder, i+1, r.codes, r.public)
			}
		}
		s, err := sources.Open(schemas.SourceConfig{Name: "keys", Path: folder}, sources.Options{Kind: schemas.KindKey})
		if err != nil {
			t.Fatal(err)
		}
		hash := func() string {
			if err := s.Read(func(*schemas.Row) error { return nil }); err != nil {
				t.Fatal(err)
			}
			return s.Use.SHA256
		}
		before := hash()
		put(t, folder, "root@srv.corp", other)
		if hash() == before {
			t.Errorf("%s: a changed file left the source's hash as it was", folder)
		}
	}
}

func TestOtherDevicesOfAKeyAreParted(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"commas stay as they stand", "k.csv", "hostname,username,devices\nsrv-01,root,\"srv-02, srv-03\"\n", "srv-02, srv-03"},
		{"semicolons", "k.csv", "hostname,username,devices\nsrv-01,root,srv-02;srv-03 ; srv-04\n", "srv-02,srv-03,srv-04"},
		{"bars, and one empty", "k.csv", "hostname;username;devices\nsrv-01;root;srv-02||srv-03\n", "srv-02,srv-03"},
		{"line breaks", "k.json", `[{"hostname":"srv-01","username":"root","devices":"srv-02\nsrv-03"}]`, "srv-02,srv-03"},
		{"one", "k.csv", "hostname,username,devices\nsrv-01,root,srv-02\n", "srv-02"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sources.Open(schemas.SourceConfig{Name: c.file, Path: path, Format: "auto"}, sources.Options{Kind: schemas.KindKey})
		if err != nil {
			t.Fatal(err)
		}
		got := "no row"
		if err := s.Read(func(row *schemas.Row) error { got = strings.Clone(row.Values[schemas.FieldDevices]); return nil }); err != nil || got != c.want {
			t.Errorf("%s: %q, want %q: %v", c.name, got, c.want, err)
		}
	}
}
