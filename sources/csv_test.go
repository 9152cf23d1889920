package sources_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pamsync/schemas"
)

func inUTF16(text string, big, mark bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		hi, lo := byte(u>>8), byte(u)
		if !big {
			hi, lo = lo, hi
		}
		b.WriteByte(hi)
		b.WriteByte(lo)
	}
	return b.String()
}

func TestDialects(t *testing.T) {
	const table = "hostname,ip\nsrv-ção,10.0.0.1\n"
	const ascii = "hostname,ip\nsrv-01,10.0.0.1\n"
	row := "2 hostname=srv-01 ip=10.0.0.1"
	accents := "2 hostname=srv-ção ip=10.0.0.1"
	for _, c := range []struct {
		rule, text string
		encoding   string
		delimiter  rune
		header     int
		want       string
	}{
		{"comma", ascii, "UTF-8", ',', 1, row},
		{"semicolon", "hostname;ip\nsrv-01;10.0.0.1\n", "UTF-8", ';', 1, row},
		{"tab", "hostname\tip\nsrv-01\t10.0.0.1\n", "UTF-8", '\t', 1, row},
		{"bar", "hostname|ip\nsrv-01|10.0.0.1\n", "UTF-8", '|', 1, row},
		{"known names decide, not the number of columns", "hostname;ip;a,b,c,d\nsrv-01;10.0.0.1;x\n", "UTF-8", ';', 1, row},
		{"no line break at the end", strings.TrimSuffix(ascii, "\n"), "UTF-8", ',', 1, row},
		{"UTF-8", table, "UTF-8", ',', 1, accents},
		{"UTF-8 with a mark", "\ufeff" + table, "UTF-8 with BOM", ',', 1, accents},
		{"UTF-16LE with a mark", inUTF16(table, false, true), "UTF-16LE", ',', 1, accents},
		{"UTF-16BE with a mark", inUTF16(table, true, true), "UTF-16BE", ',', 1, accents},
		{"UTF-16LE without", inUTF16(table, false, false), "UTF-16LE", ',', 1, accents},
		{"UTF-16BE without", inUTF16(table, true, false), "UTF-16BE", ',', 1, accents},
		{"Windows-1252", "hostname,ip\nsrv-\xe7\xe3o,10.0.0.1\n", "Windows-1252", ',', 1, accents},
		{"Windows-1252 beyond Latin-1", "hostname,ip,site\nsrv-01,10.0.0.1,\x80 5\n", "Windows-1252", ',', 1, row + " site=€ 5"},
		{"CRLF", "hostname,ip\r\nsrv-01,10.0.0.1\r\n", "UTF-8", ',', 1, row},
		{"lone CR", "hostname,ip\rsrv-01,10.0.0.1\r", "UTF-8", ',', 1, row},
		{"lone CR in UTF-16", inUTF16("hostname,ip\rsrv-01,10.0.0.1\r", false, true), "UTF-16LE", ',', 1, row},
		{"sep= beats what the header looks like", "sep=;\nhostname;ip\nsrv-01;10.0.0.1\n", "UTF-8", ';', 2, "3 hostname=srv-01 ip=10.0.0.1"},
		{"sep= with CRLF and a mark", "\ufeffsep=;\r\nhostname;ip\r\nsrv-01;10.0.0.1\r\n", "UTF-8 with BOM", ';', 2, "3 hostname=srv-01 ip=10.0.0.1"},
		{"sep= in capitals, a tab", "SEP=\t\nhostname\tip\nsrv-01\t10.0.0.1\n", "UTF-8", '\t', 2, "3 hostname=srv-01 ip=10.0.0.1"},
		{"sep= in UTF-16", inUTF16("sep=;\r\nhostname;ip\r\nsrv-01;10.0.0.1\r\n", false, true), "UTF-16LE", ';', 2, "3 hostname=srv-01 ip=10.0.0.1"},
		{"sep= in quotes", "\"sep=;\"\nhostname;ip\nsrv-01;10.0.0.1\n", "UTF-8", ';', 2, "3 hostname=srv-01 ip=10.0.0.1"},
		{"blank lines above the header", "\n\nhostname,ip\nsrv-01,10.0.0.1\n", "UTF-8", ',', 3, "4 hostname=srv-01 ip=10.0.0.1"},
		{"a quoted header with a line break", "hostname,\"note\nmore\",ip\nsrv-01,x,10.0.0.1\n", "UTF-8", ',', 1, "3 hostname=srv-01 ip=10.0.0.1"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, rows, err := input{text: c.text}.rows(t)
			sameRows(t, rows, err, c.want)
			if s.Shape.Format != "csv" || s.Shape.Encoding != c.encoding || s.Shape.Delimiter != c.delimiter || s.Shape.HeaderLine != c.header {
				t.Errorf("%s %q, header on line %d", s.Shape.Encoding, s.Shape.Delimiter, s.Shape.HeaderLine)
			}
			if s.Shape.LoneCR != strings.HasPrefix(c.rule, "lone CR") {
				t.Error("lone CR:", s.Shape.LoneCR)
			}
		})
	}
}

func TestTheByteThatDecidesIsNamed(t *testing.T) {
	long := strings.Repeat("srv-01,São Paulo\n", 20_000) // beyond what is looked at first
	for _, c := range []struct{ rule, text, want string }{
		{"on a later line", "hostname,site\na,b\nc,\xe7x\n", "0xE7, line 3, byte 3"},
		{"the first byte", "\xe7hostname,hostname\n", "0xE7, line 1, byte 1"},
		{"the last byte", "hostname,site\na,b\xe7", "0xE7, line 2, byte 4"},
		{"far down in the file", "hostname,site\n" + strings.Repeat("srv-01,Sao Paulo\n", 20_000) + "x,\xe3\n", "0xE3, line 20002, byte 3"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, err := input{text: c.text}.open(t)
			if err != nil || s.Shape.Encoding != "Windows-1252" || s.Shape.BadByte != c.want {
				t.Errorf("%v: %q, wanted %q", err, s.Shape.BadByte, c.want)
			}
		})
	}
	s, err := input{text: "hostname,site\n" + long}.open(t)
	if err != nil || s.Shape.Encoding != "UTF-8" || s.Shape.BadByte != "" {
		t.Errorf("%v: a character across a boundary was taken for %s (%s)", err, s.Shape.Encoding, s.Shape.BadByte)
	}
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		rule, text string
		want       []string
	}{
		{"numbers are physical lines", "hostname,site\na,\"one\ntwo\nthree\"\nb,x\n\n\nc,y\n", []string{"2 hostname=a site=one\ntwo\nthree", "5 hostname=b site=x", "8 hostname=c site=y"}},
		{"and with CRLF", "hostname,site\r\na,\"one\r\ntwo\"\r\nb,x\r\n", []string{"2 hostname=a site=one\ntwo", "4 hostname=b site=x"}},
		{"lines without a cell that holds anything are none", "hostname,site\n,\n  ,\u00a0\na,x\n", []string{"4 hostname=a site=x"}},
		{"a row too short is rejected", "hostname,ip,site\na,b\nc,10.0.0.1,x\n", []string{"2 ragged at in:2", "3 hostname=c ip=10.0.0.1 site=x"}},
		{"a row too long is rejected", "hostname,ip\na,10.0.0.1,x\n", []string{"2 ragged at in:2"}},
		{"but for empty cells at its end", "hostname,ip\na,10.0.0.1,, \n", []string{"2 hostname=a ip=10.0.0.1"}},
		{"what nobody sees is trimmed", "hostname,ip,site\n\u00a0a\u200b ,\t10.0.0.1\u00a0,\u202fSão  Paulo\ufeff\n", []string{"2 hostname=a ip=10.0.0.1 site=São  Paulo"}},
		{"our apostrophe comes off once", "hostname,site,model,vendor,type\n'=a,''b,'c,'+1,'\n", []string{"2 hostname==a site='b model='c vendor=+1 type='"}},
		{"doubled quotes", "hostname,site\na,\"x \"\"y\"\"\"\n", []string{"2 hostname=a site=x \"y\""}},
		{"a header alone", "hostname,ip\n", []string{}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, rows, err := input{text: c.text}.rows(t)
			sameRows(t, rows, err, c.want...)
			if s.Use.Rows != len(c.want) {
				t.Errorf("%d rows counted", s.Use.Rows)
			}
		})
	}
}

func TestASwallowedRowMayBeNamed(t *testing.T) {
	s, err := input{text: "hostname,site\na,\"x\nb,y\nc\"\nd,z\n"}.open(t)
	if err != nil {
		t.Fatal(err)
	}
	var may []string
	err = s.Read(func(row *schemas.Row) error {
		may = append(may, strings.Join(row.MayName, "|"))
		return nil
	})
	sameRows(t, may, err, "x|b|y|c", "")
}

func TestHeadersInThreeLanguages(t *testing.T) {
	for _, c := range []struct {
		rule, header string
		kind         schemas.Kind
		want         string
	}{
		{"API", "hostname,management_ip,site,model,vendor,type", "", "2 hostname=a ip=b site=c model=d vendor=e type=f"},
		{"English, in a person's spelling", "Host Name,IP-Address,Location,Product,Manufacturer,Device Type", "", "2 hostname=a ip=b site=c model=d vendor=e type=f"},
		{"Portuguese", "Nome do Host,Endereço IP,Localidade,Modelo,Fabricante,Tipo de Equipamento", "", "2 hostname=a ip=b site=c model=d vendor=e type=f"},
		{"Spanish", "Nombre del equipo,Dirección IP,Ubicación,Modelo,Proveedor,Tipo de equipo", "", "2 hostname=a ip=b site=c model=d vendor=e type=f"},
		{"decomposed accents and NBSP", "HOSTNAME,Endereco\u0327\u00a0IP,x,y,z,w", "", "2 hostname=a ip=b"},
		{"the best name wins", "name,hostname,host,ip,address,x", "", "2 hostname=b ip=d"},
		{"vault_id is the id, and a bare id is none", "id,vault_id,hostname,x,y,z", "", "2 id=b hostname=c"},
		{"credentials, API", "hostname,username,identifier,credential_type,domain,tags", schemas.KindCredential, "2 hostname=a identifier=c username=b credential_type=d domain=e tags=f"},
		{"credentials: a bare type is the credential's", "device,login,device_type,type,additional,parent", schemas.KindCredential, "2 hostname=a username=b credential_type=d additional=e parent=f"},
		{"credentials, Portuguese", "Servidor,Usuário,Identificador,Tipo de Credencial,Domínio,Etiquetas", schemas.KindCredential, "2 hostname=a identifier=c username=b credential_type=d domain=e tags=f"},
		{"credentials, Spanish", "Equipo,Cuenta,Identificador,Tipo,Dominio,Información adicional", schemas.KindCredential, "2 hostname=a identifier=c username=b credential_type=d domain=e additional=f"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, rows, err := input{text: c.header + "\na,b,c,d,e,f\n", kind: c.kind}.rows(t)
			sameRows(t, rows, err, c.want)
		})
	}
}

func TestColumnsOfTheConfigurationComeFirst(t *testing.T) {
	for _, c := range []struct {
		rule, text string
		columns    map[schemas.Field]string
		want       string
	}{
		{"a name of one's own", "asset,hostname,ip\na,b,c\n", map[schemas.Field]string{schemas.FieldHostname: "asset"}, "2 hostname=a ip=c"},
		{"in another case, with blanks", "Asset Tag,ip\na,c\n", map[schemas.Field]string{schemas.FieldHostname: "asset_tag"}, "2 hostname=a ip=c"},
		{"the exact spelling before the like", "Asset,asset,ip\na,b,c\n", map[schemas.Field]string{schemas.FieldHostname: "asset"}, "2 hostname=b ip=c asset=a"},
		{"one column for two fields", "address,site\n10.0.0.1,x\n", map[schemas.Field]string{schemas.FieldHostname: "address", schemas.FieldIP: "address"}, "2 hostname=10.0.0.1 ip=10.0.0.1 site=x"},
		{"a bare id where it is asked for", "id,hostname\n7,a\n", map[schemas.Field]string{schemas.FieldID: "id"}, "2 id=7 hostname=a"},
		{"which of two is meant", "hostname,ip,ip\na,b,c\n", map[schemas.Field]string{schemas.FieldIP: "ip"}, "2 hostname=a ip=b"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, rows, err := input{text: c.text, columns: c.columns}.rows(t)
			sameRows(t, rows, err, c.want)
		})
	}
}

func TestWhatIsNoInventoryIsRefused(t *testing.T) {
	for _, c := range []struct {
		rule  string
		in    input
		class schemas.Class
		code  string
	}{
		{"nothing", input{text: ""}, schemas.ClassInput, "source_blank"},
		{"blanks", input{text: " \r\n\n"}, schemas.ClassInput, "source_blank"},
		{"a mark alone", input{text: "\ufeff"}, schemas.ClassInput, "source_blank"},
		{"a container that is none", input{text: "PK\x03\x04xyz"}, schemas.ClassInput, "xlsx_zip"},
		{"an old workbook", input{text: "\xd0\xcf\x11\xe0xyz"}, schemas.ClassInput, "is_old_workbook"},
		{"no header", input{text: "srv-01,10.0.0.1\n"}, schemas.ClassInput, "no_header"},
		{"no column for the key", input{text: "site,model\nx,y\n"}, schemas.ClassInput, "no_key_column"},
		{"no column for the username", input{text: "hostname,model\nx,y\n", kind: schemas.KindCredential}, schemas.ClassInput, "no_key_column"},
		{"two columns for one field", input{text: "hostname,ip,IP\na,b,c\n"}, schemas.ClassInput, "column_twice"},
		{"the same, for a field that is no key", input{text: "hostname,Site,site\na,b,c\n"}, schemas.ClassInput, "column_twice"},
		{"two columns of passwords", input{text: "hostname,username,password,Password\na,b,c,d\n", kind: schemas.KindCredential}, schemas.ClassInput, "column_twice"},
		{"a column that is not there", input{text: "hostname\na\n", columns: map[schemas.Field]string{schemas.FieldSite: "Lokation"}}, schemas.ClassConfig, "column_missing"},
		{"where on a column that is not there", input{text: "hostname\na\n", where: `status == "1"`}, schemas.ClassConfig, "filter_column"},
		{"where that is broken", input{text: "hostname\na\n", where: `status =`}, schemas.ClassConfig, "bad_filter"},
		{"JSON wanted", input{text: "hostname\na\n", format: "servicenow"}, schemas.ClassInput, "not_json_file"},
		{"a stray quote", input{text: "hostname,site\na,\"x\nb,y\n"}, schemas.ClassInput, "stray_quote"},
		{"a quote inside a cell", input{text: "hostname,site\na,x\"y\n"}, schemas.ClassInput, "stray_quote"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, _, err := c.in.rows(t)
			wantFault(t, err, c.class, c.code)
		})
	}
}

func TestAStrayQuoteIsNamedWithTheLineThatOpenedIt(t *testing.T) {
	_, _, err := input{text: "sep=,\nhostname,site\na,x\nb,\"y\nc,z\n"}.rows(t)
	f := wantFault(t, err, schemas.ClassInput, "stray_quote")
	if f.Problem.Args["opened"] != "4" {
		t.Errorf("%v", f)
	}
}

func TestAPamsyncExportIsRecognised(t *testing.T) {
	_, rows, err := input{text: "id,hostname,ip,model,type,vendor,site,tags\n7,a,b,c,d,e,f,g\n"}.rows(t)
	sameRows(t, rows, err, "2 id=7 hostname=a ip=b site=f model=c vendor=e type=d")
	const credentials = "id,identifier,username,expiration,change,view,hostname,management_ip,type,type_code,device_model,device_type,device_vendor,automatic_change,connectivity,connectivity_code"
	for _, d := range []string{",", ";"} {
		s, rows, err := input{kind: schemas.KindCredential, text: "\ufeff" + strings.ReplaceAll(credentials+"\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n", ",", d)}.rows(t)
		sameRows(t, rows, err, "2 id=1 hostname=7 ip=8 identifier=2 username=3 credential_type=9")
		if !s.Shape.Export {
			t.Error("not an export")
		}
	}
	s, rows, err := input{text: "id,hostname,ip,model,type,vendor,site\n7,a,b,c,d,e,f\n"}.rows(t)
	sameRows(t, rows, err, "2 hostname=a ip=b site=f model=c vendor=e type=d")
	if s.Shape.Export {
		t.Error("a column less, and still an export")
	}
}

func TestWhereOfACSV(t *testing.T) {
	const text = "hostname,Status,x\na,1,\nb,2,\nc,'=1,\nd,1\n"
	_, rows, err := input{text: text, where: `status == "1" or Status == "=1"`}.rows(t)
	sameRows(t, rows, err, "2 hostname=a", "3 hostname=b left out", "4 hostname=c", "5 ragged at in:5")
}

func TestDefaultsAreHandedOnAndNotFilledIn(t *testing.T) {
	s, err := input{text: "ip,site\n10.0.0.1,\n", defaults: map[schemas.Field]string{schemas.FieldHostname: "h", schemas.FieldSite: "LAX"}}.open(t)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(func(row *schemas.Row) error {
		if row.Values[schemas.FieldSite] != "" || row.Defaults == nil || row.Defaults[schemas.FieldSite] != "LAX" {
			t.Errorf("%v %v", row.Values, row.Defaults)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPlacesOfACSV(t *testing.T) {
	s, err := input{text: "sep=;\nNome;IP\na;b\n"}.open(t)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(func(row *schemas.Row) error {
		if p := row.Place(schemas.FieldIP); p.String() != "in:3:2" || p.Column != "IP" || s.Locate(3, schemas.FieldIP) != p {
			t.Errorf("%v, %v", p, s.Locate(3, schemas.FieldIP))
		}
		if p := row.Place(schemas.FieldID); p.String() != "in:3" {
			t.Errorf("%v", p)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
