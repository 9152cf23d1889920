package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// The vault has no list of its protected information, and does not say whether a second POST under an
// identifier updates the record or makes another (vault-api a.5). So what our own runs sent is remembered by
// its identifier, with a keyed fingerprint of each field: the same again is nothing to do, nothing is created
// twice, and a creation of which nobody knows what became waits for a person.

// infoUnknown is the code of information of which nobody knows what became: only a person can find out.
const infoUnknown = "info_unknown"

func (p *planner) planInfos() {
	set := &p.Inventory.Infos
	if !set.Configured {
		return
	}
	byKey := map[string]*request{}
	for i := range int32(set.rows.len()) {
		key := fold(set.rows.get(i, schemas.FieldIdentifier))
		r := byKey[key]
		if r == nil {
			r = &request{set: set, key: key}
			byKey[key] = r
			p.infos = append(p.infos, r)
		}
		r.entries = append(r.entries, i)
	}
	for _, r := range p.infos {
		p.merge(r)
		p.decideInfo(r)
	}
	p.missingInfos(byKey)
}

// decideInfo plans what a row asks of its information.
func (p *planner) decideInfo(r *request) {
	key := r.get(schemas.FieldIdentifier)
	hold := func(code string, pairs ...string) {
		p.hold(r, schemas.Hold{Kind: schemas.KindInfo, Key: key, Code: code, Args: schemas.Pairs(pairs...)})
	}
	if doubt := p.Memory.find(schemas.RememberDoubt, schemas.KindInfo, fold(key), ""); doubt != nil {
		hold("info_in_doubt", "run", doubt.Run, "id", doubt.Sent)
		return
	}
	if p.Memory.inactive(schemas.KindInfo, key) != nil {
		hold("info_inactive")
		return
	}
	if pairs := p.quarrel(schemas.KindInfo, r, &schemas.KindConfig{}, true); pairs != nil {
		hold("rows_differ", pairs...)
		return
	}
	p.warnEqual(r, key)
	if bad := p.unsendable(r, func(schemas.Field) bool { return true }); len(bad) > 0 {
		p.reject(schemas.KindInfo, r, key, bad)
		return
	}
	known := p.Memory.find(schemas.RememberPrint, schemas.KindInfo, fold(key), schemas.FieldIdentifier.String())
	fields := p.infoFields(r, key, known == nil)
	switch {
	case known != nil && len(fields) == 0:
		p.settle(schemas.KindInfo, r, unchanged)
		return
	case known != nil && (p.Policy.Infos.Changed != schemas.ChangedSend || printOf(r) == ""):
		names := make([]string, len(fields))
		for i := range fields {
			names[i] = fields[i].Name()
		}
		hold("info_changed", "fields", strings.Join(names, ", "))
		return
	case known == nil:
		if bad := p.infoLacks(r); len(bad) > 0 {
			p.reject(schemas.KindInfo, r, key, bad)
			return
		}
	}
	p.settle(schemas.KindInfo, r, changed)
	p.change(p.infoChange(r, key, known, fields))
}

func (p *planner) infoChange(r *request, key string, known *schemas.Remembered, fields []schemas.FieldChange) schemas.Change {
	var send schemas.Values
	for _, f := range schemas.InfoFields() {
		if !f.Secret() {
			send[f] = r.get(f)
			if known == nil { // what is filled in is for new information alone
				send[f] = orText(send[f], p.fallback(r, f))
			}
		}
	}
	c := schemas.Change{Kind: schemas.KindInfo, Action: schemas.ActionCreate, Key: key, Secret: true, Rows: p.refs(r), Fields: fields, Send: schemas.Send(send),
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: p.cell(r, schemas.FieldIdentifier), Value: key}}
	if known != nil {
		c.Action, c.VaultID, c.Match = schemas.ActionUpdate, known.ID, string(schemas.RuleIdentifier)
		c.Reason = schemas.Reason{Rule: schemas.RuleDiffers, Cell: fields[0].Cell, Value: shortened(fields[0].After)}
		c.Send = schemas.Send(send)
	}
	return c
}

// infoFields are the fields that are not as they were sent; of new information all of them.
func (p *planner) infoFields(r *request, key string, fresh bool) []schemas.FieldChange {
	var fields []schemas.FieldChange
	for _, f := range schemas.InfoFields() {
		want := r.get(f)
		if fresh {
			want = orText(want, p.fallback(r, f))
		}
		switch {
		case f.Secret() && fresh || f.Secret() && p.infoDiffers(key, f, printOf(r)):
			fields = append(fields, schemas.FieldChange{Field: f, Secret: true})
		case f.Secret() || want == "" || !fresh && (f == schemas.FieldIdentifier || !p.infoDiffers(key, f, schemas.Fingerprint(p.Inventory.printKey, want))):
		default:
			fields = append(fields, schemas.FieldChange{Field: f, After: want, Cell: p.cell(r, f)})
		}
	}
	return fields
}

// infoDiffers tells a value that is known to be another than the one that was sent.
func (p *planner) infoDiffers(key string, f schemas.Field, print string) bool {
	known := p.Memory.print(schemas.KindInfo, key, f)
	return print != "" && print != known && (known != "" || f != schemas.FieldContent)
}

// printOf is the keyed fingerprint of a row's secret, "" where it has none or none is read.
func printOf(r *request) string {
	for _, e := range r.entries {
		if print := r.set.password(e); print != "" {
			return print
		}
	}
	return ""
}

// infoLacks are the problems of rows without a content, which the vault needs (vault-api a.5).
func (p *planner) infoLacks(r *request) (bad []schemas.Problem) {
	if printOf(r) != "" {
		return nil
	}
	code := "info_needs_content"
	if p.Policy.Infos.Secrets == schemas.SecretsNever {
		code = "info_secrets_never"
	}
	for _, e := range r.entries {
		bad = append(bad, schemas.Problem{Code: code, Place: p.place(r.set, e, schemas.FieldContent), Args: schemas.Pairs("field", schemas.FieldContent.String())})
	}
	return bad
}

// sentInfos are what our own runs sent and did not inactivate since.
func (p *planner) sentInfos() []schemas.Remembered {
	return p.Memory.those(func(r *schemas.Remembered) bool {
		return r.What == schemas.RememberPrint && r.Kind == schemas.KindInfo && r.Field == schemas.FieldIdentifier.String() && p.Memory.inactive(schemas.KindInfo, r.Key) == nil
	})
}

// doubtedInfos are what our own runs may have made, and nobody knows: a lost creation left nothing but the doubt.
func (p *planner) doubtedInfos() []schemas.Remembered {
	return p.Memory.those(func(r *schemas.Remembered) bool {
		return r.What == schemas.RememberDoubt && r.Kind == schemas.KindInfo &&
			p.Memory.find(schemas.RememberPrint, schemas.KindInfo, fold(r.Key), schemas.FieldIdentifier.String()) == nil
	})
}

// missingInfos decides about what our own runs sent, or may have, and the inventory lacks.
func (p *planner) missingInfos(named map[string]*request) {
	set := &p.Inventory.Infos
	for _, r := range append(p.sentInfos(), p.doubtedInfos()...) {
		key := fold(r.Key)
		asked := set.goes[key]
		if named[key] != nil || set.named[key] {
			continue
		}
		p.unnamedRecord(schemas.KindInfo, key)
		if p.Policy.Infos.Missing == schemas.MissingKeep && !asked {
			continue
		}
		leave := func(code string) {
			p.leave(schemas.Left{Kind: schemas.KindInfo, Key: r.Key, VaultID: r.ID, Code: code})
		}
		if p.Policy.Infos.Missing == schemas.MissingReport && !asked {
			leave("missing_reported")
			continue
		}
		if d := p.decision(schemas.KindInfo, r.Key, ""); d != nil && d.Decision == "ignore" {
			leave("decided_ignore")
			continue
		}
		p.countGone(schemas.KindInfo)
		hold := func(code string, pairs ...string) {
			p.holdRecord(schemas.Hold{Kind: schemas.KindInfo, Key: r.Key, VaultID: r.ID, Code: code, Args: schemas.Pairs(pairs...)})
		}
		if doubt := p.Memory.find(schemas.RememberDoubt, schemas.KindInfo, key, ""); doubt != nil { // it would be skipped each night
			hold("info_in_doubt", "run", doubt.Run, "id", doubt.Sent)
			continue
		}
		switch {
		case p.tooUnreadable(set.Unreadable):
			hold("unreadable_rows", "rows", strconv.Itoa(set.Unreadable))
			continue
		case set.maybe[hostKey(&p.Policy.Devices.Normalize, r.Key)]:
			hold("maybe_swallowed")
			continue
		}
		p.change(schemas.Change{Kind: schemas.KindInfo, Action: schemas.ActionInactivate, Key: r.Key, VaultID: r.ID, Reason: schemas.Reason{Rule: schemas.RuleMissing}})
	}
}

// judgeInfoKey finds what makes the identifier of protected information unreadable.
func judgeInfoKey(row *schemas.Row) (fatal bool, problems []schemas.Problem) {
	identifier := row.Values[schemas.FieldIdentifier]
	code := schemas.Damage(identifier)
	switch {
	case slices.ContainsFunc(row.Problems, func(p schemas.Problem) bool {
		return p.Code == "ragged" || p.Code == "record_no_object" || p.Code == "member_twice" || p.Code == "swallowed_rows"
	}):
		return true, nil
	case badField(row, schemas.FieldIdentifier):
		return true, nil
	case identifier == "":
		code = "info_no_identifier"
	case code == "" && !validIdentifier(identifier):
		code = "bad_identifier"
	}
	if code == "" {
		return false, nil
	}
	return true, []schemas.Problem{damage(row, schemas.FieldIdentifier, code)}
}

// rememberInfo keeps what a run sent of protected information, which no list shows: that it is there, under
// which id, and the fingerprint of each field; and of what nobody knows, that nobody knows it.
func rememberInfo(m *Memory, c *schemas.Change, p pastChange, run string, print func(string) string, secretPrint func(*schemas.Change) string) {
	put := func(what string, f, fingerprint string) {
		m.Put(schemas.Remembered{What: what, Kind: c.Kind, ID: orText(p.vaultID, c.VaultID), Key: c.Key, Field: f, Print: fingerprint, Run: run})
	}
	switch {
	case p.doubtful || p.final && p.status == schemas.StatusUnknown:
		m.Put(schemas.Remembered{What: schemas.RememberDoubt, Kind: c.Kind, ID: c.VaultID, Key: c.Key, Sent: c.ID, Run: run})
		return
	case !p.final:
		return
	}
	if doubt := m.find(schemas.RememberDoubt, c.Kind, fold(c.Key), ""); doubt != nil && doubt.Sent == c.ID {
		m.Forget(*doubt)
	}
	switch {
	case c.Action == schemas.ActionInactivate && (p.status == schemas.StatusDone || p.code == "already_inactive"):
		put(schemas.RememberInactive, "", "")
	case p.status != schemas.StatusDone:
	default:
		put(schemas.RememberPrint, schemas.FieldIdentifier.String(), print(fold(c.Key)))
		for f, value := range c.Send.All {
			if f != schemas.FieldIdentifier {
				put(schemas.RememberPrint, f.String(), print(value))
			}
		}
		if content := secretPrint(c); content != "" {
			put(schemas.RememberPrint, schemas.FieldContent.String(), content)
		}
	}
}

// checkInfo compares a change with what runs since the plan sent.
func checkInfo(c *schemas.Change, m *Memory) verdict {
	known := m.find(schemas.RememberPrint, schemas.KindInfo, fold(c.Key), schemas.FieldIdentifier.String())
	gone := m.inactive(schemas.KindInfo, c.Key) != nil
	switch {
	case m.find(schemas.RememberDoubt, schemas.KindInfo, fold(c.Key), "") != nil:
		return stale
	case c.Action == schemas.ActionInactivate && gone:
		return already
	case c.Action == schemas.ActionCreate && (known != nil || gone), c.Action == schemas.ActionUpdate && (known == nil || gone):
		return stale
	}
	return goAhead
}
