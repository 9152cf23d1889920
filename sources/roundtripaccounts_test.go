package sources_test

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

// TestAccountsAreReadAsWritten: what an export writes of credentials is read again, letter by letter.
func TestAccountsAreReadAsWritten(t *testing.T) {
	values := 40_000
	if testing.Short() {
		values = 2_000
	}
	random := rand.New(rand.NewPCG(20261102, 8))
	all := make([]schemas.Credential, values/4)
	for i := range all {
		all[i] = schemas.Credential{ID: strconv.Itoa(i + 1), Hostname: someText(random), Username: someText(random), Identifier: someText(random), Type: someText(random)}
	}
	for name, dialect := range map[string]sinks.Dialect{"CSV for machines": sinks.ForMachine, "CSV for Excel": sinks.ForExcel} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			e, err := sinks.NewExport(&b, "csv", dialect, schemas.Start{Format: schemas.FormatCredentials})
			for i := range all {
				if err == nil {
					err = e.Credential(&all[i])
				}
			}
			if err == nil {
				err = e.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			accountsAre(t, b.String(), all)
		})
	}
}

func accountsAre(t *testing.T, text string, all []schemas.Credential) {
	t.Helper()
	s, err := (input{text: text, kind: schemas.KindCredential}).open(t)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Read(func(row *schemas.Row) error {
		c := &all[n]
		n++
		for _, f := range []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldIdentifier, schemas.FieldCredentialType} {
			if got, want := row.Values[f], c.Value(f); got != want {
				t.Errorf("row %d: %s was written %q, and is read %q", row.Number, f, want, got)
			}
		}
		return nil
	})
	if err != nil || n != len(all) {
		t.Fatalf("%d rows of %d, %v", n, len(all), err)
	}
}
