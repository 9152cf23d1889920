package pipeline_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// setKeys says what the configuration has of keys and information; a quarter of the trials has keys, a quarter information.
func (c *trial) setKeys() {
	config := schemas.DefaultConfig()
	p := &c.policy
	p.Keys, p.Infos = config.Keys, config.Infos
	c.keys, c.infos = c.one(4), c.one(4)
	p.Keys.Missing = schemas.Missing(c.pick("inactivate", "inactivate", "report", "keep"))
	p.Keys.Reactivate = schemas.Reactivate(c.pick("ours", "any", "never"))
	p.Keys.Secrets = schemas.Secrets(c.pick("never", "on_create", "on_create", "always"))
	if c.one(5) {
		p.Keys.Grace = schemas.Grace{Runs: 1 + c.IntN(3), Days: c.IntN(3)}
	}
	if c.one(4) {
		p.Keys.Protect = `username == "svc"`
		p.ProtectKeys, _ = filter.Parse(p.Keys.Protect)
	}
	if c.one(5) {
		p.Keys.Manage = append(slices.Clone(p.Keys.Manage), schemas.FieldUsername)
	}
	p.Infos.Missing = schemas.Missing(c.pick("inactivate", "inactivate", "report", "keep"))
	p.Infos.Secrets = schemas.Secrets(c.pick("never", "on_create", "on_create"))
	p.Infos.Changed = schemas.Changed(c.pick("hold", "send"))
	c.vault.upserts = p.Infos.Changed == schemas.ChangedSend
}

// fillKeys gives devices keys, now and then two of a user.
func (c *trial) fillKeys() {
	if !c.keys {
		return
	}
	for _, d := range slices.Clone(c.vault.devices) {
		for _, user := range trialUsers {
			if c.IntN(3) > 0 {
				continue
			}
			for n := range 1 + c.IntN(5)/4 {
				c.vault.addAccount(mAccount{device: d.id, username: user, identifier: fmt.Sprintf("k-%s-%s-%d", d.id, user, n), kind: "SSH Key", key: true,
					name: "of " + user, hidden: c.one(16), inactive: d.inactive && !c.one(6) || c.one(12)})
			}
		}
	}
}

// rememberedKeys are the fingerprints of what runs sent of keys, which the names of now tell apart.
func (c *trial) rememberedKeys() {
	for _, a := range c.vault.accounts {
		if !c.keys || !a.key || a.inactive || c.IntN(3) > 0 {
			continue
		}
		values := map[schemas.Field]string{schemas.FieldPublicKey: "ssh-ed25519 AAAA", schemas.FieldKeyName: a.name, schemas.FieldContent: "Canary-1"}
		for _, f := range slices.Sorted(maps.Keys(values)) {
			value := values[f]
			c.memory = append(c.memory, schemas.Remembered{What: schemas.RememberPrint, Kind: schemas.KindKey, ID: a.id, Run: "r0", Field: f.String(), Print: c.print(value),
				Key: pipeline.CredentialKey(a.username, c.vault.device(a.device).hostname) + " #" + a.identifier})
		}
	}
}

// keyRows are those of the vault's keys, most of them, of new ones, and of all that goes wrong.
func (c *trial) keyRows(lack int) {
	if !c.keys {
		return
	}
	c.addSource(schemas.KindKey, "k.csv")
	c.sources[len(c.sources)-1].defaults = nil
	source := len(c.sources) - 1
	for _, a := range c.vault.accounts {
		if !a.key || c.one(lack) {
			continue
		}
		for range 1 + c.IntN(9)/8 {
			c.keyRow(a, c.vault.device(a.device), source)
		}
	}
	for i := range 3 {
		if c.one(2) {
			c.keyRow(mAccount{username: c.pick("new", "root", "app"), name: "of new"}, &mDevice{hostname: c.host(c.pickInt(i, 60+i, 90))}, source)
		}
	}
	if c.one(10) {
		c.dropSource(source)
	}
}

func (c *trial) keyRow(a mAccount, d *mDevice, source int) {
	var v schemas.Values
	v[schemas.FieldUsername], v[schemas.FieldHostname], v[schemas.FieldKeyName] = a.username, c.spell(d.hostname), a.name
	v[schemas.FieldPublicKey] = "ssh-ed25519 " + c.pick("AAAA", "BBBB")
	if c.IntN(3) > 0 {
		v[schemas.FieldIdentifier] = a.identifier
	}
	if c.one(3) {
		v[schemas.FieldIP] = d.ip
	}
	for range c.IntN(4) / 2 {
		switch c.IntN(8) {
		case 0:
			v[schemas.FieldKeyName] = c.pick("another", "bad\x01")
		case 1:
			v[schemas.FieldIP] = c.address(c.IntN(8))
		case 2:
			v[schemas.FieldIdentifier] = c.pick(fmt.Sprintf("k-%d-%s-0", 1+c.IntN(5), c.pick(trialUsers...)), fmt.Sprintf("id-%d-%d-root", 1+c.IntN(5), c.IntN(5)), "free-0", "free-1", "not valid")
		case 3:
			v[schemas.FieldUsername] = c.pick("", "a\x02", "other", "#N/A")
		case 4:
			v[schemas.FieldHostname] = c.pick("", "a\x02", "nowhere", d.ip)
		case 5:
			v[schemas.FieldTags] = c.pick("a", "b,c")
		case 6:
			v[schemas.FieldDevices] = c.host(c.IntN(3))
		case 7:
			v[schemas.FieldPublicKey] = ""
		}
	}
	if a.id != "" && c.one(6) {
		v[schemas.FieldID] = a.id
		if c.one(4) {
			v[schemas.FieldID] = c.pick("1", "2", "77")
		}
	}
	c.add(source, v)
	c.rows[len(c.rows)-1].secret = c.pick("", "Canary-1", "Canary-1", "Canary-2")
}

// fillInfos makes information that earlier runs sent, and some of others.
func (c *trial) fillInfos() {
	if !c.infos {
		return
	}
	for i := range c.IntN(7) {
		n := mInfo{id: fmt.Sprint(500 + i), identifier: fmt.Sprintf("INFO-%d", i), name: "n", service: "s", content: "Canary-1"}
		key := schemas.Remembered{Kind: schemas.KindInfo, ID: n.id, Key: n.identifier, Run: "r0"}
		put := func(what, field, value string) {
			r := key
			r.What, r.Field = what, field
			if value != "" {
				r.Print = c.print(value)
			}
			c.memory = append(c.memory, r)
		}
		put(schemas.RememberPrint, schemas.FieldIdentifier.String(), low(n.identifier))
		put(schemas.RememberPrint, schemas.FieldName.String(), n.name)
		put(schemas.RememberPrint, schemas.FieldService.String(), n.service)
		put(schemas.RememberPrint, schemas.FieldContent.String(), n.content)
		switch c.IntN(8) {
		case 0:
			n.inactive = true
			put(schemas.RememberInactive, "", "")
		case 1:
			put(schemas.RememberDoubt, "", "")
		}
		c.vault.infos = append(c.vault.infos, n)
	}
	if c.one(3) {
		c.vault.infos = append(c.vault.infos, mInfo{id: "600", identifier: "THEIRS", content: "theirs"})
	}
}

func (c *trial) infoRows(lack int) {
	if !c.infos {
		return
	}
	c.addSource(schemas.KindInfo, "i.csv")
	c.sources[len(c.sources)-1].defaults = nil
	source := len(c.sources) - 1
	row := func(identifier, name, service string) {
		var v schemas.Values
		v[schemas.FieldIdentifier], v[schemas.FieldName], v[schemas.FieldService] = c.pick(identifier, identifier, strings.ToLower(identifier), " "+identifier), name, service
		secret := "Canary-1"
		if c.one(3) {
			switch c.IntN(6) {
			case 0:
				v[schemas.FieldName] = c.pick("another", "bad\x01", "")
			case 1:
				v[schemas.FieldService] = c.pick("another", "")
			case 2:
				v[schemas.FieldIdentifier] = c.pick("", "not valid", "#N/A")
			case 3:
				secret = c.pick("", "Canary-2")
			case 4:
				v[schemas.FieldURL] = "https://x.example"
			}
		}
		c.add(source, v)
		c.rows[len(c.rows)-1].secret = secret
	}
	for _, n := range c.vault.infos {
		if n.identifier == "THEIRS" || c.one(lack) {
			continue
		}
		for range 1 + c.IntN(9)/8 {
			row(n.identifier, n.name, n.service)
		}
	}
	for i := range 2 {
		if c.one(2) {
			row(fmt.Sprintf("INFO-%d", 90+i), "n", "s")
		}
	}
	if c.one(10) {
		c.dropSource(source)
	}
}

// secretOf is the secret of the row that a change is for.
func (c *trial) secretOf(ch *schemas.Change) string {
	for _, ref := range ch.Rows {
		for i := range c.rows {
			if r := &c.rows[i]; c.sources[r.source].name == ref.Source && r.number == ref.Row && r.secret != "" {
				return r.secret
			}
		}
	}
	return "Exemplo-1"
}

// secretPrint is what a run remembers of it.
func (c *trial) secretPrint(ch *schemas.Change) string {
	if ch.Kind == schemas.KindDevice || ch.Kind == schemas.KindCredential {
		return ""
	}
	return c.print(c.secretOf(ch))
}

// checkSecrets: no plan shows what a row keeps to itself.
func (c *trial) checkSecrets(plan *schemas.Plan) error {
	if (c.keys || c.infos) && c.seed%4 == 1 && strings.Contains(whole(plan), "Canary") {
		return fmt.Errorf("the plan shows a secret")
	}
	return nil
}

// namesKey says whether a row of a key may mean another key, the one that goes.
func (c *trial) namesKey(v *schemas.Values, a *mAccount, d *mDevice) bool {
	if v[schemas.FieldID] == a.id || a.identifier != "" && low(v[schemas.FieldIdentifier]) == low(a.identifier) {
		return true
	}
	username := low(v[schemas.FieldUsername])
	if c.hostOf(v) != c.normal(d.hostname) || username != "" && schemas.Damage(username) == "" && !strings.ContainsAny(username, "\x00\x01\x02") && username != low(a.username) {
		return false
	}
	if username != low(a.username) || v[schemas.FieldIdentifier] == "" && v[schemas.FieldID] == "" {
		return true
	}
	// It says which of the user's keys it means, where he has several, or asks for several.
	n := 0
	for i := range c.vault.accounts {
		if o := &c.vault.accounts[i]; o.key && low(o.username) == username && c.normal(c.vault.device(o.device).hostname) == c.hostOf(v) {
			n++
		}
	}
	asked := map[string]bool{}
	for i := range c.rows {
		if r := &c.rows[i]; c.sources[r.source].kind == schemas.KindKey && low(r.values[schemas.FieldUsername]) == username && c.hostOf(&r.values) == c.hostOf(v) {
			asked[r.values[schemas.FieldID]+" "+low(r.values[schemas.FieldIdentifier])] = true
		}
	}
	return n < 2 && len(asked) < 2
}

// mayInfoGo: information goes that our own runs sent, that no row names, and not where rows cannot be read.
func (c *trial) mayInfoGo(ch *schemas.Change) error {
	key := low(ch.Key)
	sent := slices.ContainsFunc(c.memory, func(r schemas.Remembered) bool {
		return r.What == schemas.RememberPrint && r.Kind == schemas.KindInfo && low(r.Key) == key
	})
	switch {
	case ch.Action != schemas.ActionInactivate:
		return nil
	case !sent:
		return fmt.Errorf("information %s goes, and was not ours", ch.Key)
	case c.policy.Infos.Missing != schemas.MissingInactivate:
		return fmt.Errorf("information %s goes, and missing is %s", ch.Key, c.policy.Infos.Missing)
	}
	unreadable := 0
	for i := range c.rows {
		r := &c.rows[i]
		if r.leftOut || c.sources[r.source].kind != schemas.KindInfo {
			continue
		}
		identifier := strings.TrimSpace(r.values[schemas.FieldIdentifier])
		switch {
		case r.broken || identifier == "" || schemas.Damage(identifier) != "" || strings.Contains(identifier, " "):
			unreadable++
		case low(identifier) == key:
			return fmt.Errorf("information %s goes, and row %d names it", ch.Key, r.number)
		}
	}
	if limit := c.policy.Limits.Unreadable; limit >= 0 && unreadable > limit {
		return fmt.Errorf("information %s goes, and %d rows cannot be read", ch.Key, unreadable)
	}
	return nil
}

// wantKey: a row that came to something has its key, of its user and device, and active.
func (c *trial) wantKey(r *trialRow, _, id string, after *model) error {
	var found []string
	for i := range after.accounts {
		a := &after.accounts[i]
		d := after.device(a.device)
		was := c.vault.account(a.id)
		taken := was != nil && was.inactive && c.activeAccount(was) // a vault may list what is inactive: the planner takes it for active
		if !a.key || a.inactive && !taken || c.normal(d.hostname) != c.hostOf(&r.values) || low(a.username) != low(r.values[schemas.FieldUsername]) {
			continue
		}
		if id == "" && (was == nil || !c.activeAccount(was)) {
			continue
		}
		found = append(found, a.id)
	}
	if len(found) == 0 || id != "" && !slices.Contains(found, id) {
		return fmt.Errorf("there is no key for it: %v, not %q", found, id)
	}
	if id == "" {
		return nil
	}
	want, name := strings.TrimSpace(r.values[schemas.FieldKeyName]), after.account(id).name
	if want != "" && c.policy.Keys.Manages(schemas.FieldKeyName) && low(want) != low(name) {
		return fmt.Errorf("the name of key %s is %q, wanted %q", id, name, want)
	}
	return nil
}

// wantInfo: a row that came to something has its information, once, as the row has it.
func (c *trial) wantInfo(r *trialRow, _, _ string, after *model) error {
	var found []*mInfo
	for i := range after.infos {
		if n := &after.infos[i]; low(n.identifier) == low(r.values[schemas.FieldIdentifier]) {
			found = append(found, n)
		}
	}
	switch {
	case len(found) != 1:
		return fmt.Errorf("there are %d", len(found))
	case found[0].inactive:
		return fmt.Errorf("it is inactive")
	}
	for want, is := range map[string]string{r.values[schemas.FieldName]: found[0].name, r.values[schemas.FieldService]: found[0].service, r.secret: found[0].content} {
		if want = strings.TrimSpace(want); want != "" && want != is && (want != r.secret || c.policy.Infos.Secrets != schemas.SecretsNever) {
			return fmt.Errorf("it has %q, wanted %q", is, want)
		}
	}
	return nil
}

func (c *trial) loadSecret(row *schemas.Row, r *trialRow) {
	kind := c.sources[r.source].kind
	read := kind == schemas.KindKey && c.policy.Keys.Secrets != schemas.SecretsNever || kind == schemas.KindInfo && c.policy.Infos.Secrets != schemas.SecretsNever
	if read {
		row.Secret = schemas.NewSecret(r.secret)
	}
}

// configOf is the policy of a kind that the vault lists.
func (c *trial) configOf(kind schemas.Kind) *schemas.KindConfig {
	return configOf(&c.policy, kind)
}

func configOf(p *pipeline.Policy, kind schemas.Kind) *schemas.KindConfig {
	switch kind {
	case schemas.KindDevice:
		return &p.Devices
	case schemas.KindKey:
		return &p.Keys
	}
	return &p.Credentials
}

// protects says whether the policy protects an account of the name that it knows.
func (c *trial) protects(a *mAccount) bool {
	return c.policy.ProtectCredentials != nil && !a.key || a.key && c.policy.ProtectKeys != nil
}

// sentInfos is how much information our own runs sent and did not inactivate.
func (c *trial) sentInfos() int {
	n := 0
	for _, i := range c.vault.infos {
		if i.identifier != "THEIRS" && !i.inactive {
			n++
		}
	}
	return n
}
