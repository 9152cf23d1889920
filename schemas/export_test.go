package schemas

import (
	"bufio"
	"io"
)

// JournalReaderAt is a JournalReader that has read all before in, without the time that takes.
func JournalReaderAt(in io.Reader, end JournalEnd, synced int) *JournalReader {
	r := &JournalReader{in: bufio.NewReaderSize(in, 512), lines: &Reader{format: FormatJournal}, end: end, synced: synced}
	r.lines.records = end.Records
	return r
}
