// Command pamsync plans, applies and proves bulk changes to a senhasegura / Segura PAM vault.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"pamsync/pipeline/cli"
)

// collectAt is how far memory may grow, in percent, before what is not needed is collected. Lists
// and rows are kept packed, so that collecting costs little; a machine that runs this at night
// beside other jobs has no memory to give away.
const collectAt = 25

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
