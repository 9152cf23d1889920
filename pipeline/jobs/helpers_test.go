package jobs_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pamsync/schemas"
)

func save(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func wantFault(t *testing.T, err error, class schemas.Class, code string) *schemas.Fault {
	t.Helper()
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Class != class || fault.Problem.Code != code {
		t.Fatalf("error %v, wanted %s of class %s", err, code, class)
	}
	return fault
}
