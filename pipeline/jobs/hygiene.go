package jobs

import (
	"context"
	"encoding/json"
	"io"

	"pamsync/pipeline"
	"pamsync/sinks"
)

// Hygiene reads the vault's lists and says what in them makes it unsure who is who. Nothing is
// written to the vault.
func Hygiene(ctx context.Context, e *Env, out string) (Outcome, error) {
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	s, err := pipeline.TakeSnapshot(ctx, client.Reader(), pipeline.Want{Accounts: true, Norm: e.Config.Devices.Normalize})
	if err != nil {
		return Outcome{}, err
	}
	e.Note("reading_vault", "devices", sinks.Number(e.Lang, int(s.NumDevices())), "credentials", sinks.Number(e.Lang, int(s.NumAccounts())))
	found := pipeline.Hygiene(s)
	lines := untidyLines(found)
	if out != "" && out != "-" {
		if err := SaveTo(out, func(w io.Writer) error { return sinks.HygieneCSV(w, e.CSVFor, lines) }); err != nil {
			return Outcome{}, err
		}
	}
	o := Outcome{Verdict: "verdict_0"}
	if e.JSON {
		if found == nil {
			found = []pipeline.Untidy{}
		}
		enc := json.NewEncoder(e.Stdout)
		enc.SetEscapeHTML(false)
		return o, enc.Encode(map[string]any{"devices": s.NumDevices(), "credentials": s.NumAccounts(), "found": found})
	}
	e.Screen().Hygiene(lines)
	if out != "" && out != "-" {
		e.Note("exported", "n", sinks.Number(e.Lang, len(lines)), "path", out)
	}
	return o, nil
}

// untidyLines are the findings as a sink writes them.
func untidyLines(found []pipeline.Untidy) []sinks.Untidy {
	lines := make([]sinks.Untidy, len(found))
	for i, u := range found {
		lines[i] = sinks.Untidy{Code: u.Code, Field: u.Field, Key: u.Key, Items: u.Items}
		for _, v := range u.Values {
			lines[i].Values = append(lines[i].Values, sinks.ValueCount(v))
		}
	}
	return lines
}
