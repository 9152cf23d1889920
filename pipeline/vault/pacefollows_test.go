package vault

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestPaceGivesWayAndComesBack: one refusal halves the pace, a vault that grows slow lowers it,
// refusals without an end bring it to its least; when all is well again it is what was set. It is
// never more: the bench holds every request against the window rule.
func TestPaceGivesWayAndComesBack(t *testing.T) {
	const rps = 40
	for name, c := range map[string]struct {
		fault    vaultsim.Fault
		slow     time.Duration
		from, to time.Duration // when it lasts
		low, up  float64       // between which the pace has its lowest
	}{
		"all is well":              {0, 0, 0, 0, rps, rps},
		"one 429":                  {vaultsim.Status429, 0, 10 * time.Second, 10*time.Second + 25*time.Millisecond, rps / 2, rps / 2},
		"one 503":                  {vaultsim.Status503, 0, 10 * time.Second, 10*time.Second + 25*time.Millisecond, rps / 2, rps / 2},
		"429 for a minute":         {vaultsim.Status429, 0, 10 * time.Second, 70 * time.Second, rps * leastPace, rps / 4},
		"ten times slower":         {0, time.Second, 30 * time.Second, 60 * time.Second, rps * leastPace, rps * cutSlow},
		"a 500 says nothing of it": {vaultsim.Status500After, 0, 10 * time.Second, 20 * time.Second, rps, rps},
	} {
		if testing.Short() && c.slow == 0 && name != "one 429" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var begun time.Time
			var once sync.Once
			lasts := func() bool {
				once.Do(func() { begun = time.Now() })
				since := time.Since(begun)
				return since >= c.from && since < c.to
			}
			sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
				time.Sleep(100 * time.Millisecond)
				if isToken(r) || !lasts() {
					return vaultsim.NoFault
				}
				time.Sleep(c.slow)
				return c.fault
			}}
			onBench(t, rps, sim, func(t *testing.T, b *bench) {
				b.upserts(3000)
				if lowest, _ := b.client.Slowest(); lowest < c.low-1e-6 || lowest > c.up+1e-6 {
					t.Errorf("the pace fell to %v, wanted %v to %v", lowest, c.low, c.up)
				}
				if now := float64(b.client.pace.limit.Limit()); now != rps {
					t.Errorf("the pace is %v in the end, wanted what was set", now)
				}
			})
		})
	}
}

// TestPaceFindsWhatTheVaultBears: a vault that lets in less than what was set refuses little, every
// call comes through, and most of what it bears is used.
func TestPaceFindsWhatTheVaultBears(t *testing.T) {
	calls, all := 1500, []struct{ set, bears float64 }{{40, 20}, {40, 5}, {100, 5}}
	if testing.Short() {
		calls, all = 700, all[:1]
	}
	for _, c := range all {
		t.Run(fmt.Sprintf("%v of %v", c.bears, c.set), func(t *testing.T) {
			t.Parallel()
			sim := &vaultsim.Vault{RateLimit: c.bears, RateBurst: 1, Latency: 50 * time.Millisecond}
			onBench(t, c.set, sim, func(t *testing.T, b *bench) {
				begun := time.Now()
				effects := b.upserts(calls)
				took := time.Since(begun).Seconds()
				refused := 0
				for _, r := range sim.Log() {
					if r.Status == 429 {
						refused++
					}
				}
				t.Logf("%v/s set, %v/s borne: %.1f/s, %.1f %% refused, %v", c.set, c.bears, float64(calls)/took, 100*float64(refused)/float64(calls), effects)
				if effects[schemas.EffectDone] != calls {
					t.Errorf("of %d calls: %v", calls, effects)
				}
				if refused > calls*6/100 {
					t.Errorf("%d of %d calls were refused once", refused, calls)
				}
				if float64(calls)/took < c.bears*0.6 {
					t.Errorf("%.1f calls a second, of %v that the vault bears", float64(calls)/took, c.bears)
				}
			})
		})
	}
}
