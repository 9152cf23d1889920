package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/sinks"
)

// increment is what an export of sessions since the last one goes by: the highest id that was exported, and
// the sessions that were open then, which are given once more when they have ended.
type increment struct {
	Certificate int                `json:"certificate"` // the last one that was made of it
	Last        uint64             `json:"last"`
	Open        map[string]openRow `json:"open"`
	Listed      schemas.IDs        `json:"listed"`
	// Ever are all that any of these exports listed: what the vault shows again is not given again.
	Ever schemas.IDs `json:"ever,omitzero"`
	// Odd and OddEver are the same of sessions that no number tells from others, by their keys.
	Odd     map[string]bool `json:"odd,omitempty"`
	OddEver map[string]bool `json:"odd_ever,omitempty"`

	odd  map[string]bool     // of this listing
	of   map[string][]string // the keys of Open by their ids
	next map[string]openRow
	room []byte
	high uint64
}

// openRow is a session without an end, as it was exported last.
type openRow struct {
	Revision int    `json:"revision"`
	Hash     string `json:"hash"`
}

// incrementPath is where increments go on from. Those under pseudonyms go on by themselves, for each key: what
// was exported in plain is not told by the hash of its rows.
func (x *exporter) incrementPath() string {
	name := "sessions.json"
	if x.pseudonyms != nil {
		name = "sessions-" + x.pseudonyms.Check() + ".json"
	}
	return filepath.Join(x.e.Config.State, vaultFolder(x.vaultName), name)
}

// goOn takes up where the last increment ended. Until ended is called no other run goes on from there: it would
// give the same sessions once more, and one of the two would be forgotten.
func (x *exporter) goOn(ctx context.Context) (ended func(), err error) {
	if !x.o.SinceLast {
		return func() {}, nil
	}
	path := x.incrementPath()
	lock, err := sinks.LockFile(ctx, path, "export sessions --since-last", x.e.LockTimeout)
	if err != nil {
		return nil, err
	}
	ended = func() { _ = lock.Release() }
	if x.since, err = x.e.loadIncrement(path); err != nil {
		ended()
		return ended, err
	}
	x.ledger.After(x.since.Last)
	return ended, nil
}

// loadIncrement reads where the last export ended; one that was never made begins with everything.
func (e *Env) loadIncrement(path string) (*increment, error) {
	inc := &increment{next: map[string]openRow{}, odd: map[string]bool{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return inc, nil
	}
	if err == nil {
		err = json.Unmarshal(data, inc)
	}
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "state_broken", "path", path).Because(rootCause(err))
	}
	inc.high, inc.Ever = inc.Last, inc.Ever.Union(inc.Listed)
	inc.of = map[string][]string{}
	for key := range inc.Open {
		id, _, _ := strings.Cut(key, "\t")
		inc.of[id] = append(inc.of[id], key)
	}
	return inc, nil
}

// keyOf tells a session from another one of its id: by its session_id, which is not kept as it is.
func keyOf(r *schemas.SessionRecord) string { return keyWith(r.ID, r.SessionID) }

func keyWith(id, sessionID string) string {
	sum := sha256.Sum256([]byte(sessionID))
	return id + "\t" + hex.EncodeToString(sum[:8])
}

// open is the key under which a session is remembered as open, if it is. A vault may give an open session its
// session_id later, or show none any more: the id alone tells it then. other says that under its id only another
// session is open.
func (inc *increment) open(r *schemas.SessionRecord, key string, again bool) (at string, open, other bool) {
	if _, open := inc.Open[key]; open {
		return key, true, false
	}
	var left []string
	for _, at := range inc.of[r.ID] {
		if _, open := inc.Open[at]; open && !inc.OddEver[at] {
			left = append(left, at)
		}
	}
	switch {
	case again || len(left) == 0:
		return key, false, false
	case len(left) == 1 && (r.SessionID == "" || left[0] == keyWith(r.ID, "") || left[0] == r.ID):
		return left[0], true, false
	}
	return key, false, true
}

// take says whether a session belongs to the increment, and numbers its revision; again says that its id came
// before in the list.
func (inc *increment) take(r *schemas.SessionRecord, again bool) bool {
	key := keyOf(r)
	at, open, other := inc.open(r, key, again)
	was := inc.Open[at]
	n, err := strconv.ParseUint(r.ID, 10, 64)
	isNew := !inc.Ever.Has(r.ID) // one that was hidden from us is new too
	if again || other || inc.OddEver[key] || err != nil || strconv.FormatUint(n, 10) != r.ID {
		isNew, inc.odd[key] = !inc.OddEver[key], true
	} else {
		inc.high = max(inc.high, n)
	}
	switch {
	case !isNew && !open:
		return false
	case open && r.End == "": // still open: it has been told
		if r.SessionID == "" {
			key = at // what is known of it stays
		}
		if key != at {
			delete(inc.Open, at)
		}
		inc.next[key] = was
		return false
	case open:
		r.Revision, r.Supersedes = was.Revision+1, was.Hash
		delete(inc.Open, at)
	}
	if r.End == "" {
		cells := sinks.SessionCells(r)
		hash, used := schemas.RowHash(inc.room, cells[:])
		inc.room = used
		inc.next[key] = openRow{r.Revision, string(hash[:])}
	}
	return true
}

// gone are the sessions that the last export's answer listed and this one's lacks: the vault purged them.
func (inc *increment) gone(listed schemas.IDs) int {
	n := inc.Listed.Minus(listed).Len()
	for key := range inc.Odd {
		if !inc.odd[key] {
			n++
		}
	}
	return n
}

// save keeps where this export ended. An open session that was not listed this time may be again.
func (inc *increment) save(path string, certificate int, listed schemas.IDs) error {
	for id, row := range inc.Open {
		if _, told := inc.next[id]; !told {
			inc.next[id] = row
		}
	}
	ever := maps.Clone(inc.odd)
	maps.Copy(ever, inc.OddEver)
	text, err := json.MarshalIndent(increment{Certificate: certificate, Last: inc.high, Open: inc.next, Listed: listed, Ever: inc.Ever.Union(listed), Odd: inc.odd, OddEver: ever}, "", "  ")
	if err != nil {
		return err
	}
	return writeText(path, append(text, '\n'))
}

// keepIncrement notes where an increment ended, once its certificate is there.
func (x *exporter) keepIncrement(c *schemas.Certificate) error {
	if x.since == nil {
		return nil
	}
	return x.since.save(x.incrementPath(), c.Serial, x.ledger.Listed())
}

// sinceLast says what an increment goes on from, nil for an export of everything.
func (x *exporter) sinceLast() *schemas.SinceLast {
	if x.since == nil {
		return nil
	}
	return &schemas.SinceLast{Certificate: x.since.Certificate, After: strconv.FormatUint(x.since.Last, 10), Ended: x.ledger.Ended(), Purged: x.since.gone(x.ledger.Listed())}
}
