package jobs

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/book"
	"pamsync/sinks/page"
)

// output is one file of an export.
type output struct {
	format string
	path   string
	file   schemas.CertifiedFile // once it is written
}

// rowsFormat is that of the file of row hashes, findingsFormat that of the findings.
const (
	rowsFormat     = "rows"
	findingsFormat = "findings"
)

// outputs are the files that an export makes: those of its formats, and beside them the hashes of the
// rows, the certificate, the sums and their signature.
type outputs struct {
	files       []output
	rows        output // "" as its path: none
	certificate string
	findings    string // "" for none
	sums        string // "" for none
}

// signature is beside the sums.
func (o *outputs) signature() string { return o.sums + ".sig" }

// formats are those that an export can be written in.
func exportFormats() []string { return []string{"csv", "jsonl", "xlsx", "html"} }

// layout says which files an export makes. One format is one file, with the others beside it under its
// name; several are a folder.
func layout(o ExportOptions) (outputs, error) {
	formats := strings.Split(o.Format, ",")
	if o.Format == "" {
		formats = []string{"csv"}
		switch ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(o.Out), ".")); {
		case ext == "ndjson":
			formats = []string{"jsonl"}
		case ext == "htm":
			formats = []string{"html"}
		case slices.Contains(exportFormats(), ext):
			formats = []string{ext}
		}
	}
	for i, format := range formats {
		formats[i] = strings.ToLower(strings.TrimSpace(format))
		if !slices.Contains(exportFormats(), formats[i]) {
			return outputs{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--format", "value", o.Format, "want", "want_format")
		}
	}
	slices.Sort(formats)
	formats = slices.Compact(formats)
	if o.Out == "-" {
		if len(formats) > 1 {
			return outputs{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--format", "value", o.Format, "want", "want_one_format")
		}
		return outputs{files: []output{{format: formats[0], path: "-"}}}, nil
	}
	info, err := os.Stat(o.Out)
	if len(formats) == 1 && !strings.HasSuffix(o.Out, "/") && !strings.HasSuffix(o.Out, string(filepath.Separator)) && (err != nil || !info.IsDir()) {
		one := outputs{files: []output{{format: formats[0], path: o.Out}}, certificate: o.Out + ".manifest.json"}
		if o.What == "sessions" || o.Sign.Key != "" { // a list of records to go on with needs no more than its certificate
			one.rows, one.sums, one.findings = output{format: rowsFormat, path: o.Out + ".rows"}, o.Out+".SHA256SUMS", o.Out+".findings.csv"
		}
		return one, nil
	}
	all := outputs{rows: output{format: rowsFormat, path: filepath.Join(o.Out, o.What+".rows")},
		certificate: filepath.Join(o.Out, "manifest.json"), sums: filepath.Join(o.Out, "SHA256SUMS"), findings: filepath.Join(o.Out, "findings.csv")}
	for _, format := range formats {
		all.files = append(all.files, output{format: format, path: filepath.Join(o.Out, o.What+"."+format)})
	}
	return all, nil
}

// writeAll writes all outputs at once; each takes its place when all are whole.
func (x *exporter) writeAll(start schemas.Start, list func() error) error {
	all := []*output{}
	if x.rules != nil && x.e.Config.Findings.Configured && x.outputs.findings != "" {
		x.outputs.files = append(x.outputs.files, output{format: findingsFormat, path: x.outputs.findings})
	}
	for i := range x.outputs.files {
		all = append(all, &x.outputs.files[i])
	}
	if x.outputs.rows.path != "" {
		all = append(all, &x.outputs.rows)
	}
	return x.openAll(start, all, list)
}

func (x *exporter) openAll(start schemas.Start, left []*output, list func() error) error {
	if len(left) == 0 {
		x.out = sinks.NewFan(x.opened)
		if err := list(); err != nil {
			x.out.Abandon()
			return err
		}
		return x.out.Close()
	}
	return x.toFile(left[0], func(w io.Writer) error {
		e, err := x.begin(w, left[0].format, start)
		if err != nil {
			return err
		}
		x.opened = append(x.opened, e)
		return x.openAll(start, left[1:], list)
	})
}

// begin begins an output of a format.
func (x *exporter) begin(w io.Writer, format string, start schemas.Start) (sinks.Export, error) {
	switch format {
	case rowsFormat:
		return sinks.NewRows(w), nil
	case findingsFormat:
		return sinks.NewFindings(w, x.e.CSVFor)
	case "xlsx":
		return book.NewEvidence(w, x.e.Lang, x.o.What, x.bookOf, filepath.Dir(x.outputs.certificate))
	case "html":
		return page.NewEvidence(w, x.e.Lang, x.o.What, x.pageOf, filepath.Dir(x.outputs.certificate)), nil
	}
	return sinks.NewExport(w, format, x.e.CSVFor, start)
}

// bookOf is what a workbook says of the export as a whole.
func (x *exporter) bookOf() book.Evidence {
	c := x.describe(x.vaultName)
	c.Files, c.Rows, c.SHA256 = nil, nil, "" // they are not there yet
	return book.Evidence{Certificate: c, Boundary: x.boundary, BoundaryMore: x.boundaryMore}
}

// manyForAPage is how many rows a browser takes a while to read; a page holds them all, however many.
const manyForAPage = 300_000

func (x *exporter) hasPage() bool {
	return slices.ContainsFunc(x.outputs.files, func(out output) bool { return out.format == "html" })
}

// pageOf is the same for a page, which also names the files beside it.
func (x *exporter) pageOf() page.Evidence {
	of := x.bookOf()
	e := page.Evidence{Certificate: of.Certificate, Boundary: of.Boundary, BoundaryMore: of.BoundaryMore}
	if x.outputs.certificate != "" {
		e.Manifest = filepath.Base(x.outputs.certificate)
	}
	for _, out := range x.outputs.files {
		if out.format != "html" && out.format != findingsFormat {
			e.Beside = append(e.Beside, filepath.Base(out.path))
		}
	}
	return e
}

// toFile writes an output, and says what it became.
func (x *exporter) toFile(out *output, write func(io.Writer) error) error {
	if out.path == "-" {
		return write(x.e.Stdout)
	}
	return sinks.WriteFile(out.path, func(w io.Writer) error {
		carried := writeBehind(w)
		err := write(carried)
		if finished := carried.finish(); err == nil {
			err = finished
		}
		if err != nil {
			return err
		}
		out.file = schemas.CertifiedFile{Name: filepath.Base(out.path), Format: out.format, Bytes: carried.bytes, SHA256: carried.sum, Rows: x.rowsOf(out.format)}
		return nil
	})
}

// rowsOf is how many rows an output of a format has.
func (x *exporter) rowsOf(format string) int {
	if format == findingsFormat {
		return x.ledger.Findings()
	}
	return x.written
}
