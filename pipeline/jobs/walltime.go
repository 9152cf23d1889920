package jobs

import (
	"strconv"
	"time"
)

// wallTimes turns the vault's naive times into instants of a zone, and those into texts in UTC. Times of one
// hour come one after the other by the thousand: what an hour of the wall clock is in UTC is found out once.
type wallTimes struct {
	zone  *time.Location
	hours [256]hour // by their number's last digits
	days  [64]day
}

// hour is an hour of the wall clock, since 1970. It is plain where its minutes are those of UTC, some seconds off.
type hour struct {
	number int64 // 0 for none: that hour is never asked for, see wallSeconds
	plain  bool
	off    int64
}

// day is a day since 1970 as 2026-11-02.
type day struct {
	number int64
	text   [10]byte // its first byte 0: not looked up yet
}

func newWallTimes(zone *time.Location) *wallTimes { return &wallTimes{zone: zone} }

// seconds reads 2026-11-02 15:04:05 as seconds since 1970 of a clock that shows UTC; false for any other text
// or a time that no clock shows.
func wallSeconds(s string) (int64, bool) {
	if len(s) != len(wallClock) || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	year, a := digits4(s[:4])
	month, b := digits2(s[5:7])
	day, c := digits2(s[8:10])
	hh, d := digits2(s[11:13])
	mm, e := digits2(s[14:16])
	ss, f := digits2(s[17:19])
	if !(a && b && c && d && e && f) || year < 1971 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hh > 23 || mm > 59 || ss > 59 {
		return 0, false
	}
	return (daysSince1970(year, month, day)*24+hh)*3600 + mm*60 + ss, true
}

func digits2(s string) (int64, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int64(a)*10 + int64(b), a <= 9 && b <= 9
}

func digits4(s string) (int64, bool) {
	high, ok := digits2(s[:2])
	low, fine := digits2(s[2:])
	return high*100 + low, ok && fine
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 counts days in the Gregorian calendar.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}

// utc is the instant of a time of the wall clock, in seconds since 1970; false where its hour is not plain: a
// clock change lies in it.
func (w *wallTimes) utc(wall int64) (int64, bool) {
	number := wall / 3600
	h := &w.hours[uint64(number)%uint64(len(w.hours))]
	if h.number != number {
		*h = w.look(number)
	}
	return wall + h.off, h.plain
}

// look finds out about an hour of the wall clock. The hours beside it are looked at too: one that comes twice
// lies next to a change.
func (w *wallTimes) look(number int64) hour {
	wall := number * 3600
	at := func(second int64) int64 {
		t := time.Unix(wall+second, 0).UTC()
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, w.zone).Unix()
	}
	first := at(0)
	plain := true
	for _, second := range []int64{-7200, -3600, 3599, 7200, 10800} {
		plain = plain && at(second)-first == second
	}
	return hour{number, plain, first - wall}
}

// yearTenThousand is its first second, since 1970.
const yearTenThousand = 253402300800

// appendUTC writes an instant as 2026-11-02T15:04:05Z.
func (w *wallTimes) appendUTC(b []byte, unix int64) []byte {
	if unix < 0 || unix >= yearTenThousand {
		return time.Unix(unix, 0).UTC().AppendFormat(b, time.RFC3339)
	}
	number := unix / 86400
	d := &w.days[uint64(number)%uint64(len(w.days))]
	if d.number != number || d.text[0] == 0 {
		d.number = number
		copy(d.text[:], time.Unix(unix, 0).UTC().Format(time.DateOnly))
	}
	second := unix % 86400
	b = append(append(b, d.text[:]...), 'T')
	b = append2(b, second/3600, ':')
	b = append2(b, second/60%60, ':')
	return append2(b, second%60, 'Z')
}

func append2(b []byte, n int64, then byte) []byte {
	return append(b, byte('0'+n/10), byte('0'+n%10), then)
}

// clockSeconds reads HH:MM:SS, hours beyond a day included.
func clockSeconds(text string) (int64, bool) {
	if len(text) == 8 && text[2] == ':' && text[5] == ':' {
		h, a := digits2(text[:2])
		m, b := digits2(text[3:5])
		s, c := digits2(text[6:8])
		if a && b && c {
			return h*3600 + m*60 + s, true
		}
	}
	total := int64(0)
	for range 2 {
		i := 0
		for i < len(text) && text[i] != ':' {
			i++
		}
		n, err := strconv.ParseUint(text[:i], 10, 32)
		if err != nil || i == len(text) {
			return 0, false
		}
		total, text = total*60+int64(n), text[i+1:]
	}
	n, err := strconv.ParseUint(text, 10, 32)
	return total*60 + int64(n), err == nil
}
