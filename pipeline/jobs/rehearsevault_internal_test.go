package jobs

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// listed is a vault that can only be listed.
type listed struct {
	devices   []schemas.Device
	accounts  []schemas.Credential
	announced int // devices, beside what is sent
	cut       int // how often the devices are cut on the way
}

func (l *listed) Devices(_ context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	for i := range l.devices {
		if err := yield(&l.devices[i]); err != nil {
			return schemas.Listing{}, err
		}
	}
	if l.cut--; l.cut >= 0 {
		return schemas.Listing{}, schemas.NewFault(schemas.ClassUnreachable, "list_cut")
	}
	return schemas.Listing{Read: len(l.devices), Announced: len(l.devices) + l.announced}, nil
}

func (l *listed) Credentials(_ context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	for i := range l.accounts {
		if err := yield(&l.accounts[i]); err != nil {
			return schemas.Listing{}, err
		}
	}
	return schemas.Listing{Read: len(l.accounts), Announced: -1}, nil
}

func simulated(t *testing.T, from *listed, memory ...schemas.Remembered) *vaultsim.Vault {
	t.Helper()
	w := &twin{from: from}
	if err := w.read(context.Background(), true); err != nil {
		t.Fatal(err)
	}
	return w.simulate(memory)
}

func estate() *listed {
	return &listed{devices: []schemas.Device{{ID: "7", Hostname: "srv-01", IP: "10.0.0.1", Site: "LAX", Model: "m", Vendor: "v", Type: "t", Tags: "a,b"},
		{ID: "5", Hostname: "twice", IP: "10.0.0.5"}, {ID: "6", Hostname: "TWICE", IP: "10.0.0.6"}},
		accounts: []schemas.Credential{{ID: "11", Username: "root", Hostname: "srv-01", ManagementIP: "10.0.0.1", Identifier: "id-11", Type: "Domain User"},
			{ID: "12", Username: "git", Hostname: "srv-01", ManagementIP: "10.0.0.1", Type: "Chave SSH"},
			{ID: "13", Username: "app", Hostname: "twice", ManagementIP: "10.0.0.6", Type: "Local User"},
			{ID: "14", Username: "root", Hostname: "unseen", ManagementIP: "10.9.9.9", Type: "Local User"}}}
}

func TestASimulatedVaultHoldsWhatIsListed(t *testing.T) {
	v := simulated(t, estate())
	devices := v.Devices()
	want := []vaultsim.Device{{ID: "1", Hostname: "unseen", IP: "10.9.9.9", Hidden: true}, {ID: "5", Hostname: "twice", IP: "10.0.0.5"}, {ID: "6", Hostname: "TWICE", IP: "10.0.0.6"},
		{ID: "7", Hostname: "srv-01", IP: "10.0.0.1", Site: "LAX", Model: "m", Vendor: "v", Type: "t", Tags: "a,b"}}
	if !slices.Equal(devices, want) {
		t.Errorf("devices\n%+v, wanted\n%+v", devices, want)
	}
	var accounts []string
	for _, c := range v.Credentials() {
		accounts = append(accounts, c.ID+" "+c.Username+"@"+c.Hostname+" "+c.IP+" "+c.Identifier+" "+c.Type)
	}
	if want := []string{"11 root@srv-01 10.0.0.1 id-11 Domain User", "13 app@TWICE 10.0.0.6  Local User", "14 root@unseen 10.9.9.9  Local User"}; !slices.Equal(accounts, want) {
		t.Errorf("credentials %q", accounts)
	}
	if keys := v.Keys(); len(keys) != 1 || keys[0].ID != "12" || keys[0].Username != "git" || keys[0].Hostname != "srv-01" {
		t.Errorf("keys %+v", keys)
	}
	if !v.AnyDomain || v.ShowInactive {
		t.Error("domains are not listed, and no record is known to be inactive")
	}
}

// TestWhatTheMemoryKnowsIsSimulated: records that our own runs inactivated can be brought back,
// and those that no list shows are found; what is listed counts for more.
func TestWhatTheMemoryKnowsIsSimulated(t *testing.T) {
	gone := schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindDevice, ID: "3", Key: "old-03"}
	gone.Values[schemas.FieldIP] = "10.0.0.3"
	v := simulated(t, estate(), gone,
		schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindCredential, ID: "21", Key: "ana@corp@old-03", Device: "old-03"},
		schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindKey, ID: "22", Key: "git@old-03", Device: "OLD-03"},
		schemas.Remembered{What: schemas.RememberNotVisible, Kind: schemas.KindDevice, ID: "4", Key: "unseen"},
		schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindDevice, ID: "7", Key: "srv-01"},
		schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindCredential, ID: "23", Key: "x@nobody", Device: "nobody"},
		schemas.Remembered{What: schemas.RememberPrint, Kind: schemas.KindDevice, ID: "9", Key: "srv-09"})
	byID := map[string]vaultsim.Device{}
	for _, d := range v.Devices() {
		byID[d.ID] = d
	}
	if len(byID) != 5 || !byID["3"].Inactive || byID["3"].IP != "10.0.0.3" || !byID["4"].Hidden || byID["4"].Hostname != "unseen" || byID["7"].Inactive {
		t.Errorf("%+v", byID)
	}
	found := 0
	for _, c := range v.Credentials() {
		if c.ID == "21" && c.Username == "ana@corp" && c.Hostname == "old-03" && c.Inactive {
			found++
		}
		if c.ID == "23" {
			t.Error("a credential of a device that nobody knows")
		}
	}
	for _, k := range v.Keys() {
		if k.ID == "22" && k.Username == "git" && k.Hostname == "old-03" && k.Inactive {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%+v %+v", v.Credentials(), v.Keys())
	}
}

func TestAVaultThatListsTheInactiveIsSimulatedAsSuch(t *testing.T) {
	v := simulated(t, estate(), schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindDevice, ID: "7", Key: "srv-01", Listed: true})
	if devices := v.Devices(); !v.ShowInactive || !devices[3].Inactive || devices[2].Inactive {
		t.Errorf("%v %+v", v.ShowInactive, devices)
	}
}

func TestACountIsAnnouncedAsWronglyAgain(t *testing.T) {
	from := estate()
	from.announced = -2
	if v := simulated(t, from); v.AnnounceDelta["devices"] != -2 || v.AnnounceDelta["credentials"] != 0 {
		t.Error(v.AnnounceDelta)
	}
}

// TestAListThatWasCutIsKeptOnce: what came before the cut is not kept twice.
func TestAListThatWasCutIsKeptOnce(t *testing.T) {
	from := estate()
	from.cut = 2
	if v := simulated(t, from); len(v.Devices()) != 4 {
		t.Errorf("%+v", v.Devices())
	}
	from.cut = 3
	if err := (&twin{from: from}).read(context.Background(), false); err == nil {
		t.Error("a list that is always cut was believed")
	}
}

func TestTheLatencyIsTheMiddleOne(t *testing.T) {
	times := []time.Duration{3, 900, 5}
	w := &twin{from: estate(), touch: func(_ context.Context, device string) (time.Duration, error) {
		if device != "7" {
			t.Errorf("device %s was asked for", device)
		}
		d := times[0]
		times = times[1:]
		return d, nil
	}}
	if err := w.read(context.Background(), false); err != nil || w.latency != 5 {
		t.Errorf("%v, %v", w.latency, err)
	}
	w.latency, w.touch = 0, func(context.Context, string) (time.Duration, error) { return 0, errors.New("refused") }
	if err := w.read(context.Background(), false); err != nil || w.latency != 0 {
		t.Errorf("%v, %v: a rehearsal does not need to know", w.latency, err)
	}
}
