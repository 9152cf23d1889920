package pipeline

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// pack keeps the values of many records in little memory and without pointers, so that a
// million of them cost neither the collector nor the machine much. A record is a mask of its
// fields and their texts, one after the other; a text that comes again and again is kept once.
// What it returns is valid as long as the pack.
type pack struct {
	blocks [][]byte // never moved, and never written where something stands
	at     []uint32 // where each record begins: the block, and the place in it in fours
	words  vocabulary
	fields uint32 // those that some record has
	line   []byte
}

const (
	blockSize  = 1 << 20 // a longer record has a block of its own
	blockUnits = blockSize / 4
)

// add appends a record and returns its number.
func (p *pack) add(v *schemas.Values) int32 {
	var mask uint32
	for f := range v {
		if v[f] != "" {
			mask |= 1 << f
		}
	}
	p.fields |= mask
	line := binary.AppendUvarint(p.line[:0], uint64(mask))
	for m := mask; m != 0; m &= m - 1 {
		f := schemas.Field(bits.TrailingZeros32(m))
		if repeats(f) {
			code := p.words.code(v[f])
			p.words.note(code, f)
			line = binary.AppendUvarint(line, uint64(code))
			if code != 0 {
				continue
			}
		}
		line = binary.AppendUvarint(line, uint64(len(v[f])))
		line = append(line, v[f]...)
	}
	p.line = line
	p.at = append(p.at, p.store(line))
	return int32(len(p.at) - 1)
}

// store puts a record into the last block, or a new one.
func (p *pack) store(line []byte) uint32 {
	last := len(p.blocks) - 1
	begin := 0
	if last >= 0 {
		begin = (len(p.blocks[last]) + 3) &^ 3
	}
	if last < 0 || begin+len(line) > cap(p.blocks[last]) || begin >= blockSize {
		p.blocks = append(p.blocks, make([]byte, 0, max(blockSize, len(line))))
		last, begin = last+1, 0
	}
	p.blocks[last] = append(p.blocks[last][:begin], line...)
	return uint32(last*blockUnits + begin/4)
}

func (p *pack) len() int { return len(p.at) }

func (p *pack) record(i int32) []byte {
	at := p.at[i]
	return p.blocks[at/blockUnits][at%blockUnits*4:]
}

// reader goes through the fields of one record, in their order.
type reader struct {
	rest []byte
	mask uint32 // of the fields that are left
}

func (p *pack) read(i int32) reader {
	b := p.record(i)
	mask, n := binary.Uvarint(b)
	return reader{rest: b[n:], mask: uint32(mask)}
}

// next returns the next field that is not empty: a text of the vocabulary by its code, or any
// other text with the code 0. It is not to be called when mask is 0.
func (r *reader) next() (f schemas.Field, code uint32, text []byte) {
	f = schemas.Field(bits.TrailingZeros32(r.mask))
	r.mask &= r.mask - 1
	if repeats(f) {
		c, n := binary.Uvarint(r.rest)
		r.rest = r.rest[n:]
		if c != 0 {
			return f, uint32(c), nil
		}
	}
	size, n := binary.Uvarint(r.rest)
	text, r.rest = r.rest[n:n+int(size)], r.rest[n+int(size):]
	return f, 0, text
}

// seek goes on to a field, whose turn must not be over; false where the record lacks it.
func (r *reader) seek(want schemas.Field) (code uint32, text []byte, ok bool) {
	for r.mask != 0 && schemas.Field(bits.TrailingZeros32(r.mask)) <= want {
		f, code, text := r.next()
		if f == want {
			return code, text, true
		}
	}
	return 0, nil, false
}

// get is one field of a record, "" where it has none.
func (p *pack) get(i int32, f schemas.Field) string {
	r := p.read(i)
	code, text, _ := r.seek(f)
	if code != 0 {
		return p.words.list[code]
	}
	return scan.View(text)
}

// values are all fields of a record.
func (p *pack) values(i int32) (v schemas.Values) {
	for r := p.read(i); r.mask != 0; {
		f, code, text := r.next()
		if code != 0 {
			v[f] = p.words.list[code]
		} else {
			v[f] = scan.View(text)
		}
	}
	return v
}

// repeats tells the fields whose values many records share.
func repeats(f schemas.Field) bool {
	switch f {
	case schemas.FieldID, schemas.FieldHostname, schemas.FieldIP, schemas.FieldIdentifier, schemas.FieldAsset, schemas.FieldContent:
		return false
	}
	return true
}

// vocabulary numbers texts from 1, in the order in which they come.
type vocabulary struct {
	codes  map[string]uint32
	list   []string
	fields []uint32 // by number: those that have the text
}

// manyWords is where a vocabulary stops to grow: what has that many values repeats none.
const manyWords = 1 << 18

// code is the number of a text, 0 where it has none.
func (v *vocabulary) code(text string) uint32 {
	if c, ok := v.codes[text]; ok {
		return c
	}
	if len(v.list) > manyWords {
		return 0
	}
	if v.codes == nil {
		v.codes, v.list, v.fields = map[string]uint32{}, []string{""}, []uint32{0}
	}
	text = strings.Clone(text)
	v.codes[text] = uint32(len(v.list))
	v.list, v.fields = append(v.list, text), append(v.fields, 0)
	return uint32(len(v.list) - 1)
}

// note tells that a field has the text of a number; 0 that it has one without.
func (v *vocabulary) note(code uint32, f schemas.Field) {
	if int(code) < len(v.fields) {
		v.fields[code] |= 1 << f
	}
}

// distinct are the different texts of a field, in the order in which they came; not all of them
// where it has too many.
func (p *pack) distinct(f schemas.Field) (texts []string, all bool) {
	if len(p.words.list) == 0 {
		return nil, true
	}
	for i, text := range p.words.list {
		if i > 0 && p.words.fields[i]&(1<<f) != 0 {
			texts = append(texts, text)
		}
	}
	return texts, p.words.fields[0]&(1<<f) == 0
}

// alike gives the texts of two vocabularies numbers of their own, the same for texts that are
// equal as they are compared (design 6). Number 0 stands for none.
func alike(a, b *vocabulary) (ofA, ofB []uint32) {
	numbers := map[string]uint32{}
	number := func(v *vocabulary) []uint32 {
		list := make([]uint32, len(v.list))
		for i, text := range v.list {
			if i == 0 {
				continue
			}
			key := fold(text)
			if numbers[key] == 0 {
				numbers[key] = uint32(len(numbers) + 1)
			}
			list[i] = numbers[key]
		}
		return list
	}
	return number(a), number(b)
}
