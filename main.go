// Command pamsync plans, applies and proves bulk changes to a senhasegura / Segura PAM vault.
package main

import (
	"context"
	"io"
	"log"
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
	log.SetOutput(io.Discard) // net/http would write there what a server says unasked, as it is
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
