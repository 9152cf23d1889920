package sources

import (
	"errors"
	"os"
	"slices"
	"strings"

	"pamsync/sources/sheet"
)

// ReadExportedBook yields the rows of a workbook that an export wrote: those of the first sheet that has the
// columns, and of the ones that go on with it. An error that is a *schemas.Fault tells that the workbook itself is
// damaged, and where.
func ReadExportedBook(path string, columns []string, yield func(ExportedRow) error) error {
	var stop yieldError
	err := readExportedBook(path, columns, func(row ExportedRow) error {
		if err := yield(row); err != nil {
			return yieldError{err}
		}
		return nil
	})
	switch {
	case err == nil:
		return nil
	case errors.As(err, &stop):
		return stop.error
	}
	return bookFault(path, err)
}

// yieldError is an error of who takes the rows, which says nothing of the workbook.
type yieldError struct{ error }

func readExportedBook(path string, columns []string, yield func(ExportedRow) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	book, err := sheet.Open(file, info.Size())
	if err != nil {
		return err
	}
	defer book.Close()
	name := ""
	for i := range book.Sheets {
		s := &book.Sheets[i]
		if name != "" && !strings.HasPrefix(s.Name, name+" (") {
			continue
		}
		ours := false
		err := book.Rows(s, func(row *sheet.Row) error {
			cells := make([]string, len(columns))
			for j := range row.Cells {
				if c := &row.Cells[j]; c.Col <= len(cells) {
					cells[c.Col-1] = string(row.Raw(c))
				}
			}
			if row.Number == 1 {
				ours = slices.Equal(cells, columns)
				return nil
			}
			if !ours {
				return nil
			}
			name = s.Name
			return yield(ExportedRow{Sheet: s.Name, Line: row.Number, Cells: cells})
		})
		if err != nil {
			return err
		}
	}
	return book.Verify()
}
