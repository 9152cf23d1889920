package sinks

import (
	"encoding/json"
	"io"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// PlanJSON writes a plan as one JSON object, for programs that want it whole; the records are
// those of the plan file.
func PlanJSON(w io.Writer, p *schemas.Plan) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Digest   string            `json:"digest"`
		Start    schemas.Start     `json:"start"`
		Summary  schemas.Summary   `json:"summary"`
		Changes  []schemas.Change  `json:"changes"`
		Holds    []schemas.Hold    `json:"holds"`
		Rejects  []schemas.Reject  `json:"rejects"`
		Left     []schemas.Left    `json:"left"`
		Warnings []schemas.Problem `json:"warnings"`
	}{p.Digest, p.Start, p.Summary, list(p.Changes), list(p.Holds), list(p.Rejects), list(p.Left), list(p.Warnings)})
}

// list is a list that is written as [] and not as null where it is empty.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// planRow is one line of a plan as CSV: a field of a change, a change without fields, a hold, a
// rejected row, or a record that goes with its device. Codes and messages are English.
type planRow struct {
	Plan    string `csv:"plan"`
	Kind    string `csv:"kind"`
	Action  string `csv:"action"`
	Key     string `csv:"key"`
	VaultID string `csv:"vault_id"`
	Field   string `csv:"field"`
	Before  string `csv:"before"`
	After   string `csv:"after"`
	Device  string `csv:"with_device"`
	Where   string `csv:"where"`
	Code    string `csv:"code"`
	Message string `csv:"message"`
	Change  string `csv:"change"`
}

// PlanCSV writes a plan as CSV, each line with the plan's digest.
func PlanCSV(w io.Writer, p *schemas.Plan, d Dialect) error {
	out := newGuarded(w, d)
	rows := []planRow{}
	for i := range p.Changes {
		rows = append(rows, changeRows(p, &p.Changes[i])...)
	}
	for i := range p.Holds {
		h := &p.Holds[i]
		rows = append(rows, planRow{Kind: string(h.Kind), Action: string(schemas.ActionHold), Key: h.Key, VaultID: h.VaultID,
			Where: RowPlaces(p, h.Kind, h.Rows), Code: h.Code, Message: words.Problem(words.English, h.Code, h.Args)})
	}
	for i := range p.Rejects {
		r := &p.Rejects[i]
		for _, problem := range r.Problems {
			rows = append(rows, planRow{Kind: string(r.Kind), Action: string(schemas.ActionReject), Key: r.Key, Where: problem.Place.String(),
				Code: problem.Code, Message: words.Problem(words.English, problem.Code, problem.Args)})
		}
	}
	for i := range rows {
		rows[i].Plan = p.Digest
	}
	if err := gocsv.MarshalCSV(rows, out); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func changeRows(p *schemas.Plan, c *schemas.Change) []planRow {
	base := planRow{Kind: string(c.Kind), Action: string(c.Action), Key: c.Key, VaultID: c.VaultID, Where: WhereFrom(p, c), Code: c.Reason.Rule, Change: c.ID}
	if c.Action == schemas.ActionDrop {
		base.Message = c.Reason.Value
	}
	var rows []planRow
	add := func(field, before, after, cell string) {
		row := base
		row.Field, row.Before, row.After = field, before, after
		if cell != "" {
			row.Where = cell
		}
		rows = append(rows, row)
	}
	for _, f := range c.Fields {
		after := f.After
		if f.Secret {
			after = f.Secret.String()
		}
		add(f.Name(), f.Before, after, f.Cell)
	}
	if len(rows) == 0 {
		rows = append(rows, base)
	}
	for _, item := range c.Cascade {
		rows = append(rows, planRow{Kind: string(item.Kind), Action: string(c.Action), Key: item.Key, VaultID: item.ID, Device: c.Key, Code: "goes_along", Message: words.Problem(words.English, "goes_along", nil), Change: c.ID})
	}
	return rows
}
