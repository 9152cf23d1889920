package sources_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
	"pamsync/sources"
)

func encrypted(t *testing.T, key *age.X25519Identity, lines ...sealed.Line) []byte {
	t.Helper()
	var text []byte
	var err error
	for _, line := range lines {
		if text, err = sealed.Append(text, line); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, key.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSealedRows: each kind's records with their secrets where they are asked for, each device once, those of
// other kinds left to others; records that are encrypted by themselves are opened too.
func TestSealedRows(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), "")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a-key") // a good one, of this machine
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	start := sealed.Line{Start: &schemas.Start{Format: sealed.Format, Version: 1}}
	account := &schemas.SecretRecord{Kind: schemas.KindCredential, ID: "1", Username: "root", Hostname: "srv-01", IP: "10.0.0.1", ParentID: "9", Type: "Local User",
		Device: schemas.Device{Site: "LAX", Vendor: "v", Type: "Server"}, Secret: schemas.NewSecret("'=***")}
	second := &schemas.SecretRecord{Kind: schemas.KindCredential, ID: "2", Username: "app", Hostname: "SRV-01", IP: "10.0.0.1", Secret: schemas.NewSecret("two")}
	sshKey := &schemas.SecretRecord{Kind: schemas.KindKey, ID: "3", Username: "deploy", Hostname: "srv-02", IP: "10.0.0.2", Name: "main", Tags: []string{"a", "b"},
		Devices: []schemas.Installed{{Hostname: "SRV-02"}, {Hostname: "srv-03"}}, Secret: schemas.NewSecret(file)}
	info := &schemas.SecretRecord{Kind: schemas.KindInfo, ID: "4", Identifier: "lic", Name: "licence", Type: "License", Secret: schemas.NewSecret("i")}
	inner := encrypted(t, key, sealed.Line{Record: second})
	whole := encrypted(t, key, start, sealed.Line{Record: account}, sealed.Line{Sealed: inner}, sealed.Line{Record: sshKey}, sealed.Line{Record: info}, sealed.Line{End: &sealed.End{Records: 4}})
	path := filepath.Join(t.TempDir(), "x.age")
	read := func(data []byte, kind schemas.Kind, secrets bool) (rows []schemas.Row, others int, err error) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sources.Open(schemas.SourceConfig{Name: "x.age", Path: path, Format: "auto", Identity: schemas.NewSecret(key.String())}, sources.Options{Kind: kind, Secrets: secrets})
		if err != nil {
			return nil, 0, err
		}
		err = s.Read(func(row *schemas.Row) error {
			rows = append(rows, *row)
			return nil
		})
		return rows, s.Others, err
	}
	rows, others, err := read(whole, schemas.KindCredential, true)
	if err != nil || len(rows) != 2 || others != 2 || rows[0].Secret.Reveal() != "'=***" || rows[1].Secret.Reveal() != "two" ||
		rows[0].Values[schemas.FieldParent] != "" || rows[0].Values[schemas.FieldID] != "" || rows[0].Values[schemas.FieldCredentialType] != "Local User" {
		t.Errorf("%v, %d others, %+v", err, others, rows)
	}
	if rows, _, err := read(whole, schemas.KindCredential, false); err != nil || len(rows) != 2 || !rows[0].Secret.Empty() {
		t.Errorf("without passwords: %v, %+v", err, rows)
	}
	rows, _, err = read(whole, schemas.KindDevice, false)
	if err != nil || len(rows) != 2 || rows[0].Values[schemas.FieldSite] != "LAX" || rows[1].Values[schemas.FieldHostname] != "srv-02" || !rows[0].Secret.Empty() {
		t.Errorf("devices: %v, %+v", err, rows)
	}
	rows, others, err = read(whole, schemas.KindInfo, true)
	if err != nil || len(rows) != 1 || others != 3 || rows[0].Secret.Reveal() != "i" || rows[0].Values[schemas.FieldName] != "licence" || rows[0].Values[schemas.FieldType] != "License" {
		t.Errorf("protected information: %v, %d others, %+v", err, others, rows)
	}
	// What a vault calls a private key, and is none, is never taken for the name of a file here.
	rows, others, err = read(whole, schemas.KindKey, true)
	if err != nil || len(rows) != 1 || others != 3 || !rows[0].Secret.Empty() || len(rows[0].Problems) != 1 || rows[0].Problems[0].Code != "key_file" ||
		rows[0].Values[schemas.FieldKeyName] != "main" || rows[0].Values[schemas.FieldTags] != "a,b" || rows[0].Values[schemas.FieldDevices] != "srv-03" {
		t.Errorf("keys: %v, %d others, %+v", err, others, rows)
	}
	var armored bytes.Buffer
	w := armor.NewWriter(&armored)
	if _, err := w.Write(whole); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if rows, _, err := read(armored.Bytes(), schemas.KindCredential, true); err != nil || len(rows) != 2 {
		t.Errorf("as text: %v, %d rows", err, len(rows))
	}
	for name, data := range map[string][]byte{
		"cut":             whole[:len(whole)-9],
		"no end":          encrypted(t, key, start, sealed.Line{Record: account}),
		"a record less":   encrypted(t, key, start, sealed.Line{Record: account}, sealed.Line{End: &sealed.End{Records: 2}}),
		"more behind it":  encrypted(t, key, start, sealed.Line{End: &sealed.End{}}, sealed.Line{Record: account}),
		"no start":        encrypted(t, key, sealed.Line{Record: account}, sealed.Line{End: &sealed.End{Records: 1}}),
		"another version": encrypted(t, key, sealed.Line{Start: &schemas.Start{Format: sealed.Format, Version: 2}}, sealed.Line{End: &sealed.End{}}),
		"nothing":         encrypted(t, key),
	} {
		if rows, _, err := read(data, schemas.KindCredential, true); err == nil {
			t.Errorf("%s: taken for whole, with %d rows", name, len(rows))
		}
	}
}

// TestSealedProof: an export of all that a vault lists of a kind proves what it lacks, where nothing failed; any
// other does not, and none does of a device.
func TestSealedProof(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.age")
	for _, c := range []struct {
		name string
		end  sealed.End
		kind schemas.Kind
		why  string
	}{
		{"all", sealed.End{Records: 1, Chosen: 1, By: schemas.ChosenAll}, schemas.KindCredential, ""},
		{"devices of all", sealed.End{Records: 1, Chosen: 1, By: schemas.ChosenAll}, schemas.KindDevice, "device"},
		{"failed", sealed.End{Records: 1, Chosen: 4, Failed: 3, By: schemas.ChosenAll}, schemas.KindCredential, "failed"},
		{"a filter", sealed.End{Records: 1, Chosen: 1, By: schemas.ChosenMatch}, schemas.KindCredential, "chosen"},
		{"rows", sealed.End{Records: 1, Chosen: 1, By: schemas.ChosenRows}, schemas.KindCredential, "chosen"},
		{"a choice that is not known", sealed.End{Records: 1, Chosen: 1, By: "luck"}, schemas.KindCredential, "chosen"},
		{"an earlier build", sealed.End{Records: 1}, schemas.KindCredential, "former"},
	} {
		text := encrypted(t, key, sealed.Line{Start: &schemas.Start{Format: sealed.Format, Version: 1}},
			sealed.Line{Record: &schemas.SecretRecord{Kind: schemas.KindCredential, ID: "1", Username: "root", Hostname: "srv-01"}}, sealed.Line{End: &c.end})
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sources.Open(schemas.SourceConfig{Name: "x.age", Path: path, Format: "auto", Identity: schemas.NewSecret(key.String())}, sources.Options{Kind: c.kind})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Read(func(*schemas.Row) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if s.Part["why"] != c.why || c.why == "failed" && (s.Part["failed"] != "3" || s.Part["chosen"] != "4") {
			t.Errorf("%s: %v", c.name, s.Part)
		}
	}
}
