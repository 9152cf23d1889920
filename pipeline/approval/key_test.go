package approval

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func TestPrivateKeys(t *testing.T) {
	asked := 0
	answer := func(word string, err error) func() (string, error) {
		return func() (string, error) { asked++; return word, err }
	}
	nobody := errors.New("nobody is there")
	for _, c := range []struct {
		rule, kind, passphrase string
		answer                 func() (string, error)
		code                   string
		asked                  int
	}{
		{"ed25519", "ed25519", "", answer("", nobody), "", 0},
		{"ecdsa", "ecdsa", "", answer("", nobody), "", 0},
		{"rsa", "rsa", "", answer("", nobody), "", 0},
		{"rsa that is too short", "rsa1024", "", answer("", nobody), "key_short", 0},
		{"with its passphrase", "ed25519", "open sesame", answer("open sesame", nil), "", 1},
		{"with another passphrase", "ed25519", "open sesame", answer("open", nil), "key_passphrase", 1},
		{"with nobody to ask", "ed25519", "open sesame", answer("", nobody), nobody.Error(), 1},
	} {
		asked = 0
		private := newPrivate(t, c.kind)
		key, err := ReadKey(privateFile(t, private, c.passphrase), c.answer)
		if codeOf(err) != c.code || asked != c.asked {
			t.Errorf("%s: %v after %d questions", c.rule, err, asked)
		}
		if err == nil && key.Fingerprint() != keyOf(t, private).Fingerprint() {
			t.Errorf("%s: another key", c.rule)
		}
	}
	for _, text := range []string{"", "not a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"} {
		if _, err := ReadKey([]byte(text), answer("", nil)); codeOf(err) != "key_unreadable" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPublicHalves(t *testing.T) {
	private := newPrivate(t, "ed25519")
	key := keyOf(t, private)
	if got, ok := PublicOnly([]byte(key.public() + " bob@laptop\n")); !ok || got != key.Fingerprint() {
		t.Error(got, ok)
	}
	for name, data := range map[string][]byte{"the private half": privateFile(t, private, ""), "two keys": []byte(key.public() + "\n" + key.public() + "\n"), "nothing": nil} {
		if _, ok := PublicOnly(data); ok {
			t.Errorf("%s is taken for a .pub file", name)
		}
	}
}

func TestKeysOfAnAgent(t *testing.T) {
	ring := agent.NewKeyring()
	for _, kind := range []string{"ed25519", "rsa", "rsa1024"} {
		if err := ring.Add(agent.AddedKey{PrivateKey: newPrivate(t, kind)}); err != nil {
			t.Fatal(err)
		}
	}
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close(); there.Close() })
	go func() { _ = agent.ServeAgent(ring, there) }()
	keys, err := AgentKeys(here)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, key := range keys {
		text := textOf(t, someStatement(key))
		if got, err := verify(Namespace, text, signatureOf(t, key, text)); err != nil || ssh.FingerprintSHA256(got) != key.Fingerprint() {
			t.Errorf("%s: %v", key.signer.PublicKey().Type(), err)
		}
	}
	if err := ring.RemoveAll(); err != nil {
		t.Fatal(err)
	}
	if _, err := keys[0].Sign([]byte("x")); codeOf(err) != "key_refused" {
		t.Errorf("a key that the agent no longer has: %v", err)
	}
	here.Close()
	if _, err := AgentKeys(here); codeOf(err) != "agent_failed" {
		t.Errorf("an agent that is gone: %v", err)
	}
}

// securityKey signs as a FIDO key does; flags tell whether it was touched.
type securityKey struct {
	private ed25519.PrivateKey
	public  ssh.PublicKey
	flags   byte
}

func (k securityKey) PublicKey() ssh.PublicKey { return k.public }

func (k securityKey) Sign(r io.Reader, data []byte) (*ssh.Signature, error) {
	return k.SignWithAlgorithm(r, data, "")
}

func (k securityKey) SignWithAlgorithm(_ io.Reader, data []byte, _ string) (*ssh.Signature, error) {
	application, message := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	rest := binary.BigEndian.AppendUint32([]byte{k.flags}, 7)
	blob := append(append(application[:], rest...), message[:]...)
	return &ssh.Signature{Format: ssh.KeyAlgoSKED25519, Blob: ed25519.Sign(k.private, blob), Rest: rest}, nil
}

func newSecurityKey(t *testing.T, flags byte) *Key {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParsePublicKey(ssh.Marshal(struct {
		Type, Key, Application string
	}{ssh.KeyAlgoSKED25519, string(public), "ssh:"}))
	if err != nil {
		t.Fatal(err)
	}
	return &Key{securityKey{private, key, flags}}
}

func TestSecurityKeysWantATouch(t *testing.T) {
	if _, err := newSecurityKey(t, 1).Sign([]byte("x")); err != nil {
		t.Errorf("touched: %v", err)
	}
	if _, err := newSecurityKey(t, 0).Sign([]byte("x")); codeOf(err) != "key_refused" {
		t.Errorf("not touched: %v", err)
	}
}
