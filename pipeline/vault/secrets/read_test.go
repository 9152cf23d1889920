package secrets_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/secrets"
	"pamsync/schemas"
)

// answering is a vault that answers every reading with one record.
func answering(t *testing.T, payload, record string) *secrets.Caller {
	t.Helper()
	return saying(t, http.StatusOK, fmt.Sprintf(`{"code":200,"response":{"status":200,"message":"","error":false},%q:%s}`, payload, record))
}

// saying is a vault that answers everything but calls for tokens with one text.
func saying(t *testing.T, status int, text string) *secrets.Caller {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/token") {
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"a-token-of-it"}`)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	client, err := vault.Connect(schemas.VaultConfig{URL: server.URL, ClientID: "c", ClientSecret: schemas.NewSecret("not-real"), API: "auto", RPS: 1000, Burst: 100, Workers: 1},
		vault.WithBackoff(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	return secrets.Of(client)
}

func keyOf(t *testing.T, private *rsa.PrivateKey) *secrets.Key {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secrets.ParseKey(schemas.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestRead(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 4096)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(to *rsa.PrivateKey, parts ...string) string {
		var all []byte
		for _, part := range parts {
			block, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &to.PublicKey, []byte(part), nil)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, block...)
		}
		return base64.StdEncoding.EncodeToString(all)
	}
	long := seal(private, "first half, ", "second half")
	for _, c := range []struct {
		name, record string
		key          *secrets.Key
		kind         schemas.Kind
		want, code   string
	}{
		{"in clear", `{"id":"7","password":"p\u00e9\"","content":"p"}`, nil, "credential", "pé\"", ""},
		{"under the one name alone", `{"id":"7","password":null,"content":"p"}`, nil, "credential", "p", ""},
		{"a number", `{"id":7,"password":12345}`, nil, "credential", "12345", ""},
		{"none", `{"id":"7","password":""}`, nil, "credential", "", ""},
		{"no member of it", `{"id":"7","username":"root"}`, nil, "credential", "", "secret_absent"},
		{"another record", `{"id":"8","password":"p"}`, nil, "credential", "", "other_record"},
		{"bytes that are no text", "{\"id\":\"7\",\"password\":\"a\xff\"}", nil, "credential", "", "secret_not_text"},
		{"encrypted", `{"id":"7","password":"` + seal(private, "p") + `"}`, keyOf(t, private), "credential", "p", ""},
		{"encrypted in blocks", `{"id":"7","private_key":"` + long + `","password":null}`, keyOf(t, private), "key", "first half, second half", ""},
		{"encrypted in lines", `{"id":"7","password":"` + long[:76] + `\r\n` + long[76:] + `"}`, keyOf(t, private), "credential", "first half, second half", ""},
		{"in clear beside a key", `{"id":"7","password":"c2hvcnQ="}`, keyOf(t, private), "credential", "c2hvcnQ=", ""},
		{"for another key", `{"id":"7","password":"` + seal(other, "p") + `"}`, keyOf(t, private), "credential", "", "secret_other_key"},
		{"for a shorter key", `{"id":"7","password":"` + seal(private, "p") + `"}`, keyOf(t, other), "credential", "", "secret_other_key"},
		{"encrypted, without a key", `{"id":"7","password":"` + seal(private, "p") + `"}`, nil, "credential", "", "looks_encrypted"},
		{"long, encrypted, without a key", `{"id":"7","private_key":"` + long + `","password":"` + seal(private, "p") + `"}`, nil, "key", "", "looks_encrypted"},
		{"not to be encrypted", `{"id":"7","content":"An error occurred while encrypting the text"}`, keyOf(t, private), "info", "", "secret_not_encrypted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			record, answer, problem := answering(t, string(c.kind), c.record).Read(context.Background(), c.kind, schemas.Ref{ID: "7"}, c.key)
			code := ""
			if problem != nil {
				code = problem.Code
			}
			if answer.Effect != schemas.EffectDone || code != c.code || record.Secret.Reveal() != c.want {
				t.Errorf("%q, %q, %+v; wanted %q, %q", record.Secret.Reveal(), code, answer, c.want, c.code)
			}
			if said := fmt.Sprintf("%v %+v %#v %+v %v", record, record, record, answer, problem); c.want != "" && strings.Contains(said, c.want) && len(c.want) > 3 {
				t.Errorf("the secret is said: %s", said)
			}
		})
	}
}

// TestReadIsOfWhatWasAskedFor: an id is compared with ids alone, and an identifier with identifiers; one that the
// vault would take for an id is not asked for at all.
func TestReadIsOfWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		name, record string
		ref          schemas.Ref
		want         schemas.Effect
		code         string
	}{
		{"its id", `{"id":"7","tag":"lic","content":"p"}`, schemas.Ref{ID: "7"}, schemas.EffectDone, ""},
		{"its identifier", `{"id":"7","tag":"LIC","content":"p"}`, schemas.Ref{Identifier: "lic"}, schemas.EffectDone, ""},
		{"an identifier that is the id", `{"id":"8","tag":"7","content":"p"}`, schemas.Ref{ID: "7"}, schemas.EffectDone, "other_record"},
		{"an id that is the identifier", `{"id":"lic","tag":"other","content":"p"}`, schemas.Ref{Identifier: "lic"}, schemas.EffectDone, "other_record"},
		{"digits for an identifier", `{"id":"7","tag":"7","content":"p"}`, schemas.Ref{Identifier: "7"}, schemas.EffectRefused, "reading_bad_identifier"},
		{"another path", `{"id":"7","tag":"..","content":"p"}`, schemas.Ref{Identifier: ".."}, schemas.EffectRefused, "reading_bad_identifier"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, answer, problem := answering(t, "info", c.record).Read(context.Background(), schemas.KindInfo, c.ref, nil)
			code := ""
			if problem != nil {
				code = problem.Code
			}
			if answer.Effect != c.want || code != c.code {
				t.Errorf("%q, %+v; wanted %q", code, answer, c.code)
			}
		})
	}
}
