package jobs

import (
	"maps"
	"os"
	"slices"
	"strconv"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// checkFindings holds the rows of the findings, whose sum is as certified, against what the certificate counts
// by rule.
func (v *verification) checkFindings(c *certified, f schemas.CertifiedFile, path string) {
	found, err := findingsIn(path, c)
	if err != nil {
		v.bad("export_damaged", path, 0, "cause", rootCause(err).Error(), "n", "0")
		return
	}
	before, rows := len(v.problems), 0
	for rule := range c.Findings {
		found[rule] += 0
	}
	for _, rule := range slices.Sorted(maps.Keys(found)) {
		rows += found[rule]
		if want := c.Findings[rule]; want != found[rule] {
			v.bad("totals_differ", path, 0, "what", "finding "+rule, "want", strconv.Itoa(want), "have", strconv.Itoa(found[rule]))
		}
	}
	if len(v.problems) == before {
		v.good("verify_file", "n", sinks.Number(v.e.Lang, rows), "name", f.Name)
	}
}

// findingsIn counts the rows of a file of findings by their rule.
func findingsIn(path string, c *certified) (map[string]int, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	found := map[string]int{}
	mark, comma := c.dialect()
	whole := func([]string) bool { return true }
	return found, sources.ReadExportedCSV(file, mark, comma, whole, func(row sources.ExportedRow) error {
		if row.Line > 1 && len(row.Cells) > 1 {
			found[row.Cells[1]]++
		}
		return nil
	})
}
