package jobs

import (
	"context"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// CustodyRelease gives back the custody of the credentials that a file names.
func CustodyRelease(ctx context.Context, e *Env, o BulkOptions) (Outcome, error) {
	if e.Config.Approval.Required() { // a plan that is not made yet, nobody can have approved
		return Outcome{}, schemas.NewFault(schemas.ClassInput, "approval_bulk")
	}
	if !o.DryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	asks, use, warnings, err := e.readAsks(ctx, o.File, schemas.ActionRelease)
	if err != nil {
		return Outcome{}, err
	}
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	r := &pipeline.Releases{Asks: asks, Norm: e.Config.Devices.Normalize}
	r.Prepare()
	listing, err := client.Reader().Credentials(ctx, func(c *schemas.Credential) error { r.Take(c); return nil })
	if err != nil {
		return Outcome{}, err
	}
	if err := e.whole("credentials", listing); err != nil {
		return Outcome{}, err
	}
	e.Note("reading_credentials", "n", sinks.Number(e.Lang, listing.Read))
	plan := r.Plan()
	plan.Warnings = append(warnings, plan.Warnings...)
	b := e.bulk(client, plan, use)
	b.releases()
	if o.DryRun {
		return b.dry()
	}
	return b.start(ctx)
}

// releases is how custody is given back: by the id of a credential that is listed as it was planned.
func (b *bulk) releases() {
	b.look = func(ctx context.Context) (pipeline.Sight, error) {
		wanted, seen := map[string]bool{}, map[string]string{}
		for i := range b.plan.Changes {
			wanted[b.plan.Changes[i].VaultID] = true
		}
		listing, err := b.client.Reader().Credentials(ctx, func(c *schemas.Credential) error {
			if wanted[c.ID] {
				seen[strings.Clone(c.ID)] = pipeline.CredentialKey(c.Username, c.Hostname)
			}
			return nil
		})
		if err == nil {
			err = b.e.whole("credentials", listing)
		}
		return func(c *schemas.Change) pipeline.Stand {
			if key, listed := seen[c.VaultID]; !listed || key != c.Key {
				return pipeline.StandGone
			}
			return pipeline.StandReady
		}, err
	}
	b.do = func(ctx context.Context, c *schemas.Change) schemas.Answer {
		return b.client.Writer().Do(ctx, schemas.Call{Verb: schemas.VerbRelease, Kind: schemas.KindCredential, ID: c.VaultID})
	}
}
