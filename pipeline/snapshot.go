package pipeline

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// Lister shows what the vault lists to us. It has no method that writes.
type Lister interface {
	Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error)
	Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error)
}

// Account is one record of the credential list, as far as it is needed to tell who is who.
type Account struct {
	ID, Identifier, Username, Hostname, IP, Type string
	device                                       int32 // index in Snapshot.Devices; -1 where it is not listed, -2 where several could be meant
}

// IsKey tells an SSH key.
func (a *Account) IsKey() bool { return IsKeyType(a.Type) }

// Kind is what the record is: a credential or an SSH key.
func (a *Account) Kind() schemas.Kind {
	if a.IsKey() {
		return schemas.KindKey
	}
	return schemas.KindCredential
}

// Snapshot is what the vault listed at one moment.
type Snapshot struct {
	Devices  []schemas.Device
	Accounts []Account
	// Listing per list; HasAccounts is false where the credential list was not read, and
	// AccountsFault says why where it should have been.
	DeviceListing, AccountListing schemas.Listing
	HasAccounts                   bool
	AccountsFault                 *schemas.Fault

	byHost       *index
	byDeviceID   map[string]int32
	byIdentifier *index
	byAccountID  map[string]int32
	byDevice     map[int32][]int32
	homeless     *index // accounts whose device is not listed or not sure, by its folded hostname
	byAddress    *index
}

// Want says which lists a snapshot needs.
type Want struct {
	Accounts bool // read the credential list
	// Tolerate lets the credential list be refused or cut: who needs it then holds back.
	Tolerate bool
}

// listTries is how often a list that was cut on the way is read again.
const listTries = 3

// TakeSnapshot reads the lists. A list is whole or an error: a cut one is read again, and given
// up after the third time.
func TakeSnapshot(ctx context.Context, vault Lister, want Want) (*Snapshot, error) {
	s := &Snapshot{}
	var err error
	s.DeviceListing, err = again(func() (schemas.Listing, error) {
		s.Devices = s.Devices[:0]
		return vault.Devices(ctx, func(d *schemas.Device) error {
			s.Devices = append(s.Devices, d.Clone())
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	if want.Accounts {
		if err := s.readAccounts(ctx, vault, want.Tolerate); err != nil {
			return nil, err
		}
	}
	s.index()
	return s, nil
}

func (s *Snapshot) readAccounts(ctx context.Context, vault Lister, tolerate bool) error {
	var err error
	s.AccountListing, err = again(func() (schemas.Listing, error) {
		s.Accounts = s.Accounts[:0]
		return vault.Credentials(ctx, func(c *schemas.Credential) error {
			s.Accounts = append(s.Accounts, Account{ID: strings.Clone(c.ID), Identifier: strings.Clone(c.Identifier),
				Username: strings.Clone(c.Username), Hostname: strings.Clone(c.Hostname),
				IP: strings.Clone(c.ManagementIP), Type: strings.Clone(c.Type)})
			return nil
		})
	})
	s.HasAccounts = err == nil
	if err == nil {
		return nil
	}
	var fault *schemas.Fault
	if !tolerate || !errors.As(err, &fault) || fault.Class == schemas.ClassInterrupted || ctx.Err() != nil {
		return err
	}
	s.Accounts, s.AccountsFault = nil, fault
	return nil
}

func again(read func() (schemas.Listing, error)) (schemas.Listing, error) {
	for try := 1; ; try++ {
		listing, err := read()
		var fault *schemas.Fault
		if err == nil || try == listTries || !errors.As(err, &fault) || fault.Problem.Code != "list_cut" {
			return listing, err
		}
	}
}

func (s *Snapshot) index() {
	s.byHost, s.byAddress = newIndex(len(s.Devices)), newIndex(len(s.Devices))
	s.byDeviceID = make(map[string]int32, len(s.Devices))
	for i := range s.Devices {
		d := &s.Devices[i]
		s.byHost.add(fold(d.Hostname), int32(i))
		s.byAddress.add(addressKey(d.IP), int32(i))
		s.byDeviceID[d.ID] = int32(i)
	}
	s.byIdentifier, s.homeless = newIndex(len(s.Accounts)), newIndex(len(s.Accounts))
	s.byAccountID = make(map[string]int32, len(s.Accounts))
	s.byDevice = map[int32][]int32{}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		a.device = s.deviceOf(a)
		s.byAccountID[a.ID] = int32(i)
		if a.Identifier != "" {
			s.byIdentifier.add(fold(a.Identifier), int32(i))
		}
		if a.device < 0 {
			s.homeless.add(fold(a.Hostname), int32(i))
			continue
		}
		s.byDevice[a.device] = append(s.byDevice[a.device], int32(i))
	}
}

// deviceOf finds the listed device that an account belongs to: by hostname, and where several
// have it, by the address too.
func (s *Snapshot) deviceOf(a *Account) int32 {
	hosts := s.byHost.find(fold(a.Hostname))
	switch len(hosts) {
	case 0:
		return -1
	case 1:
		return hosts[0]
	}
	found := int32(-2)
	for _, i := range hosts {
		if s.Devices[i].IP == a.IP {
			if found >= 0 {
				return -2
			}
			found = i
		}
	}
	return found
}

// without returns the snapshot less the records that the function names: those that the vault
// lists although our own run inactivated them.
func (s *Snapshot) without(inactive func(kind schemas.Kind, id string) bool) *Snapshot {
	out := &Snapshot{DeviceListing: s.DeviceListing, AccountListing: s.AccountListing, HasAccounts: s.HasAccounts, AccountsFault: s.AccountsFault}
	for i := range s.Devices {
		if !inactive(schemas.KindDevice, s.Devices[i].ID) {
			out.Devices = append(out.Devices, s.Devices[i])
		}
	}
	for i := range s.Accounts {
		if !inactive(s.Accounts[i].Kind(), s.Accounts[i].ID) {
			out.Accounts = append(out.Accounts, s.Accounts[i])
		}
	}
	out.index()
	return out
}

// Device finds a listed device by id.
func (s *Snapshot) Device(id string) *schemas.Device {
	if i, ok := s.byDeviceID[id]; ok {
		return &s.Devices[i]
	}
	return nil
}

// Account finds a listed credential or key by id.
func (s *Snapshot) Account(id string) *Account {
	if i, ok := s.byAccountID[id]; ok {
		return &s.Accounts[i]
	}
	return nil
}

// FindDevices finds the listed devices of a hostname.
func (s *Snapshot) FindDevices(hostname string) []int32 { return s.byHost.find(fold(hostname)) }

// accountsNamed finds the credentials (keys left aside) of a user on a device.
func (s *Snapshot) accountsNamed(device int32, username string) []int32 {
	return s.named(s.byDevice[device], username)
}

// named picks a user's credentials out of several accounts.
func (s *Snapshot) named(accounts []int32, username string) []int32 {
	var found []int32
	for _, i := range accounts {
		if a := &s.Accounts[i]; !a.IsKey() && strings.EqualFold(strings.TrimSpace(a.Username), strings.TrimSpace(username)) {
			found = append(found, i)
		}
	}
	return found
}

// Cascade lists the credentials and keys that go with a device.
func (s *Snapshot) Cascade(device int32) []schemas.Item {
	var items []schemas.Item
	for _, i := range s.byDevice[device] {
		a := &s.Accounts[i]
		items = append(items, schemas.Item{Kind: a.Kind(), ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Type: a.Type, Identifier: a.Identifier})
	}
	return items
}

// Highest are the highest numeric ids of the lists, 0 where ids are no numbers.
func (s *Snapshot) Highest() schemas.Listed {
	var l schemas.Listed
	for i := range s.Devices {
		l.MaxDevice = max(l.MaxDevice, numeric(s.Devices[i].ID))
	}
	for i := range s.Accounts {
		l.MaxCredential = max(l.MaxCredential, numeric(s.Accounts[i].ID))
	}
	return l
}

func numeric(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}
