package jobs_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	readers "pamsync/sources"
)

const millionRows = 1_000_000

// BenchmarkReadMillionCSV reads 1,000,000 × 6 cells, maps and judges every one, and keeps the inventory;
// encoding/csv reads the same file in turn and does nothing with it. times-csv is our time in its own.
func BenchmarkReadMillionCSV(b *testing.B) {
	path := filepath.Join(b.TempDir(), "d.csv")
	writeLines(b, path, "hostname,ip,site,model,vendor,type\n", "", func(w io.Writer, i int) {
		fmt.Fprintf(w, "srv-%07d.corp.example,10.%d.%d.%d,SP-Barueri,Windows Server 2019,Microsoft,Server\n", i, i>>16, i>>8&255, i&255)
	})
	inTurn(b, "csv", path, func() { plainCSV(b, path) })
}

// BenchmarkReadMillionJSON does the same with 1,000,000 records of ServiceNow, beside a decoder of
// encoding/json that streams them into a struct.
func BenchmarkReadMillionJSON(b *testing.B) {
	path := filepath.Join(b.TempDir(), "cmdb.json")
	writeLines(b, path, `{"result":[`, "]}", func(w io.Writer, i int) {
		comma := ","
		if i == millionRows-1 {
			comma = ""
		}
		fmt.Fprintf(w, `{"name":"srv-%07d.corp.example","ip_address":"10.%d.%d.%d","location":{"display_value":"SP-Barueri","link":"https://x"},`+
			`"model_id":{"display_value":"Windows Server 2019","link":"https://x"},"manufacturer":{"display_value":"Microsoft","link":"https://x"},`+
			`"sys_class_name":"Server","operational_status":"1"}%s`, i, i>>16, i>>8&255, i&255, comma)
	})
	inTurn(b, "json", path, func() { plainJSON(b, path) })
}

func writeLines(b *testing.B, path, head, tail string, line func(io.Writer, int)) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	w.WriteString(head)
	for i := range millionRows {
		line(w, i)
	}
	w.WriteString(tail)
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
}

// inTurn reads the file with pamsync and with the other reader, one after the other.
func inTurn(b *testing.B, other, path string, read func()) {
	var ours, theirs, unkept time.Duration
	var peak uint64
	for b.Loop() {
		begin := time.Now()
		readOurs(b, path, true)
		ours += time.Since(begin)
		begin = time.Now()
		read()
		theirs += time.Since(begin)
		runtime.GC()
		begin = time.Now()
		peak = max(peak, readOurs(b, path, false))
		unkept += time.Since(begin)
	}
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/ours")
	b.ReportMetric(unkept.Seconds()/float64(b.N), "s/unkept")
	b.ReportMetric(theirs.Seconds()/float64(b.N), "s/"+other)
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "times-"+other)
	b.ReportMetric(float64(peak)/(1<<20), "MiB-unkept")
}

// readOurs reads and maps the file; kept tells that an inventory is made of it and validated. It gives
// the largest heap that it saw, where nothing is kept.
func readOurs(b *testing.B, path string, kept bool) (peak uint64) {
	b.Helper()
	s, err := readers.Open(schemas.SourceConfig{Name: "in", Path: path, Format: "auto"}, readers.Options{Kind: schemas.KindDevice})
	if err != nil {
		b.Fatal(err)
	}
	inv := pipeline.NewInventory(nil, schemas.Normalize{})
	inv.AddSource(pipeline.SourceInfo{Kind: schemas.KindDevice, Name: "in", Locate: s.Locate})
	n := 0
	var m runtime.MemStats
	err = s.Read(func(row *schemas.Row) error {
		if n++; kept {
			inv.Load(row)
		} else if n%100_000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
		return nil
	})
	if err != nil || n != millionRows {
		b.Fatal(n, err)
	}
	if kept {
		if problems := pipeline.Validate(inv, pipeline.Policy{}); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
	return peak
}

func plainCSV(b *testing.B, path string) {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.ReuseRecord = true
	for n := 0; ; n++ {
		if _, err := r.Read(); err == io.EOF {
			if n != millionRows+1 {
				b.Fatal(n)
			}
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// plainRecord is what a plain decoder would take of a record.
type plainRecord struct {
	Name         string    `json:"name"`
	IP           string    `json:"ip_address"`
	Location     reference `json:"location"`
	Model        reference `json:"model_id"`
	Manufacturer reference `json:"manufacturer"`
	Class        string    `json:"sys_class_name"`
}

type reference struct {
	Display string `json:"display_value"`
}

func plainJSON(b *testing.B, path string) {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	d := json.NewDecoder(bufio.NewReaderSize(file, 256<<10))
	for range 3 { // { "result" [
		if _, err := d.Token(); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for ; d.More(); n++ {
		var record plainRecord
		if err := d.Decode(&record); err != nil {
			b.Fatal(err)
		}
	}
	if n != millionRows {
		b.Fatal(n)
	}
}
