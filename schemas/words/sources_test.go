package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The ways in which the sources name a problem code or a text. They find what is written in
// one piece; a code that is put together ("limit_" and a name) is listed below.
var (
	codePatterns = []*regexp.Regexp{
		regexp.MustCompile(`[fF]ault\(\s*(?:schemas\.)?Class\w+,\s*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\bCode:\s*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\b(?:hold|leave|warn|stop|holdAccount)\((?:[^"()\n]*,\s*)?"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\b[cC]ode\b[\w, .]*:?=[^"\n=(]*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\borText\([^"()\n]*,\s*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`return "([a-z]+_[a-z_]+)", \[\]string`),
		regexp.MustCompile(`\bl\.fail\([^"()\n]*,\s*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\bbad\(schemas\.Field\w+,\s*"([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\brefuse\("([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\bpasswordFile\(path, "([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\badd\(f,\s*"([a-z][a-z0-9_]*)"`),
	}
	textPatterns = []*regexp.Regexp{
		regexp.MustCompile(`words\.Text\([^"()\n]*,\s*"([a-z][a-z0-9_]*)"[,)]`),
		regexp.MustCompile(`\bsay\("([a-z][A-Za-z0-9_-]*[a-z0-9])"[,)]`),
		regexp.MustCompile(`\.Note\("([a-z][a-z0-9_]*)"`),
		regexp.MustCompile(`\b[vV]erdict\b\s*:?=?\s*"(verdict_[a-z0-9_]*[a-z0-9])"`),
	}
)

// sourceFiles are the texts of the Go sources that may name a code, by their paths.
func sourceFiles(t *testing.T) map[string]string {
	t.Helper()
	const root = "../.."
	files := map[string]string{}
	for _, folder := range []string{"pipeline", "sources", "sinks"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "vaultsim":
				return fs.SkipDir // it plays the vault, and has the vault's words
			case entry.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
				return nil
			}
			data, err := os.ReadFile(path)
			files[path] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestEveryCodeHasWords(t *testing.T) {
	found := map[string]bool{}
	for path, text := range sourceFiles(t) {
		for _, pattern := range codePatterns {
			for _, m := range pattern.FindAllStringSubmatch(text, -1) {
				code := m[1]
				if found[code] = true; !Known(code) && code != "limit_" && code != "share_" && code != "untidy_" {
					t.Errorf("%s: no words for %s", path, code)
				}
			}
		}
	}
	if len(found) < 100 {
		t.Errorf("only %d codes were found: the patterns no longer fit the sources", len(found))
	}
	for _, limit := range []string{"inactivate", "cascade", "update", "create", "reactivate"} {
		if !Known("limit_" + limit) {
			t.Errorf("no words for limit_%s", limit)
		}
	}
	for _, code := range []string{"no_hostname", "bad_ip", "looks_renamed", "ip_mismatch", "create_needs", "not_kept", "not_visible", "not_reached", "vault_refused"} {
		if !Known(code) {
			t.Errorf("no words for %s", code)
		}
	}
}

func TestEveryTextIsThere(t *testing.T) {
	found := map[string]bool{}
	for path, source := range sourceFiles(t) {
		for _, pattern := range textPatterns {
			for _, m := range pattern.FindAllStringSubmatch(source, -1) {
				found[m[1]] = true
				if _, ok := texts[m[1]]; !ok {
					t.Errorf("%s: no text %s", path, m[1])
				}
			}
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d texts were found: the patterns no longer fit the sources", len(found))
	}
	for _, code := range strings.Fields("0 1 2 10 11 12 13 14 64 65 69 70 74 75 77 78 130 143") {
		if _, ok := texts["verdict_"+code]; !ok {
			t.Errorf("no words for exit %s", code)
		}
	}
}

// TestEveryCauseOfOursIsKnown: a sentence that a room without words gives as a cause is said in
// Portuguese.
func TestEveryCauseOfOursIsKnown(t *testing.T) {
	const root = "../.."
	sentence := regexp.MustCompile(`errors\.New\("([^"]+)"\)|return "([a-z'][^"]{12,})"\n|"cause", "([^"]+)"\)`)
	skipped := []string{
		"a secret is never stored",                    // no person sees it
		"the source claims more bytes",                // a bug of a reader
		"changes that wait for one another",           // a bug of ours
		"no such verb: ", "an id that is no number: ", // bugs of ours
		"over the limit", "what ", "missing: ", "no password in ", // put together: TestTerms
	}
	found := 0
	for _, name := range []string{"schemas/record.go", "schemas/secret.go", "schemas/scan/errors.go", "schemas/scan/window.go", "pipeline/jobs/secret.go", "pipeline/jobs/state.go",
		"pipeline/jobs/resume.go", "pipeline/jobs/approved.go", "pipeline/jobs/secrets.go", "pipeline/jobs/decisions.go", "pipeline/jobs/apply.go", "pipeline/missing.go", "pipeline/vault/list.go", "pipeline/vault/request.go", "pipeline/vault/tls.go"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
	next:
		for _, m := range sentence.FindAllStringSubmatch(string(data), -1) {
			text := strings.ReplaceAll(m[1]+m[2]+m[3], `\\`, `\`)
			for _, one := range skipped {
				if strings.HasPrefix(text, one) {
					continue next
				}
			}
			if found++; causeInPortuguese(text) == text && text != "true or false" {
				t.Errorf("%s: %q is not known in Portuguese", name, text)
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d causes were found: the pattern no longer fits the sources", found)
	}
}

// TestEveryPageTextIsUsed: the page's scripts and its template name their texts whole, so that
// a text nobody asks for, or one that is not there, is seen here.
func TestEveryPageTextIsUsed(t *testing.T) {
	const folder = "../../sinks/page"
	used := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, key := range regexp.MustCompile(`"page_[a-z0-9_]*[a-z0-9]"`).FindAllString(string(data), -1) {
			used[strings.Trim(key, `"`)] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	all := merged(pageTexts, evidencePageTexts)
	for key := range used {
		if _, ok := all[key]; !ok {
			t.Errorf("the page asks for %s, which is no text", key)
		}
	}
	for key := range all {
		if !used[key] {
			t.Errorf("nobody says %s", key)
		}
	}
}

// TestEveryLimitOfAWorkbookHasAName: what is too large is said in both languages.
func TestEveryLimitOfAWorkbookHasAName(t *testing.T) {
	found := 0
	for path, text := range sourceFiles(t) {
		if !strings.Contains(path, "sources/sheet") {
			continue
		}
		for _, m := range regexp.MustCompile(`CodeLimit, (?:Args: \[\]string\{)?"what", "([a-z_]+)"|Args: \[\]string\{"what", "([a-z_]+)"`).FindAllStringSubmatch(text, -1) {
			if found++; terms[m[1]+m[2]].pt == "" {
				t.Errorf("%s: no name for %q", path, m[1]+m[2])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d limits were found: the pattern no longer fits the sources", found)
	}
}
