package sinks

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"pamsync/schemas"
)

// Audit appends to the record of what was read: each line holds the SHA-256 of the line before it, so that
// none can be changed or taken away from between unseen. It may be used by several goroutines.
type Audit struct {
	mu   sync.Mutex
	file *os.File
	path string
	last string // the hash of the last line, in hex
	n    int
	err  error
	done map[auditKey]bool
}

type auditKey struct {
	verb    schemas.Verb
	id, key string
}

// auditLine is a line of the file.
type auditLine struct {
	N int `json:"n"`
	schemas.Audit
	Before string `json:"before"` // SHA-256 of the line before, its line feed left out; of the first, of the plan
}

// OpenAudit opens the record of a run, new or to go on with; plan is the digest of what it reads by. A last
// line that was cut off is taken away; one that does not fit the line before it is an error.
func OpenAudit(path, plan string) (*Audit, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, outputFault(path, err)
	}
	a := &Audit{file: file, path: path, last: strings.TrimPrefix(plan, "sha256:"), done: map[auditKey]bool{}}
	whole, err := a.read(bufio.NewReader(file))
	if err == nil {
		if err = file.Truncate(whole); err == nil {
			_, err = file.Seek(whole, io.SeekStart)
		}
		if err == nil {
			err = syncFolder(filepath.Dir(path))
		}
		if err != nil {
			err = outputFault(path, err)
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return a, nil
}

func (a *Audit) read(in *bufio.Reader) (int64, error) {
	whole := int64(0)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return whole, nil
		}
		if err != nil {
			return 0, outputFault(a.path, err)
		}
		var l auditLine
		if json.Unmarshal(line, &l) != nil || l.N != a.n+1 || l.Before != a.last {
			return 0, schemas.NewFault(schemas.ClassInput, "audit_broken").At(schemas.Place{Source: a.path, Row: a.n + 1})
		}
		a.took(line, &l.Audit)
		whole += int64(len(line))
	}
}

func (a *Audit) took(line []byte, one *schemas.Audit) {
	if one.Verb == schemas.VerbRead { // whatever became of it, it may have taken the custody that was given back
		delete(a.done, auditKey{schemas.VerbRelease, one.VaultID, one.Key})
	}
	if one.Outcome == schemas.StatusDone {
		a.done[auditKey{one.Verb, one.VaultID, one.Key}] = true
	}
	sum := sha256.Sum256(bytes.TrimSuffix(line, []byte("\n")))
	a.last, a.n = hex.EncodeToString(sum[:]), a.n+1
}

// Append writes a line and returns when it is on disk.
func (a *Audit) Append(one schemas.Audit) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return a.err
	}
	line, err := json.Marshal(auditLine{a.n + 1, one, a.last})
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	line = append(line, '\n')
	if _, err = a.file.Write(line); err == nil {
		err = a.file.Sync()
	}
	if err != nil {
		a.err = outputFault(a.path, err)
		return a.err
	}
	a.took(line, &one)
	return nil
}

// Done says whether it is on record that something was done with the record of a change.
func (a *Audit) Done(verb schemas.Verb, c *schemas.Change) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.done[auditKey{verb, c.VaultID, c.Key}]
}

// Close ends the record.
func (a *Audit) Close() error { return a.file.Close() }
