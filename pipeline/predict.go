package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// The branches that the vault's own rule for a credential's POST can take (vault-api a.3): it
// looks for the identifier first, whatever the rest says, then for hostname, ip and username, and
// creates a record where neither is found.
const (
	BranchIdentifier = "identifier"
	BranchKey        = "key"
	BranchCreate     = "create"
	BranchUnsure     = "unsure" // several records fit: nobody can say which it will take
)

// Predict says which branch the vault will take for a credential that is sent, and the id of the
// record that it will write, "" where it creates one. device is the number of the listed device
// that the sent hostname means, -1 for one that is not listed.
func Predict(send *schemas.Values, device int32, s *Snapshot, m *Memory) (branch, id string) {
	if identifier := send[schemas.FieldIdentifier]; identifier != "" {
		if owners := s.accountsIdentified(identifier); len(owners) > 0 {
			return one(BranchIdentifier, owners, s)
		}
		if owner := m.identifierOwner(identifier); owner != nil {
			return BranchIdentifier, owner.ID
		}
	}
	username := send[schemas.FieldUsername]
	found := s.named(s.accountsHomeless(send[schemas.FieldHostname]), username)
	if device >= 0 {
		found = append(found, s.accountsNamed(device, username)...)
	}
	if len(found) > 0 {
		return one(BranchKey, found, s)
	}
	key := CredentialKey(username, send[schemas.FieldHostname])
	for _, known := range []*schemas.Remembered{m.inactive(schemas.KindCredential, key), m.hidden(schemas.KindCredential, key)} {
		if known != nil {
			return BranchKey, known.ID
		}
	}
	return BranchCreate, ""
}

func one(branch string, records []int32, s *Snapshot) (string, string) {
	if len(records) > 1 {
		return BranchUnsure, ""
	}
	return branch, s.accounts.get(records[0], schemas.FieldID)
}

// predict notes on a change which branch the vault will take, and holds the row where that is not
// the record that it means: a row never overwrites another account.
func (p *planner) predict(c *accountCase, change *schemas.Change) (code string, pairs []string) {
	if change.Send.Empty() {
		return "", nil // it is activated by its id and nothing else
	}
	device := c.host.record
	if c.host.renamed != nil {
		device = c.host.renamed.next
	}
	send := change.Send.Values()
	branch, id := Predict(&send, device, p.Snapshot, p.Memory)
	if id == change.VaultID && branch != BranchUnsure {
		change.Branch = branch
		return "", nil
	}
	return "would_hit_other", []string{"branch", branch, "id", id, "means", strings.TrimSpace(change.VaultID)}
}
