package sources_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sinks/book"
)

// invisible is what readers take off the ends of a cell: no value here has it there.
const invisible = " \t\r\n\v\f\u00a0\u200b\ufeff\u2007\u202f"

// form is one way of writing devices, and of reading them again.
type form struct {
	name  string
	write func(t *testing.T, w io.Writer, all []schemas.Device)
	in    input
	// holds says whether a value can be written in this form at all.
	holds func(value string) bool
}

func forms() []form {
	member := map[schemas.Field]string{}
	for _, f := range written() {
		member[f] = "device." + f.String()
	}
	anything := func(string) bool { return true }
	return []form{
		{name: "CSV for machines", write: exported("csv", sinks.ForMachine), holds: anything},
		{name: "CSV for Excel", write: exported("csv", sinks.ForExcel), holds: anything},
		{name: "JSON Lines", write: exportedLines, holds: anything, in: input{columns: member}},
		{name: "workbook", write: templated, holds: book.Holds},
	}
}

// written are the fields of a device that may hold any text: an address is taken apart by the reader.
func written() []schemas.Field {
	return []schemas.Field{schemas.FieldHostname, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType}
}

// TestWhatIsWrittenIsRead: whatever the text, what our writers write our readers give back.
func TestWhatIsWrittenIsRead(t *testing.T) {
	values := 100_000
	if testing.Short() {
		values = 2_000
	}
	random := rand.New(rand.NewPCG(20261102, 7))
	all := make([]schemas.Device, values/len(written()))
	for i := range all {
		all[i] = schemas.Device{ID: strconv.Itoa(i + 1), Hostname: someText(random), Site: someText(random), Model: someText(random), Vendor: someText(random), Type: someText(random)}
	}
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) { f.goesRound(t, all) })
	}
}

func (f *form) goesRound(t *testing.T, all []schemas.Device) {
	var fit []schemas.Device
	for _, d := range all {
		if f.holds(d.Hostname) && f.holds(d.Site) && f.holds(d.Model) && f.holds(d.Vendor) && f.holds(d.Type) {
			fit = append(fit, d)
		}
	}
	if len(fit) < len(all)*9/10 {
		t.Fatalf("%d of %d devices can be written", len(fit), len(all))
	}
	var b bytes.Buffer
	f.write(t, &b, fit)
	f.in.text = b.String()
	s, err := f.in.open(t)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Read(func(row *schemas.Row) error {
		if n < len(fit) {
			same(t, row, &fit[n])
		}
		n++
		return nil
	})
	if err != nil || n != len(fit) {
		t.Fatalf("%d rows of %d, %v", n, len(fit), err)
	}
}

func same(t *testing.T, row *schemas.Row, d *schemas.Device) {
	if len(row.Problems) > 0 || row.LeftOut || row.Hidden {
		t.Errorf("row %d: %v", row.Number, row.Problems)
	}
	for _, f := range written() {
		if got, want := row.Values[f], d.Value(f); got != want {
			t.Errorf("row %d: %s was written %q, and is read %q", row.Number, f, want, got)
		}
	}
}

func exported(format string, dialect sinks.Dialect) func(*testing.T, io.Writer, []schemas.Device) {
	return func(t *testing.T, w io.Writer, all []schemas.Device) {
		e, err := sinks.NewExport(w, format, dialect, schemas.Start{Format: schemas.FormatDevices})
		for i := range all {
			if err == nil {
				err = e.Device(&all[i])
			}
		}
		if err == nil {
			err = e.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// exportedLines are the records of an export alone, without its first line and its seal.
func exportedLines(t *testing.T, w io.Writer, all []schemas.Device) {
	var b bytes.Buffer
	exported("jsonl", sinks.ForMachine)(t, &b, all)
	lines := bytes.SplitAfter(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n"))
	if _, err := w.Write(bytes.Join(lines[1:len(lines)-1], nil)); err != nil || len(lines) != len(all)+2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
}

func templated(t *testing.T, w io.Writer, all []schemas.Device) {
	if err := book.Template(w, words.English, book.Inventory{Devices: all, Made: "2026-11-02T15:04:05Z"}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
}

// someText is a text that a field may hold: of any letters, or like something else that a spreadsheet
// or a reader would make of it.
func someText(random *rand.Rand) string {
	pick := func(all ...string) string { return all[random.IntN(len(all))] }
	var b strings.Builder
	switch random.IntN(4) {
	case 0:
		b.WriteString(pick("'", "''", "=", "+", "-", "@", "'=", "'+", "''-", "\"", "\"\"", ",", ";", "|", "\\", "#", "sep=", "\\.", "{", "[", "<", "&amp;", "_x0041_", "_x005F_"))
	case 1:
		return pick("TRUE", "false", "null", "NaN", "1e5", "1E400", "-0", "+3.5", "-12", "007", "1/2", "3-4", "mar-24", "2026-11-02", "02/11/2026 15:04", "10:30", "12%", "R$ 1.000,00", "12345678901234567890",
			"0x1F", "=1+1", "'", "''", "'=", "-", "--", "=", "+", "@", "\"", "\"\"", ",", ";", "¿", "_x000D_", "&#10;", "<b>", "]]>", "{}", "[]", "\\n", "a\nb", "a\n\nb\nc", "\ufffd", "\u2028", "é", "e\u0301", "😀", "\U0010ffff")
	}
	for range 1 + random.IntN(24) {
		b.WriteString(someRune(random))
	}
	text := strings.Trim(b.String(), invisible)
	if text == "" {
		return "x"
	}
	return text
}

// someRune is a letter of any script, or one of the signs that formats live by.
func someRune(random *rand.Rand) string {
	const signs = "',;|\"\n =+-@<>&_x0041_\\/{}[]:#%"
	switch random.IntN(5) {
	case 0:
		return string(rune(signs[random.IntN(len(signs))]))
	case 1:
		return string(rune('0' + random.IntN(10)))
	case 2:
		return string(rune('a' + random.IntN(26)))
	case 3:
		return letter(random, 0x3000)
	}
	return letter(random, unicode.MaxRune)
}

// letter is a sign below the highest that is no control sign, and no half of a pair.
func letter(random *rand.Rand, highest int) string {
	for {
		if r := rune(random.IntN(highest + 1)); !unicode.IsControl(r) && (r < 0xd800 || r > 0xdfff) {
			return string(r)
		}
	}
}
