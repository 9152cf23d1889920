package jobs

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/book"
	"pamsync/sinks/page"
	"pamsync/sources"
)

// fileLook is a reading of one file of an export.
type fileLook struct {
	c        *certified
	f        schemas.CertifiedFile
	path     string
	changed  bool // the sum is not as certified: where the bytes differ is looked for
	want     []evidence.Row
	known    map[[16]byte]bool
	rows     []evidence.Row
	ledger   *evidence.Ledger
	rules    map[string]int // findings by their rule
	findings []evidence.Row // that stand in a page
	room     []byte
	steady   *rowStream
	bytes    int64
	lost     bool           // rows that nobody can read, of a page
	textsAt  map[int]string // the line of its texts, by that of a row of a page that is not as certified
	guessed  bool           // rows of a page that are taken for those that were certified there

	strange   []schemas.Problem // lines that are no rows, and not as they are written
	otherwise []lineRun
	n         int // rows so far
	again     []byte

	// Of JSON Lines: its first line, and a seal that is the last line unless another one follows; what all
	// lines but the seal hash to.
	head     bool
	seal     *sources.ExportedRow
	sum      hash.Hash
	encoded  bytes.Buffer
	encoding *schemas.Writer
}

// lineRun are rows one after the other that hold the certified cells, written otherwise.
type lineRun struct {
	id       string
	from, to int // lines
	next     int // place of the row behind them
}

func newFileLook(c *certified, f schemas.CertifiedFile, want []evidence.Row) *fileLook {
	l := &fileLook{c: c, f: f, want: want, known: knownOf(want), ledger: evidence.NewLedger(), rules: map[string]int{}, textsAt: map[int]string{}, sum: sha256.New()}
	l.encoding = schemas.ContinueWriter(&l.encoded)
	return l
}

func (l *fileLook) read(path string) error {
	l.path = path
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := &counting{in: file, n: &l.bytes}
	switch l.f.Format {
	case "xlsx":
		return sources.ReadExportedBook(path, l.c.columns(l.f), l.row)
	case "html":
		return sources.ReadExportedPage(in, page.OwnColumns(l.c.What), l.block)
	case "jsonl":
		return sources.ReadExportedLines(in, l.cellsOf, l.line)
	}
	return l.readCSV(in)
}

func (l *fileLook) readCSV(in io.Reader) error {
	dialect := l.c.dialect()
	mark := make([]byte, len(dialect.Mark()))
	n, err := io.ReadFull(in, mark)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	marked := string(mark) == dialect.Mark()
	if !marked {
		in = io.MultiReader(bytes.NewReader(mark[:n]), in)
	}
	known := func(cells []string) bool {
		if l.steady == nil && l.want == nil { // nobody has hashes of its rows: one with all cells is one
			return len(cells) == len(l.c.columns(l.f))
		}
		hash, used := schemas.RowHash(l.room, cells)
		l.room = used
		return l.steady != nil && l.steady.now.Hash == hash || l.known[hash]
	}
	return sources.ReadExportedCSV(in, "", dialect.Comma(), known, func(row sources.ExportedRow) error {
		if !l.head {
			l.head = true
			if l.again = sinks.AppendCSVRow(l.again[:0], dialect, l.c.columns(l.f)); !marked || !bytes.Equal(row.Raw, l.again) {
				l.odd("export_line_changed", row.Line)
			}
			return nil
		}
		l.again = nil
		if l.changed && row.Cells != nil {
			l.again = sinks.AppendCSVRow(l.again[:0], dialect, row.Cells)
		}
		return l.row(row)
	})
}

// odd notes a line that is no row, and not as it was written.
func (l *fileLook) odd(code string, line int, pairs ...string) {
	l.strange = append(l.strange, schemas.Problem{Code: code, Place: schemas.Place{Source: l.path, Row: line}, Args: schemas.Pairs(pairs...)})
}

// row takes a row; again is how it was written, where that is asked.
func (l *fileLook) row(row sources.ExportedRow) error {
	r := evidence.Row{Line: row.Line, Sheet: row.Sheet}
	if row.Cells != nil {
		hash, used := schemas.RowHash(l.room, row.Cells)
		l.room, r.Hash, r.ID = used, hash, strings.Clone(row.Cells[0])
		l.account(row.Cells)
	}
	if l.steady != nil {
		return l.steady.take(r)
	}
	if l.f.Format == "xlsx" && !l.known[r.Hash] {
		r = asCertified(r, row.Cells, l.want, len(l.rows))
	}
	l.rows = append(l.rows, r)
	if l.n++; l.changed && l.again != nil && (l.known[r.Hash] || l.want == nil) && !bytes.Equal(l.again, row.Raw) {
		l.writtenOtherwise(r, bytes.Count(row.Raw, []byte{'\n'}))
	}
	return nil
}

// asCertified is a row of a workbook, or where its cells do not show what it was made of the certified one of its
// place: the sheet itself says whether it was changed.
func asCertified(r evidence.Row, cells []string, want []evidence.Row, i int) evidence.Row {
	if i < len(want) && book.CellText(want[i].ID) == r.ID && slices.ContainsFunc(cells, book.Shortened) {
		r.ID, r.Hash = want[i].ID, want[i].Hash
	}
	return r
}

func (l *fileLook) writtenOtherwise(r evidence.Row, lines int) {
	last := r.Line + max(lines, 1) - 1
	if n := len(l.otherwise); n > 0 && l.otherwise[n-1].next == l.n {
		l.otherwise[n-1].to, l.otherwise[n-1].next = last, l.n+1
		return
	}
	l.otherwise = append(l.otherwise, lineRun{r.ID, r.Line, last, l.n + 1})
}

func (l *fileLook) account(cells []string) {
	switch {
	case l.f.Format == findingsFormat:
		if len(cells) > 1 {
			l.rules[strings.Clone(cells[1])]++
		}
	case l.c.What != "sessions" || len(cells) != len(schemas.SessionColumns()):
		l.ledger.Record(cells[0])
	default:
		seconds, _ := strconv.ParseInt(cells[16], 10, 64) // "" is none
		l.ledger.Session(&schemas.SessionRecord{Seconds: seconds, Session: schemas.Session{ID: cells[0], User: cells[1], Protocol: cells[5], Start: cells[8], End: cells[9]}, DurationS: cells[16]})
	}
}

type counting struct {
	in io.Reader
	n  *int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	*c.n += int64(n)
	return n, err
}
