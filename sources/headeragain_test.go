package sources

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slowFold is fold of any name, ASCII or not.
func slowFold(name string) string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
		}
		word.Reset()
	}
	for _, r := range norm.NFD.String(strings.ToLower(strings.Trim(name, invisible))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return strings.Join(words, "_")
}

func TestFold(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aAzZ09_- .\t\x00/ãÇ\u0301\u212aſ\u00a0")
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteRune(letters[random.IntN(len(letters))])
		}
		name := b.String()
		want := slowFold(name)
		if got := fold(name); got != want {
			t.Fatalf("fold of %q is %q, not %q", name, got, want)
		}
		if _, ok := (namer{want: {}}).find(name); !ok {
			t.Fatalf("%q is not found as %q", name, want)
		}
	}
}

// What is not asked about is no password.
func TestCellsThatMayNamePasswords(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"password", "Passwords", "PASSWD", "pwd", "pass", "passwort", "senha", "Senhas", "contrase\u00f1a", "contrasena", "contrasenha", "clave", "passphrase", "segredo", "s\u00e9nha",
		" ", "  (", ")", "x", "user", "Server", "S\u00e3o Paulo", ":", "\"", "7", "-", "."}
	asked := 0
	p := passwords{}
	for range 50_000 {
		var b strings.Builder
		for range 1 + random.IntN(4) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		cell := b.String()
		want := len(cell) >= 2 && len(cell) <= 40 && !strings.ContainsAny(cell, `0123456789-_.@/\`) && looksPassword(cell)
		if want {
			asked++
		}
		for range 2 {
			if got := p.named(cell); got != want {
				t.Fatalf("%q: %v, not %v", cell, got, want)
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d cells name passwords", asked)
	}
	for _, site := range []string{"Recife", "Windows Server", "Workstation", "Cisco", "Switch"} {
		if maybePassword(site) {
			t.Errorf("%s is asked about", site)
		}
	}
}
