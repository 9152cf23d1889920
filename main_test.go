package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pamsync/pipeline/cli/clitest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pamsync": main})
}

// TestE2E runs testdata/e2e: each script is a session at a terminal, against the simulator. What a script can say
// stands at clitest.
func TestE2E(t *testing.T) {
	files, err := filepath.Glob("testdata/e2e/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	if testing.Short() { // all of them run without -race; what shares memory has its own tests
		some := files[:0]
		for i := 0; i < len(files); i += 8 {
			some = append(some, files[i])
		}
		files = some
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			clitest.Setup(env, root)
			return nil
		},
		Cmds: clitest.Commands(),
	})
}
