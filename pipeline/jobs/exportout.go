package jobs

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// rowsFormat is that of the file of row hashes, findingsFormat that of the findings, findingRowsFormat that of
// their hashes.
const (
	rowsFormat        = "rows"
	findingsFormat    = "findings"
	findingRowsFormat = "finding_rows"
	answerFormat      = "answer" // the vault's answer as it came
)

// outputs are the files that an export makes: those of its formats, and beside them the hashes of the
// rows, the certificate, the sums and their signature.
type outputs struct {
	files       []output
	rows        output // "" as its path: none
	answer      output // "" as its path: none
	findingRows output // the same
	certificate string
	findings    string // "" for none
	sums        string // "" for none
}

// signature is beside the sums.
func (o *outputs) signature() string { return o.sums + ".sig" }

// paths are all places that an export may write to.
func (o *outputs) paths() (paths []string) {
	for _, one := range append(slices.Clone(o.files), o.rows, o.answer, o.findingRows) {
		paths = append(paths, one.path)
	}
	paths = append(paths, o.certificate, o.findings, o.sums)
	if o.sums != "" {
		paths = append(paths, o.signature())
	}
	return paths
}

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
		if name := filepath.Base(o.Out); !utf8.ValidString(name) || strings.IndexFunc(name, unicode.IsControl) >= 0 {
			// neither the certificate nor the sums could name it
			return outputs{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--out", "value", o.Out, "want", "want_file_name")
		}
		if namesCertificate(o.Out) {
			return outputs{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--out", "value", o.Out, "want", "want_no_certificate")
		}
		one := outputs{files: []output{{format: formats[0], path: o.Out}}, certificate: o.Out + ".manifest.json"}
		if o.What == "sessions" || o.Sign.Key != "" { // a list of records to go on with needs no more than its certificate
			one.rows, one.sums, one.findings = output{format: rowsFormat, path: o.Out + ".rows"}, o.Out+".SHA256SUMS", o.Out+".findings.csv"
		}
		if o.Answer {
			one.answer = output{format: answerFormat, path: o.Out + ".answer.json"}
		}
		return one, nil
	}
	all := outputs{rows: output{format: rowsFormat, path: filepath.Join(o.Out, o.What+".rows")},
		certificate: filepath.Join(o.Out, "manifest.json"), sums: filepath.Join(o.Out, "SHA256SUMS"), findings: filepath.Join(o.Out, "findings.csv")}
	if o.Answer {
		all.answer = output{format: answerFormat, path: filepath.Join(o.Out, "answer.json")}
	}
	for _, format := range formats {
		all.files = append(all.files, output{format: format, path: filepath.Join(o.Out, o.What+"."+format)})
	}
	return all, nil
}

// underway is an output that is written beside its place.
type underway struct {
	out     *output
	file    *sinks.Pending
	carried *behind      // into file
	parts   *sinks.Parts // into carried, nil where parts are not told apart
}

// writeAll writes all outputs at once, each whole and beside its place, which place gives them. Where one fails,
// or the list does, none is left.
func (x *exporter) writeAll(start schemas.Start, list func() error) error {
	err := x.openAll(start)
	x.out = sinks.NewFan(x.opened)
	if err == nil {
		err = list()
	}
	if err != nil {
		x.out.Abandon()
	} else {
		err = x.out.Close()
	}
	if err == nil {
		err = x.finish()
	}
	if err != nil {
		x.drop()
		return x.outputFault(err)
	}
	return nil
}

func (x *exporter) openAll(start schemas.Start) error {
	if x.rules != nil && x.e.Config.Findings.Configured && x.outputs.findings != "" {
		x.outputs.files = append(x.outputs.files, output{format: findingsFormat, path: x.outputs.findings})
		x.outputs.findingRows = output{format: findingRowsFormat, path: strings.TrimSuffix(x.outputs.findings, ".csv") + ".rows"}
	}
	all := []*output{}
	for i := range x.outputs.files {
		all = append(all, &x.outputs.files[i])
	}
	for _, hashes := range []*output{&x.outputs.rows, &x.outputs.findingRows} {
		if hashes.path != "" {
			all = append(all, hashes)
		}
	}
	for _, out := range all {
		w, err := x.open(out)
		if err != nil {
			return err
		}
		e, err := x.begin(w, out.format, start)
		if err != nil {
			return err
		}
		x.opened = append(x.opened, e)
	}
	if x.outputs.answer.path == "" {
		return nil
	}
	var err error
	x.answer, err = x.open(&x.outputs.answer)
	return err
}

// open gives what an output is written to: its bytes are counted and hashed on their way.
func (x *exporter) open(out *output) (io.Writer, error) {
	if out.path == "-" {
		return x.e.Stdout, nil
	}
	file, err := sinks.NewPending(out.path)
	if err != nil {
		return nil, err
	}
	u := &underway{out: out, file: file, carried: writeBehind(file)}
	x.underway = append(x.underway, u)
	switch out.format {
	case "xlsx", "html":
		u.parts = sinks.NewParts(u.carried)
		return u.parts, nil
	case answerFormat:
		u.parts = sinks.NewParts(u.carried)
		return &inParts{to: u.parts}, nil
	}
	return u.carried, nil
}

// finish gets all outputs onto the disk, and says what they became.
func (x *exporter) finish() error {
	for _, u := range x.underway {
		if err := u.carried.finish(); err != nil {
			return err
		}
		if err := u.file.Finish(); err != nil {
			return err
		}
		u.out.file = schemas.CertifiedFile{Name: filepath.Base(u.out.path), Format: u.out.format, Bytes: u.carried.bytes, SHA256: u.carried.sum, Rows: x.rowsOf(u.out.format)}
		if u.parts != nil {
			u.out.file.Parts = u.parts.List()
		}
	}
	return nil
}

// drop takes away all that has no place yet.
func (x *exporter) drop() {
	for _, u := range x.underway {
		_ = u.carried.finish() // there is a failure to tell already
		u.file.Drop()
	}
	for _, file := range x.proofs {
		file.Drop()
	}
}

// place puts all outputs and what proves them into their places, when each is whole.
func (x *exporter) place() error {
	var files []*sinks.Pending
	for _, u := range x.underway {
		files = append(files, u.file)
	}
	return sinks.Place(append(files, x.proofs...)...)
}

// outputFault is an error of the outputs as a fault, where it is none yet; of stdout the command line knows more.
func (x *exporter) outputFault(err error) error {
	var fault *schemas.Fault
	if x.o.Out == "-" || errors.As(err, &fault) {
		return err
	}
	return outputFailed(x.o.Out, err)
}

// begin begins an output of a format.
func (x *exporter) begin(w io.Writer, format string, start schemas.Start) (sinks.Export, error) {
	switch format {
	case rowsFormat:
		return sinks.NewRows(w), nil
	case findingsFormat:
		return sinks.NewFindings(w, x.e.CSVFor)
	case findingRowsFormat:
		return sinks.NewFindingRows(w), nil
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
	c.Files, c.Rows, c.FindingRows, c.SHA256 = nil, nil, nil, "" // they are not there yet
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

// rowsOf is how many rows an output of a format has.
func (x *exporter) rowsOf(format string) int {
	switch format {
	case findingsFormat, findingRowsFormat:
		return x.ledger.Findings()
	case answerFormat:
		return x.listing.Read
	}
	return x.written
}
