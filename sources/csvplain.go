package sources

import (
	"encoding/binary"
	"math/bits"

	"pamsync/schemas/scan"
)

// Masks for eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain takes the record at pos where it lies in the buffer, whole and on one line; any other it
// leaves alone.
func (r *records) plain() bool {
	end := len(r.buf)
	b := r.buf[:end+recordsSlack]
	record := r.record[:0]
	for i := r.pos; i < end; i++ {
		var cell string
		if b[i] == '"' {
			cell, i = r.quoted(b, i, end)
		} else {
			from := i
			i = special(b, i, ones*uint64(r.delimiter))
			to := i
			if b[i] == '\n' && i > from && b[i-1] == '\r' {
				to--
			}
			cell = scan.View(b[from:to])
		}
		if i >= end {
			break
		}
		record = append(record, cell)
		if b[i] == '\n' {
			r.record, r.pos = record, i+1
			r.lines++
			r.first, r.several = r.lines, false
			return true
		}
		if b[i] != r.delimiter {
			break
		}
	}
	return false
}

// special is the first place from i on of a delimiter, a quote or a line break, len(b) or more
// without one. Of the bytes that are found together the first is exact.
func special(b []byte, i int, delimiters uint64) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		delimiter, quote, feed := w^delimiters, w^(ones*'"'), w^(ones*'\n')
		found := ((delimiter-ones)&^delimiter | (quote-ones)&^quote | (feed-ones)&^feed) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	return len(b) - 1
}

// quoted is the text of the quoted cell at i and the place of what follows it, the line feed of a
// line that ends in CR LF; end for a cell that does not end on its line, or not well.
func (r *records) quoted(b []byte, i, end int) (string, int) {
	i++
	from, kept := i, len(r.texts)
	for {
		i = special(b, i, ones*'"')
		if i+1 >= end || b[i] != '"' {
			return "", end
		}
		if b[i+1] != '"' {
			break
		}
		r.texts = append(r.texts, b[from:i+1]...)
		i += 2
		from = i
	}
	text := b[from:i]
	if len(r.texts) > kept {
		r.texts = append(r.texts, text...)
		text = r.texts[kept:]
	}
	if i++; b[i] == '\r' && i+1 < end && b[i+1] == '\n' {
		i++
	}
	return scan.View(text), i
}
