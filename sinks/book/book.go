package book

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// maxRows is how many records one sheet takes; what is more goes on a second one. The format
// would allow 1,048,576.
const maxRows = 1_000_000

// maxText is the longest text of a cell, in UTF-16 units (Excel's own limit).
const maxText = 32_767

// book is a workbook that is being written, sheet by sheet. Texts are typed as texts, so that
// none can become a formula, whatever it begins with.
type book struct {
	file   *excelize.File
	lang   words.Lang
	styles map[style]int
	cut    int // texts that were too long for a cell
	sheets int
	// hashes are of the cells of sheets, by their names, where they are asked for.
	hashes map[string]*schemas.SheetHash
	// charted is the sheet that has charts and shared texts, "" for none: every other one is streamed.
	charted string
	rows    int // a sheet takes; maxRows but in tests
}

// style is how a cell looks.
type style string

const (
	plain    style = ""
	heading  style = "heading"
	label    style = "label"
	header   style = "header" // of a table
	wrapped  style = "wrapped"
	input    style = "input"    // a cell to fill in: text, whatever is typed
	required style = "required" // the header of a column that must be filled in
)

// toTheRight behind a style aligns it with the numbers below it.
const toTheRight = ">"

func (s style) right() style { return s + toTheRight }

// newBook starts a workbook; tmp is a folder that only we can read, for what does not fit into
// memory.
func newBook(lang words.Lang, tmp string) (*book, error) {
	b := &book{file: excelize.NewFile(excelize.Options{TmpDir: tmp}), lang: lang, styles: map[style]int{}, rows: maxRows, hashes: map[string]*schemas.SheetHash{}}
	err := b.file.SetDefaultFont(fontName)
	return b, err
}

// colours of actions and statuses: a light fill and a dark font, readable in print too. The word
// always stands in the cell.
func colours() map[style][2]string {
	return map[style][2]string{
		style(schemas.ActionCreate): {"E3F4E4", "1B5E20"}, style(schemas.ActionUpdate): {"FFF4D6", "7A4F00"},
		style(schemas.ActionReactivate): {"DDF3F5", "00545C"}, style(schemas.ActionInactivate): {"FBE1E0", "8E1B16"},
		style(schemas.ActionOpen): {"E3F4E4", "1B5E20"}, style(schemas.ActionDrop): {"FBE1E0", "8E1B16"}, style(schemas.ActionRelease): {"DDF3F5", "00545C"},
		style(schemas.ActionHold): {"EFE3F7", "4A148C"}, style(schemas.ActionReject): {"F3E0D8", "7A2E0E"},
		style(schemas.StatusDone): {"E3F4E4", "1B5E20"}, style(schemas.StatusFailed): {"FBE1E0", "8E1B16"},
		style(schemas.StatusSkipped): {"ECECEC", "444444"}, style(schemas.StatusUnknown): {"FFE8CC", "8A3B00"},
		style(schemas.StatusHeld): {"EFE3F7", "4A148C"}, style(schemas.StatusRejected): {"F3E0D8", "7A2E0E"},
	}
}

func (b *book) style(s style) (int, error) {
	if id, ok := b.styles[s]; ok {
		return id, nil
	}
	def := &excelize.Style{Font: &excelize.Font{Family: fontName, Size: 11}, Alignment: &excelize.Alignment{Vertical: "top"}}
	look, aligned := strings.CutSuffix(string(s), toTheRight)
	if aligned {
		def.Alignment.Horizontal = "right"
	}
	switch s := style(look); s {
	case plain:
	case heading:
		def.Font.Bold, def.Font.Size = true, 15
	case label:
		def.Font.Bold = true
	case wrapped:
		def.Alignment.WrapText = true
	case input:
		def.NumFmt = 49 // text
	case header, required:
		def.Font.Bold, def.Font.Color = true, "FFFFFF"
		def.Fill = fill("1F4E79")
	default:
		pair := colours()[s]
		def.Fill = fill(pair[0])
		def.Font.Bold, def.Font.Color = true, pair[1]
	}
	id, err := b.file.NewStyle(def)
	b.styles[s] = id
	return id, err
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

const fontName = "Calibri"

func (b *book) say(key string, pairs ...string) string { return words.Text(b.lang, key, pairs...) }

// text is a text as a cell takes it: harmless signs alone, and no longer than a cell may be.
func (b *book) text(s string) string {
	s, cut := cellText(s)
	if cut {
		b.cut++
	}
	return s
}

// CellText is a text as a cell of a workbook shows it.
func CellText(s string) string {
	s, _ = cellText(s)
	return s
}

// Shortened says whether a cell's text may stand for another one: CellText took signs out of it, or cut it.
func Shortened(cell string) bool {
	return strings.Contains(cell, "\ufffd") || len(cell) >= maxText
}

// noXML are signs that XML has no place for.
var noXML = strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd")

func cellText(s string) (text string, cut bool) {
	if s = words.Plain(s); strings.IndexByte(s, 0xef) >= 0 { // the first byte of those signs
		s = noXML.Replace(s)
	}
	if len(s) <= maxText {
		return s, false
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= maxText {
		return s, false
	}
	mark := " …[" + strconv.Itoa(len(units)) + "]"
	return string(utf16.Decode(units[:maxText-len(utf16.Encode([]rune(mark)))])) + mark, true
}

// Holds says whether a cell can hold a text exactly: no longer than a cell may be, and of signs that
// XML has.
func Holds(s string) bool {
	return utf8.ValidString(s) && len(utf16.Encode([]rune(s))) <= maxText &&
		strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff }) < 0
}

// finish writes the workbook, the first sheet in front. The same workbook is the same bytes: the
// library puts the parts of it into no order.
func (b *book) finish(w io.Writer, title, made string) error {
	props := &excelize.DocProperties{Title: title, Creator: "pamsync", LastModifiedBy: "pamsync", Created: made, Modified: made}
	if err := b.file.SetDocProps(props); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	whole, err := b.file.WriteToBuffer()
	if err != nil {
		return err
	}
	parts, err := zip.NewReader(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	names := b.sheetParts()
	for _, part := range parts.File {
		if err := out.Flush(); err != nil {
			return err
		}
		begun := schemas.CertifiedPart{Name: part.Name, Sheet: b.sheetOf(part.Name, names), CRC32: fmt.Sprintf("%08x", part.CRC32)}
		if h := b.hashes[names[part.Name]]; h != nil {
			begun.Cells = h.Sum()
		}
		sinks.BeginPart(w, begun)
		if err := copyPart(out, part); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	sinks.BeginPart(w, schemas.CertifiedPart{Name: "directory"})
	return out.Close()
}

// copyPart copies a part as it is packed. Its sums go before it, where a part of four gigabytes has no place for
// them: what stands behind a part would be taken for the beginning of the next one.
func copyPart(out *zip.Writer, part *zip.File) error {
	head := part.FileHeader
	if head.UncompressedSize64 < math.MaxUint32 && head.CompressedSize64 < math.MaxUint32 {
		head.Flags &^= 0x8
	}
	to, err := out.CreateRaw(&head)
	if err != nil {
		return err
	}
	from, err := part.OpenRaw()
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

// hashed takes a row of a sheet whose cells are hashed; values are texts and numbers.
func (b *book) hashed(sheet string, number int, values []any) {
	h := b.hashes[sheet]
	if h == nil {
		return
	}
	cells := make([]string, len(values))
	for i, value := range values {
		if c, ok := value.(excelize.Cell); ok {
			value = c.Value
		}
		switch v := value.(type) {
		case string:
			cells[i] = v
		case int:
			cells[i] = strconv.Itoa(v)
		case float64:
			cells[i] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	h.Row(number, cells)
}

// sheetParts are the names of the sheets by those of their parts.
func (b *book) sheetParts() map[string]string {
	names := map[string]string{}
	for id, name := range b.file.GetSheetMap() {
		names["xl/worksheets/sheet"+strconv.Itoa(id)+".xml"] = name
	}
	return names
}

// sheetOf is the sheet that a part belongs to, "" where it is of the whole workbook: one sheet alone has charts,
// and texts that it shares with them.
func (b *book) sheetOf(part string, names map[string]string) string {
	if strings.HasPrefix(part, "xl/charts/") || strings.HasPrefix(part, "xl/drawings/") || part == "xl/sharedStrings.xml" {
		return b.charted
	}
	return names[part]
}

func (b *book) close() { _ = b.file.Close() }
