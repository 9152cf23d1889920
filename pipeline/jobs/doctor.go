package jobs

import (
	"context"
	"errors"
	"fmt"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/sinks"
)

// CheckStatus is how a check ended.
type CheckStatus string

// The ends of a check. Skipped ones were not tried, because another failed.
const (
	CheckOK   CheckStatus = "ok"
	CheckWarn CheckStatus = "warn"
	CheckFail CheckStatus = "fail"
	CheckSkip CheckStatus = "skip"
)

// Check is one thing that doctor looked at. Its names, codes and arguments never change with
// the language, and in JSON its texts are English.
type Check struct {
	Check   string       `json:"check"`
	Status  CheckStatus  `json:"status"`
	Code    string       `json:"code"`
	Finding string       `json:"finding"`
	Hint    string       `json:"hint,omitempty"`
	Args    schemas.Args `json:"args,omitempty"`

	place schemas.Place
	class schemas.Class // of a failure
}

// Diagnosis is what doctor prints with --json.
type Diagnosis struct {
	Exit   int     `json:"exit"`
	Checks []Check `json:"checks"`
}

// Setting is what doctor has to know of the configuration beside the Env's own: where it comes
// from, and what is wrong with it.
type Setting struct {
	Path   string // of the file, "" for none
	Origin string // the flag or variable that names it, "" for the usual place
	Secret SecretOrigin
	// Err is the fault, or Faults, of class config that keep the vault from being tried;
	// Broken tells that nothing of the file could be used.
	Err    error
	Broken bool
	Warned []schemas.Problem
}

// doctor gathers the checks of one execution, in the order in which they are shown.
type doctor struct {
	e      *Env
	s      Setting
	checks []Check
}

// Doctor checks everything that a run needs, writes nothing to the vault, and prints what it found.
// How the vault's answers look is recorded in the state folder. Its exit code is that of the first failure.
func Doctor(ctx context.Context, e *Env, s Setting) (Outcome, error) {
	d := &doctor{e: e, s: s}
	d.configuration()
	if d.s.Broken {
		d.skip("configuration", "name", "network", "tls", "clock", "api", "token", "devices", "credentials", "sessions", "generation", "inventories", "lock", "disk", "timezone")
	} else {
		d.vault(ctx)
		if ctx.Err() != nil {
			return interruptedHere(ctx, e), nil
		}
		d.inventories()
		d.lock()
		d.disk()
		d.timezone()
	}
	out := Outcome{Verdict: "doctor_verdict_ok"}
	for _, c := range d.checks {
		if c.Status == CheckFail && out.Exit == 0 {
			out.Exit, out.Verdict = ExitOf(c.class, Signal(ctx)), ""
		}
		if c.Status == CheckWarn && out.Exit == 0 {
			out.Verdict = "doctor_verdict_warn"
		}
	}
	if e.JSON {
		return out, d.showJSON(out.Exit)
	}
	return out, nil
}

// add keeps a check, and shows it at once: the next one may take minutes.
func (d *doctor) add(c Check) {
	d.checks = append(d.checks, c)
	if !d.e.JSON {
		d.show(c)
	}
}

// interruptedHere is the end of a command that writes nothing to a vault and has no run to go on
// with.
func interruptedHere(ctx context.Context, e *Env) Outcome {
	f := schemas.NewFault(schemas.ClassInterrupted, "interrupted_here")
	if e.StderrTTY {
		fmt.Fprintln(e.Stderr) // behind the ^C
	}
	fmt.Fprintln(e.Stderr, sinks.Line(e.Lang, "error", f.Problem))
	return Outcome{Exit: ExitOf(f.Class, Signal(ctx)), Verdict: "doctor_verdict_interrupted"}
}

func (d *doctor) ok(check, code string, pairs ...string) {
	d.add(Check{Check: check, Status: CheckOK, Code: code, Args: schemas.Pairs(pairs...)})
}

func (d *doctor) caution(check string, p schemas.Problem) {
	d.add(Check{Check: check, Status: CheckWarn, Code: p.Code, Args: p.Args, place: p.Place})
}

func (d *doctor) fail(check string, f *schemas.Fault) {
	d.add(Check{Check: check, Status: CheckFail, Code: f.Problem.Code, Args: f.Problem.Args, place: f.Problem.Place, class: f.Class})
}

// pass notes a check that has no sense here.
func (d *doctor) pass(check, code string, pairs ...string) {
	d.add(Check{Check: check, Status: CheckSkip, Code: code, Args: schemas.Pairs(pairs...)})
}

// skip notes the checks that were not tried because another failed.
func (d *doctor) skip(because string, checks ...string) {
	for _, check := range checks {
		d.pass(check, "doctor_skipped", "needs", because)
	}
}

// configuration says which file counts, and everything that is wrong with it.
func (d *doctor) configuration() {
	from := secretText(d.s.Secret)
	switch {
	case d.s.Err != nil:
		var faults Faults
		if !errors.As(d.s.Err, &faults) {
			faults = Faults{faultOf(d.s.Err)}
		}
		for _, f := range faults {
			d.fail("configuration", f)
		}
	case d.s.Path == "":
		d.ok("configuration", "doctor_config_none", "secret", from)
	default:
		d.ok("configuration", "doctor_config", "file", d.s.Path, "origin", d.s.Origin, "secret", from)
	}
	for _, p := range d.s.Warned {
		d.caution("configuration", p)
	}
}

// vault goes the way to the vault and reads what the authorisation may read.
func (d *doctor) vault(ctx context.Context) {
	probe, err := vault.NewProbe(d.e.Config.Vault, d.e.VaultOptions...)
	if err != nil {
		if d.s.Err == nil { // else it is said already
			d.fail("configuration", faultOf(err))
		}
		d.skip("configuration", "name", "network", "tls", "clock", "api", "token", "devices", "credentials", "sessions", "generation")
		return
	}
	way := probe.Try(ctx)
	if ctx.Err() != nil {
		return
	}
	d.way(&way)
	d.ownCertificate(&way)
	if way.Failed != "" || way.Anonymous {
		because := string(way.Failed)
		if because == "" {
			because = "configuration"
		}
		d.skip(because, "devices", "credentials", "sessions", "generation")
		return
	}
	shapes := d.lists(ctx, probe.Client().Reader())
	if ctx.Err() != nil {
		return
	}
	d.generation(ctx, probe.Client(), &way, shapes)
}

// lists reads one list of each permission through, and keeps nothing of it but how it looks.
func (d *doctor) lists(ctx context.Context, r *vault.Reader) map[string]*schemas.Shape {
	shapes := map[string]*schemas.Shape{}
	keep := func(what, code string, listing schemas.Listing, err error) {
		d.list(ctx, what, code, listing, err)
		if err == nil {
			shapes[what] = listing.Shape
		}
	}
	listing, err := r.Devices(ctx, func(*schemas.Device) error { return nil })
	keep("devices", "doctor_devices", listing, err)
	listing, err = r.Credentials(ctx, func(*schemas.Credential) error { return nil })
	keep("credentials", "doctor_credentials", listing, err)
	listing, err = r.Sessions(ctx, func(*schemas.Session) error { return nil })
	keep("sessions", "doctor_sessions", listing, err)
	for _, p := range keyTroubles(listing) {
		d.caution("sessions", p)
	}
	return shapes
}

func (d *doctor) list(ctx context.Context, what, code string, listing schemas.Listing, err error) {
	switch {
	case ctx.Err() != nil: // it says nothing of the vault
	case err != nil && what == "sessions":
		// Only export sessions reads them.
		f := faultOf(err)
		f.Problem.Args["why"] = "sessions"
		d.caution(what, f.Problem)
	case err != nil:
		d.fail(what, faultOf(err))
	case listing.Announced >= 0 && listing.Announced != listing.Read && what != "sessions":
		d.caution(what, schemas.Problem{Code: "announced_differs", Args: schemas.Pairs("list", what,
			"announced", count(listing.Announced), "read", count(listing.Read))})
	default:
		d.ok(what, code, "n", count(listing.Read))
	}
}
