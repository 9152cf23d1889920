package sinks

import (
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
)

// ResultCSV writes results as CSV: one row per change, hold and rejected row.
func ResultCSV(w io.Writer, results []schemas.Result, d Dialect) error {
	out := newGuarded(w, d)
	if len(results) == 0 {
		// gocsv writes no header for an empty list.
		return out.Write(strings.Split("kind,action,key,status,vault_id,source,row,code,message,attempts", ","))
	}
	return gocsv.MarshalCSV(results, out)
}

// ResultJSONL writes results as records: a start, the results, the total, and the seal.
func ResultJSONL(w io.Writer, start schemas.Start, results []schemas.Result, total schemas.Total) error {
	start.Format, start.Version = schemas.FormatResult, schemas.FormatVersion
	out := schemas.NewWriter(w)
	if err := out.Write(schemas.Record{Start: &start}); err != nil {
		return err
	}
	for i := range results {
		if err := out.Write(schemas.Record{Result: &results[i]}); err != nil {
			return err
		}
	}
	if err := out.Write(schemas.Record{Total: &total}); err != nil {
		return err
	}
	_, err := out.Seal()
	return err
}

// StateJSONL writes what is remembered.
func StateJSONL(w io.Writer, start schemas.Start, remembered []schemas.Remembered, lastGood []schemas.Record) error {
	start.Format, start.Version = schemas.FormatState, schemas.FormatVersion
	out := schemas.NewWriter(w)
	if err := out.Write(schemas.Record{Start: &start}); err != nil {
		return err
	}
	for i := range remembered {
		if err := out.Write(schemas.Record{Remembered: &remembered[i]}); err != nil {
			return err
		}
	}
	for i := range lastGood {
		if err := out.Write(lastGood[i]); err != nil {
			return err
		}
	}
	_, err := out.Seal()
	return err
}
