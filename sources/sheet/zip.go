package sheet

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// What a workbook's container may hold. A part of two gigabytes is a full sheet of forty columns.
const (
	maxEntries = 4096
	maxPart    = 4 << 30
)

type entry = *zip.File

// partKey is a part's name as it is compared: names of parts have no case (ECMA-376 part 2).
func partKey(name string) string { return strings.ToLower(name) }

// entries lists the parts of a container. A name that stands twice is refused: readers differ in
// which of them they take.
func entries(in io.ReaderAt, size int64) (map[string]entry, error) {
	n, err := countEntries(in, size)
	if err != nil {
		return nil, err
	}
	if n > maxEntries {
		return nil, fail(CodeLimit, "what", "parts", "limit", strconv.Itoa(maxEntries))
	}
	container, err := zip.NewReader(in, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fail(CodeZip, "cause", err.Error())
	}
	if len(container.File) > maxEntries {
		return nil, fail(CodeLimit, "what", "parts", "limit", strconv.Itoa(maxEntries))
	}
	parts := make(map[string]entry, len(container.File))
	for _, f := range container.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		key := partKey(strings.ReplaceAll(f.Name, `\`, "/"))
		if parts[key] != nil {
			return nil, fail(CodePartTwice, "part", f.Name)
		}
		if f.UncompressedSize64 > maxPart {
			return nil, &Error{Code: CodeLimit, Args: []string{"what", "part", "limit", strconv.Itoa(maxPart)}, Part: f.Name}
		}
		parts[key] = f
	}
	return parts, nil
}

// countEntries reads how many entries the container says to have, before they are listed in
// memory.
func countEntries(in io.ReaderAt, size int64) (uint64, error) {
	const record, comment = 22, math.MaxUint16
	tail := make([]byte, min(size, record+comment))
	if _, err := in.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, err
	}
	for i := len(tail) - record; i >= 0; i-- {
		if binary.LittleEndian.Uint32(tail[i:]) != 0x06054b50 {
			continue
		}
		n := uint64(binary.LittleEndian.Uint16(tail[i+10:]))
		if n == math.MaxUint16 {
			return largeCount(in, size-int64(len(tail)-i))
		}
		return n, nil
	}
	return 0, fail(CodeZip, "cause", "no end of the directory")
}

// largeCount reads the count from the record that large containers have before the end at at.
func largeCount(in io.ReaderAt, at int64) (uint64, error) {
	locator := make([]byte, 20)
	if _, err := in.ReadAt(locator, at-20); err != nil || binary.LittleEndian.Uint32(locator) != 0x07064b50 {
		return math.MaxUint16, nil
	}
	record := make([]byte, 56)
	if _, err := in.ReadAt(record, int64(binary.LittleEndian.Uint64(locator[8:])&math.MaxInt64)); err != nil || binary.LittleEndian.Uint32(record) != 0x06064b50 {
		return 0, fail(CodeZip, "cause", "no end of the directory")
	}
	return binary.LittleEndian.Uint64(record[32:]), nil
}

// part is a part that is being unpacked.
type part struct {
	io.ReadCloser
	piece int // how much is read at a time: no more than it says that it has, but for a byte that shows its end
}

// leastPiece is the least that is read of a part at a time.
const leastPiece = 4 << 10

// open begins to read a part.
func (b *Book) open(name string) (*part, error) {
	f := b.parts[partKey(name)]
	if f == nil {
		return nil, fail(CodePartMissing, "part", name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, &Error{Code: CodeZip, Args: []string{"cause", err.Error()}, Part: name}
	}
	return &part{in, int(min(chunk, max(f.UncompressedSize64+1, leastPiece)))}, nil
}

// ahead unpacks a part on a goroutine of its own, a few pieces ahead of who reads them. The
// second function ends it.
func ahead(in *part) (next func() ([]byte, error), stop func()) {
	type piece struct {
		data []byte
		err  error
	}
	const depth = 4
	full, free, done := make(chan piece, depth), make(chan []byte, depth+2), make(chan struct{})
	for range depth {
		free <- make([]byte, in.piece)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var buf []byte
			select {
			case buf = <-free:
			case <-done:
				return
			}
			n, err := io.ReadFull(in, buf[:cap(buf)])
			if err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			select {
			case full <- piece{buf[:n], err}:
			case <-done:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	var last []byte
	var end error
	next = func() ([]byte, error) {
		if end != nil {
			return nil, end
		}
		if last != nil {
			free <- last
		}
		p := <-full
		last, end = p.data, p.err
		return p.data, zipError(p.err)
	}
	return next, func() { close(done); <-ended }
}

// zipError names what unpacking found: a wrong checksum, a part that is cut.
func zipError(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return fail(CodeZip, "cause", err.Error())
}
