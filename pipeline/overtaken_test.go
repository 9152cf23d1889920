package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// TestOvertakenIsTheLatestPlanThatNamed: in whatever order plans are applied, and through the state
// folder, a record is overtaken by the latest plan after the one asked about that named it.
func TestOvertakenIsTheLatestPlanThatNamed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		good := pipeline.NewLastGood()
		named := map[string]map[int]bool{}
		for _, day := range rnd.Perm(6) {
			plan := fmt.Sprintf("2026110%dT000000Z-aaaa", day)
			named[plan] = map[int]bool{}
			var unnamed []string
			for id := range 8 {
				if rnd.IntN(2) == 0 {
					named[plan][id] = true
				} else {
					unnamed = append(unnamed, strconv.Itoa(id))
				}
			}
			p := &schemas.Plan{Start: schemas.Start{Run: plan}, Summary: schemas.Summary{Unnamed: []schemas.Unnamed{{Kind: schemas.KindDevice, IDs: schemas.NewIDs(unnamed)}}}}
			good.Name(p)
			good.Name(p)
			again := pipeline.NewLastGood()
			for _, rec := range good.Records() {
				again.Take(&rec)
			}
			good = again
		}
		for asked := range 6 {
			for id := range 8 {
				want := ""
				for day := asked + 1; day < 6; day++ {
					if plan := fmt.Sprintf("2026110%dT000000Z-aaaa", day); named[plan][id] {
						want = plan
					}
				}
				c := &schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, VaultID: strconv.Itoa(id)}
				if got := good.Overtaken(c, fmt.Sprintf("2026110%dT000000Z-aaaa", asked)); got != want {
					t.Fatalf("id %d after day %d: %q, wanted %q", id, asked, got, want)
				}
			}
		}
	}
}
