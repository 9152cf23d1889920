package sources

import (
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/sheet"
)

// noValue is the code of a cell that holds no value, though it is not empty.
func (c rawCell) noValue() string {
	switch c.kind {
	case sheet.Fault:
		return "cell_fault"
	case sheet.Broken:
		return "cell_broken"
	case sheet.NoValue:
		return "cell_no_value"
	}
	return ""
}

// doubt is the code of a cell whose value is not, or may not be, what a person sees there. It
// matters for the names that records are found by, and for passwords: 00123 may be kept as 123, a
// long number has lost its last digits, and mar-24 has become a day.
func (c rawCell) doubt(f schemas.Field, text string) string {
	if code := c.noValue(); code != "" {
		return code
	}
	switch f {
	case schemas.FieldHostname, schemas.FieldUsername, schemas.FieldIdentifier, schemas.FieldContent, schemas.FieldPassphrase, schemas.FieldID:
	default:
		return ""
	}
	switch {
	case c.kind == sheet.Date, c.kind == sheet.Bool:
		return "cell_other_type"
	case c.kind == sheet.Number && (c.formatted || len(text) > 15 || strings.Trim(text, "0123456789") != ""):
		return "cell_other_type"
	}
	return ""
}

// asShown is a number as people see it: a workbook keeps 1.1 as 1.1000000000000001.
func asShown(text string) string {
	if !strings.Contains(text, ".") || len(text) < 17 || strings.ContainsAny(text, "eE") {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(n, 'g', 15, 64)
}
