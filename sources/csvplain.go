package sources

import "pamsync/schemas/scan"

// plain takes the record at pos where it lies in the buffer, whole and on one line; any other it
// leaves alone.
func (r *records) plain() bool {
	end := len(r.buf)
	b := r.buf[:end+marksBlock]
	if !r.marked {
		r.marks.begin(b, r.pos)
	}
	r.marked = false
	m := r.marks
	record := r.record[:0]
	for from := r.pos; ; {
		i := m.next(b, end)
		if i >= end {
			return false
		}
		var cell string
		c := b[i]
		switch {
		case c != '"':
			cell = scan.View(b[from:i])
		case i == from:
			r.marks = m
			if cell, i = r.quoted(b, i, end); i >= end {
				return false
			}
			m = r.marks
			c = b[i]
		default:
			return false
		}
		record = append(record, cell)
		if c == '\n' {
			if i > from && b[i-1] == '\r' && b[from] != '"' {
				record[len(record)-1] = cell[:len(cell)-1]
			}
			r.record, r.pos, r.marks, r.marked = record, i+1, m, true
			r.lines++
			r.first, r.several = r.lines, false
			return true
		}
		from = i + 1
	}
}

// quoted is the text of the cell whose opening quote is at i, and the place of the delimiter or
// line feed behind it; end for a cell that does not end on its line, or not well.
func (r *records) quoted(b []byte, i, end int) (string, int) {
	from, kept := i+1, len(r.texts)
	for {
		if i = r.marks.next(b, end); i >= end || b[i] == '\n' {
			return "", end
		}
		if b[i] != '"' {
			continue
		}
		if b[i+1] != '"' {
			break
		}
		r.texts = append(r.texts, b[from:i+1]...)
		from = r.marks.next(b, end) + 1
	}
	text := b[from:i]
	if len(r.texts) > kept {
		r.texts = append(r.texts, text...)
		text = r.texts[kept:]
	}
	after := r.marks.next(b, end)
	if after == i+1 || after == i+2 && b[i+1] == '\r' && b[after] == '\n' {
		return scan.View(text), after
	}
	return "", end
}
