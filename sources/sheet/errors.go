package sheet

import (
	"strconv"
	"strings"
)

// Error says what is wrong with a workbook, and where. Code is one of the constants below; Args
// are its names and values in turn.
type Error struct {
	Code  string
	Args  []string
	Part  string // of the package, as xl/worksheets/sheet1.xml
	Sheet string // "" where the fault is not on a sheet
	Row   int    // 0 where it is not in a row
	Col   int    // counted from 1; 0 where it is not in a cell
}

// The codes of errors, and the arguments of each.
const (
	CodeZip         = "xlsx_zip"          // cause: the container is broken
	CodeNoBook      = "xlsx_no_workbook"  // the container is no workbook
	CodeBinary      = "xlsx_binary"       // an XLSB, which is another format
	CodeOpenDoc     = "xlsx_opendocument" // an ODS or another OpenDocument
	CodePartMissing = "xlsx_part_missing" // part
	CodePartTwice   = "xlsx_part_twice"   // part
	CodeLimit       = "xlsx_limit"        // what, limit
	CodeDTD         = "xlsx_dtd"          // a document type, which no workbook has
	CodeMalformed   = "xlsx_malformed"    // cause: the XML is not that of a workbook
	CodeCut         = "xlsx_cut"          // a part ends too soon
	CodeEncoding    = "xlsx_encoding"     // a part is not UTF-8
	CodeRowNumber   = "xlsx_row_number"   // value: no row, or before the one above it
	CodeCellRef     = "xlsx_cell_ref"     // value: no cell of its row, or before the one to its left
	CodeStringIndex = "xlsx_string_index" // value, has
	CodeCellType    = "xlsx_cell_type"    // value
	CodeNoRows      = "xlsx_no_rows"      // the sheet's part holds no table of rows
)

// Error is for developers: the code, its arguments and the place.
func (e *Error) Error() string {
	text := e.Code
	for i := 0; i+1 < len(e.Args); i += 2 {
		text += " " + e.Args[i] + "=" + strconv.Quote(e.Args[i+1])
	}
	switch {
	case e.Sheet != "" && e.Row > 0:
		text += " at " + e.Sheet + "!" + ColumnName(e.Col) + strconv.Itoa(e.Row)
	case e.Sheet != "":
		text += " in " + e.Sheet
	case e.Part != "":
		text += " in " + e.Part
	}
	return text
}

// hush takes out of an error what could be a part of a cell: nobody may read there what stands in
// a column of passwords. Numbers and names of cells stay, and what the container says of itself.
func (e *Error) hush() {
	if e.Code == CodeZip {
		return
	}
	for i := 1; i < len(e.Args); i += 2 {
		switch e.Args[i-1] {
		case "cause":
			e.Args[i] = ""
		case "value":
			if !plainReference(e.Args[i]) {
				e.Args[i] = ""
			}
		}
	}
}

// plainReference tells the name of a cell or a number, which is not worth hiding.
func plainReference(text string) bool {
	letters := strings.TrimLeft(text, "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	return len(text)-len(letters) <= 8 && len(letters) <= 12 && strings.Trim(letters, "0123456789") == ""
}

func fail(code string, args ...string) *Error { return &Error{Code: code, Args: args} }

// ColumnName is a spreadsheet's name of a column counted from 1: 1 is A, 28 is AB; "" for 0.
func ColumnName(n int) string {
	var b [4]byte
	i := len(b)
	for ; n > 0 && i > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}
