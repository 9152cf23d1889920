package book

import (
	"fmt"
	"io"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// BenchmarkPlan100k writes a plan of 100,000 changes as a workbook.
func BenchmarkPlan100k(b *testing.B) {
	p := somePlan()
	for i := range 100_000 {
		p.Changes = append(p.Changes, schemas.Change{ID: fmt.Sprintf("%016x", i), Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: fmt.Sprintf("srv-%06d", i),
			VaultID: "7", Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: "d.csv:2:3"}, Fields: []schemas.FieldChange{{Field: schemas.FieldSite, Before: "SP", After: "RJ"}}})
	}
	for b.Loop() {
		if err := Plan(io.Discard, words.English, p, b.TempDir()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "changes/s")
}
