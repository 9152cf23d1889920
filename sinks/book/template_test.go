package book

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

func someInventory() Inventory {
	return Inventory{Types: []string{"Server", "Switch"}, Vendors: []string{"Cisco", "Dell"}, Models: []string{strings.Repeat("model ", 20), "R740"}, Sites: []string{"LAX"},
		CredentialTypes: []string{"Domain User", "Local User"}, Made: "2026-11-02T15:04:05Z",
		Devices:     []schemas.Device{{ID: "1", Hostname: "=srv-01", IP: "10.0.0.1", Type: "Server", Vendor: "Dell", Model: "a\u202eb", Site: "007"}},
		Credentials: []schemas.Credential{{ID: "11", Hostname: "=srv-01", Username: "root", Type: "Local User"}}}
}

// TestTemplateOffersTheVaultsValues: a drop-down for each column that the vault has values of,
// fed from a hidden sheet, and every cell typed as text.
func TestTemplateOffersTheVaultsValues(t *testing.T) {
	var out bytes.Buffer
	if err := Template(&out, words.Portuguese, someInventory(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sheet, want := range map[string]map[string]string{
		"Dispositivos": {"C2:C20001": "'Listas'!$A$1:$A$2", "D2:D20001": "'Listas'!$B$1:$B$2", "E2:E20001": "'Listas'!$C$1:$C$2", "F2:F20001": "'Listas'!$D$1:$D$1"},
		"Credenciais":  {"C2:C20001": "'Listas'!$E$1:$E$2"},
	} {
		rules, err := f.GetDataValidations(sheet)
		if err != nil || len(rules) != len(want) {
			t.Fatalf("%s: %d rules, %v", sheet, len(rules), err)
		}
		for _, r := range rules {
			if want[r.Sqref] != r.Formula1 || r.Type != "list" || r.ErrorStyle == nil || *r.ErrorStyle != "warning" {
				t.Errorf("%s %s: %+v", sheet, r.Sqref, r)
			}
		}
	}
	if visible, err := f.GetSheetVisible("Listas"); err != nil || visible {
		t.Errorf("the lists are shown: %v", err)
	}
	if text, err := f.GetCellValue("Listas", "A2"); err != nil || text != "Switch" {
		t.Errorf("%q, %v", text, err)
	}
	style, err := f.GetColStyle("Dispositivos", "B")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.GetStyle(style); err != nil || s.NumFmt != 49 {
		t.Errorf("column B is not text: %+v, %v", s, err)
	}
}

// TestTemplateHoldsTheRecordsAsTheyAre: nothing is cut, turned or made harmless: it is read back.
func TestTemplateHoldsTheRecordsAsTheyAre(t *testing.T) {
	var out bytes.Buffer
	if err := Template(&out, words.English, someInventory(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	all := cells(t, out.Bytes())
	if got := strings.Join(all["Devices"][1], "|"); got != "=srv-01|10.0.0.1|Server|Dell|a\u202eb|007" {
		t.Errorf("%q", got)
	}
	if got := strings.Join(all["Credentials"][1], "|"); got != "=srv-01|root|Local User" {
		t.Errorf("%q", got)
	}
	for _, c := range []struct {
		text string
		want bool
	}{{"plain", true}, {"a\tb\nc", true}, {"\u200e\u202e\ufeff", true}, {"a\x01b", false}, {"a\x1b[31m", false}, {"a\rb", false}, {strings.Repeat("x", 32_768), false}, {"\xff", false}} {
		if Holds(c.text) != c.want {
			t.Errorf("Holds(%q) is %t", c.text[:min(len(c.text), 10)], !c.want)
		}
	}
}
