package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// TestKeptWithoutASecretIsTold: a run that was killed after it had kept a record without a secret still says so,
// and leaves it to a person.
func TestKeptWithoutASecretIsTold(t *testing.T) {
	for _, kind := range []schemas.Kind{schemas.KindCredential, schemas.KindKey} {
		for _, empty := range []bool{false, true} {
			plan := &schemas.Plan{Changes: []schemas.Change{{ID: "c1", Kind: kind, Action: schemas.ActionRead, Key: "root@srv-01", VaultID: "11"}}}
			plan.Start.Reading = &schemas.Reading{Kind: kind}
			past := &pipeline.Past{}
			past.Take(schemas.Record{Intent: &schemas.Intent{Change: "c1", Step: 1, Verb: schemas.VerbRead, Kind: kind, ID: "11"}})
			var ended []schemas.Record
			reading := pipeline.Reading{Plan: plan, Past: past, Workers: 1, Now: time.Now,
				Kept: func(string) bool { return true }, Empty: func(string) bool { return empty },
				Journal:  func(rec schemas.Record) error { ended = append(ended, rec); return nil },
				Audit:    func(schemas.Audit) error { return nil },
				OnRecord: func(schemas.Verb, *schemas.Change) bool { return true },
				Read: func(context.Context, schemas.Kind, schemas.Ref) (schemas.SecretRecord, schemas.Answer, *schemas.Problem) {
					t.Error("what is kept is read again")
					return schemas.SecretRecord{}, schemas.Answer{Stop: schemas.NewFault(schemas.ClassBug, "bug").Because(errors.New("read"))}, nil
				}}
			if err := reading.Go(context.Background()); err != nil {
				t.Fatal(err)
			}
			for _, rec := range ended {
				past.Take(rec)
			}
			results := pipeline.Replay(plan, past)
			if results[0].Status != schemas.StatusDone || pipeline.Wanting(results) != empty || (len(pipeline.Emptied(results)) == 1) != empty {
				t.Errorf("%s, empty %v: %+v", kind, empty, results[0])
			}
		}
	}
}

// TestAnAnswerOfAnotherNameIsTold: an id alone does not vouch for the account whose secret is written down.
func TestAnAnswerOfAnotherNameIsTold(t *testing.T) {
	for _, c := range []struct {
		device, username, hostname string // as planned by the list, "" for not listed; as answered
		same                       bool
	}{
		{"srv-01", "root", "srv-01", true}, {"srv-01", "Root", "SRV-01", true}, {"srv-01", "", "", true}, {"", "other", "srv-09", true},
		{"srv-01", "root", "srv-25", false}, {"srv-01", "other", "srv-01", false},
	} {
		plan := &schemas.Plan{Changes: []schemas.Change{{ID: "c1", Kind: schemas.KindCredential, Action: schemas.ActionRead, Key: "root@srv-01", VaultID: "11", Device: c.device}}}
		plan.Start.Reading = &schemas.Reading{Kind: schemas.KindCredential}
		past := &pipeline.Past{}
		reading := pipeline.Reading{Plan: plan, Past: &pipeline.Past{}, Workers: 1, Now: time.Now,
			Kept: func(string) bool { return false }, Empty: func(string) bool { return false },
			Keep:     func(*schemas.Change, *schemas.SecretRecord) error { return nil },
			Journal:  func(rec schemas.Record) error { past.Take(rec); return nil },
			Audit:    func(schemas.Audit) error { return nil },
			OnRecord: func(schemas.Verb, *schemas.Change) bool { return false },
			Read: func(context.Context, schemas.Kind, schemas.Ref) (schemas.SecretRecord, schemas.Answer, *schemas.Problem) {
				return schemas.SecretRecord{ID: "11", Username: c.username, Hostname: c.hostname, Secret: schemas.NewSecret("word")}, schemas.Answer{Effect: schemas.EffectDone, HTTP: 200}, nil
			}}
		if err := reading.Go(context.Background()); err != nil {
			t.Fatal(err)
		}
		results := pipeline.Replay(plan, past)
		if results[0].Status != schemas.StatusDone || (len(pipeline.Misnamed(results)) == 0) != c.same {
			t.Errorf("%+v: %+v", c, results[0])
		}
	}
}
