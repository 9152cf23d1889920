package jobs

import (
	"context"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// vaultTime is the vault's clock where its list told the time, else ours: what is waited for and
// what was used lately must not hang on a clock that is wrong here.
func (e *Env) vaultTime(s *pipeline.Snapshot) time.Time {
	if at := s.DeviceListing.At; !at.IsZero() {
		return at
	}
	return e.Now()
}

// sessionLister shows what the vault's list of remote sessions holds.
type sessionLister interface {
	Sessions(ctx context.Context, yield func(*schemas.Session) error) (schemas.Listing, error)
}

// usage reads the remote sessions that are open or ended within so many days, those of
// limits.in_use: the configured ones for a plan, the plan's own for its apply.
func (e *Env) usage(ctx context.Context, vault sessionLister, now time.Time, days int) *pipeline.Usage {
	zone, err := time.LoadLocation(e.Config.Vault.Timezone)
	if err != nil {
		zone = time.UTC
	}
	u := pipeline.NewUsage(now.AddDate(0, 0, -days), zone, e.Config.Devices.Normalize)
	listing, err := vault.Sessions(ctx, func(s *schemas.Session) error { u.Add(s); return nil })
	if err != nil {
		u.Fault = faultOf(err)
	}
	for _, name := range lacking(listing) {
		if name == "device" || name == "credential" { // what is used cannot be told: it is not unused
			u.Fault = schemas.NewFault(schemas.ClassUnreachable, "list_malformed", "what", "sessions", "cause", "no session has a "+name)
		}
	}
	return u
}
