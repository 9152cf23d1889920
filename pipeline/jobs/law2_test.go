package jobs_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLaw2WhoReadsSecrets: the calls that return a secret or take custody are in reach of these files alone,
// each of a command that says so in its name.
func TestLaw2WhoReadsSecrets(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(load(t, file), `"pamsync/pipeline/vault/secrets"`) {
			found = append(found, file)
		}
	}
	if wanted := []string{"secretsexport.go"}; !slices.Equal(found, wanted) {
		t.Errorf("%v read secrets, wanted %v", found, wanted)
	}
}
