package sources

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
)

// An encrypted file begins with one of these: as bytes, or as text.
const (
	ageMark   = "age-encryption.org/v1\n"
	armorMark = "-----BEGIN AGE ENCRYPTED FILE-----"
)

// maxSealedLine is the longest line that an export of secrets may have.
const maxSealedLine = 8 << 20

// Sealed says whether a file is encrypted, so that a key is needed to read it.
func Sealed(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(file, head)
	return isSealed(head[:n])
}

func isSealed(head []byte) bool {
	return bytes.HasPrefix(head, []byte(ageMark)) || bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte(armorMark))
}

// ParseIdentities reads the private keys that open an export of secrets: those of age, one on each line, or
// one of OpenSSH without a passphrase. Its error says nothing of what stands in them.
func ParseIdentities(text schemas.Secret) ([]age.Identity, error) {
	plain := text.Reveal()
	if strings.Contains(plain, "-----BEGIN ") && !strings.Contains(plain, armorMark) {
		one, err := agessh.ParseIdentity([]byte(plain))
		if err != nil {
			return nil, errors.New("it is no private key of OpenSSH without a passphrase")
		}
		return []age.Identity{one}, nil
	}
	all, err := age.ParseIdentities(strings.NewReader(plain))
	if err != nil {
		return nil, errors.New("it is no identity of age, AGE-SECRET-KEY-1…, without a passphrase")
	}
	return all, nil
}

// understandSealed opens an export of secrets as far as its first line. Nothing of it is ever written in clear.
func (s *Source) understandSealed(head []byte) error {
	switch {
	case !isSealed(head):
		return s.fault(schemas.ClassInput, "sealed_none")
	case s.Config.Format != sealed.Format && s.Config.Format != "auto" && s.Config.Format != "":
		return s.fault(schemas.ClassInput, "sealed_format", "format", s.Config.Format)
	case s.Config.Identity.Empty():
		return s.fault(schemas.ClassConfig, "identity_none")
	case s.Config.Sheet != "" || s.Config.Records != "" || s.Config.Each != "" || s.Config.Encoding != "" && s.Config.Encoding != "auto":
		return s.fault(schemas.ClassConfig, "sealed_mapping")
	}
	s.Shape = Shape{Format: sealed.Format, Encoding: "age", Records: "#", Path: "", Export: true}
	for i, f := range sealedFields(s.Options.Kind) {
		secret := f.Secret()
		s.Shape.Columns = append(s.Shape.Columns, Column{Name: sealedName(s.Options.Kind, f), Index: i, Field: f, Mapped: !secret || s.Options.Secrets, Secret: secret, Password: secret})
	}
	for f, name := range s.Config.Columns {
		if name != sealedName(s.Options.Kind, f) {
			return s.fault(schemas.ClassConfig, "sealed_mapping")
		}
	}
	if s.where != nil {
		for _, name := range s.where.Fields() {
			if !slices.Contains(sealedNames(), name) {
				return s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", strings.Join(sealedNames(), ", "))
			}
		}
	}
	s.read = s.readSealed
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close()
	_, _, err = s.unseal(file)
	return err
}

// unseal opens the stream, and reads its first line.
func (s *Source) unseal(in io.Reader) (*bufio.Reader, []age.Identity, error) {
	keys, err := ParseIdentities(s.Config.Identity)
	if err != nil {
		return nil, nil, s.fault(schemas.ClassConfig, "identity_bad").Because(err)
	}
	lines, err := s.decrypted(in, keys)
	if err != nil {
		return nil, nil, err
	}
	text, err := s.sealedLine(lines)
	if err == io.EOF {
		return nil, nil, s.fault(schemas.ClassInput, "sealed_foreign")
	}
	if err != nil {
		return nil, nil, err
	}
	line, err := sealed.Parse(text)
	switch {
	case err != nil:
		return nil, nil, s.fault(schemas.ClassInput, "sealed_foreign").Because(err)
	case line.Start == nil:
		return nil, nil, s.fault(schemas.ClassInput, "sealed_foreign")
	}
	return lines, keys, nil
}

func (s *Source) decrypted(in io.Reader, keys []age.Identity) (*bufio.Reader, error) {
	text := bufio.NewReader(in)
	if head, _ := text.Peek(len(ageMark)); !bytes.HasPrefix(head, []byte(ageMark)) {
		text = bufio.NewReader(armor.NewReader(text))
	}
	plain, err := age.Decrypt(text, keys...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, s.fault(schemas.ClassConfig, "identity_other")
	case err != nil:
		return nil, s.fault(schemas.ClassInput, "sealed_broken")
	}
	return bufio.NewReader(plain), nil
}

// sealedLine is the next line, io.EOF behind the last.
func (s *Source) sealedLine(lines *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxSealedLine:
			return nil, s.fault(schemas.ClassInput, "sealed_broken")
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err != nil: // cut, or changed: age says which, and neither is to be gone on with
			return nil, s.fault(schemas.ClassInput, "sealed_broken")
		default:
			return line, nil
		}
	}
}

// readSealed gives the rows of an export of secrets: one of each record of the source's kind, or one for each
// device that its credentials and keys stand on.
func (s *Source) readSealed(in io.Reader, yield func(*schemas.Row) error) error {
	lines, keys, err := s.unseal(in)
	if err != nil {
		return err
	}
	r := sealedReader{s: s, keys: keys, seen: map[string]bool{}}
	s.Others = 0
	r.row = schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Defaults: s.defaults, Place: func(f schemas.Field) schemas.Place { return s.Locate(r.number, f) }}
	for {
		text, err := s.sealedLine(lines)
		if err == io.EOF {
			return s.fault(schemas.ClassInput, "sealed_broken")
		}
		if err != nil {
			return err
		}
		line, err := sealed.Parse(text)
		if err != nil {
			return s.fault(schemas.ClassInput, "sealed_foreign").Because(err)
		}
		if line.End != nil {
			if _, err := s.sealedLine(lines); err != io.EOF || !line.End.Counts(r.number) {
				return s.fault(schemas.ClassInput, "sealed_broken")
			}
			s.Part, s.Sealed = s.partOf(line.End), line.End
			return nil
		}
		if err := r.take(line, yield); err != nil {
			return err
		}
	}
}

// partOf tells why an export of secrets proves no absence, nil where it does. It never proves that of a
// device: those are not in it that have no record of its kind.
func (s *Source) partOf(end *sealed.End) schemas.Args {
	why := ""
	switch {
	case s.Options.Kind == schemas.KindDevice:
		why = "device"
	case end.By == "":
		why = "former"
	case end.Failed > 0:
		why = "failed"
	case !end.Whole():
		why = "chosen"
	default:
		return nil
	}
	return schemas.Pairs("why", why, "chosen", strconv.Itoa(end.Chosen), "failed", strconv.Itoa(end.Failed))
}

// sealedReader reads the records of one pass.
type sealedReader struct {
	s      *Source
	keys   []age.Identity
	row    schemas.Row
	number int
	seen   map[string]bool // devices, by folded hostname
}

func (r *sealedReader) take(line sealed.Line, yield func(*schemas.Row) error) error {
	r.number++
	if line.Sealed != nil {
		inner, err := r.s.decrypted(bytes.NewReader(line.Sealed), r.keys)
		if err != nil {
			return err
		}
		text, err := r.s.sealedLine(inner)
		if err != nil && err != io.EOF {
			return err
		}
		if line, err = sealed.Parse(text); err != nil {
			return r.s.fault(schemas.ClassInput, "sealed_foreign").Because(err)
		}
	}
	if line.Record == nil {
		return r.s.fault(schemas.ClassInput, "sealed_foreign").Because(errors.New("record " + strconv.Itoa(r.number)))
	}
	return r.record(line.Record, yield)
}
