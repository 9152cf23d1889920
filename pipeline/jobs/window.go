package jobs

import (
	"net"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
)

// window is the period of an export of sessions. The vault's times carry no zone
// (vault-api c.11): they are read in the configured one, as a wall clock shows them.
type window struct {
	zone *time.Location
	by   string
	// unreadable counts the sessions that are in because their time cannot be read.
	unreadable int
	from, to   time.Time // to is the first second outside; zero for open
	wall       *wallTimes
	record     schemas.SessionRecord
	times      evidence.Times // of record
	room       []byte
}

const wallClock = "2006-01-02 15:04:05"

func newWindow(o ExportOptions, zone string) (*window, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassConfig, "bad_value", "key", "vault.timezone", "value", zone, "want", "want_zone")
	}
	w := &window{zone: location, by: o.By, wall: newWallTimes(location), room: make([]byte, 0, 128)}
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
	t, _, _ := w.read(s)
	if !t.HasStart && w.by != "end" || s.End != "" && !t.HasEnd && w.by != "start" {
		w.unreadable++ // nobody can say that it lies outside
		return true
	}
	switch w.by {
	case "end":
		return t.HasEnd && w.within(t.End)
	case "overlap":
		return t.HasStart && (w.to.IsZero() || t.Start < w.to.Unix()) && (!t.HasEnd || w.from.IsZero() || t.End >= w.from.Unix())
	}
	return t.HasStart && w.within(t.Start)
}

func (w *window) within(unix int64) bool {
	return (w.from.IsZero() || unix >= w.from.Unix()) && (w.to.IsZero() || unix < w.to.Unix())
}

// time reads a time as the vault writes it, or one with a zone.
func (w *window) time(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	if said, ok := saidTime(text); ok {
		return w.at(said), true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// saidTime is the wall clock that a text without zone tells, in UTC.
func saidTime(text string) (time.Time, bool) {
	for _, layout := range []string{wallClock, "2006-01-02T15:04:05"} {
		if said, err := time.Parse(layout, text); err == nil {
			return said, true
		}
	}
	return time.Time{}, false
}

// at is the instant of a wall clock in the zone. One that a clock change skips belongs to its own day: it is as
// much later as the clock was put on.
func (w *window) at(said time.Time) time.Time {
	year, month, day := said.Date()
	t := time.Date(year, month, day, said.Hour(), said.Minute(), said.Second(), said.Nanosecond(), w.zone)
	_, offset := t.Zone()
	return t.Add(time.Duration(max(0, said.Unix()-t.Unix()-int64(offset))) * time.Second)
}

// derive adds to a session what its texts tell. What it gives is valid until it is asked again.
func (w *window) derive(s *schemas.Session) *schemas.SessionRecord {
	d := &w.record
	*d = schemas.SessionRecord{Session: *s, Revision: 1}
	w.room = w.room[:0]
	d.Host, d.Port = splitTarget(s.Device)
	t, seconds, hasLength := w.read(s)
	w.times = t
	if !hasLength && t.HasStart && t.HasEnd && t.End >= t.Start {
		seconds, hasLength = t.End-t.Start, true
	}
	d.Seconds = 0
	from := len(w.room)
	text := func() string {
		piece := w.room[from:]
		from = len(w.room)
		return unsafe.String(unsafe.SliceData(piece), len(piece))
	}
	if t.HasStart {
		w.room = w.wall.appendUTC(w.room, t.Start)
		d.StartUTC = text()
	}
	if t.HasEnd {
		w.room = w.wall.appendUTC(w.room, t.End)
		d.EndUTC = text()
	}
	if hasLength {
		w.room = strconv.AppendInt(w.room, seconds, 10)
		d.DurationS, d.Seconds = text(), seconds
	}
	return d
}

// read gives the instants of a session, and how long it lasted where the vault says so.
func (w *window) read(s *schemas.Session) (t evidence.Times, seconds int64, hasLength bool) {
	t.Start, t.HasStart = w.instant(s.Start)
	t.End, t.HasEnd = w.instant(s.End)
	seconds, hasLength = clockSeconds(s.Time)
	if t.HasStart && t.HasEnd && hasLength && t.End-t.Start != seconds {
		w.fit(&t, s, seconds)
	}
	return t, seconds, hasLength
}

// fit sees to an hour that a clock change repeats: the length tells which of the two is meant, by the end or by
// the start. Where no reading of the texts lasts as long, both stay.
func (w *window) fit(t *evidence.Times, s *schemas.Session, seconds int64) {
	switch {
	case w.shows(t.Start+seconds, s.End):
		t.End = t.Start + seconds
	case w.shows(t.End-seconds, s.Start):
		t.Start = t.End - seconds
	}
}

// shows says whether a text is what the clock on the wall shows at an instant.
func (w *window) shows(unix int64, text string) bool {
	wall, ok := wallSeconds(text)
	if !ok {
		said, known := saidTime(text)
		wall, ok = said.Unix(), known
	}
	_, offset := time.Unix(unix, 0).In(w.zone).Zone()
	return ok && wall == unix+int64(offset)
}

// instant is a time as the vault writes it, in seconds since 1970.
func (w *window) instant(text string) (int64, bool) {
	if wall, ok := wallSeconds(text); ok {
		if unix, plain := w.wall.utc(wall); plain {
			return unix, true
		}
	}
	t, ok := w.time(text)
	return t.Unix(), ok
}

// splitTarget splits host:port; a host of its own, and an IPv6 address without a port, stay
// whole.
func splitTarget(device string) (host, port string) {
	i := strings.LastIndexByte(device, ':')
	if i >= 0 && i < len(device)-1 && strings.IndexByte(device, ':') == i && strings.IndexByte(device, '[') < 0 && isPort(device[i+1:]) {
		return device[:i], device[i+1:]
	}
	if host, port, err := net.SplitHostPort(device); err == nil && isPort(port) {
		return host, port
	}
	return strings.Trim(device, "[]"), ""
}

func isPort(text string) bool {
	n := 0
	for i := range len(text) {
		c := text[i] - '0'
		if c > 9 || i == 5 {
			return false
		}
		n = n*10 + int(c)
	}
	return len(text) > 0 && n <= 65535
}

// touches says whether a session that is not held lies in the period by its start, its end or between them.
func (w *window) touches(s *schemas.Session) bool {
	if w.open() {
		return false
	}
	other := window{zone: w.zone, by: "overlap", from: w.from, to: w.to, wall: w.wall}
	return other.holds(s) && other.unreadable == 0
}

// countGarbled counts a session that was derived and whose start or end is a text that nobody can read; where there
// is a period, holds has counted it.
func (w *window) countGarbled(s *schemas.Session) {
	if w.open() && (s.Start != "" && !w.times.HasStart || s.End != "" && !w.times.HasEnd) {
		w.unreadable++
	}
}
