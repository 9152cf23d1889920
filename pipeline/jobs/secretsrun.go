package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/sealed"
)

// The files of a run that reads secrets, beside those of every run.
const (
	auditFile = "audit.jsonl"
	partsFile = "secrets.parts"
)

// errNothingRead tells that there is no record to write a file of; it is a fault so that no file takes its
// place, and nobody sees it.
var errNothingRead = schemas.NewFault(schemas.ClassStopped, "secrets_nothing")

// start begins the run: the question, the lock, its folder, its plan and its journal.
func (x *secretExport) start(ctx context.Context) (Outcome, error) {
	x.screen().Reading(x.plan, x.e.Config.Vault.RPS)
	if len(x.plan.Changes) > 0 {
		if err := x.confirm(ctx); err != nil {
			return Outcome{}, err
		}
	}
	held, err := x.e.lock(ctx, x.client.Identity(), "")
	if err != nil {
		return Outcome{}, err
	}
	defer held.release()
	a := &application{e: x.e, plan: x.plan, client: x.client}
	if err := a.nameRun(held); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Run: a.run, Folder: a.folder}
	if err := sinks.MakeRun(a.folder); err != nil {
		return out, err
	}
	x.plan.Start.Run = a.run
	if err := x.e.writePlan(a.folder, x.plan, ""); err != nil {
		return out, err
	}
	journal, err := x.journal(a)
	if err != nil {
		return out, err
	}
	return x.carry(ctx, a, journal)
}

func (x *secretExport) journal(a *application) (*sinks.Journal, error) {
	start := x.e.start(schemas.FormatJournal, a.run, x.client.Identity())
	start.Plan, start.By, start.Reading = x.plan.Digest, x.e.operator(), x.plan.Start.Reading
	return sinks.CreateJournal(a.journalPath(), start)
}

// resumeSecrets goes on with a run that reads secrets: only what is not read yet is asked for.
func (e *Env) resumeSecrets(ctx context.Context, folder string, plan *schemas.Plan, dryRun bool) (Outcome, error) {
	x := &secretExport{e: e, plan: plan}
	a := &application{e: e, plan: plan, run: filepath.Base(folder), folder: folder}
	out := Outcome{Run: a.run}
	var err error
	if x.to, err = sealed.ParseRecipients(plan.Start.Reading.Recipients); err != nil {
		return out, err
	}
	if err := x.connect(); err != nil {
		return out, err
	}
	a.client = x.client
	if plan.Start.Vault != x.client.Identity() {
		return out, schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", plan.Start.Vault, "vault", x.client.Identity())
	}
	held, err := e.lock(ctx, x.client.Identity(), a.run)
	if err != nil {
		return out, err
	}
	defer held.release()
	e.sweep(folder)
	a.past, a.end, err = a.readOwn()
	unborn := errors.Is(err, errUnborn)
	switch {
	case err != nil && !unborn:
		return out, err
	case !unborn && a.past.Finished() && dryRun:
		e.Note("dry_finished", "run", a.run)
		return Outcome{Run: a.run, Verdict: "verdict_dry_run"}, nil
	case !unborn && a.past.Finished():
		return a.report(a.past.Finish.Exit)
	case dryRun:
		left := len(plan.Changes)
		if !unborn {
			n := a.past.Counts(len(plan.Changes))
			left = n.Skipped + n.Unknown
		}
		e.Note("secrets_dry_run", "n", sinks.Number(e.Lang, left))
		return Outcome{Run: a.run, Verdict: "verdict_dry_run"}, nil
	}
	if _, err := x.list(ctx, plan.Start.Reading.Kind); err != nil {
		return out, err
	}
	if unborn {
		if err := x.confirm(ctx); err != nil {
			return out, err
		}
		if err := os.Remove(a.journalPath()); err != nil {
			return out, schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(err)
		}
		a.past = nil
		journal, err := x.journal(a)
		if err != nil {
			return out, err
		}
		return x.carry(ctx, a, journal)
	}
	journal, cut, err := sinks.ReopenJournal(a.journalPath(), a.end)
	if err != nil {
		return out, err
	}
	if cut > 0 {
		e.Warn(schemas.Problem{Code: "journal_healed", Args: schemas.Args{"run": a.run, "bytes": strconv.FormatInt(cut, 10)}})
	}
	return x.carry(ctx, a, journal)
}

// lostParts is how many records the journal calls read that are not kept any more.
func lostParts(plan *schemas.Plan, past *pipeline.Past, parts *sealed.Parts) (n int) {
	if past == nil {
		return 0
	}
	for i, result := range pipeline.Replay(plan, past)[:len(plan.Changes)] {
		if result.Status == schemas.StatusDone && !parts.Has(plan.Changes[i].ID) {
			n++
		}
	}
	return n
}

// carry reads, writes the file where it is whole, and the reports whatever happened.
func (x *secretExport) carry(ctx context.Context, a *application, journal *sinks.Journal) (Outcome, error) {
	defer journal.Close()
	out := Outcome{Run: a.run, Folder: a.folder}
	parts, err := sealed.OpenParts(filepath.Join(a.folder, partsFile), x.to)
	if err != nil {
		return out, err
	}
	defer parts.Close()
	if n := max(parts.Damaged, lostParts(x.plan, a.past, parts)); n > 0 {
		x.e.Warn(schemas.Problem{Code: "secrets_part_damaged", Args: schemas.Pairs("n", strconv.Itoa(n), "path", filepath.Join(a.folder, partsFile))})
	}
	audit, err := sinks.OpenAudit(filepath.Join(a.folder, auditFile), x.plan.Digest)
	if err != nil {
		return out, err
	}
	defer audit.Close()
	ctx, cancel := x.e.bounded(ctx)
	defer cancel()
	stdout := x.e.Stdout
	if x.plan.Start.Reading.Out == "-" {
		x.e.Stdout = x.e.Stderr // all that people read
	}
	var stop *schemas.Fault
	before := parts.Before()
	written, err := x.write(ctx, a, journal, parts, audit, stdout)
	if err != nil && !errors.Is(err, errNothingRead) {
		stop = faultOf(err)
	}
	a.tellPace()
	out, err = x.close(ctx, a, journal, stop)
	if stop == nil && err == nil {
		err = parts.Remove()
	}
	if written > 0 {
		x.tellWritten(written, before)
	}
	return out, err
}

// write writes the export as it is read, into the place of the file where all of it is read.
func (x *secretExport) write(ctx context.Context, a *application, journal *sinks.Journal, parts *sealed.Parts, audit *sinks.Audit, stdout io.Writer) (written int, err error) {
	var progress *sinks.Progress
	if !x.e.Quiet {
		progress = sinks.NewProgress(x.e.Stderr, x.e.Lang, x.e.StderrTTY && !x.e.JSON, x.e.Now)
	}
	defer progress.Done()
	encrypt := func(w io.Writer) error {
		start := x.e.start(sealed.Format, a.run, x.client.Identity())
		start.By = x.e.operator()
		to, err := x.to.Writer(w, start)
		if err != nil {
			return err
		}
		for i := range x.plan.Changes {
			if text := parts.Sealed(x.plan.Changes[i].ID); len(text) > 0 {
				if err := to.Sealed(text); err != nil {
					return err
				}
			}
		}
		if err := x.reading(a, to, journal, parts, audit, progress).Go(ctx); err != nil {
			return err
		}
		if written = to.Records(); written == 0 {
			return errNothingRead
		}
		return to.Close(len(x.plan.Changes), x.plan.Start.Reading.By)
	}
	into := func(w io.Writer) error {
		stream := &outStream{w: w, path: x.plan.Start.Reading.Out}
		return stream.first(encrypt(stream))
	}
	if len(x.plan.Changes) == 0 {
		return 0, errNothingRead
	}
	if out := x.plan.Start.Reading.Out; out != "-" {
		err = sinks.WriteFile(out, into)
	} else {
		err = into(stdout)
	}
	if err != nil {
		written = 0
	}
	return written, err
}

// reading is the stage that reads, with everything that it needs.
func (x *secretExport) reading(a *application, to *sealed.Writer, journal *sinks.Journal, parts *sealed.Parts, audit *sinks.Audit, progress *sinks.Progress) *pipeline.Reading {
	who := schemas.Audit{Run: a.run, Operator: x.e.operator(), Client: x.e.Config.Vault.ClientID, Vault: x.client.Identity()}
	return &pipeline.Reading{Plan: x.plan, Past: a.past,
		Read: func(ctx context.Context, kind schemas.Kind, ref schemas.Ref) (schemas.SecretRecord, schemas.Answer, *schemas.Problem) {
			return x.caller.Read(ctx, kind, ref, x.key)
		},
		Release: x.client.Writer().Do,
		Keep: func(c *schemas.Change, r *schemas.SecretRecord) error {
			x.complete(r)
			if err := parts.Keep(c.ID, r); err != nil {
				return err
			}
			return to.Record(r)
		},
		Kept: parts.Has, Empty: parts.Empty, Journal: journal.Append, OnRecord: audit.Done,
		Audit: func(one schemas.Audit) error {
			one.Run, one.Operator, one.Client, one.Vault = who.Run, who.Operator, who.Client, who.Vault
			return audit.Append(one)
		},
		Brakes:  pipeline.Brakes{MaxErrors: x.e.Config.Apply.MaxErrors, Storm: x.e.Config.Apply.ErrorStorm},
		Workers: x.e.Config.Vault.Workers, Now: x.e.Now, Progress: progress.Show}
}

// close reads the journal back, and makes of it the exit code and the reports.
func (x *secretExport) close(ctx context.Context, a *application, journal *sinks.Journal, stop *schemas.Fault) (Outcome, error) {
	past, _, err := a.readOwn()
	if err != nil {
		return Outcome{Run: a.run, Folder: a.folder}, err
	}
	a.past = past
	results := pipeline.Replay(x.plan, past)
	x.tellRead("secrets_empty", pipeline.Emptied(results))
	x.tellRead("secrets_misnamed", pipeline.Misnamed(results))
	exit := exitOfRun(results, pipeline.Tally(a.run, x.plan, results), stop, Signal(ctx))
	finish := schemas.Finish{Exit: exit, At: x.e.Now().UTC().Format(time.RFC3339)}
	if stop != nil {
		finish.Stop = &stop.Problem
	}
	if stop == nil || stop.Class != schemas.ClassDisk {
		if err := journal.Append(schemas.Record{Finish: &finish}); err != nil {
			stop, exit = faultOf(err), 74
		}
		a.past.Finish = &finish
	}
	out, err := a.report(exit)
	if err == nil && stop != nil {
		out.Exit = exit
		if resumable(exit) && exit != 14 {
			x.e.Note("resume_with", "run", a.run)
		}
		return out, Ended{stop}
	}
	return out, err
}

// tellWritten says where the file is; before are the records that the run had read before it was resumed.
func (x *secretExport) tellWritten(n, before int) {
	reading := x.plan.Start.Reading
	if reading.Out == "-" {
		return
	}
	x.e.Note("secrets_written", "n", sinks.Number(x.e.Lang, n), "path", reading.Out, "recipients", strconv.Itoa(len(reading.Recipients)))
	if chosen := len(x.plan.Changes); n < chosen {
		x.e.Note("secrets_written_part", "failed", sinks.Number(x.e.Lang, chosen-n), "chosen", sinks.Number(x.e.Lang, chosen))
	}
	if before > 0 {
		x.e.Note("secrets_written_before", "n", sinks.Number(x.e.Lang, before))
	}
}

// tellRead names records that were read and leave something to look at, the first of many.
func (x *secretExport) tellRead(code string, keys []string) {
	if len(keys) == 0 {
		return
	}
	const shown = 10
	args := schemas.Pairs("n", strconv.Itoa(len(keys)), "keys", strings.Join(keys[:min(shown, len(keys))], ", "))
	if n := len(keys) - shown; n > 0 {
		args["more"] = strconv.Itoa(n)
	}
	x.e.Warn(schemas.Problem{Code: code, Args: args})
}
