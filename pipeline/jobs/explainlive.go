package jobs

import (
	"context"
	"strings"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// tellLive asks API v2 for what the v1 lists lack of the credentials that are explained.
func (e *Env) tellLive(ctx context.Context, vaultName string, all []schemas.Explanation) error {
	if e.Config.Vault.APIV2 == schemas.APIV2Off {
		return schemas.NewFault(schemas.ClassConfig, "v2_off")
	}
	client, err := e.Connect()
	if err != nil {
		return err
	}
	if client.Identity() != vaultName {
		return schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", vaultName, "vault", client.Identity())
	}
	asked := false
	for i := range all {
		if all[i].Kind != schemas.KindCredential {
			continue
		}
		asked = true
		if err := live(ctx, client.V2(), &all[i]); err != nil {
			return err
		}
	}
	if !asked {
		return schemas.NewFault(schemas.ClassUsage, "live_credentials")
	}
	return nil
}

// live fills in what API v2 says of one credential, found by its id, or by username and device where
// the plan knows no id.
func live(ctx context.Context, v2 *vault.V2, x *schemas.Explanation) error {
	id := x.VaultID
	if id == "" && x.Match != nil {
		id = x.Match.VaultID
	}
	if id != "" {
		one, ok, err := v2.One(ctx, id)
		if err != nil {
			return err
		}
		if ok {
			x.Live = &schemas.ExplainedLive{Known: true, V2Credential: one}
			return nil
		}
	}
	key := x.Key
	if key == "" && x.Match != nil {
		key = x.Match.Key
	}
	x.Live = &schemas.ExplainedLive{V2Credential: schemas.V2Credential{ID: id, Tags: []string{}}}
	at := strings.LastIndexByte(key, '@')
	if at < 0 {
		return nil
	}
	found, err := v2.Find(ctx, vault.V2Filter{Username: key[:at], Device: key[at+1:]})
	if err != nil {
		return err
	}
	for _, one := range found {
		if id == "" && len(found) == 1 || id != "" && one.ID == id {
			x.Live = &schemas.ExplainedLive{Known: true, V2Credential: one}
		}
	}
	return nil
}
