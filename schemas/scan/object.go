package scan

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Member is one name and value of an object.
type Member struct {
	Name  string // decoded
	Value []byte // as Raw gives it
	// Number is the same for members of the same name that are written in the same way, in all of the document's
	// objects: small, counted from 1; 0 where nobody counted.
	Number int

	text []byte // of a string, decoded; nil where nobody did that yet
}

// Scalar is Scalar of the value, mostly at hand already.
func (m *Member) Scalar() ([]byte, bool) {
	if m.text != nil {
		return m.text, true
	}
	return Scalar(m.Value)
}

// View is Scalar as a text that aliases what was read, "" for what is no scalar: it is valid
// as long as the value is, and who keeps it clones it.
func (m *Member) View() string {
	text, _ := m.Scalar()
	return View(text)
}

// Object is Raw, and Members of what it returns, in one pass. The members are those of into,
// overwritten, and none for a value that is no object. All is valid until the next call, but
// names stay.
func (r *Reader) Object(into []Member) ([]byte, []Member, error) {
	into = into[:0]
	if err := r.value(); err != nil {
		return nil, into, err
	}
	from := r.w.pos
	if r.w.buf[from] == '{' && r.s.push('{') {
		r.texts = r.texts[:0]
		members, end := r.members(into, from+1)
		r.s.stack = r.s.stack[:len(r.s.stack)-1]
		if end > 0 && end-from <= r.maxRecord {
			r.w.pos = end
			r.passed()
			return r.w.buf[from:end:end], members, nil
		}
	}
	raw, err := r.Raw()
	if err != nil {
		return nil, into, err
	}
	for name, value := range Members(raw) {
		into = append(into, Member{Name: string(name), Value: value})
	}
	return raw, into, nil
}

// members takes the object apart whose first member or end is looked for at i, and returns the
// place after it: 0 for one that does not lie in the window whole or is no JSON, which is then
// for Raw to find.
func (r *Reader) members(into []Member, i int) ([]Member, int) {
	b := r.w.buf
	for {
		if i < len(b) && b[i] == '}' && len(into) > 0 {
			return into, i + 1
		}
		head, at, ok := r.heads.next(b, i, len(into))
		if !ok {
			return into, objectEnd(b, i, len(into))
		}
		if i = blank(b, at); i == len(b) {
			return into, 0
		}
		end := 0
		var text []byte
		switch {
		case b[i] == '"':
			end, text = stringAt(b, i)
		case i+len(null) < len(b) && string(b[i:i+len(null)]) == null && edges[b[i+len(null)]]:
			end, text = i+len(null), b[i:i:i]
		}
		if end == 0 {
			if end = r.nested(b, i); end == 0 {
				return into, 0
			}
			if b[i] == '"' {
				text = r.decode(b[i:end])
			}
		}
		if len(into) == cap(into) {
			into = slices.Grow(into, 16)
		}
		into = into[:len(into)+1]
		m := &into[len(into)-1]
		m.Name, m.Number, m.Value, m.text = head.name, head.number, b[i:end:end], text
		i = end
	}
}

// nested is the place after the value at i, inside of what is open now; 0 where it does not lie
// in b with something behind it, or is no JSON.
func (r *Reader) nested(b []byte, i int) int {
	r.s.begin()
	end, v := r.s.run(b, i)
	if v != done {
		r.s.stack = r.s.stack[:r.s.floor]
		return 0
	}
	return end
}

// decode is Text of a string, into room that the texts of one object share.
func (r *Reader) decode(raw []byte) []byte {
	from := len(r.texts)
	r.texts = appendText(r.texts, raw)
	return r.texts[from:len(r.texts):len(r.texts)]
}

// objectEnd is the place after the closing brace, if that is what follows a number of members
// at i, and else 0.
func objectEnd(b []byte, i, members int) int {
	if i = blank(b, i); i < len(b) && b[i] == '}' {
		return i + 1
	}
	return 0
}

// stringAt is the place after the string at i, and its text: 0 where it holds an escape, an
// error or bytes that are no UTF-8, or does not lie in b with some bytes behind it.
func stringAt(b []byte, i int) (int, []byte) {
	i++
	from := i
	var seen uint64
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		found := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & highs
		seen |= w
		if found == 0 {
			continue
		}
		i += bits.TrailingZeros64(found) >> 3
		if b[i] != '"' || seen&highs != 0 && !utf8.Valid(b[from:i]) {
			return 0, nil
		}
		return i + 1, b[from:i:i]
	}
	return 0, nil
}
