package approval

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"strconv"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// minRSA is the fewest bits of an RSA key that may approve.
const minRSA = 2048

// keyTypes are the kinds of key that may approve; sk- are security keys, which want a touch.
func keyTypes() []string {
	return []string{ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256}
}

// acceptable refuses keys that may not approve: of another kind, certificates, short RSA.
func acceptable(key ssh.PublicKey) error {
	if !slices.Contains(keyTypes(), key.Type()) {
		return refuse("key_type", "type", key.Type())
	}
	if parsed, err := ssh.ParsePublicKey(key.Marshal()); err == nil {
		key = parsed // an agent's key is no more than a name and bytes
	}
	crypto, ok := key.(ssh.CryptoPublicKey)
	if !ok {
		return refuse("key_type", "type", key.Type())
	}
	if public, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); ok && public.N.BitLen() < minRSA {
		return refuse("key_short", "bits", strconv.Itoa(public.N.BitLen()), "least", strconv.Itoa(minRSA))
	}
	return nil
}

// Key is a key that can sign; what it signs with does not leave it.
type Key struct{ signer ssh.Signer }

// Fingerprint names the key, as ssh-keygen -l does: SHA256:…
func (k *Key) Fingerprint() string { return ssh.FingerprintSHA256(k.signer.PublicKey()) }

// PublicOnly gives the fingerprint in a .pub file; ok is false where the file is none.
func PublicOnly(data []byte) (fingerprint string, ok bool) {
	key, _, options, rest, err := ssh.ParseAuthorizedKey(data)
	if err != nil || len(options) > 0 || len(bytes.TrimSpace(rest)) > 0 {
		return "", false
	}
	return ssh.FingerprintSHA256(key), true
}

// ReadKey reads a private key. passphrase is asked only where the key has one; its errors are
// returned as they are.
func ReadKey(data []byte, passphrase func() (string, error)) (*Key, error) {
	private, err := ssh.ParseRawPrivateKey(data)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		word, asked := passphrase()
		if asked != nil {
			return nil, asked
		}
		if private, err = ssh.ParseRawPrivateKeyWithPassphrase(data, []byte(word)); errors.Is(err, x509.IncorrectPasswordError) {
			return nil, refuse("key_passphrase")
		}
	}
	if err != nil {
		return nil, refuse("key_unreadable")
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, refuse("key_unreadable")
	}
	if err := acceptable(signer.PublicKey()); err != nil {
		return nil, err
	}
	return &Key{signer}, nil
}

// AgentKeys are the keys that an ssh-agent offers and that may approve; the others it holds are
// left out. The connection must stay open while they sign.
func AgentKeys(conn io.ReadWriter) ([]*Key, error) {
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		return nil, refuse("agent_failed", "cause", err.Error())
	}
	var keys []*Key
	for _, signer := range signers {
		if acceptable(signer.PublicKey()) == nil {
			keys = append(keys, &Key{signer})
		}
	}
	return keys, nil
}
