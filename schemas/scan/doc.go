// Package scan reads JSON of any length from a stream, one value at a time:
// documents with long lists in them, and JSON Lines. The caller pulls: it
// enters the objects and arrays it knows and takes each record whole with Raw,
// or passes over it with Skip. What is held is one window on the source, which
// grows only to hold one record; the document's length does not matter.
//
// Everything consumed is checked as strictly as encoding/json checks it, and
// what is wrong is reported with its line and byte. The first error of the
// source or of the document stays: every later call returns it again.
//
// The package must not know what the records mean, where the source comes
// from, or how it was compressed: it sees an io.Reader and gives bytes.
//
//	r := scan.NewReader(file, scan.Options{})
//	for _, err := r.Peek(); err == nil; _, err = r.Peek() {
//		record, _ := r.Raw() // valid until the next call
//		user, _ := scan.Get(record, "user")
//	}
//
// A Reader is for one goroutine.
package scan
