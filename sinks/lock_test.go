package sinks_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"pamsync/schemas"
	"pamsync/sinks"
)

const vaultName = "https://vault.example:443"

func take(folder, run string, wait time.Duration) (*sinks.Lock, error) {
	return sinks.TakeLock(context.Background(), folder, vaultName, run, wait)
}

func TestTheSecondTakerIsToldWhoHoldsIt(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "cache", "pamsync")
	first, err := take(folder, "20261102T150405Z-x7kq", 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = take(folder, "other", 0)
	f := wantClass(t, err, schemas.ClassLocked)
	host, _ := os.Hostname()
	for _, want := range []string{"pid " + strconv.Itoa(os.Getpid()), host, "20261102T150405Z-x7kq"} {
		if !strings.Contains(f.Problem.Args["holder"], want) {
			t.Errorf("the holder %q lacks %q", f.Problem.Args["holder"], want)
		}
	}
	if f.Problem.Args["vault"] != vaultName {
		t.Errorf("%v", f)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := take(folder, "other", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Release()
}

func TestEachVaultHasALockOfItsOwn(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{vaultName, "https://vault.example:8443", "http://vault.example:443", "https://[::1]:443", "https://other.example:443"} {
		lock, err := sinks.TakeLock(context.Background(), folder, name, "r", 0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		defer lock.Release()
	}
}

// TestAFileHasALockOfItsOwn: one stands in nobody's way who locks another, or the vault; who holds it is told.
func TestAFileHasALockOfItsOwn(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state")
	vault, err := take(folder, "run", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer vault.Release()
	path := filepath.Join(folder, "certificates.json")
	for _, free := range []string{path, filepath.Join(folder, "sessions.json")} {
		lock, err := sinks.LockFile(context.Background(), free, "export sessions", 0)
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Release()
	}
	_, err = sinks.LockFile(context.Background(), path, "other", 0)
	f := wantClass(t, err, schemas.ClassLocked)
	if f.Problem.Code != "file_locked" || f.Problem.Args["path"] != path || !strings.Contains(f.Problem.Args["holder"], "run export sessions") {
		t.Errorf("%v", f)
	}
}

// waiting is a context that tells when somebody begins to wait on it.
type waiting struct {
	context.Context
	asked func()
}

func (w waiting) Done() <-chan struct{} {
	w.asked()
	return w.Context.Done()
}

func TestAWaiterGetsItWhenItIsReleased(t *testing.T) {
	folder := t.TempDir()
	first, err := take(folder, "first", 0)
	if err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	once := make(chan struct{}, 1)
	once <- struct{}{}
	ctx := waiting{context.Background(), func() {
		select {
		case <-once:
			go func() { released <- first.Release() }()
		default:
		}
	}}
	second, err := sinks.TakeLock(ctx, folder, vaultName, "second", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Release()
	if err := <-released; err != nil {
		t.Error(err)
	}
	_, err = take(folder, "third", 0)
	if f := wantClass(t, err, schemas.ClassLocked); !strings.Contains(f.Problem.Args["holder"], "run second") {
		t.Errorf("the holder is %q", f.Problem.Args["holder"])
	}
}

func TestAWaitThatIsOverIsLocked(t *testing.T) {
	folder := t.TempDir()
	first, err := take(folder, "first", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	_, err = take(folder, "second", time.Millisecond)
	wantClass(t, err, schemas.ClassLocked)
}

func TestALockOfAFolderThatCannotBeIsADiskFault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "x")
	_, err := take(filepath.Join(file, "pamsync"), "r", 0)
	wantClass(t, err, schemas.ClassDisk)
}

func TestAHolderFileThatIsBrokenHidesNothing(t *testing.T) {
	folder := t.TempDir()
	first, err := take(folder, "first", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	for _, name := range names(t, folder) {
		if strings.HasSuffix(name, ".holder") {
			put(t, filepath.Join(folder, name), "{")
		}
	}
	_, err = take(folder, "second", 0)
	if f := wantClass(t, err, schemas.ClassLocked); f.Problem.Args["holder"] != "" {
		t.Errorf("%v", f)
	}
}

// TestMain is also the process that TestAKilledHolderFreesIt kills: it takes a lock and waits.
func TestMain(m *testing.M) {
	folder := os.Getenv("PAMSYNC_TEST_HOLD")
	if folder == "" {
		os.Exit(m.Run())
	}
	lock, err := take(folder, "killed", 0)
	if err != nil {
		fmt.Println("refused", err)
		os.Exit(1)
	}
	fmt.Println("held")
	bufio.NewReader(os.Stdin).ReadByte() // until we are killed, or our parent ends
	runtime.KeepAlive(lock)              // a lock nobody refers to any more is collected, and its file closed
	os.Exit(0)
}

func TestAKilledHolderFreesIt(t *testing.T) {
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PAMSYNC_TEST_HOLD="+folder)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	line, _ := bufio.NewReader(out).ReadString('\n')
	if strings.TrimSpace(line) != "held" {
		cmd.Process.Kill()
		t.Fatalf("the helper said %q", line)
	}
	_, err := take(folder, "us", 0)
	f := wantClass(t, err, schemas.ClassLocked)
	if !strings.Contains(f.Problem.Args["holder"], "pid "+strconv.Itoa(cmd.Process.Pid)+" ") || !strings.Contains(f.Problem.Args["holder"], "run killed") {
		t.Errorf("the holder is %q", f.Problem.Args["holder"])
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed: that is its error
	lock, err := take(folder, "us", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
}

func TestALookLeavesTheLockAndTheFolderAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "cache")
	if err := sinks.LookAtLock(folder, vaultName); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a look made the folder: %v", err)
	}
	held, err := take(folder, "20261102T150405Z-x7kq", 0)
	if err != nil {
		t.Fatal(err)
	}
	before := names(t, folder)
	for range 2 {
		f := wantClass(t, sinks.LookAtLock(folder, vaultName), schemas.ClassLocked)
		if !strings.Contains(f.Problem.Args["holder"], "run 20261102T150405Z-x7kq") {
			t.Errorf("the holder is %q", f.Problem.Args["holder"])
		}
	}
	if after := names(t, folder); len(after) != len(before) {
		t.Errorf("%v became %v", before, after)
	}
	if _, err := take(folder, "other", 0); err == nil {
		t.Error("a look took the lock away")
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if err := sinks.LookAtLock(folder, vaultName); err != nil {
		t.Fatal(err)
	}
	again, err := take(folder, "other", 0)
	if err != nil {
		t.Fatalf("a look left the lock taken: %v", err)
	}
	defer again.Release()
}

// TestALookerDoesNotStopARun: a run that asks for no wait still outlasts a look.
func TestALookerDoesNotStopARun(t *testing.T) {
	folder := t.TempDir()
	look := flock.New(filepath.Join(folder, "https-vault.example-443.lock"))
	if ok, err := look.TryRLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	gone := make(chan error, 1)
	ctx := waiting{context.Background(), sync.OnceFunc(func() { gone <- look.Close() })}
	lock, err := sinks.TakeLock(ctx, folder, vaultName, "run", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := <-gone; err != nil {
		t.Error(err)
	}
}

// TestADeadHolderIsNotNamed: the name of a run that was killed stands there until the next one has
// written its own.
func TestADeadHolderIsNotNamed(t *testing.T) {
	folder := t.TempDir()
	first, err := take(folder, "first", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	dead := exec.Command(os.Args[0], "-test.run=^$")
	host, err := os.Hostname()
	if err := errors.Join(err, dead.Run()); err != nil {
		t.Fatal(err)
	}
	holder := filepath.Join(folder, "https-vault.example-443.lock.holder")
	alive := read(t, holder)
	put(t, holder, fmt.Sprintf(`{"pid":%d,"host":%q,"start":"2026-11-02T15:04:05Z","run":"killed"}`, dead.Process.Pid, host))
	if f := wantClass(t, sinks.LookAtLock(folder, vaultName), schemas.ClassLocked); f.Problem.Args["holder"] != "" {
		t.Errorf("the holder is %q", f.Problem.Args["holder"])
	}
	put(t, holder, alive)
	if f := wantClass(t, sinks.LookAtLock(folder, vaultName), schemas.ClassLocked); !strings.Contains(f.Problem.Args["holder"], "run first") {
		t.Errorf("the holder is %q", f.Problem.Args["holder"])
	}
}
