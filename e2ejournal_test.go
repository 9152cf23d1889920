package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"pamsync/schemas"
)

// sumAnew writes a journal again that a script has edited, as if every line had been synced alone.
func sumAnew(ts *testscript.TestScript, neg bool, args []string) {
	var again bytes.Buffer
	w := schemas.NewJournalWriter(&again)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var rec schemas.Record
		ts.Check(json.Unmarshal([]byte(line), &rec))
		ts.Check(w.Write(rec))
		w.Batch()
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), again.Bytes(), 0o600))
}
