package jobs_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// secretsEstate is a vault of eight passwords, and a folder in which they are exported.
type secretsEstate struct {
	t       *testing.T
	program string
	folder  string
	url     string
	key     *age.X25519Identity

	mu     sync.Mutex
	calls  int // that read a secret, or give custody back
	reads  map[string]int
	victim *exec.Cmd
	kill   int // at which of them the program is killed, 0 for none
}

const secretsOf = 8

func newSecretsEstate(t *testing.T, program string, kill int) *secretsEstate {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	e := &secretsEstate{t: t, program: program, folder: t.TempDir(), key: key, reads: map[string]int{}, kill: kill}
	v := &vaultsim.Vault{}
	for i := range secretsOf {
		v.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%d", i), IP: fmt.Sprintf("10.0.0.%d", i), Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
		v.AddCredential(vaultsim.Credential{Hostname: fmt.Sprintf("srv-%d", i), Username: "root", Type: "Local User", Password: fmt.Sprintf("Canary-%d", i)})
	}
	v.OnRequest = e.see
	server := httptest.NewServer(v)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	e.url = server.URL
	save(t, filepath.Join(e.folder, "to"), key.Recipient().String())
	return e
}

func (e *secretsEstate) see(r vaultsim.Request) {
	_, id, one := strings.Cut(r.Path, "/pam/credential/")
	if !one {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	if r.Method == http.MethodGet {
		e.reads[id]++
	}
	if e.calls == e.kill {
		_ = e.victim.Process.Kill()
	}
}

func (e *secretsEstate) run(args ...string) (int, string) {
	cmd := exec.Command(e.program, args...)
	cmd.Dir = e.folder
	cmd.Env = append(os.Environ(), "PAMSYNC_URL="+e.url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret",
		"PAMSYNC_RPS=2000", "PAMSYNC_BURST=100", "XDG_CACHE_HOME="+e.folder, "LANG=C")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	e.mu.Lock()
	e.victim = cmd
	err := cmd.Start()
	e.mu.Unlock()
	if err != nil {
		e.t.Fatal(err)
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), out.String()
}

// noSecret wants no password in any file.
func (e *secretsEstate) noSecret() {
	err := filepath.WalkDir(e.folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(load(e.t, path), "Canary") {
			e.t.Errorf("a password in %s", path)
		}
		return err
	})
	if err != nil {
		e.t.Error(err)
	}
}

// open reads lines of an encrypted text, and those in it that are encrypted by themselves.
func (e *secretsEstate) open(text []byte) []string {
	in, err := age.Decrypt(bytes.NewReader(text), e.key)
	if err != nil {
		e.t.Fatal(err)
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		e.t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(plain)) {
		var inner struct {
			Sealed []byte `json:"sealed"`
		}
		if err := json.Unmarshal([]byte(line), &inner); err != nil {
			e.t.Fatal(err)
		}
		if len(inner.Sealed) > 0 {
			lines = append(lines, e.open(inner.Sealed)...)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// passwords wants every password once in the file, and the end that says so.
func (e *secretsEstate) passwords() {
	text := strings.Join(e.open([]byte(load(e.t, filepath.Join(e.folder, "out.age")))), "")
	for i := range secretsOf {
		if n := strings.Count(text, fmt.Sprintf(`"password":"Canary-%d"`, i)); n != 1 {
			e.t.Errorf("password %d is there %d times", i, n)
		}
	}
	if !strings.Contains(text, fmt.Sprintf(`{"end":{"records":%[1]d,"chosen":%[1]d,"failed":0,"by":"all"}}`, secretsOf)) {
		e.t.Error("the file has no end")
	}
}

// whole wants every password once in the file, and an account of each whose lines hang together.
func (e *secretsEstate) whole(release bool) {
	e.passwords()
	audits, err := filepath.Glob(filepath.Join(e.folder, "reports", "*", "audit.jsonl"))
	if err != nil || len(audits) != 1 {
		e.t.Fatal(audits, err)
	}
	read, released, before := map[string]bool{}, map[string]bool{}, ""
	for line := range strings.Lines(load(e.t, audits[0])) {
		var one struct {
			schemas.Audit
			Before string `json:"before"`
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			e.t.Fatal(err)
		}
		if before != "" && one.Before != before {
			e.t.Errorf("the account is broken at %s", line)
		}
		sum := sha256.Sum256([]byte(strings.TrimSuffix(line, "\n")))
		before = hex.EncodeToString(sum[:])
		if one.Outcome == schemas.StatusDone {
			if seen := map[schemas.Verb]map[string]bool{schemas.VerbRead: read, schemas.VerbRelease: released}[one.Verb]; !seen[one.VaultID] {
				seen[one.VaultID] = true
			} else {
				e.t.Errorf("twice on record: %s", line)
			}
		}
	}
	if len(read) != secretsOf || release && len(released) != secretsOf {
		e.t.Errorf("%d readings and %d releases on record", len(read), len(released))
	}
	if parts, _ := filepath.Glob(filepath.Join(e.folder, "reports", "*", "secrets.parts")); len(parts) > 0 {
		e.t.Errorf("%v is left", parts)
	}
}

// TestSecretsKilledAreResumed kills the program at each call that reads a password or gives custody back:
// no file is there, none holds a password, and resume reads what is missing and completes it.
func TestSecretsKilledAreResumed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program, and ends it many times")
	}
	program := built(t)
	for _, c := range []struct {
		kill, workers int
		release       bool
	}{{1, 1, false}, {4, 3, false}, {8, 1, false}, {2, 1, true}, {3, 1, true}, {9, 3, true}, {16, 1, true}} {
		t.Run(fmt.Sprintf("call %d, %d workers, release %v", c.kill, c.workers, c.release), func(t *testing.T) {
			killSecretsAt(t, program, c.kill, c.workers, c.release)
		})
	}
}

func killSecretsAt(t *testing.T, program string, kill, workers int, release bool) {
	e := newSecretsEstate(t, program, kill)
	args := []string{"secrets", "export", "--all", "--recipients", "to", "-o", "out.age", "--yes", "--workers", fmt.Sprint(workers)}
	if release {
		args = append(args, "--release")
	}
	if code, out := e.run(args...); code != -1 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	e.noSecret()
	if _, err := os.Stat(filepath.Join(e.folder, "out.age")); err == nil {
		t.Error("the file is there and cannot be whole")
	}
	if code, out := e.run("resume", "--yes"); code != 0 {
		t.Fatalf("resume: exit %d\n%s", code, out)
	}
	e.noSecret()
	e.whole(release)
	total := 0
	for _, n := range e.reads {
		total += n
	}
	if total > secretsOf+workers {
		t.Errorf("%d readings of %d passwords: %v", total, secretsOf, e.reads)
	}
	if code, out := e.run("resume", "--yes"); code != 0 {
		t.Errorf("resume of a finished run: exit %d\n%s", code, out)
	}
}

// TestSecretsDamagedPartIsReadAgain: what a run kept, and was changed or is gone since while the run was dead, is
// read again, and that is said.
func TestSecretsDamagedPartIsReadAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	for name, damage := range map[string]func(text []byte) (left []byte, said string){
		"a byte": func(text []byte) ([]byte, string) {
			at := bytes.IndexByte(text, '\n') + 300 // in the second of them
			text[at] = map[bool]byte{true: 'B', false: 'A'}[text[at] == 'A']
			return text, "1 record that this run had kept in "
		},
		"the end": func(text []byte) ([]byte, string) { return text[:len(text)-20], "1 record that this run had kept in " },
		"all":     func([]byte) ([]byte, string) { return nil, " records that this run had kept in " },
	} {
		t.Run(name, func(t *testing.T) {
			e := newSecretsEstate(t, built(t), 5)
			if code, out := e.run("secrets", "export", "--all", "--recipients", "to", "-o", "out.age", "--yes", "--workers", "1"); code != -1 {
				t.Fatalf("exit %d\n%s", code, out)
			}
			parts, err := filepath.Glob(filepath.Join(e.folder, "reports", "*", "secrets.parts"))
			if err != nil || len(parts) != 1 {
				t.Fatal(parts, err)
			}
			left, said := damage([]byte(load(t, parts[0])))
			save(t, parts[0], string(left))
			code, out := e.run("resume", "--yes")
			if code != 0 || !strings.Contains(out, said) {
				t.Fatalf("resume: exit %d\n%s", code, out)
			}
			e.passwords()
			e.noSecret()
		})
	}
}
