package jobs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// strace finds the tool that lets a call of the system fail, and skips the test where it cannot be
// used. PAMSYNC_STRACE=required makes that a failure.
func strace(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err == nil {
		err = exec.Command(path, "-qq", "-o", os.DevNull, "true").Run()
	}
	if err != nil && os.Getenv("PAMSYNC_STRACE") != "required" {
		t.Skip("strace cannot be used: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// sweep lets one call of the system fail, the n-th that a thread makes of it, for n from 1.
type sweep struct {
	name    string
	call    string // as strace names it
	error   string
	said    string // of it in the message
	about   about
	fresh   bool // an apply, else the resuming of one that was killed
	workers string
	most    int // n
	step    int // from n to n, in a short suite
}

// about is which files a sweep's calls are about.
type about string

const (
	anything     about = ""
	theJournal   about = "journal.jsonl"
	theRunFolder about = "."
)

func sweeps() []sweep {
	const noSpace, ioError, tooMany = "no space left on device", "input/output error", "too many open files"
	return []sweep{
		{"write of the journal, disk full", "write", "ENOSPC", noSpace, theJournal, false, "1", 24, 11},
		{"write of the journal, four workers", "write", "EIO", ioError, theJournal, false, "4", 12, 7},
		{"sync of the journal", "fsync", "EIO", ioError, theJournal, false, "1", 24, 11},
		{"sync of the journal, disk full, four workers", "fsync", "ENOSPC", noSpace, theJournal, false, "4", 12, 7},
		{"sync of anything in an apply", "fsync", "EIO", ioError, anything, true, "1", 30, 10},
		{"sync of anything in a resume", "fsync", "EIO", ioError, anything, false, "1", 30, 12},
		{"rename of anything in an apply", "renameat", "EIO", ioError, anything, true, "1", 8, 3},
		{"rename of anything in a resume", "renameat", "ENOSPC", noSpace, anything, false, "1", 8, 3},
		{"opening the journal", "openat", "EIO", ioError, theJournal, false, "1", 4, 1},
		{"opening the run's folder", "openat", "EMFILE", tooMany, theRunFolder, false, "1", 4, 2},
	}
}

// TestNoCallFollowsAFailingDisk lets the calls of the system that a run makes about its journal and
// its other files fail, one by one. From the first error of the journal on no call to the vault
// begins whose intent was not on disk before, with one worker none at all, and nothing more is asked
// of the journal; the run ends with 74 and says why; no part of a report is to be seen; and resumed
// on a disk that works it ends as it should have.
func TestNoCallFollowsAFailingDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and runs it many times")
	}
	tracer := strace(t)
	program := built(t)
	for _, s := range sweeps() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv("PAMSYNC_TORTURE") != "" {
				s.step = 1
			}
			runs, met := 0, 0
			for n := 1; n <= s.most; n += s.step {
				runs++
				if failsAt(t, tracer, program, s, n) {
					met++
				}
			}
			t.Logf("%d runs, %d met the error", runs, met)
			if met == 0 {
				t.Error("no run met the error")
			}
		})
	}
}

// failsAt lets a run fail at the n-th call, and says whether it came so far.
func failsAt(t *testing.T, tracer, program string, s sweep, n int) bool {
	t.Helper()
	e := newEstate(t, program)
	args := []string{"apply", "plan.jsonl", "--yes", "--workers", s.workers}
	e.plan()
	if !s.fresh {
		args = append([]string{"resume", e.killed()}, args[2:]...)
	}
	log := filepath.Join(e.folder, "strace.log")
	line := []string{tracer, "-f", "-y", "-qq", "-o", log, "-e", "trace=" + s.call, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", s.call, s.error, n)}
	if s.about != anything {
		line = append(line, "-P", filepath.Join(e.runFolder(), string(s.about)))
	}
	where := fmt.Sprintf("%s, n %d", s.name, n)
	e.watch(func(begun int) {
		if failed, _ := injected(log); strings.Contains(failed, "journal.jsonl") && s.workers == "1" && s.call != "openat" {
			t.Errorf("%s: call %d begins after the journal failed", where, begun)
		}
		if data, err := os.ReadFile(filepath.Join(e.runFolder(), "journal.jsonl")); err != nil || bytes.Count(data, []byte(`{"intent":`)) < begun {
			t.Errorf("%s: call %d begins without its intent (%v)", where, begun, err)
		}
	})
	code, out := e.run(line, args...)
	e.watch(nil)
	failed, after := injected(log)
	switch {
	case failed == "" && code != 0:
		t.Fatalf("%s: nothing failed, and yet exit %d\n%s", where, code, out)
	case failed != "" && s.call == "openat" && code == 0 && strings.Contains(out, "warning: ") && strings.Contains(out, s.said):
		// The run looked at the journal as at one of an earlier run: that is passed over, and said.
	case failed != "" && (code != 74 || !strings.Contains(out, s.said)):
		t.Errorf("%s: exit %d after %s\n%s", where, code, failed, out)
	case strings.Contains(failed, "journal.jsonl") && strings.Contains(after, "journal.jsonl") && s.call != "openat":
		t.Errorf("%s: after %s the journal is asked for more:\n%s", where, failed, after)
	}
	if run := e.runFolder(); run == "" {
		e.wantExit(0, args...)
	} else {
		e.wantWholeReports(run)
		e.wantExit(0, "resume", filepath.Base(run), "--yes")
	}
	e.wantDone()
	return failed != ""
}

// injected is the first line of strace's log of a call that was made to fail, "" for none, and the
// rest behind it.
func injected(log string) (line, after string) {
	data, _ := os.ReadFile(log) // while nothing was traced there is none
	before, after, ok := strings.Cut(string(data), "(INJECTED)\n")
	if !ok {
		return "", ""
	}
	return before[strings.LastIndex(before, "\n")+1:], after
}

// wantWholeReports wants every report of a run's folder to be whole, and nothing half done beside them.
func (e *estateOfThirty) wantWholeReports(folder string) {
	e.t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		e.t.Fatal(err)
	}
	ends := map[string]*regexp.Regexp{"result.jsonl": regexp.MustCompile(`\n\{"seal":\{.*\}\}\n$`), "result.html": regexp.MustCompile(`</html>\s*$`), "result.csv": regexp.MustCompile(`\n$`)}
	for _, entry := range entries {
		text := load(e.t, filepath.Join(folder, entry.Name()))
		if end := ends[entry.Name()]; end != nil && !end.MatchString(text) {
			e.t.Errorf("%s ends in its midst: %q", entry.Name(), text[max(len(text)-100, 0):])
		}
		if entry.Name() == "result.csv" && strings.Count(text, "\n") != changesOfThirty+1 {
			e.t.Errorf("result.csv has %d lines", strings.Count(text, "\n"))
		}
		// The room that a killed run had taken is given back by the one that gets as far as to write.
		if strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".pamsync-reserve" {
			e.t.Errorf("%s is left", entry.Name())
		}
	}
}
