// Package cli is the command line: commands, flags, messages and exit codes.
package cli

import (
	"context"
	"fmt"
	"io"
)

// Run executes one command line and returns its exit code.
func Run(_ context.Context, _ []string, _ func(string) string, _ io.Reader, stdout, _ io.Writer) int {
	fmt.Fprintln(stdout, "pamsync")
	return 0
}
