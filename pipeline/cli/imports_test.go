package cli_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportGraph holds the house: who may import whom (design 2). A new edge is a line here.
func TestImportGraph(t *testing.T) {
	allowed := map[string][]string{
		"pamsync":                              {"pipeline/cli"},
		"pamsync/pipeline":                     {"schemas", "schemas/filter", "schemas/scan", "schemas/words"},
		"pamsync/pipeline/approval":            {},
		"pamsync/pipeline/cli":                 {"pipeline/jobs", "pipeline/vault", "pipeline/vault/vaultsim", "samples", "schemas", "schemas/words", "sinks"},
		"pamsync/pipeline/cli/clitest":         {"pipeline/approval", "pipeline/vault/vaultsim", "schemas"},
		"pamsync/pipeline/evidence":            {"schemas"},
		"pamsync/pipeline/jobs":                {"pipeline", "pipeline/approval", "pipeline/evidence", "pipeline/vault", "pipeline/vault/secrets", "pipeline/vault/vaultsim", "schemas", "schemas/filter", "schemas/words", "sinks", "sinks/book", "sinks/page", "sinks/sealed", "sources", "sources/expr"},
		"pamsync/pipeline/vault":               {"pipeline/vault/internal/lend", "schemas", "schemas/ahead", "schemas/scan"},
		"pamsync/pipeline/vault/internal/lend": {},
		"pamsync/pipeline/vault/secrets":       {"pipeline/vault", "pipeline/vault/internal/lend", "schemas", "schemas/scan"},
		"pamsync/pipeline/vault/vaultsim":      {},
		"pamsync/samples":                      {},
		"pamsync/schemas":                      {},
		"pamsync/schemas/ahead":                {},
		"pamsync/schemas/filter":               {},
		"pamsync/schemas/scan":                 {},
		"pamsync/schemas/sealed":               {"schemas"},
		"pamsync/schemas/words":                {},
		"pamsync/sinks":                        {"schemas", "schemas/words"},
		"pamsync/sinks/book":                   {"schemas", "schemas/words", "sinks"},
		"pamsync/sinks/page":                   {"schemas", "schemas/words", "sinks"},
		"pamsync/sinks/sealed":                 {"schemas", "schemas/sealed"},
		"pamsync/sources":                      {"schemas", "schemas/ahead", "schemas/filter", "schemas/scan", "schemas/sealed", "sources/expr", "sources/profile", "sources/sheet"},
		"pamsync/sources/expr":                 {},
		"pamsync/sources/profile":              {"schemas", "sources/expr"},
		"pamsync/sources/sheet":                {},
	}
	stdOnly := []string{"pamsync/schemas", "pamsync/schemas/ahead", "pamsync/schemas/filter", "pamsync/schemas/scan", "pamsync/schemas/sealed", "pamsync/schemas/words", "pamsync/pipeline/vault/vaultsim", "pamsync/samples", "pamsync/sources/expr", "pamsync/sources/profile", "pamsync/sources/sheet"}
	// Third-party packages are named where they may be, so that the room for a change is known.
	outside := map[string][]string{
		"golang.org/x/sync/errgroup": {"pamsync/pipeline"}, "golang.org/x/time/rate": {"pamsync/pipeline/vault"},
		"golang.org/x/oauth2": {"pamsync/pipeline/vault"}, "golang.org/x/oauth2/clientcredentials": {"pamsync/pipeline/vault"},
		"github.com/schollz/progressbar/v3": {"pamsync/sinks"}, "github.com/gofrs/flock": {"pamsync/sinks"},
		"github.com/spf13/cobra": {"pamsync/pipeline/cli"}, "go.yaml.in/yaml/v3": {"pamsync/pipeline/jobs"},
		"github.com/gocarina/gocsv": {"pamsync/sinks", "pamsync/pipeline/jobs"}, "github.com/xuri/excelize/v2": {"pamsync/pipeline/cli/clitest", "pamsync/sinks/book", "pamsync/sources"},
		"github.com/spf13/cobra/doc": {"pamsync/pipeline/cli"},
		"filippo.io/age":             {"pamsync/pipeline/cli/clitest", "pamsync/sinks/sealed", "pamsync/sources"}, "filippo.io/age/agessh": {"pamsync/pipeline/cli/clitest", "pamsync/sinks/sealed", "pamsync/sources"}, "filippo.io/age/armor": {"pamsync/sources"},
		"golang.org/x/crypto/ssh": {"pamsync/pipeline/cli/clitest", "pamsync/pipeline/approval", "pamsync/sources"}, "golang.org/x/crypto/ssh/agent": {"pamsync/pipeline/cli/clitest", "pamsync/pipeline/approval"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "pamsync/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := fields[0]
		may, known := allowed[pkg]
		if !known {
			t.Errorf("%s is a room that the house does not have", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			inner, ours := strings.CutPrefix(imported, "pamsync/")
			switch {
			case ours && !slices.Contains(may, inner):
				t.Errorf("%s must not import %s", pkg, imported)
			case !ours && strings.Contains(imported, ".") && slices.Contains(stdOnly, pkg):
				t.Errorf("%s may import the standard library alone, not %s", pkg, imported)
			case !ours && outside[imported] != nil && !slices.Contains(outside[imported], pkg):
				t.Errorf("%s is not where %s belongs", pkg, imported)
			}
		}
	}
}
