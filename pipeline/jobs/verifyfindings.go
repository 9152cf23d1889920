package jobs

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sources"
)

// checkFindings holds the rows of the findings against what the certificate counts by rule.
func (v *verification) checkFindings(c *certified, l *fileLook, path string) {
	for rule := range c.Findings {
		l.rules[rule] += 0
	}
	for _, rule := range slices.Sorted(maps.Keys(l.rules)) {
		if want := c.Findings[rule]; want != l.rules[rule] {
			v.bad("totals_differ", path, 0, "what", "finding "+rule, "want", strconv.Itoa(want), "have", strconv.Itoa(l.rules[rule]))
		}
	}
}

// checkPageFindings holds the findings that stand behind the rows of a page against those that are certified.
func (v *verification) checkPageFindings(path string, l *fileLook, want []evidence.Row) {
	if l.f.Format == "html" && want != nil && !l.guessed {
		v.findingDifferences(path, evidence.Compare(want, l.findings))
	}
}

// checkBookFindings does the same with a workbook's sheet of them. Of a workbook that cannot be read it is told
// elsewhere.
func (v *verification) checkBookFindings(path string, f schemas.CertifiedFile, want []evidence.Row) {
	if f.Format != "xlsx" || want == nil {
		return
	}
	var have []evidence.Row
	err := sources.ReadExportedBook(path, schemas.FindingColumns(), func(row sources.ExportedRow) error {
		hash, _ := schemas.RowHash(nil, row.Cells)
		have = append(have, asCertified(evidence.Row{ID: row.Cells[0], Hash: hash, Line: row.Line, Sheet: row.Sheet}, row.Cells, want, len(have)))
		return nil
	})
	var fault *schemas.Fault
	switch {
	case errors.As(err, &fault):
		v.damaged(path, &fileLook{rows: have}, err)
	default:
		v.findingDifferences(path, evidence.Compare(want, have))
	}
}

// findingDifferences tells what became of findings.
func (v *verification) findingDifferences(path string, found []evidence.Difference) {
	for _, d := range found {
		switch d.Kind {
		case evidence.Gone:
			v.bad("finding_gone", path, 0, "id", d.Want.ID, "n", strconv.Itoa(d.Want.Line))
		default:
			v.badAt("finding_changed", path, d.Have, "id", d.Have.ID)
		}
	}
}
