package jobs

import (
	"io"

	"pamsync/schemas"
)

// outStream names the output whose writing failed, whatever library stands between: its first error is a fault of
// the disk, and no bug. It has one writer at a time.
type outStream struct {
	w    io.Writer
	path string // "-" for stdout
	err  error
}

func (o *outStream) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	if err != nil {
		o.err = outputFailed(o.path, err)
	}
	return n, o.err
}

// first is the error that everything else came of.
func (o *outStream) first(err error) error {
	if o.err != nil {
		return o.err
	}
	return err
}

// outputFailed is the fault of an output that cannot be written, "-" being stdout: it has what the system says,
// without the name of a temporary file.
func outputFailed(path string, err error) *schemas.Fault {
	if path == "-" {
		path = "stdout"
	}
	return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", path).Because(rootCause(err))
}
