package sources

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"filippo.io/age/armor"

	"pamsync/schemas"
)

// LooksLikeKeys says whether a source that was opened as one of SSH keys is one beyond doubt: a table with a
// column for either half of a key and none for the type of a credential, or a folder in which some file is
// called as a key's is.
func (s *Source) LooksLikeKeys() bool {
	if s.folder != nil {
		return slices.ContainsFunc(s.folder.files, func(name string) bool { _, _, ok := accountOf(name); return ok })
	}
	if s.Shape.Profile != "" || s.Options.Kind != schemas.KindKey {
		return false
	}
	types := onlyKnown(schemas.KindCredential)[schemas.FieldCredentialType]
	if s.mapped(schemas.FieldPublicKey) >= 0 { // beside it a type is that of the key
		return !s.hasHeader(slices.DeleteFunc(types, func(name string) bool { return name == "type" || name == "tipo" }))
	}
	halves := slices.DeleteFunc(keyHeaders()[schemas.FieldContent], func(name string) bool { return name == "key" || name == "chave" || name == "content" })
	return s.hasHeader(halves) && !s.hasHeader(types)
}

// LooksLikeInfos says it of a table of protected information: it has identifiers, contents and their names or
// types, and nothing that names a device or an account.
func (s *Source) LooksLikeInfos() bool {
	if s.Shape.Profile != "" || s.Options.Kind != schemas.KindInfo || s.mapped(schemas.FieldIdentifier) < 0 {
		return false
	}
	device := slices.DeleteFunc(known(schemas.KindDevice)[schemas.FieldHostname], func(name string) bool { return name == "name" || name == "nome" || name == "nombre" })
	return s.hasHeader(infoHeaders()[schemas.FieldContent]) && (s.mapped(schemas.FieldName) >= 0 || s.mapped(schemas.FieldType) >= 0) &&
		!s.hasHeader(device) && !s.hasHeader(known(schemas.KindCredential)[schemas.FieldUsername]) && !s.hasHeader(known(schemas.KindDevice)[schemas.FieldIP])
}

// hasHeader says whether a column is called by one of these names.
func (s *Source) hasHeader(names []string) bool {
	return slices.ContainsFunc(s.Shape.Columns, func(c Column) bool { return slices.Contains(names, fold(c.Name)) })
}

// maxStanza is the longest line that is read of the head of an encrypted file.
const maxStanza = 64 << 10

// SealedFor are the forms of the keys that an encrypted file was made for, in its order, as its head names them
// in clear: X25519, ssh-ed25519, scrypt. None where the head is not whole.
func SealedFor(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text := bufio.NewReaderSize(file, maxStanza)
	if head, _ := text.Peek(len(ageMark)); !bytes.HasPrefix(head, []byte(ageMark)) {
		text = bufio.NewReaderSize(armor.NewReader(text), maxStanza)
	}
	var forms []string
	var broken *fs.PathError // of the disk
	for {
		line, err := text.ReadSlice('\n')
		switch {
		case errors.As(err, &broken):
			return nil, err
		case err != nil:
			return nil, nil // cut in its head: what it is for nobody can say
		case bytes.HasPrefix(line, []byte("---")):
			return forms, nil
		}
		if rest, stanza := strings.CutPrefix(string(line), "-> "); stanza {
			form, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			if !strings.HasSuffix(form, "-grease") {
				forms = append(forms, form)
			}
		}
	}
}
