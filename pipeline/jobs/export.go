package jobs

import (
	"context"
	"io"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"
	_ "time/tzdata" // zones on machines that have none

	"pamsync/pipeline/approval"
	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sinks"
)

// ExportOptions are those of `export`.
type ExportOptions struct {
	What     string // devices, credentials, sessions
	Out      string // file, folder for several formats, "-" for stdout
	Format   string // csv, jsonl, or several parted by commas; "" by the file's name
	From, To string // sessions alone
	By       string // start, end, overlap
	Match    []string
	Networks []string // of sessions: their origin lies in one of them
	Open     bool     // sessions without an end alone
	// Anonymise puts pseudonyms in the place of what names people, machines, accounts and tickets.
	Anonymise bool
	// SinceLast exports what came since the last such export, and sessions that have ended since.
	SinceLast bool
	// Answer keeps the vault's answer beside the export, as it came.
	Answer bool
	// Sign is the key that signs the sums: a private key's file, or the public half of one in the agent; ""
	// for no signature.
	Sign ApproveOptions
}

// exporter is one export on its way.
type exporter struct {
	e          *Env
	o          ExportOptions
	match      []*filter.Filter
	networks   []netip.Prefix
	pseudonyms *evidence.Pseudonyms // nil for none
	window     *window
	rules      *evidence.Rules
	outputs    outputs
	underway   []*underway
	proofs     []*sinks.Pending // the certificate, the sums and their signature
	answer     io.Writer        // of what the vault says, nil for nobody
	opened     []sinks.Export
	out        *sinks.Fan // all of them
	listing    schemas.Listing
	// certificate is its file, once it is written.
	certificate *schemas.CertifiedFile
	ledger      *evidence.Ledger
	begun       time.Time
	since       *increment // nil for an export of everything
	// vaultName is the vault's name, boundary the sessions that lie in the period by another reckoning.
	vaultName    string
	boundary     []schemas.SessionRecord
	boundaryMore int // that are not kept
	written      int
}

// Export streams one of the vault's lists to a file or to stdout, in memory that does not
// grow with the list.
func Export(ctx context.Context, e *Env, o ExportOptions) (Outcome, error) {
	x := &exporter{e: e, o: o, ledger: evidence.NewLedger(), begun: e.Now().UTC()}
	if err := x.prepare(); err != nil {
		return Outcome{}, err
	}
	var err error
	if o.Anonymise {
		if x.pseudonyms, err = e.pseudonyms(); err != nil {
			return Outcome{}, err
		}
	}
	if x.o.What == "sessions" && x.looks() {
		if x.rules, err = x.findingRules(ctx); err != nil {
			return Outcome{}, err
		}
		x.ledger.Asked(x.rules.Asked())
	}
	key, done, err := x.key(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer done()
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	x.vaultName = client.Identity()
	ended, err := x.goOn(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer ended()
	start := e.start("pamsync-"+o.What, "", x.vaultName)
	if o.What == "sessions" {
		start.Zone = e.Config.Vault.Timezone
	}
	err = x.writeAll(start, func() error {
		if err := x.list(ctx, client.Reader().Summing(x.answer)); err != nil {
			return err
		}
		return e.whole(o.What, x.listing)
	})
	if err != nil {
		return Outcome{}, err
	}
	c := x.describe(client.Identity())
	if o.Out != "-" {
		if err := x.keep(ctx, &c, key); err != nil {
			return Outcome{}, err
		}
	}
	x.note()
	return Outcome{Verdict: "verdict_0", JSON: exported{Export: c, Certificate: x.certificate}}, nil
}

// key is the one that the export is to be signed with, nil for none.
func (x *exporter) key(ctx context.Context) (*approval.Key, func(), error) {
	if x.o.Sign.Key == "" {
		return nil, func() {}, nil
	}
	return x.e.approvalKey(ctx, nil, x.o.Sign)
}

// exported is what --json prints of an export: its certificate, beside totals that say nothing.
type exported struct {
	schemas.Total
	Export schemas.Certificate `json:"export"`
	// Certificate is the file of that, nil for an export to stdout.
	Certificate *schemas.CertifiedFile `json:"certificate,omitempty"`
}

// whole refuses a list that holds another number of records than it announces.
func (e *Env) whole(what string, l schemas.Listing) error {
	if l.Announced < 0 || l.Announced == l.Read || !e.Config.Limits.Announced {
		return nil
	}
	return schemas.NewFault(schemas.ClassGuard, "announced_differs", "list", what, "announced", strconv.Itoa(l.Announced), "read", strconv.Itoa(l.Read))
}

func (x *exporter) prepare() error {
	var err error
	if x.outputs, err = layout(x.o); err != nil {
		return err
	}
	if x.o.SinceLast && (x.o.From != "" || x.o.To != "" || len(x.o.Match) > 0 || len(x.o.Networks) > 0 || x.o.Open || x.o.Out == "-") {
		return schemas.NewFault(schemas.ClassUsage, "since_last_whole")
	}
	if x.o.Answer && (x.o.Out == "-" || x.o.Anonymise) {
		return schemas.NewFault(schemas.ClassUsage, "answer_whole")
	}
	if err := x.filters(); err != nil {
		return err
	}
	x.window, err = newWindow(x.o, x.e.Config.Vault.Timezone)
	return err
}

func (x *exporter) fits(get func(string) string) bool {
	for _, f := range x.match {
		if !f.Match(get) {
			return false
		}
	}
	return true
}

type lists interface {
	Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error)
	Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error)
	Sessions(ctx context.Context, yield func(*schemas.Session) error) (schemas.Listing, error)
}

func (x *exporter) list(ctx context.Context, vault lists) (err error) {
	switch x.o.What {
	case "devices":
		x.listing, err = vault.Devices(ctx, func(d *schemas.Device) error {
			x.ledger.Received(d.ID)
			if !x.fits(func(name string) string { return deviceName(d, name) }) {
				x.ledger.LeftOut("match")
				return nil
			}
			x.written++
			x.ledger.Record(d.ID)
			if x.pseudonyms != nil {
				d = x.pseudonyms.Device(d)
			}
			return x.out.Device(d)
		})
	case "credentials":
		x.listing, err = vault.Credentials(ctx, func(c *schemas.Credential) error {
			x.ledger.Received(c.ID)
			if !x.fits(func(name string) string { return credentialName(c, name) }) {
				x.ledger.LeftOut("match")
				return nil
			}
			x.written++
			x.ledger.Record(c.ID)
			if x.pseudonyms != nil {
				c = x.pseudonyms.Credential(c)
			}
			return x.out.Credential(c)
		})
	default:
		x.listing, err = vault.Sessions(ctx, x.session)
	}
	return err
}

func (x *exporter) session(s *schemas.Session) error {
	again := x.ledger.Received(s.ID)
	if why := x.leftOutBy(s); why != "" {
		x.ledger.LeftOut(why)
		return nil
	}
	if !x.window.holds(s) {
		x.ledger.LeftOut("period")
		x.atBoundary(s)
		return nil
	}
	r := x.window.derive(s)
	x.window.countGarbled(s)
	shown := x.shown(r)
	if x.since != nil && !x.since.take(shown, again) {
		x.ledger.LeftOut("exported_before")
		return nil
	}
	x.written++
	x.ledger.Session(shown)
	if err := x.out.Session(shown); err != nil || x.rules == nil {
		return err
	}
	return x.look(r, shown)
}

func (x *exporter) note() {
	x.noticeShape(filepath.Join(x.e.Config.State, vaultFolder(x.vaultName)))
	if x.o.What == "sessions" {
		x.e.noticeKeys(x.listing)
		x.e.Note("zone_line", "zone", x.e.Config.Vault.Timezone)
		if n := x.window.unreadable; n > 0 {
			x.e.Warn(schemas.Problem{Code: "times_unreadable", Args: schemas.Pairs("n", strconv.Itoa(n))})
		}
	}
	if c := x.describe(x.vaultName); c.IDs.Gaps > 0 && x.o.What == "sessions" {
		x.e.Note("gaps_line", "n", sinks.Number(x.e.Lang, c.IDs.Gaps), "missing", strconv.FormatUint(c.IDs.Missing, 10), "first", c.IDs.GapRanges[0])
	}
	if n := x.ledger.Repeats(); n > 0 && x.since != nil {
		x.e.Warn(schemas.Problem{Code: "since_last_repeats", Args: schemas.Pairs("n", strconv.Itoa(n))})
	}
	if s := x.sinceLast(); s != nil {
		x.e.Note("since_last_line", "n", strconv.Itoa(s.Certificate), "ended", strconv.Itoa(s.Ended), "purged", strconv.Itoa(s.Purged))
	}
	x.e.Note("left_out_line", "read", sinks.Number(x.e.Lang, x.listing.Read), "n", sinks.Number(x.e.Lang, x.written),
		"left", sinks.Number(x.e.Lang, x.listing.Read-x.written))
	if limitOf(x.listing) == schemas.LimitSuspected {
		x.e.Warn(schemas.Problem{Code: "list_round", Args: schemas.Pairs("n", strconv.Itoa(x.listing.Read), "kind", x.o.What)})
	}
	if n := x.written; n > manyForAPage && x.hasPage() {
		x.e.Note("page_large_line", "n", sinks.Number(x.e.Lang, n), "mb", sinks.Number(x.e.Lang, n/1000))
	}
	if x.o.Out != "-" {
		x.e.Note("exported", "n", sinks.Number(x.e.Lang, x.written), "kind", x.o.What, "path", x.o.Out)
		x.e.Note("certificate_line", "path", x.outputs.certificate, "sum", x.certificate.SHA256)
	}
}
