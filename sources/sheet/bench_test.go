package sheet_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pamsync/sources/sheet"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// large makes a workbook of rows × 6 cells, and gives its path: inline texts as excelize's stream
// writer writes them, or shared ones, of which each second is new.
func large(b *testing.B, rows int, shared bool) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "large.xlsx")
	if shared {
		if err := os.WriteFile(path, sharedBook(b, rows), 0o600); err != nil {
			b.Fatal(err)
		}
		return path
	}
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := 1; i <= rows; i++ {
		cells := []any{fmt.Sprintf("srv-%07d", i), fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255), "Server", "Dell", "PowerEdge R740", "LAX"}
		if err := w.SetRow(fmt.Sprintf("A%d", i), cells); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		b.Fatal(err)
	}
	return path
}

func sharedBook(b *testing.B, rows int) []byte {
	var table, cells strings.Builder
	table.WriteString(`<sst xmlns="` + mainSpace + `">`)
	n := 0
	add := func(text string) int { table.WriteString("<si><t>" + text + "</t></si>"); n++; return n - 1 }
	common := []int{add("Server"), add("Dell"), add("PowerEdge R740"), add("LAX")}
	cells.WriteString(`<worksheet xmlns="` + mainSpace + `"><sheetData>`)
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&cells, `<row r="%d">`, i)
		for j, index := range append([]int{add(fmt.Sprintf("srv-%07d", i)), add(fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255))}, common...) {
			fmt.Fprintf(&cells, `<c r="%s%d" t="s"><v>%d</v></c>`, sheet.ColumnName(j+1), i, index)
		}
		cells.WriteString(`</row>`)
	}
	cells.WriteString(`</sheetData></worksheet>`)
	table.WriteString(`</sst>`)
	return pack(b, parts(map[string]string{"xl/sharedStrings.xml": table.String(), "xl/worksheets/sheet1.xml": cells.String()}))
}

// peakHeap calls work and tells the most memory that was in use meanwhile, in MiB above what was
// in use before.
func peakHeap(work func()) float64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	inUse := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64() + sample[1].Value.Uint64()
	}
	before, peak := inUse(), uint64(0)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, inUse())
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	work()
	close(stop)
	<-ended
	return float64(peak-min(before, peak)) / (1 << 20)
}

// BenchmarkRead reads sheets of 6 columns, ours three times beside excelize's Rows with
// RawCellValue once, in turn, and tells the median of ours, and how many times faster it is.
func BenchmarkRead(b *testing.B) {
	const million = 1_000_000
	for _, c := range []struct {
		name   string
		rows   int
		shared bool
	}{{"inline_100k", million / 10, false}, {"inline_1M", million, false}, {"shared_1M", million, true}} {
		path := large(b, c.rows, c.shared)
		b.Run(c.name, func(b *testing.B) {
			var ours []time.Duration
			var theirs time.Duration
			var peak, theirPeak float64
			for b.Loop() {
				for range 3 {
					start := time.Now()
					peak = max(peak, peakHeap(func() { readOurs(b, path, c.rows*6) }))
					ours = append(ours, time.Since(start))
				}
				start := time.Now()
				theirPeak = max(theirPeak, peakHeap(func() { readExcelize(b, path, c.rows*6) }))
				theirs += time.Since(start)
			}
			slices.Sort(ours)
			median, excelize := ours[len(ours)/2].Seconds(), theirs.Seconds()/float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median, "s")
			b.ReportMetric(excelize, "excelize-s")
			b.ReportMetric(excelize/median, "times-faster")
			b.ReportMetric(peak, "peak-MiB")
			b.ReportMetric(theirPeak, "excelize-MiB")
		})
	}
}

func readOurs(b *testing.B, path string, want int) {
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	book, err := sheet.Open(file, info.Size())
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	cells := 0
	if err := book.Rows(&book.Sheets[0], func(r *sheet.Row) error { cells += len(r.Cells); return nil }); err != nil || cells != want {
		b.Fatal(cells, err)
	}
	if err := book.Verify(); err != nil {
		b.Fatal(err)
	}
}

func readExcelize(b *testing.B, path string, want int) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	cells := 0
	for rows.Next() {
		row, err := rows.Columns()
		if err != nil {
			b.Fatal(err)
		}
		cells += len(row)
	}
	if err := rows.Close(); err != nil || cells != want {
		b.Fatal(cells, err)
	}
}
