package sinks_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pamsync/schemas/words"
	"pamsync/sinks"
)

// richNight has more of each state than are shown.
func richNight() *sinks.Night {
	n := &sinks.Night{At: "2026-11-21", Waiting: []sinks.Waiting{
		{State: "flapping", Kind: "device", Key: "srv-f1", Code: "grace", Nights: 2, Seen: 3, Of: 5, Since: "2026-11-20T02:00:00Z"},
		{State: "flapping", Kind: "device", Key: "srv-f2", Code: "grace", Nights: 1, Seen: 12, Of: 30, Since: "2026-11-20T02:00:00Z"}}}
	for i := range 12 {
		n.Waiting = append(n.Waiting, sinks.Waiting{State: "new", Kind: "credential", Key: fmt.Sprintf("root@srv-%02d", i), Code: "device_held", Nights: 1, Since: "2026-11-22T02:00:00Z"})
	}
	n.Waiting = append(n.Waiting, sinks.Waiting{State: "still", Kind: "device", Key: "srv-old", Code: "looks_renamed", Nights: 6, Since: "2026-11-16T02:00:00Z"},
		sinks.Waiting{State: "still", Kind: "device", Key: "d.csv:7", Code: "no_hostname", Nights: 2, Since: "2026-11-21T02:00:00Z"},
		sinks.Waiting{State: "gone", Kind: "device", Key: "=cmd", Code: "in_use", Nights: 3, Since: "2026-11-19T02:00:00Z"},
		sinks.Waiting{State: "gone", Kind: "device", Key: "srv-now-and-then", Code: "in_use", Nights: 1, Seen: 3, Of: 6, Since: "2026-11-19T02:00:00Z"})
	return n
}

func TestScreenOfANight(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		for name, all := range map[string]bool{"night": false, "night-all": true} {
			var b bytes.Buffer
			(&sinks.Screen{Out: &b, Lang: lang, All: all}).Night(richNight())
			golden(t, name+"."+string(lang)+".golden", b.String())
		}
	}
}

func TestANightThatSaysNothing(t *testing.T) {
	unknown := richNight()
	unknown.At = ""
	for name, n := range map[string]*sinks.Night{"no run": nil, "no run before": unknown, "nothing waits": {At: "2026-11-21"}} {
		var b bytes.Buffer
		if (&sinks.Screen{Out: &b, Lang: words.English}).Night(n); b.Len() > 0 {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}

func TestNightAsCSV(t *testing.T) {
	var b bytes.Buffer
	if err := sinks.NightCSV(&b, richNight(), sinks.ForMachine); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"state,kind,key,code,nights,since\nflapping,device,srv-f1,grace,2,2026-11-20T02:00:00Z\n", "\ngone,device,'=cmd,in_use,3,2026-11-19T02:00:00Z\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
	b.Reset()
	if err := sinks.NightCSV(&b, &sinks.Night{}, sinks.ForMachine); err != nil || b.String() != "state,kind,key,code,nights,since\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
