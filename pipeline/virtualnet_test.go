package pipeline_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// faults are all that may happen to a request; the first leave the client in doubt of it.
var faults = []vaultsim.Fault{
	vaultsim.ResetBefore, vaultsim.Status503Bare, vaultsim.Status502, vaultsim.Hang, vaultsim.HTMLPage,
	vaultsim.ResetAfter, vaultsim.Status500After, vaultsim.TruncateBody, vaultsim.LateApply,
	vaultsim.Status503, vaultsim.Status429, vaultsim.Unauthorized401, vaultsim.InvalidSignature403,
}

const doubtful = 9 // of them

// fate is what happens to one request.
type fate struct {
	fault vaultsim.Fault
	takes time.Duration // the vault's own time, before it applies it
	// record is the one that the request writes, of which the client cannot know what became.
	record  string
	applied bool
}

// conditions are those under which a seed lets a run work.
type conditions struct {
	share      float64       // of the requests that are spoilt
	slow       float64       // of the requests that take up to longest
	usual      time.Duration // that a request takes
	longest    time.Duration
	outage     absence       // what all requests meet while it lasts
	from, till time.Duration // of the outage, from the start
	patience   time.Duration // of the client with a request
	jumps      int           // one in so many requests finds the clocks changed, 0 for never
}

// absence is a fault of the vault, or that no connection can be made.
type absence struct {
	fault   vaultsim.Fault
	refused bool
}

// ordealNet is the vault's side of an ordeal: it draws what happens to each request by what the
// request is and how often it came, so that a seed always does the same.
type ordealNet struct {
	seed uint64
	conditions
	names map[string]string // "device 12" to "device srv-01"

	mu      sync.Mutex
	begun   time.Time // zero while all is calm
	nth     map[string]int
	fates   map[int]*fate
	labels  map[int]string
	applied map[string]int // how often a write came about
	starts  []time.Time    // of this process's requests
	ours    time.Duration  // what the clocks are off by
	vaults  time.Duration
}

// draws is the random source of one thing.
func draws(seed uint64, what ...any) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, what...)
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// label names a request by what it asks for, and the record that it is about.
func (n *ordealNet) label(r vaultsim.Request) (label, record string) {
	kind := path.Base(r.Path)
	switch {
	case kind == "token", r.Method == http.MethodGet:
		return r.Method + " " + kind, ""
	case r.Method == http.MethodPost:
		record = kind + " " + r.Fields["hostname"]
		switch kind {
		case "credential", "key":
			record = kind + " " + r.Fields["username"] + "@" + r.Fields["hostname"]
		case "info":
			record = kind + " " + r.Fields["identifier"]
		}
	default:
		record = n.names[path.Base(path.Dir(r.Path))+" "+kind]
	}
	record = strings.ToLower(record)
	return r.Method + " " + record, record
}

// arrive is what a request meets before the vault looks at it.
func (n *ordealNet) arrive(r vaultsim.Request) {
	n.mu.Lock()
	label, record := n.label(r)
	n.nth[label]++
	at := n.nth[label]
	n.labels[r.N] = label
	n.starts = append(n.starts, time.Now())
	f := n.fateOf(draws(n.seed, label, at))
	if slices.Contains(faults[:doubtful], f.fault) || f.takes > n.patience {
		f.record = record
	}
	n.fates[r.N] = f
	if d := draws(n.seed, "clock", r.N); n.jumps > 0 && !n.begun.IsZero() && d.IntN(n.jumps) == 0 {
		n.ours += jump(d)
		n.vaults += jump(d)
	}
	n.mu.Unlock()
	time.Sleep(f.takes)
}

// jump is by how much a clock is put forward or back.
func jump(d *rand.Rand) time.Duration {
	return time.Duration(d.Int64N(int64(4*time.Hour))) - 2*time.Hour
}

func (n *ordealNet) fateOf(d *rand.Rand) *fate {
	f := &fate{takes: time.Millisecond + time.Duration(d.Int64N(int64(n.usual)))}
	if n.begun.IsZero() {
		return f
	}
	if d.Float64() < n.slow {
		f.takes = time.Duration(d.Int64N(int64(n.longest)))
	}
	switch {
	case n.out() && !n.outage.refused:
		f.fault = n.outage.fault
	case d.Float64() < n.share:
		f.fault = faults[d.IntN(len(faults))]
	}
	return f
}

// out tells whether it is the time of the outage; n.mu is held.
func (n *ordealNet) out() bool {
	since := time.Since(n.begun)
	return !n.begun.IsZero() && since >= n.from && since < n.till
}

// refuses tells whether no connection can be made now.
func (n *ordealNet) refuses() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.outage.refused && n.out()
}

// calm ends all trouble, or begins it.
func (n *ordealNet) calm(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begun = time.Time{}
	if !on {
		n.begun = time.Now()
	}
}

// lost tells whether a request to write a record came to nothing without the client's knowing.
func (n *ordealNet) lost(record string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range n.fates {
		if f.record == record && !f.applied {
			return true
		}
	}
	return false
}

// doubted tells whether the client cannot know what became of some request to write a record.
func (n *ordealNet) doubted(record string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range n.fates {
		if f.record == record {
			return true
		}
	}
	return false
}

// hook puts the net before a vault.
func (n *ordealNet) hook(v *vaultsim.Vault) {
	n.nth, n.fates, n.labels, n.applied = map[string]int{}, map[int]*fate{}, map[int]string{}, map[string]int{}
	v.OnRequest = n.arrive
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		n.mu.Lock()
		defer n.mu.Unlock()
		return n.fates[r.N].fault
	}
	v.OnApplied = func(r vaultsim.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.applied[n.labels[r.N]]++
		n.fates[r.N].applied = true
	}
	v.Now = func() time.Time {
		n.mu.Lock()
		defer n.mu.Unlock()
		return time.Now().Add(n.vaults)
	}
}

// now is the clock of the machine that pamsync runs on.
func (n *ordealNet) now() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Add(n.ours)
}

// takeStarts returns when the requests began that arrived since it was asked last.
func (n *ordealNet) takeStarts() []time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	starts := n.starts
	n.starts = nil
	return starts
}
