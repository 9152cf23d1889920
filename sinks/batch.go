package sinks

import "slices"

// cellWriter is an export that needs no more of records than their cells: it takes them by the batch.
type cellWriter interface {
	Export
	writeCells(b *cellBatch) error
}

// cellBatch are the cells of some rows, each followed by a zero byte, and where each ends. All rows of a batch
// have as many cells.
type cellBatch struct {
	bytes []byte
	ends  []uint32 // the places of the zero bytes
	width int
}

func oneRow(cells []string) *cellBatch {
	b := &cellBatch{}
	b.add(cells)
	return b
}

func (b *cellBatch) add(cells []string) {
	b.width = len(cells)
	size := len(cells)
	for _, cell := range cells {
		size += len(cell)
	}
	at, first := len(b.bytes), len(b.ends)
	bytes := slices.Grow(b.bytes, size)[:at+size]
	ends := slices.Grow(b.ends, len(cells))[:first+len(cells)]
	b.bytes, b.ends = bytes, ends
	ends = ends[first:]
	for i, cell := range cells {
		at += copy(bytes[at:], cell)
		bytes[at], ends[i] = 0, uint32(at)
		at++
	}
}

func (b *cellBatch) reset() { b.bytes, b.ends = b.bytes[:0], b.ends[:0] }

// rows yields the rows in their order.
func (b *cellBatch) rows(yield func(cellRow) bool) {
	from := uint32(0)
	for i := 0; i < len(b.ends); i += b.width {
		ends := b.ends[i : i+b.width]
		next := ends[len(ends)-1] + 1
		if !yield(cellRow{b.bytes[from:next], ends, from}) {
			return
		}
		from = next
	}
}

// cellRow is a row of a batch.
type cellRow struct {
	bytes []byte // its cells, each followed by a zero byte
	ends  []uint32
	from  uint32 // where the row begins, as ends count
}

func (r cellRow) first() []byte { return r.bytes[:r.ends[0]-r.from] }

// aside hands records to some exports on a goroutine of its own.
type aside struct {
	to   []cellWriter
	full chan *cellBatch
	free chan handedBack
	now  *cellBatch
	done chan error
}

// handedBack is a batch to fill again, and the first error of those before it.
type handedBack struct {
	batch *cellBatch
	err   error
}

const (
	cellBatchSize = 64 << 10
	cellBatches   = 16
)

// newAside begins to work; close must be called.
func newAside(to []cellWriter) *aside {
	a := &aside{to: to, full: make(chan *cellBatch, cellBatches), free: make(chan handedBack, cellBatches), now: &cellBatch{}, done: make(chan error, 1)}
	for range cellBatches - 1 {
		a.free <- handedBack{batch: &cellBatch{}}
	}
	go a.work()
	return a
}

func (a *aside) work() {
	var failed error
	for b := range a.full {
		for _, to := range a.to {
			if failed == nil {
				failed = to.writeCells(b)
			}
		}
		b.reset()
		a.free <- handedBack{b, failed}
	}
	a.done <- failed
}

func (a *aside) add(cells []string) error {
	a.now.add(cells)
	if len(a.now.bytes) < cellBatchSize {
		return nil
	}
	a.full <- a.now
	back := <-a.free
	a.now = back.batch
	return back.err
}

// close waits until all is written, and gives the first error of a write.
func (a *aside) close() error {
	if len(a.now.ends) > 0 {
		a.full <- a.now
	}
	close(a.full)
	return <-a.done
}
