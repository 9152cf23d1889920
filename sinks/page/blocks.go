package page

import "encoding/json"

// blocks streams rows as <script> elements of JSON, each with the notes that its rows refer to,
// so that a plan of any size is never one text. With a sink the rows go there instead.
type blocks struct {
	w      *texts
	sink   func(*row) error
	script string // written after the first block
	row    row    // under way
	buffer []byte
	notes  []note
	index  map[note]int
	n      int
	wrote  int
}

// The rows of the first block are those that a page draws at once; the others are read later.
const (
	firstBlock = 200
	otherBlock = 2000
)

// next is the row to fill and to add; it is good until then.
func (b *blocks) next() *row {
	b.row.clear()
	return &b.row
}

// add takes the row that next gave.
func (b *blocks) add() error {
	if b.sink != nil {
		return b.sink(&b.row)
	}
	if b.n > 0 {
		b.buffer = append(b.buffer, ",\n"...)
	}
	b.buffer = b.row.appendJSON(b.buffer, b.note)
	b.n++
	if b.n == otherBlock || b.wrote == 0 && b.n == firstBlock {
		b.flush()
	}
	return b.w.err
}

func (b *blocks) note(n note) int {
	if at, ok := b.index[n]; ok {
		return at
	}
	if b.index == nil {
		b.index = map[note]int{}
	}
	b.index[n] = len(b.notes)
	b.notes = append(b.notes, n)
	return len(b.notes) - 1
}

func (b *blocks) flush() {
	if b.n == 0 {
		return
	}
	notes, err := json.Marshal(b.notes)
	if err != nil && b.w.err == nil {
		b.w.err = err
	}
	b.w.all(`<script type="application/json" class="rows">{"notes":`, string(notes), ",\"rows\":[\n")
	b.w.bytes(b.buffer)
	b.w.all("\n]}</script>\n")
	b.buffer, b.notes, b.index, b.n = b.buffer[:0], nil, nil, 0
	b.wrote++
	b.code()
}

// code writes the script, once.
func (b *blocks) code() {
	b.w.all(b.script)
	b.script = ""
}
