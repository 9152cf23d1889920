package vault

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// reading is a text as it reads when the writing of it is undone that a codec made: of each byte it knows where that
// stands in what was said, and so where a secret does.
type reading struct {
	text string
	at   []int // where each byte begins in what was said, and the end of that
}

func asSaid(text string) reading {
	at := make([]int, len(text)+1)
	for i := range at {
		at[i] = i
	}
	return reading{text, at}
}

// deepest is how many writings stand inside of each other at most: JSON that holds HTML in the JSON of an answer.
const deepest = 3

// readings are a text as it was said, and in each way in which it may have been written, each once.
func readings(r reading) []reading {
	all, known, from := []reading{r}, map[string]bool{r.text: true}, 0
	for range deepest {
		last := all[from:]
		from = len(all)
		for _, r := range last {
			for _, w := range writings() {
				if plain, differs := r.undo(w); differs && !known[plain.text] {
					all, known[plain.text] = append(all, plain), true
				}
			}
		}
	}
	return all
}

// writing is a way to write a text inside of another: signs that begin an escape, and what the one at the beginning
// of a text stands for, of a length of 0 where none stands there.
type writing struct {
	signs string
	plain func(text string) (plain string, length int)
}

func writings() []writing {
	return []writing{{`\`, fromJSON}, {"&", fromHTML}, {"%", fromAddress}, {"+%", fromForm}}
}

func (r reading) undo(w writing) (reading, bool) {
	if !strings.ContainsAny(r.text, w.signs) {
		return r, false
	}
	var text strings.Builder
	var at []int
	for i := 0; i < len(r.text); {
		plain, length := r.text[i:i+1], 1
		if strings.IndexByte(w.signs, r.text[i]) >= 0 {
			if escaped, n := w.plain(r.text[i:]); n > 0 {
				plain, length = escaped, n
			}
		}
		for range len(plain) {
			at = append(at, r.at[i])
		}
		text.WriteString(plain)
		i += length
	}
	return reading{text.String(), append(at, r.at[len(r.text)])}, text.String() != r.text
}

// jsonUnit is one code point: a surrogate and its second half are one.
var jsonUnit = regexp.MustCompile(`^(?:\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})`)

func fromJSON(text string) (string, int) {
	if len(text) < 2 {
		return "", 0
	}
	if text[1] != 'u' {
		if plain, ok := map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f"}[text[1]]; ok {
			return plain, 2
		}
		return text[1:2], 2
	}
	all := jsonUnit.FindString(text)
	var units []uint16
	for unit := range slices.Chunk([]byte(all), len(`\u0000`)) {
		n, _ := strconv.ParseUint(string(unit[2:]), 16, 16) // four hexadecimal digits
		units = append(units, uint16(n))
	}
	return string(utf16.Decode(units)), len(all)
}

var entity = regexp.MustCompile(`^&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);`)

func fromHTML(text string) (string, int) {
	one := entity.FindString(text)
	return html.UnescapeString(one), len(one)
}

func fromAddress(text string) (string, int) {
	if len(text) < 3 {
		return "", 0
	}
	n, err := strconv.ParseUint(text[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(n)}), 3
}

func fromForm(text string) (string, int) {
	if text[0] == '+' {
		return " ", 1
	}
	return fromAddress(text)
}

var (
	hexRun    = regexp.MustCompile(`[0-9A-Fa-f]{6,}`)
	base64Run = regexp.MustCompile(`[0-9A-Za-z+/_-]{4,}={0,2}`)
)

// leastInRun is the length from which on a text within an encoded one is no chance.
const leastInRun = 3

// encodes says whether what is hexadecimal or base64 holds a text, wherever that begins in it.
func encodes(run string, plain []string) bool {
	holds := func(decoded []byte) bool {
		return slices.ContainsFunc(plain, func(one string) bool { return len(one) >= leastInRun && strings.Contains(string(decoded), one) })
	}
	for from := range 2 {
		if decoded, _ := hex.DecodeString(run[from:]); holds(decoded) { // up to where it is none
			return true
		}
	}
	bare := strings.NewReplacer("=", "", "-", "+", "_", "/").Replace(run)
	for from := range min(4, len(bare)) {
		if decoded, _ := base64.RawStdEncoding.DecodeString(bare[from:]); holds(decoded) {
			return true
		}
	}
	return false
}
