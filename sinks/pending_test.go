package sinks_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

// pendingIn begins, writes and finishes files of a folder.
func pendingIn(t *testing.T, folder string, names ...string) (all []*sinks.Pending) {
	t.Helper()
	for _, name := range names {
		p, err := sinks.NewPending(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(p, "new "+name); err != nil {
			t.Fatal(err)
		}
		if err := p.Finish(); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestPendingFilesTakeTheirPlacesTogether(t *testing.T) {
	folder := t.TempDir()
	put(t, filepath.Join(folder, "a"), "old a")
	all := pendingIn(t, folder, "a", "b")
	if got := read(t, filepath.Join(folder, "a")); got != "old a" {
		t.Errorf("before it is placed the file is %q", got)
	}
	if err := sinks.Place(all...); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		p.Drop() // takes away nothing that is placed
	}
	if got := names(t, folder); !slices.Equal(got, []string{"a", "b"}) || read(t, filepath.Join(folder, "a")) != "new a" || read(t, filepath.Join(folder, "b")) != "new b" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestADroppedFileIsNowhere(t *testing.T) {
	folder := t.TempDir()
	put(t, filepath.Join(folder, "a"), "old a")
	finished := pendingIn(t, folder, "a")[0]
	half, err := sinks.NewPending(filepath.Join(folder, "b"))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(half, strings.Repeat("half a file\n", 1_000_000)) // some of it is on its way to the disk
	for _, p := range []*sinks.Pending{finished, half, half} {
		p.Drop()
	}
	if got := names(t, folder); !slices.Equal(got, []string{"a"}) || read(t, filepath.Join(folder, "a")) != "old a" {
		t.Errorf("the folder holds %q", got)
	}
}

// TestAPlaceThatIsTakenIsSaid: what is behind it stays as it was, and the fault names both sides.
func TestAPlaceThatIsTakenIsSaid(t *testing.T) {
	for taken, code := range []string{"output_failed", "outputs_mixed", "outputs_mixed"} {
		t.Run(fmt.Sprint(taken), func(t *testing.T) {
			folder := t.TempDir()
			list := []string{"a", "b", "c"}
			for i, name := range list {
				path := filepath.Join(folder, name)
				if i != taken {
					put(t, path, "old "+name)
				} else if err := os.MkdirAll(filepath.Join(path, "sub"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			f := wantClass(t, sinks.Place(pendingIn(t, folder, list...)...), schemas.ClassDisk)
			if f.Problem.Code != code || f.Problem.Args["path"] != filepath.Join(folder, list[taken]) || strings.Contains(f.Problem.Args["cause"], folder) {
				t.Errorf("%v", f)
			}
			var replaced, kept []string
			for i, name := range list {
				path, want := filepath.Join(folder, name), "new "+name
				if i >= taken {
					kept, want = append(kept, path), "old "+name
				} else {
					replaced = append(replaced, path)
				}
				if i != taken && read(t, path) != want {
					t.Errorf("%s is %q", name, read(t, path))
				}
			}
			if code == "outputs_mixed" && (f.Problem.Args["replaced"] != strings.Join(replaced, ", ") || f.Problem.Args["kept"] != strings.Join(kept, ", ")) {
				t.Errorf("%v", f.Problem.Args)
			}
			if got := names(t, folder); !slices.Equal(got, list) {
				t.Errorf("the folder holds %q", got)
			}
		})
	}
}
