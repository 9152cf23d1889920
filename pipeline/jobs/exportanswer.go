package jobs

import (
	"path/filepath"

	"pamsync/schemas"
	"pamsync/sinks"
)

// answerPart is how long the parts of an answer are that is kept: a change in it is told by the part.
const answerPart = 1 << 20

// inParts writes an answer as it came, in parts.
type inParts struct {
	to   *sinks.Parts
	left int // of the part under way
}

func (a *inParts) Write(b []byte) (written int, err error) {
	for len(b) > 0 && err == nil {
		if a.left == 0 {
			sinks.BeginPart(a.to, schemas.CertifiedPart{Name: "answer"})
			a.left = answerPart
		}
		n := 0
		n, err = a.to.Write(b[:min(len(b), a.left)])
		b, a.left, written = b[n:], a.left-n, written+n
	}
	return written, err
}

// checkAnswer checks the vault's answer that was kept: by its sum, and where that differs by its parts.
func (v *verification) checkAnswer(c *certified, f schemas.CertifiedFile) {
	path, before := filepath.Join(c.folder, f.Name), len(v.problems)
	sum, err := sinks.HashFile(path)
	switch {
	case err != nil:
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return
	case sum == f.SHA256:
		v.good("verify_sum", "name", f.Name)
		return
	}
	if v.changedParts(path, f, before); len(v.problems) == before {
		v.bad("export_file_changed", path, 0, "sums", filepath.Base(c.path))
	}
}
