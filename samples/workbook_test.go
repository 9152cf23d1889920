package samples_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pamsync/sources/sheet"
)

var update = flag.Bool("update", false, "write inventory.xlsx anew")

// branch is the workbook that a branch office sends: a title block above the table, notes below
// nothing, an old sheet that is hidden, and a row that somebody hid.
func branch() map[string][][]string {
	return map[string][][]string{
		"Servidores": {
			{"Empresa Exemplo S.A. – Filial Goiânia"},
			{"Inventário de servidores e rede", "", "", "", "", "", "revisado em 2026-10-30"},
			{},
			{"Nome do host", "Endereço IP", "Tipo", "Fabricante", "Modelo", "Localidade", "Patrimônio", "Ligado desde"},
			{"srv-caixa-goiania", "10.30.1.21", "Servidor", "Microsoft", "Windows Server 2022", "Filial Goiânia", "40017", "45733"},
			{"srv-pdv-goiania-02", "10.30.1.22", "Servidor", "Microsoft", "Windows Server 2022", "Filial Goiânia", "40018", "45733"},
			{"srv-cftv-goiania", "10.30.1.23", "Servidor", "Microsoft", "Windows Server 2019", "Filial Goiânia", "39920", "44980"},
			{"srv-backup-goiania", "10.30.1.24", "Servidor", "Microsoft", "Windows Server 2022", "Filial Goiânia", "40025", "45901"},
			{"srv-teste-goiania", "10.30.1.99", "Servidor", "Microsoft", "Windows Server 2016", "Filial Goiânia", "31200", "42800"},
			{"sw-goiania-02", "10.30.0.3", "Switch", "Cisco", "Catalyst 1000", "Filial Goiânia", "40101", "45733"},
			{"sw-goiania-03", "10.30.0.4", "Switch", "Cisco", "Catalyst 1000", "Filial Goiânia", "40102", "45733"},
			{"ap-goiania-01", "10.30.0.21", "Switch", "Cisco", "Catalyst 9120", "Filial Goiânia", "40110", "45760"},
			{"fw-goiania", "10.30.0.1", "Firewall", "Fortinet", "FortiGate 60F", "Filial Goiânia", "38004", "44200"},
		},
		"Contas": {
			{"Contas administrativas – sem senhas; entregues em envelope"},
			{},
			{"Nome do host", "Usuário", "Tipo de credencial", "Identificador"},
			{"srv-caixa-goiania", "administrador", "Local User", "srv-caixa-goiania.administrador"},
			{"srv-pdv-goiania-02", "administrador", "Local User", ""},
			{"srv-cftv-goiania", "administrador", "Local User", ""},
			{"srv-backup-goiania", "svc_backup", "Local User", ""},
			{"sw-goiania-02", "admin", "Local User", ""},
			{"sw-goiania-03", "admin", "Local User", ""},
		},
		"Antigo 2024": {
			{"Nome do host", "Endereço IP", "Tipo", "Fabricante", "Modelo", "Localidade"},
			{"srv-caixa-velho", "10.30.1.5", "Servidor", "Microsoft", "Windows Server 2012", "Filial Goiânia"},
		},
	}
}

const hiddenRow = 9 // srv-teste-goiania

func write(t *testing.T) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}}})
	must(err)
	title, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	must(err)
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	for i, name := range []string{"Servidores", "Contas", "Antigo 2024"} {
		if i == 0 {
			must(f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			must(err)
		}
		for r, row := range branch()[name] {
			for c, text := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				must(err)
				switch {
				case text == "":
				case name == "Servidores" && c >= 6 && r > 3:
					must(f.SetCellInt(name, cell, number(text)))
				default:
					must(f.SetCellStr(name, cell, text))
				}
			}
		}
		must(f.SetColWidth(name, "A", "H", 24))
		must(f.SetCellStyle(name, "A1", "A1", title))
	}
	must(f.SetCellStyle("Servidores", "A4", "H4", head))
	must(f.SetCellStyle("Servidores", "H5", "H13", date))
	must(f.MergeCell("Servidores", "A1", "F1"))
	must(f.SetRowVisible("Servidores", hiddenRow, false))
	must(f.SetCellStyle("Contas", "A3", "D3", head))
	must(f.SetSheetVisible("Antigo 2024", false))
	must(f.SetDocProps(&excelize.DocProperties{Creator: "Empresa Exemplo", Created: "2026-10-30T12:00:00Z", Modified: "2026-10-30T12:00:00Z"}))
	must(f.SaveAs("inventory.xlsx"))
}

func number(text string) int64 {
	n := int64(0)
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	return n
}

// TestTheWorkbookIsAsItIsToldHere: inventory.xlsx holds these cells; -update writes it.
func TestTheWorkbookIsAsItIsToldHere(t *testing.T) {
	if *update {
		write(t)
	}
	data, err := os.ReadFile("inventory.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for i := range book.Sheets {
		s := &book.Sheets[i]
		want := branch()[s.Name]
		if s.Hidden != (s.Name == "Antigo 2024") {
			t.Errorf("%s: hidden is %t", s.Name, s.Hidden)
		}
		err := book.Rows(s, func(r *sheet.Row) error {
			var got []string
			for j := range r.Cells {
				got = append(got, string(r.Raw(&r.Cells[j])))
			}
			row := slices.DeleteFunc(slices.Clone(want[r.Number-1]), func(text string) bool { return text == "" })
			if strings.Join(got, "|") != strings.Join(row, "|") || r.Hidden != (s.Name == "Servidores" && r.Number == hiddenRow) {
				t.Errorf("%s, row %d: %q, hidden %t; want %q", s.Name, r.Number, got, r.Hidden, row)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
