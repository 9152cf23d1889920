package pipeline

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pamsync/schemas"
)

// TestDeviceOrder holds the order against its definition: by device, kind and key without case,
// then by id, and what is equal in all stays as it came.
func TestDeviceOrder(t *testing.T) {
	order := map[schemas.Kind]int{schemas.KindDevice: 0, schemas.KindCredential: 1, schemas.KindKey: 2}
	kinds := []schemas.Kind{schemas.KindKey, schemas.KindCredential, schemas.KindDevice, "another"}
	devices := []string{"", "a", "A ", "ab", "ab\x00", "srv-0000", "srv-00000", "SRV-00000", "srv-0000\x01", "srv-000000001", "São Paulo", "são paulo", "\xff", "ß"}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		p := &planner{plan: &schemas.Plan{}}
		for i := range n {
			device := devices[r.IntN(len(devices))]
			c := schemas.Change{Kind: kinds[r.IntN(len(kinds))], Device: device, Key: device, Rows: []schemas.RowRef{{Row: i}}}
			if r.IntN(2) == 0 {
				c.Key = fmt.Sprintf("%c@%s", "rR"[r.IntN(2)], device)
			}
			p.plan.Changes = append(p.plan.Changes, c)
		}
		want := slices.Clone(p.plan.Changes)
		for i := range want {
			want[i].Identify()
		}
		slices.SortStableFunc(want, func(a, b schemas.Change) int {
			return cmp.Or(cmp.Compare(fold(a.Device), fold(b.Device)), cmp.Compare(order[a.Kind], order[b.Kind]),
				cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.ID, b.ID))
		})
		if p.sortChanges(); !reflect.DeepEqual(p.plan.Changes, want) {
			t.Fatalf("%d changes are not in the order of devices", n)
		}
	}
}

func BenchmarkSort70k(b *testing.B) {
	var changes []schemas.Change
	for i := range 70_000 {
		key := fmt.Sprintf("ams-aixapp-%06d.corp.example.com", i)
		c := schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: key, Device: key, VaultID: fmt.Sprint(i),
			Fields: []schemas.FieldChange{{Field: schemas.FieldModel, Before: "Catalyst 9300, 48-port PoE+", After: "AIX 7.2"}}}
		c.Send = schemas.Send(schemas.Values{schemas.FieldHostname: key, schemas.FieldModel: "AIX 7.2"})
		changes = append(changes, c)
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
	p := &planner{plan: &schemas.Plan{Changes: make([]schemas.Change, len(changes))}}
	b.ReportAllocs()
	for b.Loop() {
		copy(p.plan.Changes, changes)
		p.sortChanges()
	}
}
