package secrets

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"pamsync/schemas"
)

// Key opens the values of an authorisation that encrypts sensitive information (vault-api b.6): RSA-OAEP
// with SHA-1, in base64. A nil Key opens nothing, and refuses what looks encrypted.
type Key struct{ private *rsa.PrivateKey }

// ParseKey reads the private key that the vault gives to download: PKCS#8 in PEM.
func ParseKey(text schemas.Secret) (*Key, error) {
	block, _ := pem.Decode([]byte(text.Reveal()))
	if block == nil {
		return nil, errors.New("it is no PEM")
	}
	if block.Type == "RSA PRIVATE KEY" {
		private, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("it is no RSA key that can be read")
		}
		return &Key{private}, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is no PKCS#8 key without a passphrase")
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("it is no RSA key")
	}
	return &Key{private}, nil
}

// cannotEncrypt begins what the vault writes in the place of a value that does not fit its key, inside of a
// success (vault-api b.6).
const cannotEncrypt = "An error occurred while encrypting the text"

// open decrypts the secrets of a record in their place.
func (k *Key) open(r *schemas.SecretRecord) *schemas.Problem {
	looks, all := false, true
	for _, secret := range []*schemas.Secret{&r.Secret, &r.Second} {
		if secret.Empty() {
			continue
		}
		text := secret.Reveal()
		if strings.HasPrefix(strings.TrimSpace(text), cannotEncrypt) {
			return &schemas.Problem{Code: "secret_not_encrypted"}
		}
		blocks := wrapped(text)
		if k == nil {
			looks, all = looks || blocks != nil, all && blocks != nil
			continue
		}
		if blocks == nil {
			continue // it is in clear
		}
		plain, err := k.decrypt(blocks)
		if err != nil {
			return &schemas.Problem{Code: "secret_other_key"}
		}
		*secret = schemas.NewSecret(plain)
	}
	if looks && all {
		return &schemas.Problem{Code: "looks_encrypted"}
	}
	return nil
}

// shortestBlock is that of a key of 1024 bits, below which no authorisation goes.
const shortestBlock = 128

// wrapped are the bytes of a value that can be RSA blocks in base64, nil for any other.
func wrapped(text string) []byte {
	text = strings.Join(strings.Fields(text), "") // a long value may come in lines
	blocks, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(blocks) == 0 || len(blocks)%shortestBlock != 0 {
		return nil
	}
	return blocks
}

func (k *Key) decrypt(blocks []byte) (string, error) {
	var plain []byte
	size := k.private.Size()
	if len(blocks)%size != 0 {
		return "", errors.New("another key")
	}
	for ; len(blocks) > 0; blocks = blocks[size:] {
		part, err := rsa.DecryptOAEP(sha1.New(), nil, k.private, blocks[:size], nil)
		if err != nil {
			return "", errors.New("another key")
		}
		plain = append(plain, part...)
	}
	return string(plain), nil
}
