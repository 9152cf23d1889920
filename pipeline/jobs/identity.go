package jobs

import (
	"context"
	"errors"
	"os/exec"
	"runtime"

	"pamsync/schemas"
)

// Identity finds the private key that opens exports of secrets: in the environment, or where a source says.
// There need be none.
func Identity(ctx context.Context, file, command string, getenv func(string) string, warn func(schemas.Problem)) (schemas.Secret, error) {
	if text := getenv("PAMSYNC_IDENTITY"); text != "" {
		return schemas.NewSecret(text), nil
	}
	if path := getenv("PAMSYNC_IDENTITY_FILE"); path != "" {
		file = path
	}
	switch {
	case file != "":
		return keyFile(file, "identity_file", warn)
	case command != "":
		return identityCommand(ctx, command)
	}
	return schemas.Secret{}, nil
}

func identityCommand(ctx context.Context, command string) (schemas.Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, secretPatience)
	defer cancel()
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	out, err := exec.CommandContext(ctx, shell[0], shell[1], command).Output()
	if err == nil && len(out) == 0 {
		err = errors.New("it prints nothing")
	}
	if err != nil {
		return schemas.Secret{}, schemas.NewFault(schemas.ClassConfig, "identity_command").Because(err)
	}
	return schemas.NewSecret(string(out)), nil
}
