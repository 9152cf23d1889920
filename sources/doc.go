// Package sources turns inventory files into rows: CSV in the dialects and encodings that
// people have, and CMDB JSON, streamed. A header or key becomes a field by the configuration's
// `columns`, else by the names that API, CMDBs and people use in English, Portuguese and
// Spanish.
//
// It must not know the vault, nor decide what a row means: it reports where each value
// stands, refuses a file whose structure is broken, and drops nothing in silence.
//
//	source, err := sources.Open(config, sources.Options{Kind: schemas.KindDevice})
//	err = source.Read(func(row *schemas.Row) error { … })
package sources
