package jobs

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones on machines that have none

	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sinks"
)

// ExportOptions are those of `export`.
type ExportOptions struct {
	What     string // devices, credentials, sessions
	Out      string // file, "-" for stdout
	Format   string // csv, jsonl, "" by the file's name
	From, To string // sessions alone
	By       string // start, end, overlap
	Match    []string
}

// Manifest says beside an export what it holds and how it was made.
type Manifest struct {
	Tool   string `json:"tool"`
	Made   string `json:"made"`
	Vault  string `json:"vault"`
	Client string `json:"client_id"`
	What   string `json:"what"`
	File   string `json:"file"`
	Format string `json:"format"`
	// CSVFor is the dialect of a CSV: its mark, delimiter and line ends.
	CSVFor  sinks.Dialect `json:"csv_for,omitempty"`
	SHA256  string        `json:"sha256,omitempty"` // of a file
	Zone    string        `json:"zone,omitempty"`
	From    string        `json:"from,omitempty"`
	To      string        `json:"to,omitempty"`
	By      string        `json:"by,omitempty"`
	Match   []string      `json:"match,omitempty"`
	Read    int           `json:"read"`
	Written int           `json:"written"`
	LeftOut int           `json:"left_out"`
	// UnreadableTimes counts the sessions that are in although their time cannot be read.
	UnreadableTimes int `json:"unreadable_times"`
	// Announced is the count in the vault's message, absent where it named none.
	Announced *int `json:"announced,omitempty"`
}

// exporter is one export on its way.
type exporter struct {
	e       *Env
	o       ExportOptions
	match   []*filter.Filter
	window  *window
	out     sinks.Export
	listing schemas.Listing
	written int
}

// Export streams one of the vault's lists to a file or to stdout, in memory that does not
// grow with the list.
func Export(ctx context.Context, e *Env, o ExportOptions) (Outcome, error) {
	x := &exporter{e: e, o: o}
	if err := x.prepare(); err != nil {
		return Outcome{}, err
	}
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	write := func(w io.Writer) error {
		start := e.start("pamsync-"+o.What, "", client.Identity())
		if o.What == "sessions" {
			start.Zone = e.Config.Vault.Timezone
		}
		if x.out, err = sinks.NewExport(w, x.o.Format, e.CSVFor, start); err != nil {
			return err
		}
		if err := x.list(ctx, client.Reader()); err != nil {
			return err
		}
		if err := e.whole(o.What, x.listing); err != nil {
			return err
		}
		return x.out.Close()
	}
	var m Manifest
	if o.Out == "-" {
		err = write(e.Stdout)
		m = x.describe(client.Identity())
	} else if err = sinks.WriteFile(o.Out, write); err == nil {
		m, err = x.manifest(client.Identity())
	}
	if err != nil {
		return Outcome{}, err
	}
	x.note()
	return Outcome{Verdict: "verdict_0", JSON: exported{Export: m}}, nil
}

// exported is what --json prints of an export: its manifest, beside totals that say nothing.
type exported struct {
	schemas.Total
	Export Manifest `json:"export"`
}

// whole refuses a list that holds another number of records than it announces.
func (e *Env) whole(what string, l schemas.Listing) error {
	if l.Announced < 0 || l.Announced == l.Read || !e.Config.Limits.Announced {
		return nil
	}
	return schemas.NewFault(schemas.ClassGuard, "announced_differs", "list", what, "announced", strconv.Itoa(l.Announced), "read", strconv.Itoa(l.Read))
}

func (x *exporter) prepare() error {
	if x.o.Format == "" {
		x.o.Format = "csv"
		if ext := strings.ToLower(filepath.Ext(x.o.Out)); ext == ".jsonl" || ext == ".ndjson" {
			x.o.Format = "jsonl"
		}
	}
	if x.o.Format != "csv" && x.o.Format != "jsonl" {
		return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--format", "value", x.o.Format, "want", "want_format")
	}
	known := listNames(x.o.What)
	for _, text := range x.o.Match {
		f, err := filter.ParseShort(text)
		if err != nil {
			return schemas.NewFault(schemas.ClassUsage, "bad_filter", append(filter.Reason(err), "key", "--match")...)
		}
		for _, name := range f.Fields() {
			if !known[name] {
				return schemas.NewFault(schemas.ClassUsage, "match_field", "column", name, "has", strings.Join(keysOf(known), ", "))
			}
		}
		x.match = append(x.match, f)
	}
	var err error
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
			if !x.fits(func(name string) string { return deviceName(d, name) }) {
				return nil
			}
			x.written++
			return x.out.Device(d)
		})
	case "credentials":
		x.listing, err = vault.Credentials(ctx, func(c *schemas.Credential) error {
			if !x.fits(func(name string) string { return credentialName(c, name) }) {
				return nil
			}
			x.written++
			return x.out.Credential(c)
		})
	default:
		x.listing, err = vault.Sessions(ctx, func(s *schemas.Session) error {
			if !x.fits(func(name string) string { return sessionName(s, name) }) || !x.window.holds(s) {
				return nil
			}
			x.written++
			return x.out.Session(s, x.window.derive(s))
		})
	}
	return err
}

// manifest writes FILE.manifest.json.
// manifest writes the manifest of a file beside it.
func (x *exporter) manifest(vaultName string) (Manifest, error) {
	m := x.describe(vaultName)
	var err error
	if m.SHA256, err = sinks.HashFile(x.o.Out); err != nil {
		return m, schemas.NewFault(schemas.ClassDisk, "output_failed", "path", x.o.Out).Because(err)
	}
	return m, sinks.WriteFile(x.o.Out+".manifest.json", func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(m)
	})
}

// describe says what was exported, and how.
func (x *exporter) describe(vaultName string) Manifest {
	m := Manifest{Tool: "pamsync " + x.e.Version, Made: x.e.Now().UTC().Format(time.RFC3339), Vault: vaultName, Client: x.e.Config.Vault.ClientID,
		What: x.o.What, File: filepath.Base(x.o.Out), Format: x.o.Format, From: x.o.From, To: x.o.To, Match: x.o.Match,
		Read: x.listing.Read, Written: x.written, LeftOut: x.listing.Read - x.written}
	if x.o.Format == "csv" {
		m.CSVFor = x.e.CSVFor
	}
	if x.o.What == "sessions" {
		m.Zone, m.By, m.UnreadableTimes = x.e.Config.Vault.Timezone, x.window.by, x.window.unreadable
	}
	if x.listing.Announced >= 0 {
		m.Announced = &x.listing.Announced
	}
	return m
}

func (x *exporter) note() {
	if x.o.What == "sessions" {
		x.e.Note("zone_line", "zone", x.e.Config.Vault.Timezone)
		if n := x.window.unreadable; n > 0 {
			x.e.Warn(schemas.Problem{Code: "times_unreadable", Args: schemas.Pairs("n", strconv.Itoa(n))})
		}
	}
	x.e.Note("left_out_line", "read", sinks.Number(x.e.Lang, x.listing.Read), "n", sinks.Number(x.e.Lang, x.written),
		"left", sinks.Number(x.e.Lang, x.listing.Read-x.written))
	if x.o.Out != "-" {
		x.e.Note("exported", "n", sinks.Number(x.e.Lang, x.written), "kind", x.o.What, "path", x.o.Out)
	}
}

func listNames(what string) map[string]bool {
	names := map[string]bool{}
	var all string
	switch what {
	case "devices":
		all = "id hostname ip model type vendor site tags"
	case "credentials":
		all = "id identifier username expiration change view hostname management_ip type type_code device_model device_type device_vendor automatic_change connectivity connectivity_code"
	default:
		all = "id user origin_ip credential device protocol proxy session_id start end time prevent_purge request ITSM"
	}
	for _, name := range strings.Fields(all) {
		names[name] = true
	}
	return names
}

func deviceName(d *schemas.Device, name string) string {
	switch name {
	case "tags":
		return d.Tags
	}
	f, _ := schemas.ParseField(name)
	return d.Value(f)
}

func credentialName(c *schemas.Credential, name string) string {
	switch name {
	case "id":
		return c.ID
	case "identifier":
		return c.Identifier
	case "username":
		return c.Username
	case "expiration":
		return c.Expiration
	case "change":
		return c.Change
	case "view":
		return c.View
	case "hostname":
		return c.Hostname
	case "management_ip":
		return c.ManagementIP
	case "type":
		return c.Type
	case "type_code":
		return c.TypeCode
	case "device_model":
		return c.DeviceModel
	case "device_type":
		return c.DeviceType
	case "device_vendor":
		return c.DeviceVendor
	case "automatic_change":
		return c.AutomaticChange
	case "connectivity":
		return c.Connectivity
	}
	return c.ConnectivityCode
}

func sessionName(s *schemas.Session, name string) string {
	switch name {
	case "id":
		return s.ID
	case "user":
		return s.User
	case "origin_ip":
		return s.OriginIP
	case "credential":
		return s.Credential
	case "device":
		return s.Device
	case "protocol":
		return s.Protocol
	case "proxy":
		return s.Proxy
	case "session_id":
		return s.SessionID
	case "start":
		return s.Start
	case "end":
		return s.End
	case "time":
		return s.Time
	case "prevent_purge":
		return s.PreventPurge
	case "request":
		return s.Request
	}
	return s.ITSM
}

// EnsureOut refuses an output that is a folder, or one of the files that this run reads.
func (e *Env) EnsureOut(path, config string) error {
	info, err := os.Stat(path)
	if path == "" || path == "-" || err != nil {
		return nil
	}
	if info.IsDir() {
		return schemas.NewFault(schemas.ClassUsage, "source_is_folder").At(schemas.Place{Source: path})
	}
	if e.keepsAsEvidence(path) {
		return schemas.NewFault(schemas.ClassUsage, "output_is_evidence", "path", path)
	}
	inputs := []string{config, e.Config.Decisions, e.Config.Vault.CAFile, e.SecretFile}
	for _, k := range []*schemas.KindConfig{&e.Config.Devices, &e.Config.Credentials} {
		for _, s := range k.Sources {
			inputs = append(inputs, s.Path, s.PasswordFile)
		}
	}
	for _, input := range inputs {
		if other, err := os.Stat(input); err == nil && os.SameFile(info, other) {
			return schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", path)
		}
	}
	return nil
}

// keepsAsEvidence tells the files of a run's folder, and those of the state folder: pamsync alone
// writes them.
func (e *Env) keepsAsEvidence(path string) bool {
	folder := filepath.Dir(realPath(path))
	if e.Config.State != "" && strings.HasPrefix(folder+string(filepath.Separator), realPath(e.Config.State)+string(filepath.Separator)) {
		return true
	}
	return filepath.Dir(folder) == realPath(e.Config.Reports) && (exists(filepath.Join(folder, planFile)) || exists(journalIn(folder)))
}

// spares refuses to write a plan over the sources of the run that it is about.
func (e *Env) spares(former *formerRun, o PlanOptions) error {
	for _, out := range []string{o.Out, o.HTML, o.XLSX} {
		info, err := os.Stat(out)
		if err != nil {
			continue
		}
		for i := range former.plan.Start.Sources {
			source, err := os.Stat(sourceAgain(e.Config, &former.plan.Start.Sources[i]).Path)
			if err == nil && os.SameFile(info, source) {
				return schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", out)
			}
		}
	}
	return nil
}
