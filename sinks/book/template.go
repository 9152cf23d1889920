package book

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Inventory is what a template is made of: the values that the vault knows, which its lists
// offer, and the records to begin with, of which there need be none.
type Inventory struct {
	Types, Vendors, Models, Sites, CredentialTypes []string
	Devices                                        []schemas.Device
	Credentials                                    []schemas.Credential
	Made                                           string // RFC 3339
}

// fillRows is how many rows of a template are made ready for typing.
const fillRows = 20_000

// Template writes an inventory to fill in: a sheet of devices and one of credentials with
// drop-downs, every cell typed as text so that nothing that is typed is turned into a date or a
// number, a sheet that explains the columns, and a hidden one with the lists. Read back as it
// is, it asks for nothing.
func Template(w io.Writer, lang words.Lang, inv Inventory, tmp string) error {
	b, err := newBook(lang, tmp)
	if err != nil {
		return err
	}
	defer b.close()
	lists := newLists()
	if err := b.form("devices", deviceFields(inv), lists, deviceRows(inv)); err != nil {
		return err
	}
	if err := b.form("credentials", credentialFields(inv), lists, credentialRows(inv)); err != nil {
		return err
	}
	if err := b.guide(append(deviceFields(inv), credentialFields(inv)...)); err != nil {
		return err
	}
	if err := b.lists(lists); err != nil {
		return err
	}
	return b.finish(w, b.say("template_title"), inv.Made)
}

// formField is one column of a form: the words of its header are among those that a source is
// recognised by.
type formField struct {
	key      string
	help     string
	width    float64
	required bool
	choices  []string
}

func deviceFields(inv Inventory) []formField {
	return []formField{
		{"template_hostname", "template_hostname_help", 30, true, nil}, {"template_ip", "template_ip_help", 18, true, nil},
		{"template_type", "template_type_help", 20, true, inv.Types}, {"template_vendor", "template_vendor_help", 22, true, inv.Vendors},
		{"template_model", "template_model_help", 30, true, inv.Models}, {"template_site", "template_site_help", 20, true, inv.Sites},
	}
}

func credentialFields(inv Inventory) []formField {
	return []formField{
		{"template_hostname", "template_account_host_help", 30, true, nil}, {"template_username", "template_username_help", 26, true, nil},
		{"template_credential_type", "template_credential_type_help", 24, true, inv.CredentialTypes}, {"template_identifier", "template_identifier_help", 26, false, nil},
		{"template_domain", "template_domain_help", 20, false, nil}, {"template_tags", "template_tags_help", 20, false, nil},
		{"template_additional", "template_additional_help", 34, false, nil},
	}
}

func deviceRows(inv Inventory) [][]string {
	rows := make([][]string, len(inv.Devices))
	for i, d := range inv.Devices {
		rows[i] = []string{d.Hostname, d.IP, d.Type, d.Vendor, d.Model, d.Site}
	}
	return rows
}

func credentialRows(inv Inventory) [][]string {
	rows := make([][]string, len(inv.Credentials))
	for i, c := range inv.Credentials {
		rows[i] = []string{c.Hostname, c.Username, c.Type, c.Identifier, "", "", ""}
	}
	return rows
}

// form writes a sheet to fill in.
func (b *book) form(title string, fields []formField, lists *choiceLists, rows [][]string) error {
	name := b.say(title)
	out, err := b.addSheet(name)
	if err != nil {
		return err
	}
	text, err := b.style(input)
	if err != nil {
		return err
	}
	for i, f := range fields {
		if err := out.SetColStyle(i+1, i+1, text); err != nil {
			return err
		}
		if err := out.SetColWidth(i+1, i+1, f.width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.formRows(out, fields, rows, text); err != nil {
		return err
	}
	if err := b.dropDowns(name, fields, lists, max(fillRows, 2*len(rows))); err != nil {
		return err
	}
	return out.Flush()
}

func (b *book) formRows(out *excelize.StreamWriter, fields []formField, rows [][]string, text int) error {
	head := make([]any, len(fields))
	for i, f := range fields {
		look := label
		if f.required {
			look = required
		}
		id, err := b.style(look)
		if err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: id, Value: b.say(f.key)}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, value := range row {
			if value != "" {
				cells[i] = excelize.Cell{StyleID: text, Value: value} // as it is: it is read back
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return err
		}
	}
	return nil
}

// dropDowns offers each column's values. Another value may be typed too: the vault learns new
// ones, and the plan warns of those that are nearly an existing one.
func (b *book) dropDowns(name string, fields []formField, lists *choiceLists, rows int) error {
	for i, f := range fields {
		if len(f.choices) == 0 {
			continue
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%s2:%s%d", column, column, rows+1)
		v.SetSqrefDropList(lists.add(b.say("template_lists"), f.choices))
		v.SetError(excelize.DataValidationErrorStyleWarning, b.say(f.key), b.say("template_unknown"))
		if err := b.file.AddDataValidation(name, v); err != nil {
			return err
		}
	}
	return nil
}

// guide explains the columns. Its examples stand here, and not in the sheets to fill in, so that
// no example ever becomes a device.
func (b *book) guide(fields []formField) error {
	l, err := b.addList("template_guide", 30, 100)
	if err != nil {
		return err
	}
	lines := [][]cell{{{b.say("template_title"), heading}}, {{b.say("template_intro"), plain}}, {{b.say("template_required"), required}}, nil}
	for _, f := range fields {
		look := label
		if f.required {
			look = required
		}
		lines = append(lines, []cell{{b.say(f.key), look}, {b.say(f.help), plain}})
	}
	for _, line := range lines {
		if err := l.line(line...); err != nil {
			return err
		}
	}
	return l.done()
}

// choiceLists are the columns of the hidden sheet that drop-downs refer to.
type choiceLists struct{ columns [][]string }

func newLists() *choiceLists { return &choiceLists{} }

// add keeps a list, and says where it will stand.
func (c *choiceLists) add(sheet string, choices []string) string {
	c.columns = append(c.columns, choices)
	column, _ := excelize.ColumnNumberToName(len(c.columns))
	return fmt.Sprintf("'%s'!$%s$1:$%s$%d", sheet, column, column, len(choices))
}

func (b *book) lists(lists *choiceLists) error {
	if len(lists.columns) == 0 {
		return nil
	}
	name := b.say("template_lists")
	out, err := b.addSheet(name)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		cells, more := make([]any, len(lists.columns)), false
		for i, column := range lists.columns {
			if n < len(column) {
				cells[i], more = b.text(column[n]), true
			}
		}
		if !more {
			break
		}
		if err := out.SetRow("A"+strconv.Itoa(n+1), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return b.file.SetSheetVisible(name, false)
}
