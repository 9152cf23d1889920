// Package sealed writes exports of secrets: only ever as an age stream that its recipients alone can open,
// and in pieces, so that a run that was killed has lost nothing of what it read. Whoever calls it opens no
// file of his own for a secret.
//
//	to, err := sealed.ParseRecipients([]string{"age1…"})
//	w, err := to.Writer(file, start)
//	w.Record(r)
//	w.Close(1, schemas.ChosenAll)
package sealed

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"

	"pamsync/schemas"
)

// Recipients are those who can open what is written.
type Recipients struct {
	// Texts are their public keys, one each, as they were given, without comments.
	Texts []string
	keys  []age.Recipient
}

// ParseRecipients reads public keys, age1… or those of OpenSSH, and files with one on each line.
// Its errors are faults of class usage; a private key among them is said, and not shown.
func ParseRecipients(given []string) (*Recipients, error) {
	r := &Recipients{}
	for _, text := range given {
		text = strings.TrimSpace(text)
		var err error
		switch {
		case text == "":
			err = bad("", "empty")
		case looksLikeKey(text):
			err = r.add(text)
		default:
			err = r.addFile(text)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.keys) == 0 {
		return nil, schemas.NewFault(schemas.ClassUsage, "recipient_none")
	}
	// Keys of some kinds cannot be mixed: better known before anything is read.
	if w, err := age.Encrypt(io.Discard, r.keys...); err != nil {
		return nil, schemas.NewFault(schemas.ClassUsage, "recipient_mixed").Because(err)
	} else if err := w.Close(); err != nil {
		return nil, err
	}
	return r, nil
}

// looksLikeKey tells a key from the name of a file.
func looksLikeKey(text string) bool {
	return strings.HasPrefix(text, "age1") || strings.HasPrefix(text, "ssh-") || schemas.HoldsPrivateKey(text)
}

func bad(text, why string) *schemas.Fault {
	return schemas.NewFault(schemas.ClassUsage, "recipient_bad", "recipient", text, "why", why)
}

func (r *Recipients) add(text string) error {
	var key age.Recipient
	var err error
	switch {
	case schemas.HoldsPrivateKey(text):
		return bad("", "private")
	case strings.HasPrefix(text, "age1pq1"):
		key, err = age.ParseHybridRecipient(text)
	case strings.HasPrefix(text, "age1"):
		key, err = age.ParseX25519Recipient(text)
	default:
		fields := strings.Fields(text)
		text = strings.Join(fields[:min(2, len(fields))], " ")
		key, err = agessh.ParseRecipient(text)
	}
	if err != nil {
		return bad(text, "")
	}
	r.keys, r.Texts = append(r.keys, key), append(r.Texts, text)
	return nil
}

// addFile reads a file of public keys: one on each line, # begins a comment.
func (r *Recipients) addFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return bad(path, "no_file")
	}
	defer file.Close()
	lines, before := bufio.NewScanner(file), len(r.keys)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !looksLikeKey(line) {
			return bad("", "").At(schemas.Place{Source: path, Row: n})
		}
		if err := r.add(line); err != nil {
			var fault *schemas.Fault
			if errors.As(err, &fault) {
				return fault.At(schemas.Place{Source: path, Row: n})
			}
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return bad(path, "no_file")
	}
	if len(r.keys) == before {
		return bad(path, "empty")
	}
	return nil
}
