package jobs

import (
	"regexp"
	"strings"
)

// plainArg needs no quotes in a shell.
var plainArg = regexp.MustCompile(`^[0-9A-Za-z_./:=,@%+-]+$`)

// commandLine is what was typed, as a shell takes it again.
func commandLine(args []string) string {
	if len(args) == 0 {
		return ""
	}
	line := []string{"pamsync"}
	for _, arg := range args {
		if !plainArg.MatchString(arg) {
			arg = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
		line = append(line, arg)
	}
	return strings.Join(line, " ")
}
