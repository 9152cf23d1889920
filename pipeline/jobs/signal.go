package jobs

import (
	"context"
	"errors"
)

// Interrupted is the cause of a context that a signal ended.
type Interrupted struct{ Signal int }

// Error names no more than the fact.
func (i Interrupted) Error() string { return "interrupted" }

// Signal is the number of the signal that ended the context, 0 for none.
func Signal(ctx context.Context) int {
	var i Interrupted
	if errors.As(context.Cause(ctx), &i) {
		return i.Signal
	}
	return 0
}
