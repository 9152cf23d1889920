package book

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
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
	rows   int // a sheet takes; maxRows but in tests
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
	b := &book{file: excelize.NewFile(excelize.Options{TmpDir: tmp}), lang: lang, styles: map[style]int{}, rows: maxRows}
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
	for _, part := range parts.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

func (b *book) close() { _ = b.file.Close() }
