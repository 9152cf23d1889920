package pipeline_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
)

// wholeProtections are those against doubt about the whole, and what holds of every plan.
func wholeProtections() []protection {
	ten := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	limited := func(rule string, limit schemas.Limit, lacking int, stops bool) protection {
		return protection{rule, nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			b.w.policy.Limits.SourceShrink.Off = true
			plan := b.planned(b.rows(ten[lacking:]...)...)
			b.mustStop(plan, "")
			b.w.policy.Limits.Inactivate = limit
			plan = b.planned(b.rows(ten[lacking:]...)...)
			if stops {
				b.mustStop(plan, "limit_inactivate")
			} else {
				b.mustStop(plan, "")
			}
			if len(goes(plan)) != lacking {
				t.Errorf("%v go", goes(plan))
			}
		}}
	}
	return []protection{
		limited("more than the percentage stops", schemas.Limit{Percent: 20, Count: 50, Floor: 1}, 3, true),
		limited("more than the count stops", schemas.Limit{Percent: -1, Count: 2, Floor: 1}, 3, true),
		limited("up to the floor nothing stops", schemas.Limit{Percent: 5, Count: 1, Floor: 3}, 3, false),
		{"more changes than the limit stop: a shifted column", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			b.updates()
			rows := b.rows(ten...)
			for i := range 4 {
				rows[i].Values[b.word()] = "other"
			}
			b.w.policy.Limits.Update = schemas.Limit{Percent: 30, Count: -1, Floor: 3}
			b.mustStop(b.planned(rows...), "limit_update")
			b.mustStop(b.planned(append(b.rows("a"), rows[1:]...)...), "")
		}},
		{"more new records than the limit stop: a wrong query", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a")
			b.w.policy.Limits.Create = schemas.Limit{Percent: -1, Count: 2}
			b.mustStop(b.planned(b.rows("a", "b", "c", "d")...), "limit_create")
			b.mustStop(b.planned(b.rows("a", "b", "c")...), "")
		}},
		{"more that come back than the limit stop", only(schemas.KindInfo, "the API cannot activate information"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c", "d")
			b.w.policy.Limits.SourceShrink.Off = true
			b.night(b.row("d"))
			b.w.policy.Limits.Reactivate = schemas.Limit{Percent: -1, Count: 2}
			b.mustStop(b.planned(b.rows("a", "b", "c", "d")...), "limit_reactivate")
			b.mustStop(b.planned(b.rows("a", "b", "d")...), "")
		}},
		{"the limits count what a plan takes, whatever it was made by", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind)
			made := b.night(b.rows(ten...)...)
			b.w.policy.Limits.Inactivate = schemas.Limit{Percent: 20, Count: 50, Floor: 1}
			b.mustStop(b.undo(made), "limit_inactivate")
		}},
		{"an empty source stops", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b")
			b.w.policy.Limits = offLimits()
			b.mustStop(b.planned(), "empty_source")
		}},
		{"a source of which where leaves all out stops", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b")
			b.w.policy.Limits = offLimits()
			rows := b.rows("a", "b")
			rows[0].LeftOut, rows[1].LeftOut = true, true
			b.mustStop(b.planned(rows...), "empty_source")
		}},
		{"an empty source is nothing to stop at where nothing would go", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b")
			b.missing(schemas.MissingReport)
			b.mustStop(b.planned(), "")
		}},
		{"a source that is shorter than in the last good run stops", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			b.mustStop(b.planned(b.rows(ten[4:]...)...), "source_shrunk")
			b.mustStop(b.planned(b.rows(ten[1:]...)...), "")
		}},
		{"a source that is too old stops", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			b.stale = true
			b.mustStop(b.planned(b.rows(ten[1:]...)...), "source_stale")
		}},
		{"a list that is shorter than it says stops", only(schemas.KindInfo, "no list has information"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			b.announced = 1
			b.mustStop(b.planned(b.rows(ten[1:]...)...), "announced_differs")
		}},
		{"a list that lost records stops, and the records are not made anew", only(schemas.KindInfo, "no list has information"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, ten...)
			for _, name := range ten[:5] {
				b.hidden[b.idOf(name)] = true
			}
			rows := b.rows(ten...)
			plan := b.planned(rows...)
			b.mustStop(plan, "view_shrunk")
			b.w.policy.Limits.ViewShrink = schemas.Limit{Percent: 90, Count: -1}
			plan = b.planned(rows...)
			b.mustSay(plan, "listed_before")
			for i := range ten {
				rows[i].Values[schemas.FieldIdentifier] = "" // by their names alone, then
			}
			if kind.Account() {
				plan = b.planned(rows...)
				b.mustSay(plan, "listed_before")
			}
			if len(plan.Changes) > 0 {
				t.Errorf("%s %s is planned", plan.Changes[0].Action, plan.Changes[0].Key)
			}
		}},
		{"the same rows in another order make the same plan", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c", "d")
			rows := []schemas.Row{b.row("a"), with(b.row("b"), b.word(), "other"), b.row("n"), b.heldRow("d"), b.row("m")}
			first := b.planned(rows...)
			slices.Reverse(rows)
			b.mustGo(first, "c")
			again := b.planned(rows...)
			if a, z := changeIDs(first), changeIDs(again); !slices.Equal(a, z) || len(a) < 3 {
				t.Errorf("%v and %v", a, z)
			}
		}},
		{"no plan and no journal shows a secret", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind)
			b.w.policy.Credentials.Secrets = schemas.SecretsOnCreate
			rows := b.rows("a", "b")
			for i, name := range []string{"a", "b"} {
				if kind != schemas.KindDevice {
					rows[i].Secret = secretOf(name)
				}
			}
			c := b.night(rows...)
			b.mustEnd(c, schemas.ActionCreate, 2)
			text := whole(c.plan)
			for _, rec := range c.journal.records {
				line, err := json.Marshal(rec)
				if err != nil {
					t.Fatal(err)
				}
				text += string(line)
			}
			for _, r := range b.w.memory.All() {
				text += fmt.Sprintf("%+v", r)
			}
			if strings.Contains(text, "Canary") {
				t.Errorf("it is in %s", text)
			}
			if kept := b.kept("a"); kind != schemas.KindDevice && kept != secretOf("a").Reveal() {
				t.Errorf("the vault has %q: the cell tries nothing", kept)
			}
		}},
	}
}

func offLimits() schemas.Limits {
	l := schemas.DefaultLimits()
	for _, limit := range []*schemas.Limit{&l.Inactivate, &l.Cascade, &l.Update, &l.SourceShrink, &l.ViewShrink} {
		limit.Off = true
	}
	return l
}

// mustStop holds what stops a plan, "" for nothing.
func (b *bench) mustStop(plan *schemas.Plan, code string) {
	b.t.Helper()
	var said []string
	for _, s := range plan.Summary.Stop {
		said = append(said, s.Code)
	}
	if code == "" && len(said) > 0 || code != "" && !slices.Contains(said, code) {
		b.t.Errorf("it is stopped by %v, wanted %q", said, code)
	}
}

func changeIDs(plan *schemas.Plan) (ids []string) {
	for i := range plan.Changes {
		ids = append(ids, plan.Changes[i].ID)
	}
	return ids
}
