package sheet

import (
	"bytes"
	"cmp"
	"io"
	"slices"
)

// Merge is a block of cells that a sheet shows as one: the value is that of the first of them.
type Merge struct{ FirstRow, LastRow, FirstCol, LastCol int }

// maxMerges is how many are taken note of.
const maxMerges = 1 << 16

// Merges are the merged cells of a sheet that span several rows, by their first rows. They stand behind the
// rows, so that the whole part is gone through for them.
func (b *Book) Merges(s *Sheet) ([]Merge, error) {
	part, err := b.open(s.part)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	var all []Merge
	tag := []byte("mergeCell ")
	buf := make([]byte, 0, part.piece+mergeRoom)
	for {
		n, err := part.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		at := 0
		for {
			i := bytes.Index(buf[at:], tag)
			if i < 0 || len(buf)-at-i < mergeRoom && err == nil {
				break
			}
			at += i
			if at > 0 && (buf[at-1] == '<' || buf[at-1] == ':') {
				if m, ok := mergeIn(buf[at:min(at+mergeRoom, len(buf))]); ok && len(all) < maxMerges {
					all = append(all, m)
				}
			}
			at += len(tag)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, zipError(err)
		}
		if keep := len(buf) - mergeRoom; keep > at {
			at = keep
		}
		buf = append(buf[:0], buf[at:]...)
	}
	slices.SortFunc(all, func(a, b Merge) int { return cmp.Compare(a.FirstRow, b.FirstRow) })
	return all, nil
}

// mergeRoom is more than a tag of merged cells takes.
const mergeRoom = 256

// mergeIn reads the reference in a tag; false for one in a single row, or none.
func mergeIn(tag []byte) (Merge, bool) {
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	_, ref, found := bytes.Cut(tag, []byte("ref="))
	if !found || len(ref) < 2 {
		return Merge{}, false
	}
	ref, _, found = bytes.Cut(ref[1:], ref[:1])
	first, last, parted := bytes.Cut(ref, []byte(":"))
	if !found || !parted {
		return Merge{}, false
	}
	var m Merge
	m.FirstCol, m.FirstRow = reference(first)
	m.LastCol, m.LastRow = reference(last)
	return m, m.FirstRow > 0 && m.LastRow > m.FirstRow && m.FirstCol > 0 && m.LastCol >= m.FirstCol
}
