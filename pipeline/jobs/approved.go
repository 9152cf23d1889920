package jobs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
	"pamsync/sinks"
)

// approvalOf and signatureOf are the files beside a plan that a second person signed.
func approvalOf(plan string) string  { return plan + ".approval" }
func signatureOf(plan string) string { return approvalOf(plan) + ".sig" }

// approvalFiles are an approval as it lay beside its plan: what was checked is what is kept.
type approvalFiles struct{ text, signature []byte }

// The most that is read of an approval, and of a file of signers.
const (
	maxApproval = 64 << 10
	maxSigners  = 4 << 20
)

// approved holds the approval beside a plan against the rules, as of a time and for the person
// who applies it. Without an approval it is the fault approval_missing; nothing is asked of the
// vault.
func (e *Env) approved(plan *schemas.Plan, path string, at time.Time, applier string) (*approvalFiles, approval.Statement, error) {
	var none approval.Statement
	signers, err := e.signers()
	if err != nil {
		return nil, none, err
	}
	if signers == nil && needsApproval(plan) {
		return nil, none, schemas.NewFault(schemas.ClassConfig, "approval_no_signers")
	}
	var files approvalFiles
	for _, one := range []struct {
		path string
		data *[]byte
	}{{approvalOf(path), &files.text}, {signatureOf(path), &files.signature}} {
		if *one.data, err = readSmall(one.path, maxApproval); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, none, schemas.NewFault(schemas.ClassInput, "approval_missing", "path", one.path, "plan", path)
			}
			return nil, none, schemas.NewFault(schemas.ClassInput, "approval_not_read", "path", one.path).Because(rootCause(err))
		}
	}
	rules := approval.Rules{Subject: subjectOf(plan), Signers: signers, MaxAge: e.Config.Approval.MaxAge, At: at, Applier: applier}
	statement, err := approval.Check(files.text, files.signature, rules)
	if err != nil {
		return nil, statement, e.approvalFault(err, approvalOf(path))
	}
	return &files, statement, nil
}

// needsApproval says whether a plan was made where approvals are asked for; a configuration that
// asks for none does not undo that.
func needsApproval(plan *schemas.Plan) bool {
	return plan.Start.Policy != nil && plan.Start.Policy.Approval
}

// subjectOf is a plan as an approval names it.
func subjectOf(plan *schemas.Plan) approval.Subject {
	sum := sumOf(plan)
	return approval.Subject{Plan: plan.Digest, Vault: plan.Start.Vault, Run: plan.Start.Run, Made: plan.Start.Made, By: plan.Start.By,
		Counts: approval.Counts{Create: sum.Create, Update: sum.Update, Reactivate: sum.Reactivate, Inactivate: sum.Inactivate,
			Dragged: sum.Dragged, Held: len(plan.Holds), Rejected: len(plan.Rejects)}}
}

// approvalFault is a refusal as a fault: of the configuration where it stands in the file of
// signers, else of the input.
func (e *Env) approvalFault(err error, path string) error {
	var refusal *approval.Error
	if !errors.As(err, &refusal) {
		return err
	}
	fault := schemas.NewFault(schemas.ClassInput, refusal.Code, refusal.Args...)
	return fault.At(schemas.Place{Source: path})
}

// signers reads the file of who may approve; nil where none is configured.
func (e *Env) signers() (*approval.Signers, error) {
	path := e.Config.Approval.Signers
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return nil, schemas.NewFault(schemas.ClassConfig, "signers_writable", "path", path)
	}
	data, err := readSmall(path, maxSigners)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassConfig, "signers_unreadable", "path", path).Because(rootCause(err))
	}
	signers, err := approval.ReadSigners(data)
	var refusal *approval.Error
	if errors.As(err, &refusal) {
		return nil, schemas.NewFault(schemas.ClassConfig, refusal.Code, refusal.Args...).At(schemas.Place{Source: path, Row: refusal.Line})
	}
	return signers, err
}

// readSmall reads a file that has no reason to be large.
func readSmall(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		err = errors.New("it is too large")
	}
	return data, err
}

// checkApproval refuses a run whose plan needs an approval and has none that counts; where it is
// not needed, it says what lies beside the plan. A dry run refuses nothing.
func (a *application) checkApproval(path string, dryRun bool) error {
	files, statement, err := a.e.approved(a.plan, path, a.e.Now(), a.e.operator())
	a.approval = files
	needed := a.e.Config.Approval.Required() || needsApproval(a.plan)
	var fault *schemas.Fault
	switch {
	case err == nil && a.e.Config.Approval.Required():
		a.e.Note("approved_by", "principal", statement.Principal, "key", statement.Key, "expires", statement.Expires.UTC().Format(time.RFC3339))
	case err == nil:
		a.e.Note("approved_unlisted", "principal", statement.Principal, "key", statement.Key, "expires", statement.Expires.UTC().Format(time.RFC3339))
	case needed && !dryRun:
		return err
	case errors.As(err, &fault) && (needed || fault.Problem.Code != "approval_missing" || exists(approvalOf(path))):
		a.e.Warn(fault.Problem)
	}
	return nil
}

// checkResumed holds the approval that the run kept against the rules as they were when it
// started: what has expired since then, or who goes on with it, does not matter.
func (a *application) checkResumed() error {
	if !a.e.Config.Approval.Required() && !needsApproval(a.plan) {
		return nil
	}
	started, err := time.Parse(time.RFC3339, a.past.Start.Made)
	if err != nil {
		started = a.e.Now()
	}
	_, _, err = a.e.approved(a.plan, a.planPath(), started, a.past.Start.By)
	var fault *schemas.Fault
	if errors.As(err, &fault) && fault.Problem.Code == "approval_missing" {
		fault.Problem.Args["why"] = "resume"
	}
	return err
}

func (a *application) planPath() string { return filepath.Join(a.folder, "plan.jsonl") }

// keepApproval puts the approval into the run's folder, beside its plan: it is evidence, and what
// a resume is held against.
func (a *application) keepApproval() error {
	if a.approval == nil {
		return nil
	}
	for path, data := range map[string][]byte{approvalOf(a.planPath()): a.approval.text, signatureOf(a.planPath()): a.approval.signature} {
		err := sinks.WriteFile(path, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
