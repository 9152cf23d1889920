package sinks_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

// TestAFanWritesWhatEachWouldAlone: many rows of strange cells, through the fan in batches and one by one; the
// table holds each cell, guarded, and each row has its hash.
func TestAFanWritesWhatEachWouldAlone(t *testing.T) {
	pieces := []string{"", "a", "plain text", "12", "-12", "=1+1", "'", "@", ",", ";", `"`, "\n", "\r", "\r\n", "\t", " ", "\x00", "ação", "\u00a0", `\.`, strings.Repeat("long ", 40)}
	for _, d := range sinks.Dialects() {
		random := rand.New(rand.NewPCG(1, 2))
		cell := func() string {
			if random.IntN(3) > 0 {
				return "a-usual-cell"
			}
			return pieces[random.IntN(len(pieces))] + pieces[random.IntN(len(pieces))]
		}
		var table, rows, aloneTable, aloneRows bytes.Buffer
		one, err := sinks.NewExport(&table, "csv", d, schemas.Start{Format: schemas.FormatSessions})
		if err != nil {
			t.Fatal(err)
		}
		alone, err := sinks.NewExport(&aloneTable, "csv", d, schemas.Start{Format: schemas.FormatSessions})
		if err != nil {
			t.Fatal(err)
		}
		fan, hashes := sinks.NewFan([]sinks.Export{one, sinks.NewRows(&rows)}), sinks.NewRows(&aloneRows)
		var want [][]string
		for i := range 5000 {
			s := &schemas.SessionRecord{Session: schemas.Session{ID: fmt.Sprint(i), User: cell(), Device: cell(), Start: cell(), ITSM: cell()}, Host: cell(), Revision: 1 + i%2, Supersedes: cell()}
			if err := errors.Join(fan.Session(s), alone.Session(s), hashes.Session(s)); err != nil {
				t.Fatal(err)
			}
			cells := sinks.SessionCells(s)
			want = append(want, nil)
			for _, c := range cells {
				want[i] = append(want[i], strings.ReplaceAll(sinks.Guard(c), "\r\n", "\n")) // as encoding/csv reads it
			}
			if i == 0 || i == 4999 {
				hash, _ := schemas.RowHash(nil, cells[:])
				if line := fmt.Sprintf("%d\t%s\n", i, hash[:]); !strings.Contains(aloneRows.String(), line) {
					t.Errorf("row %d has not the hash %s", i, line)
				}
			}
		}
		if err := errors.Join(fan.Close(), alone.Close(), hashes.Close()); err != nil {
			t.Fatal(err)
		}
		if table.String() != aloneTable.String() || rows.String() != aloneRows.String() {
			t.Errorf("%s: the fan writes other bytes", d)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.String(), "\ufeff")))
		if d == sinks.ForExcel {
			r.Comma = ';'
		}
		got, err := r.ReadAll()
		if err != nil || len(got) != 5001 {
			t.Fatalf("%s: %d rows, %v", d, len(got), err)
		}
		for i := range want {
			if !slices.Equal(got[i+1], want[i]) {
				t.Fatalf("%s: row %d\n%q\n%q", d, i, got[i+1], want[i])
			}
		}
	}
}

// fullAfter is a place that is full after some bytes.
type fullAfter struct{ left int }

var errFull = errors.New("full")

func (f *fullAfter) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestAFanTellsAFullPlace: soon, and at its end whatever came before.
func TestAFanTellsAFullPlace(t *testing.T) {
	s := &schemas.SessionRecord{Session: schemas.Session{ID: "1", User: strings.Repeat("a", 1000)}, Revision: 1}
	for _, rows := range []int{1, 4000} { // the second is more than the batches hold
		full, err := sinks.NewExport(&fullAfter{left: 400}, "csv", sinks.ForMachine, schemas.Start{Format: schemas.FormatSessions})
		if err != nil {
			t.Fatal(err)
		}
		fan := sinks.NewFan([]sinks.Export{full, sinks.NewRows(&bytes.Buffer{})})
		told := false
		for range rows {
			told = errors.Is(fan.Session(s), errFull) || told
		}
		if err := fan.Close(); !errors.Is(err, errFull) || told != (rows > 1) {
			t.Errorf("%d rows: %v, told before: %v", rows, err, told)
		}
	}
}
