package pipeline

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"pamsync/schemas"
)

func TestPackGivesBackWhatItTook(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "a", "srv-01", "srv-01.corp.example", ".corp", "a.", "10.0.0.1", "10.0.0.01", "1.2.3.256", "::1", "São Paulo", strings.Repeat("x", 3000), " 10.0.0.1", "255.255.255.255", "0.0.0.0", "1.2.3", "1.2.3.4.5", "0", "00", "7", "123456789012345678", "1234567890123456789012"}
	var p pack
	var want []schemas.Values
	for i := range 20_000 {
		var v schemas.Values
		for f := range v {
			switch r.IntN(3) {
			case 0:
				v[f] = texts[r.IntN(len(texts))]
			case 1:
				v[f] = fmt.Sprintf("%s-%d.%d.example", texts[r.IntN(8)], i, r.IntN(5))
			}
		}
		if n := p.add(&v); n != int32(i) {
			t.Fatalf("record %d was given the number %d", i, n)
		}
		want = append(want, v)
	}
	for i, v := range want {
		if got := p.values(int32(i)); got != v {
			t.Fatalf("record %d: %q, wanted %q", i, got, v)
		}
		for f := range v {
			if got := p.get(int32(i), schemas.Field(f)); got != v[f] {
				t.Fatalf("record %d, %s: %q, wanted %q", i, schemas.Field(f), got, v[f])
			}
		}
	}
}

// TestDottedIsNetip holds that exactly those addresses are kept as four bytes that netip writes as
// they were given.
func TestDottedIsNetip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		b := make([]byte, r.IntN(17))
		for i := range b {
			b[i] = "0123456789....:a "[r.IntN(17)]
		}
		text := string(b)
		ip, ok := dotted(text)
		addr, err := netip.ParseAddr(text)
		if want := err == nil && addr.Is4(); ok != want || ok && addr.As4() != ip {
			t.Fatalf("%q: %v %v, netip says %v %v", text, ip, ok, addr, err)
		}
	}
	if _, ok := dotted("192.168.100.200"); !ok {
		t.Error("192.168.100.200 is an address")
	}
}

// TestIndexFindsAllOfAText puts records into an index from several goroutines, many under one text.
func TestIndexFindsAllOfAText(t *testing.T) {
	const n = 50_000
	x, h := newIndex(n), newHasher()
	text := func(i int32) string { return fmt.Sprintf("t%d", i%20_000) }
	inParts(n, func(begin, end int) {
		for i := int32(begin); i < int32(end); i++ {
			x.put(h.text(text(i)), i)
		}
	})
	for i := range int32(n) {
		found := x.find(h.text(text(i)), func(j int32) bool { return text(j) == text(i) })
		want := []int32{i % 20_000, i%20_000 + 20_000}
		if i%20_000 < 10_000 {
			want = append(want, i%20_000+40_000)
		}
		if fmt.Sprint(found) != fmt.Sprint(want) {
			t.Fatalf("%s is of %v, wanted %v", text(i), found, want)
		}
	}
	if found := x.find(h.text("none"), func(int32) bool { return true }); len(found) > 1 {
		t.Errorf("a text of nobody is of %v", found)
	}
}
