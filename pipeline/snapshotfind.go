package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// indexIDs is called by who looks for a record by its id.
func (s *Snapshot) indexIDs() {
	s.idsOnce.Do(func() {
		s.byDeviceID, s.byAccountID = newIndex(s.devices.len()), newIndex(s.accounts.len())
		for i := range s.NumDevices() {
			s.byDeviceID.put(s.hasher.text(s.devices.get(i, schemas.FieldID)), i)
		}
		for i := range s.NumAccounts() {
			s.byAccountID.put(s.hasher.text(s.accounts.get(i, schemas.FieldID)), i)
		}
	})
}

// deviceNumber finds a listed device by id, -1 for none.
func (s *Snapshot) deviceNumber(id string) int32 {
	s.indexIDs()
	return last(s.byDeviceID.find(s.hasher.text(id), func(i int32) bool { return s.devices.get(i, schemas.FieldID) == id }))
}

// accountNumber finds a listed credential or key by id, -1 for none.
func (s *Snapshot) accountNumber(id string) int32 {
	s.indexIDs()
	return last(s.byAccountID.find(s.hasher.text(id), func(i int32) bool { return s.accounts.get(i, schemas.FieldID) == id }))
}

func last(records []int32) int32 {
	if len(records) == 0 {
		return -1
	}
	return records[len(records)-1]
}

// Device finds a listed device by id.
func (s *Snapshot) Device(id string) *schemas.Device {
	if i := s.deviceNumber(id); i >= 0 {
		d := s.DeviceAt(i)
		return &d
	}
	return nil
}

// Account finds a listed credential or key by id.
func (s *Snapshot) Account(id string) *Account {
	if i := s.accountNumber(id); i >= 0 {
		a := s.AccountAt(i)
		return &a
	}
	return nil
}

// FindDevices finds the listed devices of a hostname.
func (s *Snapshot) FindDevices(hostname string) []int32 {
	key := hostKey(&s.norm, hostname)
	return s.byHost.find(s.hasher.host(key), func(i int32) bool { return hostKey(&s.norm, s.devices.get(i, schemas.FieldHostname)) == key })
}

// DeviceNamed is the id of the one listed device of a hostname, "" where there is none, or several, or
// where the id that is given besides is another's.
func (s *Snapshot) DeviceNamed(hostname, id string) string {
	found := s.FindDevices(hostname)
	if len(found) != 1 {
		return ""
	}
	if named := s.devices.get(found[0], schemas.FieldID); id == "" || id == named {
		return named
	}
	return ""
}

// devicesAt finds the listed devices of an address.
func (s *Snapshot) devicesAt(ip string) []int32 {
	s.addressOnce.Do(func() {
		s.byAddress = newIndex(s.devices.len())
		for i := range s.NumDevices() {
			s.byAddress.put(s.hasher.text(addressKey(s.devices.get(i, schemas.FieldIP))), i)
		}
	})
	key := addressKey(ip)
	return s.byAddress.find(s.hasher.text(key), func(i int32) bool { return addressKey(s.devices.get(i, schemas.FieldIP)) == key })
}

// accountsIdentified finds the listed records of an identifier, keys too.
func (s *Snapshot) accountsIdentified(identifier string) []int32 {
	key := fold(identifier)
	return s.byIdentifier.find(s.hasher.text(key), func(i int32) bool { return fold(s.accounts.get(i, schemas.FieldIdentifier)) == key })
}

// accountsHomeless finds the accounts of a hostname whose device is not listed or not sure.
func (s *Snapshot) accountsHomeless(hostname string) []int32 {
	key := hostKey(&s.norm, hostname)
	return s.homeless.find(s.hasher.text(key), func(i int32) bool { return hostKey(&s.norm, s.accounts.get(i, schemas.FieldHostname)) == key })
}

// accountsNamed finds the credentials (keys left aside) of a user on a device.
func (s *Snapshot) accountsNamed(device int32, username string) []int32 {
	return s.named(s.byDevice[device], username)
}

// keysNamed picks a user's keys out of several accounts.
func (s *Snapshot) keysNamed(accounts []int32, username string) []int32 {
	var found []int32
	for _, i := range accounts {
		if fold(s.accounts.get(i, schemas.FieldUsername)) == fold(username) && IsKeyType(s.accounts.get(i, schemas.FieldCredentialType)) {
			found = append(found, i)
		}
	}
	return found
}

// named picks a user's credentials out of several accounts.
func (s *Snapshot) named(accounts []int32, username string) []int32 {
	var found []int32
	for _, i := range accounts {
		if strings.EqualFold(strings.TrimSpace(s.accounts.get(i, schemas.FieldUsername)), strings.TrimSpace(username)) && !IsKeyType(s.accounts.get(i, schemas.FieldCredentialType)) {
			found = append(found, i)
		}
	}
	return found
}
