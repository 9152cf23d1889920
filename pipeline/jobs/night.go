package jobs

import (
	"cmp"
	"io"
	"path/filepath"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// nightFile is the file of a run's folder that compares it with the good runs before it.
const nightFile = "digest.csv"

// nightOf compares what a plan, or a run, leaves for people with the good runs before it. It is nil
// for a plan that was counted already: applied once more, it is no other night.
func nightOf(good *pipeline.LastGood, plan *schemas.Plan, results []schemas.Result, now time.Time) *sinks.Night {
	if good.Counted.Plan != "" && good.Counted.Plan == plan.Digest {
		return nil
	}
	n := &sinks.Night{}
	if at, err := time.Parse(time.RFC3339, good.Counted.At); err == nil {
		n.At = at.UTC().Format(time.DateOnly)
	}
	for _, w := range good.Digest(plan, results) {
		n.Waiting = append(n.Waiting, sinks.Waiting{State: string(w.State), Kind: string(w.Kind), Key: w.Key, Code: w.Code, Nights: w.Night, Seen: w.Seen, Of: w.Of,
			Since: cmp.Or(w.Since, now.UTC().Format(time.RFC3339))})
	}
	return n
}

// writeNight writes the comparison of a run that ended well.
func (a *application) writeNight() error {
	if a.night == nil {
		return nil
	}
	return sinks.WriteFile(filepath.Join(a.folder, nightFile), func(w io.Writer) error { return sinks.NightCSV(w, a.night, a.e.CSVFor) })
}
