package sealed_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
)

// TestARecordComesBackWhole: every field of each kind, with texts that JSON or HTML would like to change.
func TestARecordComesBackWhole(t *testing.T) {
	odd := func(name string) string { return name + " <&>\"\\\n\u2028 ção\x00" }
	for _, kind := range []schemas.Kind{schemas.KindCredential, schemas.KindKey, schemas.KindInfo} {
		r := schemas.SecretRecord{Kind: kind, ID: odd("id"), Identifier: odd("identifier"), Username: odd("username"), Hostname: odd("host"), IP: "10.0.0.1", Port: "22",
			Domain: odd("domain"), Additional: odd("additional"), Parent: odd("parent"), ParentID: "9", Expiration: "2027-01-01", PublicKey: odd("public"),
			Tags: []string{"a", odd("b")}, Devices: []schemas.Installed{{Hostname: odd("one"), IP: "10.0.0.2"}, {IP: "10.0.0.3"}}, Secret: schemas.NewSecret(odd("secret"))}
		r.Device = schemas.Device{Hostname: r.Hostname, IP: r.IP, Site: odd("site"), Model: odd("model"), Vendor: odd("vendor"), Type: odd("type"), Tags: odd("tags")}
		switch kind {
		case schemas.KindKey:
			r.Name, r.Second = odd("name"), schemas.NewSecret(odd("passphrase"))
		case schemas.KindInfo:
			r.Name, r.Type = odd("name"), odd("kind")
		default:
			r.Type = odd("type")
		}
		text, err := sealed.Append(nil, sealed.Line{Record: &r})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Count(text, []byte("\n")) != 1 || !bytes.HasSuffix(text, []byte("\n")) {
			t.Errorf("%s: not one line: %q", kind, text)
		}
		line, err := sealed.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := *line.Record
		if got.Secret.Reveal() != r.Secret.Reveal() || got.Second.Reveal() != r.Second.Reveal() {
			t.Errorf("%s: the secrets came back as others", kind)
		}
		got.Secret, got.Second, r.Secret, r.Second = schemas.Secret{}, schemas.Secret{}, schemas.Secret{}, schemas.Secret{}
		if !reflect.DeepEqual(got, r) {
			t.Errorf("%s came back as\n%+v, not\n%+v", kind, got, r)
		}
	}
}

// TestEnd: an end of an earlier build is read and is no proof; the numbers fit each other, or the text was changed.
func TestEnd(t *testing.T) {
	for _, c := range []struct {
		name          string
		text          string
		counts, whole bool
	}{
		{"all was read", `{"end":{"records":3,"chosen":3,"failed":0,"by":"all"}}`, true, true},
		{"some failed", `{"end":{"records":3,"chosen":5,"failed":2,"by":"all"}}`, true, false},
		{"a filter", `{"end":{"records":3,"chosen":3,"failed":0,"by":"match"}}`, true, false},
		{"rows", `{"end":{"records":3,"chosen":3,"failed":0,"by":"rows"}}`, true, false},
		{"an earlier build", `{"end":{"records":3}}`, true, false},
		{"a record more", `{"end":{"records":4,"chosen":4,"failed":0,"by":"all"}}`, false, true},
		{"nobody knows of one", `{"end":{"records":3,"chosen":4,"failed":0,"by":"all"}}`, false, true},
		{"fewer than none failed", `{"end":{"records":3,"chosen":2,"failed":-1,"by":"all"}}`, false, false},
	} {
		line, err := sealed.Parse([]byte(c.text))
		if err != nil || line.End == nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := line.End.Counts(3); got != c.counts {
			t.Errorf("%s: its numbers count as %v", c.name, got)
		}
		if got := line.End.Whole(); got != c.whole {
			t.Errorf("%s: whole %v", c.name, got)
		}
	}
}

// TestOtherLines: the first, the last and an encrypted one come back; whatever is none of them is refused, and the
// refusal says nothing of it.
func TestOtherLines(t *testing.T) {
	for _, l := range []sealed.Line{
		{Start: &schemas.Start{Format: sealed.Format, Version: schemas.FormatVersion, Vault: "https://vault.example"}},
		{Sealed: []byte("age-encryption.org/v1\n\x00\xff")},
		{End: &sealed.End{Records: 7, Chosen: 9, Failed: 2, By: schemas.ChosenMatch}},
	} {
		text, err := sealed.Append(nil, l)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := sealed.Parse(text); err != nil || !reflect.DeepEqual(got, l) {
			t.Errorf("%s came back as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "{}", `{"kind":"session","password":"hunter2"}`, `{"kind":"credential","password":"hunter2","pin":"hunter2"}`, `{"kind":"credential","password":"hunter2"`,
		fmt.Sprintf(`{"start":{"format":%q,"version":%d}}`, sealed.Format, schemas.FormatVersion+1), `{"start":{"format":"pamsync-plan","version":1}}`} {
		if _, err := sealed.Parse([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
