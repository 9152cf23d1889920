package pipeline

// index finds records by a text that several may share, in the order in which they were
// added. It costs one map entry per text and four bytes per record, and no slice for each.
type index struct {
	first, last map[string]int32 // last only where there are several
	next        []int32          // by record: the next one of the same text, -1 for none
}

func newIndex(records int) *index {
	x := &index{first: make(map[string]int32, records), last: map[string]int32{}, next: make([]int32, records)}
	for i := range x.next {
		x.next[i] = -1
	}
	return x
}

// add takes record i under a text.
func (x *index) add(text string, i int32) {
	first, known := x.first[text]
	if !known {
		x.first[text] = i
		return
	}
	tail, several := x.last[text]
	if !several {
		tail = first
	}
	x.next[tail] = i
	x.last[text] = i
}

// find returns the records of a text.
func (x *index) find(text string) []int32 {
	if x == nil {
		return nil
	}
	i, ok := x.first[text]
	if !ok {
		return nil
	}
	found := []int32{i}
	for i = x.next[i]; i >= 0; i = x.next[i] {
		found = append(found, i)
	}
	return found
}
