package jobs

import (
	"math/rand/v2"
	"testing"
	"time"

	"pamsync/schemas"
)

// TestWallTimesAreThoseOfTheLibrary: in zones whose clocks change by an hour or by half of one, at midnight or
// at night, the quick way gives what the slow one does.
func TestWallTimesAreThoseOfTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	for _, name := range []string{"America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"} {
		w, err := newWindow(ExportOptions{}, name)
		if err != nil {
			t.Fatal(err)
		}
		for range 20_000 {
			text := time.Unix(random.Int64N(60*365*86400)+366*86400, 0).UTC().Format(wallClock)
			quick, ok := w.instant(text)
			slow, known := w.time(text)
			if ok != known || quick != slow.Unix() {
				t.Fatalf("%s in %s: %d, %v, wanted %d, %v", text, name, quick, ok, slow.Unix(), known)
			}
			if got, want := string(w.wall.appendUTC(nil, quick)), slow.UTC().Format("2006-01-02T15:04:05Z"); got != want {
				t.Fatalf("%s in %s: %s, wanted %s", text, name, got, want)
			}
		}
	}
}

// TestTimesFarAway: before the clock that computers count from, and behind the last year of four digits.
func TestTimesFarAway(t *testing.T) {
	w := newWallTimes(time.UTC)
	for unix, want := range map[int64]string{-1: "1969-12-31T23:59:59Z", 0: "1970-01-01T00:00:00Z", yearTenThousand - 1: "9999-12-31T23:59:59Z", yearTenThousand: "10000-01-01T00:00:00Z"} {
		if got := string(w.appendUTC(nil, unix)); got != want {
			t.Errorf("%d: %s, wanted %s", unix, got, want)
		}
	}
}

// TestWhatIsNoTime: texts that no clock shows, and those that one shows in the hour that comes twice.
func TestWhatIsNoTime(t *testing.T) {
	w, err := newWindow(ExportOptions{}, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "2026-02-30 10:00:00", "2026-13-01 10:00:00", "2026-01-01 24:00:00", "2026-01-01 10:60:00", "2026-01-01T10:00", "not a time at all!!"} {
		if at, ok := w.instant(text); ok {
			t.Errorf("%q is read as %d", text, at)
		}
	}
	for _, c := range []struct{ start, end, length, wantEnd, wantLength string }{
		{"2026-11-01 01:50:00", "2026-11-01 01:10:00", "00:20:00", "2026-11-01T06:10:00Z", "1200"}, // the hour comes twice
		{"2026-11-01 00:50:00", "2026-11-01 01:10:00", "00:20:00", "2026-11-01T05:10:00Z", "1200"},
		{"2026-03-08 01:50:00", "2026-03-08 03:10:00", "00:20:00", "2026-03-08T07:10:00Z", "1200"}, // an hour is left out
		{"2026-06-30 23:59:50", "2026-07-01 00:00:10", "", "2026-07-01T04:00:10Z", "20"},           // over the end of a quarter
		{"2026-06-30 23:59:50", "", "", "", ""},                                                    // not over
		{"2026-06-30 23:59:50", "2026-06-30 23:59:40", "", "2026-07-01T03:59:40Z", ""},             // ends before it starts
	} {
		r := w.derive(&schemas.Session{Start: c.start, End: c.end, Time: c.length})
		if r.EndUTC != c.wantEnd || r.DurationS != c.wantLength {
			t.Errorf("%s to %s: %s, %s s; wanted %s, %s s", c.start, c.end, r.EndUTC, r.DurationS, c.wantEnd, c.wantLength)
		}
	}
}

// TestTimesInOtherSpellings: a fraction of a second and an hour of one digit are read as they stand; only what a
// clock change skips is later than it says.
func TestTimesInOtherSpellings(t *testing.T) {
	for _, c := range []struct{ zone, text, want string }{
		{"America/Sao_Paulo", "2024-03-01 10:00:00.250", "2024-03-01T13:00:00.25Z"},
		{"America/Sao_Paulo", "2024-03-01 9:00:00", "2024-03-01T12:00:00Z"},
		{"America/Sao_Paulo", "2024-03-01T10:00:00", "2024-03-01T13:00:00Z"},
		{"America/Sao_Paulo", "2024-03-01T10:00:00-05:00", "2024-03-01T15:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04 00:30:00", "2018-11-04T03:30:00Z"}, // there is no such hour
		{"America/Sao_Paulo", "2018-11-04 0:30:00.5", "2018-11-04T03:30:00.5Z"},
		{"America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T03:30:00Z"},
		{"Australia/Lord_Howe", "2024-10-06 02:15:00", "2024-10-05T15:45:00Z"}, // half an hour is left out
		{"Europe/Lisbon", "2024-03-31 01:30:00", "2024-03-31T01:30:00Z"},
	} {
		w, err := newWindow(ExportOptions{}, c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := w.time(c.text); !ok || at.UTC().Format(time.RFC3339Nano) != c.want {
			t.Errorf("%s in %s: %v, wanted %s", c.text, c.zone, at.UTC(), c.want)
		}
	}
	w, err := newWindow(ExportOptions{To: "2024-03-01 10:00:00"}, "America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	if !w.holds(&schemas.Session{Start: "2024-03-01 9:30:00"}) || w.holds(&schemas.Session{Start: "2024-03-01 10:00:01.5"}) {
		t.Error("a session stands on the wrong side of --to")
	}
}

// TestTheLengthTellsWhichHourIsMeant: of an hour that comes twice, by the start or by the end, west and east of
// Greenwich; the row adds up, and the period has the session where the row says.
func TestTheLengthTellsWhichHourIsMeant(t *testing.T) {
	for _, c := range []struct{ zone, start, end, length, wantStart, wantEnd string }{
		{"America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-18 00:10:00", "00:40:00", "2018-02-18T02:30:00Z", "2018-02-18T03:10:00Z"},
		{"America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-18 00:10:00", "01:40:00", "2018-02-18T01:30:00Z", "2018-02-18T03:10:00Z"},
		{"America/Sao_Paulo", "2018-02-17 23:50:00", "2018-02-17 23:10:00", "00:20:00", "2018-02-18T01:50:00Z", "2018-02-18T02:10:00Z"},
		{"America/Sao_Paulo", "2018-02-17 23:30:00.5", "2018-02-18 0:10:00", "00:40:00", "2018-02-18T02:30:00Z", "2018-02-18T03:10:00Z"},
		{"Europe/Lisbon", "2024-10-27 01:30:00", "2024-10-27 02:10:00", "01:40:00", "2024-10-27T00:30:00Z", "2024-10-27T02:10:00Z"},
		{"Europe/Lisbon", "2024-10-27 01:30:00", "2024-10-27 02:10:00", "00:40:00", "2024-10-27T01:30:00Z", "2024-10-27T02:10:00Z"},
		{"Europe/Lisbon", "2024-10-27 00:50:00", "2024-10-27 01:10:00", "00:20:00", "2024-10-26T23:50:00Z", "2024-10-27T00:10:00Z"},
		{"Europe/Lisbon", "2024-10-27 01:50:00", "2024-10-27 01:10:00", "00:20:00", "2024-10-27T00:50:00Z", "2024-10-27T01:10:00Z"},
		{"Australia/Lord_Howe", "2024-04-07 01:40:00", "2024-04-07 02:10:00", "00:30:00", "2024-04-06T15:10:00Z", "2024-04-06T15:40:00Z"},
	} {
		w, err := newWindow(ExportOptions{}, c.zone)
		if err != nil {
			t.Fatal(err)
		}
		s := &schemas.Session{Start: c.start, End: c.end, Time: c.length}
		r := w.derive(s)
		if r.StartUTC != c.wantStart || r.EndUTC != c.wantEnd || w.times.End-w.times.Start != r.Seconds {
			t.Errorf("%s to %s in %s: %s to %s, %s s; wanted %s to %s", c.start, c.end, c.zone, r.StartUTC, r.EndUTC, r.DurationS, c.wantStart, c.wantEnd)
		}
		for by, at := range map[string]string{"start": c.wantStart, "end": c.wantEnd} {
			if w, err = newWindow(ExportOptions{From: at, To: at, By: by}, c.zone); err != nil || !w.holds(s) {
				t.Errorf("%s to %s in %s: not within its own %s %s, %v", c.start, c.end, c.zone, by, at, err)
			}
		}
	}
}
