package schemas_test

import (
	"bytes"
	"testing"

	"pamsync/schemas"
)

// resultRecords are a result file in which every field is used.
func resultRecords() []schemas.Record {
	start := fullPlan().Start
	start.Format = schemas.FormatResult
	r := schemas.Result{Change: "0123456789abcdef", Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: "root@srv-01", Status: schemas.StatusFailed,
		VaultID: "11", Source: "c.csv", Row: "2;9", Code: "1011", Message: "the vault refused it", Attempts: 2}
	records := []schemas.Record{{Start: &start}, {Result: &r},
		{Result: &schemas.Result{Kind: schemas.KindDevice, Action: schemas.ActionHold, Key: "a", Status: schemas.StatusHeld, Code: "ambiguous"}},
		{Result: &schemas.Result{Kind: schemas.KindDevice, Action: schemas.ActionReject, Status: schemas.StatusRejected, Source: "d.csv", Row: "7", Code: "no_hostname"}}}
	return append(records, schemas.Record{Total: &schemas.Total{Run: start.Run, Exit: 10, Rows: schemas.RowCounts{In: 3, Changed: 1, Held: 1, Rejected: 1},
		Changes: schemas.ChangeCounts{Done: 1, Failed: 2, Skipped: 3, Unknown: 4}}})
}

// stateRecords are a state file in which every record and field is used.
func stateRecords() []schemas.Record {
	start := fullPlan().Start
	start.Format = schemas.FormatState
	item := schemas.Item{Kind: schemas.KindKey, ID: "12", Key: "deploy@srv-01", Type: "SSH Key", Identifier: "deploy-01"}
	return []schemas.Record{{Start: &start},
		{Remembered: &schemas.Remembered{What: schemas.RememberInactive, Kind: schemas.KindDevice, ID: "3", Key: "old-01", Device: "old-01", DeviceID: "3", Values: allValues(),
			Dragged: []schemas.Item{item}, Listed: true, Run: start.Run}},
		{Remembered: &schemas.Remembered{What: schemas.RememberNotKept, Kind: schemas.KindDevice, ID: "4", Key: "srv-04", Field: "site", Sent: "lax", Kept: "LAX", Run: start.Run}},
		{Remembered: &schemas.Remembered{What: schemas.RememberRenaming, Kind: schemas.KindDevice, ID: "9", Key: "srv-01b", Device: "srv-01", Old: "1", Run: start.Run}},
		{Remembered: &schemas.Remembered{What: schemas.RememberPrint, Kind: schemas.KindCredential, ID: "11", Key: "root@srv-01", Field: "tags", Print: someDigest, Run: start.Run}},
		{Remembered: &schemas.Remembered{What: schemas.RememberFormer, Kind: schemas.KindDevice, ID: "4", Key: "srv-04", Field: "ip", Sent: "10.0.0.4", Kept: "10.0.0.9", Run: start.Run, At: start.Made}},
		{Counted: &schemas.Counted{Plan: "sha256:" + someDigest, Run: start.Run, At: start.Made, Kinds: map[schemas.Kind]string{schemas.KindDevice: start.Run}}},
		{SourceSeen: &schemas.SourceSeen{SourceUse: start.Sources[0], Run: start.Run, At: start.Made}},
		{ViewSeen: &schemas.ViewSeen{Kind: schemas.KindDevice, Client: "7f1c", IDs: schemas.NewIDs([]string{"1", "2", "x"}), Ever: schemas.NewIDs([]string{"1", "2", "3"}), Prints: make(schemas.Prints, 12), Lost: schemas.NewIDs([]string{"3"}), LostPrints: make(schemas.Prints, 4), Marks: map[string]string{"1": "ab"}, Run: start.Run, At: start.Made}},
		{Absence: &schemas.Absence{Kind: schemas.KindDevice, ID: "3", Key: "old-01", Runs: 2, Since: start.Made}},
		{Named: &schemas.Named{Kind: schemas.KindDevice, Plan: start.Run, Last: true, IDs: schemas.NewIDs([]string{"3"})}},
		{Asset: &schemas.Asset{ID: "1", Print: someDigest}},
		{Difference: &schemas.Difference{Kind: schemas.KindDevice, Key: "old-01", Code: "grace", Since: start.Made, Nights: "+-++"}},
	}
}

// journalRecords are a journal in which every record and field is used.
func journalRecords() []schemas.Record {
	start := fullPlan().Start
	start.Format, start.Plan = schemas.FormatJournal, "sha256:"+someDigest
	const change, at = "0123456789abcdef", "2026-11-02T15:04:06.000000001Z"
	stop := schemas.Problem{Code: "max_failed", Place: schemas.Place{Source: "d.csv", Row: 2}, Args: schemas.Args{"n": "3"}}
	return []schemas.Record{{Start: &start},
		{Listed: &schemas.Listed{MaxDevice: 7, MaxCredential: 11}},
		{Intent: &schemas.Intent{Change: change, Step: 1, Verb: schemas.VerbUpsert, Kind: schemas.KindDevice, ID: "1", At: at}},
		{Outcome: &schemas.Outcome{Change: change, Step: 1, Effect: schemas.EffectRefused, Status: schemas.StatusFailed, Final: true, Code: "1011",
			Args: schemas.Args{"message": `it says "no", ,"n":7,"synced":0,"sum":"00000000"}`}, VaultID: "1", Refusal: 1011, HTTP: 400, Attempts: 2, At: at}},
		{Finding: &schemas.Finding{Change: change, Code: "not_kept", Field: "site", Sent: "lax", Kept: "LAX"}},
		{Finish: &schemas.Finish{Exit: 10, Stop: &stop, At: at}}}
}

// writtenJournal is a journal of batches of two lines.
func writtenJournal(t *testing.T, records []schemas.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w := schemas.NewJournalWriter(&b)
	for i, r := range records {
		if i%2 == 1 {
			w.Batch()
		}
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func writtenRecords(t *testing.T, records []schemas.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w := schemas.NewWriter(&b)
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Seal(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
