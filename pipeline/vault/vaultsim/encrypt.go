package vaultsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
)

// sealed is a secret as an answer carries it: in clear or, when the
// authorisation encrypts sensitive information, RSA-OAEP with SHA-1 in base64
// (C). What does not fit the key becomes the vault's own error text, inside a
// success (D).
func (v *Vault) sealed(secret string) string {
	if v.EncryptFor == nil || secret == "" {
		return secret
	}
	out, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, v.EncryptFor, []byte(secret), nil)
	if err != nil {
		return "An error occurred while encrypting the text"
	}
	return base64.StdEncoding.EncodeToString(out)
}
