package jobs

import (
	"context"
	"errors"

	"pamsync/sinks"
)

// locks are the vault's lock in the user's cache folder and, because another user's run may share
// it, in the state folder too.
type locks []*sinks.Lock

// lock takes the vault's lock for a run that writes.
func (e *Env) lock(ctx context.Context, vaultName, run string) (locks, error) {
	var held locks
	for _, folder := range []string{e.LockFolder, e.Config.State} {
		l, err := sinks.TakeLock(ctx, folder, vaultName, run, e.LockTimeout)
		if err != nil {
			held.release()
			return nil, err
		}
		held = append(held, l)
	}
	return held, nil
}

// rename tells those who find the locks held the run's name, where it had none before.
func (l locks) rename(run string) error {
	var errs []error
	for _, one := range l {
		errs = append(errs, one.Rename(run))
	}
	return errors.Join(errs...)
}

// release gives the locks back.
func (l locks) release() {
	for i := len(l) - 1; i >= 0; i-- {
		_ = l[i].Release()
	}
}
