package vault

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pamsync/schemas"
)

// repeating is a client of a vault that answers with what is made of each call but those for tokens, which it
// lets in unless it is to refuse them too.
func repeating(t *testing.T, change func(*schemas.VaultConfig), answer func(r *http.Request, body string) (status int, text string)) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		status, text := answer(r, string(body))
		if text == "" {
			status, text = http.StatusOK, `{"token_type":"Bearer","expires_in":3600,"access_token":"a-token-of-it"}`
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.RPS, config.Burst = server.URL, "c", schemas.NewSecret("s3cr et/é"), 10000, 100
	change(&config)
	client, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// quoted is JSON as PHP writes it.
func quoted(text string) string {
	return strings.ReplaceAll(string(must(json.Marshal(text))), "/", `\/`)
}

func must(text []byte, _ error) []byte { return text }

// TestDevicesErrorRepeatsNoSecret: what a vault says of the devices of a key may repeat the key, in any shape, and
// at a length that is clipped.
func TestDevicesErrorRepeatsNoSecret(t *testing.T) {
	private := "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc/def+ghi" + strings.Repeat("/jkl0", 50) + "\n-----END RSA PRIVATE KEY-----\n"
	for name, said := range map[string]string{
		"as an object":   `[{"sent":` + quoted(private) + `,"with":` + quoted("hun/ter2") + `}]`,
		"as a text":      `[` + quoted("refused: "+private+" with hun/ter2") + `]`,
		"as a hostname":  `[{"hostname":` + quoted(private) + `},{"device":` + quoted("two  blanks hun/ter2") + `}]`,
		"in other lines": `[` + quoted(strings.ReplaceAll(strings.TrimSpace(private), "\n", "\r\n")) + `]`,
		"JSON in a text": `[` + quoted(`{"private_key":`+quoted(private)+`,"password":`+quoted("hun/ter2")+`}`) + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			client := repeating(t, func(*schemas.VaultConfig) {}, func(r *http.Request, _ string) (int, string) {
				if strings.HasSuffix(r.URL.Path, "/token") {
					return 0, ""
				}
				return 201, `{"response":{"status":201,"message":"ok","error":false},"key":{"id":"7","devices_error":` + said + `}}`
			})
			for _, phrase := range []string{"hun/ter2", "two  blanks hun/ter2"} {
				answer := client.Writer().Do(context.Background(), schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindKey,
					Values: schemas.Values{schemas.FieldHostname: "srv"}, Secret: schemas.NewSecret(private), Second: schemas.NewSecret(phrase)})
				if answer.Partial == "" || !strings.Contains(answer.Partial, "***") {
					t.Errorf("%+v", answer)
				}
				for _, piece := range []string{"MIIE", "jkl0", phrase, strings.Join(strings.Fields(phrase), " "), strings.ReplaceAll(phrase, "/", `\/`)} {
					if strings.Contains(answer.Partial, piece) {
						t.Errorf("%q is said: %s", piece, answer.Partial)
					}
				}
			}
		})
	}
}

// TestDevicesErrorOfAnyShape: no page says what it looks like, so that all but nothing is a part that failed.
func TestDevicesErrorOfAnyShape(t *testing.T) {
	for said, want := range map[string]string{
		`null`: "", `[]`: "", `{}`: "", `""`: "", ` [ ] `: "",
		`[{"hostname":"srv-77","error":"Device not found"}]`: "srv-77", `["srv-77",{"device":"srv-78"}]`: "srv-77, srv-78", `[{"name":"srv-77","code":4}]`: "name: srv-77, code: 4",
		`{"srv-77":"Device not found"}`: "srv-77: Device not found", `"srv-77 is \u00fcnknown"`: "srv-77 is ünknown", `true`: "true", `1`: "1", `0`: "0",
		`{"srv-77":["a","b"]}`: "srv-77: a, b", `[null]`: "[null]", `[{}]`: "[{}]", `{"":""}`: ": ",
	} {
		client := repeating(t, func(*schemas.VaultConfig) {}, func(r *http.Request, _ string) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				return 0, ""
			}
			return 201, `{"response":{"status":201,"message":"ok","error":false},"key":{"id":"7","devices_error":` + said + `}}`
		})
		answer := client.Writer().Do(context.Background(), schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindKey, Values: schemas.Values{schemas.FieldHostname: "srv"}})
		if answer.Effect != schemas.EffectDone || answer.Partial != clip(want) {
			t.Errorf("%s: %q, not %q", said, answer.Partial, want)
		}
	}
}

// TestARefusedCallerIsNotRepeated: a token call that is refused with all that it sent says nothing of it.
func TestARefusedCallerIsNotRepeated(t *testing.T) {
	for _, auth := range []string{schemas.AuthOAuth2, schemas.AuthBasic} {
		client := repeating(t, func(c *schemas.VaultConfig) { c.Auth = auth }, func(r *http.Request, body string) (int, string) {
			return 401, `{"response":{"status":401,"message":` + quoted(r.Header.Get("Authorization")+" "+body) + `,"error":true}}`
		})
		_, err := client.Reader().Devices(context.Background(), func(*schemas.Device) error { return nil })
		said := fmt.Sprintf("%+v", err)
		for _, secret := range []string{"s3cr et/é", "s3cr+et%2F%C3%A9", base64.RawStdEncoding.EncodeToString([]byte("c:s3cr+et%2F%C3%A9"))} {
			if strings.Contains(said, secret) || !strings.Contains(said, "***") {
				t.Errorf("%s: %q in %s", auth, secret, said)
			}
		}
	}
}

// TestHide: every way in which a secret is written is found, of the longest first.
func TestHide(t *testing.T) {
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.Auth = "https://vault.example", "c", schemas.NewSecret("abc"), schemas.AuthBasic
	config.Proxy, config.ProxyUser, config.ProxyPassword = "http://proxy.example", "me", schemas.NewSecret("word of it")
	client, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	encoded := base64.StdEncoding.EncodeToString
	for text, want := range map[string]string{
		"":                       "",
		"nothing of it":          "nothing of it",
		"xabcdefx":               "x***x",
		"abc":                    "***",
		encoded([]byte("c:abc")): "***",
		"Basic " + encoded([]byte("me:word of it")):                         "Basic ***",
		"Basic " + strings.TrimRight(encoded([]byte("me:word of it")), "="): "Basic ***",
	} {
		if got := client.hide(text, schemas.NewSecret("abcdef")); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

// TestHideFindsEveryWriting: a secret with signs that codecs change is found however it is written, alone and one
// within the other, beside another secret in another writing.
func TestHideFindsEveryWriting(t *testing.T) {
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret = "https://vault.example", "c", schemas.NewSecret("client's own")
	client, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	const secret = `Wörd<"a'b&c\d/e+f 9%41>`
	inJSON := func(text string) string { q := quoted(text); return q[1 : len(q)-1] }
	ascii := func(text string) string { return strings.ReplaceAll(inJSON(text), "ö", `\u00F6`) }
	htmlNumbers := func(text string) string {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, "&#%d;", r)
		}
		return b.String()
	}
	lower := func(text string) string {
		return regexp.MustCompile(`%[0-9A-F]{2}`).ReplaceAllStringFunc(url.QueryEscape(text), strings.ToLower)
	}
	php := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&#039;", "<", "&lt;", ">", "&gt;", "ö", "&ouml;").Replace
	for name, write := range map[string]func(string) string{
		"as it is":         func(text string) string { return text },
		"in capitals":      strings.ToUpper,
		"in small letters": strings.ToLower,
		"JSON":             inJSON, "JSON of ASCII": ascii, "JSON in JSON": func(text string) string { return inJSON(inJSON(text)) },
		"HTML": html.EscapeString, "HTML of PHP": php, "HTML by numbers": htmlNumbers, "HTML in JSON": func(text string) string { return inJSON(php(text)) },
		"an address": url.PathEscape, "a form": url.QueryEscape, "a form in small letters": lower, "a form in JSON": func(text string) string { return inJSON(lower(text)) },
		"base64":         func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
		"base64 of PHP":  func(text string) string { return inJSON(base64.StdEncoding.EncodeToString([]byte("??" + text))) },
		"base64 of URLs": func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte("x" + text + "y")) },
		"behind letters": func(text string) string { return "xyz" + base64.RawStdEncoding.EncodeToString([]byte(text)) },
		"HTTP Basic": func(text string) string {
			return base64.StdEncoding.EncodeToString([]byte("me:" + url.QueryEscape(text)))
		},
		"hexadecimal": func(text string) string { return hex.EncodeToString([]byte(text)) },
		"HEXADECIMAL": func(text string) string { return "A" + strings.ToUpper(hex.EncodeToString([]byte(text))) + "B" },
	} {
		t.Run(name, func(t *testing.T) {
			said := client.hide("before ["+write(secret)+"] then ["+html.EscapeString("client's own")+"] after", schemas.NewSecret(secret))
			if said != "before [***] then [***] after" {
				t.Errorf("%s becomes %s", write(secret), said)
			}
		})
	}
	for said, want := range map[string]string{`\u00e9\u00fc\u00e9`: `\u00e9***\u00e9`, `\ud83d\ude00\u00fc\ud83d\ude00`: `\ud83d\ude00***\ud83d\ude00`, `&uuml;&eacute;`: `***&eacute;`} {
		if got := client.hide(said, schemas.NewSecret("ü")); got != want {
			t.Errorf("%s becomes %s, not %s", said, got, want)
		}
	}
	for _, plain := range []string{"100% of it & more + \\u00e9", "deadbeefcafe", "YzphYmM=", "a%20b"} {
		if said := client.hide(plain, schemas.NewSecret(secret)); said != plain {
			t.Errorf("%q becomes %q", plain, said)
		}
	}
}

// TestHideEndsSoon: a vault that says a megabyte of escapes keeps nobody waiting, and nothing of that is said unseen.
func TestHideEndsSoon(t *testing.T) {
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret = "https://vault.example", "c", schemas.NewSecret("client's own")
	client, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	const escapes = `%25&amp;amp;+\\\\u0025 abcd`
	if n := len(readings(asSaid(escapes))); n > 40 {
		t.Errorf("a text is read in %d ways", n)
	}
	for length, want := range map[int]string{longestSaid: "***" + strings.Repeat(".", longestSaid-len("client's own")), longestSaid + 1: "***"} {
		if said := client.hide("client's own" + strings.Repeat(".", length-len("client's own"))); said != want {
			t.Errorf("of %d bytes %d are said, wanted %d", length, len(said), len(want))
		}
	}
	started := time.Now()
	client.hide(strings.Repeat(escapes, maxAnswer/len(escapes)), schemas.NewSecret("se<cr/et"))
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}
