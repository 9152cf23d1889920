package pipeline_test

import (
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestTheMarkOfKeysInNames: users and devices may be called with the sign that parts a key's name from its identifier.
// Their keys go and come back as any other, and none is taken for that of another user or device.
func TestTheMarkOfKeysInNames(t *testing.T) {
	for _, names := range [][4]string{{"svc #1", benchHome, "svc #2", benchHome}, {"svc", "rack #1", "svc", "rack #2"}} {
		b := newBench(t, schemas.KindKey)
		for i, host := range []string{"rack #1", "rack #2"} {
			b.w.sim.AddDevice(vaultsim.Device{Hostname: host, IP: "10.0.2." + string(rune('1'+i)), Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
		}
		row := func(username, hostname, identifier string) schemas.Row {
			return with(with(with(b.row("x"), schemas.FieldUsername, username), schemas.FieldHostname, hostname), schemas.FieldIdentifier, identifier)
		}
		one, other := row(names[0], names[1], "id-1"), row(names[2], names[3], "")
		beside := row(names[0], names[1], "id-2")
		rest := b.rows("c", "d", "e")
		state := func() (all []string) {
			for _, k := range b.w.sim.Keys() {
				if k.Username[0] == 's' {
					all = append(all, map[bool]string{true: "gone", false: "here"}[k.Inactive])
				}
			}
			return all
		}
		for i, night := range []struct {
			rows []schemas.Row
			want int
			left string
		}{
			{[]schemas.Row{one}, 4, "here"},
			{nil, 1, "gone"},
			{[]schemas.Row{other}, 1, "gone here"},
			{[]schemas.Row{one, other}, 1, "here here"},
			{[]schemas.Row{one, beside, other}, 1, "here here here"},
			{[]schemas.Row{beside, other}, 1, "gone here here"},
			{[]schemas.Row{one, beside, other}, 1, "here here here"},
			{[]schemas.Row{one, beside, other}, 0, "here here here"},
		} {
			b.mustEnd(b.night(append(night.rows, rest...)...), "", night.want)
			got := ""
			for _, s := range state() {
				got += " " + s
			}
			if got != " "+night.left {
				t.Errorf("%s@%s, night %d: %s, wanted %s", names[0], names[1], i+1, got, night.left)
			}
		}
	}
}
