package pipeline_test

import (
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestKeysAreInstalledOnce: a key goes once to a device that is registered by now, and not again each night to one
// that refuses it, nor because another device's name begins as the name of one that has the key.
func TestKeysAreInstalledOnce(t *testing.T) {
	b := newBench(t, schemas.KindKey)
	b.w.sim.NoKeysOn = "srv-2"
	register := func(hostname string) {
		b.w.sim.AddDevice(vaultsim.Device{Hostname: hostname, IP: "10.0.2." + hostname[4:], Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
	}
	register("srv-1")
	rows := b.rows("b", "c", "d")
	night := func(devices string, want int) {
		t.Helper()
		b.mustEnd(b.night(append([]schemas.Row{with(b.row("a"), schemas.FieldDevices, devices)}, rows...)...), "", want)
	}
	const three = "srv-1,srv-10,srv-2"
	night(three, 4) // srv-10 and srv-2 are not registered
	night(three, 0) // srv-1 is, and is no srv-10
	register("srv-2")
	night(three, 1)
	night(three, 0) // it refuses
	register("srv-10")
	night(three, 1) // srv-10 takes it, srv-2 refuses again
	night(three, 0)
	night("srv-2", 1) // another list of devices
	night("srv-2", 1) // it is registered, and nobody knows yet that it refuses
	night("srv-2", 0)
	b.w.sim.NoKeysOn = ""
	night("srv-2", 0)
	night("srv-2,srv-1", 1)
	night("srv-2,srv-1", 0)
	if got := b.w.sim.Keys()[0].Devices; len(got) != 2 {
		t.Errorf("it is installed on %v", got)
	}
}
