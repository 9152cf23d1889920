// Package schemas says what the data of pamsync is: kinds, fields, rows, changes, holds,
// results, the configuration, and the one codec that plans, journals, results and exports
// share. It imports the standard library alone; every other package imports it.
//
// It must not know files, HTTP, the command line or a language: a problem is a code, a
// place and its arguments, and package words says it to a person.
//
//	w := schemas.NewWriter(file)
//	w.Write(schemas.Record{Start: &schemas.Start{Format: schemas.FormatPlan, Version: 1}})
//	w.Write(schemas.Record{Change: &change})
//	w.Seal()
package schemas
