package schemas

import (
	"strconv"
	"strings"
	"time"
)

// StageSize is how many changes one stage of an apply has: a number, a share of all, or the rest.
type StageSize struct {
	Count   int
	Percent float64
	Rest    bool
}

// ParseStage reads 10, 10% or rest.
func ParseStage(text string) (StageSize, bool) {
	if text == "rest" {
		return StageSize{Rest: true}, true
	}
	if share, ok := strings.CutSuffix(text, "%"); ok {
		percent, err := strconv.ParseFloat(strings.TrimSpace(share), 64)
		return StageSize{Percent: percent}, err == nil && percent > 0 && percent <= 100
	}
	n, err := strconv.Atoi(text)
	return StageSize{Count: n}, err == nil && n > 0
}

// String is as ParseStage reads it.
func (s StageSize) String() string {
	switch {
	case s.Rest:
		return "rest"
	case s.Percent > 0:
		return strconv.FormatFloat(s.Percent, 'f', -1, 64) + "%"
	}
	return strconv.Itoa(s.Count)
}

// Window is a time of the day, on some days of the week, in which changes may be begun. One that ends
// before it begins goes over midnight, and is of the day on which it begins.
type Window struct {
	Days     [7]bool // by time.Weekday
	From, To int     // minutes since midnight; To is outside
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWindow reads 22:00-05:00, mon-fri 22:00-05:00 or sat,sun 00:00-24:00.
func ParseWindow(text string) (Window, bool) {
	var w Window
	parts := strings.Fields(strings.ToLower(text))
	hours := ""
	switch len(parts) {
	case 1:
		w.Days = [7]bool{true, true, true, true, true, true, true}
		hours = parts[0]
	case 2:
		hours = parts[1]
		if !w.readDays(parts[0]) {
			return w, false
		}
	default:
		return w, false
	}
	from, to, ok := strings.Cut(hours, "-")
	if !ok {
		return w, false
	}
	var okFrom, okTo bool
	w.From, okFrom = minutes(from)
	w.To, okTo = minutes(to)
	return w, okFrom && okTo && w.From != w.To && w.From < 24*60
}

func (w *Window) readDays(text string) bool {
	for _, part := range strings.Split(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := weekday(first), weekday(first)
		if isRange {
			to = weekday(last)
		}
		if from < 0 || to < 0 {
			return false
		}
		for day := from; ; day = (day + 1) % 7 {
			w.Days[day] = true
			if day == to {
				break
			}
		}
	}
	return true
}

func weekday(name string) int {
	for i, day := range weekdays {
		if day == name {
			return i
		}
	}
	return -1
}

func minutes(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}

// String is as ParseWindow reads it.
func (w Window) String() string {
	clock := func(m int) string { return time.Date(0, 1, 1, 0, m, 0, 0, time.UTC).Format("15:04") }
	to := clock(w.To)
	if w.To == 24*60 {
		to = "24:00"
	}
	hours := clock(w.From) + "-" + to
	if w.Days == [7]bool{true, true, true, true, true, true, true} {
		return hours
	}
	var days []string
	for i, in := range w.Days {
		if in {
			days = append(days, weekdays[i])
		}
	}
	return strings.Join(days, ",") + " " + hours
}

// Holds says whether a time, on the clock of its own zone, lies in the window.
func (w Window) Holds(t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	today, yesterday := w.Days[t.Weekday()], w.Days[(t.Weekday()+6)%7]
	if w.From < w.To {
		return today && now >= w.From && now < w.To
	}
	return today && now >= w.From || yesterday && now < w.To
}

// Opens is the next time, within a week, at which one of the windows holds, by whole minutes.
func Opens(windows []Window, t time.Time) time.Time {
	t = t.Truncate(time.Minute)
	for range 8 * 24 * 60 {
		t = t.Add(time.Minute)
		for _, w := range windows {
			if w.Holds(t) {
				return t
			}
		}
	}
	return time.Time{}
}
