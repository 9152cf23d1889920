package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// vocabulary numbers texts from 1, in the order in which they come.
type vocabulary struct {
	codes  map[string]uint32
	list   []string
	fields []uint64 // by number: those that have the text, and oddWord
	// recent are numbers of texts that came lately, by a few of their bytes: most texts are found
	// here.
	recent [256]uint32
}

// manyWords is where a vocabulary stops to grow: what has that many values repeats none.
const manyWords = 1 << 18

// code is the number of a text, 0 where it has none.
func (v *vocabulary) code(text string) uint32 {
	n := len(text)
	if n == 0 {
		return 0
	}
	recent := &v.recent[byte(n)*31^text[0]^text[n/2]*7^text[n-1]*13]
	if *recent != 0 && v.list[*recent] == text {
		return *recent
	}
	*recent = v.known(text)
	return *recent
}

func (v *vocabulary) known(text string) uint32 {
	if c, ok := v.codes[text]; ok {
		return c
	}
	if len(v.list) > manyWords {
		return 0
	}
	if v.codes == nil {
		v.codes, v.list, v.fields = map[string]uint32{}, []string{""}, []uint64{0}
	}
	text = strings.Clone(text)
	v.codes[text] = uint32(len(v.list))
	about := uint64(0)
	if hasControl(text) || isMojibake(text) {
		about = oddWord
	}
	v.list, v.fields = append(v.list, text), append(v.fields, about)
	return uint32(len(v.list) - 1)
}

// oddWord marks a word with a control character.
const oddWord = 1 << 63

// note tells that a field has the text of a number; 0 that it has one without. It says whether the
// text is known to have no control character.
func (v *vocabulary) note(code uint32, f schemas.Field) (plain bool) {
	if int(code) >= len(v.fields) {
		return false
	}
	v.fields[code] |= 1 << f
	return code != 0 && v.fields[code]&oddWord == 0
}

// text is that of a number, "" for 0.
func (v *vocabulary) text(code uint32) string {
	if code == 0 {
		return ""
	}
	return v.list[code]
}

// hashes are those of the words as they are compared, by number.
func (v *vocabulary) hashes(h hasher) []uint64 {
	list := make([]uint64, max(len(v.list), 1))
	for i := range list {
		text := ""
		if i > 0 {
			text = fold(v.list[i])
		}
		list[i] = h.text(text)
	}
	return list
}

// hostHashes are hashes of the words as the rest of a hostname behind its first label: without the dot
// of the root, and with accents in one way.
func (v *vocabulary) hostHashes(h hasher, hashes []uint64) []uint64 {
	copied := false
	for i, text := range v.list {
		if i == 0 || text[0] != '.' {
			continue
		}
		rest := composed(strings.TrimRight(fold(text), "."))
		if rest == fold(text) {
			continue
		}
		if !copied {
			hashes, copied = slices.Clone(hashes), true
		}
		hashes[i] = h.text(rest)
	}
	return hashes
}

// distinct are the different texts of a field: those with a number in the order in which they came,
// and behind them those that came when the vocabulary was full.
func (p *pack) distinct(f schemas.Field) []string {
	var texts []string
	for i, text := range p.words.list {
		if i > 0 && p.words.fields[i]&(1<<f) != 0 {
			texts = append(texts, text)
		}
	}
	if len(p.words.fields) == 0 || p.words.fields[0]&(1<<f) == 0 {
		return texts
	}
	seen := map[string]bool{}
	for i := range int32(p.len()) {
		r := p.read(i)
		if code, text, ok := r.seek(f); ok && code == 0 && !seen[string(text)] {
			seen[string(text)] = true
			texts = append(texts, string(text))
		}
	}
	return texts
}
