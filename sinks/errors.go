package sinks

import (
	"io"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// errorRow is one error of an inventory's row as CSV.
type errorRow struct {
	Place   string `csv:"place"`
	Source  string `csv:"source"`
	Sheet   string `csv:"sheet"`
	Row     int    `csv:"row"`
	Column  string `csv:"column"`
	Code    string `csv:"code"`
	Message string `csv:"message"`
	Hint    string `csv:"hint"`
}

// ErrorsCSV writes what is wrong in the rows of inventories.
func ErrorsCSV(w io.Writer, dialect Dialect, problems []schemas.Problem) error {
	rows := make([]errorRow, 0, len(problems))
	for _, p := range problems {
		rows = append(rows, errorRow{p.Place.String(), p.Place.Source, p.Place.Sheet, p.Place.Row, p.Place.Column, p.Code,
			words.Problem(words.English, p.Code, p.Args), words.Hint(words.English, p.Code, p.Args)})
	}
	out := newGuarded(w, dialect)
	if err := gocsv.MarshalCSV(rows, out); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
