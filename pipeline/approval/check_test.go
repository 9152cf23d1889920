package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/sha512"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func TestApprovalsThatCount(t *testing.T) {
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		key := newKey(t, kind)
		s := someStatement(key)
		text := textOf(t, s)
		got, err := Check(text, signatureOf(t, key, text), Rules{Subject: s.Subject, Signers: signersOf(t, "bob@example.com "+key.public()), MaxAge: 24 * time.Hour, At: noon, Applier: "ana"})
		if err != nil || got != s {
			t.Errorf("%s: %+v, %v", kind, got, err)
		}
	}
}

// TestApprovalsThatDoNotCount: each case changes one thing of an approval that counts.
func TestApprovalsThatDoNotCount(t *testing.T) {
	key, other, rsaKey := newKey(t, "ed25519"), newKey(t, "ed25519"), newKey(t, "rsa")
	line := "bob@example.com " + key.public()
	for _, c := range []struct {
		rule, code string
		statement  func(*Statement)               // before it is signed
		files      func(text, sig *[]byte)        // after
		rules      func(*Rules, Statement) *Rules // what it is held against
		signers    string
	}{
		{rule: "none of these is changed"},
		{rule: "another plan", code: "approval_other_plan", rules: func(r *Rules, _ Statement) *Rules {
			r.Subject.Plan = "sha256:" + strings.Repeat("cd", 32)
			return r
		}},
		{rule: "a plan for another vault", code: "approval_other_plan", rules: func(r *Rules, _ Statement) *Rules { r.Subject.Vault = "https://other:443"; return r }},
		{rule: "a plan of another maker", code: "approval_other_plan", rules: func(r *Rules, _ Statement) *Rules { r.Subject.By = "carol"; return r }},
		{rule: "counts that are not the plan's", code: "approval_other_plan", statement: func(s *Statement) { s.Inactivate = 0 }, rules: func(r *Rules, _ Statement) *Rules { r.Subject.Inactivate = 1; return r }},
		{rule: "an edited time", code: "approval_edited", files: func(text, _ *[]byte) {
			*text = bytes.Replace(*text, []byte("expires: 2026"), []byte("expires: 2027"), 1)
		}},
		{rule: "an edited note", code: "approval_edited", files: func(text, _ *[]byte) { *text = bytes.Replace(*text, []byte("1234"), []byte("1235"), 1) }},
		{rule: "a line more", code: "approval_unreadable", files: func(text, _ *[]byte) { *text = append(*text, "note: x\n"...) }},
		{rule: "a line end of Windows", code: "approval_unreadable", files: func(text, _ *[]byte) { *text = bytes.Replace(*text, []byte("\n"), []byte("\r\n"), 1) }},
		{rule: "no text", code: "approval_unreadable", files: func(text, _ *[]byte) { *text = nil }},
		{rule: "a later version", code: "approval_version", files: func(text, _ *[]byte) { *text = bytes.Replace(*text, []byte("approval: 1"), []byte("approval: 2"), 1) }},
		{rule: "no signature", code: "approval_signature", files: func(_, sig *[]byte) { *sig = nil }},
		{rule: "something behind the signature", code: "approval_signature", files: func(_, sig *[]byte) { *sig = append(*sig, "x\n"...) }},
		{rule: "something before the signature", code: "approval_signature", files: func(_, sig *[]byte) { *sig = append([]byte("x\n"), *sig...) }},
		{rule: "another kind of block", code: "approval_signature", files: func(_, sig *[]byte) { *sig = bytes.ReplaceAll(*sig, []byte("SSH SIGNATURE"), []byte("SSH SIGNATURF")) }},
		{rule: "another's signature under the same name", code: "approval_other_key", files: func(text, sig *[]byte) { *sig = signatureOf(t, other, *text) }},
		{rule: "the signature of another text", code: "approval_edited", files: func(_, sig *[]byte) { *sig = signatureOf(t, key, []byte("else")) }},
		{rule: "another namespace", code: "approval_signature", files: func(text, sig *[]byte) { *sig = sealed(t, key, *text, func(e *envelope) { e.Namespace = "git" }, "") }},
		{rule: "an unknown hash", code: "approval_signature", files: func(text, sig *[]byte) { *sig = sealed(t, key, *text, func(e *envelope) { e.Hash = "md5" }, "") }},
		{rule: "another magic", code: "approval_signature", files: func(text, sig *[]byte) { *sig = sealed(t, key, *text, func(e *envelope) { e.Magic[0] = 'X' }, "") }},
		{rule: "a later version of the signature", code: "approval_signature", files: func(text, sig *[]byte) { *sig = sealed(t, key, *text, func(e *envelope) { e.Version = 2 }, "") }},
		{rule: "a key that is none", code: "approval_signature", files: func(text, sig *[]byte) {
			*sig = sealed(t, key, *text, func(e *envelope) { e.PublicKey = []byte("x") }, "")
		}},
		{rule: "another's key in the envelope", code: "approval_edited", files: func(text, sig *[]byte) {
			*sig = sealed(t, key, *text, func(e *envelope) { e.PublicKey = other.signer.PublicKey().Marshal() }, "")
		}},
		{rule: "SHA-1 of an RSA key", code: "approval_signature", statement: func(s *Statement) { s.Key = rsaKey.Fingerprint() }, signers: "bob@example.com " + rsaKey.public(),
			files: func(text, sig *[]byte) { *sig = sealed(t, rsaKey, *text, func(*envelope) {}, ssh.KeyAlgoRSA) }},
		{rule: "a key that no signer has", code: "approval_key_unknown", signers: "bob@example.com " + other.public()},
		{rule: "a key that is another person's", code: "approval_principal", signers: "carol@example.com " + key.public() + "\nbob@example.com " + other.public()},
		{rule: "a name in other letters", code: "approval_principal", signers: "Bob@example.com " + key.public()},
		{rule: "a key for commits", code: "approval_namespace", signers: `bob@example.com namespaces="git" ` + key.public()},
		{rule: "a key for all but plans", code: "approval_namespace", signers: `bob@example.com namespaces="*,!pamsync-*" ` + key.public()},
		{rule: "a key for plans among others", signers: `bob@example.com namespaces="git,pamsync-pl?n" ` + key.public()},
		{rule: "a key not valid yet", code: "approval_key_time", signers: `bob@example.com valid-after="20261103Z" ` + key.public()},
		{rule: "a key not valid yet when it signed", code: "approval_key_time", signers: `bob@example.com valid-after="202611021130Z" ` + key.public()},
		{rule: "a key no longer valid", code: "approval_key_time", signers: `bob@example.com valid-before="202611021130Z" ` + key.public()},
		{rule: "a key in its time", signers: `bob@example.com valid-after="20261101Z",valid-before="20261231235959Z" ` + key.public()},
		{rule: "a second line that allows it", signers: `bob@example.com namespaces="git" ` + key.public() + "\nbob@example.com " + key.public()},
		{rule: "expired", code: "approval_expired", rules: func(r *Rules, s Statement) *Rules { r.At = s.Expires; return r }},
		{rule: "a moment before it expires", rules: func(r *Rules, s Statement) *Rules { r.At = s.Expires.Add(-time.Second); return r }},
		{rule: "approved in the future", code: "approval_future", rules: func(r *Rules, s Statement) *Rules { r.At = s.Approved.Add(-6 * time.Minute); return r }},
		{rule: "a clock that is a little ahead", rules: func(r *Rules, s Statement) *Rules { r.At = s.Approved.Add(-4 * time.Minute); return r }},
		{rule: "held too long", code: "approval_too_long", statement: func(s *Statement) { s.Expires = s.Expires.Add(time.Second) }},
		{rule: "made by the approver", code: "approval_self", statement: func(s *Statement) { s.By = "bob" }},
		{rule: "made by the approver, in other letters", code: "approval_self", statement: func(s *Statement) { s.By = "BOB@corp.example" }},
		{rule: "made by the approver of a domain", code: "approval_self", statement: func(s *Statement) { s.By = `CORP\bob` }},
		{rule: "applied by the approver", code: "approval_self", rules: func(r *Rules, _ Statement) *Rules { r.Applier = "Bob"; return r }},
		{rule: "a key that is the maker's too", code: "approval_self", signers: line + "\nana@example.com " + key.public()},
		{rule: "nobody says who may: the signature alone", rules: func(r *Rules, _ Statement) *Rules { r.Signers = nil; return r }},
		{rule: "nobody says who may, and it was edited", code: "approval_edited", files: func(text, _ *[]byte) { *text = bytes.Replace(*text, []byte("CHG"), []byte("CHX"), 1) },
			rules: func(r *Rules, _ Statement) *Rules { r.Signers = nil; return r }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := someStatement(key)
			if c.statement != nil {
				c.statement(&s)
			}
			text := textOf(t, s)
			signature := signatureOf(t, key, text)
			if c.files != nil {
				c.files(&text, &signature)
			}
			if c.signers == "" {
				c.signers = line
			}
			rules := &Rules{Subject: s.Subject, Signers: signersOf(t, c.signers), MaxAge: 24 * time.Hour, At: noon, Applier: "ana"}
			if c.rules != nil {
				rules = c.rules(rules, s)
			}
			if _, err := Check(text, signature, *rules); codeOf(err) != c.code {
				t.Errorf("%v, wanted %q", err, c.code)
			}
		})
	}
}

// sealed makes a signature whose envelope says something else than ours do; what is signed agrees
// with it.
func sealed(t *testing.T, key *Key, text []byte, change func(*envelope), algorithm string) []byte {
	t.Helper()
	sum := sha512.Sum512(text)
	e := envelope{magic, 1, key.signer.PublicKey().Marshal(), Namespace, "", "sha512", nil}
	change(&e)
	signature, err := key.signer.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, ssh.Marshal(signed{e.Magic, e.Namespace, "", e.Hash, sum[:]}), algorithm)
	if err != nil {
		t.Fatal(err)
	}
	e.Signature = ssh.Marshal(signature)
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: ssh.Marshal(e)})
}

// TestEveryByteCounts: an approval with any one byte changed is refused.
func TestEveryByteCounts(t *testing.T) {
	key := newKey(t, "ed25519")
	s := someStatement(key)
	text := textOf(t, s)
	signature := signatureOf(t, key, text)
	rules := Rules{Subject: s.Subject, Signers: signersOf(t, "bob@example.com "+key.public()), MaxAge: 24 * time.Hour, At: noon}
	for i := range text {
		edited := bytes.Clone(text)
		edited[i] ^= 1
		if _, err := Check(edited, signature, rules); err == nil {
			t.Errorf("byte %d of the statement does not count", i)
		}
	}
	block, _ := pem.Decode(signature)
	for i := range block.Bytes {
		edited := bytes.Clone(block.Bytes)
		edited[i] ^= 1
		if _, err := Check(text, pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: edited}), rules); err == nil {
			t.Errorf("byte %d of the signature does not count", i)
		}
	}
}

func TestStatementsThatCannotBeSaid(t *testing.T) {
	key := newKey(t, "ed25519")
	for name, change := range map[string]func(*Statement){
		"a line break in the maker":  func(s *Statement) { s.By = "ana\nprincipal: bob" },
		"a vault with a blank round": func(s *Statement) { s.Vault = " x" },
		"nobody made it":             func(s *Statement) { s.By = "" },
		"a note of two lines":        func(s *Statement) { s.Note = "a\nb" },
		"a note without end":         func(s *Statement) { s.Note = strings.Repeat("x", MaxNote+1) },
	} {
		s := someStatement(key)
		change(&s)
		if text, err := s.Text(); codeOf(err) != "approval_value" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestSamePerson(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"ana", "ana", true}, {"ana", "ANA", true}, {"ana", "ana@example.com", true}, {"ana@a.example", "ana@b.example", true}, {`CORP\ana`, "ana", true},
		{" ana ", "ana", true}, {"ana", "anna", false}, {"", "", false}, {"@example.com", "@example.com", false}, {"ana.souza", "ana", false},
	} {
		if got := SamePerson(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

// FuzzParse: what is read as a statement is written back byte for byte.
func FuzzParse(f *testing.F) {
	s := Statement{Subject: Subject{Plan: "sha256:00", Vault: "https://v:443", Run: "r", Made: "m", By: "ana"}, Principal: "bob", Key: "SHA256:x", Approved: noon, Expires: noon.Add(time.Hour)}
	text, err := s.Text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(append(text, "note: x\n"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		if again, err := s.Text(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q became %q, %v", data, again, err)
		}
	})
}
