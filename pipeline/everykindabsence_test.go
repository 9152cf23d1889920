package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// absenceProtections are those of one record that the inventory may seem to lack: "a" is in doubt or excepted, and "b"
// is lacking beyond doubt.
func absenceProtections() []protection {
	noSite := only(schemas.KindInfo, "information has no device, and so no site")
	noAccount := map[schemas.Kind]string{schemas.KindDevice: "a device has no user", schemas.KindInfo: "information has no user"}
	return []protection{
		{"a row that is held keeps its record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			plan := b.planned(b.heldRow("a"), b.row("c"))
			b.mustGo(plan, "b")
			if len(plan.Holds) != 1 || len(plan.Holds[0].Rows) != 1 {
				t.Errorf("the row is not held: %s", codesOf(plan))
			}
		}},
		{"rows that disagree keep their record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			plan := b.planned(with(b.row("a"), b.word(), "One"), with(b.row("a"), b.word(), "Two"), b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "rows_differ")
		}},
		{"a row that is rejected keeps its record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			plan := b.planned(b.rejectedRow("a"), b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "control_character")
		}},
		{"a hidden row keeps its record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := b.row("a")
			row.Hidden = true
			plan := b.planned(row, b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "hidden_row")
		}},
		{"a row in another spelling keeps its record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := b.row("a")
			for _, f := range []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldIdentifier} {
				row.Values[f] = "  " + strings.ToUpper(row.Values[f]) + " "
			}
			b.mustGo(b.planned(row, b.row("c")), "b")
		}},
		{"an unreadable row keeps all of its kind", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			plan := b.planned(b.brokenRow(), b.row("c"))
			b.mustGo(plan)
			b.mustSay(plan, "unreadable_rows")
			b.w.policy.Limits.Unreadable = 1
			b.mustGo(b.planned(b.brokenRow(), b.row("c")), "a", "b")
		}},
		{"a row of an unreadable user keeps all of its device", noAccount, func(t *testing.T, kind schemas.Kind) {
			for _, user := range []string{"", "a\x02", "#N/A", "JosÃ©"} {
				b := newBench(t, kind, "a", "b", "c")
				row := with(with(b.row("a"), schemas.FieldUsername, user), schemas.FieldIdentifier, "")
				b.mustGo(b.planned(row, b.row("c")))
				b.mustGo(b.planned(b.row("a"), b.row("c")), "b")
			}
		}},
		{"a row of an unreadable user keeps the record of its identifier", noAccount, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := with(with(b.row("a"), schemas.FieldUsername, ""), schemas.FieldHostname, "elsewhere")
			b.mustGo(b.planned(row, b.row("c")), "b")
		}},
		{"a row that may have been swallowed keeps its record", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := b.row("c")
			row.MayName = []string{"A", " a"}
			if kind.Account() { // what is swallowed may be any user's
				row.MayName = []string{benchHome}
			}
			plan := b.planned(row)
			if kind.Account() {
				b.mustGo(plan)
			} else {
				b.mustGo(plan, "b")
			}
			b.mustSay(plan, "maybe_swallowed")
			b.mustGo(b.planned(b.row("c")), "a", "b")
		}},
		{"a row under another id or identifier keeps both", only(schemas.KindInfo, "an identifier is all that tells information apart"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c", "d")
			row := with(b.row("a"), schemas.FieldID, b.idOf("d"))
			b.mustGo(b.planned(row, b.row("c")), "b")
			if kind.Account() {
				row = with(b.row("a"), schemas.FieldIdentifier, "id-d")
				b.mustGo(b.planned(row, b.row("c")), "b")
			}
		}},
		{"two rows that mean one record are held, in either order", only(schemas.KindInfo, "an identifier is all that tells information apart"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			byID, byName := with(with(b.row("a"), schemas.FieldID, b.idOf("a")), b.word(), "one"), with(b.row("a"), b.word(), "other")
			one, two := b.planned(byID, byName, b.row("c")), b.planned(byName, byID, b.row("c"))
			b.mustGo(one, "b")
			b.mustGo(two, "b")
			for _, plan := range []*schemas.Plan{one, two} {
				if len(plan.Changes) != 1 || len(plan.Holds) != 2 && plan.Holds[0].Code != "rows_differ" {
					t.Errorf("%d changes, held %s", len(plan.Changes), codesOf(plan))
				}
			}
		}},
		{"two rows that ask for one identifier are held, in either order", map[schemas.Kind]string{schemas.KindDevice: "a device has no identifier", schemas.KindInfo: "they are one"},
			func(t *testing.T, kind schemas.Kind) {
				b := newBench(t, kind, "a", "c")
				x, y := with(b.row("x"), schemas.FieldIdentifier, "id-new"), with(b.row("y"), schemas.FieldIdentifier, "ID-new")
				for _, plan := range []*schemas.Plan{b.planned(x, y, b.row("c")), b.planned(y, x, b.row("c"))} {
					b.mustGo(plan, "a")
					b.mustSay(plan, "identifier_taken")
					if len(plan.Changes) != 1 || len(plan.Holds) != 2 {
						t.Errorf("%d changes, held %s", len(plan.Changes), codesOf(plan))
					}
				}
			}},
		{"a row of a device that is not there keeps its user at that address", noAccount, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := with(with(with(b.row("a"), schemas.FieldHostname, "unheard-of"), schemas.FieldIP, "10.0.0.1"), schemas.FieldIdentifier, "")
			plan := b.planned(row, b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "device_absent")
		}},
		{"a record outside the scope is left alone", noSite, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			b.mustGo(b.planned(b.row("c")), "a", "b")
			b.w.policy.Devices.Scope = map[schemas.Field][]string{schemas.FieldSite: {"AWS"}}
			plan := b.planned(b.row("c"))
			b.mustGo(plan)
			b.mustSay(plan, "out_of_scope")
		}},
		{"a row that where leaves out is not there", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			row := b.row("a")
			row.LeftOut = true
			b.mustGo(b.planned(row, b.row("c")), "a", "b")
		}},
		{"a protected record stays", only(schemas.KindInfo, "infos has no protect"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			b.protect("a")
			plan := b.planned(b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "protected")
		}},
		{"a record that somebody decided to ignore stays", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			b.decisions = []pipeline.Decision{{Kind: kind, Key: b.keyOf("a"), Decision: "ignore"}}
			plan := b.planned(b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "decided_ignore")
		}},
		{"a record in its grace waits, and goes in the night that is set", only(schemas.KindInfo, "infos has no grace"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.config().Grace = schemas.Grace{Runs: 2}
			first := b.night(b.row("c"))
			b.mustGo(first.plan)
			b.mustSay(first.plan, "grace")
			b.mustGo(b.planned(b.row("c")), "a")
		}},
		{"a record in use waits", only(schemas.KindInfo, "no session is of information"), func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			host := benchHome
			if kind == schemas.KindDevice {
				host = "a"
			}
			b.usage = func() *pipeline.Usage {
				u := pipeline.NewUsage(b.at.AddDate(0, 0, -7), time.UTC, schemas.Normalize{})
				u.Add(&schemas.Session{User: "ana", Credential: "a", Device: host + ":22", Protocol: "ssh", Start: "2026-01-01 10:00:00"})
				return u
			}
			plan := b.planned(b.row("c"))
			b.mustGo(plan, "b")
			b.mustSay(plan, "in_use")
		}},
		{"missing: keep says nothing", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.mustGo(b.planned(b.row("c")), "a")
			b.missing(schemas.MissingKeep)
			plan := b.planned(b.row("c"))
			b.mustGo(plan)
			if said := codesOf(plan) + leftOf(plan); said != "" {
				t.Errorf("it says %s", said)
			}
		}},
		{"missing: report tells it", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.missing(schemas.MissingReport)
			plan := b.planned(b.row("c"))
			b.mustGo(plan)
			b.mustSay(plan, "missing_reported")
		}},
		{"missing: inactivate takes it", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "c")
			b.mustEnd(b.night(b.row("c")), schemas.ActionInactivate, 1)
			if got := b.standing(); got["a"] != "inactive" || got["c"] != "active" {
				t.Errorf("%v", got)
			}
		}},
		{"a row that asks for it takes it, whatever missing says", nil, func(t *testing.T, kind schemas.Kind) {
			b := newBench(t, kind, "a", "b", "c")
			b.missing(schemas.MissingKeep)
			row := b.row("a")
			row.Goes = true
			b.mustGo(b.planned(row, b.row("c")), "a")
		}},
	}
}

// heldRow is a row of a record that is held, and names it.
func (b *bench) heldRow(name string) schemas.Row {
	switch b.kind {
	case schemas.KindDevice:
		return with(b.row(name), schemas.FieldID, "77")
	case schemas.KindInfo:
		return with(b.row(name), schemas.FieldName, "of another name")
	}
	return with(b.row(name), schemas.FieldIP, "10.9.9.9")
}

// rejectedRow has a value that cannot be one, beside a key that can be read.
func (b *bench) rejectedRow(name string) schemas.Row {
	row := b.row(name)
	row.Problems = []schemas.Problem{{Code: "control_character", Args: schemas.Pairs("field", b.word().String(), "value", "?")}}
	return row
}

// brokenRow is one of which nothing can be read.
func (b *bench) brokenRow() schemas.Row {
	return schemas.Row{Kind: b.kind, Problems: []schemas.Problem{{Code: "ragged", Args: schemas.Pairs("cells", "1")}}}
}

func (b *bench) keyOf(name string) string {
	if b.kind.Account() {
		return name + "@" + benchHome
	}
	return name
}

// idOf is the vault's id of a record.
func (b *bench) idOf(name string) string {
	for _, d := range b.w.sim.Devices() {
		if b.kind == schemas.KindDevice && d.Hostname == name {
			return d.ID
		}
	}
	for _, c := range b.w.sim.Credentials() {
		if b.kind == schemas.KindCredential && c.Username == name {
			return c.ID
		}
	}
	for _, k := range b.w.sim.Keys() {
		if b.kind == schemas.KindKey && k.Username == name {
			return k.ID
		}
	}
	for _, i := range b.w.sim.Infos() {
		if b.kind == schemas.KindInfo && i.Identifier == name {
			return i.ID
		}
	}
	return ""
}

// protect protects a record by its name.
func (b *bench) protect(name string) {
	p := &b.w.policy
	switch b.kind {
	case schemas.KindDevice:
		p.ProtectDevices, _ = filter.Parse(`hostname == "` + name + `"`)
	case schemas.KindCredential:
		p.ProtectCredentials, _ = filter.Parse(`username == "` + name + `"`)
	default:
		p.ProtectKeys, _ = filter.Parse(`username == "` + name + `"`)
	}
}

// kept is the secret that the vault keeps of a record.
func (b *bench) kept(name string) string {
	for _, c := range b.w.sim.Credentials() {
		if b.kind == schemas.KindCredential && c.Username == name {
			return c.Password
		}
	}
	for _, k := range b.w.sim.Keys() {
		if b.kind == schemas.KindKey && k.Username == name {
			return k.PrivateKey
		}
	}
	for _, i := range b.w.sim.Infos() {
		if b.kind == schemas.KindInfo && i.Identifier == name {
			return i.Content
		}
	}
	return ""
}
