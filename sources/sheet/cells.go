package sheet

import (
	"bytes"
	"strconv"
)

const (
	// maxCells is how many cells a sheet may hold: a full sheet of 64 columns.
	maxCells = 64 * MaxRows
	// maxText is how many bytes of text a sheet may hold: a million rows of half a kilobyte.
	maxText = 512 << 20
	// maxRow is how many bytes of text a row may hold.
	maxRow = 8 << 20
)

// kinds of cells, as the attribute t names them.
const (
	kindNumber = iota
	kindShared
	kindInline
	kindFormulaText
	kindBool
	kindFault
	kindDate
)

// readCell reads the cell whose start tag was just read.
func (r *reader) readCell() error {
	if r.cells++; r.cells > maxCells {
		return fail(CodeLimit, "what", "cells", "limit", strconv.Itoa(maxCells))
	}
	kind, style, err := r.cellAttributes()
	if err != nil {
		return err
	}
	if r.scan.empty {
		return nil
	}
	cell := Cell{Col: r.col, Style: style, at: len(r.row.data)}
	valued, err := r.content(&cell, kind)
	if err != nil {
		return err
	}
	cell.end = len(r.row.data)
	r.text += cell.end - cell.at
	switch {
	case r.text > maxText:
		return fail(CodeLimit, "what", "text", "limit", strconv.Itoa(maxText))
	case cell.end-cell.at > maxCell:
		return fail(CodeLimit, "what", "cell", "limit", strconv.Itoa(maxCell))
	case cell.end > maxRow:
		return fail(CodeLimit, "what", "row", "limit", strconv.Itoa(maxRow))
	}
	if !valued {
		if !cell.Formula {
			return nil
		}
		cell.Type = NoValue
	}
	r.row.Cells = append(r.row.Cells, cell)
	return nil
}

// cellAttributes reads a cell's place, which must be right of the cell before and may be left
// out, its kind and its style.
func (r *reader) cellAttributes() (kind, style int, err error) {
	attrs, col := r.scan.attrs, 0
	var typed, styled bool
	for {
		name, value, rest, ok, err := attribute(attrs)
		if err != nil {
			return 0, 0, err
		}
		if !ok {
			break
		}
		attrs = rest
		switch string(name) {
		case "r":
			c, row := reference(value)
			if col != 0 || row != r.last || c <= r.col || c > MaxColumns {
				return 0, 0, fail(CodeCellRef, "value", shown(value))
			}
			col = c
		case "t":
			if kind, ok = kindOf(string(value)); !ok || typed {
				return 0, 0, fail(CodeCellType, "value", shown(value))
			}
			typed = true
		case "s":
			if style = decimal(value); style < 0 || styled {
				return 0, 0, fail(CodeMalformed, "cause", "s="+shown(value))
			}
			styled = true
		}
	}
	if col == 0 {
		col = r.col + 1
	}
	if col > MaxColumns {
		return 0, 0, fail(CodeCellRef, "value", strconv.Itoa(col))
	}
	r.col = col
	return kind, style, nil
}

func kindOf(t string) (kind int, ok bool) {
	switch t {
	case "n":
		return kindNumber, true
	case "s":
		return kindShared, true
	case "inlineStr":
		return kindInline, true
	case "str":
		return kindFormulaText, true
	case "b":
		return kindBool, true
	case "e":
		return kindFault, true
	case "d":
		return kindDate, true
	}
	return 0, false
}

// reference takes C218 apart: column 3, row 218; what is no reference gives zeros.
func reference(text []byte) (col, row int) {
	i := 0
	for i < len(text) && i < 4 && text[i] >= 'A' && text[i] <= 'Z' {
		col = col*26 + int(text[i]-'A') + 1
		i++
	}
	if i == 0 || i == len(text) || text[i] == '0' {
		return 0, 0
	}
	if row = decimal(text[i:]); row < 0 {
		return 0, 0
	}
	return col, row
}

// content reads what is in a cell: the formula, the value, an inline text. valued tells that
// there was one.
func (r *reader) content(cell *Cell, kind int) (valued bool, err error) {
	switch {
	case r.prefix != "":
	case kind != kindInline && r.scan.leaf("<v>", "</v></c>"):
		return r.value(cell, kind)
	case kind == kindInline && (r.scan.leaf("<is><t>", "</t></is></c>") || r.scan.leaf(`<is><t xml:space="preserve">`, "</t></is></c>")):
		cell.Type = Text
		r.row.data, err = r.scan.appendPlain(r.row.data)
		return true, err
	}
	for {
		if err := r.scan.inner(); err != nil {
			return false, err
		}
		switch {
		case r.scan.closing && r.is("c"):
			return valued, nil
		case r.scan.closing:
			return false, r.unknown()
		case r.is("v") && !valued && kind != kindInline:
			if r.scan.empty {
				continue
			}
			if err := r.scan.tag(); err != nil {
				return false, cut(err)
			}
			if !r.scan.closing || !r.is("v") {
				return false, r.unknown()
			}
			if valued, err = r.value(cell, kind); err != nil {
				return false, err
			}
		case r.is("is") && !valued && kind == kindInline:
			cell.Type, valued = Text, true
			if r.row.data, err = r.scan.richText(r.row.data, r.prefix, "is"); err != nil {
				return false, err
			}
		case r.is("f"):
			cell.Formula = true
			if err := r.scan.skip(); err != nil {
				return false, err
			}
		case r.is("extLst"):
			if err := r.scan.skip(); err != nil {
				return false, err
			}
		default:
			return false, r.unknown()
		}
	}
}

// value takes the text of a v element for what the cell's kind makes of it.
func (r *reader) value(cell *Cell, kind int) (bool, error) {
	at := len(r.row.data)
	var err error
	if r.row.data, err = appendText(r.row.data, r.scan.text); err != nil {
		return false, err
	}
	text := r.row.data[at:]
	switch kind {
	case kindFormulaText:
		cell.Type = Text
		r.row.data = append(r.row.data[:at], unescape(text)...)
		return true, nil
	case kindShared:
		cell.Type = Text
		r.row.data, err = r.book.appendShared(r.row.data[:at], bytes.TrimSpace(text))
		return true, err
	}
	text = bytes.TrimSpace(text)
	r.row.data = append(r.row.data[:at], text...)
	if len(text) == 0 {
		return false, nil
	}
	switch kind {
	case kindNumber:
		cell.Type = Number
		if !isNumber(text) {
			cell.Type = Broken
			break
		}
		shows, err := r.book.look(cell.Style)
		if err != nil {
			return false, err
		}
		if shows == asDate {
			cell.Type = Date
		}
		cell.Formatted = shows == another
	case kindBool:
		cell.Type = Bool
		switch string(text) {
		case "0", "1":
		case "false":
			r.row.data = append(r.row.data[:at], '0')
		case "true":
			r.row.data = append(r.row.data[:at], '1')
		default:
			cell.Type = Broken
		}
	case kindFault:
		cell.Type = Fault
	case kindDate:
		cell.Type = Date
		if _, ok := isoDate(string(text)); !ok {
			cell.Type = Broken
		}
	}
	return true, nil
}

// isNumber tells digits with at most one point, a sign before them and an exponent behind them.
func isNumber(text []byte) bool {
	i, digits := 0, 0
	if text[0] == '-' || text[0] == '+' {
		i++
	}
	for point := false; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && digits > 0:
			return isExponent(text[i+1:])
		default:
			return false
		}
	}
	return digits > 0
}

func isExponent(text []byte) bool {
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	n := decimal(text)
	return n >= 0 && n < 400
}

// richText appends the text of an is or si element whose start tag was just read: its t, or
// those of its runs; what is only there for reading aloud is left out.
func (s *scanner) richText(to []byte, prefix, parent string) ([]byte, error) {
	if s.empty {
		return to, nil
	}
	run, at := false, len(to)
	for {
		if err := s.inner(); err != nil {
			return to, err
		}
		name, own := bytes.CutPrefix(s.name, []byte(prefix))
		var err error
		switch {
		case !own:
			err = fail(CodeMalformed, "cause", "<"+string(s.name))
		case s.closing && string(name) == parent && !run:
			return to, nil
		case s.closing && string(name) == "r" && run:
			run = false
		case s.closing:
			err = fail(CodeMalformed, "cause", "</"+string(s.name)+">")
		case string(name) == "t" && s.empty:
		case string(name) == "t":
			to, err = s.plainText(to)
		case string(name) == "r" && !run:
			run = !s.empty
		case string(name) == "rPr", string(name) == "rPh", string(name) == "phoneticPr":
			err = s.skip()
		default:
			err = fail(CodeMalformed, "cause", "<"+string(s.name)+">")
		}
		if err != nil {
			return to, err
		}
		if len(to)-at > maxCell {
			return to, fail(CodeLimit, "what", "cell", "limit", strconv.Itoa(maxCell))
		}
	}
}

// plainText appends the text of the t element whose start tag was just read.
func (s *scanner) plainText(to []byte) ([]byte, error) {
	if err := s.tag(); err != nil {
		return to, cut(err)
	}
	if !s.closing || string(local(s.name)) != "t" {
		return to, fail(CodeMalformed, "cause", "<"+string(s.name)+">")
	}
	return s.appendPlain(to)
}

// appendPlain appends the scanner's text as it is meant.
func (s *scanner) appendPlain(to []byte) ([]byte, error) {
	at := len(to)
	to, err := appendText(to, s.text)
	if err != nil {
		return to, err
	}
	return append(to[:at], unescape(to[at:])...), nil
}
