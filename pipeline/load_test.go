package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"pamsync/schemas"
)

// BenchmarkLoad keeps the rows of an inventory of devices, ten thousand different ones.
func BenchmarkLoad(b *testing.B) {
	rows := make([]schemas.Values, 10_000)
	for i := range rows {
		rows[i] = schemas.Values{schemas.FieldHostname: fmt.Sprintf("srv-%07d.corp.example", i), schemas.FieldIP: fmt.Sprintf("10.1.%d.%d", i>>8, i&255),
			schemas.FieldSite: []string{"LAX 1", "SP-Barueri", "RJ-Centro", "Frankfurt FR5"}[i%4], schemas.FieldModel: []string{"CentOS 7", "Windows Server 2019"}[i%2],
			schemas.FieldVendor: []string{"Red Hat", "Microsoft", "Cisco"}[i%3], schemas.FieldType: "Server"}
	}
	for b.Loop() {
		inv := NewInventory(nil, schemas.Normalize{})
		inv.AddSource(SourceInfo{Kind: schemas.KindDevice, Name: "d.csv"})
		row := schemas.Row{Kind: schemas.KindDevice}
		for i := range rows {
			row.Number, row.Values = i+2, rows[i]
			inv.Load(&row)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)), "ns/row")
}

func TestControlCharactersAreFoundAnywhere(t *testing.T) {
	for n := range 20 {
		plain := strings.Repeat("a", n)
		if hasControl(plain) || hasControl(plain+"é") {
			t.Errorf("a control character in %q", plain)
		}
		for at := range n {
			for _, bad := range []string{"\x00", "\x1f", "\x7f", "\n", "\u0085", "\u009f"} {
				if text := plain[:at] + bad + plain[at:]; !hasControl(text) || !hasControl("é"+text) {
					t.Errorf("no control character in %q", text)
				}
			}
			for _, good := range []string{" ", "~", "é", "\u00a0", "💡"} {
				if text := plain[:at] + good + plain[at:]; hasControl(text) {
					t.Errorf("a control character in %q", text)
				}
			}
		}
	}
}
