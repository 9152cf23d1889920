package sources_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/sources"
)

// page is one sheet of a workbook for a test: rows of cells from A1 on, nil for no cell, and
// whatever else change does to it.
type page struct {
	name   string
	rows   [][]any
	hidden bool
	change func(f *excelize.File, name string) error
}

// workbook makes the bytes of a workbook, protected where a password is given.
func workbook(t testing.TB, password string, pages ...page) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for i, p := range pages {
		if i == 0 {
			must(f.SetSheetName("Sheet1", p.name))
		} else {
			_, err := f.NewSheet(p.name)
			must(err)
		}
		for r, row := range p.rows {
			for c, value := range row {
				if value == nil {
					continue
				}
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				must(err)
				must(f.SetCellValue(p.name, cell, value))
			}
		}
		if p.change != nil {
			must(p.change(f, p.name))
		}
		if p.hidden {
			must(f.SetSheetVisible(p.name, false))
		}
	}
	var b bytes.Buffer
	must(f.Write(&b, excelize.Options{Password: password}))
	return b.String()
}

func anys(texts ...string) []any {
	row := make([]any, len(texts))
	for i, text := range texts {
		if text != "" {
			row[i] = text
		}
	}
	return row
}

var (
	deviceHeader = anys("Nome do host", "Endereço IP", "Modelo", "Fabricante", "Tipo", "Localidade")
	deviceRow1   = anys("srv-01", "10.0.0.1", "R740", "Dell", "Server", "LAX")
	readRow1     = " hostname=srv-01 ip=10.0.0.1 site=LAX model=R740 vendor=Dell type=Server"
)

func TestAWorkbookIsRead(t *testing.T) {
	title := [][]any{anys("Inventário 2026"), nil, anys("", "setor", "TI"), deviceHeader, deviceRow1, nil, anys("srv-02", "10.0.0.2")}
	for _, c := range []struct {
		rule string
		in   input
		want []string
	}{
		{"the header in the first row", input{text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader, deviceRow1}})}, []string{"2" + readRow1}},
		{"a title block above it, blank rows in it", input{text: workbook(t, "", page{name: "A", rows: title})},
			[]string{"5" + readRow1, "7 hostname=srv-02 ip=10.0.0.2"}},
		{"the sheet that fits best", input{text: workbook(t, "", page{name: "Notas", rows: [][]any{anys("host", "quem"), anys("x", "y")}}, page{name: "A", rows: title})},
			[]string{"5" + readRow1, "7 hostname=srv-02 ip=10.0.0.2"}},
		{"a hidden sheet is not looked at", input{text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader, deviceRow1}}, page{name: "old", hidden: true, rows: title})},
			[]string{"2" + readRow1}},
		{"a sheet by name, though it is hidden", input{sheet: "OLD", text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader}}, page{name: "old", hidden: true, rows: title})},
			[]string{"5" + readRow1, "7 hostname=srv-02 ip=10.0.0.2"}},
		{"a sheet by number", input{sheet: "2", text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader}}, page{name: "B", rows: title})},
			[]string{"5" + readRow1, "7 hostname=srv-02 ip=10.0.0.2"}},
		{"numbers as written, dates and booleans as people read them", input{columns: map[schemas.Field]string{schemas.FieldModel: "bought", schemas.FieldSite: "rack", schemas.FieldVendor: "spare"},
			text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "ip", "bought", "rack", "spare"), {"srv-01", "10.0.0.1", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), 12.5, true}}})},
			[]string{"2 hostname=srv-01 ip=10.0.0.1 site=12.5 model=2024-02-29 vendor=TRUE"}},
		{"a hostname that is a number", input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "ip"), {4711, "10.0.0.1"}}})}, []string{"2 hostname=4711 ip=10.0.0.1"}},
		{"a formula by its cached value", input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "site"), {"srv-01", 12.5}}, change: func(f *excelize.File, name string) error {
			return f.SetCellFormula(name, "B2", "10+2.5")
		}})}, []string{"2 hostname=srv-01 site=12.5"}},
		{"a hidden row is read, and marked", input{text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader, deviceRow1}, change: func(f *excelize.File, name string) error {
			return f.SetRowVisible(name, 2, false)
		}})}, []string{"2" + readRow1 + " hidden"}},
		{"a row that where leaves out", input{where: `Tipo != "Server"`, text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader, deviceRow1}})}, []string{"2" + readRow1 + " left out"}},
		{"an apostrophe in a cell is a sign like any other", input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "site"), anys("srv-01", "'=x")}})}, []string{"2 hostname=srv-01 site='=x"}},
		{"a password in a protected workbook", input{kind: schemas.KindCredential, secrets: true, password: "Invented-1",
			text: workbook(t, "Invented-1", page{name: "A", rows: [][]any{anys("hostname", "usuário", "Senha"), anys("srv-01", "root", " Invented-2 ")}})},
			[]string{"2 hostname=srv-01 username=root secret= Invented-2 "}},
		{"the password column is not even read unasked", input{kind: schemas.KindCredential,
			text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "usuário", "Senha"), anys("srv-01", "root", "Invented-2")}})},
			[]string{"2 hostname=srv-01 username=root"}},
		{"defaults make a column unnecessary", input{kind: schemas.KindCredential, defaults: map[schemas.Field]string{schemas.FieldUsername: "root"},
			text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname"), anys("srv-01")}})}, []string{"2 hostname=srv-01"}},
		{"a header alone is an empty source", input{text: workbook(t, "", page{name: "A", rows: [][]any{deviceHeader}})}, []string{}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, rows, err := c.in.rows(t)
			sameRows(t, rows, err, c.want...)
		})
	}
}

// numbered gives a cell a number that the sheet shows in a format of its own.
func numbered(cell string, value any, format string) func(*excelize.File, string) error {
	return func(f *excelize.File, name string) error {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err == nil {
			err = f.SetCellValue(name, cell, value)
		}
		if err == nil {
			err = f.SetCellStyle(name, cell, cell, style)
		}
		return err
	}
}

// TestNamesAndPasswordsAreNotGuessed: what a person sees is not what the workbook keeps.
func TestNamesAndPasswordsAreNotGuessed(t *testing.T) {
	accounts := [][]any{anys("hostname", "username", "password"), anys("srv-01", "root")}
	for _, c := range []struct {
		rule   string
		in     input
		change func(*excelize.File, string) error
		want   string
	}{
		{"a hostname shown with leading zeros", input{}, numbered("A2", 123, "00000"), "cell_other_type at in!A!A2"},
		{"a hostname that has become a date", input{}, numbered("A2", 45352, "mmm-yy"), "cell_other_type at in!A!A2"},
		{"a hostname in scientific notation", input{}, numbered("A2", 1.5e20, "General"), "cell_other_type at in!A!A2"},
		{"a password shown with leading zeros", input{secrets: true}, numbered("C2", 123, "000000"), "cell_other_type at in!A!C2"},
		{"a password of more digits than a number keeps", input{secrets: true}, numbered("C2", 1234567890123456789, "0"), "cell_other_type at in!A!C2"},
		{"a password that has become a date", input{secrets: true}, numbered("C2", 45352, "dd/mm/yyyy"), "cell_other_type at in!A!C2"},
		{"a password that is a number as it is shown", input{secrets: true}, numbered("C2", 4711, "General"), "secret=4711"},
		{"a yes or no", input{secrets: true}, func(f *excelize.File, name string) error { return f.SetCellBool(name, "C2", true) }, "cell_other_type at in!A!C2"},
	} {
		c.in.kind = schemas.KindCredential
		c.in.text = workbook(t, "", page{name: "A", rows: accounts, change: c.change})
		_, rows, err := c.in.rows(t)
		if err != nil || len(rows) != 1 || !strings.HasSuffix(rows[0], c.want) {
			t.Errorf("%s: %q, %v; want %s", c.rule, rows, err, c.want)
		}
	}
	_, rows, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "ip", "site", "model"), {"srv-01", "10.0.0.1", 1.1000000000000001, 12.5}}})}.rows(t)
	sameRows(t, rows, err, "2 hostname=srv-01 ip=10.0.0.1 site=1.1 model=12.5")
}

// TestASecondTableIsNotReadAsTheFirst: its columns would be taken for those of the first.
func TestASecondTableIsNotReadAsTheFirst(t *testing.T) {
	short, long := anys("hostname", "ip"), anys("hostname", "ip", "site", "model", "vendor", "type")
	below := [][]any{anys("hostname", "model", "site"), anys("srv-01", "R740", "LAX"), nil, nil, anys("hostname", "username", "password"), anys("srv-01", "root", "Invented-1")}
	for _, c := range []struct {
		rule string
		rows [][]any
		code string
	}{
		{"accounts below devices", below, "other_table"},
		{"a better header below", [][]any{short, anys("srv-01", "10.0.0.1"), nil, long, deviceRow1}, "other_table"},
	} {
		_, _, err := input{text: workbook(t, "", page{name: "A", rows: c.rows})}.rows(t)
		wantFault(t, err, schemas.ClassInput, c.code)
	}
	_, _, err := input{text: "hostname,ip,site\na,10.0.0.1,x\nhostname,username,password\na,root,Invented-1\n"}.rows(t)
	wantFault(t, err, schemas.ClassInput, "other_table")
	_, rows, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{long, deviceRow1, anys("Hostname", "IP", "Site", "Model", "Vendor", "Type")}})}.rows(t)
	if err != nil || len(rows) != 2 || !strings.HasSuffix(rows[1], "header_again at in!A!3") {
		t.Errorf("%q, %v", rows, err)
	}
	for _, second := range [][]any{anys("Máquina", "Conta", "Senha"), anys("Máquina", "Senha"), anys("", "Usuário", "Senha"), anys("Servidores", "Usuários", "Senhas"), anys("Senhas dos servidores:"), anys("Computador", "Operador", "Pwd")} {
		_, _, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "model", "site"), anys("srv-01", "R740", "LAX"), nil, second, anys("srv-01", "root", "Invented-1")}})}.rows(t)
		f := wantFault(t, err, schemas.ClassInput, "other_table")
		if strings.Contains(f.Error(), "Invented") {
			t.Errorf("%v", f)
		}
	}
	for _, record := range [][]any{{"Node", "10.9.9.9", "SP", "Host", "Dell", "Server"}, {"Host", "10.9.9.9", "Site", "x", "y", "Server"}} {
		if _, rows, err := (input{text: workbook(t, "", page{name: "A", rows: [][]any{long, record}})}).rows(t); err != nil || len(rows) != 1 || strings.Contains(rows[0], "header_again") {
			t.Errorf("%v: %q, %v", record, rows, err)
		}
	}
	s, rows, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("Cliente", "Exemplo"), long, deviceRow1, {"srv-02", "10.0.0.2", "LAX", "Server", "Host", "Server"}}})}.rows(t)
	if err != nil || len(rows) != 2 || s.Shape.RowsAbove != 1 {
		t.Errorf("a row of data with known words in it: %q, %v", rows, err)
	}
}

// TestASecondSheetIsNotPassedOver: its devices would be missing.
func TestASecondSheetIsNotPassedOver(t *testing.T) {
	head := [][]any{deviceHeader, deviceRow1}
	_, _, err := input{text: workbook(t, "", page{name: "Matriz", rows: head}, page{name: "Filial", rows: [][]any{anys("hostname", "ip"), anys("srv-09", "10.0.0.9")}})}.rows(t)
	wantFault(t, err, schemas.ClassInput, "sheets_alike")
	withUser := append(slices.Clone(deviceHeader), "Usuário")
	_, _, err = input{text: workbook(t, "", page{name: "Servidores", rows: head}, page{name: "Switches", rows: [][]any{withUser, deviceRow1}})}.rows(t)
	wantFault(t, err, schemas.ClassInput, "sheets_alike")
	accounts := page{name: "Contas", rows: [][]any{anys("hostname", "usuário", "tipo"), anys("srv-01", "root", "Local")}}
	s, rows, err := input{text: workbook(t, "", accounts, page{name: "Matriz", rows: head}, page{name: "Vazia", rows: [][]any{deviceHeader}})}.rows(t)
	sameRows(t, rows, err, "2"+readRow1)
	if !slices.Equal(s.Shape.OtherSheets, []string{"Contas", "Vazia"}) {
		t.Errorf("%v", s.Shape.OtherSheets)
	}
}

func TestPasswordColumnsAreNotGuessed(t *testing.T) {
	_, _, err := input{kind: schemas.KindCredential, secrets: true, text: "hostname,username,password,senha\na,b,Invented-1,Invented-2\n"}.rows(t)
	wantFault(t, err, schemas.ClassInput, "column_twice")
	_, _, err = input{kind: schemas.KindCredential, secrets: true, text: "hostname,username,Senha antiga,Nova senha\na,b,Invented-1,Invented-2\n"}.rows(t)
	wantFault(t, err, schemas.ClassInput, "password_unmapped")
	_, rows, err := input{kind: schemas.KindCredential, text: "hostname,username,Senha antiga,Nova senha\na,b,Invented-1,Invented-2\n"}.rows(t)
	sameRows(t, rows, err, "2 hostname=a username=b")
}

// TestWhereOnACellWithoutAValue: nobody can tell whether the row is left out.
func TestWhereOnACellWithoutAValue(t *testing.T) {
	text := workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "ip", "status"), anys("srv-01", "10.0.0.1")}, change: func(f *excelize.File, name string) error {
		return f.SetCellFormula(name, "C2", "A9")
	}})
	_, rows, err := input{text: text, where: `status == "1"`}.rows(t)
	sameRows(t, rows, err, "2 hostname=srv-01 ip=10.0.0.1 cell_no_value at in!A!C2")
}

func TestCellsWithoutAValueRejectTheirRow(t *testing.T) {
	text := workbook(t, "", page{name: "Servers", rows: [][]any{anys("hostname", "site", "note"), anys("srv-01"), anys("srv-02", "x")}, change: func(f *excelize.File, name string) error {
		for _, cell := range []string{"B2", "C3"} {
			if err := f.SetCellFormula(name, cell, "A9"); err != nil {
				return err
			}
		}
		return nil
	}})
	_, rows, err := input{text: text}.rows(t)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if want := "2 hostname=srv-01 cell_no_value at in!Servers!B2"; rows[0] != want {
		t.Errorf("%q, want %q", rows[0], want)
	}
	if want := "3 hostname=srv-02 site=x"; rows[1] != want {
		t.Errorf("a column that nobody reads: %q, want %q", rows[1], want)
	}
}

func TestWhatIsNoWorkbookToReadIsRefused(t *testing.T) {
	two := []page{{name: "2025", rows: [][]any{deviceHeader, deviceRow1}}, {name: "2026", rows: [][]any{deviceHeader, deviceRow1}}}
	notes := []page{{name: "Capa", rows: [][]any{anys("Acme")}}, {name: "Notas", rows: [][]any{anys("quem", "quando")}}}
	plain := workbook(t, "", two[0])
	for _, c := range []struct {
		rule  string
		in    input
		class schemas.Class
		code  string
	}{
		{"two sheets that fit as well as each other", input{text: workbook(t, "", two...)}, schemas.ClassInput, "sheets_alike"},
		{"no sheet that fits", input{text: workbook(t, "", notes...)}, schemas.ClassInput, "no_sheet_fits"},
		{"one sheet, which does not fit", input{text: workbook(t, "", notes[1])}, schemas.ClassInput, "no_key_column"},
		{"every sheet empty", input{text: workbook(t, "", page{name: "A"}, page{name: "B"})}, schemas.ClassInput, "book_blank"},
		{"the named sheet empty", input{sheet: "B", text: workbook(t, "", two[0], page{name: "B"})}, schemas.ClassInput, "sheet_blank"},
		{"a sheet that is not there", input{sheet: "Servers", text: workbook(t, "", two...)}, schemas.ClassConfig, "sheet_missing"},
		{"the one that fits is hidden", input{text: workbook(t, "", notes[1], page{name: "old", hidden: true, rows: two[0].rows})}, schemas.ClassInput, "sheet_hidden"},
		{"protected, and no password", input{text: workbook(t, "Invented-1", two[0])}, schemas.ClassInput, "is_protected"},
		{"protected, and another password", input{password: "Invented-2", text: workbook(t, "Invented-1", two[0])}, schemas.ClassInput, "wrong_book_password"},
		{"another format is configured", input{format: "csv", text: plain}, schemas.ClassInput, "is_workbook"},
		{"a workbook is configured", input{format: "xlsx", text: "hostname,ip\n"}, schemas.ClassInput, "not_workbook"},
		{"a column twice", input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "ip", "IP")}})}, schemas.ClassInput, "column_twice"},
		{"an empty container", input{text: "PK\x05\x06" + strings.Repeat("\x00", 18)}, schemas.ClassInput, "xlsx_no_workbook"},
		{"a workbook that is cut", input{text: plain[:len(plain)-100]}, schemas.ClassInput, "xlsx_zip"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, _, err := c.in.rows(t)
			wantFault(t, err, c.class, c.code)
		})
	}
}

func TestColumnsWithoutAHeaderAreNamed(t *testing.T) {
	s, rows, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("hostname", "", "ip"), anys("srv-01", "what", "10.0.0.1", "", "beside")}})}.rows(t)
	sameRows(t, rows, err, "2 hostname=srv-01 ip=10.0.0.1")
	if !slices.Equal(s.Nameless, []string{"B", "E"}) {
		t.Errorf("%v", s.Nameless)
	}
}

func TestAnExportInAWorkbookIsRecognised(t *testing.T) {
	s, rows, err := input{text: workbook(t, "", page{name: "A", rows: [][]any{anys("id", "hostname", "ip", "model", "type", "vendor", "site", "tags"), anys("7", "a", "b", "c", "d", "e", "f", "g")}})}.rows(t)
	sameRows(t, rows, err, "2 id=7 hostname=a ip=b site=f model=c vendor=e type=d")
	if !s.Shape.Export {
		t.Error("not an export")
	}
}

// TestRealWorkbooks: workbooks of other projects, each read or refused as a careful person would.
func TestRealWorkbooks(t *testing.T) {
	read := func(in input, name string) (*sources.Source, []string, error) {
		t.Helper()
		data, err := os.ReadFile("../testdata/inputs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		in.text = string(data)
		return in.rows(t)
	}
	nornir := map[schemas.Field]string{schemas.FieldHostname: "name", schemas.FieldIP: "hostname", schemas.FieldSite: "city"}
	_, rows, err := read(input{columns: nornir}, "nornir.xlsx")
	sameRows(t, rows, err, "2 hostname=netdevops01 ip=192.168.137.201 site=bj model=catalyst3750", "3 hostname=netdevops02 ip=192.168.137.202 site=shanghai model=catalyst3750")

	variables := map[schemas.Field]string{schemas.FieldHostname: "var1", schemas.FieldSite: "var2"}
	for _, name := range []string{"two_blank_rows", "two_occupied_rows", "occupied_row_and_blank_row"} {
		s, rows, err := read(input{columns: variables, sheet: name}, "readxl-skipping.xlsx")
		sameRows(t, rows, err, "5 hostname=v2,1 site=v2,2", "7 hostname=v4,1 site=v4,2")
		if s != nil && s.Shape.HeaderLine != 3 {
			t.Errorf("%s: header in row %d", name, s.Shape.HeaderLine)
		}
	}
	_, _, err = read(input{columns: variables}, "readxl-skipping.xlsx")
	wantFault(t, err, schemas.ClassInput, "sheets_alike")

	s, rows, err := read(input{columns: map[schemas.Field]string{schemas.FieldHostname: "Ion"}}, "poi-no-row-numbers.xlsx")
	if err != nil || len(rows) != 70 || s.Shape.HeaderLine != 1 || rows[0] != "2 hostname=[M+Na]+1" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	_, _, err = read(input{}, "poi-strict.xlsx")
	wantFault(t, err, schemas.ClassInput, "no_sheet_fits")
	_, rows, err = read(input{sheet: "Sheet1", columns: map[schemas.Field]string{schemas.FieldHostname: "test"}}, "poi-strict.xlsx")
	if err != nil || rows[0] != "2 hostname=test 2" {
		t.Errorf("%q, %v", rows, err)
	}
	_, _, err = read(input{}, "poi-xmlbomb.xlsx")
	wantFault(t, err, schemas.ClassInput, "xlsx_dtd")
	_, _, err = read(input{}, "poi-protected.xlsx")
	wantFault(t, err, schemas.ClassInput, "is_protected")
	_, _, err = read(input{password: "wrong"}, "poi-protected.xlsx")
	wantFault(t, err, schemas.ClassInput, "wrong_book_password")
	_, _, err = read(input{password: "tika"}, "poi-protected.xlsx") // it opens, and holds one sentence
	f := wantFault(t, err, schemas.ClassInput, "no_key_column")
	if f.Problem.Place.String() != "in!Sheet1!1" {
		t.Errorf("%v", f)
	}
}
