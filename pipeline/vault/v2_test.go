package vault_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// v2Of reads API v2 of a handler.
func v2Of(t *testing.T, h http.Handler) *vault.V2 {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.RPS, config.Burst = server.URL, "client", schemas.NewSecret("not-a-real-secret"), 10000, 100
	c, err := vault.Connect(config, vault.WithBackoff(time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	return c.V2()
}

// fixed answers every path but the token's with one body.
func fixed(status int, body string) http.Handler {
	token := &vaultsim.Vault{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
			token.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// TestFormsOfAPIv2: no page shows an answer, so each usual form of one is read.
func TestFormsOfAPIv2(t *testing.T) {
	nested := `{"id":"7","credential":{"username":"root","active":true,"tags":["a","b"],"user_credential_owner":{"id":1,"username":"ana"},"criticality":null},"device":{"id":1,"name":"srv-01"}}`
	want := schemas.V2Credential{ID: "7", Username: "root", Device: "srv-01", Status: "active", Tags: []string{"a", "b"}, Owner: "ana"}
	for name, body := range map[string]string{
		"data":                 `{"data":[` + nested + `],"meta":{"total":1}}`,
		"items, dotted":        `{"total":1,"items":[{"credential.id":"7","credential.username":"root","credential.active":true,"credential.tags":["a","b"],"credential.user_credential_owner":"ana","device.name":"srv-01"}]}`,
		"an array":             `[` + nested + `]`,
		"credentials, no link": `{"credentials":[` + nested + `],"pagination":{"total":1,"next":null}}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := v2Of(t, fixed(200, body)).Find(context.Background(), vault.V2Filter{Username: "root"})
			if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestAPIv2ThatIsNotWholeIsNotUsed: what is missing cannot be told from what is not there.
func TestAPIv2ThatIsNotWholeIsNotUsed(t *testing.T) {
	one := `{"id":"7","credential":{"username":"root"}}`
	for name, c := range map[string]struct {
		status     int
		body, code string
	}{
		"fewer than announced":        {200, `{"data":[` + one + `],"meta":{"total":2}}`, "v2_short"},
		"a link that leads elsewhere": {200, `{"data":[` + one + `],"links":{"next":"https://other.test/api/v2/pam/credentials?page=2"}}`, "v2_unread"},
		"a link to another path":      {200, `{"data":[` + one + `],"links":{"next":"/api/pam/credential/7"}}`, "v2_unread"},
		"no end":                      {200, `{"data":[` + one + `],"links":{"next":"/api/v2/pam/credentials?page=2"}}`, "v2_unread"},
		"no records":                  {200, `{"status":"ok"}`, "v2_unread"},
		"records of something else":   {200, `{"data":[{"id":"7","name":"x"}]}`, "v2_unread"},
		"no JSON":                     {200, `<html>`, "v2_unread"},
		"an unknown filter":           {422, `{"error":{"message":"unknown filter"}}`, "v2_refused"},
		"a sensitive field":           {403, `{"error":{"message":"sensitive"}}`, "v2_refused"},
		"not there":                   {404, `{"message":"no Route matched with those values"}`, "v2_none"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := v2Of(t, fixed(c.status, c.body)).Find(context.Background(), vault.V2Filter{Username: "root"})
			if _, code := faultCode(err); code != c.code || got != nil {
				t.Errorf("%v: %v, wanted %s", got, err, c.code)
			}
		})
	}
}

// TestAPIv2IsReadPageByPage: the simulator's pages are followed by their links.
func TestAPIv2IsReadPageByPage(t *testing.T) {
	many := func(short bool) *vaultsim.Vault {
		v := &vaultsim.Vault{Version: "4.2.2", V2NoNext: short}
		for i := range 120 {
			v.AddCredential(vaultsim.Credential{Hostname: fmt.Sprintf("srv-%d", i), Username: "root"})
		}
		return v
	}
	v := many(false)
	got, err := v2Of(t, v).Find(context.Background(), vault.V2Filter{Username: "root"})
	if err != nil || len(got) != 120 || got[119].Device != "srv-119" {
		t.Errorf("%d, %v", len(got), err)
	}
	page, err := v2Of(t, v).First(context.Background())
	if err != nil || page.Read != 50 || page.Announced != 120 || !page.More || page.Shape.Record["credential.active"] != "boolean" {
		t.Errorf("%+v, %v", page, err)
	}
	_, err = v2Of(t, many(true)).Find(context.Background(), vault.V2Filter{Username: "root"})
	if _, code := faultCode(err); code != "v2_short" {
		t.Error(err)
	}
	one, ok, err := v2Of(t, v).One(context.Background(), "1")
	if err != nil || !ok || one.Device != "srv-0" || one.Status != "active" {
		t.Errorf("%+v %v %v", one, ok, err)
	}
	if _, ok, err := v2Of(t, v).One(context.Background(), "999"); ok || err != nil {
		t.Error(ok, err)
	}
}
