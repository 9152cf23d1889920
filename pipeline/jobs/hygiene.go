package jobs

import (
	"context"
	"io"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// Hygiene reads the vault's lists and says what in them makes it unsure who is who. Nothing is
// written to the vault.
func Hygiene(ctx context.Context, e *Env, out string) (Outcome, error) {
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	s, err := pipeline.TakeSnapshot(ctx, client.Reader().Borrowing(), pipeline.Want{Accounts: true, Norm: e.Config.Devices.Normalize})
	if err != nil {
		return Outcome{}, err
	}
	e.Note("reading_vault", "devices", sinks.Number(e.Lang, int(s.NumDevices())), "credentials", sinks.Number(e.Lang, int(s.NumAccounts())))
	found := pipeline.Hygiene(s)
	if out != "" && out != "-" {
		if err := SaveTo(out, func(w io.Writer) error { return sinks.HygieneCSV(w, e.CSVFor, found) }); err != nil {
			return Outcome{}, err
		}
	}
	o := Outcome{Verdict: "verdict_0"}
	if e.JSON {
		return o, printJSON(e.Stdout, schemas.Hygiene{Devices: int(s.NumDevices()), Credentials: int(s.NumAccounts()), Found: orEmpty(found)})
	}
	e.Screen().Hygiene(found)
	if out != "" && out != "-" {
		e.Note("exported", "n", sinks.Number(e.Lang, len(found)), "path", out)
	}
	return o, nil
}
