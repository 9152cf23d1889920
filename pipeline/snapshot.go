package pipeline

import (
	"context"
	"errors"
	"math/bits"
	"strconv"
	"sync"

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
	device                                       int32 // number of the listed device; -1 where it is not listed, -2 where several could be meant
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

// Snapshot is what the vault listed at one moment. Its records are kept packed and are named
// by their number in the list.
type Snapshot struct {
	// Listing per list; HasAccounts is false where the credential list was not read, and
	// AccountsFault says why where it should have been.
	DeviceListing, AccountListing schemas.Listing
	HasAccounts                   bool
	AccountsFault                 *schemas.Fault

	norm     schemas.Normalize
	hasher   hasher
	devices  pack
	accounts pack
	home     []int32 // of each account: its device

	signed     uint64   // the fields of the signatures
	signatures []uint64 // of each device

	byHost       *index
	byIdentifier *index
	homeless     *index // accounts whose device is not listed or not sure, by its hostname
	byDevice     map[int32][]int32

	idsOnce, addressOnce    sync.Once
	byDeviceID, byAccountID *index
	byAddress               *index
}

// Want says which lists a snapshot needs.
type Want struct {
	Accounts bool // read the credential list
	// Tolerate lets the credential list be refused or cut: who needs it then holds back.
	Tolerate bool
	Norm     schemas.Normalize // how hostnames are compared
	// Compare are the fields that the devices will be compared by, which is prepared then.
	Compare []schemas.Field
}

// listTries is how often a list that was cut on the way is read again.
const listTries = 3

// TakeSnapshot reads the lists. A list is whole or an error: a cut one is read again, and given
// up after the third time.
func TakeSnapshot(ctx context.Context, vault Lister, want Want) (*Snapshot, error) {
	s := &Snapshot{norm: want.Norm, hasher: newHasher(), signed: signedFields(want.Compare)}
	var err error
	s.DeviceListing, err = again(func() (schemas.Listing, error) {
		s.devices = pack{}
		return vault.Devices(ctx, func(d *schemas.Device) error {
			s.addDevice(d)
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
		s.accounts = pack{}
		return vault.Credentials(ctx, func(c *schemas.Credential) error {
			s.addAccount(&Account{ID: c.ID, Identifier: c.Identifier, Username: c.Username, Hostname: c.Hostname, IP: c.ManagementIP, Type: c.Type})
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
	s.accounts, s.AccountsFault = pack{}, fault
	return nil
}

func (s *Snapshot) addDevice(d *schemas.Device) {
	v := schemas.Values{schemas.FieldID: d.ID, schemas.FieldHostname: d.Hostname, schemas.FieldIP: d.IP, schemas.FieldSite: d.Site,
		schemas.FieldModel: d.Model, schemas.FieldVendor: d.Vendor, schemas.FieldType: d.Type, schemas.FieldDeviceTags: d.Tags}
	var mask uint64
	for m := uint64(deviceBits); m != 0; m &= m - 1 {
		if f := bits.TrailingZeros64(m); v[f] != "" {
			mask |= 1 << f
		}
	}
	s.devices.put(&v, mask)
}

// deviceBits are the fields that a list of devices has.
const deviceBits = 1<<schemas.FieldID | 1<<schemas.FieldHostname | 1<<schemas.FieldIP | 1<<schemas.FieldSite | 1<<schemas.FieldModel |
	1<<schemas.FieldVendor | 1<<schemas.FieldType | 1<<schemas.FieldDeviceTags

func (s *Snapshot) addAccount(a *Account) {
	v := a.values()
	v[schemas.FieldID] = a.ID
	s.accounts.add(&v)
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

// normal says whether hostnames are compared without normalisers.
func (s *Snapshot) normal() bool { return len(s.norm.Domains) == 0 && !s.norm.IDN }

// indexHosts makes the index of the devices by hostname, and their signatures.
func (s *Snapshot) indexHosts() {
	s.byHost, s.signatures = newIndex(s.devices.len()), large(make([]uint64, s.devices.len()))
	signer := newSigner(s.hasher, &s.devices, s.signed)
	normal := s.normal()
	inParts(s.devices.len(), func(begin, end int) {
		for ; begin < end; begin += abreast {
			var room [abreast]uint64
			hosts := room[:min(abreast, end-begin)]
			for n := range hosts {
				i := int32(begin + n)
				if hosts[n], s.signatures[i] = signer.record(i); !normal {
					hosts[n] = s.hasher.host(hostKey(&s.norm, s.devices.get(i, schemas.FieldHostname)))
				}
			}
			s.byHost.near(hosts)
			for n, host := range hosts {
				s.byHost.put(host, int32(begin+n))
			}
		}
	})
}

// index finds the device of each account.
func (s *Snapshot) index() {
	s.indexHosts()
	n := s.accounts.len()
	s.byIdentifier, s.homeless = newIndex(n), newIndex(n)
	s.home, s.byDevice = make([]int32, n), map[int32][]int32{}
	settled := map[int32]bool{} // devices at whose own address some account is
	for i := range int32(n) {
		a := s.AccountAt(i)
		s.home[i] = s.deviceOf(&a)
		if d := s.home[i]; d >= 0 && addressKey(a.IP) == addressKey(s.devices.get(d, schemas.FieldIP)) {
			settled[d] = true
		}
	}
	for i := range int32(n) {
		a := s.AccountAt(i)
		device := s.home[i]
		if device >= 0 && settled[device] && a.IP != "" && addressKey(a.IP) != addressKey(s.devices.get(device, schemas.FieldIP)) {
			device = -2 // of another device of that name, which is not listed
			s.home[i] = device
		}
		if a.Identifier != "" {
			s.byIdentifier.put(s.hasher.text(fold(a.Identifier)), i)
		}
		if device < 0 {
			s.homeless.put(s.hasher.text(hostKey(&s.norm, a.Hostname)), i)
			continue
		}
		s.byDevice[device] = append(s.byDevice[device], i)
	}
}

// deviceOf finds the listed device that an account belongs to: by hostname, and where several
// have it, by the address too.
func (s *Snapshot) deviceOf(a *Account) int32 {
	hosts := s.FindDevices(a.Hostname)
	switch len(hosts) {
	case 0:
		return -1
	case 1:
		return hosts[0]
	}
	found := int32(-2)
	for _, i := range hosts {
		if sameIP(&s.norm, s.devices.get(i, schemas.FieldIP), a.IP) {
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
	out := &Snapshot{DeviceListing: s.DeviceListing, AccountListing: s.AccountListing, HasAccounts: s.HasAccounts, AccountsFault: s.AccountsFault,
		norm: s.norm, hasher: s.hasher, signed: s.signed}
	for i := range s.NumDevices() {
		if d := s.DeviceAt(i); !inactive(schemas.KindDevice, d.ID) {
			out.addDevice(&d)
		}
	}
	for i := range s.NumAccounts() {
		if a := s.AccountAt(i); !inactive(a.Kind(), a.ID) {
			out.addAccount(&a)
		}
	}
	out.index()
	return out
}

// NumDevices is how many devices are listed.
func (s *Snapshot) NumDevices() int32 { return int32(s.devices.len()) }

// NumAccounts is how many credentials and keys are listed.
func (s *Snapshot) NumAccounts() int32 { return int32(s.accounts.len()) }

// DeviceAt is one listed device.
func (s *Snapshot) DeviceAt(i int32) schemas.Device {
	v := s.devices.values(i)
	d := asDevice(v[schemas.FieldID], &v)
	d.Tags = v[schemas.FieldDeviceTags]
	return d
}

// AccountAt is one listed credential or key.
func (s *Snapshot) AccountAt(i int32) Account {
	v := s.accounts.values(i)
	a := Account{ID: v[schemas.FieldID], Identifier: v[schemas.FieldIdentifier], Username: v[schemas.FieldUsername],
		Hostname: v[schemas.FieldHostname], IP: v[schemas.FieldIP], Type: v[schemas.FieldCredentialType], device: -1}
	if s.home != nil {
		a.device = s.home[i]
	}
	return a
}

// Cascade lists the credentials and keys that go with a device.
func (s *Snapshot) Cascade(device int32) []schemas.Item { return s.accountItems(s.byDevice[device]) }

// deviceItems are listed devices as plans and people name them.
func (s *Snapshot) deviceItems(records []int32) []schemas.Item {
	var items []schemas.Item
	for _, i := range records {
		items = append(items, schemas.Item{Kind: schemas.KindDevice, ID: s.devices.get(i, schemas.FieldID), Key: s.devices.get(i, schemas.FieldHostname)})
	}
	return items
}

// accountItems is deviceItems of credentials and keys.
func (s *Snapshot) accountItems(records []int32) []schemas.Item {
	var items []schemas.Item
	for _, i := range records {
		a := s.AccountAt(i)
		items = append(items, schemas.Item{Kind: a.Kind(), ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Type: a.Type, Identifier: a.Identifier})
	}
	return items
}

// Highest are the highest numeric ids of the lists, 0 where ids are no numbers.
func (s *Snapshot) Highest() schemas.Listed {
	var l schemas.Listed
	for i := range s.NumDevices() {
		l.MaxDevice = max(l.MaxDevice, numeric(s.devices.get(i, schemas.FieldID)))
	}
	for i := range s.NumAccounts() {
		l.MaxCredential = max(l.MaxCredential, numeric(s.accounts.get(i, schemas.FieldID)))
	}
	return l
}

func numeric(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}
