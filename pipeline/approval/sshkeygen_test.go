package approval

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// sshKeygen finds OpenSSH's own tool, which is the judge of our signatures.
func sshKeygen(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("ssh-keygen")
	if err != nil && os.Getenv("PAMSYNC_SSHKEYGEN") != "required" {
		t.Skip("ssh-keygen is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func put(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSSHKeygenVerifiesOurs: the command of the package comment, as an auditor types it.
func TestSSHKeygenVerifiesOurs(t *testing.T) {
	program := sshKeygen(t)
	keys := map[string]*Key{"ed25519": newKey(t, "ed25519"), "ecdsa": newKey(t, "ecdsa"), "rsa": newKey(t, "rsa"), "security key": newSecurityKey(t, 1)}
	for kind, key := range keys {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			s := someStatement(key)
			text := textOf(t, s)
			signature := put(t, filepath.Join(folder, "plan.jsonl.approval.sig"), signatureOf(t, key, text))
			signers := put(t, filepath.Join(folder, "approvers"), []byte(`bob@example.com namespaces="pamsync-plan" `+key.public()+"\n"))
			for person, want := range map[string]bool{"bob@example.com": true, "carol@example.com": false} {
				cmd := exec.Command(program, "-Y", "verify", "-f", signers, "-I", person, "-n", Namespace, "-s", signature)
				cmd.Stdin = bytes.NewReader(text)
				if out, err := cmd.CombinedOutput(); (err == nil) != want {
					t.Errorf("%s: %v %s", person, err, out)
				}
			}
			cmd := exec.Command(program, "-Y", "verify", "-f", signers, "-I", "bob@example.com", "-n", Namespace, "-s", signature)
			cmd.Stdin = bytes.NewReader(append(text, ' '))
			if out, err := cmd.CombinedOutput(); err == nil {
				t.Errorf("edited, and verified: %s", out)
			}
		})
	}
}

// TestWeVerifySSHKeygens: who has the statement may sign it without pamsync.
func TestWeVerifySSHKeygens(t *testing.T) {
	program := sshKeygen(t)
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		for _, hash := range []string{"sha512", "sha256"} {
			t.Run(kind+" "+hash, func(t *testing.T) {
				folder := t.TempDir()
				file := filepath.Join(folder, "key")
				if out, err := exec.Command(program, "-q", "-t", kind, "-N", "", "-C", "bob", "-f", file).CombinedOutput(); err != nil {
					t.Fatalf("%v %s", err, out)
				}
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				key, err := ReadKey(data, func() (string, error) { return "", nil })
				if err != nil {
					t.Fatal(err)
				}
				s := someStatement(key)
				text := textOf(t, s)
				path := put(t, filepath.Join(folder, "plan.jsonl.approval"), text)
				if out, err := exec.Command(program, "-Y", "sign", "-f", file, "-n", Namespace, "-O", "hashalg="+hash, path).CombinedOutput(); err != nil {
					t.Fatalf("%v %s", err, out)
				}
				signature, err := os.ReadFile(path + ".sig")
				if err != nil {
					t.Fatal(err)
				}
				signers := signersOf(t, "bob@example.com "+key.public())
				if _, err := Check(text, signature, Rules{Subject: s.Subject, Signers: signers, MaxAge: 24 * time.Hour, At: noon}); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestSSHKeygenReadsOurPassphrase: a key that ssh-keygen has locked opens with its passphrase.
func TestSSHKeygenReadsOurPassphrase(t *testing.T) {
	program := sshKeygen(t)
	file := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command(program, "-q", "-t", "ed25519", "-N", "open sesame", "-f", file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey(data, func() (string, error) { return "open sesame", nil }); err != nil {
		t.Error(err)
	}
}
