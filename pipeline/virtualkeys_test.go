package pipeline_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// keyRow and infoRow are good rows of a key and of information, by the name that each has in the vault.
func keyRow(username, hostname, name string) schemas.Row {
	r := schemas.Row{Kind: schemas.KindKey, Values: account(username, hostname, ""), Secret: schemas.NewSecret("Canary-key")}
	r.Values[schemas.FieldIdentifier], r.Values[schemas.FieldPublicKey], r.Values[schemas.FieldKeyName] = username+"-"+hostname, "ssh-ed25519 "+username, name
	return r
}

func infoRow(identifier, name string) schemas.Row {
	r := schemas.Row{Kind: schemas.KindInfo, Secret: schemas.NewSecret("Canary-info")}
	r.Values[schemas.FieldIdentifier], r.Values[schemas.FieldName] = identifier, name
	return r
}

// key draws what becomes of a key, as account does; one that is updated is made by our own first night, for no list
// tells its name.
func (e *fleet) key(d *rand.Rand, of lot, host, user string, hostile bool) {
	l := of // what the device does
	if of == keep || of == update {
		l = drawLot(d, hostile)
	}
	name := "old"
	if l == update {
		name = "new"
	}
	if l == keep || l == inactivate || l == reactivate {
		e.sim.AddKey(vaultsim.Key{Hostname: host, Username: user, Identifier: user + "-" + host, Name: "old", PublicKey: "ssh-ed25519 " + user, PrivateKey: "Canary-key"})
	}
	for night, in := range []bool{l != create && l != reactivate, l != inactivate} {
		if in {
			e.more[night] = append(e.more[night], keyRow(user, host, []string{"old", name}[night]))
		}
	}
	e.rows["key "+user+"@"+host] = "active " + name
}

// information draws what becomes of protected information, all of which our own runs made; nothing brings any back.
func (e *fleet) information(d *rand.Rand, hostile bool) {
	e.sim.InfoUpserts = !hostile
	for i := range 6 {
		l := drawLot(d, hostile)
		if l == reactivate {
			l = keep
		}
		identifier, name := fmt.Sprintf("INFO-%d", i), "old"
		if l == update {
			name = "new"
		}
		for night, in := range []bool{l != create, l != inactivate} {
			if in {
				e.more[night] = append(e.more[night], infoRow(identifier, []string{"old", name}[night]))
			}
		}
		e.rows["info "+strings.ToLower(identifier)] = "active " + name
	}
}

// loadMore adds the rows of keys and information to an inventory; nil is no source of them.
func loadMore(inv *pipeline.Inventory, rows []schemas.Row) *pipeline.Inventory {
	if rows == nil {
		return inv
	}
	for _, kind := range []schemas.Kind{schemas.KindKey, schemas.KindInfo} {
		at := func(row int, f schemas.Field) schemas.Place {
			return schemas.Place{Source: string(kind), Row: row, Col: int(f)}
		}
		source := inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: string(kind), Locate: at})
		for i, row := range rows {
			if row.Kind == kind {
				row.Source, row.Number = source, i+2
				row.Place = func(f schemas.Field) schemas.Place { return at(i+2, f) }
				inv.Load(&row)
			}
		}
	}
	return inv
}

// untold says whether no list can tell what became of a change: of information, and of what goes along with a key that
// is there.
func untold(c *schemas.Change) bool {
	return c.Kind == schemas.KindInfo || c.Kind == schemas.KindKey && c.Action != schemas.ActionCreate && !c.Send.Empty()
}

// checkUntold holds a change of which nobody knows: it came about once, or not at all, and a request for it was lost.
func (o *ordeal) checkUntold(c *schemas.Change, is, was string, doubted bool) error {
	switch {
	case !doubted:
		return errors.New("no request for it was lost, and no process died")
	case c.Action == schemas.ActionInactivate && is != was && is != "in"+was, c.Action != schemas.ActionInactivate && is != was && is != o.rows[recordOf(c)]:
		return fmt.Errorf("it is neither as it was nor as it was to be")
	}
	return nil
}

// checkMemory holds what a next run would make of all that happened: nothing that is done is planned again, and nothing
// of which nobody knows what no list can tell, nor is information taken for inactive that is not.
func (o *ordeal) checkMemory(results []schemas.Result) error {
	o.net.calm(true)
	o.wire.Cut()
	o.world.remember(o.plan, &tape{records: o.records})
	again, err := o.planOf(1)
	if err != nil {
		return err
	}
	var errs []error
	ended := map[string]schemas.Status{}
	for i := range results {
		if results[i].Change != "" {
			ended[recordOf(&o.plan.Changes[i])] = results[i].Status
		}
	}
	for i := range again.Changes {
		c := &again.Changes[i]
		if status := ended[recordOf(c)]; status == schemas.StatusDone || status == schemas.StatusUnknown && c.Kind == schemas.KindInfo {
			errs = append(errs, fmt.Errorf("%s %s was %s, and is planned again: %s", c.Action, recordOf(c), status, c.Reason.Rule))
		}
	}
	now := holdings(o.sim)
	for _, r := range o.world.memory.All() {
		if is := now["info "+strings.ToLower(r.Key)]; r.What == schemas.RememberInactive && r.Kind == schemas.KindInfo && !strings.HasPrefix(is, "inactive") {
			errs = append(errs, fmt.Errorf("information %s is taken for inactive, and is %q", r.Key, is))
		}
	}
	return errors.Join(errs...)
}
