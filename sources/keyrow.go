package sources

import (
	"bytes"
	"crypto"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
)

// maxKey is the most that is read of a key file: an RSA key of 16,384 bits has 13 KiB.
const maxKey = 64 << 10

// readKey makes of a row's cells the key that is sent: a cell holds the key itself or the path of its file,
// from the folder of the source; the files of a folder of keys are read as they are. The two halves must belong together, and the passphrase must open the
// private one; the public half is made of it where the row has none.
func (s *Source) readKey(row *schemas.Row) {
	bad := func(code string, f schemas.Field, pairs ...string) {
		row.Secret, row.Second = schemas.Secret{}, schemas.Secret{}
		row.Problems = append(row.Problems, schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs(append(pairs, "field", f.String())...)})
	}
	public, code, cause := s.publicKey(row)
	if code != "" {
		row.Values[schemas.FieldPublicKey] = ""
		bad(code, schemas.FieldPublicKey, "cause", cause)
		return
	}
	if public != nil {
		row.Values[schemas.FieldPublicKey] = authorized(public.key, public.comment)
	}
	if !s.Options.Secrets || row.Secret.Empty() {
		return
	}
	private, code, cause := s.privateKey(row)
	if code != "" {
		bad(code, schemas.FieldContent, "cause", cause)
		return
	}
	signer, code := parsePrivate(private, row.Second)
	switch {
	case code == "key_passphrase_missing" && s.passphrase().Empty(), code != "" && code != "key_passphrase_missing":
		bad(code, schemas.FieldContent, "cause", "")
		return
	case code != "":
		row.Second = s.passphrase()
		if signer, code = parsePrivate(private, row.Second); code != "" {
			bad(code, schemas.FieldContent, "cause", "")
			return
		}
	}
	own := signer.PublicKey()
	switch {
	case public == nil:
		row.Values[schemas.FieldPublicKey] = authorized(own, "")
	case !bytes.Equal(public.key.Marshal(), own.Marshal()):
		bad("key_pair_differs", schemas.FieldPublicKey, "public", ssh.FingerprintSHA256(public.key), "private", ssh.FingerprintSHA256(own))
		return
	}
	row.Secret = schemas.Joined(private, row.Second)
	row.Second = schemas.Secret{}
}

// partDevices parts the other devices of a key as the names in a cell of `each:` are parted, and puts commas
// between them. A list that has commas alone stays as it stands: its fingerprint is remembered.
func partDevices(row *schemas.Row) {
	if cell := row.Values[schemas.FieldDevices]; strings.ContainsAny(cell, ";|\r\n") {
		row.Values[schemas.FieldDevices] = strings.Join(several(cell), ",")
	}
}

// passphrase is that of all keys of the source, where a row has none of its own.
func (s *Source) passphrase() schemas.Secret { return s.Config.Password }

type publicKey struct {
	key     ssh.PublicKey
	comment string
}

func authorized(key ssh.PublicKey, comment string) string {
	return strings.TrimSpace(strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) + " " + comment)
}

// publicKey reads the public half of a row, nil where it has none.
func (s *Source) publicKey(row *schemas.Row) (*publicKey, string, string) {
	cell := row.Values[schemas.FieldPublicKey]
	if cell == "" {
		return nil, "", ""
	}
	text, err := []byte(cell), error(nil)
	switch {
	case s.folder != nil:
		text, err = readKeyFile(s.folder.public)
	case !strings.ContainsAny(cell, " \n"):
		text, err = s.keyFile(cell)
	}
	if err != nil {
		return nil, "key_file", rootCause(err).Error()
	}
	key, comment, _, rest, err := ssh.ParseAuthorizedKey(text)
	if err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, "key_public_unreadable", ""
	}
	return &publicKey{key, comment}, "", ""
}

// privateKey is the private half that a row holds, or names.
func (s *Source) privateKey(row *schemas.Row) (key schemas.Secret, code, cause string) {
	if s.folder != nil {
		return privateIn(readKeyFile(s.folder.private))
	}
	text := strings.TrimSpace(row.Secret.Reveal())
	if strings.HasPrefix(text, "-----BEGIN ") || strings.HasPrefix(text, "PuTTY-User-Key-File") {
		return schemas.NewSecret(lined(text)), "", ""
	}
	return privateIn(s.keyFile(text))
}

// privateIn is the private half that was read from a file.
func privateIn(data []byte, err error) (key schemas.Secret, code, cause string) {
	if err != nil {
		return schemas.Secret{}, "key_file", rootCause(err).Error()
	}
	return schemas.NewSecret(lined(strings.TrimSpace(string(data)))), "", ""
}

// lined is a key with line feeds alone, and one at its end: a CSV from elsewhere writes them as \r\n or as the
// two signs \n.
func lined(text string) string {
	if !strings.ContainsAny(text, "\r\n") {
		text = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n").Replace(text)
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n") + "\n"
}

// keyFile reads a key file beside the source.
func (s *Source) keyFile(path string) ([]byte, error) {
	if s.Shape.Format == sealed.Format { // a vault's own value names no file here
		return nil, errors.New("it is no key")
	}
	if strings.ContainsAny(path, "\n\x00") || len(path) > 4096 || path == "" {
		return nil, errors.New("it is neither a key nor the path of one")
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(s.Config.Path), filepath.FromSlash(path))
	}
	return readKeyFile(path)
}

// readKeyFile reads a file that may hold a key.
func readKeyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > maxKey:
		return nil, errors.New("it is too long for a key")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxKey))
}

// parsePrivate opens a private key. The library's own words could quote the key and are not passed on.
func parsePrivate(key, passphrase schemas.Secret) (ssh.Signer, string) {
	text := key.Reveal()
	switch {
	case strings.HasPrefix(text, "PuTTY-User-Key-File"):
		return nil, "key_putty"
	case strings.Contains(text, "BEGIN PUBLIC KEY"), strings.Contains(text, "BEGIN CERTIFICATE"), strings.HasPrefix(text, "ssh-"):
		return nil, "key_no_private"
	}
	raw, err := ssh.ParseRawPrivateKey([]byte(text))
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		if passphrase.Empty() {
			return nil, "key_passphrase_missing"
		}
		if raw, err = ssh.ParseRawPrivateKeyWithPassphrase([]byte(text), []byte(passphrase.Reveal())); err != nil {
			return nil, "key_passphrase_wrong"
		}
	}
	if err != nil {
		return nil, "key_damaged"
	}
	private, ok := raw.(crypto.Signer)
	if !ok {
		return nil, "key_damaged"
	}
	signer, err := ssh.NewSignerFromSigner(private)
	if err != nil {
		return nil, "key_damaged"
	}
	return signer, ""
}
