package jobs

import (
	"os/user"
	"strings"

	"pamsync/schemas/words"
)

// operator is the person at work, on one line: as configured, else the system's user without
// domain or host; "" where nobody knows. It is what people say of themselves: it keeps honest
// ones from approving their own plan by mistake, and the signers' keys are what holds.
func (e *Env) operator() string {
	name := e.Config.Operator
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username[strings.LastIndexByte(u.Username, '\\')+1:]
		}
	}
	return words.Plain(strings.Join(strings.Fields(name), " "))
}
