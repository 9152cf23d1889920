package sealed_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"pamsync/schemas"
	"pamsync/sinks/sealed"
)

// somebody can open what is sealed to them; nobody has the key.
func somebody(t *testing.T) *sealed.Recipients {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	to, err := sealed.ParseRecipients([]string{key.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestDamagedPartIsNotKept: a line that is not what was written is none, the others are; what is kept anew for
// it counts, and a line that was cut is taken off.
func TestDamagedPartIsNotKept(t *testing.T) {
	to, path := somebody(t), filepath.Join(t.TempDir(), "secrets.parts")
	keep := func(p *sealed.Parts, changes ...string) {
		t.Helper()
		for _, change := range changes {
			if err := p.Keep(change, &schemas.SecretRecord{Kind: schemas.KindCredential, ID: change, Secret: schemas.NewSecret("x")}); err != nil {
				t.Fatal(err)
			}
		}
	}
	open := func(damaged int, changes ...string) *sealed.Parts {
		t.Helper()
		p, err := sealed.OpenParts(path, to)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		if p.Damaged != damaged || p.Before() != len(changes) {
			t.Fatalf("%d lines are damaged and %d kept, not %d and %d", p.Damaged, p.Before(), damaged, len(changes))
		}
		for _, change := range changes {
			if !p.Has(change) || len(p.Sealed(change)) == 0 {
				t.Errorf("%s is not kept", change)
			}
		}
		return p
	}
	keep(open(0), "a", "b", "c", "d")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for _, at := range []int{2, 14, 60, 200, len(lines[1]) - 6} { // of the names, the change, the text, the sum
		damaged := bytes.Clone(lines[1])
		damaged[at] ^= 1
		if err := os.WriteFile(path, bytes.Join([][]byte{lines[0], damaged, lines[2], lines[3][:40]}, nil), 0o600); err != nil {
			t.Fatal(err)
		}
		p := open(1, "a", "c")
		if p.Has("b") || p.Has("d") {
			t.Errorf("byte %d: what is damaged or cut is kept", at)
		}
		keep(p, "b", "d")
		open(1, "a", "b", "c", "d")
	}
	// Two lines whose texts changed places, and one of an earlier build, without a sum.
	swapped := bytes.Replace(lines[0], []byte(`"change":"a"`), []byte(`"change":"b"`), 1)
	at := bytes.Index(lines[2], []byte(`,"sha256"`))
	if err := os.WriteFile(path, bytes.Join([][]byte{swapped, append(bytes.Clone(lines[2][:at]), "}\n"...)}, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	open(2)
}

// TestKeptPartSaysThatItIsEmpty: in this run and in the next.
func TestKeptPartSaysThatItIsEmpty(t *testing.T) {
	to, path := somebody(t), filepath.Join(t.TempDir(), "secrets.parts")
	p, err := sealed.OpenParts(path, to)
	if err != nil {
		t.Fatal(err)
	}
	for change, secret := range map[string]string{"full": "x", "empty": ""} {
		if err := p.Keep(change, &schemas.SecretRecord{Kind: schemas.KindKey, ID: "1", Secret: schemas.NewSecret(secret)}); err != nil {
			t.Fatal(err)
		}
	}
	again, err := sealed.OpenParts(path, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*sealed.Parts{p, again} {
		if p.Empty("full") || !p.Empty("empty") {
			t.Error("what is empty is not said")
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
