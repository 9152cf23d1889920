package sheet

import (
	"math"
	"strconv"
	"time"
)

// DateText is a date cell's value as 2026-11-21, 2026-11-21 14:30:00 or, where there is no day,
// 14:30:00. A value that is none in the workbook's calendar is given as it is, and ok is false.
func (b *Book) DateText(raw string) (text string, ok bool) {
	if t, isText := isoDate(raw); isText {
		return dateText(t, true), true
	}
	serial, err := strconv.ParseFloat(raw, 64)
	if err != nil || serial < 0 || serial >= 2_958_466 { // the year 10000
		return raw, false
	}
	t, day := dateOf(serial, b.date1904)
	if t.Year() > 9999 || !b.date1904 && int(serial) == 60 { // 29 February 1900 never was
		return raw, false
	}
	return dateText(t, day), true
}

// dateOf is the time of a serial number: days since the last day of 1899, or since the first of
// 1904. In the older calendar day 60 is 29 February 1900, which never was; before it days count
// from one day later. day tells that there is a day, and not a time alone.
func dateOf(serial float64, from1904 bool) (t time.Time, day bool) {
	days, part := math.Modf(serial)
	seconds := math.Round(part * 86_400)
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	return epoch.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second), days > 0 || from1904 && part == 0
}

func dateText(t time.Time, day bool) string {
	switch {
	case !day:
		return t.Format("15:04:05")
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}

// isoDate reads the dates that a cell of type d holds.
func isoDate(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
