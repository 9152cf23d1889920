package jobs

import (
	"errors"
	"fmt"
	"testing"

	"pamsync/schemas"
)

// cutOff takes so many writes, and no more.
type cutOff int

func (c *cutOff) Write(p []byte) (int, error) {
	if *c--; *c < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestAnOutputThatCannotBeWrittenIsNoBug(t *testing.T) {
	for path, name := range map[string]string{"-": "stdout", "x.age": "x.age"} {
		left := cutOff(1)
		out := &outStream{w: &left, path: path}
		if _, err := out.Write([]byte("head")); err != nil || out.first(nil) != nil {
			t.Fatal(err)
		}
		_, _ = out.Write([]byte("record"))
		// a library between may say it in its own words
		fault := faultOf(out.first(fmt.Errorf("failed to write: %v", errors.New("short"))))
		if fault.Class != schemas.ClassDisk || fault.Problem.Code != "output_failed" || fault.Problem.Args["path"] != name {
			t.Errorf("%s: %+v", path, fault)
		}
	}
}
