package clitest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// startTLS serves with a certificate of an authority of our own, which is written to ca.pem;
// its SHA-256 goes into $FINGERPRINT. kind says what is wrong with it: nothing (good), that it
// ends soon, that it has expired, or that it is for another name.
func startTLS(ts *testscript.TestScript, server *httptest.Server, kind string) {
	now := time.Now()
	until := map[string]time.Time{"good": now.AddDate(1, 0, 0), "client": now.AddDate(1, 0, 0), "name": now.AddDate(1, 0, 0), "authority": now.AddDate(1, 0, 0), "soon": now.Add(10*24*time.Hour + time.Hour), "expired": now.Add(-time.Hour)}[kind]
	if until.IsZero() {
		ts.Fatalf("tls is good, soon, expired or name")
	}
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(2, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	if kind == "authority" {
		authority.NotAfter = now.Add(10*24*time.Hour + time.Hour)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "vault.test"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: until,
		DNSNames: []string{"localhost", "vault.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if kind == "name" {
		leaf.DNSNames, leaf.IPAddresses = []string{"other.test"}, nil
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	ca, err := x509.CreateCertificate(rand.Reader, authority, authority, caKey.Public(), caKey)
	ts.Check(err)
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), caKey)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca}), 0o600))
	ts.Setenv("FINGERPRINT", fmt.Sprintf("%x", sha256.Sum256(der)))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	if kind == "client" {
		server.TLS.ClientAuth = tls.RequireAnyClientCert
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are meant
	server.StartTLS()
}

// startProxy serves CONNECT, whatever name is asked for, with the simulator; it wants a user
// and a password.
func startProxy(ts *testscript.TestScript, neg bool, args []string) {
	to := simOf(ts).server.Listener.Addr().String()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		right := "Basic " + base64.StdEncoding.EncodeToString([]byte("user:pass-word"))
		if slices.Contains(args, "password") && r.Header.Get("Proxy-Authorization") != right {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect || slices.Contains(args, "refuse") || r.Header.Get("Proxy-Authorization") == "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		near, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			far.Close()
			return
		}
		fmt.Fprint(near, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(far, near); far.Close() }()
		go func() { io.Copy(near, far); near.Close() }()
	}))
	ts.Defer(server.Close)
	ts.Setenv("PROXY", server.URL)
	ts.Setenv("HTTPS_PROXY", strings.Replace(server.URL, "http://", "http://user:pass-word@", 1))
}

// makeClientCert makes a certificate that a client shows, and its key, in mode 0600.
func makeClientCert(ts *testscript.TestScript, neg bool, args []string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: args[0]}, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, key.Public(), key)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	ts.Setenv(args[0], fmt.Sprintf("%x", sha256.Sum256(der)))
}
