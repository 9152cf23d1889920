package jobs

import (
	"context"
	"testing"
	"time"

	"pamsync/schemas"
)

// without is a list of one session, of which all lack some fields.
type without []string

func (l without) Sessions(_ context.Context, yield func(*schemas.Session) error) (schemas.Listing, error) {
	return schemas.Listing{Read: 1, Lacks: l}, yield(&schemas.Session{ID: "1", User: "ana", Start: "2026-07-01 10:00:00"})
}

// TestUseIsUnknownWhereNoSessionNamesWhatIsUsed: a list whose device or credential goes by another name shows
// nothing as used, and what it does not show must not go.
func TestUseIsUnknownWhereNoSessionNamesWhatIsUsed(t *testing.T) {
	c := schemas.DefaultConfig()
	e := &Env{Config: &c}
	for _, one := range []struct {
		lacks   without
		unknown bool
	}{{nil, false}, {without{"end", "time"}, false}, {without{"request"}, false}, {without{"device"}, true}, {without{"credential"}, true}} {
		if u := e.usage(context.Background(), one.lacks, time.Now(), 7); (u.Fault != nil) != one.unknown {
			t.Errorf("without %v: %v", one.lacks, u.Fault)
		}
	}
}
