package sources

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"

	"pamsync/schemas"
	"pamsync/sources/sheet"
)

// ReadExportedParts yields the parts of a workbook's container with the CRC-32 that each says of what it holds. One
// that says what it should, by its name in crcs, is read, and yields the error that this met: of no other is anything
// to be learnt. A part that was there before is an error.
func ReadExportedParts(path string, crcs map[string]string, yield func(name, crc string, err error)) error {
	file, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer file.Close()
	before := map[string]bool{}
	for _, part := range file.File {
		crc := fmt.Sprintf("%08x", part.CRC32)
		var err error
		switch {
		case before[part.Name]:
			err = errPartTwice
		case crcs[part.Name] == crc:
			err = readPart(part)
		}
		before[part.Name] = true
		yield(part.Name, crc, err)
	}
	return nil
}

var errPartTwice = errors.New("the part is there twice")

// readPart reads a part to its end, where its CRC-32 is compared.
func readPart(part *zip.File) error {
	in, err := part.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(io.Discard, in)
	return err
}

// ReadExportedSheets gives the schemas.SheetHash of some sheets of a workbook, by their names; one that is not there
// has none.
func ReadExportedSheets(path string, names map[string]bool) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	book, err := sheet.Open(file, info.Size())
	if err != nil {
		return nil, bookFault(path, err)
	}
	defer book.Close()
	sums := map[string]string{}
	for i := range book.Sheets {
		if s := &book.Sheets[i]; names[s.Name] {
			if sums[s.Name], err = sheetHash(book, s); err != nil {
				return nil, bookFault(path, err)
			}
		}
	}
	return sums, book.Verify()
}

func sheetHash(book *sheet.Book, s *sheet.Sheet) (string, error) {
	sum := schemas.NewSheetHash()
	err := book.Rows(s, func(row *sheet.Row) error {
		var cells []string
		for i := range row.Cells {
			c := &row.Cells[i]
			for len(cells) < c.Col {
				cells = append(cells, "")
			}
			cells[c.Col-1] = string(row.Raw(c))
		}
		sum.Row(row.Number, cells)
		return nil
	})
	return sum.Sum(), err
}
