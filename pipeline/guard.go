package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// guard finds what stops the whole plan: a limit that it exceeds, a list whose count is not
// the announced one, a source that is empty or says that it is but one page. Each stop names
// its numbers.
func (p *planner) guard() {
	p.checkAnnounced("devices", p.Snapshot.DeviceListing)
	if p.Snapshot.HasAccounts {
		p.checkAnnounced("credentials", p.Snapshot.AccountListing)
	}
	p.checkSource(schemas.KindDevice, &p.Inventory.Devices)
	p.checkSource(schemas.KindCredential, &p.Inventory.Credentials)
	p.checkSource(schemas.KindKey, &p.Inventory.Keys)
	p.checkSource(schemas.KindInfo, &p.Inventory.Infos)
	p.checkLastGood()
	p.checkLimits()
}

func (p *planner) stop(code string, pairs ...string) {
	p.plan.Summary.Stop = append(p.plan.Summary.Stop, schemas.Problem{Code: code, Args: schemas.Pairs(pairs...)})
}

func (p *planner) checkAnnounced(list string, l schemas.Listing) {
	if p.Policy.Limits.Announced && l.Announced >= 0 && l.Announced != l.Read {
		p.stop("announced_differs", "list", list, "announced", strconv.Itoa(l.Announced), "read", strconv.Itoa(l.Read))
	}
}

func (p *planner) checkSource(kind schemas.Kind, set *Set) {
	if !set.Configured {
		return
	}
	gone := p.goesWith(kind)
	for _, source := range p.Inventory.Sources {
		if source.Kind != kind {
			continue
		}
		if gone > 0 && source.rows == source.leftOut {
			p.stop("empty_source", "kind", string(kind), "source", source.Name, "rows", strconv.Itoa(source.rows),
				"left_out", strconv.Itoa(source.leftOut), "gone", strconv.Itoa(gone))
		}
		p.checkAge(&source, gone)
		p.checkPart(&source, gone)
		if source.Trouble != "" {
			if gone > 0 {
				p.stop("source_error", "source", source.Name, "said", source.Trouble, "gone", strconv.Itoa(gone))
			} else {
				p.warn("source_error", schemas.Place{Source: source.Name}, "source", source.Name, "said", source.Trouble, "gone", "")
			}
		}
		switch {
		case gone > 0 && len(source.Suspects) > 0:
			p.stop("sheets_unread", "source", source.Name, "sheets", strings.Join(source.Suspects, ", "), "gone", strconv.Itoa(gone))
		case len(source.Unread) > 0:
			p.warn("sheets_unread", schemas.Place{Source: source.Name}, "source", source.Name, "sheets", strings.Join(source.Unread, ", "), "gone", "")
		}
		switch {
		case source.CutAt == 0:
		case gone > 0:
			p.stop("source_cut", "source", source.Name, "row", strconv.Itoa(source.CutAt), "gone", strconv.Itoa(gone))
		default:
			p.warn("source_cut", schemas.Place{Source: source.Name}, "source", source.Name, "row", strconv.Itoa(source.CutAt), "gone", "")
		}
		switch {
		case source.NextPage == "":
		case gone > 0:
			p.stop("source_page", "source", source.Name, "gone", strconv.Itoa(gone))
		default:
			p.warn("source_page", schemas.Place{Source: source.Name}, "source", source.Name, "gone", "0")
		}
	}
}

// checkAge stops where a source is older than it may be and something would go, and else says so:
// what it would change may be as old.
func (p *planner) checkAge(s *SourceInfo, gone int) {
	args := []string{"source", s.Name, "modified", s.Use.Modified, "age", plainTime(s.MaxAge), "gone", orNone(gone)}
	switch {
	case !s.Use.Stale:
	case gone > 0:
		p.stop("source_stale", args...)
	default:
		p.warn("source_stale", schemas.Place{Source: s.Name}, args...)
	}
}

// checkPart stops where a source has but a part of the records of its kind, or cannot tell, and something
// would go; where what it lacks is reported alone, it says that this is no absence.
func (p *planner) checkPart(s *SourceInfo, gone int) {
	if s.Part == nil {
		return
	}
	args := []string{"source", s.Name, "why", s.Part["why"], "chosen", s.Part["chosen"], "failed", s.Part["failed"], "gone", orNone(gone)}
	switch {
	case gone > 0:
		p.stop("source_part", args...)
	case slices.ContainsFunc(p.plan.Left, func(l schemas.Left) bool { return l.Kind == s.Kind && l.Code == "missing_reported" }):
		p.warn("source_part", schemas.Place{Source: s.Name}, args...)
	}
}

// checkLimits counts what the plan would do against the active records in scope.
func (p *planner) checkLimits() {
	devices, accounts, keys := p.totals()
	n := map[schemas.Kind]map[schemas.Action]int{}
	dragged := 0
	for i := range p.plan.Changes {
		c := &p.plan.Changes[i]
		if n[c.Kind] == nil {
			n[c.Kind] = map[schemas.Action]int{}
		}
		n[c.Kind][c.Action]++
		dragged += len(c.Cascade)
	}
	l := p.Policy.Limits
	goneDevices, goneAccounts, goneKeys := n[schemas.KindDevice][schemas.ActionInactivate], n[schemas.KindCredential][schemas.ActionInactivate], n[schemas.KindKey][schemas.ActionInactivate]
	p.use("inactivate", schemas.KindDevice, goneDevices, devices, l.Inactivate)
	p.use("inactivate", schemas.KindCredential, goneAccounts, accounts, l.Inactivate)
	p.use("cascade", schemas.KindCredential, goneAccounts+goneKeys+dragged, accounts+keys, l.Cascade)
	p.use("create", schemas.KindDevice, n[schemas.KindDevice][schemas.ActionCreate], devices, l.Create)
	p.use("create", schemas.KindCredential, n[schemas.KindCredential][schemas.ActionCreate], accounts, l.Create)
	p.use("reactivate", schemas.KindDevice, n[schemas.KindDevice][schemas.ActionReactivate], devices, l.Reactivate)
	p.use("reactivate", schemas.KindCredential, n[schemas.KindCredential][schemas.ActionReactivate], accounts, l.Reactivate)
	p.use("update", schemas.KindDevice, n[schemas.KindDevice][schemas.ActionUpdate], devices, l.Update)
	p.use("update", schemas.KindCredential, n[schemas.KindCredential][schemas.ActionUpdate], accounts, l.Update)
	if p.Inventory.Keys.Configured || n[schemas.KindKey] != nil { // an undo has no inventory
		p.use("inactivate", schemas.KindKey, goneKeys, keys, l.Inactivate)
		p.use("create", schemas.KindKey, n[schemas.KindKey][schemas.ActionCreate], keys, l.Create)
		p.use("reactivate", schemas.KindKey, n[schemas.KindKey][schemas.ActionReactivate], keys, l.Reactivate)
		p.use("update", schemas.KindKey, n[schemas.KindKey][schemas.ActionUpdate], keys, l.Update)
	}
	if p.Inventory.Infos.Configured || n[schemas.KindInfo] != nil {
		sent := len(p.sentInfos())
		p.use("inactivate", schemas.KindInfo, n[schemas.KindInfo][schemas.ActionInactivate], sent, l.Inactivate)
		p.use("create", schemas.KindInfo, n[schemas.KindInfo][schemas.ActionCreate], sent, l.Create)
		p.use("update", schemas.KindInfo, n[schemas.KindInfo][schemas.ActionUpdate], sent, l.Update)
	}
	p.useShares()
	for _, u := range p.plan.Summary.Limits {
		args := []string{"kind", string(u.Kind), "n", strconv.Itoa(u.N), "total", strconv.Itoa(u.Total), "limit", u.Limit.String(), "share", u.Share,
			"devices", strconv.Itoa(goneDevices), "dragged", some(u, dragged), "own", strconv.Itoa(goneAccounts + goneKeys)}
		switch {
		case u.Stopped && u.Share != "":
			p.stop("share_"+u.Name, args...)
		case u.Stopped:
			p.stop("limit_"+u.Name, args...)
		}
	}
}

// some is the number of what goes along, "" where a limit on inactivations has none to tell.
func some(u schemas.LimitUse, dragged int) string {
	if dragged == 0 && u.Name == "inactivate" {
		return ""
	}
	return strconv.Itoa(dragged)
}

// totals are the active records in scope; a credential or key is, when its device is listed
// and is.
func (p *planner) totals() (devices, accounts, keys int) {
	devices = p.devicesInScope()
	for i := range p.Snapshot.NumAccounts() {
		switch device := p.Snapshot.home[i]; {
		case device < 0 || !p.scopedAt(device) || apart(p.Snapshot.accounts.get(i, schemas.FieldIP), p.Snapshot.devices.get(device, schemas.FieldIP)): // or its device is not listed
		case IsKeyType(p.Snapshot.accounts.get(i, schemas.FieldCredentialType)):
			keys++
		default:
			accounts++
		}
	}
	return devices, accounts, keys
}

func (p *planner) use(name string, kind schemas.Kind, n, total int, l schemas.Limit) {
	if n == 0 && total == 0 || l.Off && (name == "create" || name == "reactivate") {
		return
	}
	p.plan.Summary.Limits = append(p.plan.Summary.Limits, schemas.LimitUse{Name: name, Kind: kind, N: n, Total: total, Limit: l, Stopped: l.Stops(n, total)})
}

// summarise counts the plan.
func (p *planner) summarise() {
	for i := range p.plan.Changes {
		c := &p.plan.Changes[i]
		k := p.counts[c.Kind]
		switch c.Action {
		case schemas.ActionCreate:
			k.Create++
		case schemas.ActionUpdate:
			k.Update++
		case schemas.ActionReactivate:
			k.Reactivate++
		case schemas.ActionInactivate:
			k.Inactivate++
		}
		for _, item := range c.Cascade {
			p.counts[item.Kind].Dragged++
		}
	}
	for i := range p.plan.Holds {
		p.counts[p.plan.Holds[i].Kind].Hold++
	}
	for i := range p.plan.Rejects {
		p.counts[p.plan.Rejects[i].Kind].Reject++
	}
	for i := range p.plan.Left {
		p.counts[p.plan.Left[i].Kind].Left++
	}
	p.counts[schemas.KindDevice].Listed = int(p.Snapshot.NumDevices())
	for i := range p.Snapshot.NumAccounts() {
		kind := schemas.KindCredential
		if IsKeyType(p.Snapshot.accounts.get(i, schemas.FieldCredentialType)) {
			kind = schemas.KindKey
		}
		p.counts[kind].Listed++
	}
	for _, kind := range schemas.RowKinds() {
		k, rows := p.counts[kind], p.rows[kind]
		k.Unchanged = rows.Unchanged
		p.plan.Summary.Rows = p.plan.Summary.Rows.Add(*rows)
		if *k != (schemas.KindCounts{Kind: kind}) {
			p.plan.Summary.Kinds = append(p.plan.Summary.Kinds, *k)
		}
	}
}
