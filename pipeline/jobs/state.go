package jobs

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// state is what earlier runs learned about one vault: a folder of its own in the state folder.
// Losing it costs the comparisons with the last good run, and every grace begins anew; what our own
// runs inactivated is read again from their journals, as far as those are kept.
type state struct {
	folder string
	memory *pipeline.Memory
	good   *pipeline.LastGood
	// key keys the fingerprints; it is written with the first thing that is remembered.
	key    []byte
	stored bool
	run    string // that wrote the memory last, "" for none
}

func (e *Env) loadState(vaultName string) (*state, error) {
	s := &state{folder: filepath.Join(e.Config.State, vaultFolder(vaultName)), good: pipeline.NewLastGood()}
	if err := s.loadKey(); err != nil {
		return nil, err
	}
	path := filepath.Join(s.folder, "memory.jsonl")
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		s.memory = pipeline.NewMemory(nil)
		return s, e.absorb(s, vaultName)
	}
	broken := func(err error) error {
		return schemas.NewFault(schemas.ClassInput, "state_broken", "path", path).Because(err)
	}
	if err != nil {
		return nil, broken(err)
	}
	defer file.Close()
	var list []schemas.Remembered
	r := schemas.NewReader(file, schemas.FormatState)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		if rec.Start != nil {
			s.run = rec.Start.Run
		}
		if rec.Remembered != nil {
			list = append(list, *rec.Remembered)
		} else {
			s.good.Take(&rec)
		}
	}
	if r.Digest() == "" {
		return nil, broken(errors.New("its end is missing"))
	}
	s.memory = pipeline.NewMemory(list)
	return s, e.absorb(s, vaultName)
}

// vaultFolder is the name of a vault's folder in the state folder.
func vaultFolder(vaultName string) string {
	return strings.NewReplacer("://", "-", ":", "-", "/", "-", "[", "", "]", "").Replace(vaultName)
}

func (s *state) loadKey() error {
	path := filepath.Join(s.folder, "key")
	data, err := os.ReadFile(path)
	if err == nil {
		if s.key, err = hex.DecodeString(strings.TrimSpace(string(data))); err == nil && len(s.key) == 32 {
			s.stored = true
			return nil
		}
		return schemas.NewFault(schemas.ClassInput, "state_broken", "path", path).Because(errors.New("not a key"))
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", s.folder).Because(syscall.ENOTDIR)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return schemas.NewFault(schemas.ClassInput, "state_broken", "path", path).Because(err)
	}
	s.key = make([]byte, 32)
	_, err = rand.Read(s.key)
	return err
}

// print is the keyed fingerprint of a text.
func (s *state) print(text string) string { return schemas.Fingerprint(s.key, text) }

// known is print where fingerprints of earlier runs can be compared with, nil where the key is new.
func (s *state) known() func(string) string {
	if !s.stored {
		return nil
	}
	return s.print
}

func (s *state) save(start schemas.Start) error {
	if !s.stored {
		err := sinks.WriteFile(filepath.Join(s.folder, "key"), func(w io.Writer) error {
			_, err := io.WriteString(w, hex.EncodeToString(s.key)+"\n")
			return err
		})
		if err != nil {
			return err
		}
		s.stored = true
	}
	return sinks.WriteFile(filepath.Join(s.folder, "memory.jsonl"), func(w io.Writer) error {
		return sinks.StateJSONL(w, start, s.memory.All(), s.good.Records())
	})
}
