package jobs

import (
	"net"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
)

// window is the period of an export of sessions. The vault's times carry no zone
// (vault-api c.11): they are read in the configured one, as a wall clock shows them.
type window struct {
	zone *time.Location
	by   string
	// unreadable counts the sessions that are in because their time cannot be read.
	unreadable int
	from, to   time.Time // to is the first instant outside; zero for open
}

const wallClock = "2006-01-02 15:04:05"

func newWindow(o ExportOptions, zone string) (*window, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassConfig, "bad_value", "key", "vault.timezone", "value", zone, "want", "want_zone")
	}
	w := &window{zone: location, by: o.By}
	if w.by == "" {
		w.by = "start"
	}
	if w.by != "start" && w.by != "end" && w.by != "overlap" {
		return nil, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--by", "value", w.by, "want", "want_by")
	}
	if w.from, err = w.parse(o.From, false); err != nil {
		return nil, err
	}
	if w.to, err = w.parse(o.To, true); err != nil {
		return nil, err
	}
	if !w.from.IsZero() && !w.to.IsZero() && !w.from.Before(w.to) {
		return nil, schemas.NewFault(schemas.ClassUsage, "period_reversed", "from", o.From, "to", o.To)
	}
	return w, nil
}

// parse reads a day, a local time or a time with zone. A day as the end includes the whole of
// it, a time to the second the second itself.
func (w *window) parse(text string, end bool) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse("2006-01-02", text); err == nil {
		if end {
			day = day.AddDate(0, 0, 1)
		}
		return w.dawn(day), nil
	}
	for _, layout := range []string{wallClock, "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, w.zone); err == nil {
			if end {
				t = t.Add(time.Second)
			}
			return t, nil
		}
	}
	return time.Time{}, schemas.NewFault(schemas.ClassUsage, "bad_time", "value", text)
}

// dawn is the first instant of a day in the zone: not always midnight, where a clock change
// skips it.
func (w *window) dawn(day time.Time) time.Time {
	year, month, date := day.Date()
	t := time.Date(year, month, date, 0, 0, 0, 0, w.zone)
	for t.Day() != date {
		t = t.Add(time.Minute)
	}
	return t
}

func (w *window) open() bool { return w.from.IsZero() && w.to.IsZero() }

// holds says whether a session lies in the period. One whose time cannot be read is in, and
// counted: evidence is not left out for a garbled cell. A session that has not ended has no end
// to lie in a period, and overlaps everything after its start.
func (w *window) holds(s *schemas.Session) bool {
	if w.open() {
		return true
	}
	start, hasStart := w.time(s.Start)
	end, hasEnd := w.time(s.End)
	if !hasStart && w.by != "end" || s.End != "" && !hasEnd && w.by != "start" {
		w.unreadable++ // nobody can say that it lies outside
		return true
	}
	switch w.by {
	case "end":
		return hasEnd && w.within(end)
	case "overlap":
		return hasStart && (w.to.IsZero() || start.Before(w.to)) && (!hasEnd || w.from.IsZero() || !end.Before(w.from))
	}
	return hasStart && w.within(start)
}

func (w *window) within(t time.Time) bool {
	return (w.from.IsZero() || !t.Before(w.from)) && (w.to.IsZero() || t.Before(w.to))
}

func (w *window) time(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{wallClock, time.RFC3339, "2006-01-02T15:04:05"} {
		t, err := time.ParseInLocation(layout, text, w.zone)
		if err != nil {
			continue
		}
		if layout == wallClock && t.Format(layout) < text {
			t = t.Add(time.Hour) // a time that a clock change skipped belongs to its own day
		}
		return t, true
	}
	return time.Time{}, false
}

// derive adds to a session what its texts tell.
func (w *window) derive(s *schemas.Session) schemas.SessionRecord {
	d := schemas.SessionRecord{Session: *s, Revision: 1}
	d.Host, d.Port = splitTarget(s.Device)
	start, hasStart := w.time(s.Start)
	end, hasEnd := w.time(s.End)
	seconds, hasLength := clockSeconds(s.Time)
	if hasStart && hasLength {
		// In an hour that a clock change repeats, the length tells which of the two is meant.
		if until := start.Add(time.Duration(seconds) * time.Second); until.Format(wallClock) == s.End {
			end, hasEnd = until, true
		}
	}
	if hasStart {
		d.StartUTC = start.UTC().Format("2006-01-02T15:04:05Z")
	}
	if hasEnd {
		d.EndUTC = end.UTC().Format("2006-01-02T15:04:05Z")
	}
	if hasLength {
		d.DurationS = strconv.Itoa(seconds)
	} else if hasStart && hasEnd && !end.Before(start) {
		d.DurationS = strconv.Itoa(int(end.Sub(start).Seconds()))
	}
	return d
}

// splitTarget splits host:port; a host of its own, and an IPv6 address without a port, stay
// whole.
func splitTarget(device string) (host, port string) {
	if host, port, err := net.SplitHostPort(device); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			return host, port
		}
	}
	return strings.Trim(device, "[]"), ""
}

// clockSeconds reads HH:MM:SS, hours beyond a day included.
func clockSeconds(text string) (int, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return 0, false
	}
	total := 0
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return 0, false
		}
		total = total*60 + n
	}
	return total, true
}
