package vault

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestInWordsTellsNoWritingOfASecret: what nobody can undo is no word, and is not told.
func TestInWordsTellsNoWritingOfASecret(t *testing.T) {
	const secret = "Tr0ub4dor&3xyz!"
	each := func(format string) string {
		var b strings.Builder
		for i := range len(secret) {
			fmt.Fprintf(&b, format, secret[i])
		}
		return strings.TrimSpace(b.String())
	}
	backwards := []byte(secret)
	slices.Reverse(backwards)
	wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, secret)
	for name, written := range map[string]string{
		"backslash x": each(`\x%02x`), "octal": each(`\%03o`), "braces": each(`\u{%x}`), "entities without an end": each("&#%d"), "quoted-printable": each("=%02X"),
		"hex and blanks": each("%02x "), "hex and colons": each("%02x:"), "decimal": each("%d "), "decimal, commas": each("%d,"), "spaced": strings.Join(strings.Split(secret, ""), " "),
		"base32": base32.StdEncoding.EncodeToString([]byte(secret)), "base64 twice": base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(secret)))),
		"upper case": strings.ToUpper(secret), "backwards": string(backwards), "cut": secret[:len(secret)-3], "full width": wide, "between": strings.Join(strings.Split(secret, ""), "\u200b"),
		"a body in lines": strings.Join([]string{hex.EncodeToString([]byte(secret + secret)), hex.EncodeToString([]byte(secret))}, "\n"),
	} {
		if told := inWords("refused: ["+written+"] for srv-01, error 1011", []string{"srv-01"}); told != "refused: *** for srv-01, error 1011" && !strings.HasPrefix(told, "refused: *** ") {
			t.Errorf("%s: %q becomes %q", name, written, told)
		} else {
			for _, token := range strings.Fields(told) {
				if bare := strings.Trim(token, "[],:"); len(bare) > 0 && bare != "***" && !slices.Contains([]string{"refused", "for", "srv-01", "error", "1011"}, bare) {
					t.Errorf("%s: %q is told of %q", name, token, written)
				}
			}
		}
	}
	for _, plain := range []string{
		"1011: Device not found", "Credencial não encontrada: 'root'", "Parameter 'credential_type' was not informed!", "You don't have access to this device (srv-01, 10.0.0.1)", "An error occurred while droping session",
		"remoteAddr is not valid", "2 of 30 rows", "SSH/Telnet is off", "e-mail não enviado.",
	} {
		if told := inWords(plain, []string{"SRV-01", "10.0.0.1"}); told != plain {
			t.Errorf("%q becomes %q", plain, told)
		}
	}
}
