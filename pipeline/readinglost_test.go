package pipeline_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// lostReading reads one record, of which each answer is lost; cut ends the run behind the first call.
func lostReading(t *testing.T, kind schemas.Kind, answers []schemas.Answer, cut bool) schemas.Result {
	t.Helper()
	past, kept := &pipeline.Past{}, false
	past.Take(schemas.Record{Start: &schemas.Start{Run: "r-1", Reading: &schemas.Reading{Kind: kind}}})
	plan := &schemas.Plan{Start: schemas.Start{Run: "r-1", Reading: &schemas.Reading{Kind: kind}},
		Changes: []schemas.Change{{ID: "c1", Kind: kind, Action: schemas.ActionRead, Key: "root@srv-01", VaultID: "11"}}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	next := func() schemas.Answer {
		a := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		if cut {
			cancel()
		}
		return a
	}
	reading := &pipeline.Reading{Plan: plan, Workers: 1, Now: time.Now,
		Read: func(context.Context, schemas.Kind, schemas.Ref) (schemas.SecretRecord, schemas.Answer, *schemas.Problem) {
			return schemas.SecretRecord{Kind: kind, Secret: schemas.NewSecret("x")}, next(), nil
		},
		Keep: func(*schemas.Change, *schemas.SecretRecord) error { kept = true; return nil },
		Kept: func(string) bool { return kept }, Empty: func(string) bool { return false },
		Journal: func(r schemas.Record) error { past.Take(r); return nil },
		Audit:   func(schemas.Audit) error { return nil }, OnRecord: func(schemas.Verb, *schemas.Change) bool { return false }}
	_ = reading.Go(ctx)
	return pipeline.Replay(plan, past)[0]
}

func TestALostReadingSaysWhatNobodyKnows(t *testing.T) {
	lost := []schemas.Answer{{Effect: schemas.EffectInDoubt, Message: "reset"}}
	for _, c := range []struct {
		name    string
		kind    schemas.Kind
		answers []schemas.Answer
		cut     bool
		status  schemas.Status
		says    string
		hint    string
	}{
		{"a credential, to the end", schemas.KindCredential, lost, false, schemas.StatusFailed, "nobody knows whether custody was taken: reset", "export it once more"},
		{"a key takes no custody", schemas.KindKey, lost, false, schemas.StatusFailed, "it is not read: reset", "export it once more"},
		{"interrupted before the answer", schemas.KindCredential, lost, true, schemas.StatusUnknown, "nobody knows whether custody was taken", "pamsync resume r-1"},
		{"not reached", schemas.KindCredential, []schemas.Answer{{Effect: schemas.EffectNotSent}}, true, schemas.StatusSkipped, "nothing was read", "pamsync resume r-1"},
	} {
		r := lostReading(t, c.kind, c.answers, c.cut)
		hint := words.Hint(words.English, r.Code, r.Problems[0].Args)
		if r.Status != c.status || !strings.Contains(r.Message, c.says) || strings.Contains(r.Message, "list") || !strings.Contains(hint, c.hint) {
			t.Errorf("%s: %s, %q, hint %q", c.name, r.Status, r.Message, hint)
		}
	}
}
