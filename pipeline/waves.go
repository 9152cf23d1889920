package pipeline

import (
	"context"
	"math"
	"strconv"

	"pamsync/schemas"
)

// A run goes in waves: the stages that the configuration asks for. A wave is a plan of its own, with
// the whole order of writes, and after it the lists are read and compared. What belongs together is
// never parted: a device with all that hangs on it, and a device with its new name.

// never is the wave of tasks that another night makes.
const never = math.MaxInt

// bundle is what one wave makes as a whole.
type bundle struct{ tasks []*task }

// open counts the tasks that have not ended.
func (b *bundle) open() int {
	n := 0
	for _, t := range b.tasks {
		if t.stage != stageNone || t.doubt != nil {
			n++
		}
	}
	return n
}

// makeWaves gives each task its wave.
func (r *Run) makeWaves() {
	bundles := r.bundles()
	r.waves = 1
	left := size(r.Brakes.Stages, 0, len(r.tasks))
	for _, b := range bundles {
		if left <= 0 && r.waves < len(r.Brakes.Stages)+1 {
			left = size(r.Brakes.Stages, r.waves, len(r.tasks))
			r.waves++
		}
		left -= len(b.tasks)
		for _, t := range b.tasks {
			t.wave = r.waves - 1
		}
	}
	r.bundled = bundles
}

// size is how many changes a stage has, of all of them.
func size(stages []schemas.StageSize, i, all int) int {
	if i >= len(stages) || stages[i].Rest {
		return math.MaxInt
	}
	if stages[i].Percent > 0 {
		return int(math.Ceil(stages[i].Percent * float64(all) / 100))
	}
	return stages[i].Count
}

// spend leaves to other nights what is beyond tonight's budget: changes that have ended cost nothing,
// those that the lists show to be done already or to have moved among them, and one bundle at least is
// made.
func (r *Run) spend() {
	if r.Brakes.Budget <= 0 {
		return
	}
	spent := 0
	for _, b := range r.bundled {
		open := b.open()
		if open > 0 && spent > 0 && spent+open > r.Brakes.Budget {
			for _, t := range b.tasks {
				if t.stage != stageNone && t.step == 0 && t.doubt == nil {
					t.wave = never
					r.put++
				}
			}
			continue
		}
		spent += open
	}
}

// bundles puts together what belongs together, in the plan's order.
func (r *Run) bundles() []*bundle {
	leader := map[string]string{}
	var find func(string) string
	find = func(key string) string {
		up, ok := leader[key]
		if !ok || up == key {
			return key
		}
		top := find(up)
		leader[key] = top
		return top
	}
	for _, t := range r.tasks {
		if c := t.change; c.Reason.Rule == schemas.RuleRenamed {
			if a, b := find(fold(c.Device)), find(fold(c.Reason.Value)); a != b {
				leader[a] = b
			}
		}
	}
	var list []*bundle
	at := map[string]*bundle{}
	for _, t := range r.tasks {
		key := find(fold(t.change.Device))
		b := at[key]
		if b == nil {
			b = &bundle{}
			at[key] = b
			list = append(list, b)
		}
		b.tasks = append(b.tasks, t)
	}
	return list
}

// busy says whether anything is left to do in a wave.
func (r *Run) busy(wave int) bool {
	for _, t := range r.tasks {
		if t.wave == wave && (t.stage != stageNone || t.doubt != nil) {
			return true
		}
	}
	return false
}

// applyWaves makes one wave after the other.
func (r *Run) applyWaves(ctx context.Context) error {
	for r.wave = 0; r.wave < r.waves; r.wave++ {
		last := r.wave == r.waves-1
		if !last && !r.busy(r.wave) {
			continue // of a run that is resumed
		}
		if r.wave > 0 {
			if err := r.checkWave(); err != nil {
				return err
			}
		}
		if err := r.applyWave(ctx); err != nil {
			return err
		}
		if last {
			break
		}
		if err := r.compareWave(); err != nil {
			return err
		}
		if r.Say != nil {
			r.Say("stage_done", "stage", strconv.Itoa(r.wave+1), "of", strconv.Itoa(r.waves))
		}
	}
	if r.put > 0 {
		return schemas.NewFault(schemas.ClassStopped, schemas.BudgetSpent, "left", strconv.Itoa(r.put), "budget", strconv.Itoa(r.Brakes.Budget))
	}
	return nil
}

// checkWave looks at the changes of a wave once more, by the list that was read behind the one before.
func (r *Run) checkWave() error {
	for _, t := range r.tasks {
		if t.wave == r.wave && t.doubt == nil {
			if err := r.checkTask(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareWave stops the run behind a wave that is not as it was sent: a value that the vault keeps
// otherwise, a record that it does not show, or nothing at all that came about. That an inactivated
// record is listed still says how this vault lists.
func (r *Run) compareWave() error {
	done, failed := 0, 0
	for _, t := range r.tasks {
		if t.wave != r.wave {
			continue
		}
		switch t.status {
		case schemas.StatusDone:
			done++
		case schemas.StatusFailed, schemas.StatusUnknown:
			failed++
		}
	}
	pairs := []string{"stage", strconv.Itoa(r.wave + 1), "of", strconv.Itoa(r.waves)}
	if f := r.differs; f != nil {
		key := ""
		for _, t := range r.tasks {
			if t.change.ID == f.Change {
				key = t.change.Key
			}
		}
		pairs = append(pairs, "key", key, "why", f.Code, "field", f.Field, "sent", f.Sent, "kept", f.Kept)
		return schemas.NewFault(schemas.ClassStopped, "stage_differs", pairs...)
	}
	if done == 0 && failed > 0 {
		return schemas.NewFault(schemas.ClassStopped, "stage_differs", append(pairs, "why", "failed", "n", strconv.Itoa(failed))...)
	}
	return nil
}
