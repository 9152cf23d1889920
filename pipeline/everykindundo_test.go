package pipeline_test

import (
	"testing"

	"pamsync/schemas"
)

// undoProtections are those of what is taken back.
func undoProtections() []protection {
	return []protection{
		{"what a run made is taken back", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "c")
			made := b.night(b.rows("a", "b", "c")...)
			plan := b.undo(made)
			b.mustGo(plan, "a", "b")
			b.applied(plan)
			if got := b.standing(); got["a"] != "inactive" || got["b"] != "inactive" || got["c"] != "active" {
				t.Errorf("%v", got)
			}
			if again := b.undo(made); len(again.Changes) > 0 {
				t.Errorf("%s %s is taken back twice", again.Changes[0].Action, again.Changes[0].Key)
			}
		}},
		{"what a run made and somebody protects since stays", only(schemas.KindInfo, "infos has no protect"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind)
			made := b.night(b.rows("a", "b")...)
			b.protect("a")
			plan := b.undo(made)
			b.mustGo(plan, "b")
			b.mustSay(plan, "protected")
		}},
		{"what a run inactivated is brought back, or said not to be", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			gone := b.night(b.row("c"))
			plan := b.undo(gone)
			if kind == schemas.KindInfo {
				b.mustSay(plan, "undo_info")
				return
			}
			b.mustEnd(b.applied(plan), schemas.ActionReactivate, 1)
			if got := b.standing(); got["a"] != "active" || got["c"] != "active" {
				t.Errorf("%v", got)
			}
			if again := b.planned(b.rows("a", "c")...); len(again.Changes) > 0 {
				t.Errorf("%s %s is left", again.Changes[0].Action, again.Changes[0].Key)
			}
		}},
		{"what a run updated is set back, or said not to be", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.updates()
			was := b.has("a")
			done := b.night(with(b.row("a"), b.word(), "other"), b.row("c"))
			b.mustEnd(done, schemas.ActionUpdate, 1)
			plan := b.undo(done)
			b.applied(plan)
			said := codesOf(plan)
			for _, w := range plan.Warnings {
				said += " " + w.Code
			}
			if b.has("a") != was && said == "" {
				t.Errorf("it is %q, was %q, and the undo says nothing of it", b.has("a"), was)
			}
		}},
		{"the user that a run gave is set back, or said not to be", map[schemas.Kind]string{schemas.KindDevice: "a device has no user", schemas.KindInfo: "information has no user"},
			func(t *testing.T, kind schemas.Kind) {
				b := newBench(t, kind, "a", "c")
				b.config().Manage = append(b.config().Manage, schemas.FieldUsername)
				b.config().Identify = []schemas.Rule{schemas.RuleID, schemas.RuleUsername, schemas.RuleIdentifier}
				done := b.night(with(b.row("a"), schemas.FieldUsername, "z"), b.row("c"))
				b.mustEnd(done, schemas.ActionUpdate, 1)
				if got := b.standing()["z"]; got != "active" {
					t.Fatalf("%v", b.standing())
				}
				plan := b.undo(done)
				b.applied(plan)
				said := codesOf(plan)
				for _, w := range plan.Warnings {
					said += " " + w.Code
				}
				if b.standing()["a"] != "active" {
					t.Errorf("%v after %s", b.standing(), said)
				}
			}},
	}
}

// twoOfAUser lives through two keys of one user on one device, which only their identifiers tell apart.
func twoOfAUser(t *testing.T, kind schemas.Kind) {
	two := func(b *bench) []schemas.Row {
		return []schemas.Row{with(b.row("a"), schemas.FieldIdentifier, "id-1"), with(with(b.row("a"), schemas.FieldIdentifier, "id-2"), schemas.FieldPublicKey, "ssh-ed25519 a2")}
	}
	must := func(b *bench, what, want string) {
		t.Helper()
		if got := b.standing()["a"]; got != want {
			t.Errorf("%s: they are %s, wanted %s", what, got, want)
		}
	}
	settled := func(b *bench, rows ...schemas.Row) {
		t.Helper()
		if again := b.planned(rows...); len(again.Changes) > 0 {
			t.Errorf("%s %s is left", again.Changes[0].Action, again.Changes[0].Key)
		}
	}
	b := newBench(t, kind, "c")
	first := b.night(two(b)[0], b.row("c"))
	named := with(two(b)[0], schemas.FieldKeyName, "another")
	b.mustEnd(b.night(named, two(b)[1], b.row("c")), "", 2) // it is known by what was sent of it while it was alone
	b.applied(b.undo(first))
	must(b, "taken back by itself", "inactive active")
	b = newBench(t, kind, "c")
	made := b.night(append(two(b), b.row("c"))...)
	must(b, "made", "active active")
	again := with(two(b)[0], schemas.FieldKeyName, "another")
	b.mustEnd(b.night(again, two(b)[1], b.row("c")), schemas.ActionUpdate, 1)
	b.night(append(two(b), b.row("c"))...)
	settled(b, append(two(b), b.row("c"))...)
	b.night(b.row("c"))
	must(b, "lacking", "inactive inactive")
	b.night(append(two(b), b.row("c"))...)
	must(b, "there again", "active active")
	settled(b, append(two(b), b.row("c"))...)
	b.night(two(b)[1], b.row("c"))
	must(b, "one lacking", "inactive active")
	settled(b, two(b)[1], b.row("c"))
	b.night(append(two(b), b.row("c"))...)
	must(b, "that one there again", "active active")
	b.night(b.row("c"))
	b.night(two(b)[0], b.row("c"))
	must(b, "only the first there again", "active inactive")
	b.night(two(b)[1], b.row("c"))
	must(b, "and now only the other", "inactive active")
	settled(b, two(b)[1], b.row("c"))
	b.night(append(two(b), b.row("c"))...)
	must(b, "both again", "active active")
	b.applied(b.undo(made))
	must(b, "taken back", "inactive inactive")
	b.night(append(two(b), b.row("c"))...)
	must(b, "there once more", "active active")
	b.w.policy.Devices.Missing = schemas.MissingInactivate
	b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
	must(b, "gone with the device", "inactive inactive")
	rows := append(two(b), b.row("c"), with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere(), home())
	b.night(rows...)
	must(b, "back with the device", "active active")
	settled(b, rows...)
	b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
	must(b, "gone with the device again", "inactive inactive")
	b.missing(schemas.MissingReport)
	b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere(), home())
	must(b, "back with the device, without rows", "active active")
}
