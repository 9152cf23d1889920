package pipeline

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// pack keeps the values of many records in little memory and without pointers, so that a million
// of them cost neither the collector nor the machine much. A record is a mask of its fields and
// their texts, one after the other; a text that comes again and again, and the domain of a
// hostname, is kept once. What it returns is valid as long as the pack.
type pack struct {
	blocks [][]byte // never moved, and never written where something stands
	at     places
	words  vocabulary
	fields uint64 // those that some record has
}

const (
	blockSize  = 8 << 20 // a longer record has a block of its own
	blockUnits = blockSize / 4
	firstBlock = 8 << 10 // each block is twice the one before it, up to blockSize
)

// add appends a record and returns its number.
func (p *pack) add(v *schemas.Values) int32 {
	n, _ := p.put(v, filled(v))
	return n
}

// filled has the bits of the fields that are not empty.
func filled(v *schemas.Values) (mask uint64) {
	for f := range v {
		if len(v[f]) > 0 {
			mask |= 1 << f
		}
	}
	return mask
}

// put is add, of the fields whose bits are in mask. It gives those back whose values it does not know
// to be words without control characters, numbers for an id, or plain addresses.
func (p *pack) put(v *schemas.Values, mask uint64) (n int32, unsure uint64) {
	p.fields |= mask
	size := binary.MaxVarintLen64
	for m := mask; m != 0; m &= m - 1 {
		size += len(v[bits.TrailingZeros64(m)]) + maxHeading
	}
	at, line := p.open(size)
	line = binary.AppendUvarint(line, uint64(mask))
	for m := mask; m != 0; m &= m - 1 {
		f := schemas.Field(bits.TrailingZeros64(m))
		if !repeats(f) {
			var plain bool
			if line, plain = appendOwn(&p.words, line, f, v[f]); !plain {
				unsure |= 1 << f
			}
			continue
		}
		code := p.words.code(v[f])
		if !p.words.note(code, f) {
			unsure |= 1 << f
		}
		if line = binary.AppendUvarint(line, uint64(code)); code == 0 {
			line = appendText(line, v[f])
		}
	}
	last := len(p.blocks) - 1
	p.blocks[last] = p.blocks[last][:int(at%blockUnits)*4+len(line)]
	return p.at.add(at), unsure
}

// maxHeading is the most that stands beside the text of a field.
const maxHeading = 2 * binary.MaxVarintLen32

func appendText(line []byte, text string) []byte {
	return append(binary.AppendUvarint(line, uint64(len(text))), text...)
}

// appendOwn appends a field that mostly has another value in each record, and tells a number for an
// id and a plain address.
func appendOwn(words *vocabulary, line []byte, f schemas.Field, text string) (_ []byte, plain bool) {
	switch f {
	case schemas.FieldID:
		if n, ok := plainNumber(text); ok {
			return binary.AppendUvarint(line, n+1), true
		}
		line = append(line, 0)
	case schemas.FieldIP:
		if ip, ok := dotted(text); ok {
			return append(line, packedIP, ip[0], ip[1], ip[2], ip[3]), true
		}
		line = append(line, 0)
	case schemas.FieldHostname:
		rest := max(strings.IndexByte(text, '.'), 0)
		var code uint32
		if rest > 0 {
			code = words.code(text[rest:])
		}
		if code != 0 {
			text = text[:rest]
		}
		line = binary.AppendUvarint(line, uint64(code))
	}
	return appendText(line, text), false
}

// An address as most are written, 10.20.30.40, is kept as its four bytes.
// An id that is a number is kept as one.
const (
	packedIP   = 4
	codeIP     = 1<<32 - 1
	codeNumber = 1<<32 - 2
)

// plainNumber is the number that a text is written as, the only way that it could be.
func plainNumber(text string) (n uint64, ok bool) {
	if text == "" || len(text) > 18 || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// dotted are the bytes of an IPv4 address that is written as netip writes it.
func dotted(text string) (ip [4]byte, ok bool) {
	part, digits, n := 0, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9' && (digits == 0 || n > 0): // no leading zero
			if n = n*10 + int(c-'0'); n > 255 {
				return ip, false
			}
			digits++
		case c == '.' && digits > 0 && part < 3:
			ip[part] = byte(n)
			part, digits, n = part+1, 0, 0
		default:
			return ip, false
		}
	}
	if part != 3 || digits == 0 {
		return ip, false
	}
	ip[3] = byte(n)
	return ip, true
}

// open makes room for a record of at most so many bytes, in the last block or a new one.
func (p *pack) open(size int) (at uint32, line []byte) {
	last := len(p.blocks) - 1
	begin := 0
	if last >= 0 {
		begin = (len(p.blocks[last]) + 3) &^ 3
	}
	if last < 0 || begin+size > cap(p.blocks[last]) || begin >= blockSize {
		last, begin = last+1, 0
		p.blocks = append(p.blocks, large(make([]byte, 0, max(min(blockSize, firstBlock<<min(last, 16)), size))))
	}
	return uint32(last*blockUnits + begin/4), p.blocks[last][begin:begin:cap(p.blocks[last])]
}

func (p *pack) len() int { return p.at.n }

// reader goes through the fields of one record, in their order.
type reader struct {
	rest []byte
	mask uint64 // of the fields that are left
}

func (p *pack) read(i int32) reader {
	at := p.at.get(i)
	b := p.blocks[at/blockUnits][at%blockUnits*4:]
	mask, n := binary.Uvarint(b)
	return reader{rest: b[n:], mask: mask}
}

// next returns the next field that is not empty. Its value is text and behind it the word of the
// vocabulary that code numbers, 0 for none. It is not to be called when mask is 0.
func (r *reader) next() (f schemas.Field, code uint32, text []byte) {
	f = schemas.Field(bits.TrailingZeros64(r.mask))
	r.mask &= r.mask - 1
	if f == schemas.FieldID && r.rest[0] != 0 {
		_, size := binary.Uvarint(r.rest)
		text, r.rest = r.rest[:size], r.rest[size:]
		return f, codeNumber, text
	}
	if f == schemas.FieldID {
		r.rest = r.rest[1:]
	}
	if f == schemas.FieldIP {
		c := r.rest[0]
		r.rest = r.rest[1:]
		if c == packedIP {
			text, r.rest = r.rest[:4], r.rest[4:]
			return f, codeIP, text
		}
	}
	if f == schemas.FieldHostname || repeats(f) {
		c, n := binary.Uvarint(r.rest)
		r.rest = r.rest[n:]
		if code = uint32(c); code != 0 && f != schemas.FieldHostname {
			return f, code, nil
		}
	}
	size, n := binary.Uvarint(r.rest)
	text, r.rest = r.rest[n:n+int(size)], r.rest[n+int(size):]
	return f, code, text
}

// word is next of a field that repeats, where its number takes one byte, which is mostly so; 0 for
// any other, which it leaves to next.
func (r *reader) word() (f schemas.Field, code byte) {
	f = schemas.Field(bits.TrailingZeros64(r.mask))
	if !repeats(f) || r.rest[0] > 0x7f {
		return f, 0
	}
	if code = r.rest[0]; code != 0 {
		r.mask &= r.mask - 1
		r.rest = r.rest[1:]
	}
	return f, code
}

// seek goes on to a field, whose turn must not be over; false where the record lacks it.
func (r *reader) seek(want schemas.Field) (code uint32, text []byte, ok bool) {
	for r.mask != 0 && schemas.Field(bits.TrailingZeros64(r.mask)) <= want {
		f, code, text := r.next()
		if f == want {
			return code, text, true
		}
	}
	return 0, nil, false
}

func (p *pack) value(code uint32, text []byte) string {
	switch {
	case code == codeNumber:
		n, _ := binary.Uvarint(text)
		return strconv.FormatUint(n-1, 10)
	case code == codeIP:
		return netip.AddrFrom4([4]byte(text)).String()
	case code == 0:
		return scan.View(text)
	case len(text) == 0:
		return p.words.list[code]
	}
	return string(text) + p.words.list[code]
}

// get is one field of a record, "" where it has none.
func (p *pack) get(i int32, f schemas.Field) string {
	r := p.read(i)
	code, text, _ := r.seek(f)
	return p.value(code, text)
}

// values are all fields of a record.
func (p *pack) values(i int32) (v schemas.Values) {
	for r := p.read(i); r.mask != 0; {
		f, code, text := r.next()
		v[f] = p.value(code, text)
	}
	return v
}

// repeats tells the fields whose values many records share.
func repeats(f schemas.Field) bool {
	const own = 1<<schemas.FieldID | 1<<schemas.FieldHostname | 1<<schemas.FieldIP | 1<<schemas.FieldIdentifier | 1<<schemas.FieldAsset | 1<<schemas.FieldContent | 1<<schemas.FieldPublicKey
	return 1<<f&own == 0
}

// places is a list of numbers that grows without moving what it holds, its first part aside.
type places struct {
	parts [][]uint32
	n     int
}

const placesPart = 1 << 16

func (p *places) add(at uint32) int32 {
	if p.n%placesPart == 0 {
		p.parts = append(p.parts, make([]uint32, 0, min(placesPart, 64+p.n))) // few records need little
	}
	last := len(p.parts) - 1
	p.parts[last] = append(p.parts[last], at)
	p.n++
	return int32(p.n - 1)
}

func (p *places) get(i int32) uint32 { return p.parts[i/placesPart][i%placesPart] }
