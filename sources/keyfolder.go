package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pamsync/schemas"
)

// keyFolder is a folder of key files as a source: each file is called USER@HOST, with .pem or .key behind it or
// not, and has its public half in a file of the same name with .pub behind it, or none.
type keyFolder struct {
	files           []string
	public, private string // where the halves of the row stand that is read now; "" for no public one
}

// isKeyFolder tells a source of keys that is a folder.
func (s *Source) isKeyFolder() bool {
	if s.Options.Kind != schemas.KindKey {
		return false
	}
	info, err := os.Stat(s.Config.Path)
	return err == nil && info.IsDir()
}

// openFolder lists the files of a folder. Hidden ones are none of ours. A public half stands for its key where the
// private one is not there: the key is not gone from the inventory, its file is.
func (s *Source) openFolder() error {
	entries, err := os.ReadDir(s.Config.Path)
	if err != nil {
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	s.folder = &keyFolder{}
	private := map[string]bool{}
	for _, entry := range entries {
		if name := entry.Name(); filepath.Ext(name) != publicHalf {
			private[name], private[bare(name)] = true, true
		}
	}
	for _, entry := range entries {
		name := entry.Name()
		if of, public := strings.CutSuffix(name, publicHalf); strings.HasPrefix(name, ".") || public && private[of] {
			continue
		}
		s.folder.files = append(s.folder.files, name)
	}
	s.Shape.Format = "folder"
	for _, f := range []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldPublicKey} {
		s.Shape.Columns = append(s.Shape.Columns, Column{Name: f.String(), Index: len(s.Shape.Columns), Field: f, Mapped: true, Confidence: Sure})
	}
	s.Shape.Columns = append(s.Shape.Columns, Column{Name: schemas.FieldContent.String(), Index: len(s.Shape.Columns), Field: schemas.FieldContent,
		Mapped: s.Options.Secrets, Secret: true, Password: true, Confidence: Sure})
	s.Use.Format = s.Shape.Format
	return nil
}

const publicHalf = ".pub"

// bare is a key file's name without what says that it is one; the rest is the host's.
func bare(name string) string { return strings.TrimSuffix(strings.TrimSuffix(name, ".pem"), ".key") }

// accountOf is what a file's name says, false where it says nothing.
func accountOf(name string) (username, hostname string, ok bool) {
	name = bare(strings.TrimSuffix(name, publicHalf))
	i := strings.LastIndexByte(name, '@') // a username may hold one
	if i <= 0 || i == len(name)-1 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

// readFolder yields a row for each file; the hash of the source is that of all files.
func (s *Source) readFolder(yield func(*schemas.Row) error) error {
	all := sha256.New()
	row := schemas.Row{Kind: schemas.KindKey, Source: s.Options.Index, Defaults: s.defaults}
	for i, name := range s.folder.files {
		row.Reset()
		row.Number = i + 1
		row.Place = func(schemas.Field) schemas.Place { return s.Locate(i+1, schemas.FieldID) }
		fmt.Fprintf(all, "%q %s\n", name, s.hashOf(name))
		username, hostname, ok := accountOf(name)
		if !ok {
			row.Problems = append(row.Problems, schemas.Problem{Code: "key_file_name", Place: row.Place(schemas.FieldID), Args: schemas.Pairs("field", "hostname", "file", name)})
		}
		row.Values[schemas.FieldUsername], row.Values[schemas.FieldHostname] = username, hostname
		s.cells = func() []Cell { return s.folder.cells(row.Place(schemas.FieldID)) }
		s.folder.private, s.folder.public = filepath.Join(s.Config.Path, name), ""
		if filepath.Ext(name) == publicHalf {
			row.Problems = append(row.Problems, schemas.Problem{Code: "key_file_alone", Place: row.Place(schemas.FieldPublicKey), Args: schemas.Pairs("field", schemas.FieldPublicKey.String(), "file", name)})
			ok = false
		}
		for _, public := range []string{name + ".pub", bare(name) + ".pub"} {
			if path := filepath.Join(s.Config.Path, public); isThere(path) {
				s.folder.public, row.Values[schemas.FieldPublicKey] = path, path
				fmt.Fprintf(all, "%q %s\n", public, s.hashOf(public))
				break
			}
		}
		if ok && s.Options.Secrets {
			row.Secret = schemas.NewSecret(s.folder.private) // what is in it, readKey reads
		}
		row.LeftOut = !s.where.Match(func(column string) string {
			f, _ := schemas.ParseField(column)
			return row.Values[f]
		})
		if err := yield(&row); err != nil {
			return err
		}
	}
	s.Use.SHA256 = hex.EncodeToString(all.Sum(nil))
	return nil
}

// cells are what a file's name says, and the halves that stand for a row.
func (f *keyFolder) cells(at schemas.Place) []Cell {
	username, hostname, _ := accountOf(filepath.Base(at.Source))
	cells := []Cell{{Place: at, Field: schemas.FieldHostname, Mapped: true, Text: hostname}, {Place: at, Field: schemas.FieldUsername, Mapped: true, Text: username}}
	if f.public != "" {
		cells = append(cells, Cell{Place: at, Field: schemas.FieldPublicKey, Mapped: true, Text: filepath.Base(f.public)})
	}
	if filepath.Ext(f.private) != publicHalf {
		cells = append(cells, Cell{Place: at, Field: schemas.FieldContent, Withheld: WithheldSecret})
	}
	for i := range cells {
		cells[i].Place.Column = cells[i].Field.String()
	}
	return cells
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// hashOf is the hash of a file of the folder, "-" for one that cannot be read: the row says so.
func (s *Source) hashOf(name string) string {
	data, err := readKeyFile(filepath.Join(s.Config.Path, name))
	if err != nil {
		return "-"
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// locateFile is where a row of the folder stands: in its file.
func (s *Source) locateFile(row int) schemas.Place {
	p := schemas.Place{Source: s.Config.Name, Row: row}
	if row >= 1 && row <= len(s.folder.files) {
		p.Source = filepath.Join(s.Config.Name, s.folder.files[row-1])
		p.Row = 0
	}
	return p
}
