package vaultsim

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// postCredential creates or updates a credential: the one with the
// identifier, else the one of hostname, ip and username, else a new one
// (D33). The device must exist.
func (v *Vault) postCredential(c *call) answer {
	if a, fine := v.checkCredential(c); !fine {
		return a
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	dev := v.namedDevice(c)
	if dev == nil {
		return noDevice()
	}
	if !v.registered(c.get("domain")) || !v.registered(c.get("device_domain")) {
		return noDomain()
	}
	if parent := c.get("parent_password"); parent != "" && parent != "0" && v.store.items.byID[parent] == nil {
		return noCredential()
	}
	username := v.kept("credential", "username", c.get("username"))
	if username == "" {
		username = "usr"
	}
	r := v.store.identifiers[v.fold(v.credentialIdentifier(c))]
	if r != nil && r.p.Load().key != nil {
		return refuse(1010, "The item is not a credential")
	}
	other := v.byUser(dev, username, false)
	switch {
	case r == nil && !v.DuplicateCreates:
		r = other
	case r != nil && v.takes(r, other, dev, username) && !v.DuplicateCreates:
		return refuse(1052, "Credential already exists") // text invented: none is public
	}
	text := "Credential updated successfully!"
	if r == nil {
		text = "Credential successfully registered!"
		r = v.createCredential(c, dev, username)
	} else {
		v.updateCredential(c, r, dev, username)
	}
	d := v.changedDevice(c, *dev.p.Load())
	dev.p.Store(&d)
	return v.created(ok(text)).with("credential", v.reference(r))
}

// takes tells whether r, moved to this name, would take that of another.
func (v *Vault) takes(r, other *row[item], dev *row[Device], username string) bool {
	now := r.p.Load()
	moves := now.dev != dev || !v.same(now.cred.Username, username)
	return moves && other != nil && other != r
}

// reference is how a POST names what it wrote: tag up to 3.32, then
// identifier.
func (v *Vault) reference(r *row[item]) object {
	i := r.p.Load()
	id := i.cred
	if i.key != nil {
		id = &Credential{ID: i.key.ID, Identifier: i.key.Identifier}
	}
	if v.era() < era333 {
		return object{{"id", id.ID}, {"tag", nullable(id.Identifier)}}
	}
	return object{{"id", id.ID}, {"identifier", nullable(id.Identifier)}}
}

// credentialIdentifier is the identifier of a call, also where D33's
// additional_settings carry it.
func (v *Vault) credentialIdentifier(c *call) string {
	id := c.get("identifier")
	if id == "" {
		id = c.object("additional_settings").get("identifier")
	}
	return v.kept("credential", "identifier", id)
}

// checkCredential refuses what can be told from the call alone.
func (v *Vault) checkCredential(c *call) (answer, bool) {
	if a, fine := v.checkNames(c); !fine {
		return a, false
	}
	if _, sent := c.text("username"); !sent {
		if v.era() == era323 { // its page updates alone, and knows no 1042 (S23)
			return refuse(1007, "Credential not found"), false
		}
		return refuse(1042, "Invalid username"), false
	}
	if !v.wellFormed(v.credentialIdentifier(c)) {
		return badIdentifier(), false
	}
	if owner := c.object("additional_settings").get("user_credential_owner"); owner != "" && v.Users != nil && !v.Users[owner] {
		return unexpected(), false
	}
	for _, part := range []struct{ settings, on, plugin, template string }{
		{"execution_settings", "automatic_change", "change_plugin", "change_template"},
		{"jit_settings", "credential_creation_and_deletion", "credential_creation_plugin", "credential_creation_template"},
		{"jit_settings", "enable_disable_credential", "credential_enable_plugin", "credential_enable_template"},
	} {
		s := c.object(part.settings)
		switch {
		case !s.on(part.on):
		case s.get(part.plugin) == "":
			return refuse(1046, "Plugin not informed"), false
		case s.get(part.template) == "":
			return refuse(1047, "Template plugin not informed"), false
		}
	}
	return answer{}, true
}

// badIdentifier has no number: the pages give the rule but no answer.
func badIdentifier() answer {
	return answer{http: http.StatusBadRequest, format: "Invalid identifier"}
}

// checkNames is the part that credentials and keys share.
func (v *Vault) checkNames(c *call) (answer, bool) {
	switch {
	case c.get("hostname") == "":
		return refuse(1004, "The device's hostname was not informed"), false
	case c.get("ip") == "":
		return refuse(1005, "The device's IP was not informed"), false
	}
	return answer{}, true
}

// wellFormed is the charset of identifiers, known from 3.33 on (D33).
func (v *Vault) wellFormed(identifier string) bool {
	return v.era() < era333 || !strings.ContainsFunc(identifier, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
	})
}

func (v *Vault) createCredential(c *call, dev *row[Device], username string) *row[item] {
	cred := &Credential{Username: username, Type: "Local User", Identifier: v.credentialIdentifier(c)}
	v.takeCredential(c, cred)
	v.named(&cred.ID, &cred.Identifier)
	return v.putItem(item{dev: dev, cred: cred})
}

// updateCredential keeps the first spelling of a name that differs only in
// case. An inactive credential stays inactive (D, batch import).
func (v *Vault) updateCredential(c *call, r *row[item], dev *row[Device], username string) {
	cred := *r.p.Load().cred
	if !v.same(cred.Username, username) {
		cred.Username = username
	}
	if id := v.credentialIdentifier(c); id != "" && !v.same(cred.Identifier, id) {
		cred.Identifier = id
	}
	v.takeCredential(c, &cred)
	cred.Inactive = cred.Inactive && !v.PostReactivates
	v.replace(r, item{dev: dev, cred: &cred})
}

// takeCredential stores the attributes that a call sends. Type is sent as
// credential_type: "type" is the device's (D33).
func (v *Vault) takeCredential(c *call, cred *Credential) {
	v.take(c, "credential", "credential_type", &cred.Type)
	v.take(c, "credential", "content", &cred.Password)
	v.take(c, "credential", "additional", &cred.Additional)
	v.take(c, "credential", "domain", &cred.Domain)
	v.take(c, "credential", "tags", &cred.Tags)
	v.take(c, "credential", "parent_password", &cred.Parent)
	cred.Tags = joined(cred.Tags)
	if s := c.object("execution_settings"); s["automatic_change"] != nil {
		cred.AutomaticChange = s.on("automatic_change")
	}
	for _, name := range []string{"execution_settings", "session_settings", "additional_settings", "jit_settings"} {
		cred.keep(name, c.object(name))
	}
	if cred.Parent == "0" {
		cred.Parent = ""
	}
	if _, sent := c.text("content"); sent {
		cred.Change = v.stamp()
	}
}

// keep takes over the members of an object of settings that a call sends; the others stay.
func (cred *Credential) keep(name string, members params) {
	if len(members) == 0 {
		return
	}
	settings := map[string]map[string]any{}
	if cred.Settings != "" && json.Unmarshal([]byte(cred.Settings), &settings) != nil {
		return // a state of somebody's own making
	}
	if settings[name] == nil {
		settings[name] = map[string]any{}
	}
	maps.Copy(settings[name], members)
	if b, err := json.Marshal(settings); err == nil {
		cred.Settings = Settings(b)
	}
}

// uuid is the identifier the vault gives: a UUIDv7 whose random part is the
// id, so that a fixed clock makes it predictable.
func (v *Vault) uuid(n int) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(v.now().UnixMilli())<<16)
	binary.BigEndian.PutUint64(b[8:], uint64(n))
	b[6], b[8] = 0x70, 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
