// Command pamsync plans, applies and proves bulk changes to a senhasegura / Segura PAM vault.
package main

import (
	"context"
	"os"

	"pamsync/pipeline/cli"
)

func main() {
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
