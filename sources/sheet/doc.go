// Package sheet reads workbooks (XLSX): strictly, as a stream, in memory that does not grow with
// the file. It knows sheets, rows and cells, and nothing of inventories. What it does not
// understand it refuses, with the sheet, row and cell; it never returns less than the file holds
// without an error.
package sheet
