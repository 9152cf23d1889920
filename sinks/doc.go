// Package sinks writes: plans, journals, results, exports, the state folder, and what a
// person sees in a terminal. It is the only package that writes files. A file is whole or
// not there; a journal record is on disk when Append returns; a cell from outside can be
// neither a formula in a spreadsheet nor an escape sequence on a terminal.
//
// It must not know the vault, nor compute anything that is not in the records it is given.
//
//	err := sinks.WriteFile("result.csv", func(w io.Writer) error { return sinks.ResultCSV(w, results) })
package sinks
