package pipeline

import (
	"pamsync/schemas"
)

// task is one change on its way.
type task struct {
	change *schemas.Change
	stage  stage // of the next call; stageNone when there is none
	step   int   // calls made so far
	id     string
	status schemas.Status // set when the change has ended
	code   string
	doubt  *doubt
	resent bool
	wave   int  // in which it is made
	proven bool // the read-back was compared with it
	said   bool // the vault said yes to a bulk verb's call, and the list is yet to show it
	// activate tells that the upsert is done and found a record that must be activated.
	activate bool
}

// doubt is a call whose effect only the list can tell.
type doubt struct {
	code    string // what the result says where the list shows that nothing happened
	args    schemas.Args
	refusal int  // the vault's code, for a DELETE or PUT that was refused ambiguously
	resend  bool // the call may be made again where it certainly did nothing
}

func (r *Run) makeTasks() {
	r.devices = map[string]*task{}
	for i := range r.Plan.Changes {
		c := &r.Plan.Changes[i]
		t := &task{change: c, id: c.VaultID, stage: firstStage(c)}
		r.tasks = append(r.tasks, t)
		if c.Kind == schemas.KindDevice && c.Action != schemas.ActionInactivate {
			r.devices[fold(c.Device)] = t
		}
		r.recall(t)
	}
	r.listed = r.Past.Listed
}

// recall brings a task to where the journal left it.
func (r *Run) recall(t *task) {
	p, ok := r.Past.changes[t.change.ID]
	if !ok {
		return
	}
	t.step = p.step
	if p.vaultID != "" {
		t.id = p.vaultID
	}
	if p.final {
		t.status, t.code, t.stage = p.status, p.code, stageNone
		r.ended.Add(1)
		return
	}
	if p.doubtful {
		t.doubt = &doubt{code: orText(p.code, "no_answer"), args: p.args, refusal: p.refusal, resend: p.code == ""}
	}
	switch {
	case p.done == 0:
	case t.change.Action == schemas.ActionReactivate:
		t.stage = secondStage(t.change)
	case t.change.Action == schemas.ActionCreate:
		t.activate = true // the upsert found an old record; what is left is to activate it
	}
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func firstStage(c *schemas.Change) stage {
	device := c.Kind == schemas.KindDevice
	switch c.Action {
	case schemas.ActionReactivate:
		if device {
			return stageReactivateDevice
		}
		return stageReactivateAccount
	case schemas.ActionInactivate:
		if device {
			return stageInactivateDevice
		}
		return stageInactivateAccount
	}
	if device {
		return stageDevice
	}
	return stageAccount
}

// secondStage is the upsert that brings a reactivated record up to date.
func secondStage(c *schemas.Change) stage {
	switch {
	case c.Send.Empty():
		return stageNone
	case c.Kind == schemas.KindDevice:
		return stageDevice
	}
	return stageAccount
}
