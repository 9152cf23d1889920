package pipeline_test

import (
	"context"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// TestAReleaseOnRecordIsNotMadeAgain: a run was killed when custody was given back and on record, and before
// its journal had that.
func TestAReleaseOnRecordIsNotMadeAgain(t *testing.T) {
	for _, c := range []struct {
		name     string
		onRecord bool
		releases int
		audits   []schemas.Status
	}{
		{"on record", true, 0, nil},
		{"not on record", false, 1, []schemas.Status{schemas.StatusUnknown, schemas.StatusDone}},
	} {
		start := schemas.Start{Run: "r-1", Reading: &schemas.Reading{Kind: schemas.KindCredential, Release: true}}
		plan := &schemas.Plan{Start: start, Changes: []schemas.Change{{ID: "c1", Kind: schemas.KindCredential, Action: schemas.ActionRead, Key: "root@srv-01", VaultID: "11"}}}
		past := &pipeline.Past{}
		for _, r := range []schemas.Record{
			{Start: &start},
			{Intent: &schemas.Intent{Change: "c1", Step: 1, Verb: schemas.VerbRead, Kind: schemas.KindCredential, ID: "11"}},
			{Outcome: &schemas.Outcome{Change: "c1", Step: 1, Effect: schemas.EffectDone, VaultID: "11"}},
			{Intent: &schemas.Intent{Change: "c1", Step: 2, Verb: schemas.VerbRelease, Kind: schemas.KindCredential, ID: "11"}},
		} {
			past.Take(r)
		}
		releases := 0
		var audits []schemas.Status
		reading := &pipeline.Reading{Plan: plan, Past: past, Workers: 1, Now: time.Now,
			Read: func(context.Context, schemas.Kind, schemas.Ref) (schemas.SecretRecord, schemas.Answer, *schemas.Problem) {
				t.Errorf("%s: it is read again", c.name)
				return schemas.SecretRecord{}, schemas.Answer{}, nil
			},
			Release: func(context.Context, schemas.Call) schemas.Answer {
				releases++
				return schemas.Answer{Effect: schemas.EffectDone, HTTP: 200, Attempts: 1}
			},
			Kept: func(string) bool { return true }, Empty: func(string) bool { return false },
			Journal:  func(r schemas.Record) error { past.Take(r); return nil },
			Audit:    func(a schemas.Audit) error { audits = append(audits, a.Outcome); return nil },
			OnRecord: func(verb schemas.Verb, _ *schemas.Change) bool { return c.onRecord || verb == schemas.VerbRead }}
		if err := reading.Go(t.Context()); err != nil {
			t.Fatal(c.name, err)
		}
		if releases != c.releases || len(audits) != len(c.audits) {
			t.Errorf("%s: %d releases, on record %v", c.name, releases, audits)
		}
		for i, status := range c.audits {
			if i < len(audits) && audits[i] != status {
				t.Errorf("%s: on record %v", c.name, audits)
			}
		}
		if r := pipeline.Replay(plan, past)[0]; r.Status != schemas.StatusDone {
			t.Errorf("%s: %s", c.name, r.Status)
		}
	}
}
