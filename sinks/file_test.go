package sinks_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

// TestSweepTakesWhatWasLeftUnfinished: files and folders of those who were killed, and nothing else.
func TestSweepTakesWhatWasLeftUnfinished(t *testing.T) {
	folder := t.TempDir()
	put(t, filepath.Join(folder, "result.csv"), "whole")
	put(t, filepath.Join(folder, ".pamsync-notes"), "somebody's")
	put(t, filepath.Join(folder, ".pamsync-reserve"), "room")
	put(t, filepath.Join(folder, ".pamsync-1234567890"), "half")
	if err := os.Mkdir(filepath.Join(folder, ".pamsync-4567890"), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, ".pamsync-4567890", "part"), "half")
	if err := sinks.Sweep(folder); err != nil {
		t.Error(err)
	}
	if got := names(t, folder); !slices.Equal(got, []string{".pamsync-notes", "result.csv"}) {
		t.Errorf("the folder holds %q", got)
	}
	if err := sinks.Sweep(filepath.Join(folder, "nowhere")); err != nil {
		t.Error(err)
	}
	if err := sinks.Sweep(filepath.Join(folder, "result.csv")); err == nil {
		t.Error("a file is no folder to look through")
	}
}

func TestWriteFileIsWholeOrNotThere(t *testing.T) {
	stop := errors.New("no more")
	ours := schemas.NewFault(schemas.ClassGuard, "announced_differs")
	for _, c := range []struct {
		rule  string
		write func(io.Writer) error
		class schemas.Class
		cause error
	}{
		{"a writer that fails at once", func(io.Writer) error { return stop }, schemas.ClassDisk, stop},
		{"a writer that fails midway", func(w io.Writer) error {
			io.WriteString(w, strings.Repeat("half a file\n", 100_000))
			return stop
		}, schemas.ClassDisk, stop},
		{"a writer's own fault is handed on as it is", func(w io.Writer) error {
			io.WriteString(w, "half")
			return ours
		}, schemas.ClassGuard, ours},
	} {
		t.Run(c.rule, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "out.csv")
			for _, before := range []string{"", "the old file\n"} {
				want := []string{}
				if before != "" {
					put(t, path, before)
					want = []string{"out.csv"}
				}
				err := sinks.WriteFile(path, c.write)
				wantClass(t, err, c.class)
				if !errors.Is(err, c.cause) {
					t.Errorf("%v does not wrap %v", err, c.cause)
				}
				if got := names(t, folder); !slices.Equal(got, want) {
					t.Errorf("the folder holds %q, wanted %q", got, want)
				}
				if before != "" && read(t, path) != before {
					t.Errorf("the old file became %q", read(t, path))
				}
			}
		})
	}
}

func TestWriteFileReplacesInOneStep(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a b", "ação.csv")
	if err := sinks.WriteFile(path, text("one")); err != nil {
		t.Fatal(err)
	}
	err := sinks.WriteFile(path, func(w io.Writer) error {
		io.WriteString(w, "two")
		if got := read(t, path); got != "one" {
			t.Errorf("while the new file is written the old one is %q", got)
		}
		return nil
	})
	if err != nil || read(t, path) != "two" {
		t.Fatal(err, read(t, path))
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"ação.csv"}) {
		t.Errorf("the folder holds %q", got)
	}
}

func TestModesKeepOthersOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "new", "deeper", "f")
	run := filepath.Join(folder, "reports", "20261102T150405Z-x7kq")
	if err := errors.Join(sinks.WriteFile(path, text("x")), sinks.MakeRun(run), sinks.MakeFolder(filepath.Join(folder, "made"))); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(folder, "old")
	put(t, old, "x")
	if err := errors.Join(os.Chmod(old, 0o644), sinks.WriteFile(old, text("y"))); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		path: 0o600, old: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700,
		run: 0o700, filepath.Dir(run): 0o700, filepath.Join(folder, "made"): 0o700,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; wanted %v", path, info.Mode(), err, want)
		}
	}
}

func TestWhatCannotBeWrittenIsADiskFault(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	put(t, file, "x")
	full := filepath.Join(folder, "full")
	if err := os.MkdirAll(filepath.Join(full, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	shut := filepath.Join(folder, "shut")
	if err := os.Mkdir(shut, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, path string
		skip       bool
	}{
		{"a folder as target", full, false},
		{"a file as folder", filepath.Join(file, "out"), false},
		{"an unwritable folder", filepath.Join(shut, "out"), os.Geteuid() == 0 || runtime.GOOS == "windows"},
		{"a folder that cannot be made", filepath.Join(shut, "new", "out"), os.Geteuid() == 0 || runtime.GOOS == "windows"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if c.skip {
				t.Skip("this user may write everywhere")
			}
			before := names(t, folder)
			f := wantClass(t, sinks.WriteFile(c.path, text("x")), schemas.ClassDisk)
			if f.Problem.Code != "output_failed" || f.Problem.Args["path"] != c.path || strings.Contains(f.Problem.Args["cause"], folder) {
				t.Errorf("%v", f)
			}
			if after := names(t, folder); !slices.Equal(before, after) {
				t.Errorf("left behind: %q", after)
			}
		})
	}
	if got := names(t, full); !slices.Equal(got, []string{"sub"}) {
		t.Errorf("the folder as target now holds %q", got)
	}
}

func TestMakeRunWantsANewFolder(t *testing.T) {
	run := filepath.Join(t.TempDir(), "reports", "r")
	if err := sinks.MakeRun(run); err != nil {
		t.Fatal(err)
	}
	wantClass(t, sinks.MakeRun(run), schemas.ClassDisk)
	if err := sinks.MakeFolder(run); err != nil {
		t.Error(err)
	}
}

func TestWriteSumsAreWhatSha256sumReads(t *testing.T) {
	folder := t.TempDir()
	put(t, filepath.Join(folder, "b"), "")
	put(t, filepath.Join(folder, "a.csv"), "abc")
	if err := sinks.WriteSums(folder, []string{"b", "a.csv"}); err != nil {
		t.Fatal(err)
	}
	want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.csv\n" +
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
	if got := read(t, filepath.Join(folder, "SHA256SUMS")); got != want {
		t.Errorf("%s", got)
	}
	if tool, err := exec.LookPath("sha256sum"); err == nil {
		cmd := exec.Command(tool, "-c", "SHA256SUMS")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	wantClass(t, sinks.WriteSums(folder, []string{"a.csv", "gone"}), schemas.ClassDisk)
	if got := read(t, filepath.Join(folder, "SHA256SUMS")); got != want {
		t.Errorf("a failed WriteSums changed the file: %s", got)
	}
}

func TestCopyFileIsWholeOrNotThere(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "plan.jsonl"), filepath.Join(folder, "copies", "plan.jsonl")
	text := strings.Repeat("a plan\n", 200_000)
	put(t, from, text)
	if err := sinks.CopyFile(to, from); err != nil || read(t, to) != text {
		t.Errorf("%v, or another text", err)
	}
	wantClass(t, sinks.CopyFile(to, filepath.Join(folder, "gone")), schemas.ClassDisk)
	if read(t, to) != text {
		t.Error("the copy was lost with its source")
	}
	wantClass(t, sinks.CopyFile(filepath.Join(from, "x"), from), schemas.ClassDisk)
	if got := names(t, folder); !slices.Equal(got, []string{"copies", "plan.jsonl"}) {
		t.Errorf("the folder holds %q", got)
	}
}
