package evidence_test

import (
	"testing"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
)

// TestOneNameHasOnePseudonym: however it is spelt, and wherever it stands; other names, and texts that are not
// compared without case, have others.
func TestOneNameHasOnePseudonym(t *testing.T) {
	p := evidence.NewPseudonyms([]byte("0123456789abcdef"))
	for _, c := range []struct {
		field, a, b string
		same        bool
	}{
		{"hostname", "SRV-01", "srv-01", true},
		{"hostname", " srv-01 ", "srv-01", true},
		{"hostname", "srv-01", "srv-01.corp", false},
		{"ip", "::ffff:10.0.0.1", "10.0.0.1", true},
		{"ip", "2001:DB8::0:7", "2001:db8::7", true},
		{"ip", "10.0.0.1", "10.0.0.10", false},
		{"origin_ip", " 10.0.0.1", "10.0.0.1", true},
		{"user", "CORP\\Ana", "corp\\ana", true},
		{"username", "ROOT", "root\t", true},
		{"identifier", "Root-1", "root-1", true},
		{"session_id", "A1", "a1", false},
		{"request", "Patch", "patch", false},
		{"user", "  ", "", true},
	} {
		if a, b := p.Field(c.field, c.a), p.Field(c.field, c.b); (a == b) != c.same {
			t.Errorf("%s %q is %s, %q is %s", c.field, c.a, a, c.b, b)
		}
	}
	device := *p.Device(&schemas.Device{Hostname: "SRV-01", IP: "::ffff:10.0.0.1"})
	session := *p.Session(&schemas.SessionRecord{Session: schemas.Session{Credential: "Root"}, Host: "srv-01", Port: "22"})
	byAddress := *p.Session(&schemas.SessionRecord{Host: "10.0.0.1"})
	if session.Device != device.Hostname+":22" || byAddress.Host != device.IP || session.Credential != p.Field("username", "root") {
		t.Errorf("%+v\n%+v\n%+v", device, session, byAddress)
	}
	if p.Target("SRV-01", "22") != session.Device {
		t.Error("a filter has another pseudonym than the row")
	}
}

// BenchmarkPseudonyms is a session whose names came before.
func BenchmarkPseudonyms(b *testing.B) {
	p := evidence.NewPseudonyms([]byte("0123456789abcdef"))
	s := &schemas.SessionRecord{Session: schemas.Session{User: "Ana", OriginIP: "10.0.0.9", Credential: "root"}, Host: "SRV-01", Port: "22"}
	b.ReportAllocs()
	for b.Loop() {
		p.Session(s)
	}
}
