package sources_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

func benchmarkRead(b *testing.B, name, text string, rows int) {
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := sources.Open(schemas.SourceConfig{Name: name, Path: path, Format: "auto"}, sources.Options{Kind: schemas.KindDevice})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if err := s.Read(func(*schemas.Row) error { n++; return nil }); err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadCSV100k(b *testing.B) {
	var t strings.Builder
	t.WriteString("hostname,ip,site,model,vendor,type\n")
	for i := range 100_000 {
		fmt.Fprintf(&t, "srv-%06d.corp.example,10.%d.%d.%d,SP-Barueri,Windows Server 2019,Microsoft,Server\n", i, i>>16, i>>8&255, i&255)
	}
	benchmarkRead(b, "d.csv", t.String(), 100_000)
}

// BenchmarkReadXLSX100k reads a workbook of 100,000 rows of 6 columns, mapped.
func BenchmarkReadXLSX100k(b *testing.B) {
	rows := make([][]any, 0, 100_001)
	rows = append(rows, anys("hostname", "ip", "site", "model", "vendor", "type"))
	for i := range 100_000 {
		rows = append(rows, anys(fmt.Sprintf("srv-%06d.corp.example", i), fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), "SP-Barueri", "Windows Server 2019", "Microsoft", "Server"))
	}
	benchmarkRead(b, "d.xlsx", workbook(b, "", page{name: "Servers", rows: rows}), 100_000)
}

func BenchmarkReadJSON100k(b *testing.B) {
	var t strings.Builder
	t.WriteString(`{"result":[`)
	for i := range 100_000 {
		if i > 0 {
			t.WriteByte(',')
		}
		fmt.Fprintf(&t, `{"name":"srv-%06d.corp.example","ip_address":"10.%d.%d.%d","location":{"display_value":"SP-Barueri","link":"https://x"},`+
			`"model_id":{"display_value":"Windows Server 2019","link":"https://x"},"manufacturer":{"display_value":"Microsoft","link":"https://x"},`+
			`"sys_class_name":"Server","operational_status":"1"}`, i, i>>16, i>>8&255, i&255)
	}
	t.WriteString("]}")
	benchmarkRead(b, "cmdb.json", t.String(), 100_000)
}
