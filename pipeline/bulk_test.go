package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

func askOf(row int, pairs ...string) pipeline.Ask {
	a := pipeline.Ask{Ref: schemas.RowRef{Source: "f.csv", Row: row}, Said: map[string]string{}, Places: map[string]schemas.Place{"": {Source: "f.csv", Row: row}}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "session_id" {
			a.Session = schemas.NewSecret(pairs[i+1])
			continue
		}
		a.Said[pairs[i]] = pairs[i+1]
		a.Places[pairs[i]] = schemas.Place{Source: "f.csv", Row: row, Col: i + 1}
	}
	return a
}

func liveSessions() []schemas.Session {
	return []schemas.Session{
		{ID: "1", User: "ana", Device: "10.0.0.1:22", SessionID: "abc1"}, {ID: "2", User: "bob", Device: "10.0.0.1:22", SessionID: "abc2"},
		{ID: "3", User: "ana", Device: "10.0.0.1:22", SessionID: "abc3", End: "2026-01-01 00:00:00"}, {ID: "4", User: "eve", Device: "srv:3389"},
		{ID: "5", User: "dan", Device: "srv:3389", SessionID: "a/../b"},
		{ID: "6", User: "fay", Device: "srv:22", SessionID: "abc6", End: "0000-00-00 00:00:00"}, {ID: "8", User: "gil", Device: "srv:22", SessionID: "abc8", End: "2026-01-01T00:00:00-03:00"},
	}
}

// TestEveryAskIsAccountedFor: each row ends in exactly one way, and the plan says which.
func TestEveryAskIsAccountedFor(t *testing.T) {
	for _, c := range []struct {
		name, want string
		ask        pipeline.Ask
	}{
		{"by id", "drop 1", askOf(2, "id", "1", "reason", "x")},
		{"by session_id, in any case", "drop 2", askOf(2, "session_id", "ABC2", "reason", "x")},
		{"both of one session", "drop 1", askOf(2, "id", "1", "session_id", "abc1", "reason", "x")},
		{"id and session_id of two sessions", "hold session_differs", askOf(2, "id", "1", "session_id", "abc2", "reason", "x")},
		{"an id that is not listed beside a session_id that is", "hold session_differs", askOf(2, "id", "77", "session_id", "abc2", "reason", "x")},
		{"another user than the listed one", "hold session_differs", askOf(2, "id", "1", "user", "bob", "reason", "x")},
		{"the user and the host without its port", "drop 1", askOf(2, "id", "1", "user", "ANA", "device", "10.0.0.1", "reason", "x")},
		{"ended", "left already_ended", askOf(2, "id", "3", "reason", "x")},
		{"an end that is no time", "hold session_end_unread", askOf(2, "id", "6", "reason", "x")},
		{"an end in another form", "left already_ended", askOf(2, "id", "8", "reason", "x")},
		{"no reason", "reject reason_missing", askOf(2, "id", "1")},
		{"neither id nor session_id", "reject session_unnamed", askOf(2, "reason", "x")},
		{"not listed", "reject session_not_listed", askOf(2, "id", "9", "reason", "x")},
		{"listed without a session_id", "hold session_nameless", askOf(2, "id", "4", "reason", "x")},
		{"with one that would be another path", "hold session_nameless", askOf(2, "id", "5", "reason", "x")},
		{"unreadable", "reject ragged", pipeline.Ask{Problems: []schemas.Problem{{Code: "ragged"}}}},
		{"hidden", "left", pipeline.Ask{LeftOut: true}},
	} {
		d := &pipeline.Drops{Asks: []pipeline.Ask{c.ask}, ByFile: true, Limit: schemas.DefaultLimits().Drop}
		d.Prepare()
		for _, s := range liveSessions() {
			d.Take(&s)
		}
		plan := d.Plan()
		if got := asksBecame(plan); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		r := plan.Summary.Rows
		if r.In != 1 || r.In != r.Changed+r.Unchanged+r.Held+r.Rejected+r.LeftOut {
			t.Errorf("%s: the rows do not add up: %+v", c.name, r)
		}
		if text := fmt.Sprintf("%+v", plan); strings.Contains(strings.ToLower(text), "abc") {
			t.Errorf("%s: the plan holds a session_id: %s", c.name, text)
		}
	}
}

func asksBecame(plan *schemas.Plan) string {
	switch {
	case len(plan.Changes) > 0:
		return string(plan.Changes[0].Action) + " " + plan.Changes[0].VaultID
	case len(plan.Holds) > 0:
		return "hold " + plan.Holds[0].Code
	case len(plan.Rejects) > 0:
		return "reject " + plan.Rejects[0].Problems[0].Code
	case len(plan.Left) > 0:
		return "left " + plan.Left[0].Code
	}
	return "left"
}

// TestDropLimit: few sessions may always go; more than the count, and all of them, stop the plan.
func TestDropLimit(t *testing.T) {
	for _, c := range []struct {
		open, dropped int
		stops         bool
	}{{3, 3, false}, {4, 4, true}, {5, 4, false}, {100, 50, false}, {100, 51, true}, {200, 51, true}} {
		d := &pipeline.Drops{Reason: "x", Limit: schemas.DefaultLimits().Drop, Match: func(s *schemas.Session) bool { return s.User == "ana" }}
		d.Prepare()
		for i := range c.open {
			s := schemas.Session{ID: fmt.Sprint(i + 1), User: "bob", SessionID: fmt.Sprint("h", i)}
			if i < c.dropped {
				s.User = "ana"
			}
			d.Take(&s)
		}
		if plan := d.Plan(); plan.Applicable() == c.stops || len(plan.Changes) != c.dropped {
			t.Errorf("%d of %d: stops %v with %d changes", c.dropped, c.open, !plan.Applicable(), len(plan.Changes))
		}
	}
}

// TestOpensAreCheckedBeforeAnyCall: all that is wrong with a row is said at once.
func TestOpensAreCheckedBeforeAnyCall(t *testing.T) {
	good := []string{"user", "ana", "credential", "root", "device", "srv-01", "protocol", "SSH"}
	for _, c := range []struct {
		name string
		more []string
		want string // the codes, "" for none
	}{
		{"no more", nil, ""}, {"a port", []string{"port", "65535"}, ""}, {"a port from a spreadsheet", []string{"port", "22.0"}, ""},
		{"port 0", []string{"port", "0"}, "open_port"}, {"port 65536", []string{"port", "65536"}, "open_port"}, {"port 022", []string{"port", "022"}, "open_port"},
		{"a screen size", []string{"screensize", "1920X1080"}, ""}, {"half a screen", []string{"screensize", "1920"}, "open_screensize"},
		{"an app", []string{"remoteapp", "12"}, ""}, {"an app by name", []string{"remoteapp", "calc"}, "open_number"},
		{"two lines", []string{"device", "a\nb"}, "open_control"}, {"two mistakes", []string{"port", "x", "screensize", "big"}, "open_port open_screensize"},
		{"no user", []string{"user", ""}, "open_needs"},
	} {
		plan, openings := pipeline.PlanOpens([]pipeline.Ask{askOf(2, append(append([]string{}, good...), c.more...)...)})
		var codes []string
		for _, r := range plan.Rejects {
			for _, problem := range r.Problems {
				codes = append(codes, problem.Code)
			}
		}
		if got := strings.Join(codes, " "); got != c.want || (c.want == "") != (len(openings) == 1) {
			t.Errorf("%s: %q, want %q; %d openings", c.name, got, c.want, len(openings))
		}
		for _, o := range openings {
			if o.Protocol != "ssh" {
				t.Errorf("%s: the protocol is sent as %q", c.name, o.Protocol)
			}
		}
	}
}

// TestReleaseMeansOneCredential: what a row says must all be true of it.
func TestReleaseMeansOneCredential(t *testing.T) {
	list := []schemas.Credential{
		{ID: "11", Username: "root", Hostname: "srv-01", Identifier: "i-11", Type: "Local User"}, {ID: "12", Username: "app", Hostname: "srv-01", Type: "Local User"},
		{ID: "13", Username: "twin", Hostname: "srv-01", Type: "a"}, {ID: "14", Username: "twin", Hostname: "srv-01", Type: "b"},
		{ID: "15", Username: "git", Hostname: "srv-01", Type: "SSH Key"}, {ID: "16", Username: "git", Hostname: "srv-02", Type: "Chave SSH"}, {ID: "17", Username: "git", Hostname: "srv-02", Type: "x"},
	}
	for _, c := range []struct {
		name, want string
		ask        pipeline.Ask
	}{
		{"by id", "release 11", askOf(2, "id", "11")},
		{"by identifier, in any case", "release 11", askOf(2, "identifier", "I-11")},
		{"by host and user", "release 12", askOf(2, "hostname", "SRV-01", "username", "App")},
		{"the id of another", "hold credential_differs", askOf(2, "id", "11", "hostname", "srv-01", "username", "app")},
		{"the identifier of another", "hold credential_differs", askOf(2, "id", "12", "identifier", "i-11")},
		{"two of one name", "hold ambiguous", askOf(2, "hostname", "srv-01", "username", "twin")},
		{"an SSH key", "left is_ssh_key", askOf(2, "id", "15")},
		{"a key beside a credential of that name", "release 17", askOf(2, "hostname", "srv-02", "username", "git")},
		{"not listed", "reject credential_not_listed", askOf(2, "id", "99")},
		{"a host alone", "reject credential_unnamed", askOf(2, "hostname", "srv-01")},
	} {
		r := &pipeline.Releases{Asks: []pipeline.Ask{c.ask}}
		r.Prepare()
		for _, one := range list {
			r.Take(&one)
		}
		if got := asksBecame(r.Plan()); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// bulkRun carries out drops of n sessions in memory; do says what the vault answers to one.
func bulkRun(t *testing.T, n int, past *pipeline.Past, open map[string]bool, do func(id string) schemas.Answer) (*pipeline.Past, map[string]int, error) {
	t.Helper()
	d := &pipeline.Drops{Reason: "x"}
	d.Prepare()
	for i := range n {
		d.Take(&schemas.Session{ID: fmt.Sprint(i + 1), User: "u", SessionID: fmt.Sprint("h", i)})
	}
	plan := d.Plan()
	var mu sync.Mutex
	calls := map[string]int{}
	after := past
	if after == nil {
		after = &pipeline.Past{}
		after.Take(schemas.Record{Start: &schemas.Start{Bulk: schemas.ActionDrop}})
	}
	b := &pipeline.Bulk{Look: func(context.Context) (pipeline.Sight, error) {
		return func(c *schemas.Change) pipeline.Stand {
			mu.Lock()
			defer mu.Unlock()
			if open[c.VaultID] {
				return pipeline.StandReady
			}
			return pipeline.StandOver
		}, nil
	}, Do: func(_ context.Context, c *schemas.Change) schemas.Answer {
		mu.Lock()
		defer mu.Unlock()
		calls[c.VaultID]++
		return do(c.VaultID)
	}}
	b.Plan, b.Past, b.Workers, b.Now = plan, past, 4, time.Now
	b.Sleep = func(context.Context, time.Duration) error { return nil }
	b.Journal = func(rec schemas.Record) error {
		mu.Lock()
		defer mu.Unlock()
		after.Take(rec)
		return nil
	}
	err := b.Apply(context.Background())
	counts := map[string]int{}
	for _, r := range pipeline.Replay(plan, after) {
		counts[string(r.Status)+" "+r.Code]++
	}
	for id, n := range calls {
		if n > 1 {
			t.Errorf("session %s was called %d times", id, n)
		}
	}
	return after, counts, err
}

// TestADropIsDoneWhenTheListShowsIt, whatever the vault said of it.
func TestADropIsDoneWhenTheListShowsIt(t *testing.T) {
	all := func() map[string]bool { return map[string]bool{"1": true, "2": true, "3": true} }
	for _, c := range []struct {
		name   string
		answer schemas.Answer
		ends   bool
		want   string
	}{
		{"yes, and it ended", schemas.Answer{Effect: schemas.EffectDone}, true, "done dropped"},
		{"yes, and it is open still", schemas.Answer{Effect: schemas.EffectDone}, false, "failed still_open"},
		{"an answer that was lost, and it ended", schemas.Answer{Effect: schemas.EffectInDoubt}, true, "done settled"},
		{"an answer that was lost, and it is open", schemas.Answer{Effect: schemas.EffectInDoubt}, false, "failed no_answer"},
		{"a refusal, and it ended by itself", schemas.Answer{Effect: schemas.EffectRefused, Code: 1002, HTTP: 400}, true, "skipped already_ended"},
		{"a refusal", schemas.Answer{Effect: schemas.EffectRefused, Code: 1002, HTTP: 400}, false, "failed 1002"},
		{"not sent", schemas.Answer{Effect: schemas.EffectNotSent}, false, "skipped not_reached"},
	} {
		open := all()
		_, counts, err := bulkRun(t, 3, nil, open, func(id string) schemas.Answer {
			if c.ends {
				delete(open, id)
			}
			return c.answer
		})
		if err != nil || counts[c.want] != 3 {
			t.Errorf("%s: %v, want 3 %s: %v", c.name, counts, c.want, err)
		}
	}
}

// TestNoJournalNoCall: a call that cannot be announced is not made.
func TestNoJournalNoCall(t *testing.T) {
	d := &pipeline.Drops{Reason: "x"}
	d.Prepare()
	d.Take(&schemas.Session{ID: "1", User: "u", SessionID: "h"})
	b := &pipeline.Bulk{Look: func(context.Context) (pipeline.Sight, error) {
		return func(*schemas.Change) pipeline.Stand { return pipeline.StandReady }, nil
	}, Do: func(context.Context, *schemas.Change) schemas.Answer {
		t.Error("a call that stands in no journal")
		return schemas.Answer{Effect: schemas.EffectDone}
	}}
	b.Plan, b.Now, b.Journal = d.Plan(), time.Now, func(schemas.Record) error { return fmt.Errorf("disk full") }
	if err := b.Apply(context.Background()); err == nil {
		t.Error("a journal that cannot be written is no success")
	}
}
