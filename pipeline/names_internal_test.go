package pipeline

import (
	"testing"

	"pamsync/schemas"
)

// TestRootDot: the dot behind a full name means nothing, in whatever way names are compared; that of a
// value is its own.
func TestRootDot(t *testing.T) {
	norm := &schemas.Normalize{Domains: []string{"corp.example"}}
	for in, want := range map[string]string{"SRV-01.corp.example.": "srv-01", " srv-01. ": "srv-01", "a.b.": "a.b", ".": ".", "": ""} {
		if got := hostKey(norm, in); got != want {
			t.Errorf("hostKey(%q) = %q, want %q", in, got, want)
		}
	}
	h := newHasher()
	var p pack
	for _, name := range []string{"srv-01.example", "SRV-01.Example.", "srv-02", "srv-02.", "x.y.z", "x.y.z."} {
		v := schemas.Values{schemas.FieldHostname: name, schemas.FieldSite: "." + name + "."}
		p.add(&v)
	}
	words := p.words.hashes(h)
	hosts := p.words.hostHashes(h, words)
	hash := func(i int32) uint64 {
		r := p.read(i)
		code, text, _ := r.seek(schemas.FieldHostname)
		return h.hostAt(&p, code, text, hosts)
	}
	for i := int32(0); i < 6; i += 2 {
		if hash(i) != hash(i+1) || hash(i) != h.host(hostKey(&schemas.Normalize{}, p.get(i, schemas.FieldHostname))) {
			t.Errorf("%q and %q hash apart", p.get(i, schemas.FieldHostname), p.get(i+1, schemas.FieldHostname))
		}
	}
	site := func(text string) uint64 {
		v := schemas.Values{schemas.FieldSite: text}
		p.add(&v)
		return p.words.hashes(h)[p.words.code(text)]
	}
	if site(".acme.") == site(".acme") {
		t.Error("two sites are taken for one")
	}
}
