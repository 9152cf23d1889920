package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"pamsync/pipeline/approval"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pamsync": main})
}

// TestE2E runs testdata/e2e: each script is a session at a terminal, against the simulator.
//
//	sim state.json [Knob=value …] [fault:METHOD:path:N=Name …] [keep:field=upper] [tls=good|soon|authority|expired|name|client] [clock=TIME] [again]
//	sim … reads              secrets may be read from it; EncryptFor=NAME encrypts them, NAME.pem opens them
//	agekey NAME              a key of age, and NAME.pub to encrypt with
//	unage NAME FILE          prints what an encrypted file holds
//	exit CODE pamsync …      runs a command and wants its exit code
//	writes N                 wants N requests so far that are neither GET nor for a token
//	requests N               wants N requests so far, of any kind
//	simlog                   prints the requests so far, one a line: METHOD path status
//	simreset                 forgets the requests so far
//	simdo METHOD /path JSON  somebody else changes the vault
//	simstate                 prints the simulator's state
//	book b.xlsx S=s.csv …    makes a workbook of CSV files, a sheet of each
//	hide b.xlsx SHEET ROW    hides a row of it, or a column
//	sshkey NAME [SIGNERS PERSON [OPTIONS]]   a key and its .pub, and a line in the file of signers
//	sshagent NAME …          an ssh-agent that holds these keys
//	resign PLAN NAME field=value …   an approval with other fields, signed by a key
//	lastrun NAME [FOLDER]    keeps the name of the latest run that wrote, of reports
//	resum JOURNAL            sums and numbers the lines of a journal anew
//	proxy [refuse|password]  a proxy: to https://vault.test it goes to the simulator, or refuses; password wants user and pass-word
//	clientcert NAME          a certificate of a client, NAME.pem and NAME.key; its SHA-256 goes into $NAME
func TestE2E(t *testing.T) {
	files, err := filepath.Glob("testdata/e2e/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	if testing.Short() { // all of them run without -race; what shares memory has its own tests
		some := files[:0]
		for i := 0; i < len(files); i += 4 {
			some = append(some, files[i])
		}
		files = some
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "home", "cache"))
			env.Setenv("PAMSYNC_CLIENT_ID", "client")
			env.Setenv("PAMSYNC_CLIENT_SECRET", "not-a-real-secret")
			env.Setenv("PAMSYNC_RPS", "2000")
			env.Setenv("PAMSYNC_BURST", "100")
			env.Setenv("LANG", "C")
			env.Values[simKey{}] = &sim{}
			inputs, err := filepath.Abs(filepath.Join("testdata", "inputs"))
			env.Setenv("INPUTS", inputs)
			env.Setenv("SAMPLES", filepath.Join(filepath.Dir(filepath.Dir(inputs)), "samples"))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sim": startSim, "exit": wantExit, "writes": wantWrites, "simlog": simLog, "simreset": simReset, "simdo": simDo, "simstate": simState, "book": makeBook, "hide": hideRow, "proxy": startProxy,
			"requests": wantRequests, "sshkey": makeSSHKey, "sshagent": startSSHAgent, "resign": resign, "resum": sumAnew, "lastrun": lastRun, "clientcert": makeClientCert,
			"agekey": makeAgeKey, "unage": openAge,
		},
	})
}

type simKey struct{}

type sim struct {
	vault   *vaultsim.Vault
	serving *atomic.Pointer[vaultsim.Vault] // what server answers as
	server  *httptest.Server
}

func simOf(ts *testscript.TestScript) *sim { return ts.Value(simKey{}).(*sim) }

func startSim(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: sim state.json [Knob=value …]")
	}
	v := &vaultsim.Vault{}
	faults := newFaults()
	secure, again, reads := "", false, false
	var asked []string // parts of paths
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case name == "tls":
			secure = value
		case name == "asked": // whose calls return secrets or touch custody because the script says so
			asked = append(asked, value)
		case name == "reads":
			reads = true
		case name == "EncryptFor":
			v.EncryptFor = makeRSAKey(ts, value)
		case name == "again": // at the address of the one before, so that it is the same vault
			again = true
		case name == "clock": // the vault's own, as its answers tell it
			at, err := time.Parse(time.RFC3339, value)
			ts.Check(err)
			v.Clock = time.Until(at)
		case strings.HasPrefix(name, "fault:"):
			ts.Check(faults.add(strings.TrimPrefix(name, "fault:"), value))
		case strings.HasPrefix(name, "keep:"):
			field := strings.TrimPrefix(name, "keep:")
			v.Keep = func(_, f, text string) string {
				if f == field {
					return strings.ToUpper(text) + value
				}
				return text
			}
		default:
			ts.Check(setKnob(v, name, value))
		}
	}
	v.Fault = faults.next
	file, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	ts.Check(v.LoadState(file))
	s := simOf(ts)
	s.vault = v
	if again {
		s.serving.Store(v)
		s.server.CloseClientConnections()
	} else {
		serveSim(ts, s, secure)
	}
	ts.Defer(func() {
		for _, r := range v.Log() {
			if readsSecret(r) && !reads && !slices.ContainsFunc(asked, func(part string) bool { return strings.Contains(r.Path, part) }) {
				ts.Fatalf("law 2: %s %s returns a secret or takes custody", r.Method, r.Path)
			}
		}
	})
	ts.Setenv("URL", s.server.URL)
	ts.Setenv("PAMSYNC_URL", s.server.URL)
}

// serveSim serves the vault at an address of its own.
func serveSim(ts *testscript.TestScript, s *sim, secure string) {
	if s.server != nil {
		s.server.CloseClientConnections()
		s.server.Close()
	}
	serving := &atomic.Pointer[vaultsim.Vault]{}
	serving.Store(s.vault)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serving.Load().ServeHTTP(w, r) }))
	s.serving, s.server = serving, server
	if secure == "" {
		server.Start()
	} else {
		startTLS(ts, server, secure)
	}
	ts.Defer(func() {
		server.CloseClientConnections()
		server.Close()
	})
}

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

// setKnob sets an exported field of the simulator by its name; a map takes key:value.
func setKnob(v *vaultsim.Vault, name, value string) error {
	f := reflect.ValueOf(v).Elem().FieldByName(name)
	if !f.IsValid() {
		return fmt.Errorf("the simulator has no knob %q", name)
	}
	switch {
	case f.Type() == reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(value)
		f.SetInt(int64(d))
		return err
	case f.Kind() == reflect.Bool:
		f.SetBool(value == "true")
	case f.Kind() == reflect.String:
		f.SetString(value)
	case f.Kind() == reflect.Int:
		n, err := strconv.Atoi(value)
		f.SetInt(int64(n))
		return err
	case f.Kind() == reflect.Float64:
		n, err := strconv.ParseFloat(value, 64)
		f.SetFloat(n)
		return err
	case f.Kind() == reflect.Map:
		key, text, _ := strings.Cut(value, ":")
		if f.IsNil() {
			f.Set(reflect.MakeMap(f.Type()))
		}
		item := reflect.New(f.Type().Elem()).Elem()
		switch item.Kind() {
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			item.SetInt(int64(n))
		case reflect.Bool:
			item.SetBool(text == "" || text == "true")
		default:
			item.SetString(text)
		}
		f.SetMapIndex(reflect.ValueOf(key), item)
	default:
		return fmt.Errorf("knob %s is of no kind that a script can set", name)
	}
	return nil
}

// faults gives the N-th request that fits a fault; 0 gives every one.
type faults struct {
	mu   sync.Mutex
	list []*fault
}

type fault struct {
	method, path string
	n, seen      int
	kind         vaultsim.Fault
}

func newFaults() *faults { return &faults{} }

func (f *faults) add(spec, name string) error {
	parts := strings.Split(spec, ":")
	if len(parts) != 3 {
		return fmt.Errorf("a fault is fault:METHOD:path:N=Name")
	}
	n, err := strconv.Atoi(parts[2])
	kind, ok := map[string]vaultsim.Fault{"ResetBefore": vaultsim.ResetBefore, "ResetAfter": vaultsim.ResetAfter, "Status503": vaultsim.Status503,
		"Status503Bare": vaultsim.Status503Bare, "Status429": vaultsim.Status429, "Status500After": vaultsim.Status500After, "Status502": vaultsim.Status502,
		"Hang": vaultsim.Hang, "TruncateBody": vaultsim.TruncateBody, "HTMLPage": vaultsim.HTMLPage, "LateApply": vaultsim.LateApply,
		"Unauthorized401": vaultsim.Unauthorized401, "InvalidSignature403": vaultsim.InvalidSignature403, "NoRoute404": vaultsim.NoRoute404,
		"Redirect302": vaultsim.Redirect302}[name]
	if !ok {
		return fmt.Errorf("no fault %q", name)
	}
	f.list = append(f.list, &fault{method: parts[0], path: parts[1], n: n, kind: kind})
	return err
}

func (f *faults) next(r vaultsim.Request) vaultsim.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		if one.method != r.Method || !strings.Contains(r.Path, one.path) {
			continue
		}
		if one.seen++; one.n == 0 || one.seen == one.n {
			return one.kind
		}
	}
	return vaultsim.NoFault
}

func wantExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE command …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, wanted %d", got, want)
	}
}

// readsSecret tells a call that returns a secret or touches custody (law 2).
func readsSecret(r vaultsim.Request) bool {
	path := strings.TrimPrefix(strings.TrimPrefix(r.Path, "/api"), "/iso")
	if strings.Contains(path, "/custody/") || strings.HasPrefix(path, "/remote/session") || strings.HasPrefix(path, "/pam/remote/session") {
		return true
	}
	if r.Method != http.MethodGet {
		return false
	}
	for _, one := range []string{"/pam/credential/", "/pam/key/", "/pam/info/", "/coe/senha"} {
		if strings.HasPrefix(path, one) {
			return true
		}
	}
	return false
}

// isWrite tells a request that could change the vault.
func isWrite(r vaultsim.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/oauth2/token")
}

func wantWrites(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	for _, r := range simOf(ts).vault.Log() {
		if isWrite(r) {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%d writes reached the vault, wanted %d", got, want)
	}
}

func wantRequests(ts *testscript.TestScript, neg bool, args []string) {
	if got := strconv.Itoa(len(simOf(ts).vault.Log())); got != args[0] {
		ts.Fatalf("%s requests reached the vault, wanted %s", got, args[0])
	}
}

func simLog(ts *testscript.TestScript, neg bool, args []string) {
	for _, r := range simOf(ts).vault.Log() {
		fmt.Fprintf(ts.Stdout(), "%s %s %d\n", r.Method, r.Path, r.Status)
	}
}

func simReset(ts *testscript.TestScript, neg bool, args []string) { simOf(ts).vault.ResetLog() }

func simState(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(simOf(ts).vault.SaveState(ts.Stdout()))
}

func simDo(ts *testscript.TestScript, neg bool, args []string) {
	base := simOf(ts).server.URL
	answer, err := http.PostForm(base+"/api/oauth2/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"else"}, "client_secret": {"else"}})
	ts.Check(err)
	var token struct {
		AccessToken string `json:"access_token"`
	}
	ts.Check(json.NewDecoder(answer.Body).Decode(&token))
	answer.Body.Close()
	body := ""
	if len(args) > 2 {
		body = strings.Join(args[2:], " ")
	}
	rq, err := http.NewRequest(args[0], base+args[1], strings.NewReader(body))
	ts.Check(err)
	rq.Header.Set("Authorization", "Bearer "+token.AccessToken)
	rq.Header.Set("Content-Type", "application/json")
	answer, err = http.DefaultClient.Do(rq)
	ts.Check(err)
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		ts.Fatalf("%s %s: %d %s", args[0], args[1], answer.StatusCode, text)
	}
}

// makeBook makes a workbook; each cell is a text, as in the CSV.
func makeBook(ts *testscript.TestScript, neg bool, args []string) {
	f := excelize.NewFile()
	defer f.Close()
	for i, arg := range args[1:] {
		name, path, _ := strings.Cut(arg, "=")
		if i == 0 {
			ts.Check(f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			ts.Check(err)
		}
		rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(path))).ReadAll()
		ts.Check(err)
		for r, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, r+1)
			ts.Check(err)
			ts.Check(f.SetSheetRow(name, cell, &row))
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[0])))
}

func hideRow(ts *testscript.TestScript, neg bool, args []string) {
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	if row, err := strconv.Atoi(args[2]); err == nil {
		ts.Check(f.SetRowVisible(args[1], row, false))
	} else {
		ts.Check(f.SetColVisible(args[1], args[2], false))
	}
	ts.Check(f.Save())
}

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

// sumAnew writes a journal again that a script has edited, as if every line had been synced alone.
func sumAnew(ts *testscript.TestScript, neg bool, args []string) {
	var again bytes.Buffer
	w := schemas.NewJournalWriter(&again)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var rec schemas.Record
		ts.Check(json.Unmarshal([]byte(line), &rec))
		ts.Check(w.Write(rec))
		w.Batch()
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), again.Bytes(), 0o600))
}

// lastRun keeps the name of the latest run with a journal.
func lastRun(ts *testscript.TestScript, neg bool, args []string) {
	journals, err := filepath.Glob(ts.MkAbs(filepath.Join(append(append([]string{}, args[1:]...), "reports")[0], "*", "journal.jsonl")))
	ts.Check(err)
	if len(journals) == 0 {
		ts.Fatalf("no run has a journal")
	}
	slices.Sort(journals)
	ts.Setenv(args[0], filepath.Base(filepath.Dir(journals[len(journals)-1])))
}

// resign writes other values into an approval, and signs it again.
func resign(ts *testscript.TestScript, neg bool, args []string) {
	key, err := approval.ReadKey([]byte(ts.ReadFile(args[1])), func() (string, error) { return "", nil })
	ts.Check(err)
	text := ts.ReadFile(args[0] + ".approval")
	for _, change := range append(args[2:], "key="+key.Fingerprint()) {
		name, value, _ := strings.Cut(change, "=")
		before, rest, ok := strings.Cut(text, "\n"+name+": ")
		_, after, _ := strings.Cut(rest, "\n")
		if !ok {
			ts.Fatalf("the approval says no %s", name)
		}
		text = before + "\n" + name + ": " + value + "\n" + after
	}
	signature, err := key.Sign([]byte(text))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".approval"), []byte(text), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".approval.sig"), signature, 0o600))
}

// TestImportGraph holds the house: who may import whom (design 2). A new edge is a line here.
func TestImportGraph(t *testing.T) {
	allowed := map[string][]string{
		"pamsync":                              {"pipeline/cli"},
		"pamsync/pipeline":                     {"schemas", "schemas/filter", "schemas/scan", "schemas/words"},
		"pamsync/pipeline/approval":            {},
		"pamsync/pipeline/cli":                 {"pipeline/jobs", "pipeline/vault", "pipeline/vault/vaultsim", "samples", "schemas", "schemas/words", "sinks"},
		"pamsync/pipeline/evidence":            {"schemas"},
		"pamsync/pipeline/jobs":                {"pipeline", "pipeline/approval", "pipeline/evidence", "pipeline/vault", "pipeline/vault/secrets", "pipeline/vault/vaultsim", "schemas", "schemas/filter", "schemas/words", "sinks", "sinks/book", "sinks/page", "sinks/sealed", "sources", "sources/expr"},
		"pamsync/pipeline/vault":               {"pipeline/vault/internal/lend", "schemas", "schemas/ahead", "schemas/scan"},
		"pamsync/pipeline/vault/internal/lend": {},
		"pamsync/pipeline/vault/secrets":       {"pipeline/vault", "pipeline/vault/internal/lend", "schemas", "schemas/scan"},
		"pamsync/pipeline/vault/vaultsim":      {},
		"pamsync/samples":                      {},
		"pamsync/schemas":                      {},
		"pamsync/schemas/ahead":                {},
		"pamsync/schemas/filter":               {},
		"pamsync/schemas/scan":                 {},
		"pamsync/schemas/sealed":               {"schemas"},
		"pamsync/schemas/words":                {},
		"pamsync/sinks":                        {"schemas", "schemas/words"},
		"pamsync/sinks/book":                   {"schemas", "schemas/words", "sinks"},
		"pamsync/sinks/page":                   {"schemas", "schemas/words", "sinks"},
		"pamsync/sinks/sealed":                 {"schemas", "schemas/sealed"},
		"pamsync/sources":                      {"schemas", "schemas/ahead", "schemas/filter", "schemas/scan", "schemas/sealed", "sources/expr", "sources/profile", "sources/sheet"},
		"pamsync/sources/expr":                 {},
		"pamsync/sources/profile":              {"schemas", "sources/expr"},
		"pamsync/sources/sheet":                {},
	}
	stdOnly := []string{"pamsync/schemas", "pamsync/schemas/ahead", "pamsync/schemas/filter", "pamsync/schemas/scan", "pamsync/schemas/sealed", "pamsync/schemas/words", "pamsync/pipeline/vault/vaultsim", "pamsync/samples", "pamsync/sources/expr", "pamsync/sources/profile", "pamsync/sources/sheet"}
	// Third-party packages are named where they may be, so that the room for a change is known.
	outside := map[string][]string{
		"golang.org/x/sync/errgroup": {"pamsync/pipeline"}, "golang.org/x/time/rate": {"pamsync/pipeline/vault"},
		"golang.org/x/oauth2": {"pamsync/pipeline/vault"}, "golang.org/x/oauth2/clientcredentials": {"pamsync/pipeline/vault"},
		"github.com/schollz/progressbar/v3": {"pamsync/sinks"}, "github.com/gofrs/flock": {"pamsync/sinks"},
		"github.com/spf13/cobra": {"pamsync/pipeline/cli"}, "go.yaml.in/yaml/v3": {"pamsync/pipeline/jobs"},
		"github.com/gocarina/gocsv": {"pamsync/sinks", "pamsync/pipeline/jobs"}, "github.com/xuri/excelize/v2": {"pamsync/sinks/book", "pamsync/sources"},
		"github.com/spf13/cobra/doc": {"pamsync/pipeline/cli"},
		"filippo.io/age":             {"pamsync/sinks/sealed", "pamsync/sources"}, "filippo.io/age/agessh": {"pamsync/sinks/sealed", "pamsync/sources"}, "filippo.io/age/armor": {"pamsync/sources"},
		"golang.org/x/crypto/ssh": {"pamsync/pipeline/approval", "pamsync/sources"}, "golang.org/x/crypto/ssh/agent": {"pamsync/pipeline/approval"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := fields[0]
		may, known := allowed[pkg]
		if !known {
			t.Errorf("%s is a room that the house does not have", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			inner, ours := strings.CutPrefix(imported, "pamsync/")
			switch {
			case ours && !slices.Contains(may, inner):
				t.Errorf("%s must not import %s", pkg, imported)
			case !ours && strings.Contains(imported, ".") && slices.Contains(stdOnly, pkg):
				t.Errorf("%s may import the standard library alone, not %s", pkg, imported)
			case !ours && outside[imported] != nil && !slices.Contains(outside[imported], pkg):
				t.Errorf("%s is not where %s belongs", pkg, imported)
			}
		}
	}
}

// TestLaw6KilledProcessIsResumed kills the real process, with SIGKILL, at each write that
// reaches the vault, before it is applied and after; resume ends in the wanted state.
func TestLaw6KilledProcessIsResumed(t *testing.T) {
	program := builtProgram(t)
	for _, applied := range []bool{false, true} {
		for n := 1; n <= 14; n++ {
			t.Run(fmt.Sprintf("write %d, applied %v", n, applied), func(t *testing.T) {
				t.Parallel()
				killAt(t, program, n, applied)
			})
		}
	}
}

// smallEstate serves a vault of four devices, and writes an inventory that asks for fourteen changes.
func smallEstate(t *testing.T, v *vaultsim.Vault) (*httptest.Server, string) {
	t.Helper()
	for i := range 4 {
		v.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%d", i), IP: fmt.Sprintf("10.0.0.%d", i), Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
		v.AddCredential(vaultsim.Credential{Hostname: fmt.Sprintf("srv-%d", i), Username: "root", Type: "Local User"})
	}
	server := httptest.NewServer(v)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	folder := t.TempDir()
	files := map[string]string{
		"pamsync.yaml": "devices: {sources: [{path: d.csv}], missing: inactivate}\ncredentials: {sources: [{path: c.csv}], missing: inactivate}\napply: {settle: 1ms}\n",
		"d.csv":        "hostname,ip,site,model,vendor,type\nsrv-0,10.0.0.0,AWS,m,v,t\nsrv-1,10.0.0.1,LAX,m,v,t\nsrv-2,10.0.0.2,AWS,m,v,t\nnew-1,10.1.0.1,LAX,m,v,t\nnew-2,10.1.0.2,LAX,m,v,t\nnew-3,10.1.0.3,LAX,m,v,t\n",
		"c.csv":        "hostname,username,type\nsrv-0,root,Domain User\nsrv-1,app,Local User\nsrv-2,root,Domain User\nnew-1,root,Local User\nnew-2,root,Local User\nnew-3,root,Local User\nnew-3,app,Local User\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return server, folder
}

// process is the program in a folder, against a simulated vault.
func process(program, folder, url string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PAMSYNC_URL="+url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret",
		"PAMSYNC_RPS=2000", "PAMSYNC_BURST=100", "XDG_CACHE_HOME="+folder, "LANG=C")
	return cmd
}

// builtProgram builds the program once for a test.
func builtProgram(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program, and ends it many times")
	}
	program := filepath.Join(t.TempDir(), "pamsync")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// TestSignalsEndARunThatCanBeResumed: a first signal lets the call under way end, prints the command
// that goes on, and exits 130 or 143; a second one leaves at once, though a call hangs.
func TestSignalsEndARunThatCanBeResumed(t *testing.T) {
	program := builtProgram(t)
	for _, c := range []struct {
		name   string
		signal os.Signal
		again  bool
		code   int
	}{{"INT", syscall.SIGINT, false, 130}, {"TERM", syscall.SIGTERM, false, 143}, {"INT twice", syscall.SIGINT, true, -1}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			signalAtTheThirdWrite(t, program, c.signal, c.again, c.code)
		})
	}
}

func signalAtTheThirdWrite(t *testing.T, program string, signal os.Signal, again bool, code int) {
	var writes atomic.Int32
	hangs, stopping := make(chan struct{}), make(chan struct{})
	heard := sync.OnceFunc(func() { close(stopping) })
	var victim atomic.Pointer[exec.Cmd]
	v := &vaultsim.Vault{}
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if !isWrite(r) || writes.Add(1) != 3 {
			return vaultsim.NoFault
		}
		_ = victim.Load().Process.Signal(signal)
		if !again {
			<-stopping // only then has the signal reached the program
			return vaultsim.NoFault
		}
		close(hangs)
		return vaultsim.Hang
	}
	server, folder := smallEstate(t, v)
	cmd := process(program, folder, server.URL, "sync", "--yes", "--workers", "1", "--limit", "update=off")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	victim.Store(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for lines := bufio.NewScanner(said); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if !strings.Contains(lines.Text(), "again to leave at once") {
			continue
		}
		if heard(); again {
			<-hangs
			_ = cmd.Process.Signal(signal)
		}
	}
	heard() // the program is gone
	_ = cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != code || writes.Load() != 3 {
		t.Fatalf("exit %d after %d writes, wanted %d after 3\n%s", got, writes.Load(), code, text.String())
	}
	if !again && !strings.Contains(text.String(), "pamsync resume 2") {
		t.Errorf("it does not say how to go on:\n%s", text.String())
	}
	out, err := process(program, folder, server.URL, "resume", "--yes").CombinedOutput()
	if err != nil {
		t.Fatalf("resume: %v\n%s", err, out)
	}
	if out, err := process(program, folder, server.URL, "sync", "--yes").CombinedOutput(); err != nil || !strings.Contains(string(out), "nothing to do") {
		t.Errorf("after the resume: %v\n%s", err, out)
	}
}

func killAt(t *testing.T, program string, n int, applied bool) {
	var victim *exec.Cmd
	started := make(chan struct{})
	var mu sync.Mutex
	writes, killed := 0, false
	strike := func(r vaultsim.Request) {
		<-started
		mu.Lock()
		defer mu.Unlock()
		if isWrite(r) && !killed {
			if writes++; writes == n {
				killed = true
				_ = victim.Process.Kill()
			}
		}
	}
	v := &vaultsim.Vault{}
	if applied {
		v.OnApplied = strike
	} else {
		v.OnRequest = strike
	}
	server, folder := smallEstate(t, v)
	run := func(args ...string) (int, string) {
		cmd := process(program, folder, server.URL, args...)
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if victim == nil {
			victim = cmd
			close(started)
		}
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode(), out.String()
	}
	if code, out := run("sync", "--yes", "--limit", "update=off"); code != -1 {
		t.Fatalf("not killed: exit %d\n%s", code, out)
	}
	if code, out := run("resume", "--yes"); code != 0 {
		t.Fatalf("resume: exit %d\n%s", code, out)
	}
	code, out := run("sync", "--yes")
	if code != 0 || !strings.Contains(out, "nothing to do") {
		t.Fatalf("after the resume: exit %d\n%s", code, out)
	}
	names := map[string]int{}
	for _, d := range v.Devices() {
		names[d.Hostname]++
	}
	for _, c := range v.Credentials() {
		names[c.Username+"@"+c.Hostname]++
	}
	for name, count := range names {
		if count != 1 {
			t.Errorf("%s stands %d times in the vault", name, count)
		}
	}
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
