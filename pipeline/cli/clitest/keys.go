package clitest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// makeSSHKey makes a key as ssh-keygen does; its passphrase is in $PASSPHRASE.
func makeSSHKey(ts *testscript.TestScript, neg bool, args []string) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(private, "")
	if word := ts.Getenv("PASSPHRASE"); word != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(word))
	}
	ts.Check(err)
	public, err := ssh.NewPublicKey(private.Public())
	ts.Check(err)
	line := ssh.MarshalAuthorizedKey(public)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pub"), line, 0o600))
	if len(args) < 3 {
		return
	}
	signers, err := os.OpenFile(ts.MkAbs(args[1]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = fmt.Fprintf(signers, "%s %s", strings.Join(args[2:], " "), line)
	ts.Check(errors.Join(err, signers.Close()))
}

// startSSHAgent serves an ssh-agent; the folder of its socket has a short name, as sockets want.
func startSSHAgent(ts *testscript.TestScript, neg bool, args []string) {
	ring := agent.NewKeyring()
	for _, name := range args {
		private, err := ssh.ParseRawPrivateKey([]byte(ts.ReadFile(name)))
		ts.Check(err)
		ts.Check(ring.Add(agent.AddedKey{PrivateKey: private}))
	}
	folder, err := os.MkdirTemp("", "a")
	ts.Check(err)
	listener, err := net.Listen("unix", filepath.Join(folder, "s"))
	ts.Check(err)
	ts.Defer(func() { listener.Close(); os.RemoveAll(folder) })
	ts.Setenv("SSH_AUTH_SOCK", filepath.Join(folder, "s"))
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn); conn.Close() }()
		}
	}()
}

// makeAgeKey makes a key as age-keygen does.
func makeAgeKey(ts *testscript.TestScript, neg bool, args []string) {
	key, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("# a comment\n"+key.String()+"\n"), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pub"), []byte(key.Recipient().String()+"\n"), 0o600))
	ts.Setenv("RECIPIENT", key.Recipient().String())
}

// openAge prints what is in an encrypted file, as age -d does; a line that is encrypted by itself is opened too.
func openAge(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	keys, err := age.ParseIdentities(strings.NewReader(text))
	if strings.Contains(text, "OPENSSH") {
		var one age.Identity
		one, err = agessh.ParseIdentity([]byte(text))
		keys = []age.Identity{one}
	}
	ts.Check(err)
	plain, err := unsealed(ts.ReadFile(args[1]), keys)
	if neg {
		if err == nil {
			ts.Fatalf("it opens")
		}
		return
	}
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), plain)
}

func unsealed(text string, keys []age.Identity) (string, error) {
	in, err := age.Decrypt(strings.NewReader(text), keys...)
	if err != nil {
		return "", err
	}
	plain, err := io.ReadAll(in)
	var b strings.Builder
	for line := range strings.Lines(string(plain)) {
		var inner struct {
			Sealed []byte `json:"sealed"`
		}
		if json.Unmarshal([]byte(line), &inner); len(inner.Sealed) > 0 {
			if line, err = unsealed(string(inner.Sealed), keys); err != nil {
				return "", err
			}
		}
		b.WriteString(line)
	}
	return b.String(), err
}

// makeRSAKey makes the key of an authorisation that encrypts what it answers.
func makeRSAKey(ts *testscript.TestScript, name string) *rsa.PublicKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	ts.Check(err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name+".pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	return &key.PublicKey
}
