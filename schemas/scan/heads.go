package scan

// Most records of a list have the same members in the same order, written in the same way. heads
// remembers what stood before the values: where the same bytes stand again they need not be
// understood again.
type heads struct {
	last []head // of the members of the last object, by their order
	all  map[string]head
}

// head is what stands between two values of an object: a comma but for the first, a name, a
// colon, and the white space around them.
type head struct {
	text string // as it stands
	name string // decoded
}

// How many heads are remembered, and how long ones: enough for any list of records, and no
// room for a document whose names are data.
const (
	maxHeads = 512
	maxHead  = 256
)

// next takes the head at i, of the member of that number, and returns the place of its value;
// false where what stands there is no head, or not all of it is in b.
func (h *heads) next(b []byte, i, number int) (name string, at int, ok bool) {
	if number < len(h.last) {
		last := &h.last[number]
		if end := i + len(last.text); end <= len(b) && string(b[i:end]) == last.text {
			return last.name, end, true
		}
	}
	raw, at := headAt(b, i, number == 0)
	if at == 0 {
		return "", 0, false
	}
	known, ok := h.all[string(b[i:at])]
	if !ok {
		text, _ := Text(raw)
		known = head{name: string(text)}
		if at-i > maxHead || len(h.all) >= maxHeads {
			return known.name, at, true
		}
		known.text = string(b[i:at])
		if h.all == nil {
			h.all = map[string]head{}
		}
		h.all[known.text] = known
	}
	switch {
	case number < len(h.last):
		h.last[number] = known
	case number == len(h.last) && number < maxHeads:
		h.last = append(h.last, known)
	}
	return known.name, at, true
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
