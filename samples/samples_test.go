package samples_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/samples"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(samples.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryFileIsEmbedded: what stands in the folder is what pamsync carries, and the README
// names it, in both languages.
func TestEveryFileIsEmbedded(t *testing.T) {
	pages := map[string]string{"README.md": string(read(t, "README.md")), "LEIAME.md": string(read(t, "LEIAME.md"))}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "reports" || entry.Name() == ".pamsync"):
			return fs.SkipDir // somebody tried the samples where they stand
		case entry.IsDir(), strings.HasSuffix(path, ".go"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err == nil && !bytes.Equal(data, read(t, path)) {
			t.Errorf("%s is embedded otherwise", path)
		}
		for page, text := range pages {
			if path != page && !strings.Contains(text, "`"+path+"`") && path != "README.md" {
				t.Errorf("%s does not name %s", page, path)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTheConfigurationsAreTwins: those in Portuguese set what those in English do, in the same
// order, and differ in their comments alone.
func TestTheConfigurationsAreTwins(t *testing.T) {
	for english, portuguese := range map[string]string{"nightly.yaml": "noturno.yaml", "migration.yaml": "migracao.yaml"} {
		en, _, err := jobs.LoadConfig(english)
		if err != nil {
			t.Fatal(err)
		}
		pt, _, err := jobs.LoadConfig(portuguese)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(en, pt) {
			t.Errorf("%s and %s:\n%+v\n%+v", english, portuguese, en, pt)
		}
		if a, b := settings(t, english), settings(t, portuguese); a != b {
			t.Errorf("%s and %s:\n%s\n%s", english, portuguese, a, b)
		}
	}
}

// settings are a configuration's lines without comments.
func settings(t *testing.T, name string) string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(string(read(t, name))) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimRight(line, " \n"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestTheReadmesAreTwins: the same sections, rows, commands and places of mistakes.
func TestTheReadmesAreTwins(t *testing.T) {
	shape := func(page string) (got []int) {
		text := string(read(t, page))
		for _, what := range []string{`(?m)^## `, `(?m)^\| .*(devices|credentials)\.csv:\d+`, `(?m)^\* `, `(?m)^pamsync `, `\bsrv-[\w-]+`, `(saída|exit) \d+`} {
			got = append(got, len(regexp.MustCompile(what).FindAllString(text, -1)))
		}
		return got
	}
	en, pt := shape("README.md"), shape("LEIAME.md")
	if !reflect.DeepEqual(en, pt) {
		t.Errorf("%v in English, %v in Portuguese", en, pt)
	}
}

func rows(t *testing.T, name string) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(read(t, name)))
	r.Comma = ';'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestMistakesStandWhereTheReadmeSays: line numbers are physical, and no cell has a line break.
func TestMistakesStandWhereTheReadmeSays(t *testing.T) {
	devices, credentials := rows(t, "inventory/devices.csv"), rows(t, "inventory/credentials.csv")
	for _, c := range []struct {
		name string
		row  []string
		cell int
		want string
	}{
		{"no address", devices[43-1], 1, "10.10.1.300"},
		{"no site", devices[44-1], 2, ""},
		{"twice, equal", devices[45-1], 0, "app-nfe-01"},
		{"twice, the first", devices[9-1], 0, "srv-impressao-01"},
		{"twice, the second", devices[46-1], 0, "srv-impressao-01"},
		{"renamed", devices[42-1], 0, "srv-intranet-02"},
		{"unknown device", credentials[158-1], 0, "srv-relogio-99"},
		{"no username", credentials[159-1], 2, ""},
		{"blanks in an identifier", credentials[160-1], 4, "srv-rh-01 svc agente"},
		{"another address", credentials[161-1], 1, "10.20.0.99"},
	} {
		if c.row[c.cell] != c.want {
			t.Errorf("%s: %q", c.name, c.row)
		}
	}
}

func TestOneDeviceIsInBothInventories(t *testing.T) {
	var cmdb struct {
		Result []struct{ Name string }
	}
	if err := json.Unmarshal(read(t, "inventory/cmdb.json"), &cmdb); err != nil {
		t.Fatal(err)
	}
	seen, twice := map[string]bool{}, ""
	for _, row := range rows(t, "inventory/devices.csv")[1:] {
		if row[0] == "" {
			t.Errorf("a row without a hostname would forbid all inactivations: %q", row)
		}
		seen[row[0]] = true
	}
	for _, record := range cmdb.Result {
		if seen[record.Name] {
			twice += record.Name
		}
		seen[record.Name] = true
	}
	if len(seen) < 60 || twice != "app-nfe-01" {
		t.Errorf("%d devices, in both: %s", len(seen), twice)
	}
}

// TestNothingIsReal: addresses are private, and every password says what it is.
func TestNothingIsReal(t *testing.T) {
	for i, row := range rows(t, "inventory/credentials.csv")[1:] {
		if want := "Exemplo-" + strconv.Itoa(i+1) + "-nao-use"; row[len(row)-1] != want {
			t.Errorf("password of row %d: %q, want %q", i+2, row[len(row)-1], want)
		}
	}
	for _, name := range []string{"inventory/devices.csv", "inventory/credentials.csv", "inventory/cmdb.json", "vault.json"} {
		for _, address := range regexp.MustCompile(`\b\d+\.\d+\.\d+\.\d+\b`).FindAllString(string(read(t, name)), -1) {
			if !strings.HasPrefix(address, "10.") && !strings.HasPrefix(address, "192.168.") {
				t.Errorf("%s: %s", name, address)
			}
		}
	}
	for _, m := range regexp.MustCompile(`"password": "([^"]*)"`).FindAllStringSubmatch(string(read(t, "vault.json")), -1) {
		if !regexp.MustCompile(`^Exemplo-[vk]\d+-nao-use$`).MatchString(m[1]) {
			t.Errorf("vault.json: %q", m[1])
		}
	}
}
