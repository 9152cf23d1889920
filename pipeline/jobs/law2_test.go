package jobs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLaw2WhoCanReadSecrets: the calls that return a secret or take custody are in reach of the jobs that
// say so in their names, and of nobody else. A new one is a line here.
func TestLaw2WhoCanReadSecrets(t *testing.T) {
	allowed := []string{"bulkopen.go", "secretsexport.go"}
	for _, pattern := range []string{"*.go", "../*.go", "../cli/*.go", "../evidence/*.go", "../approval/*.go", "../vault/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no files", pattern, err)
		}
		for _, path := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			reaches := slices.ContainsFunc(parsed.Imports, func(i *ast.ImportSpec) bool {
				return strings.Trim(i.Path.Value, `"`) == "pamsync/pipeline/vault/secrets"
			})
			if reaches && !slices.Contains(allowed, path) {
				t.Errorf("%s can read secrets", path)
			}
		}
	}
}
