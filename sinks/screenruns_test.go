package sinks_test

import (
	"bytes"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// everyRun has a line of each verdict.
func everyRun() *schemas.Runs {
	at := func(n int) *int { return &n }
	digest := "sha256:" + strings.Repeat("0123456789abcdef", 4)
	applied := func(verdict schemas.RunVerdict, exit, seconds int, c schemas.ChangeCounts) schemas.RunLine {
		return schemas.RunLine{Run: "20261102T150405Z-x7kq", What: schemas.RunSync, Verdict: verdict, Exit: at(exit), Begun: "2026-11-02T15:04:05Z", Seconds: at(seconds), Plan: digest,
			Planned: &schemas.Planned{Create: 1200, Update: 3, Reactivate: 1, Inactivate: 2, Hold: 4, Reject: 5}, Changes: &c}
	}
	rest := applied(schemas.RunIncomplete, 10, 250, schemas.ChangeCounts{Done: 1206})
	stopped := applied(schemas.RunUnfinished, 12, 10800, schemas.ChangeCounts{Done: 6, Skipped: 1199, Unknown: 1})
	stopped.Stop, stopped.Resume = []schemas.Problem{{Code: "max_duration"}}, "pamsync resume 20261102T150405Z-x7kq"
	late := stopped
	late.Verdict, late.Later, late.Report = schemas.RunSuperseded, "20261103T150405Z-aaaa", schemas.ReportOutdated
	missing := applied(schemas.RunDone, 0, 0, schemas.ChangeCounts{Done: 1206})
	missing.Report = schemas.ReportMissing
	running := applied(schemas.RunRunning, 0, 0, schemas.ChangeCounts{Done: 1, Skipped: 1205})
	running.Seconds = nil
	planned := schemas.RunLine{Run: "20261101T150405Z-x7kq", What: schemas.RunPlan, Verdict: schemas.RunPlanned, Begun: "2026-11-01T15:04:05Z", Plan: digest, Planned: &schemas.Planned{Update: 1}}
	appliedLater, nothing, guarded := planned, planned, planned
	appliedLater.Applied = "20261102T150405Z-x7kq"
	nothing.Planned = &schemas.Planned{}
	guarded.Verdict, guarded.Stop = schemas.RunStopped, []schemas.Problem{{Code: "limit_inactivate"}, {Code: "source_shrink"}}
	return &schemas.Runs{Reports: "reports", More: 1983, Runs: []schemas.RunLine{
		running, missing, rest, applied(schemas.RunIncomplete, 10, 9, schemas.ChangeCounts{Done: 1205, Failed: 1}), applied(schemas.RunIncomplete, 10, 9, schemas.ChangeCounts{Done: 1205, Skipped: 1}),
		applied(schemas.RunUnknown, 14, 9, schemas.ChangeCounts{Done: 1205, Unknown: 1}), applied(schemas.RunStopped, 11, 1, schemas.ChangeCounts{Skipped: 1206}), applied(schemas.RunFailed, 70, 61, schemas.ChangeCounts{Skipped: 1206}),
		stopped, late, planned, appliedLater, nothing, guarded,
		{Run: "old\x1b[31m", Verdict: schemas.RunUnread, Problem: &schemas.Problem{Code: "run_empty", Args: schemas.Pairs("run", "old\x1b[31m")}},
	}}
}

func TestScreenOfRuns(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		var b bytes.Buffer
		(&sinks.Screen{Out: &b, Lang: lang}).Runs(everyRun())
		golden(t, "runs."+string(lang)+".golden", b.String())
		if strings.ContainsAny(b.String(), "\x1b{}") {
			t.Errorf("%q", b.String())
		}
	}
}
