package jobs

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// stretch is what stands in a file where other bytes stood.
type stretch struct {
	first, last schemas.CertifiedPart // that stood there
	from, to    int64                 // bytes
}

// changedParts tells the parts of a workbook or page that were changed, but for those in which a row was told
// already by a problem behind before.
func (v *verification) changedParts(path string, f schemas.CertifiedFile, before int) {
	if len(f.Parts) == 0 {
		return
	}
	told := slices.Clone(v.problems[before:])
	found, same, err := stretches(path, f)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return
	}
	if f.Format == "xlsx" && !same && found[0].first.Name != found[0].last.Name && v.changedContents(path, f, told) {
		return // it was packed anew
	}
	file, err := os.Open(path)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return
	}
	defer file.Close()
	lines := &lineCount{in: bufio.NewReader(file), line: 1}
	for _, s := range found {
		v.changedStretch(path, f, s, lines, told)
	}
}

// changedStretch tells a stretch, of a page by its lines: count is asked for those of each stretch in turn.
func (v *verification) changedStretch(path string, f schemas.CertifiedFile, s stretch, count *lineCount, told []schemas.Problem) {
	place := schemas.Place{Source: path, Sheet: s.first.Sheet}
	lines := ""
	if f.Format == "html" {
		from, to := count.upto(s.from), count.upto(max(s.from, s.to-1))
		for _, p := range told {
			if s.first.Name == s.last.Name && p.Place.Row >= from && p.Place.Row <= to {
				return
			}
		}
		if place.Row = from; to > from {
			lines = strconv.Itoa(to)
		}
	}
	upto := s.last.Name
	if upto == s.first.Name {
		upto = ""
	}
	if s.first.Sheet != "" && upto == "" && toldSheet(told, s.first.Sheet) {
		return
	}
	v.problems = append(v.problems, schemas.Problem{Code: "part_changed", Place: place, Args: schemas.Pairs("part", s.first.Name, "upto", upto, "last", lines,
		"from", strconv.FormatInt(s.from, 10), "to", strconv.FormatInt(s.to, 10))})
}

// toldSheet says whether a row of a sheet is told by itself.
func toldSheet(told []schemas.Problem, sheet string) bool {
	return slices.ContainsFunc(told, func(p schemas.Problem) bool { return p.Place.Sheet == sheet && p.Code != "export_book_damaged" })
}

// stretches tells where a file differs from its parts. One of the same length is compared part by part; in another
// one everything between the parts that stand at its beginning and those that stand at its end was changed. Of
// lengths that no file has, which somebody wrote into the certificate, no part is looked at.
func stretches(path string, f schemas.CertifiedFile) (found []stretch, same bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	size, want := info.Size(), int64(0)
	for _, part := range f.Parts {
		if part.Bytes <= 0 || part.Bytes > math.MaxInt64-want {
			return []stretch{{f.Parts[0], f.Parts[len(f.Parts)-1], 0, size}}, false, nil
		}
		want += part.Bytes
	}
	is := func(part schemas.CertifiedPart, at int64) bool {
		sum := sha256.New()
		n, err := io.Copy(sum, io.NewSectionReader(file, at, part.Bytes))
		return err == nil && n == part.Bytes && sinks.PartHash(sum) == part.Hash
	}
	at := int64(0)
	if size == want {
		for _, part := range f.Parts {
			if !is(part, at) {
				found = append(found, stretch{part, part, at, at + part.Bytes})
			}
			at += part.Bytes
		}
		return found, true, nil
	}
	first, last, end := 0, len(f.Parts)-1, size
	for first < last && is(f.Parts[first], at) {
		at += f.Parts[first].Bytes
		first++
	}
	for last > first && end-f.Parts[last].Bytes >= at && is(f.Parts[last], end-f.Parts[last].Bytes) {
		end -= f.Parts[last].Bytes
		last--
	}
	return []stretch{{f.Parts[first], f.Parts[last], at, end}}, false, nil
}

// lineCount counts the lines of a file.
type lineCount struct {
	in   *bufio.Reader
	at   int64
	line int
}

// upto is the line that a byte stands in, which lies behind all that were asked for before.
func (l *lineCount) upto(at int64) int {
	room := make([]byte, 64<<10)
	for l.at < at {
		n, err := l.in.Read(room[:min(int64(len(room)), at-l.at)])
		l.at += int64(n)
		l.line += bytes.Count(room[:n], []byte{'\n'})
		if err != nil {
			break
		}
	}
	return l.line
}

// changedContents tells the parts of a workbook by what they hold, however it is packed; false where it cannot be
// unpacked, or holds all that it held.
func (v *verification) changedContents(path string, f schemas.CertifiedFile, told []schemas.Problem) bool {
	have, crcs := map[string]string{}, map[string]string{}
	for _, part := range f.Parts {
		crcs[part.Name] = part.CRC32
	}
	err := sources.ReadExportedParts(path, crcs, func(name, crc string, err error) {
		if have[name] = crc; err != nil {
			have[name] = "unreadable"
		}
	})
	if err != nil {
		return false
	}
	var changed []schemas.CertifiedPart
	sheets, anew := 0, 0
	for _, part := range f.Parts {
		if part.CRC32 != "" && have[part.Name] != part.CRC32 {
			changed = append(changed, part)
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			sheets++
			if have[part.Name] != part.CRC32 {
				anew++
			}
		}
		delete(have, part.Name)
	}
	if sheets == anew && sheets > 1 {
		v.changedCells(path, f, told)
		return true
	}
	for _, part := range changed {
		if part.Sheet == "" || !toldSheet(told, part.Sheet) {
			v.changedPart(path, part)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		v.bad("part_added", path, 0, "part", name)
	}
	return len(changed) > 0 || len(have) > 0
}

func (v *verification) changedPart(path string, part schemas.CertifiedPart) {
	v.problems = append(v.problems, schemas.Problem{Code: "part_changed", Place: schemas.Place{Source: path, Sheet: part.Sheet}, Args: schemas.Pairs("part", part.Name)})
}

// changedCells tells the sheets of a workbook that another program has saved by what their cells hold.
func (v *verification) changedCells(path string, f schemas.CertifiedFile, told []schemas.Problem) {
	v.bad("book_saved_anew", path, 0)
	want, names := map[string]string{}, map[string]bool{}
	for _, part := range f.Parts {
		if part.Cells != "" && !toldSheet(told, part.Sheet) {
			want[part.Sheet], names[part.Sheet] = part.Cells, true
		}
	}
	have, err := sources.ReadExportedSheets(path, names)
	if err != nil {
		v.damaged(path, &fileLook{}, err)
		return
	}
	for _, sheet := range slices.Sorted(maps.Keys(want)) {
		if have[sheet] != want[sheet] {
			v.problems = append(v.problems, schemas.Problem{Code: "sheet_changed", Place: schemas.Place{Source: path, Sheet: sheet}})
		}
	}
}
