package pipeline_test

import (
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// applyProtections are those of what is applied, once more, late, or back.
func applyProtections() []protection {
	noReturn := only(schemas.KindInfo, "the API cannot activate information")
	unseen := only(schemas.KindInfo, "no list tells what others did to information")
	accounts := map[schemas.Kind]string{schemas.KindDevice: "it is the device", schemas.KindInfo: "information has no device"}
	return []protection{
		{"a plan of a later inventory overtakes an older inactivation", nil, func(t *testing.T, kind schemas.Kind) {
			for _, missing := range []schemas.Missing{schemas.MissingInactivate, schemas.MissingReport, schemas.MissingKeep} {
				b := newBench(t, kind, "a", "b", "c")
				older := b.planned(b.row("c"))
				b.mustGo(older, "a", "b")
				b.missing(missing)
				b.applied(b.planned(b.row("a"), b.row("c")))
				b.applied(older)
				want := map[string]string{"a": "active", "b": "inactive", "c": "active"}
				for name, state := range want {
					if got := b.standing()[name]; got != state {
						t.Errorf("missing: %s: %s is %s", missing, name, got)
					}
				}
			}
		}},
		{"a plan of a later inventory that held its row overtakes too", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			older := b.planned(b.row("c"))
			b.applied(b.planned(b.heldRow("a"), b.row("c")))
			b.applied(older)
			if got := b.standing()["a"]; got != "active" {
				t.Errorf("a is %s", got)
			}
		}},
		{"a later plan that names what goes with a device keeps the device", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b")
			b.w.policy.Devices.Missing = schemas.MissingInactivate
			older := b.planned(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
			b.mustGo(older, benchHome)
			b.applied(b.planned(b.rows("a", "b")...))
			b.applied(older)
			if got := b.standing(); got["a"] != "active" || got["b"] != "active" {
				t.Errorf("%v", got)
			}
		}},
		{"what came to hang on a device since the review keeps the device", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a")
			b.w.policy.Devices.Missing = schemas.MissingInactivate
			plan := b.planned(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
			b.mustGo(plan, benchHome)
			b.w.sim.AddCredential(vaultsim.Credential{Hostname: benchHome, Username: "late", Type: "Local User"})
			if kind == schemas.KindKey {
				b.w.sim.AddKey(vaultsim.Key{Hostname: benchHome, Username: "late", PublicKey: "ssh-ed25519 late"})
			}
			b.applied(plan)
			if got := b.standing(); got["a"] != "active" || got["late"] != "active" {
				t.Errorf("%v", got)
			}
		}},
		{"what moved in the vault since the review is not touched", only(schemas.KindInfo, "no list tells what others did to information"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.updates()
			plan := b.planned(with(b.row("a"), b.word(), "other"), b.row("c"))
			b.other(schemas.VerbInactivate, "a")
			if c := b.applied(plan); c.writes > 0 || c.results[0].Code != "stale" {
				t.Errorf("%d writes, %s %s", c.writes, c.results[0].Status, c.results[0].Code)
			}
		}},
		{"what a later plan made since the review is not made beside", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "c")
			plan := b.planned(b.rows("a", "c")...)
			b.applied(b.planned(b.rows("a", "c")...))
			if c := b.applied(plan); c.writes > 0 || b.standing()["a"] != "active" {
				t.Errorf("%d writes, a is %s", c.writes, b.standing()["a"])
			}
		}},
		{"a plan that is applied twice writes once", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind)
			b.updates()
			for _, rows := range [][]schemas.Row{b.rows("a", "b"), {with(b.row("a"), b.word(), "other"), b.row("b")}, b.rows("b"), b.rows("a", "b")} {
				plan := b.planned(rows...)
				once := b.applied(plan)
				if len(plan.Changes) == 0 {
					continue
				}
				first := &plan.Changes[0]
				if again := b.appliedOn(plan, once.journal); again.writes > 0 || once.writes == 0 {
					t.Errorf("%s %s: %d writes, and then %d", first.Action, first.Key, once.writes, again.writes)
				}
				shown := first.Action == schemas.ActionCreate || first.Action == schemas.ActionInactivate
				if lost := b.applied(plan); lost.writes > 0 && shown {
					t.Errorf("%s %s: %d writes where the journal was lost", first.Action, first.Key, lost.writes)
				}
				if got := b.standing(); len(got["a"]) > len("inactive") || len(got["b"]) > len("inactive") {
					t.Errorf("there are two: %v", got)
				}
			}
		}},
		{"a second plan after a good run is empty", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind)
			b.updates()
			for _, rows := range [][]schemas.Row{b.rows("a", "b"), {with(b.row("a"), b.word(), "other"), b.row("b")}, b.rows("b")} {
				if c := b.night(rows...); len(c.plan.Changes) == 0 {
					t.Error("nothing was planned")
				}
				if again := b.planned(rows...); len(again.Changes) > 0 {
					t.Errorf("%s %s is left", again.Changes[0].Action, again.Changes[0].Key)
				}
			}
		}},
		{"a creation whose answer is lost is not made twice", nil, func(t *testing.T, kind schemas.Kind) {
			for _, fault := range []vaultsim.Fault{vaultsim.ResetAfter, vaultsim.Status500After, vaultsim.TruncateBody, vaultsim.ResetBefore, vaultsim.HTMLPage} {
				b := newBench(t, kind)
				rows := b.rows("a")
				b.spoil.Store(int64(fault))
				first := b.night(rows...)
				came := fault != vaultsim.ResetBefore && fault != vaultsim.HTMLPage
				want := schemas.StatusFailed // or, of what was reset, sent again by the client
				switch {
				case kind == schemas.KindInfo:
					want = schemas.StatusUnknown
				case came:
					want = schemas.StatusDone
				}
				if got := first.results[0]; got.Status != want {
					t.Errorf("fault %d: it ended %s %s, wanted %s", fault, got.Status, got.Code, want)
				}
				second := b.night(rows...)
				b.night(rows...)
				switch got := b.standing()["a"]; {
				case kind != schemas.KindInfo && got != "active", kind == schemas.KindInfo && came && got != "active", kind == schemas.KindInfo && !came && got != "":
					t.Errorf("fault %d: there is %q", fault, got)
				}
				if kind == schemas.KindInfo {
					b.mustSay(second.plan, "info_in_doubt")
				}
			}
		}},
		{"what may have been made is told until somebody looks, also without its row", map[schemas.Kind]string{schemas.KindDevice: "the list settles it",
			schemas.KindCredential: "the list settles it", schemas.KindKey: "the list settles it"}, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "c")
			b.spoil.Store(int64(vaultsim.ResetAfter))
			b.night(b.rows("a", "c")...)
			plan := b.planned(b.row("c"))
			b.mustGo(plan)
			b.mustSay(plan, "info_in_doubt")
			b.missing(schemas.MissingReport)
			b.mustSay(b.planned(b.row("c")), "missing_reported")
		}},
		{"an inactivation whose answer is lost is settled, or waits", nil, func(t *testing.T, kind schemas.Kind) {
			for _, fault := range []vaultsim.Fault{vaultsim.ResetAfter, vaultsim.ResetBefore} {
				b := newBench(t, kind, "a", "c")
				b.spoil.Store(int64(fault))
				first := b.night(b.row("c"))
				want := map[vaultsim.Fault]schemas.Status{vaultsim.ResetAfter: schemas.StatusDone, vaultsim.ResetBefore: schemas.StatusFailed}[fault]
				if kind == schemas.KindInfo {
					want = schemas.StatusUnknown
				}
				if got := first.results[0]; got.Status != want {
					t.Errorf("fault %d: it ended %s %s, wanted %s", fault, got.Status, got.Code, want)
				}
				second := b.night(b.row("c"))
				if kind == schemas.KindInfo && second.writes > 0 {
					t.Errorf("fault %d: it was sent again", fault)
				}
				if kind != schemas.KindInfo && b.standing()["a"] != "inactive" {
					t.Errorf("fault %d: it is %s", fault, b.standing()["a"])
				}
			}
		}},
		{"an update whose answer is lost is settled, or said to be unknown", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.updates()
			row := with(b.row("a"), b.word(), "other")
			b.spoil.Store(int64(vaultsim.ResetAfter))
			first := b.night(row, b.row("c"))
			want := schemas.StatusUnknown // no list shows it
			if b.word().Listed() && kind != schemas.KindInfo {
				want = schemas.StatusDone
			}
			if got := first.results[0]; got.Status != want {
				t.Errorf("it ended %s %s, wanted %s", got.Status, got.Code, want)
			}
			if again := b.night(row, b.row("c")); kind == schemas.KindInfo && again.writes > 0 {
				t.Error("information was sent again")
			}
		}},
		{"what we inactivated comes back with its row, or is held", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.night(b.row("c"))
			c := b.night(b.rows("a", "c")...)
			if kind == schemas.KindInfo {
				b.mustSay(c.plan, "info_inactive")
				return
			}
			b.mustEnd(c, schemas.ActionReactivate, 1)
			if got := b.standing(); got["a"] != "active" {
				t.Errorf("%v", got)
			}
		}},
		{"reactivate: never holds it", noReturn, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.night(b.row("c"))
			b.config().Reactivate = schemas.ReactivateNever
			plan := b.planned(b.rows("a", "c")...)
			b.mustSay(plan, "inactive_record")
			if len(plan.Changes) > 0 {
				t.Errorf("%s %s is planned", plan.Changes[0].Action, plan.Changes[0].Key)
			}
		}},
		{"what we inactivated and somebody brought back is as any other", noReturn, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.night(b.row("c"))
			b.other(schemas.VerbActivate, "a")
			if plan := b.planned(b.rows("a", "c")...); len(plan.Changes) > 0 {
				t.Errorf("%s %s is planned", plan.Changes[0].Action, plan.Changes[0].Key)
			}
			b.mustGo(b.planned(b.row("c")), "a")
		}},
		{"what somebody else inactivated is not brought back, and not made anew", unseen, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.other(schemas.VerbInactivate, "a")
			b.mustSay(b.planned(b.rows("a", "c")...), "listed_before")
			b.w.policy.Limits.ViewShrink.Off = true
			c := b.night(b.rows("a", "c")...)
			if got := b.standing()["a"]; got != "inactive" {
				t.Errorf("it is %s", got)
			}
			if r := c.results[0]; r.Code != "not_visible" {
				t.Errorf("it ended %s %q", r.Status, r.Code)
			}
			if again := b.planned(b.rows("a", "c")...); len(again.Changes) > 0 {
				t.Errorf("%s %s is planned again", again.Changes[0].Action, again.Changes[0].Key)
			}
		}},
		{"reactivate: any brings it back", unseen, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.other(schemas.VerbInactivate, "a")
			b.w.policy.Limits.ViewShrink.Off = true
			b.config().Reactivate = schemas.ReactivateAny
			b.night(b.rows("a", "c")...)
			if got := b.standing()["a"]; got != "active" {
				t.Errorf("it is %s", got)
			}
		}},
		{"a row keeps its device, whatever becomes of the row", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a")
			b.w.policy.Devices.Missing = schemas.MissingInactivate
			hidden := b.row("a")
			hidden.Hidden = true
			for _, row := range []schemas.Row{b.row("a"), b.row("new"), b.heldRow("a"), b.rejectedRow("a"), hidden, with(b.row("a"), schemas.FieldUsername, "")} {
				for _, r := range b.planned(row, elsewhere()).Changes {
					if r.Kind == schemas.KindDevice && r.Action == schemas.ActionInactivate {
						t.Errorf("%s goes", r.Key)
					}
				}
			}
			b.mustGo(b.planned(b.brokenRow(), elsewhere()))
			plan := b.planned(with(b.row("a"), schemas.FieldHostname, "elsewhere"), elsewhere())
			b.mustGo(plan, benchHome)
		}},
		{"a protected record keeps its device", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a")
			b.w.policy.Devices.Missing = schemas.MissingInactivate
			b.protect("a")
			plan := b.planned(with(b.row("a"), schemas.FieldHostname, "elsewhere"), elsewhere())
			b.mustGo(plan)
			b.mustSay(plan, "protected_credential")
		}},
		{"what went with its device comes back with it", accounts, func(t *testing.T, kind schemas.Kind) {
			for _, rowsToo := range []bool{false, true} {
				b := newBench(t, kind, "a", "b")
				b.w.policy.Devices.Missing = schemas.MissingInactivate
				b.missing(schemas.MissingReport)
				gone := b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
				if got := b.standing(); got["a"] != "inactive" || got["b"] != "inactive" {
					t.Fatalf("%v after %s, left %s", got, codesOf(gone.plan), leftOf(gone.plan))
				}
				rows := []schemas.Row{with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere(), home()}
				if rowsToo {
					rows = append(rows, b.rows("a", "b")...)
				}
				b.night(rows...)
				if got := b.standing(); got["a"] != "active" || got["b"] != "active" {
					t.Errorf("with rows of their own %v: %v", rowsToo, got)
				}
				if again := b.planned(rows...); len(again.Changes) > 0 {
					t.Errorf("with rows of their own %v: %s %s is left", rowsToo, again.Changes[0].Action, again.Changes[0].Key)
				}
			}
		}},
		{"what went from one device does not come back for another of its name", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.night(b.row("c"))
			b.w.sim.AddDevice(vaultsim.Device{Hostname: "moved", IP: "10.0.0.3", Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
			for _, r := range b.w.memory.All() { // as if it had gone from a device that had this name before
				if r.What == schemas.RememberInactive && r.Kind == kind {
					b.w.memory.Forget(r)
					r.Key, r.Device, r.DeviceID = "a@moved", "moved", "999"
					b.w.memory.Put(r)
				}
			}
			plan := b.planned(with(b.row("a"), schemas.FieldHostname, "moved"), b.row("c"))
			for i := range plan.Changes {
				if c := &plan.Changes[i]; c.Action == schemas.ActionReactivate {
					t.Errorf("%s %s (id %s) comes back", c.Action, c.Key, c.VaultID)
				}
			}
		}},
		{"two of one user go, come back, and are taken back, each by itself", map[schemas.Kind]string{schemas.KindDevice: "a device has no user",
			schemas.KindCredential: "a user has one on a device", schemas.KindInfo: "information has no user"}, twoOfAUser},
		{"reactivate: never leaves it where it went with its device", accounts, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b")
			b.w.policy.Devices.Missing = schemas.MissingInactivate
			b.missing(schemas.MissingReport)
			b.config().Reactivate = schemas.ReactivateNever
			b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere())
			b.night(with(b.row("x"), schemas.FieldHostname, "elsewhere"), elsewhere(), home())
			if got := b.standing(); got["a"] != "inactive" || got["b"] != "inactive" {
				t.Errorf("%v", got)
			}
		}},
	}
}

// updates lets information be sent over what is there, as the other kinds are.
func (b *bench) updates() {
	b.w.policy.Infos.Changed = schemas.ChangedSend
	b.w.sim.InfoUpserts = true
}

// home and elsewhere are device rows: of the one that accounts stand on, and of another.
func home() schemas.Row {
	return schemas.Row{Kind: schemas.KindDevice, Values: device(benchHome, "10.0.0.1", "LAX")}
}

func elsewhere() schemas.Row {
	return schemas.Row{Kind: schemas.KindDevice, Values: device("elsewhere", "10.0.0.2", "LAX")}
}

// has is what the vault has of the field that the bench's rows change.
func (b *bench) has(name string) string {
	for _, d := range b.w.sim.Devices() {
		if b.kind == schemas.KindDevice && d.Hostname == name {
			return d.Model
		}
	}
	for _, c := range b.w.sim.Credentials() {
		if b.kind == schemas.KindCredential && c.Username == name {
			return c.Type
		}
	}
	for _, k := range b.w.sim.Keys() {
		if b.kind == schemas.KindKey && k.Username == name {
			return k.Name
		}
	}
	for _, i := range b.w.sim.Infos() {
		if b.kind == schemas.KindInfo && i.Identifier == name {
			return i.Name
		}
	}
	return ""
}
