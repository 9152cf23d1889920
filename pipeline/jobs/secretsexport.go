package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/secrets"
	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sinks/sealed"
)

// SecretsOptions are those of `secrets export`.
type SecretsOptions struct {
	File       string // rows that name records, "" for none
	Kind       string // credentials, keys, infos
	Recipients []string
	Out        string // file, "-" for stdout
	Match      []string
	All        bool // all that are listed
	Release    bool // custody is given back after each
	DryRun     bool
	Terminal   bool // stdout is one
}

// secretExport is one export of secrets on its way.
type secretExport struct {
	e       *Env
	client  *vault.Client
	caller  *secrets.Caller
	key     *secrets.Key
	to      *sealed.Recipients
	plan    *schemas.Plan
	listed  map[string]schemas.Credential // by id
	devices map[string]schemas.Device     // by folded hostname
}

// ExportSecrets reads secrets one by one, and writes them encrypted. It is a run of its own, with a plan, a
// journal, an account of every reading and reports.
func ExportSecrets(ctx context.Context, e *Env, o SecretsOptions) (Outcome, error) {
	kind, err := o.check()
	if err != nil {
		return Outcome{}, err
	}
	if !o.DryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, schemas.NewFault(schemas.ClassUsage, "secrets_confirm_needed")
		}
	}
	x := &secretExport{e: e}
	if x.to, err = sealed.ParseRecipients(o.Recipients); err != nil {
		return Outcome{}, err
	}
	match, err := filtersOf("credentials", o.Match)
	if err != nil {
		return Outcome{}, err
	}
	if err := x.connect(); err != nil {
		return Outcome{}, err
	}
	choice := pipeline.Choice{Kind: kind, ByRows: o.File != "", Fits: func(c *schemas.Credential) bool { return fitsAll(match, c) }}
	var used []schemas.SourceUse
	if o.File != "" {
		if choice.Rows, used, err = e.wanted(o.File); err != nil {
			return Outcome{}, err
		}
	}
	if choice.Listed, err = x.list(ctx, kind); err != nil {
		return Outcome{}, err
	}
	x.plan = pipeline.PlanReading(choice)
	x.plan.Start = e.start(schemas.FormatPlan, "", x.client.Identity())
	out := o.Out
	if out != "-" {
		if out, err = filepath.Abs(o.Out); err != nil {
			return Outcome{}, schemas.NewFault(schemas.ClassUsage, "output_failed", "path", o.Out).Because(err)
		}
	}
	x.plan.Start.By, x.plan.Start.Sources = e.operator(), used
	x.plan.Start.Reading = &schemas.Reading{Kind: kind, Out: out, Recipients: x.to.Texts, Release: o.Release, By: o.by()}
	if o.DryRun {
		return x.dryRun()
	}
	return x.start(ctx)
}

// check refuses what cannot be meant, before anything is asked for.
func (o *SecretsOptions) check() (schemas.Kind, error) {
	kind, ok := map[string]schemas.Kind{"credentials": schemas.KindCredential, "keys": schemas.KindKey, "infos": schemas.KindInfo}[o.Kind]
	usage := func(code string, pairs ...string) error { return schemas.NewFault(schemas.ClassUsage, code, pairs...) }
	switch {
	case !ok:
		return "", usage("bad_value", "key", "--kind", "value", o.Kind, "want", "want_secret_kind")
	case len(o.Recipients) == 0:
		return "", usage("recipient_none")
	case o.Out == "" && !o.DryRun:
		return "", usage("secrets_no_out")
	case o.Out == "-" && o.Terminal:
		return "", usage("secrets_terminal")
	case kind == schemas.KindInfo && (o.File == "" || len(o.Match) > 0 || o.All):
		return "", usage("secrets_info_file")
	case kind != schemas.KindCredential && o.Release:
		return "", usage("secrets_release_kind")
	case o.File == "" && len(o.Match) == 0 && !o.All:
		return "", usage("secrets_unchosen")
	case o.All && (o.File != "" || len(o.Match) > 0):
		return "", usage("secrets_all_alone")
	}
	for _, input := range append([]string{o.File}, o.Recipients...) {
		if a, err := os.Stat(input); err == nil && input != "" {
			if b, err := os.Stat(o.Out); err == nil && os.SameFile(a, b) {
				return "", usage("output_is_input", "path", o.Out)
			}
		}
	}
	return kind, nil
}

// by is how the records are chosen.
func (o *SecretsOptions) by() schemas.ChosenBy {
	switch {
	case o.File != "":
		return schemas.ChosenRows
	case o.All:
		return schemas.ChosenAll
	}
	return schemas.ChosenMatch
}

// connect makes the caller, with the key that opens what the vault encrypts.
func (x *secretExport) connect() error {
	if path := x.e.Config.Vault.DecryptionKeyFile; path != "" {
		text, err := keyFile(path, "decryption_key", x.e.Warn)
		if err != nil {
			return err
		}
		if x.key, err = secrets.ParseKey(text); err != nil {
			return schemas.NewFault(schemas.ClassConfig, "decryption_key", "path", path).Because(err)
		}
	}
	var err error
	if x.client, err = x.e.Connect(); err != nil {
		return err
	}
	x.caller = secrets.Of(x.client)
	return nil
}

// list reads the credential list, and for what is said of their devices the list of these.
func (x *secretExport) list(ctx context.Context, kind schemas.Kind) ([]schemas.Credential, error) {
	if kind == schemas.KindInfo {
		return nil, nil
	}
	var all []schemas.Credential
	x.listed, x.devices = map[string]schemas.Credential{}, map[string]schemas.Device{}
	listing, err := x.client.Reader().Credentials(ctx, func(c *schemas.Credential) error {
		all = append(all, c.Clone())
		x.listed[c.ID] = all[len(all)-1]
		return nil
	})
	if err == nil {
		err = x.e.whole("credentials", listing)
	}
	if err != nil {
		return nil, err
	}
	_, err = x.client.Reader().Devices(ctx, func(d *schemas.Device) error {
		x.devices[strings.ToLower(strings.TrimSpace(d.Hostname))] = d.Clone()
		return nil
	})
	var fault *schemas.Fault
	if errors.As(err, &fault) && fault.Class == schemas.ClassRefused {
		x.e.Warn(schemas.Problem{Code: "secrets_no_devices"})
		return all, nil
	}
	return all, err
}

// complete adds what the lists say of a record to what reading it gave.
func (x *secretExport) complete(r *schemas.SecretRecord) {
	model := r.Device.Model
	r.Device = schemas.Device{}
	if c, ok := x.listed[r.ID]; ok {
		if r.Identifier == "" {
			r.Identifier = c.Identifier
		}
		if r.Kind == schemas.KindCredential {
			r.Type = c.Type
		}
		r.Device.Model, r.Device.Vendor, r.Device.Type = c.DeviceModel, c.DeviceVendor, c.DeviceType
	}
	if d, ok := x.devices[strings.ToLower(strings.TrimSpace(r.Hostname))]; ok {
		r.Device = d
	}
	if r.Device.Model == "" {
		r.Device.Model = model
	}
}

// filtersOf reads what --match says of a list's fields.
func filtersOf(what string, texts []string) ([]*filter.Filter, error) {
	known := listNames(what)
	var all []*filter.Filter
	for _, text := range texts {
		f, err := filter.ParseShort(text)
		if err != nil {
			return nil, schemas.NewFault(schemas.ClassUsage, "bad_filter", append(filter.Reason(err), "key", "--match")...)
		}
		for _, name := range f.Fields() {
			if !known[name] {
				return nil, schemas.NewFault(schemas.ClassUsage, "match_field", "column", name, "has", strings.Join(keysOf(known), ", "))
			}
		}
		all = append(all, f)
	}
	return all, nil
}

func fitsAll(match []*filter.Filter, c *schemas.Credential) bool {
	for _, f := range match {
		if !f.Match(func(name string) string { return credentialName(c, name) }) {
			return false
		}
	}
	return true
}

// screen is where the plan is shown: stdout is the export's, where it goes there.
func (x *secretExport) screen() *sinks.Screen {
	s := x.e.Screen()
	if x.plan.Start.Reading.Out == "-" && !x.e.Quiet {
		s.Out = x.e.Stderr
	}
	return s
}

// dryRun lists what would be read.
func (x *secretExport) dryRun() (Outcome, error) {
	s := x.screen()
	s.All = true
	s.Reading(x.plan, x.e.Config.Vault.RPS)
	x.e.Note("secrets_dry_run", "n", sinks.Number(x.e.Lang, len(x.plan.Changes)))
	total := schemas.Total{Rows: x.plan.Summary.Rows}
	if len(x.plan.Holds)+len(x.plan.Rejects) > 0 {
		total.Exit = 10
	}
	return Outcome{Exit: total.Exit, Total: &total, Verdict: map[int]string{0: "verdict_dry_run"}[total.Exit]}, nil
}

// confirm says what is about to happen, and asks.
func (x *secretExport) confirm(ctx context.Context) error {
	reading := x.plan.Start.Reading
	pairs := []string{"n", strconv.Itoa(len(x.plan.Changes)), "vault", x.client.Identity(), "recipients", strconv.Itoa(len(reading.Recipients))}
	what := map[schemas.Kind]string{schemas.KindCredential: "secrets_confirm_credential", schemas.KindKey: "secrets_confirm_key", schemas.KindInfo: "secrets_confirm_info"}
	said := []string{words.Text(x.e.Lang, what[reading.Kind], pairs...)}
	if reading.Kind == schemas.KindCredential && reading.Release {
		said = append(said, words.Text(x.e.Lang, "secrets_confirm_release", pairs...))
	} else if reading.Kind == schemas.KindCredential {
		said = append(said, words.Text(x.e.Lang, "secrets_confirm_custody", pairs...))
	}
	if !x.e.Quiet || !x.e.Yes { // whoever is asked is told
		fmt.Fprintln(x.e.Stderr, strings.Join(said, "\n"))
	}
	if x.e.Yes {
		return nil
	}
	return x.e.ask(ctx, words.Text(x.e.Lang, "secrets_confirm_yes"), "yes", "sim")
}
