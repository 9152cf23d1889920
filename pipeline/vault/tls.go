package vault

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"os"
	"strings"

	"pamsync/schemas"
)

// errPin is what a server with another certificate than the pinned one gives.
var errPin = errors.New("the certificate is not the pinned one")

// otherCertificate is errPin with the certificate that was shown.
type otherCertificate struct{ shown *x509.Certificate }

func (o *otherCertificate) Error() string { return errPin.Error() }

// Unwrap makes it errPin for errors.Is.
func (o *otherCertificate) Unwrap() error { return errPin }

// tlsConfig verifies TLS 1.2 and later against the system's authorities, those of ca_file, or
// the pinned fingerprint. There is no way to turn verification off.
func tlsConfig(config schemas.VaultConfig, host string) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if config.CAFile != "" {
		pem, err := os.ReadFile(config.CAFile)
		if err != nil {
			return nil, schemas.NewFault(schemas.ClassConfig, "ca_unreadable", "path", config.CAFile).Because(err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, schemas.NewFault(schemas.ClassConfig, "ca_empty", "path", config.CAFile)
		}
	}
	if config.ClientCertFile != "" {
		own, err := ownCertificate(config.ClientCertFile, config.ClientKeyFile)
		if err != nil {
			return nil, err
		}
		t.Certificates = []tls.Certificate{*own}
		// Whatever authorities the server names: the vault knows it by its fingerprint (vault-api b.5).
		t.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own, nil }
	}
	if config.Fingerprint == "" {
		return t, nil
	}
	pin, err := hex.DecodeString(strings.ToLower(strings.NewReplacer(":", "", " ", "", "sha256", "", "SHA256", "").Replace(config.Fingerprint)))
	if err != nil || len(pin) != sha256.Size {
		return nil, schemas.NewFault(schemas.ClassConfig, "bad_fingerprint", "value", config.Fingerprint)
	}
	// The pin takes the place of the chain and the name: it names one certificate exactly.
	t.InsecureSkipVerify = true
	t.VerifyConnection = func(state tls.ConnectionState) error {
		switch {
		case len(state.PeerCertificates) == 0:
			return errPin
		case sha256.Sum256(state.PeerCertificates[0].Raw) == [32]byte(pin):
			return nil
		}
		return &otherCertificate{state.PeerCertificates[0]}
	}
	return t, nil
}
