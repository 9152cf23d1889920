package vaultsim

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// list is a payload that is streamed record by record.
type list struct {
	name    string // of the payload
	limit   int    // the body ends after so many bytes; 0 for whole
	records iter.Seq[object]
}

// errCut ends a list that is to be cut.
var errCut = errors.New("cut")

// cutter passes so many bytes and then fails.
type cutter struct {
	w     io.Writer
	left  int
	drip  time.Duration
	sleep func(time.Duration)
}

func (c *cutter) Write(b []byte) (int, error) {
	if len(b) > c.left {
		n, err := c.w.Write(b[:c.left])
		c.left = 0
		if err == nil {
			err = errCut
		}
		return n, err
	}
	c.left -= len(b)
	n, err := c.w.Write(b)
	if c.drip > 0 && err == nil {
		c.sleep(c.drip)
	}
	return n, err
}

// send writes the answer; cut closes the connection in the middle of it.
func (x *exchange) send(a answer, cut bool) {
	for name, values := range a.header {
		x.w.Header()[name] = values
	}
	kind := "application/json"
	if a.html != "" {
		kind = "text/html; charset=UTF-8"
	}
	x.w.Header().Set("Content-Type", kind)
	if x.v.Clock != 0 {
		x.w.Header().Set("Date", time.Now().Add(x.v.Clock).UTC().Format(http.TimeFormat))
	}
	x.v.log.settle(x.c.entry, a.http)
	if a.list != nil {
		x.stream(a, cut)
		return
	}
	body := []byte(strings.TrimSpace(a.html))
	if a.html == "" {
		body = x.v.envelope(a).appendJSON(nil)
	}
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(a.http)
	if cut {
		body = body[:len(body)/2]
	}
	// A client that has gone away is not the vault's concern.
	_, _ = x.w.Write(body)
	if cut {
		x.cut()
	}
}

// cut closes the connection after what was written so far.
func (x *exchange) cut() {
	_ = http.NewResponseController(x.w).Flush()
	x.hangUp(func(net.Conn) {})
}

// stream writes a list, 32 KiB at a time.
func (x *exchange) stream(a answer, cut bool) {
	head := x.v.envelope(a.with(a.list.name, nil)).appendJSON(nil)
	head = bytes.TrimSuffix(head, []byte("null}"))
	c := &cutter{w: x.w, left: int(^uint(0) >> 1), drip: x.v.Drip,
		sleep: func(d time.Duration) { wait(x.r.Context(), d) }}
	if a.list.limit > 0 {
		c.left = a.list.limit
	}
	if cut {
		c.left = len(head) + 1
	}
	out := bufio.NewWriterSize(c, 32<<10)
	x.w.WriteHeader(a.http)
	_, _ = out.Write(head) // bufio keeps the error for the writes that follow
	_ = out.WriteByte('[')
	var buf []byte
	first := true
	for record := range a.list.records {
		buf = buf[:0]
		if !first {
			buf = append(buf, ',')
		}
		first = false
		buf = record.appendJSON(buf)
		if _, err := out.Write(buf); err != nil {
			break
		}
	}
	_, _ = out.WriteString("]}")
	_ = out.Flush() // as above: cut on purpose, or the client has gone
	if cut {
		x.cut()
	}
}

// listed is the answer that carries a list; n is the number of records, or
// negative for a message without one.
func (v *Vault) listed(name string, n int, records iter.Seq[object]) answer {
	if v.RefuseList[name] {
		return unauthorized(http.StatusInternalServerError)
	}
	key := name
	if name == "sessions" {
		key = "remote_sessions"
	}
	a := ok("")
	switch {
	case n < 0:
	case v.SilentCount && name == "devices":
		a = ok("Devices found")
	case v.SilentCount:
		a = ok("Credentials found")
	case name == "devices":
		a = ok("%s devices found", v.announced(name, n))
	default:
		a = ok("%s credentials found", v.announced(name, n))
	}
	a.list = &list{name: key, limit: v.TruncateList[name], records: records}
	return a
}

// announced is the count as the message writes it.
func (v *Vault) announced(name string, n int) string {
	digits := strconv.Itoa(n + v.AnnounceDelta[name])
	if v.AnnounceSeparator == "" {
		return digits
	}
	var groups []string
	for len(digits) > 3 && digits[len(digits)-4] != '-' {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), v.AnnounceSeparator)
}
