package evidence_test

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
)

// TestEachRuleFindsItsOwn: a session that nothing is to be asked about, and one thing changed in it at a time.
func TestEachRuleFindsItsOwn(t *testing.T) {
	at := func(text string) int64 {
		instant, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant.Unix()
	}
	now := time.Unix(at("2026-11-30 12:00:00"), 0)
	rules := evidence.Rules{Zone: time.UTC, Now: now, FindingsConfig: schemas.FindingsConfig{NoTicket: true, LongerThan: 8 * time.Hour, Unfinished: true, Reversed: true,
		Networks: []netip.Prefix{netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("2001:db8::/32")}, PurgeAfter: 365 * 24 * time.Hour, PurgeWithin: 30 * 24 * time.Hour},
		KnowsTarget: func(host string) bool { return host == "srv-01" || host == "srv-02" }, KnowsAccount: func(name, host string) bool { return name == "root" && host != "srv-02" }}
	for name, c := range map[string]struct {
		change   func(s *schemas.SessionRecord, t *evidence.Times)
		rule     string
		evidence string
	}{
		"nothing":                      {func(*schemas.SessionRecord, *evidence.Times) {}, "", ""},
		"no ticket":                    {func(s *schemas.SessionRecord, _ *evidence.Times) { s.ITSM = "" }, "no_ticket", "request and ITSM are empty"},
		"a request":                    {func(s *schemas.SessionRecord, _ *evidence.Times) { s.ITSM, s.Request = "", "patching" }, "", ""},
		"nine hours":                   {func(s *schemas.SessionRecord, _ *evidence.Times) { s.Seconds = 9 * 3600 }, "too_long", "32400 s"},
		"eight hours":                  {func(s *schemas.SessionRecord, _ *evidence.Times) { s.Seconds = 8 * 3600 }, "", ""},
		"another network":              {func(s *schemas.SessionRecord, _ *evidence.Times) { s.OriginIP = "10.0.0.1" }, "other_network", "from 10.0.0.1"},
		"no address":                   {func(s *schemas.SessionRecord, _ *evidence.Times) { s.OriginIP = "" }, "other_network", "from "},
		"an IPv4 in IPv6":              {func(s *schemas.SessionRecord, _ *evidence.Times) { s.OriginIP = "::ffff:172.16.0.9" }, "", ""},
		"IPv6":                         {func(s *schemas.SessionRecord, _ *evidence.Times) { s.OriginIP = "2001:db8::7" }, "", ""},
		"another target":               {func(s *schemas.SessionRecord, _ *evidence.Times) { s.Host = "srv-99" }, "unknown_target", "srv-99"},
		"another account":              {func(s *schemas.SessionRecord, _ *evidence.Times) { s.Credential = "guest" }, "unknown_credential", "guest"},
		"an account of another device": {func(s *schemas.SessionRecord, _ *evidence.Times) { s.Host = "srv-02" }, "unknown_credential", "root"},
		"unfinished": {func(s *schemas.SessionRecord, x *evidence.Times) {
			s.End, x.HasEnd = "", false
			x.Start = now.Unix() - 60
		}, "unfinished", "no end"},
		"end before the start": {func(s *schemas.SessionRecord, x *evidence.Times) { x.End = x.Start - 1 }, "reversed", "ends at 2026-11-20 11:00:00"},
		"purged soon": {func(s *schemas.SessionRecord, x *evidence.Times) {
			x.Start = at("2025-12-10 12:00:00")
			x.End = x.Start + 60
		}, "purge_near", "10 days left"},
		"purged already": {func(s *schemas.SessionRecord, x *evidence.Times) {
			x.Start = at("2025-11-20 12:00:00")
			x.End = x.Start + 60
		}, "purge_near", "10 days past"},
		"kept": {func(s *schemas.SessionRecord, x *evidence.Times) {
			x.Start, s.PreventPurge = at("2025-12-10 12:00:00"), "Sim"
			x.End = x.Start + 60
		}, "", ""},
	} {
		s := schemas.SessionRecord{Session: schemas.Session{ID: "4", User: "ana", OriginIP: "172.16.0.9", Credential: "root", Device: "srv-01:22", Start: "2026-11-20 10:00:00", End: "2026-11-20 11:00:00",
			PreventPurge: "No", ITSM: "CHG1"}, Host: "srv-01", Seconds: 3600}
		times := evidence.Times{Start: at(s.Start), End: at(s.End), HasStart: true, HasEnd: true}
		c.change(&s, &times)
		var found []schemas.SessionFinding
		if err := rules.Judge(&s, times, func(f schemas.SessionFinding) error { found = append(found, f); return nil }); err != nil {
			t.Fatal(err)
		}
		var want []schemas.SessionFinding
		if c.rule != "" {
			want = []schemas.SessionFinding{{ID: "4", Rule: c.rule, User: s.User, Device: s.Device, Credential: s.Credential, Start: s.Start, Evidence: c.evidence}}
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s: %+v, not %+v", name, found, want)
		}
		if c.rule != "" {
			full := errors.New("full")
			if err := rules.Judge(&s, times, func(schemas.SessionFinding) error { return full }); !errors.Is(err, full) {
				t.Errorf("%s: the failure of writing a finding is %v", name, err)
			}
		}
	}
}

// TestNoRuleFindsNothing: what is not configured is not looked for.
func TestNoRuleFindsNothing(t *testing.T) {
	rules := evidence.Rules{Zone: time.UTC}
	err := rules.Judge(&schemas.SessionRecord{Seconds: 1 << 40}, evidence.Times{Start: 5, End: 4, HasStart: true, HasEnd: true}, func(f schemas.SessionFinding) error {
		t.Errorf("%+v", f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
