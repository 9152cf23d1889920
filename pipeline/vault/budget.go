package vault

import "sync"

// budget bounds how often calls are sent again, over all of them: a resend takes from it, a call
// that was answered at once gives a little back. While the vault is down it is soon empty, and a
// call then ends with its first answer: an outage does not multiply the traffic. The figures are
// those of the AWS SDK's standard retryer.
type budget struct {
	mu   sync.Mutex
	left int
}

const (
	budgetFull    = 500
	costResend    = 5
	costTimedOut  = 10
	refundedByOne = 1
)

func newBudget() *budget { return &budget{left: budgetFull} }

// take pays for a resend; false where there is not enough left.
func (b *budget) take(cost int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < cost {
		return false
	}
	b.left -= cost
	return true
}

// refund gives back what a call earns that was not sent again.
func (b *budget) refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+refundedByOne, budgetFull)
}
