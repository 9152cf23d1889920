package jobs

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sinks/book"
)

// TemplateOptions are those of `template`.
type TemplateOptions struct {
	XLSX     bool
	Fill     bool         // with what the vault lists
	Kind     schemas.Kind // of a CSV
	Out      string
	Terminal bool
}

// Template writes an inventory to fill in: a workbook whose lists are the vault's own, or the
// header of a CSV.
func Template(ctx context.Context, e *Env, o TemplateOptions) (Outcome, error) {
	if err := e.mayReplace(o.Out); err != nil {
		return Outcome{}, err
	}
	o.XLSX = o.XLSX || strings.HasSuffix(strings.ToLower(o.Out), ".xlsx")
	switch {
	case !o.XLSX && o.Fill:
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "fill_needs_xlsx")
	case !o.XLSX:
		return e.templateOut(o, func(w io.Writer) error { return e.headerCSV(w, o.Kind) })
	case o.Kind != "":
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "kind_needs_csv")
	case o.Out == "-" && o.Terminal:
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "needs_out", "format", "xlsx")
	}
	inv := book.Inventory{Made: e.Now().UTC().Format(time.RFC3339)}
	if e.Config.Vault.URL == "" && !o.Fill {
		e.Note("template_no_vault")
	} else if err := e.vaultValues(ctx, &inv, o.Fill); err != nil {
		return Outcome{}, err
	}
	return e.templateOut(o, func(w io.Writer) error {
		return withScratch(o.Out, func(folder string) error { return book.Template(w, e.Lang, inv, folder) })
	})
}

// mayReplace refuses to write a template over a file that somebody may have filled in.
func (e *Env) mayReplace(path string) error {
	if path == "-" || !exists(path) || e.Yes {
		return nil
	}
	return schemas.NewFault(schemas.ClassUsage, "output_exists", "path", path)
}

func (e *Env) templateOut(o TemplateOptions, write func(io.Writer) error) (Outcome, error) {
	if o.Out == "-" {
		return Outcome{Verdict: "verdict_0"}, write(e.Stdout)
	}
	err := SaveTo(o.Out, write)
	if err == nil {
		e.Note("template_written", "path", o.Out)
	}
	return Outcome{Verdict: "verdict_0"}, err
}

// vaultValues takes the lists of a template from the vault's own lists, and with fill the records
// too; keys are no credentials, and are left out.
func (e *Env) vaultValues(ctx context.Context, inv *book.Inventory, fill bool) error {
	client, err := e.Connect()
	if err != nil {
		return err
	}
	types, vendors, models, sites, accounts := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	note := func(set map[string]bool, value string) {
		if value = strings.TrimSpace(value); value != "" {
			set[strings.Clone(value)] = true
		}
	}
	reader := client.Reader()
	listing, err := reader.Devices(ctx, func(d *schemas.Device) error {
		note(types, d.Type)
		note(vendors, d.Vendor)
		note(models, d.Model)
		note(sites, d.Site)
		if fill {
			inv.Devices = append(inv.Devices, d.Clone())
			return writable("device", d.Hostname, d.Hostname, d.IP, d.Type, d.Vendor, d.Model, d.Site)
		}
		return nil
	})
	if err == nil {
		err = e.whole("devices", listing)
	}
	if err != nil {
		return err
	}
	listing, err = reader.Credentials(ctx, func(c *schemas.Credential) error {
		if pipeline.IsKeyType(c.Type) {
			return nil
		}
		note(accounts, c.Type)
		if fill {
			inv.Credentials = append(inv.Credentials, c.Clone())
			return writable("credential", pipeline.CredentialKey(c.Username, c.Hostname), c.Hostname, c.Username, c.Type, c.Identifier)
		}
		return nil
	})
	if err == nil {
		err = e.whole("credentials", listing)
	}
	inv.Types, inv.Vendors, inv.Models, inv.Sites, inv.CredentialTypes = sorted(types), sorted(vendors), sorted(models), sorted(sites), sorted(accounts)
	return err
}

func sorted(set map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(set), func(a, b string) int {
		if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
}

// headerCSV writes the header of an inventory, in the language of who fills it in.
func (e *Env) headerCSV(w io.Writer, kind schemas.Kind) error {
	keys := []string{"template_hostname", "template_ip", "template_type", "template_vendor", "template_model", "template_site"}
	if kind == schemas.KindCredential {
		keys = []string{"template_hostname", "template_username", "template_credential_type", "template_identifier", "template_domain", "template_tags", "template_additional"}
	}
	header := make([]string, len(keys))
	for i, key := range keys {
		header[i] = words.Text(e.Lang, key)
	}
	return sinks.HeaderCSV(w, header, e.CSVFor)
}

// writable refuses a record that a workbook cannot hold as it is: written otherwise, it would be
// read back as a change.
func writable(kind, key string, values ...string) error {
	for _, value := range values {
		if !book.Holds(value) {
			return schemas.NewFault(schemas.ClassInput, "cannot_hold", "kind", kind, "key", strings.Clone(key))
		}
	}
	return nil
}
