package scan

// Most records of a list have the same members in the same order, written in the same way. heads
// remembers what stood before the values: where the same bytes stand again they need not be
// understood again.
type heads struct {
	last []*head // of the members of the last object, by their order
	all  map[string]*head
}

// head is what stands between two values of an object: a comma but for the first, a name, a
// colon, and the white space around them.
type head struct {
	text   string // as it stands
	name   string // decoded
	number int    // counts the heads of a document, from 1; 0 for one that is not remembered
}

// How many heads are remembered, and how long ones: enough for any list of records, and no
// room for a document whose names are data.
const (
	maxHeads = 512
	maxHead  = 256
)

// next takes the head at i, of the member at that place of its object, and returns the place of its value;
// false where what stands there is no head, or not all of it is in b.
func (h *heads) next(b []byte, i, place int) (found *head, at int, ok bool) {
	if place < len(h.last) {
		last := h.last[place]
		if end := i + len(last.text); end <= len(b) && string(b[i:end]) == last.text {
			return last, end, true
		}
	}
	raw, at := headAt(b, i, place == 0)
	if at == 0 {
		return nil, 0, false
	}
	known := h.all[string(b[i:at])]
	if known == nil {
		text, _ := Text(raw)
		known = &head{name: string(text)}
		if at-i > maxHead || len(h.all) >= maxHeads {
			return known, at, true
		}
		known.text, known.number = string(b[i:at]), len(h.all)+1
		if h.all == nil {
			h.all = map[string]*head{}
		}
		h.all[known.text] = known
	}
	switch {
	case place < len(h.last):
		h.last[place] = known
	case place == len(h.last) && place < maxHeads:
		h.last = append(h.last, known)
	}
	return known, at, true
}

// headAt finds the name, raw, in the head at i, and the place after the head; 0 for none.
func headAt(b []byte, i int, first bool) (raw []byte, at int) {
	i = blank(b, i)
	if !first {
		if i >= len(b) || b[i] != ',' {
			return nil, 0
		}
		i = blank(b, i+1)
	}
	if i >= len(b) || b[i] != '"' {
		return nil, 0
	}
	s := scanner{}
	end, v := s.run(b, i)
	if v != done {
		return nil, 0
	}
	raw = b[i:end]
	if i = blank(b, end); i >= len(b) || b[i] != ':' {
		return nil, 0
	}
	return raw, blank(b, i+1)
}
