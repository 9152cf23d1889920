package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"pamsync/pipeline/jobs"
)

// notify ends the context at the first SIGINT or SIGTERM, so that the work drains; a second
// one meets the system's default and leaves at once.
func notify(ctx context.Context, say func()) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stop := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			say()
			number := 2
			if s == syscall.SIGTERM {
				number = 15
			}
			cancel(jobs.Interrupted{Signal: number})
		case <-stop:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(stop)
		cancel(nil)
	}
}
