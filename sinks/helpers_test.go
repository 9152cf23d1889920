package sinks_test

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"pamsync/schemas"
)

var update = flag.Bool("update", false, "write the goldens anew")

// class is the class of the fault in an error, "" for an error that is none.
func class(err error) schemas.Class {
	var fault *schemas.Fault
	if errors.As(err, &fault) {
		return fault.Class
	}
	return ""
}

func wantClass(t *testing.T, err error, want schemas.Class) *schemas.Fault {
	t.Helper()
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Class != want {
		t.Fatalf("error %v, wanted a fault of class %s", err, want)
	}
	return fault
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// names are the files of a folder, hidden ones included.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./sinks -update writes it anew):\n%s", path, got)
	}
}
