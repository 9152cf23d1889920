package cli_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"pamsync/pipeline/vault/vaultsim"
)

// canaries are invented secrets, and how each would look in a file or a message.
type canaries struct {
	mu    sync.Mutex
	names map[string]string   // by secret
	forms map[string][][]byte // by secret
	seen  map[string]string   // files that were looked at, with their size and time
}

func newCanaries() *canaries {
	return &canaries{names: map[string]string{}, forms: map[string][][]byte{}, seen: map[string]string{}}
}

func (c *canaries) add(name, secret string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(secret) >= 8 {
		c.names[secret] = name
		for _, form := range forms(secret) {
			c.forms[secret] = append(c.forms[secret], []byte(form))
		}
	}
	return secret
}

// planted begins every planted secret: where no form of it is, none of them is.
const planted = "CanaryOfOurs~"

// plant makes a secret of its own, with signs that codecs change.
func (c *canaries) plant(name string) string {
	sum := sha256.Sum256([]byte(name))
	return c.add(name, planted+hex.EncodeToString(sum[:9])+"+/&'ü")
}

// forms are the ways in which a secret may be written.
func forms(secret string) []string {
	quoted, _ := json.Marshal(secret)
	php := strings.ReplaceAll(string(quoted[1:len(quoted)-1]), "/", `\/`)
	all := []string{secret, string(quoted[1 : len(quoted)-1]), php, strings.ReplaceAll(secret, "/", `\/`), html.EscapeString(secret), strings.NewReplacer("&", "&amp;", "'", "&#039;", "ü", "&uuml;").Replace(secret), url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	for shift := range 3 { // wherever it begins in what is encoded
		for _, text := range []string{secret, url.QueryEscape(secret)} { // as a header of HTTP Basic has it
			padded := []byte(strings.Repeat("x", shift) + text)
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				text := enc.EncodeToString(padded)
				all = append(all, text[4:len(text)-4])
			}
		}
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune(secret)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	return append(all, string(wide))
}

// in names the canaries that a text holds.
func (c *canaries) in(text []byte) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	some := slices.ContainsFunc(forms(planted), func(form string) bool { return bytes.Contains(text, []byte(form)) })
	var found []string
	for secret, name := range c.names {
		if !some && strings.HasPrefix(secret, planted) {
			continue
		}
		for _, form := range c.forms[secret] {
			if bytes.Contains(text, form) {
				found = append(found, fmt.Sprintf("%s as %q", name, form))
				break
			}
		}
	}
	return found
}

// search looks for canaries in every file of a folder, workbooks unzipped, but in those that are spared.
func (c *canaries) search(t *testing.T, folder, when string, spared func(path string) bool) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(folder, path)
		if err != nil || d.IsDir() || spared(filepath.ToSlash(rel)) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		state := fmt.Sprint(info.Size(), info.ModTime(), len(c.names))
		if c.seen[path] == state {
			return nil
		}
		c.seen[path] = state
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if found := c.in([]byte(rel)); len(found) > 0 {
			t.Errorf("%s: the name %s holds %v", when, rel, found)
		}
		if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
			for _, f := range z.File {
				in, err := f.Open()
				if err != nil {
					return err
				}
				part, err := io.ReadAll(in)
				if err != nil {
					return err
				}
				data = append(data, part...)
			}
		}
		if found := c.in(data); len(found) > 0 {
			t.Errorf("%s: %s holds %v", when, rel, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// parrot stands before a vault: it learns the secrets that the vault gives, looks at each address that is
// asked for, and where it is told so answers a write with all that was sent: a key is taken, and what was sent is
// said of its devices.
type parrot struct {
	t       *testing.T
	vault   *vaultsim.Vault
	c       *canaries
	repeats func(r *http.Request) bool
	devices bool
	keys    atomic.Int32
}

func (p *parrot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if found := p.c.in([]byte(r.URL.String())); len(found) > 0 {
		p.t.Errorf("the address of a request holds %v", found)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if p.repeats(r) {
		said := string(body) + " " + r.Header.Get("Authorization")
		var sent struct{ Password, Content string }
		_ = json.Unmarshal(body, &sent)
		plain := sent.Password + sent.Content
		text, _ := json.Marshal(strings.Join([]string{"it was said:", html.EscapeString(plain), hex.EncodeToString([]byte(plain)), base64.StdEncoding.EncodeToString([]byte("x" + plain)), said, html.EscapeString(said)}, " "))
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"response":{"status":400,"message":%s,"error":true},"exception":{"code":1099,"message":%[1]s,"detail":null}}`, text)
		return
	}
	if p.devices && r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/pam/key") {
		var sent struct {
			Password json.RawMessage `json:"password"`
		}
		_ = json.Unmarshal(body, &sent)
		text := strings.ReplaceAll(fmt.Sprintf(`{"password":%s,"sent":%s}`, cmp.Or(string(sent.Password), "null"), body), "/", `\/`)
		fmt.Fprintf(w, `{"response":{"status":201,"message":"","error":false},"key":{"id":"9%d","devices_error":[%s]}}`, p.keys.Add(1), text)
		return
	}
	rec := httptest.NewRecorder()
	p.vault.ServeHTTP(rec, r)
	var answer struct {
		Token   string `json:"access_token"`
		Session struct {
			URL   string `json:"session_url"`
			Token string `json:"token"`
		} `json:"session"`
	}
	if json.Unmarshal(rec.Body.Bytes(), &answer) == nil {
		p.c.add("an access token", answer.Token)
		p.c.add("the URL of a session", answer.Session.URL)
		p.c.add("the token of a session", answer.Session.Token)
	}
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// canaryLine is a command of the round; it may fail, as long as it does so without a secret.
type canaryLine struct {
	args   string
	spared string // the one output that was asked for
}

// TestNoSecretIsAnywhere goes through the commands with more than forty planted secrets, at each level of talk,
// at a vault that says yes and at one that repeats all that it was sent; it looks for them, raw and encoded, in
// all that was written, said and asked for. Three rounds are made by default, all eight with PAMSYNC_TORTURE=1.
func TestNoSecretIsAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("minutes with -race, which finds nothing here that the terminal sessions do not")
	}
	for _, level := range []string{"-v", "", "-q", "--json"} {
		for _, rude := range []bool{true, false} {
			some := rude && (level == "-v" || level == "--json") || !rude && level == ""
			if os.Getenv("PAMSYNC_TORTURE") == "" && !some {
				continue
			}
			t.Run(fmt.Sprintf("level %q, a vault that repeats: %v", level, rude), func(t *testing.T) { canaryRound(t, level, rude) })
		}
	}
}

func canaryRound(t *testing.T, level string, rude bool) {
	c := newCanaries()
	folder := t.TempDir()
	temp := filepath.Join(folder, "temp")
	if err := os.MkdirAll(filepath.Join(folder, "src"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	v := canaryVault(c)
	p := &parrot{t: t, vault: v, c: c, devices: rude, repeats: func(r *http.Request) bool {
		switch {
		case !rude, strings.HasSuffix(r.URL.Path, "/pam/key"):
			return false
		case strings.HasSuffix(r.URL.Path, "/token"):
			return r.Referer() == rudeReferer
		}
		return r.Method == "POST" || r.Method == "DELETE" || r.Method == "GET" && strings.Contains(r.URL.Path, "/pam/credential/")
	}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	env := canaryFiles(t, c, folder, server.URL)
	if n := len(c.names); n < 40 {
		t.Fatalf("%d canaries are planted, not forty", n)
	}
	for _, line := range canaryLines(folder) {
		args := strings.Fields(strings.ReplaceAll(line.args, "RUN", latestRun(folder)))
		for i, arg := range args {
			if strings.HasPrefix(arg, "@") {
				args[i] = filepath.Join(folder, arg[1:])
			}
		}
		if level != "" {
			args = append(args, level)
		}
		if found := c.in([]byte(strings.Join(args, " "))); len(found) > 0 {
			t.Fatalf("the command line itself holds %v", found)
		}
		_, out, errs := run(t, env, args...)
		if line.spared != "-" {
			if found := c.in([]byte(out)); len(found) > 0 {
				t.Errorf("%v: stdout holds %v", args, found)
			}
		}
		if found := c.in([]byte(errs)); len(found) > 0 {
			t.Errorf("%v: stderr holds %v", args, found)
		}
		c.search(t, folder, strings.Join(args, " "), func(path string) bool {
			return strings.HasPrefix(path, "src/") || path == line.spared
		})
		if line.spared != "" && line.spared != "-" {
			_ = os.Remove(filepath.Join(folder, line.spared))
		}
	}
}

func latestRun(folder string) string {
	runs, _ := filepath.Glob(filepath.Join(folder, "reports", "*", "journal.jsonl"))
	if len(runs) == 0 {
		return "none"
	}
	return filepath.Base(filepath.Dir(runs[len(runs)-1]))
}

// rudeReferer is that of the configurations whose calls for a token are repeated too.
const rudeReferer = "https://rude.test"

// canaryLines is the round of commands.
func canaryLines(folder string) []canaryLine {
	conf := " -c @src/pamsync.yaml"
	_ = folder
	var all []canaryLine
	for _, args := range []string{
		"version", "schema plan", "help environment", "completion bash", "config show", "doctor", "hygiene",
		"inspect @src/c.csv", "inspect @src/d.csv", "validate --with-secrets", "mapping init @src/c.csv", "template -o @template.xlsx",
		"plan --with-secrets -o @plan.jsonl --html @plan.html --xlsx @plan.xlsx", "show @plan.jsonl --all", "show @plan.jsonl --format csv -o @plan.csv", "show @plan.jsonl --format md -o @plan.md",
		"explain @plan.jsonl --credential root@srv-01", "rehearse @plan.jsonl", "apply @plan.jsonl -n", "apply @plan.jsonl --yes", "report RUN", "resume RUN --yes", "explain RUN --credential new@srv-01",
		"retry RUN -o @retry.jsonl", "apply @retry.jsonl --yes", "undo RUN -o @undo.jsonl", "sync --yes --with-secrets", "sync -n --with-secrets", "runs", "approve @plan.jsonl --key @src/key0 --yes", "explain RUN --credential new@srv-01 --live", "report RUN --json", "demo -o @demo",
		"plan --with-secrets -o -", "show @plan.jsonl --format csv -o -", "show @plan.jsonl --format md -o -", "export sessions -o -", "export credentials --format jsonl -o -", "secrets export --all --recipients @src/id.pub --yes -o -",
		"init -c @new.yaml",
		"export devices -o @out/d.csv", "export credentials -o @out/c.xlsx", "export sessions -o @out/all --format csv,jsonl,xlsx,html", "export sessions --anonymise -o @out/anon.csv", "verify @out/all",
		"secrets export --all --recipients @src/id.pub -o @out/c.age --yes --release", "secrets export --all --kind keys --recipients @src/id.pub -o @out/k.age --yes",
		"secrets export @src/infos.csv --kind infos --recipients @src/id.pub -o @out/i.age --yes", "custody release @src/release.csv --yes",
		"sessions drop --match user=ana --reason incident --yes --limit drop=off", "plan -c @src/wrong.yaml", "plan -c @src/proxy.yaml", "plan -c @src/oauth.yaml", "plan -c @src/rude.yaml", "plan -c @src/basic.yaml", "doctor -c @src/basic.yaml", "man",
	} {
		if !strings.Contains(args, " -c ") {
			args += conf
		}
		all = append(all, canaryLine{args: args})
	}
	return append(all, canaryLine{"sessions open @src/open.csv --yes -o @out/urls.jsonl" + conf, "out/urls.jsonl"}, canaryLine{"sessions open @src/open.csv --yes --with-token" + conf, "-"})
}

// canaryVault holds passwords, keys and information of its own.
func canaryVault(c *canaries) *vaultsim.Vault {
	v := &vaultsim.Vault{}
	for i := range 4 {
		host, ip := fmt.Sprintf("srv-%02d", i+1), fmt.Sprintf("10.0.0.%d", i+1)
		v.AddDevice(vaultsim.Device{ID: fmt.Sprint(i + 1), Hostname: host, IP: ip, Site: "LAX", Model: "R740", Vendor: "Dell", Type: "Server"})
		v.AddCredential(vaultsim.Credential{ID: fmt.Sprint(11 + i), Hostname: host, IP: ip, Username: "root", Identifier: fmt.Sprint("root-", i), Type: "Local User", Password: c.plant(fmt.Sprint("a password of the vault's ", i))})
		v.AddKey(vaultsim.Key{ID: fmt.Sprint(21 + i), Hostname: host, IP: ip, Username: "deploy", Identifier: fmt.Sprint("key-", i), Name: "k", PublicKey: "ssh-ed25519 x",
			PrivateKey: "-----BEGIN KEY-----\n" + c.plant(fmt.Sprint("a key of the vault's ", i)) + "\n-----END KEY-----", Password: c.plant(fmt.Sprint("a passphrase of the vault's ", i))})
		v.AddInfo(vaultsim.Info{ID: fmt.Sprint(31 + i), Identifier: fmt.Sprint("KEPT-", i), Name: "n", Content: c.plant(fmt.Sprint("information of the vault's ", i))})
		v.AddSession(vaultsim.Session{ID: fmt.Sprint(41 + i), User: "ana", OriginIP: "172.16.0.1", Credential: "root", Device: ip + ":22", Protocol: "ssh", Proxy: "Web Proxy",
			SessionID: strings.Repeat(fmt.Sprint(i), 40), Start: "2026-11-02 10:00:00", PreventPurge: "No"})
	}
	return v
}

// canaryFiles writes sources and configurations, and gives the environment with the secrets that come from there.
func canaryFiles(t *testing.T, c *canaries, folder, url string) map[string]string {
	t.Helper()
	src := filepath.Join(folder, "src")
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(src, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var creds, keys, infos strings.Builder
	creds.WriteString("hostname,username,identifier,credential_type,password,totp,pin\n")
	keys.WriteString("hostname,username,identifier,key_name,private_key,passphrase\n")
	infos.WriteString("identifier,name,content\n")
	for i := range 4 {
		creds.WriteString(fmt.Sprintf("srv-%02d,new,new-%d,Local User,%s,%s,%s\n", i+1, i, c.plant(fmt.Sprint("a password of the source's ", i)), c.plant(fmt.Sprint("a TOTP seed ", i)), c.plant(fmt.Sprint("a PIN ", i))))
		phrase := c.plant(fmt.Sprint("a passphrase ", i))
		block, err := ssh.MarshalPrivateKeyWithPassphrase(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i + 1)}, ed25519.SeedSize)), "", []byte(phrase))
		if err != nil {
			t.Fatal(err)
		}
		text := string(pem.EncodeToMemory(block))
		c.add(fmt.Sprint("a line of a private key ", i), strings.Split(text, "\n")[3])
		put(fmt.Sprint("key", i), text)
		keys.WriteString(fmt.Sprintf("srv-%02d,own,own-%d,Own,key%d,%s\n", i+1, i, i, phrase))
		infos.WriteString(fmt.Sprintf("INFO-%d,Portal,%s\n", i, c.plant(fmt.Sprint("information of the source's ", i))))
	}
	put("c.csv", creds.String())
	put("k.csv", keys.String())
	put("i.csv", infos.String())
	put("d.csv", devicesCSV+srv01+srv02+"srv-03,10.0.0.3,AWS,R740,Dell,Server\n")
	put("infos.csv", "vault_id\n31\n32\n33\n34\n")
	put("release.csv", "id\n11\n12\n13\n14\n")
	put("open.csv", "user,credential,device,protocol\nana,root,srv-01,ssh\nana,root,srv-02,rdp\n")
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	put("id.pub", identity.Recipient().String()+"\n")
	put("client.secret", c.plant("the client's secret")+"\n")
	vault := "vault: {url: '" + url + "', client_id: client, client_secret_file: client.secret, rps: 10000, burst: 1000%s}\n"
	rest := "reports: ../reports\nstate: ../state\nlimits: {inactivate: off, cascade: off, update: off, in_use: off}\napply: {settle: 0s}\n" +
		"devices: {sources: [{path: d.csv}]}\nkeys: {sources: [{path: k.csv}], secrets: always}\ninfos: {sources: [{path: i.csv}], secrets: on_create}\n" +
		"credentials: {sources: [{path: c.csv, columns: {additional_settings.secret_key: totp, additional_settings.additional_authentication_fields.PIN: pin}}], secrets: always}\n"
	put("pamsync.yaml", fmt.Sprintf(vault, "")+rest)
	put("wrong.yaml", fmt.Sprintf(vault, ", api: nonsense")+rest)
	put("proxy.yaml", strings.Replace(fmt.Sprintf(vault, ", proxy: 'http://127.0.0.1:1', proxy_user: me"), url, "https://vault.example", 1)+rest)
	put("oauth.yaml", fmt.Sprintf(vault, ", auth: oauth1")+rest)
	put("rude.yaml", fmt.Sprintf(vault, ", referer: '"+rudeReferer+"'")+rest)
	put("basic.yaml", fmt.Sprintf(vault, ", auth: basic, referer: '"+rudeReferer+"'")+rest)
	return map[string]string{"PAMSYNC_PROXY_PASSWORD": c.plant("the proxy's password"), "PAMSYNC_OAUTH_TOKEN": c.plant("a token of OAuth 1"), "PAMSYNC_OAUTH_TOKEN_SECRET": c.plant("its secret"),
		"PAMSYNC_IDENTITY": c.add("the identity that opens exports", identity.String()), "PAMSYNC_LOCK_FOLDER": filepath.Join(folder, "locks"), "TMPDIR": filepath.Join(folder, "temp")}
}
