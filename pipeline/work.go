package pipeline

import (
	"context"
	"slices"
	"strconv"

	"pamsync/schemas"
)

// work makes the next call of a task and decides what follows from its answer.
func (r *Run) work(ctx context.Context, t *task) error {
	if err := r.stopped(ctx); err != nil {
		return err
	}
	switch r.deviceOf(t) {
	case deviceUndecided:
		return nil
	case deviceMissing:
		return r.end(t, schemas.StatusSkipped, "device_missing", schemas.Pairs("hostname", t.change.Device))
	}
	if t.activate {
		return r.activateOld(ctx, t)
	}
	if t.stage == stageInactivateDevice && t.change.Reason.Rule == schemas.RuleRenamed {
		if wait, err := r.uncarried(t); wait || err != nil {
			return err
		}
	}
	if t.stage == stageAccount && t.change.Reason.Rule == schemas.RuleRenamed && len(r.latest.FindDevices(t.change.Device)) == 0 {
		// The new record is not to be seen: what is carried there would be lost from sight.
		return r.end(t, schemas.StatusSkipped, "device_missing", schemas.Pairs("hostname", t.change.Device))
	}
	if t.stage == stageAccount && r.moved(t) {
		return r.end(t, schemas.StatusSkipped, "stale", nil)
	}
	if t.stage == stageInactivateDevice {
		if err := r.noteStanding(t); err != nil {
			return err
		}
	}
	if t.stage == stageInactivateAccount && t.change.Kind == schemas.KindInfo && !(schemas.Ref{ID: t.id, Identifier: t.change.Key}).Names(schemas.KindInfo) {
		return r.end(t, schemas.StatusFailed, "info_id_unknown", schemas.Pairs("identifier", t.change.Key)) // it would be another record that goes
	}
	call, err := r.callOf(t)
	if err != nil {
		return r.end(t, schemas.StatusFailed, "secret_unreadable", schemas.Pairs("cause", err.Error()))
	}
	answer, err := r.call(ctx, t, call)
	if err != nil || answer.Effect == schemas.EffectNotSent {
		return err
	}
	if answer.Stop != nil {
		r.halt(answer.Stop)
	}
	if r.wrongRecord(t, answer) {
		status := schemas.StatusFailed
		if t.change.Kind == schemas.KindInfo {
			status = schemas.StatusUnknown // no list tells which of the two is there now: a person must
		}
		return r.endWith(t, schemas.Outcome{Status: status, Effect: answer.Effect, Code: "other_record", Args: schemas.Pairs("id", answer.ID),
			HTTP: answer.HTTP, Attempts: answer.Attempts})
	}
	if answer.Effect == schemas.EffectDone && t.change.Action == schemas.ActionCreate && answer.ID == "" && t.change.Kind != schemas.KindInfo {
		return r.park(t, answer) // which record that was, the list tells
	}
	if answer.ID != "" {
		t.id = answer.ID
	}
	r.weigh(answer.Effect == schemas.EffectInDoubt || answer.Effect == schemas.EffectRefused && !meansDone(call.Verb, answer.Code))
	switch answer.Effect {
	case schemas.EffectDone:
		return r.afterDone(ctx, t, call, answer)
	case schemas.EffectRefused:
		return r.afterRefused(t, call, answer)
	}
	return r.park(t, answer)
}

// wrongRecord tells a success that names another record than the one meant: an update of one
// that answers with another's id, a create that answers with one that was listed, information
// that answers with another's identifier.
func (r *Run) wrongRecord(t *task, answer schemas.Answer) bool {
	if answer.Effect != schemas.EffectDone {
		return false
	}
	if t.change.Kind == schemas.KindInfo && answer.Identifier != "" && fold(answer.Identifier) != fold(t.change.Key) {
		return true // no list would tell whose id it is
	}
	if answer.ID == "" {
		return false
	}
	if t.change.Action == schemas.ActionCreate {
		return t.step == 1 && r.latest.lists(t.change.Kind, answer.ID)
	}
	return answer.ID != t.change.VaultID && (t.change.Kind != schemas.KindInfo || t.change.VaultID != "")
}

// moved looks once more, by the latest list, at a credential that is about to be sent: its
// device's own change may be minutes old by now.
func (r *Run) moved(t *task) bool {
	verdict := Check(t.change, r.latest, r.Memory)
	return verdict == stale || verdict == already && t.step == 0 && t.change.Action == schemas.ActionCreate
}

// readiness is whether the device of a credential is as the plan wanted it.
type readiness int

const (
	deviceReady readiness = iota
	deviceMissing
	deviceUndecided // in doubt: its credentials wait for the list
)

func (r *Run) deviceOf(t *task) readiness {
	d := r.devices[fold(t.change.Device)]
	if d == nil || d == t || t.change.Action == schemas.ActionInactivate {
		return deviceReady
	}
	switch {
	case d.status == schemas.StatusDone || d.code == "already_done":
		return deviceReady
	case d.status != "":
		return deviceMissing
	case d.doubt == nil && d.step > 0 && t.stage == stageReactivateAccount:
		return deviceReady // activated; its fields follow in their own stage
	}
	return deviceUndecided
}

func (r *Run) callOf(t *task) (schemas.Call, error) {
	c := t.change
	call := schemas.Call{Kind: c.Kind, ID: t.id}
	if c.Kind == schemas.KindInfo {
		call.ID = orText(t.id, c.Key) // an answer need not tell the id (vault-api a.5)
	}
	switch t.stage {
	case stageReactivateDevice, stageReactivateAccount:
		call.Verb = schemas.VerbActivate
	case stageInactivateAccount, stageInactivateDevice:
		call.Verb = schemas.VerbInactivate
	default:
		call.Verb, call.Values = schemas.VerbUpsert, c.Send.Values()
		if c.Kind.Account() {
			r.sendAsListed(t, &call.Values)
		}
		if c.Secret {
			secret, err := r.Secret(c)
			if err != nil {
				return call, err
			}
			call.Secret, call.Second = secret.Parted()
		}
	}
	return call, nil
}

// sendAsListed sends a credential with its device's name and address as the vault lists them
// now, which is what the vault matches by.
func (r *Run) sendAsListed(t *task, v *schemas.Values) {
	id := t.change.DeviceID
	if d := r.devices[fold(t.change.Device)]; d != nil && d.id != "" {
		id = d.id
	}
	if d := r.latest.Device(id); d != nil && d.Hostname != "" && d.IP != "" {
		v[schemas.FieldHostname], v[schemas.FieldIP] = d.Hostname, d.IP
	}
}

// noteStanding journals what is active on a device that is about to be inactivated: its credentials
// and keys go with it, and only the journal tells afterwards which these were.
func (r *Run) noteStanding(t *task) error {
	device := r.latest.deviceNumber(t.id)
	if device < 0 {
		return nil
	}
	items := r.latest.Cascade(device)
	if items == nil {
		items = []schemas.Item{}
	}
	return r.journal(schemas.Record{Standing: &schemas.Standing{Change: t.change.ID, Items: items}})
}

// call journals the intent, makes the call, and journals what is known.
func (r *Run) call(ctx context.Context, t *task, call schemas.Call) (schemas.Answer, error) {
	return r.callBy(t, call, func() schemas.Answer { return r.Send(ctx, call) })
}

// callBy is call, of a call that is made by other means than by Send.
func (r *Run) callBy(t *task, call schemas.Call, send func() schemas.Answer) (schemas.Answer, error) {
	t.step++
	intent := schemas.Intent{Change: t.change.ID, Step: t.step, Verb: call.Verb, Kind: call.Kind, ID: call.ID, At: r.stamp()}
	if err := r.journal(schemas.Record{Intent: &intent}); err != nil {
		return schemas.Answer{}, err
	}
	answer := send()
	if answer.Effect != schemas.EffectNotSent {
		if call.Verb != schemas.VerbInactivate { // what goes by itself hangs on nothing else that goes
			r.behind.Store(true)
		}
		return answer, nil
	}
	t.step--
	if answer.Stop != nil {
		r.halt(answer.Stop)
	}
	o := schemas.Outcome{Change: t.change.ID, Step: t.step + 1, Effect: answer.Effect, Code: "not_sent", HTTP: answer.HTTP, Attempts: answer.Attempts, At: r.stamp()}
	return answer, r.journal(schemas.Record{Outcome: &o})
}

func (r *Run) afterDone(ctx context.Context, t *task, call schemas.Call, answer schemas.Answer) error {
	if call.Verb == schemas.VerbActivate && secondStage(t.change) != stageNone && t.change.Action == schemas.ActionReactivate {
		t.stage = secondStage(t.change)
		return r.stepDone(t, answer)
	}
	if call.Verb == schemas.VerbUpsert && t.change.Action == schemas.ActionCreate && r.isOld(t.change.Kind, answer.ID) && r.mayActivate(t.change) {
		if err := r.stepDone(t, answer); err != nil {
			return err
		}
		return r.activateOld(ctx, t)
	}
	if answer.Partial != "" {
		f := schemas.Finding{Change: t.change.ID, Code: findingPartial, Field: schemas.FieldDevices.String(), Sent: t.change.Send.Get(schemas.FieldDevices), Kept: answer.Partial}
		if err := r.journal(schemas.Record{Finding: &f}); err != nil {
			return err
		}
	}
	return r.endWith(t, schemas.Outcome{Status: schemas.StatusDone, Effect: answer.Effect, VaultID: t.id, HTTP: answer.HTTP, Attempts: answer.Attempts})
}

// stepDone journals a call that succeeded and is not the change's last.
func (r *Run) stepDone(t *task, answer schemas.Answer) error {
	return r.journal(schemas.Record{Outcome: &schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: answer.Effect, VaultID: t.id,
		HTTP: answer.HTTP, Attempts: answer.Attempts, At: r.stamp()}})
}

// isOld tells the answered id of a record that existed before the run and was not listed: an
// inactive twin, or one that we may not see. Ids only grow, and those of earlier runs are known.
func (r *Run) isOld(kind schemas.Kind, id string) bool {
	if kind == schemas.KindInfo || r.latest.lists(kind, id) {
		return false
	}
	if r.LastGood != nil && r.LastGood.Ever(kind, id) {
		return true
	}
	n, highest := numeric(id), r.listed.MaxCredential
	if kind == schemas.KindDevice {
		highest = r.listed.MaxDevice
	}
	return n > 0 && n <= highest
}

func (r *Run) mayActivate(c *schemas.Change) bool {
	switch r.Policy.reactivates(c.Kind) {
	case schemas.ReactivateAny:
		return true
	case schemas.ReactivateOurs:
		return r.Memory != nil && r.Memory.inactive(c.Kind, c.Key) != nil
	}
	return false
}

// activateOld activates the record that a create found; what the list shows of it afterwards
// decides whether it is visible.
func (r *Run) activateOld(ctx context.Context, t *task) error {
	call := schemas.Call{Verb: schemas.VerbActivate, Kind: t.change.Kind, ID: t.id}
	answer, err := r.call(ctx, t, call)
	if err != nil || answer.Effect == schemas.EffectNotSent {
		return err
	}
	if answer.Stop != nil {
		r.halt(answer.Stop)
	}
	return r.endWith(t, schemas.Outcome{Status: schemas.StatusDone, Effect: answer.Effect, VaultID: t.id, HTTP: answer.HTTP, Attempts: answer.Attempts})
}

// afterRefused ends a change that the vault refused. Refusals that can also mean that the
// wanted state is there already are settled by the list, never counted as success (design 6).
func (r *Run) afterRefused(t *task, call schemas.Call, answer schemas.Answer) error {
	if t.change.Kind == schemas.KindInfo && call.Verb == schemas.VerbInactivate && answer.Code == codeInfoInactive {
		return r.endWith(t, schemas.Outcome{Status: schemas.StatusSkipped, Effect: answer.Effect, Code: "already_inactive", HTTP: answer.HTTP, Attempts: answer.Attempts})
	}
	ambiguous := meansDone(call.Verb, answer.Code)
	code, args := refusalWords(answer)
	if ambiguous {
		t.doubt = &doubt{code: code, args: args, refusal: answer.Code}
		return r.journal(schemas.Record{Outcome: &schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: schemas.EffectInDoubt,
			Refusal: answer.Code, Code: code, Args: args, HTTP: answer.HTTP, Attempts: answer.Attempts, At: r.stamp()}})
	}
	return r.endWith(t, schemas.Outcome{Status: schemas.StatusFailed, Effect: answer.Effect, Code: code, Args: args, HTTP: answer.HTTP, Attempts: answer.Attempts})
}

// codeInfoInactive is the vault's own word for information that is inactive (vault-api a.8); no list could
// say more.
const codeInfoInactive = 1024

// meansDone tells the refusals that can also mean that the record is as it should be already.
func meansDone(verb schemas.Verb, code int) bool {
	switch verb {
	case schemas.VerbInactivate:
		return slices.Contains([]int{1007, 1008, 1011, 1015, 1017}, code)
	case schemas.VerbActivate:
		return code == 1017
	}
	return false
}

// park sets a change aside whose answer was lost or tells nothing; it is settled together with
// the others by one reading of the lists.
func (r *Run) park(t *task, answer schemas.Answer) error {
	code, args := "no_answer", schemas.Pairs("cause", answer.Message)
	if answer.HTTP >= 300 {
		code, args = refusalWords(answer)
	}
	t.doubt = &doubt{code: code, args: args}
	return r.journal(schemas.Record{Outcome: &schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: schemas.EffectInDoubt,
		Code: code, Args: args, VaultID: t.id, HTTP: answer.HTTP, Attempts: answer.Attempts, At: r.stamp()}})
}

// refusalWords is the code and arguments of a refusal: the vault's own code where it gave one.
func refusalWords(a schemas.Answer) (string, schemas.Args) {
	code := "vault_refused"
	if a.Code > 0 {
		code = strconv.Itoa(a.Code)
	}
	return code, schemas.Pairs("message", a.Message, "http", strconv.Itoa(a.HTTP))
}
