package sinks_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

func richRehearsal() *schemas.Rehearsal {
	problem := func(code string, pairs ...string) []schemas.Problem {
		return []schemas.Problem{{Code: code, Args: schemas.Pairs(pairs...)}}
	}
	return &schemas.Rehearsal{
		Total:    schemas.Total{Run: "r", Exit: 10, Rows: schemas.RowCounts{In: 1300, Held: 3, Rejected: 1}, Changes: schemas.ChangeCounts{Done: 1190, Failed: 8, Skipped: 6}},
		Seconds:  250.4,
		Requests: schemas.RequestCounts{Total: 1211, Writes: 1204, Lists: 6, Tokens: 1},
		Pace: schemas.RehearsalPace{RPS: 5, Burst: 1, Workers: 4, Latency: 0.038, Measured: true, Waits: 60,
			Lists: []schemas.ListTime{{List: "devices", Records: 12004, Seconds: 12.3}, {List: "credentials", Records: 31220, Seconds: 3700}}},
		Ends: []schemas.RehearsalEnd{
			{Status: schemas.StatusFailed, Code: "1052", N: 8, First: "root@srv-01", Kind: schemas.KindCredential, Place: schemas.Place{Source: "accounts.csv", Row: 214},
				Message: "the vault refused it: 1052: Credential already exists", Problems: problem("1052", "message", "1052: Credential already exists")},
			{Status: schemas.StatusSkipped, Code: "stale", N: 6, First: "srv-02", Kind: schemas.KindDevice, Message: "it moved in the vault since the plan was made", Problems: problem("stale")},
			{Status: schemas.StatusUnknown, Code: "no_outcome", N: 1, First: "srv-\x1b[31m03", Kind: schemas.KindDevice, Message: "it was sent, and nobody knows what became of it", Problems: problem("no_outcome")},
		},
		NotRehearsed: []schemas.Problem{{Code: "unrehearsed_rules"}, {Code: "unrehearsed_domains", Args: schemas.Pairs("n", "2", "names", "a.example, b.example")}},
	}
}

func TestScreenOfARehearsal(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		var b bytes.Buffer
		(&sinks.Screen{Out: &b, Lang: lang}).Rehearsal(richRehearsal())
		golden(t, "rehearsal."+string(lang)+".golden", b.String())
		if strings.ContainsAny(b.String(), "\x1b") {
			t.Errorf("%q", b.String())
		}
		b.Reset()
		(&sinks.Screen{Out: &b, Lang: lang}).Rehearsal(&schemas.Rehearsal{})
		if strings.Count(b.String(), "\n") != 2 {
			t.Errorf("a plan without changes:\n%s", b.String())
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 ms", 240 * time.Microsecond: "0.2 ms", 38 * time.Millisecond: "38 ms", 1500 * time.Millisecond: "1.5 s", 59600 * time.Millisecond: "1 min",
		250400 * time.Millisecond: "4 min 10 s", time.Hour: "1 h", 3*time.Hour + 29*time.Minute + 31*time.Second: "3 h 30 min"} {
		if got := sinks.Span(words.English, d); got != want {
			t.Errorf("%v: %q, wanted %q", d, got, want)
		}
	}
	if got := sinks.Span(words.Portuguese, 1500*time.Millisecond); got != "1,5 s" {
		t.Error(got)
	}
}
