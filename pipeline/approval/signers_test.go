package approval

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func TestFilesOfSigners(t *testing.T) {
	key, short := newKey(t, "ed25519"), newKey(t, "rsa1024")
	certificate := &ssh.Certificate{Key: key.signer.PublicKey(), CertType: ssh.UserCert, ValidBefore: ssh.CertTimeInfinity}
	if err := certificate.SignCert(strings.NewReader(strings.Repeat("x", 99)), key.signer); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, text, code, why string
		line                  int
	}{
		{rule: "comments and empty lines", text: "# who may\n\n  bob " + key.public() + " laptop\r\n"},
		{rule: "several people, tabs", text: "bob,carol@example.com\t" + key.public()},
		{rule: "names in quotes", text: `"bob,carol" ` + key.public()},
		{rule: "options in any case", text: `bob Namespaces="pamsync-plan",VALID-AFTER="20250101" ` + key.public()},
		{rule: "nobody", text: "# nobody\n", code: "signers_none"},
		{rule: "empty", text: "", code: "signers_none"},
		{rule: "a line of authorized_keys", text: key.public(), code: "signers_line", why: "key", line: 1},
		{rule: "no key", text: "\nbob\n", code: "signers_line", why: "key", line: 2},
		{rule: "half a key", text: "bob ssh-ed25519 AAAA", code: "signers_line", why: "key", line: 1},
		{rule: "another type before the key", text: "bob ssh-rsa " + strings.Fields(key.public())[1], code: "signers_line", why: "key", line: 1},
		{rule: "a good line does not save a bad one", text: "bob " + key.public() + "\ncarol xxx yyy\n", code: "signers_line", why: "key", line: 2},
		{rule: "everybody", text: "* " + key.public(), code: "signers_line", why: "pattern", line: 1},
		{rule: "a whole domain", text: "bob,*@example.com " + key.public(), code: "signers_line", why: "pattern", line: 1},
		{rule: "all but one", text: "!bob " + key.public(), code: "signers_line", why: "pattern", line: 1},
		{rule: "an empty name", text: "bob,, " + key.public(), code: "signers_line", why: "name", line: 1},
		{rule: "a certificate authority", text: "bob cert-authority " + key.public(), code: "signers_line", why: "authority", line: 1},
		{rule: "an authority among other options", text: `bob namespaces="x",Cert-Authority ` + key.public(), code: "signers_line", why: "authority", line: 1},
		{rule: "an option of another file", text: `bob command="x" ` + key.public(), code: "signers_line", why: "option", line: 1},
		{rule: "an option twice", text: `bob namespaces="a",namespaces="b" ` + key.public(), code: "signers_line", why: "option", line: 1},
		{rule: "an option without quotes", text: `bob namespaces=a ` + key.public(), code: "signers_line", why: "option", line: 1},
		{rule: "a time that is none", text: `bob valid-after="2025" ` + key.public(), code: "signers_line", why: "option", line: 1},
		{rule: "a day that is none", text: `bob valid-before="20250231" ` + key.public(), code: "signers_line", why: "option", line: 1},
		{rule: "a certificate", text: "bob " + string(ssh.MarshalAuthorizedKey(certificate)), code: "key_type", line: 1},
		{rule: "a short RSA key", text: "bob " + short.public(), code: "key_short", line: 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, err := ReadSigners([]byte(c.text))
			if codeOf(err) != c.code {
				t.Fatalf("%v, wanted %q", err, c.code)
			}
			if err == nil {
				if people := s.People(key.Fingerprint()); !slices.Contains(people, "bob") {
					t.Errorf("the key is that of %q", people)
				}
				return
			}
			refusal := err.(*Error)
			if refusal.Line != c.line || c.why != "" && refusal.Args[1] != c.why {
				t.Errorf("%v, wanted %s at line %d", err, c.why, c.line)
			}
		})
	}
}

func TestTimesOfKeys(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"20261102Z", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
		{"202611021530z", time.Date(2026, 11, 2, 15, 30, 0, 0, time.UTC)},
		{"20261102153045UTC", time.Date(2026, 11, 2, 15, 30, 45, 0, time.UTC)},
		{"20261102", time.Date(2026, 11, 2, 0, 0, 0, 0, time.Local)},
		{"2026110215", time.Time{}}, {"", time.Time{}}, {"Z", time.Time{}}, {"tomorrow", time.Time{}},
	} {
		if got, ok := keyTime(c.text, time.Time{}); ok == c.want.IsZero() || ok && !got.Equal(c.want) {
			t.Errorf("%q: %v, %v", c.text, got, ok)
		}
	}
}

func TestNamesOfPeople(t *testing.T) {
	for name, valid := range map[string]bool{"bob": true, "bob@example.com": true, "josé": true, "": false, "bob carol": false, "bob\n": false, "a,b": false, "*": false, `"bob"`: false, "#bob": false, "-bob": false} {
		if ValidPrincipal(name) != valid {
			t.Errorf("%q: %v", name, !valid)
		}
	}
}
