package schemas_test

import (
	"testing"
	"time"

	"pamsync/schemas"
)

func TestStagesAreReadAndWrittenAlike(t *testing.T) {
	for _, text := range []string{"1", "250", "10%", "2.5%", "rest"} {
		size, ok := schemas.ParseStage(text)
		if !ok || size.String() != text {
			t.Errorf("%q is read as %v, %v", text, size, ok)
		}
	}
	for _, text := range []string{"", "0", "-1", "0%", "101%", "1.5", "all", "10 %x"} {
		if size, ok := schemas.ParseStage(text); ok {
			t.Errorf("%q is read as %v", text, size)
		}
	}
}

func TestWindows(t *testing.T) {
	// 2026-11-02 is a Monday.
	at := func(text string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		window, time string
		open         bool
		opens        string // next
	}{
		{"22:00-05:00", "2026-11-02 21:59", false, "2026-11-02 22:00"},
		{"22:00-05:00", "2026-11-02 22:00", true, ""},
		{"22:00-05:00", "2026-11-03 04:59", true, ""},
		{"22:00-05:00", "2026-11-03 05:00", false, "2026-11-03 22:00"},
		{"08:00-12:00", "2026-11-02 08:00", true, ""},
		{"08:00-12:00", "2026-11-02 12:00", false, "2026-11-03 08:00"},
		{"mon-fri 22:00-05:00", "2026-11-07 04:00", true, ""}, // Friday's night, on Saturday
		{"mon-fri 22:00-05:00", "2026-11-07 22:30", false, "2026-11-09 22:00"},
		{"mon-fri 22:00-05:00", "2026-11-02 04:00", false, "2026-11-02 22:00"}, // Sunday's night
		{"fri-mon 00:00-24:00", "2026-11-02 13:00", true, ""},
		{"fri-mon 00:00-24:00", "2026-11-03 00:00", false, "2026-11-06 00:00"},
		{"sat,sun 00:00-24:00", "2026-11-08 23:59", true, ""},
	} {
		w, ok := schemas.ParseWindow(c.window)
		if !ok {
			t.Errorf("%q is refused", c.window)
			continue
		}
		if again, ok := schemas.ParseWindow(w.String()); !ok || again != w {
			t.Errorf("%q is written as %q, which is read as %v", c.window, w, again)
		}
		if got := w.Holds(at(c.time)); got != c.open {
			t.Errorf("%q at %s: %v", c.window, c.time, got)
		}
		if c.opens != "" {
			if got := schemas.Opens([]schemas.Window{w}, at(c.time)); !got.Equal(at(c.opens)) {
				t.Errorf("%q opens at %v after %s, wanted %s", c.window, got, c.time, c.opens)
			}
		}
	}
	for _, text := range []string{"", "22:00", "22-05", "22:00-22:00", "24:00-05:00", "xyz 22:00-05:00", "mon 22:00-05:00 tue", "25:00-26:00", "mon- 22:00-05:00"} {
		if w, ok := schemas.ParseWindow(text); ok {
			t.Errorf("%q is read as %v", text, w)
		}
	}
}
