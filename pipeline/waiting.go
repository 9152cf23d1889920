package pipeline

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
)

// graceLeft says how many absences in a row a record has with this one, and whether it must wait
// for more of them, or for days to pass: what it does not wait for is not told.
func (p *planner) graceLeft(kind schemas.Kind, id string) (pairs []string, waits bool) {
	grace := p.Policy.Devices.Grace
	switch kind {
	case schemas.KindCredential:
		grace = p.Policy.Credentials.Grace
	case schemas.KindKey:
		grace = p.Policy.Keys.Grace
	}
	runs, since := 0, p.Now
	if p.LastGood != nil {
		before, first := p.LastGood.absence(kind, id)
		if runs = before; before > 0 {
			since = first
		}
	}
	runs++
	days := int(midnight(p.Now).Sub(midnight(since)) / (24 * time.Hour))
	if runs >= grace.Runs && days >= grace.Days {
		return nil, false
	}
	pairs = []string{"n", strconv.Itoa(runs), "since", since.UTC().Format(time.DateOnly)}
	if runs < grace.Runs {
		pairs = append(pairs, "runs", strconv.Itoa(grace.Runs))
	} else {
		pairs = append(pairs, "why", "days")
	}
	if days < grace.Days {
		pairs = append(pairs, "until", since.AddDate(0, 0, grace.Days).UTC().Format(time.DateOnly))
	}
	return pairs, true
}

// midnight is the day that a moment lies in, so that a run that is some minutes earlier than the
// first counts as many days.
func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// isVault tells the device that the vault itself runs on, as far as its address names it.
func (p *planner) isVault(d *schemas.Device) bool {
	host := p.vaultHost
	if host == "" {
		return false
	}
	name := hostKey(&p.Policy.Devices.Normalize, d.Hostname)
	if addressKey(d.IP) == addressKey(host) || name == hostKey(&p.Policy.Devices.Normalize, host) {
		return true
	}
	short, _, _ := strings.Cut(host, ".")
	_, notAddress := netip.ParseAddr(host)
	return notAddress != nil && name == fold(short)
}

// hostOf is the host that an address names, "" for none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// plainTime is a time without the parts of it that are 0: 36h, not 36h0m0s.
func plainTime(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
