package jobs

import (
	"context"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
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

// usage reads the remote sessions that are open or ended within the days of limits.in_use.
func (e *Env) usage(ctx context.Context, client *vault.Client, now time.Time) func() *pipeline.Usage {
	return func() *pipeline.Usage {
		zone, err := time.LoadLocation(e.Config.Vault.Timezone)
		if err != nil {
			zone = time.UTC
		}
		u := pipeline.NewUsage(now.AddDate(0, 0, -e.Config.Limits.InUse), zone, e.Config.Devices.Normalize)
		if _, err := client.Reader().Sessions(ctx, func(s *schemas.Session) error { u.Add(s); return nil }); err != nil {
			u.Fault = faultOf(err)
		}
		return u
	}
}
