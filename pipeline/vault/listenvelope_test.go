package vault_test

import (
	"context"
	"testing"

	"pamsync/schemas"
)

// TestAListWithoutAResponseIsNone: every list that the vault's pages show has a response beside it
// (vault-api a.0); what has none was answered by something else, and says nothing of what there is.
func TestAListWithoutAResponseIsNone(t *testing.T) {
	const nothing = `"devices":[],"credentials":[],"remote_sessions":[]`
	for name, c := range map[string]struct{ body, code string }{
		"an empty list":             {`{"status":"maintenance",` + nothing + `}`, "list_malformed"},
		"a message beside it":       {`{"message":"0 found",` + nothing + `}`, "list_malformed"},
		"records":                   {`{"devices":[{"id":"1"}],"credentials":[{"id":"1"}],"remote_sessions":[{"id":"1"}]}`, "list_malformed"},
		"a response that is null":   {`{"response":null,` + nothing + `}`, "list_malformed"},
		"a response that is a text": {`{"response":"ok",` + nothing + `}`, "list_malformed"},
		"no list but a message":     {`{"message":"0 devices found"}`, "list_malformed"},
		"an empty list of a vault":  {`{` + nothing + `,"response":{"status":200,"message":"","error":false}}`, ""},
	} {
		reader := connect(t, config(serve(t, answers(200, c.body)))).Reader()
		for list, read := range map[string]func() error{
			"devices": func() error {
				_, err := reader.Devices(context.Background(), func(*schemas.Device) error { return nil })
				return err
			},
			"credentials": func() error {
				_, err := reader.Credentials(context.Background(), func(*schemas.Credential) error { return nil })
				return err
			},
			"sessions": func() error {
				_, err := reader.Sessions(context.Background(), func(*schemas.Session) error { return nil })
				return err
			},
		} {
			err := read()
			if c.code == "" {
				if err != nil {
					t.Errorf("%s, %s: %v", name, list, err)
				}
				continue
			}
			if class, code := faultCode(err); class != schemas.ClassUnreachable || code != c.code {
				t.Errorf("%s, %s: %s %s, wanted %s", name, list, class, code, c.code)
			}
		}
	}
}
