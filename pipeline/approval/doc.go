// Package approval is the second pair of eyes: the statement that a person signs about a plan,
// its signature in the form of OpenSSH (SSHSIG), the file of who may sign, and the rules by which
// an approval counts. It reads no file, asks nobody and knows neither plans nor jobs: a plan is
// here what a Subject says of it.
//
//	plan.jsonl.approval      the statement: lines of "key: value"
//	plan.jsonl.approval.sig  its signature
//
//	ssh-keygen -Y verify -f approvers -I bob@example.com -n pamsync-plan \
//	    -s plan.jsonl.approval.sig < plan.jsonl.approval
package approval

import "strconv"

// Error says why an approval, a key or a file of signers is refused. Args are names and values
// in turn; Line is that of the file of signers, 0 where the fault is not there.
type Error struct {
	Code string
	Args []string
	Line int
}

// Error is for developers: the code and its arguments.
func (e *Error) Error() string {
	text := e.Code
	for i := 0; i+1 < len(e.Args); i += 2 {
		text += " " + e.Args[i] + "=" + strconv.Quote(e.Args[i+1])
	}
	if e.Line > 0 {
		text += " at line " + strconv.Itoa(e.Line)
	}
	return text
}

func refuse(code string, args ...string) *Error { return &Error{Code: code, Args: args} }
