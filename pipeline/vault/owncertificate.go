package vault

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"strings"

	"pamsync/schemas"
)

// ownCertificate reads the certificate that we show to the vault, and its key.
func ownCertificate(certFile, keyFile string) (*tls.Certificate, error) {
	chain, err := readPEM(certFile)
	if err != nil {
		return nil, err
	}
	key, err := readPEM(keyFile)
	if err != nil {
		return nil, err
	}
	if encrypted(key) {
		return nil, schemas.NewFault(schemas.ClassConfig, "client_key_encrypted", "path", keyFile)
	}
	own, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassConfig, "client_cert_bad", "path", certFile, "key_file", keyFile, "cause", err.Error())
	}
	return &own, nil
}

func readPEM(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return nil, schemas.NewFault(schemas.ClassConfig, "client_cert_unreadable", "path", path).Because(err)
	}
	return data, nil
}

// encrypted tells a key that a passphrase protects, in the old form or in PKCS #8.
func encrypted(key []byte) bool {
	for block, rest := pem.Decode(key); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return true
		}
		if len(bytes.TrimSpace(rest)) == 0 {
			break
		}
	}
	return false
}

// ownCertificateCode recognises a server that wants a certificate of us, or another one; "" where
// that is not what it says.
func ownCertificateCode(err error) string {
	text := err.Error()
	if !strings.Contains(text, "remote error: tls: ") {
		return ""
	}
	for alert, code := range map[string]string{"certificate required": "client_cert_wanted", "bad certificate": "client_cert_refused",
		"unknown certificate": "client_cert_refused", "expired certificate": "client_cert_refused", "revoked certificate": "client_cert_refused",
		"unknown certificate authority": "client_cert_refused", "access denied": "client_cert_refused"} {
		if strings.HasSuffix(text, "tls: "+alert) {
			return code
		}
	}
	return ""
}
