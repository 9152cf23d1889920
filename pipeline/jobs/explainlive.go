package jobs

import (
	"context"
	"slices"
	"strings"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// tellLive asks the vault what it says now of the records that are explained: API v2 of credentials, for what
// the v1 lists lack of them, and the list of credentials of SSH keys. Of protected information it has no list.
func (e *Env) tellLive(ctx context.Context, x *explaining, all []schemas.Explanation) error {
	kinds := map[schemas.Kind]bool{}
	for i := range all {
		kinds[all[i].Kind] = true
	}
	switch {
	case !kinds[schemas.KindCredential] && !kinds[schemas.KindKey] && !kinds[schemas.KindInfo]:
		return schemas.NewFault(schemas.ClassUsage, "live_credentials")
	case kinds[schemas.KindCredential] && e.Config.Vault.APIV2 == schemas.APIV2Off:
		return schemas.NewFault(schemas.ClassConfig, "v2_off")
	}
	client, err := e.liveClient(x.plan.Start.Vault, kinds)
	if err != nil {
		return err
	}
	if kinds[schemas.KindKey] {
		if err := x.liveKeys(ctx, client.Reader(), all); err != nil {
			return err
		}
	}
	for i := range all {
		switch all[i].Kind {
		case schemas.KindCredential:
			if err := live(ctx, client.V2(), &all[i]); err != nil {
				return err
			}
			compareTags(&all[i])
		case schemas.KindInfo:
			all[i].Live = &schemas.ExplainedLive{Unlisted: true, V2Credential: schemas.V2Credential{Tags: []string{}}}
		case schemas.KindDevice, schemas.KindKey, schemas.KindSession:
		}
	}
	return nil
}

// liveClient is the client of the plan's vault; nil where there is nothing to ask it for.
func (e *Env) liveClient(vaultName string, kinds map[schemas.Kind]bool) (*vault.Client, error) {
	if !kinds[schemas.KindCredential] && !kinds[schemas.KindKey] {
		return nil, nil
	}
	client, err := e.Connect()
	if err == nil && client.Identity() != vaultName {
		err = schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", vaultName, "vault", client.Identity())
	}
	return client, err
}

// liveKeys fills in what the vault's list says of the SSH keys: it has them beside the credentials.
func (x *explaining) liveKeys(ctx context.Context, reader *vault.Reader, all []schemas.Explanation) error {
	for i := range all {
		if all[i].Kind == schemas.KindKey {
			all[i].Live = &schemas.ExplainedLive{V2Credential: schemas.V2Credential{ID: all[i].VaultID, Tags: []string{}}}
		}
	}
	listing, err := reader.Credentials(ctx, func(c *schemas.Credential) error {
		for i := range all {
			one := &all[i]
			if one.Kind != schemas.KindKey || !x.story.Lists(one, c) {
				continue
			}
			one.Live.Known = true
			one.Live.Listed = append(one.Live.Listed, schemas.ListedKey{ID: c.ID, Identifier: c.Identifier, Username: c.Username, Hostname: c.Hostname, IP: c.ManagementIP, Type: c.Type})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(one schemas.Explanation) bool { return one.Kind == schemas.KindKey && !one.Live.Known }) {
		return x.e.whole("credentials", listing) // of a list that is cut short nobody can say that it lacks a key
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

// compareTags tells of the tags that a row asks for, and that nobody sends by themselves, whether API v2 shows
// them: in any order, without case.
func compareTags(x *schemas.Explanation) {
	field := slices.IndexFunc(x.Fields, func(f schemas.ExplainedField) bool {
		return f.Name == schemas.FieldTags.String() && f.Status == schemas.FieldSilent
	})
	cell := slices.IndexFunc(x.Cells, func(c schemas.ExplainedCell) bool { return c.Field == schemas.FieldTags.String() && c.Value != "" })
	if field < 0 || cell < 0 || !x.Live.Known {
		return
	}
	f := &x.Fields[field]
	f.Status, f.Before, f.After = schemas.FieldLiveOther, strings.Join(x.Live.Tags, ", "), x.Cells[cell].Value
	if slices.Equal(tagSet(x.Live.Tags), tagSet(strings.Split(f.After, ","))) {
		f.Status, f.After = schemas.FieldLiveSame, ""
	}
}

// tagSet are tags as they are compared.
func tagSet(tags []string) []string {
	var set []string
	for _, tag := range tags {
		if tag = strings.ToLower(strings.TrimSpace(tag)); tag != "" {
			set = append(set, tag)
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}
