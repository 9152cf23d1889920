package schemas

// Runs is what `runs --json` prints: the runs of a reports folder, newest first.
type Runs struct {
	Reports string    `json:"reports"`
	Runs    []RunLine `json:"runs"`
	More    int       `json:"more"` // older ones that are not listed
}

// RunLine is one run, as the ends of its plan, journal and result tell it.
type RunLine struct {
	Run     string     `json:"run"`
	What    RunWhat    `json:"what,omitempty"` // "" where its folder does not tell
	Verdict RunVerdict `json:"verdict"`
	Exit    *int       `json:"exit,omitempty"` // of what was applied and ended
	Vault   string     `json:"vault,omitempty"`
	By      string     `json:"by,omitempty"`
	Begun   string     `json:"begun,omitempty"` // RFC 3339, UTC
	Ended   string     `json:"ended,omitempty"`
	Seconds *int       `json:"seconds,omitempty"` // from Begun to Ended, pauses before a resume counted
	Plan    string     `json:"plan,omitempty"`    // its digest
	Planned *Planned   `json:"planned,omitempty"`
	// Changes is how the changes ended so far, nil where nothing was applied.
	Changes *ChangeCounts `json:"changes,omitempty"`
	Stop    []Problem     `json:"stop,omitempty"` // what stopped the plan, or ended the run early
	// Resume is the command that goes on with it; Later is the run because of which that is refused.
	Resume string `json:"resume,omitempty"`
	Later  string `json:"later,omitempty"`
	// Applied is the latest run that applied the plan that this one only made.
	Applied string    `json:"applied,omitempty"`
	Report  RunReport `json:"report,omitempty"`
	Problem *Problem  `json:"problem,omitempty"` // why it cannot be read
}

// Planned counts what a plan does, holds and rejects, over all kinds.
type Planned struct {
	Create     int `json:"create"`
	Update     int `json:"update"`
	Reactivate int `json:"reactivate"`
	Inactivate int `json:"inactivate"`
	Hold       int `json:"hold"`
	Reject     int `json:"reject"`
	Open       int `json:"open,omitempty"`
	Drop       int `json:"drop,omitempty"`
	Release    int `json:"release,omitempty"`
	Read       int `json:"read,omitempty"` // secrets
}

// Changes is the number of a plan's changes.
func (p *Planned) Changes() int {
	return p.Create + p.Update + p.Reactivate + p.Inactivate + p.Open + p.Drop + p.Release + p.Read
}

// Planned adds up the kinds of a plan.
func (s *Summary) Planned() Planned {
	var sum Planned
	for _, k := range s.Kinds {
		sum.Create += k.Create
		sum.Update += k.Update
		sum.Reactivate += k.Reactivate
		sum.Inactivate += k.Inactivate
		sum.Hold += k.Hold
		sum.Reject += k.Reject
		sum.Open += k.Open
		sum.Drop += k.Drop
		sum.Release += k.Release
		sum.Read += k.Read
	}
	return sum
}

// RunWhat is what a run was.
type RunWhat string

// The kinds of runs that a folder tells apart.
const (
	RunPlan  RunWhat = "plan"  // nothing was applied in it
	RunApply RunWhat = "apply" // of a plan that another run made
	RunSync  RunWhat = "sync"  // it applied its own plan
	RunBulk  RunWhat = "bulk"  // of a bulk verb: sessions open, sessions drop, custody release
	// RunSecrets read secrets, and changed nothing.
	RunSecrets RunWhat = "secrets"
)

// RunVerdict is how a run stands.
type RunVerdict string

// The verdicts.
const (
	RunDone       RunVerdict = "done"       // exit 0
	RunIncomplete RunVerdict = "incomplete" // exit 10
	RunUnknown    RunVerdict = "unknown"    // exit 14, and nothing is left to do in it
	RunStopped    RunVerdict = "stopped"    // by a guard: exit 11, or a plan that cannot be applied
	RunFailed     RunVerdict = "failed"     // any other exit that cannot be gone on from
	RunUnfinished RunVerdict = "unfinished" // resume goes on with it
	RunSuperseded RunVerdict = "superseded" // unfinished, and another run has written since
	RunRunning    RunVerdict = "running"    // a process holds the vault's lock for it
	RunPlanned    RunVerdict = "planned"    // no more than that
	RunUnread     RunVerdict = "unread"     // its folder cannot be read
)

// RunReport is what is wrong with the result files of a run that ended; `report` writes them again.
type RunReport string

// What can be wrong with them.
const (
	ReportMissing  RunReport = "missing"
	ReportOutdated RunReport = "outdated" // they tell of an earlier end
)
