package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// Releases plans of which listed credentials custody is given back: those that rows name by id, by
// identifier, or by hostname and username. All that a row says must be true of the one that it means.
type Releases struct {
	Asks []Ask
	Norm schemas.Normalize

	byID, byIdentifier, byKey map[string][]int
	named                     map[int][]schemas.Credential
	listed, rotating          int
}

// Prepare indexes the rows; it comes before the first credential.
func (r *Releases) Prepare() {
	r.byID, r.byIdentifier, r.byKey, r.named = map[string][]int{}, map[string][]int{}, map[string][]int{}, map[int][]schemas.Credential{}
	for i := range r.Asks {
		a := &r.Asks[i]
		switch id, identifier, host, user := a.Said["id"], a.Said["identifier"], a.Said["hostname"], a.Said["username"]; {
		case len(a.Problems) > 0 || a.LeftOut:
		case id != "":
			r.byID[id] = append(r.byID[id], i)
		case identifier != "":
			r.byIdentifier[fold(identifier)] = append(r.byIdentifier[fold(identifier)], i)
		case host != "" && user != "":
			key := r.key(host, user)
			r.byKey[key] = append(r.byKey[key], i)
		}
	}
}

func (r *Releases) key(host, user string) string { return hostKey(&r.Norm, host) + "\x00" + fold(user) }

// Take looks at one credential of the list, which it does not hold on to.
func (r *Releases) Take(c *schemas.Credential) {
	r.listed++
	rows := slices.Concat(r.byID[c.ID], r.byKey[r.key(c.Hostname, c.Username)])
	if c.Identifier != "" {
		rows = append(rows, r.byIdentifier[fold(c.Identifier)]...)
	}
	if len(rows) == 0 {
		return
	}
	kept := c.Clone()
	for _, i := range rows {
		r.named[i] = append(r.named[i], kept)
	}
}

// Plan is the plan, once the whole list was taken.
func (r *Releases) Plan() *schemas.Plan {
	b := newBulkPlan(schemas.KindCredential, schemas.ActionRelease)
	for i := range r.Asks {
		r.ask(b, i)
	}
	if n := len(b.plan.Changes); n > 0 {
		b.plan.Warnings = append(b.plan.Warnings, schemas.Problem{Code: "release_rotates", Args: schemas.Pairs("n", strconv.Itoa(n), "automatic", strconv.Itoa(r.rotating))})
	}
	return b.done(r.listed)
}

func (r *Releases) ask(b *bulkPlan, i int) {
	a := &r.Asks[i]
	key := askedAccount(a)
	if b.unread(a, key) {
		return
	}
	found := r.named[i]
	passwords := slices.DeleteFunc(slices.Clone(found), func(c schemas.Credential) bool { return IsKeyType(c.Type) })
	switch {
	case key == "":
		b.reject(a, key, "", "credential_unnamed")
	case len(found) == 0:
		b.reject(a, key, "", "credential_not_listed", "key", key)
	case len(passwords) == 0:
		b.leave(a, schemas.Left{Key: CredentialKey(found[0].Username, found[0].Hostname), VaultID: found[0].ID, Code: "is_ssh_key"})
	case len(passwords) > 1:
		items := itemsOf(passwords)
		b.hold(a, schemas.Hold{Key: key, Code: "ambiguous", Candidates: items, Args: schemas.Pairs("candidates", itemsText(items))})
	default:
		r.change(b, a, &passwords[0])
	}
}

// change asks for the release, where all that the row says is true of the credential.
func (r *Releases) change(b *bulkPlan, a *Ask, c *schemas.Credential) {
	key := CredentialKey(c.Username, c.Hostname)
	host := a.Said["hostname"]
	if host != "" && hostKey(&r.Norm, host) != hostKey(&r.Norm, c.Hostname) || !agreed(a, "username", c.Username) || !agreed(a, "identifier", c.Identifier) {
		b.hold(a, schemas.Hold{Key: key, VaultID: c.ID, Code: "credential_differs", Args: schemas.Pairs("id", c.ID, "key", key)})
		return
	}
	if _, again := b.at[c.ID]; !again && rotates(c) {
		r.rotating++
	}
	b.change(a, c.ID, schemas.Change{Key: key, VaultID: c.ID, Device: c.Hostname, Reason: schemas.Reason{Rule: schemas.RuleAsked}})
}

// rotates says whether the list shows that the vault changes the password by itself.
func rotates(c *schemas.Credential) bool {
	return c.AutomaticChange == "1" || fold(c.AutomaticChange) == "true"
}

// askedAccount is how a row names a credential.
func askedAccount(a *Ask) string {
	host, user := a.Said["hostname"], a.Said["username"]
	switch {
	case host != "" && user != "":
		return CredentialKey(user, host)
	case a.Said["identifier"] != "":
		return a.Said["identifier"]
	case a.Said["id"] != "":
		return "id " + strings.TrimSpace(a.Said["id"])
	}
	return ""
}

func itemsOf(all []schemas.Credential) []schemas.Item {
	var items []schemas.Item
	for i := range all {
		c := &all[i]
		items = append(items, schemas.Item{Kind: schemas.KindCredential, ID: c.ID, Key: CredentialKey(c.Username, c.Hostname), Type: c.Type, Identifier: c.Identifier})
	}
	return items
}
