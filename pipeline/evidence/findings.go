package evidence

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
)

// Rules look for what an auditor asks about in sessions. Zone is that of the vault's times.
type Rules struct {
	schemas.FindingsConfig
	Zone *time.Location
	Now  time.Time
	// KnowsTarget says whether the inventory has a device, by its name or address, KnowsAccount an account on it; nil
	// where it is not asked.
	KnowsTarget  func(host string) bool
	KnowsAccount func(credential, host string) bool
}

// Times are the instants of a session, in seconds since 1970, where its texts tell them.
type Times struct {
	Start, End       int64
	HasStart, HasEnd bool
}

// Asked names the rules that sessions are judged by.
func (r *Rules) Asked() []string {
	var asked []string
	for _, rule := range []struct {
		name string
		on   bool
	}{
		{"no_ticket", r.NoTicket}, {"outside_hours", len(r.Hours) > 0}, {"too_long", r.LongerThan > 0}, {"unfinished", r.Unfinished}, {"reversed", r.Reversed},
		{"other_network", len(r.Networks) > 0}, {"unknown_target", r.KnowsTarget != nil}, {"unknown_credential", r.KnowsAccount != nil}, {"purge_near", r.PurgeAfter > 0},
	} {
		if rule.on {
			asked = append(asked, rule.name)
		}
	}
	return asked
}

// Judge tells what is to be asked about a session, each with its evidence.
func (r *Rules) Judge(s *schemas.SessionRecord, t Times, give func(schemas.SessionFinding) error) error {
	for _, look := range []func(*schemas.SessionRecord, Times) (rule, evidence string){
		r.ticket, r.hours, r.length, r.ending, r.network, r.target, r.account, r.purge,
	} {
		rule, evidence := look(s, t)
		if rule == "" {
			continue
		}
		if err := give(schemas.SessionFinding{ID: s.ID, Rule: rule, User: s.User, Device: s.Device, Credential: s.Credential, Start: s.Start, Evidence: evidence}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rules) ticket(s *schemas.SessionRecord, _ Times) (rule, evidence string) {
	if r.NoTicket && s.Request == "" && s.ITSM == "" {
		return "no_ticket", "request and ITSM are empty"
	}
	return "", ""
}

func (r *Rules) hours(s *schemas.SessionRecord, t Times) (rule, evidence string) {
	if len(r.Hours) == 0 || !t.HasStart {
		return "", ""
	}
	at := time.Unix(t.Start, 0).In(r.Zone)
	for _, w := range r.Hours {
		if w.Holds(at) {
			return "", ""
		}
	}
	return "outside_hours", at.Format("Mon 15:04")
}

func (r *Rules) length(s *schemas.SessionRecord, t Times) (rule, evidence string) {
	if r.LongerThan <= 0 {
		return "", ""
	}
	seconds := s.Seconds
	if s.End == "" && t.HasStart {
		seconds = r.Now.Unix() - t.Start // so far
	}
	if time.Duration(seconds)*time.Second > r.LongerThan {
		return "too_long", strconv.FormatInt(seconds, 10) + " s"
	}
	return "", ""
}

func (r *Rules) ending(s *schemas.SessionRecord, t Times) (rule, evidence string) {
	switch {
	case r.Unfinished && s.End == "":
		return "unfinished", "no end"
	case r.Reversed && t.HasStart && t.HasEnd && t.End < t.Start:
		return "reversed", "ends at " + s.End
	}
	return "", ""
}

func (r *Rules) network(s *schemas.SessionRecord, _ Times) (rule, evidence string) {
	if len(r.Networks) == 0 {
		return "", ""
	}
	addr, err := netip.ParseAddr(strings.TrimSpace(s.OriginIP))
	if err == nil {
		for _, n := range r.Networks {
			if n.Contains(addr.Unmap()) {
				return "", ""
			}
		}
	}
	return "other_network", "from " + s.OriginIP
}

func (r *Rules) target(s *schemas.SessionRecord, _ Times) (rule, evidence string) {
	if r.KnowsTarget == nil || r.KnowsTarget(s.Host) {
		return "", ""
	}
	return "unknown_target", s.Host
}

func (r *Rules) account(s *schemas.SessionRecord, _ Times) (rule, evidence string) {
	if r.KnowsAccount == nil || r.KnowsAccount(s.Credential, s.Host) {
		return "", ""
	}
	return "unknown_credential", s.Credential
}

// purge tells a session that the vault will purge soon, and that nobody keeps.
func (r *Rules) purge(s *schemas.SessionRecord, t Times) (rule, evidence string) {
	if r.PurgeAfter <= 0 || !t.HasStart || keeps(s.PreventPurge) {
		return "", ""
	}
	left := time.Unix(t.Start, 0).Add(r.PurgeAfter).Sub(r.Now)
	if left > r.PurgeWithin {
		return "", ""
	}
	days := int(left.Hours() / 24)
	if left < 0 {
		return "purge_near", strconv.Itoa(-days) + " days past"
	}
	return "purge_near", strconv.Itoa(days) + " days left"
}

// keeps reads prevent_purge, which is localised (vault-api c.13).
func keeps(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "yes", "sim", "true", "1", "sí", "si":
		return true
	}
	return false
}
