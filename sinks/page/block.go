package page

import (
	"slices"

	"pamsync/schemas"
)

// The rows of the first block are those that a page draws at once; the others are read later.
const (
	firstBlock = 200
	otherBlock = 2000
)

// appendBlock appends rows of a page as one <script> element of JSON, with the notes that they
// refer to, so that a plan of any size is never one text.
func (d *document) appendBlock(b []byte, from, to int) []byte {
	var r row
	var n notes
	start := len(b)
	for i := from; i < to; i++ {
		if i > from {
			b = append(b, ",\n"...)
		}
		r.clear()
		d.fill(&r, i)
		b = r.appendJSON(b, n.number)
	}
	b = append(b, "\n]}</script>\n"...)
	head := n.appendJSON([]byte(`<script type="application/json" class="rows">{"notes":`))
	head = append(head, ",\"rows\":[\n"...)
	return slices.Insert(b, start, head...)
}

// notes are those of one block, each once.
type notes struct {
	list  []note
	index map[note]int
}

func (n *notes) number(one note) int {
	if at, ok := n.index[one]; ok {
		return at
	}
	if n.index == nil {
		n.index = map[note]int{}
	}
	n.index[one] = len(n.list)
	n.list = append(n.list, one)
	return len(n.list) - 1
}

func (n *notes) appendJSON(b []byte) []byte {
	if len(n.list) == 0 {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range n.list {
		if i > 0 {
			b = append(b, ',')
		}
		one := &n.list[i]
		b = schemas.AppendInertText(append(b, `{"code":`...), one.Code)
		b = appendTexts(append(b, `,"say":[`...), one.Say[0], one.Say[1])
		b = appendTexts(append(b, `],"hint":[`...), one.Hint[0], one.Hint[1])
		b = append(b, "]}"...)
	}
	return append(b, ']')
}
