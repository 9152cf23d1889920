package schemas_test

import (
	"testing"

	"pamsync/schemas"
)

func aChange() schemas.Change {
	return schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: "root@srv-01", VaultID: "11", Device: "srv-01", DeviceID: "1",
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: "d.csv:2:3", Value: "b"},
		Fields: []schemas.FieldChange{{Field: schemas.FieldDomain, Before: "a", After: "b", Cell: "d.csv:2:3"}},
		Send:   schemas.Send(allValues()), Rows: []schemas.RowRef{{Source: "d.csv", Row: 2}}, Cascade: []schemas.Item{{Kind: schemas.KindKey, ID: "12", Key: "x"}}}
}

func contentID(edit func(*schemas.Change)) string {
	c := aChange()
	edit(&c)
	c.Identify()
	return c.ID
}

func TestContentIDTellsWhatAChangeDoes(t *testing.T) {
	same := contentID(func(*schemas.Change) {})
	if len(same) != 16 {
		t.Errorf("id %q", same)
	}
	edits := map[string]func(*schemas.Change){
		"kind":          func(c *schemas.Change) { c.Kind = schemas.KindKey },
		"action":        func(c *schemas.Change) { c.Action = schemas.ActionCreate },
		"key":           func(c *schemas.Change) { c.Key += "x" },
		"vault id":      func(c *schemas.Change) { c.VaultID = "" },
		"device":        func(c *schemas.Change) { c.Device = "srv-02" },
		"field":         func(c *schemas.Change) { c.Fields[0].Field = schemas.FieldTags },
		"before":        func(c *schemas.Change) { c.Fields[0].Before = "" },
		"after":         func(c *schemas.Change) { c.Fields[0].After = "c" },
		"before, after": func(c *schemas.Change) { c.Fields[0].Before, c.Fields[0].After = "", "ab" },
		"secret":        func(c *schemas.Change) { c.Fields[0].Secret = true },
		"a field more":  func(c *schemas.Change) { c.Fields = append(c.Fields, schemas.FieldChange{Field: schemas.FieldTags}) },
		"a field less":  func(c *schemas.Change) { c.Fields = nil },
		"cascade kind":  func(c *schemas.Change) { c.Cascade[0].Kind = schemas.KindCredential },
		"cascade id":    func(c *schemas.Change) { c.Cascade[0].ID = "13" },
		"cascade more":  func(c *schemas.Change) { c.Cascade = append(c.Cascade, schemas.Item{Kind: schemas.KindKey, ID: "14"}) },
		"no cascade":    func(c *schemas.Change) { c.Cascade = nil },
	}
	for f := range schemas.FieldContent {
		edits["send "+f.String()] = func(c *schemas.Change) {
			v := c.Send.Values()
			v[f] += "x"
			c.Send = schemas.Send(v)
		}
	}
	seen := map[string]string{same: "no edit"}
	for name, edit := range edits {
		id := contentID(edit)
		if other, found := seen[id]; found {
			t.Errorf("%s gives the id of %s", name, other)
		}
		seen[id] = name
	}
}

func TestContentIDDoesNotTellWhoAsked(t *testing.T) {
	same := contentID(func(*schemas.Change) {})
	for name, edit := range map[string]func(*schemas.Change){
		"another row":   func(c *schemas.Change) { c.Rows[0] = schemas.RowRef{Source: "e.csv", Row: 9} },
		"no row":        func(c *schemas.Change) { c.Rows = nil },
		"another cell":  func(c *schemas.Change) { c.Fields[0].Cell, c.Reason.Cell = "e.csv:9:1", "e.csv:9:1" },
		"an id already": func(c *schemas.Change) { c.ID = "0123456789abcdef" },
	} {
		if id := contentID(edit); id != same {
			t.Errorf("%s changes the id", name)
		}
	}
}

func TestRowCountsAdd(t *testing.T) {
	one := schemas.RowCounts{In: 15, Changed: 1, Unchanged: 2, Held: 3, Rejected: 4, LeftOut: 5}
	if got, want := one.Add(one), (schemas.RowCounts{In: 30, Changed: 2, Unchanged: 4, Held: 6, Rejected: 8, LeftOut: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
