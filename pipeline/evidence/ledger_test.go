package evidence_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
)

// TestTheAccountOfIDs holds gaps and repeated ids against a plain count of them, for lists in and out of order,
// with ids that are no numbers or too large for one.
func TestTheAccountOfIDs(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	for round := range 40 {
		var list []string
		for range 1 + random.IntN(3000) {
			list = append(list, strconv.Itoa(1+random.IntN(1+random.IntN(200_000))))
		}
		odd := []string{"", "x", "-1", "1.5", "18446744073709551616", " 7"}[:random.IntN(7)]
		list = append(list, odd...)
		if round == 0 {
			list = append(list, "18446744073709551615", "00018446744073709551614") // the largest there are
		}
		l := evidence.NewLedger()
		seen := map[uint64]bool{}
		repeats, others := 0, 0
		for _, id := range list {
			l.Received(id)
			n, err := strconv.ParseUint(id, 10, 64)
			switch {
			case err != nil:
				others++
			case seen[n]:
				repeats++
			}
			if err == nil {
				seen[n] = true
			}
		}
		numbers := slices.Sorted(maps.Keys(seen))
		gaps, missing := 0, uint64(0)
		for i := 1; i < len(numbers); i++ {
			if d := numbers[i] - numbers[i-1] - 1; d > 0 {
				gaps++
				missing += d
			}
		}
		var c schemas.Certificate
		l.Into(&c)
		if c.Read != len(list) || c.IDs.Gaps != gaps || c.IDs.Missing != missing || c.IDs.Repeated != repeats || c.IDs.NoNumber != others || len(c.IDs.GapRanges) != min(gaps, 1000) {
			t.Fatalf("round %d: read %d, %+v; wanted %d gaps with %d missing, %d repeated, %d that are no numbers", round, c.Read, c.IDs, gaps, missing, repeats, others)
		}
		if len(numbers) > 1 && gaps > 0 {
			first := ""
			for i := 1; first == ""; i++ {
				if numbers[i] > numbers[i-1]+1 {
					first = fmt.Sprintf("%d-%d", numbers[i-1]+1, numbers[i]-1)
				}
			}
			if c.IDs.GapRanges[0] != first {
				t.Fatalf("the first gap is %s, not %s", c.IDs.GapRanges[0], first)
			}
		}
	}
}

// TestTheSumsOfAnAccount: by month, protocol and user, however many there are of them, and whatever is empty.
func TestTheSumsOfAnAccount(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 2))
	l := evidence.NewLedger()
	want := schemas.Totals{Months: map[string]schemas.Tally{}, Protocols: map[string]schemas.Tally{}, Users: map[string]schemas.Tally{}}
	add := func(all map[string]schemas.Tally, key string, seconds int64) {
		tally := all[key]
		all[key] = schemas.Tally{Sessions: tally.Sessions + 1, Seconds: tally.Seconds + seconds}
	}
	open, ended := 0, 0
	for i := range 20_000 {
		s := schemas.SessionRecord{Session: schemas.Session{ID: strconv.Itoa(20_000 - i), User: "user" + strconv.Itoa(random.IntN(3000)),
			Protocol: []string{"ssh", "rdp", ""}[random.IntN(3)], Start: "2026-0" + strconv.Itoa(1+random.IntN(9)) + "-11 10:00:00", End: "x"}, Seconds: random.Int64N(90_000), Revision: 1}
		month := s.Start[:7]
		switch random.IntN(20) {
		case 0:
			s.End = ""
			open++
		case 1:
			s.Revision = 2
			ended++
		case 2:
			s.Start, month = "yesterday", ""
		case 3:
			s.User = ""
		}
		l.Received(s.ID)
		l.Session(&s)
		add(want.Months, month, s.Seconds)
		add(want.Protocols, s.Protocol, s.Seconds)
		add(want.Users, s.User, s.Seconds)
	}
	l.LeftOut("match")
	l.LeftOut("match")
	l.LeftOut("period")
	var c schemas.Certificate
	l.Into(&c)
	if !maps.Equal(c.Totals.Months, want.Months) || !maps.Equal(c.Totals.Protocols, want.Protocols) || !maps.Equal(c.Totals.Users, want.Users) {
		t.Errorf("the totals are %v", c.Totals)
	}
	if c.Written != 20_000 || c.LeftOut != 3 || c.Reasons["match"] != 2 || c.Open != open || l.Ended() != ended || c.IDs.First != "1" || c.IDs.Last != "20000" {
		t.Errorf("written %d, left out %d %v, open %d of %d, ended %d of %d, ids %s to %s", c.Written, c.LeftOut, c.Reasons, c.Open, open, l.Ended(), ended, c.IDs.First, c.IDs.Last)
	}
}

// TestAGapBehindTheExportBefore: what came and went between two exports is missing too, but for an answer that begins
// before the last one's end.
func TestAGapBehindTheExportBefore(t *testing.T) {
	for _, c := range []struct {
		after uint64
		ids   []string
		gaps  []string
	}{{0, []string{"50", "51"}, nil}, {3, []string{"50", "51"}, []string{"4-49"}}, {3, []string{"4", "6"}, []string{"5-5"}}, {3, []string{"2", "6"}, []string{"3-5"}}, {3, nil, nil}, {9, []string{"7", "8"}, nil}} {
		l := evidence.NewLedger()
		l.After(c.after)
		for _, id := range c.ids {
			l.Received(id)
		}
		var got schemas.Certificate
		l.Into(&got)
		if !slices.Equal(got.IDs.GapRanges, c.gaps) || got.IDs.Gaps != len(c.gaps) {
			t.Errorf("after %d, %v: %+v", c.after, c.ids, got.IDs)
		}
	}
}
