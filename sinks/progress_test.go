package sinks_test

import (
	"bytes"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/schemas/words"
	"pamsync/sinks"
)

func TestProgressOffATerminalIsALineEachHalfMinute(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 11, 2, 15, 4, 5, 0, time.UTC)
	p := sinks.NewProgress(&out, words.English, false, func() time.Time { return now })
	begun := now
	var at []time.Duration
	for i := range 1200 { // ten a second, two minutes
		before := out.Len()
		p.Show(i, 1200)
		if out.Len() > before {
			at = append(at, now.Sub(begun))
		}
		now = now.Add(100 * time.Millisecond)
	}
	p.Done()
	text := out.String()
	if strings.ContainsAny(text, "\r\x1b") {
		t.Errorf("%q", text)
	}
	if len(at) != 3 || strings.Count(text, "\n") != 3 || !strings.HasSuffix(text, "\n") {
		t.Errorf("%d lines: %q", len(at), text)
	}
	for i, d := range at {
		if d != time.Duration(i+1)*30*time.Second {
			t.Errorf("line %d after %v", i+1, d)
		}
	}
	if want := "15:04:35 applying: 300/1,200 (25%), 10.0/s\n"; !strings.HasPrefix(text, want) {
		t.Errorf("%q, wanted %q", text, want)
	}
}

func TestProgressBearsAnyCaller(t *testing.T) {
	var none *sinks.Progress
	none.Show(1, 2)
	none.Done()
	var out bytes.Buffer
	begun := time.Date(2026, 11, 2, 15, 4, 5, 0, time.UTC)
	var mu sync.Mutex
	now := begun
	p := sinks.NewProgress(&out, words.Portuguese, false, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	})
	p.Show(0, 0)
	mu.Lock()
	now = begun.Add(time.Minute)
	mu.Unlock()
	var g sync.WaitGroup
	for i := range 50 {
		g.Go(func() { p.Show(i, 50) })
	}
	g.Wait()
	p.Done()
	if strings.Count(out.String(), "\n") != 1 || !strings.Contains(out.String(), "aplicando") {
		t.Errorf("%q", out.String())
	}
}

func TestNumberGroups(t *testing.T) {
	for _, c := range []struct {
		n      int
		en, pt string
	}{
		{0, "0", "0"}, {7, "7", "7"}, {999, "999", "999"}, {1000, "1,000", "1.000"}, {12345, "12,345", "12.345"}, {100000, "100,000", "100.000"},
		{1234567, "1,234,567", "1.234.567"}, {-1, "-1", "-1"}, {-999, "-999", "-999"}, {-1000, "-1,000", "-1.000"},
		{math.MinInt64, "-9,223,372,036,854,775,808", "-9.223.372.036.854.775.808"},
	} {
		if en, pt := sinks.Number(words.English, c.n), sinks.Number(words.Portuguese, c.n); en != c.en || pt != c.pt {
			t.Errorf("%d: %s, %s", c.n, en, pt)
		}
	}
}

func TestNumbersAsTheLanguageWritesThem(t *testing.T) {
	for _, c := range []struct {
		lang    words.Lang
		count   string
		decimal string
		whole   string
	}{{words.English, "1,284,551", "4.8", "0.5"}, {words.Portuguese, "1.284.551", "4,8", "0,5"}} {
		if n, d, w := sinks.Number(c.lang, 1284551), sinks.Decimal(c.lang, 4.8123, 1), sinks.Decimal(c.lang, 0.5, -1); n != c.count || d != c.decimal || w != c.whole {
			t.Errorf("%s: %s, %s and %s", c.lang, n, d, w)
		}
	}
}
