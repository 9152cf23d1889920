package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// night is a plan that holds some devices, by name.
func night(digest string, held ...string) *schemas.Plan {
	p := &schemas.Plan{Digest: digest}
	for _, name := range held {
		p.Holds = append(p.Holds, schemas.Hold{Kind: schemas.KindDevice, Key: name, Code: "looks_renamed"})
	}
	return p
}

func digest(good *pipeline.LastGood, p *schemas.Plan, results []schemas.Result) []string {
	var out []string
	for _, w := range good.Digest(p, results) {
		out = append(out, fmt.Sprintf("%s %s %d", w.State, w.Key, w.Night))
	}
	return out
}

// TestADifferenceIsFollowedThroughTheNights: new, still there, gone, and flapping where it came
// back twice; case makes no other record of it.
func TestADifferenceIsFollowedThroughTheNights(t *testing.T) {
	good := pipeline.NewLastGood()
	results := []schemas.Result{}
	for i, n := range []struct {
		held []string
		want []string
	}{
		{[]string{"a", "b"}, []string{"new a 1", "new b 1"}},
		{[]string{"A"}, []string{"still A 2", "gone b 1"}},
		{[]string{"a", "b"}, []string{"new b 1", "still a 3"}},
		{[]string{"a"}, []string{"still a 4", "gone b 1"}},
		{[]string{"a", "b"}, []string{"flapping b 1", "still a 5"}},
		{[]string{"a"}, []string{"still a 6", "gone b 1"}},
		{[]string{"a"}, []string{"still a 7"}},
	} {
		p := night(fmt.Sprint(i), n.held...)
		if got := digest(good, p, results); !slices.Equal(got, n.want) {
			t.Errorf("night %d: %v, wanted %v", i+1, got, n.want)
		}
		good.Remember(pipeline.Night{Run: fmt.Sprint("r", i), At: time.Date(2026, 11, 1+i, 2, 0, 0, 0, time.UTC), Plan: p, Results: results})
		again := digest(good, p, results)
		good.Remember(pipeline.Night{Run: "again", At: time.Date(2026, 11, 1+i, 3, 0, 0, 0, time.UTC), Plan: p, Results: results})
		if got := digest(good, p, results); !slices.Equal(got, again) {
			t.Errorf("night %d was counted twice: %v, %v", i+1, again, got)
		}
	}
}

// TestWhatComesAndGoesIsCounted: there it flaps; away it is gone, and may come back unless the plan
// itself settles it.
func TestWhatComesAndGoesIsCounted(t *testing.T) {
	good := pipeline.NewLastGood()
	for i, held := range [][]string{{"b"}, nil, {"b"}, nil, {"b"}} {
		p := night(fmt.Sprint(i), held...)
		if i == 4 {
			if w := good.Digest(p, []schemas.Result{}); len(w) != 1 || w[0].State != pipeline.WaitFlapping || w[0].Seen != 3 || w[0].Of != 5 {
				t.Errorf("back again: %+v", w)
			}
		}
		good.Remember(pipeline.Night{Run: fmt.Sprint("r", i), Plan: p, Results: []schemas.Result{}})
	}
	away := good.Digest(night("away"), []schemas.Result{})
	if len(away) != 1 || away[0].State != pipeline.WaitGone || away[0].Seen != 3 || away[0].Of != 6 {
		t.Errorf("away: %+v", away)
	}
	off := night("off")
	off.Changes = []schemas.Change{{ID: "x", Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: "B"}}
	settled := good.Digest(off, []schemas.Result{})
	if len(settled) != 1 || settled[0].State != pipeline.WaitGone || settled[0].Of != 0 {
		t.Errorf("in the run that switches it off: %+v", settled)
	}
}

// TestAPlanSaysNothingOfWhatItTriesAgain: a failure is not gone because no run has failed yet.
func TestAPlanSaysNothingOfWhatItTriesAgain(t *testing.T) {
	good := pipeline.NewLastGood()
	failed := &schemas.Plan{Digest: "1", Changes: []schemas.Change{{ID: "x", Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "a"}}}
	good.Remember(pipeline.Night{Run: "r", Plan: failed, Results: []schemas.Result{{Change: "x", Kind: schemas.KindDevice, Key: "a", Status: schemas.StatusFailed, Code: "1011"}}})
	if got := digest(good, failed, nil); len(got) != 0 {
		t.Errorf("of the plan alone: %v", got)
	}
	if got := digest(good, failed, []schemas.Result{}); !slices.Equal(got, []string{"gone a 1"}) {
		t.Errorf("of a run: %v", got)
	}
}
