package jobs

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"pamsync/schemas"
	"pamsync/sources"
)

// SecretSource says where the configuration has the client secret from.
type SecretSource struct {
	File    string
	Command string
}

// secretPatience is how long a command may take to print the secret.
const secretPatience = 30 * time.Second

// SecretOrigin says where a client secret comes from: a variable, a file, or a command. All are
// empty where none is given.
type SecretOrigin struct {
	Variable string // that holds the secret, or names the file
	File     string
	Command  string
	// Private is a file of the system's own keeping, whose mode is not ours to judge.
	Private bool
}

// Origin finds where the client secret comes from: the environment beats the file.
func (s *SecretSource) Origin(getenv func(string) string) SecretOrigin {
	if getenv("PAMSYNC_CLIENT_SECRET") != "" {
		return SecretOrigin{Variable: "PAMSYNC_CLIENT_SECRET"}
	}
	if path := getenv("PAMSYNC_CLIENT_SECRET_FILE"); path != "" {
		return SecretOrigin{Variable: "PAMSYNC_CLIENT_SECRET_FILE", File: path}
	}
	if folder := getenv("CREDENTIALS_DIRECTORY"); folder != "" {
		path := filepath.Join(folder, "pamsync.secret")
		if _, err := os.Stat(path); err == nil {
			return SecretOrigin{Variable: "CREDENTIALS_DIRECTORY", File: path, Private: true}
		}
	}
	if getenv("SENHASEGURA_CLIENT_SECRET") != "" {
		return SecretOrigin{Variable: "SENHASEGURA_CLIENT_SECRET"}
	}
	if s.File != "" {
		return SecretOrigin{File: s.File}
	}
	return SecretOrigin{Command: s.Command}
}

// ClientSecret reads the client secret from its origin. warn is told of a secret file that
// others can read.
func ClientSecret(ctx context.Context, source *SecretSource, getenv func(string) string, warn func(schemas.Problem)) (schemas.Secret, error) {
	switch from := source.Origin(getenv); {
	case from.Private:
		return secretFile(from.File, func(schemas.Problem) {})
	case from.File != "":
		return secretFile(from.File, warn)
	case from.Variable != "":
		return schemas.NewSecret(getenv(from.Variable)), nil
	case from.Command != "":
		return secretCommand(ctx, from.Command)
	}
	return schemas.Secret{}, schemas.NewFault(schemas.ClassConfig, "no_secret")
}

// BookPassword finds the password of protected workbooks in the environment; there need be none.
func BookPassword(getenv func(string) string, warn func(schemas.Problem)) (schemas.Secret, error) {
	if path := getenv("PAMSYNC_WORKBOOK_PASSWORD_FILE"); path != "" {
		return bookPassword(path, warn)
	}
	return schemas.NewSecret(getenv("PAMSYNC_WORKBOOK_PASSWORD")), nil
}

// bookPassword reads the file of a workbook's password.
func bookPassword(path string, warn func(schemas.Problem)) (schemas.Secret, error) {
	return passwordFile(path, "book_password_file", warn)
}

// passwordFile reads a file as secretFile does; code says that it cannot be used.
func passwordFile(path, code string, warn func(schemas.Problem)) (schemas.Secret, error) {
	secret, err := secretFile(path, warn)
	var fault *schemas.Fault
	if errors.As(err, &fault) && fault.Problem.Code == "secret_file" {
		fault.Problem.Code = code
	}
	return secret, err
}

// keyFile reads a file with a private key, which may have many lines; code says that it cannot be used.
func keyFile(path, code string, warn func(schemas.Problem)) (schemas.Secret, error) {
	data, fail, err := guardedFile(path, code, warn)
	if err != nil {
		return schemas.Secret{}, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return fail(errors.New("it is empty"))
	}
	return schemas.NewSecret(string(data)), nil
}

// guardedFile reads a file with a secret that others must not write; fail makes the fault, of the code, for what is
// wrong with what it holds.
func guardedFile(path, code string, warn func(schemas.Problem)) (data []byte, fail func(error) (schemas.Secret, error), err error) {
	fail = func(err error) (schemas.Secret, error) {
		return schemas.Secret{}, schemas.NewFault(schemas.ClassConfig, code, "path", path).Because(rootCause(err))
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		_, err = fail(err)
		return nil, fail, err
	}
	if err := judgeMode(info, path, warn); err != nil {
		return nil, fail, err
	}
	if data, err = os.ReadFile(path); err != nil {
		_, err = fail(err)
	}
	return data, fail, err
}

// withPassword gives a source the password that a protected workbook needs, or the key of an export of secrets.
func (e *Env) withPassword(config schemas.SourceConfig) (schemas.SourceConfig, error) {
	var err error
	if e.Identity != nil && config.Identity.Empty() && sources.Sealed(config.Path) {
		if config.Identity, err = e.Identity(config.IdentityFile, config.IdentityCommand); err != nil {
			return config, err
		}
	}
	switch {
	case config.PasswordFile != "":
		config.Password, err = bookPassword(config.PasswordFile, e.Warn)
	case e.BookPassword != nil:
		config.Password, err = e.BookPassword()
	}
	return config, err
}

func secretFile(path string, warn func(schemas.Problem)) (schemas.Secret, error) {
	data, fail, err := guardedFile(path, "secret_file", warn)
	if err != nil {
		return schemas.Secret{}, err
	}
	return oneLine(data, fail)
}

// judgeMode refuses a file with a secret that others can write, and warns of one that they can
// read; Windows has no such modes.
func judgeMode(info fs.FileInfo, path string, warn func(schemas.Problem)) error {
	mode := info.Mode().Perm()
	if runtime.GOOS == "windows" {
		return nil
	}
	if mode&0o022 != 0 {
		return schemas.NewFault(schemas.ClassConfig, "secret_writable", "path", path)
	}
	if mode&0o044 != 0 {
		warn(schemas.Problem{Code: "secret_readable", Args: schemas.Pairs("path", path)})
	}
	return nil
}

func oneLine(data []byte, fail func(error) (schemas.Secret, error)) (schemas.Secret, error) {
	text := strings.TrimRight(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), "\r\n")
	switch {
	case text == "":
		return fail(errors.New("it is empty"))
	case strings.ContainsAny(text, "\r\n"):
		return fail(errors.New("it holds more than one line"))
	}
	return schemas.NewSecret(text), nil
}

func secretCommand(ctx context.Context, command string) (schemas.Secret, error) {
	fail := func(err error) (schemas.Secret, error) {
		return schemas.Secret{}, schemas.NewFault(schemas.ClassConfig, "secret_command").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, secretPatience)
	defer cancel()
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	out, err := exec.CommandContext(ctx, shell[0], shell[1], command).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = errors.New(exit.ProcessState.String())
		}
		return fail(err)
	}
	return oneLine(out, fail)
}
