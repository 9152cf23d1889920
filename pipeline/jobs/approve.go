package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// ApproveOptions are those of `approve`.
type ApproveOptions struct {
	Key     string        // file of a private key, or of the public half of one in the agent; "-" for stdin, "" for the agent
	As      string        // the person who approves; "" where the file of signers tells it
	Note    string        // what the person says of it
	Expires time.Duration // how long it holds; 0 for a day, or less where the configuration allows less
	Agent   string        // where the ssh-agent listens
	// Passphrase is asked where the key has one.
	Passphrase func(ctx context.Context) (schemas.Secret, error)
}

// approvalHolds is how long an approval holds where nothing is said.
const approvalHolds = 24 * time.Hour

// Approve signs a plan as a second person, and writes the approval beside it. The vault is not
// asked.
func Approve(ctx context.Context, e *Env, path string, o ApproveOptions) (Outcome, error) {
	holds, err := e.approvalTime(o)
	if err != nil {
		return Outcome{}, err
	}
	if err := e.canApprove(); err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(path)
	if err != nil {
		return Outcome{}, err
	}
	if err := e.applicable(plan); err != nil {
		return Outcome{}, err
	}
	if plan.Start.By == "" {
		return Outcome{}, schemas.NewFault(schemas.ClassInput, "approval_no_maker").At(schemas.Place{Source: path})
	}
	signers, err := e.signers()
	if err != nil {
		return Outcome{}, err
	}
	key, done, err := e.approvalKey(ctx, signers, o)
	if err != nil {
		return Outcome{}, err
	}
	defer done()
	now := e.Now().UTC().Truncate(time.Second)
	statement := approval.Statement{Subject: subjectOf(plan), Key: key.Fingerprint(), Approved: now, Expires: now.Add(holds), Note: o.Note}
	if statement.Principal, err = e.principal(signers, statement.Key, o.As); err != nil {
		return Outcome{}, err
	}
	rules := approval.Rules{Subject: statement.Subject, Signers: signers, MaxAge: e.Config.Approval.MaxAge, At: now}
	if err := rules.Judge(statement); err != nil {
		return Outcome{}, e.approvalFault(err, path)
	}
	if err := e.confirmApproval(ctx, plan, path, statement); err != nil {
		return Outcome{}, err
	}
	if err := e.sign(statement, key, path, rules); err != nil {
		return Outcome{}, err
	}
	e.Note("approval_written", "path", approvalOf(path), "signature", signatureOf(path))
	total := schemas.Total{Run: plan.Start.Run, Rows: plan.Summary.Rows}
	return Outcome{Run: plan.Start.Run, Total: &total, Verdict: "verdict_approved"}, nil
}

// approvalTime is how long an approval is to hold; longer than the configuration allows it could
// never count.
func (e *Env) approvalTime(o ApproveOptions) (time.Duration, error) {
	if !approval.ValidNote(o.Note) {
		return 0, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--note", "value", o.Note, "want", "want_note")
	}
	most := e.Config.Approval.MaxAge
	switch {
	case o.Expires == 0 && most > 0:
		return min(approvalHolds, most), nil
	case o.Expires == 0:
		return approvalHolds, nil
	case most > 0 && o.Expires > most:
		return 0, schemas.NewFault(schemas.ClassUsage, "expires_beyond", "value", schemas.ShortDuration(o.Expires), "max", schemas.ShortDuration(most))
	}
	return o.Expires, nil
}

// canApprove is canAsk in the words of an approval.
func (e *Env) canApprove() error {
	err := e.canAsk()
	var fault *schemas.Fault
	if errors.As(err, &fault) {
		fault.Problem.Args = schemas.Pairs("why", "approve")
	}
	return err
}

// principal is the person who approves: as asked, else the one whom the file of signers gives for
// the key, else the person at work.
func (e *Env) principal(signers *approval.Signers, key, asked string) (string, error) {
	name := asked
	if name == "" && signers != nil {
		people := signers.People(key)
		for _, person := range people {
			if len(people) == 1 || approval.SamePerson(person, e.operator()) {
				return person, nil
			}
		}
		if len(people) > 1 {
			return "", schemas.NewFault(schemas.ClassUsage, "approve_as", "names", strings.Join(people, ", "))
		}
	}
	if name == "" {
		name = e.operator()
	}
	if !approval.ValidPrincipal(name) {
		return "", schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--as", "value", name, "want", "want_principal")
	}
	return name, nil
}

// confirmApproval shows what is to be approved, and asks.
func (e *Env) confirmApproval(ctx context.Context, plan *schemas.Plan, path string, s approval.Statement) error {
	e.Screen().Headline(plan, path)
	out := e.Screen().Out
	for _, line := range []string{
		words.Text(e.Lang, "approve_made", "by", s.By, "made", s.Made, "vault", s.Vault),
		words.Text(e.Lang, "approve_as_line", "principal", s.Principal, "key", s.Key, "expires", s.Expires.Format(time.RFC3339), "note", s.Note),
	} {
		if _, err := io.WriteString(out, line+"\n"); err != nil {
			return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", "stdout").Because(err)
		}
	}
	if e.Yes {
		return nil
	}
	if s.Inactivate == 0 {
		return e.ask(ctx, words.Text(e.Lang, "approve_yes"), "yes", "sim")
	}
	return e.ask(ctx, words.Text(e.Lang, "approve_host", "host", hostOf(s.Vault)), hostOf(s.Vault))
}

// sign signs the statement, holds it against the rules as apply will, and writes both files. A
// signature without its statement, as a crash may leave it, fits no other.
func (e *Env) sign(s approval.Statement, key *approval.Key, path string, rules approval.Rules) error {
	text, err := s.Text()
	if err != nil {
		return e.approvalFault(err, path)
	}
	signature, err := key.Sign(text)
	if err != nil {
		return e.approvalFault(err, path)
	}
	if _, err := approval.Check(text, signature, rules); err != nil {
		return e.approvalFault(err, path)
	}
	for _, file := range []struct {
		path string
		data []byte
	}{{signatureOf(path), signature}, {approvalOf(path), text}} {
		err := sinks.WriteFile(file.path, func(w io.Writer) error {
			_, err := w.Write(file.data)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keyFault is a refusal of a key as a fault: of the command line, for it names the key.
func keyFault(err error, path string) error {
	var refusal *approval.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return schemas.NewFault(schemas.ClassUsage, refusal.Code, refusal.Args...).At(schemas.Place{Source: path})
}

// keyData reads the file of --key, "-" for stdin. One that others could have written is refused.
func (e *Env) keyData(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(e.Stdin, maxApproval))
	}
	data, err := readSmall(path, maxApproval)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassUsage, "key_not_read", "path", path).Because(rootCause(err))
	}
	return data, nil
}

// judgeKeyFile looks at the mode of a private key as at that of a file with a secret.
func (e *Env) judgeKeyFile(path string) error {
	info, err := os.Stat(path)
	if err != nil || path == "-" {
		return nil
	}
	return judgeMode(info, path, e.Warn)
}
