package pipeline

import (
	"regexp"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// Drops plans which of the listed sessions are to be ended: those that rows name, or where there is no
// file those that are open and match.
type Drops struct {
	Asks   []Ask
	ByFile bool
	Reason string // for rows that give none, and for all that match
	Match  func(*schemas.Session) bool
	Limit  schemas.Limit

	byID, byHash map[string][]int // rows that name a session
	found        []drop
	named        map[int]int  // the session in found that a row names
	torn         map[int]bool // rows whose id and session_id are not of one session
	listed, open int
}

// drop is a listed session that a row or the match means.
type drop struct {
	schemas.Session
	usable, matches bool
}

// usableSession is a session_id that can stand in a path as it is.
var usableSession = regexp.MustCompile(`^[0-9A-Za-z-]+$`)

// SessionKey names a session to people: the user and the device.
func SessionKey(s *schemas.Session) string {
	return strings.TrimSpace(s.User) + "@" + strings.TrimSpace(s.Device)
}

// Prepare indexes the rows; it comes before the first session.
func (d *Drops) Prepare() {
	d.byID, d.byHash, d.named = map[string][]int{}, map[string][]int{}, map[int]int{}
	d.torn = map[int]bool{}
	for i := range d.Asks {
		a := &d.Asks[i]
		if len(a.Problems) > 0 || a.LeftOut {
			continue
		}
		if id := a.Said["id"]; id != "" {
			d.byID[id] = append(d.byID[id], i)
		}
		if !a.Session.Empty() {
			hash := fold(a.Session.Reveal())
			d.byHash[hash] = append(d.byHash[hash], i)
		}
	}
}

// Take looks at one session of the list, which it does not hold on to.
func (d *Drops) Take(s *schemas.Session) {
	d.listed++
	end := EndOf(s)
	if end == EndNone {
		d.open++
	}
	byID, byHash := d.byID[s.ID], d.byHash[fold(s.SessionID)]
	if s.SessionID == "" {
		byHash = nil
	}
	matches := d.Match == nil || d.Match(s)
	if len(byID)+len(byHash) == 0 && (d.ByFile || end == EndReached || !matches) {
		return
	}
	r := schemas.SessionRecord{Session: *s}
	kept := drop{Session: r.Clone().Session, matches: matches, usable: usableSession.MatchString(s.SessionID)}
	kept.SessionID = "" // it is read from the list again when it is needed
	for _, i := range byID {
		d.named[i] = len(d.found)
		hash := &d.Asks[i].Session
		d.torn[i] = d.torn[i] || !hash.Empty() && fold(hash.Reveal()) != fold(s.SessionID)
	}
	for _, i := range byHash {
		d.named[i] = len(d.found)
		d.torn[i] = d.torn[i] || !agreed(&d.Asks[i], "id", s.ID)
	}
	d.found = append(d.found, kept)
}

// Plan is the plan, once the whole list was taken.
func (d *Drops) Plan() *schemas.Plan {
	b := newBulkPlan(schemas.KindSession, schemas.ActionDrop)
	if !d.ByFile {
		for i := range d.found {
			d.change(b, nil, &d.found[i], schemas.RuleMatched, d.Reason)
		}
	}
	for i := range d.Asks {
		d.ask(b, i)
	}
	n := len(b.plan.Changes)
	stops := d.Limit.Stops(n, d.open)
	b.plan.Summary.Limits = []schemas.LimitUse{{Name: "drop", Kind: schemas.KindSession, N: n, Total: d.open, Limit: d.Limit, Stopped: stops}}
	if stops {
		b.plan.Summary.Stop = []schemas.Problem{{Code: "limit_drop", Args: schemas.Pairs("n", strconv.Itoa(n), "total", strconv.Itoa(d.open), "limit", d.Limit.String())}}
	}
	return b.done(d.listed)
}

// Open is how many of the listed sessions are open.
func (d *Drops) Open() int { return d.open }

// ask decides about one row.
func (d *Drops) ask(b *bulkPlan, i int) {
	a := &d.Asks[i]
	key := a.Said["id"]
	if b.unread(a, key) {
		return
	}
	reason := a.Said["reason"]
	if reason == "" {
		reason = d.Reason
	}
	at, named := d.named[i]
	switch {
	case key == "" && a.Session.Empty():
		b.reject(a, key, "", "session_unnamed")
	case reason == "":
		b.reject(a, key, "reason", "reason_missing")
	case !named:
		b.reject(a, key, "", "session_not_listed", "id", key)
	case d.torn[i], !d.agree(a, &d.found[at]):
		s := &d.found[at]
		b.hold(a, schemas.Hold{Key: SessionKey(&s.Session), VaultID: s.ID, Code: "session_differs", Args: schemas.Pairs("id", s.ID, "key", SessionKey(&s.Session))})
	default:
		d.change(b, a, &d.found[at], schemas.RuleAsked, reason)
	}
}

// agree says whether a row that says who is on what means this session.
func (d *Drops) agree(a *Ask, s *drop) bool {
	host, _, _ := strings.Cut(s.Device, ":")
	return agreed(a, "user", s.User) && agreed(a, "device", s.Device, host)
}

func (d *Drops) change(b *bulkPlan, a *Ask, s *drop, rule, reason string) {
	key := SessionKey(&s.Session)
	end := EndOf(&s.Session)
	switch {
	case end == EndReached:
		b.leave(a, schemas.Left{Key: key, VaultID: s.ID, Code: "already_ended"})
	case !s.matches:
		b.leave(a, schemas.Left{Key: key, VaultID: s.ID, Code: "not_matched"})
	case end == EndUnread:
		b.hold(a, schemas.Hold{Key: key, VaultID: s.ID, Code: EndUnreadCode, Args: schemas.Pairs("value", s.End)})
	case !s.usable:
		b.hold(a, schemas.Hold{Key: key, VaultID: s.ID, Code: "session_nameless"})
	default:
		b.change(a, s.ID, schemas.Change{Key: key, VaultID: s.ID, Device: s.Device, Reason: schemas.Reason{Rule: rule, Value: reason}})
	}
}
