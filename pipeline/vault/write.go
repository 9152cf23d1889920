package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"pamsync/schemas"
)

// The vault's codes that decide something here (vault-api a.8).
const (
	codeNoAccess         = 1009
	codeReadOnly         = 1039
	codeCredentialActive = 1043
	codeDeviceActive     = 1044
	codeKeyActive        = 1045
)

// Writer changes records of the vault. Only what applies a reviewed plan holds one.
type Writer struct{ c *Client }

// Do makes one call and says what is known about it afterwards. It is sent again only where it
// was certainly not processed (law 4); cancelling ctx stops it before it is sent, never after.
func (w *Writer) Do(ctx context.Context, call schemas.Call) schemas.Answer {
	rq, err := build(call)
	if err != nil {
		return schemas.Answer{Effect: schemas.EffectNotSent, Message: err.Error(), Stop: schemas.NewFault(schemas.ClassBug, "call_not_allowed", "call", string(call.Verb)+" "+string(call.Kind))}
	}
	renewed := false
	for attempt := 1; ; attempt++ {
		t := w.c.once(ctx, rq)
		if t.err != nil {
			answer, again := w.afterError(ctx, t, call, attempt)
			if again {
				continue
			}
			answer.Attempts = attempt
			return answer
		}
		answer, verdict := w.read(t.response, call)
		answer.Attempts = attempt
		if verdict.gateway() && !renewed && w.c.config.CallsForToken() {
			renewed = true
			w.c.tokens.refused(t.token)
			continue
		}
		if verdict.throttled() && attempt < attempts {
			again, err := w.c.again(ctx, costResend, w.c.retry.after(verdict.header, attempt))
			switch {
			case again:
				continue
			case err != nil:
				return schemas.Answer{Effect: schemas.EffectNotSent, Attempts: attempt, Message: "interrupted"}
			}
		}
		if attempt == 1 && answer.Effect == schemas.EffectDone {
			w.c.budget.refund()
		}
		return answer
	}
}

// afterError decides about an attempt that brought no answer.
func (w *Writer) afterError(ctx context.Context, t try, call schemas.Call, attempt int) (answer schemas.Answer, again bool) {
	var fault *schemas.Fault
	if errors.As(t.err, &fault) {
		answer = schemas.Answer{Effect: schemas.EffectNotSent, Message: fault.Problem.Code}
		if fault.Class != schemas.ClassInterrupted {
			answer.Stop = fault
		}
		return answer, false
	}
	fault = w.c.networkFault(t.err)
	if !t.notSent {
		return schemas.Answer{Effect: schemas.EffectInDoubt, Message: w.c.hide(fault.Problem.Args["cause"], call.Secret)}, false
	}
	if attempt < dialAttempts && !permanent(t.err) {
		if again, _ := w.c.again(ctx, costOf(t.err), w.c.retry.pause(attempt)); again {
			return schemas.Answer{}, true
		}
	}
	return schemas.Answer{Effect: schemas.EffectNotSent, Message: fault.Problem.Code, Stop: fault}, false
}

// read reads an answer to a write. Only a success that says so in every way is done; what is
// neither that nor a clear refusal is in doubt.
func (w *Writer) read(response *http.Response, call schemas.Call) (schemas.Answer, refusal) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	r := refusal{http: response.StatusCode, header: response.Header, html: !looksLikeJSON(body)}
	e, id, parseErr := parseAnswer(body, string(call.Kind))
	e.settle(response.StatusCode)
	r.e, r.said, r.to = e, w.c.hide(e.message, call.Secret), w.c.hide(r.header.Get("Location"), call.Secret)
	answer := schemas.Answer{ID: id, Code: e.code, HTTP: response.StatusCode, Message: clip(r.said)}
	switch {
	case r.throttled():
		answer.Effect, answer.Stop = schemas.EffectNotSent, w.c.busy(r.http)
	case r.gateway():
		// The gateway let nothing through: certainly not processed.
		answer.Effect, answer.Stop = schemas.EffectNotSent, w.c.faultOf(r, string(call.Kind))
	case r.http/100 == 3:
		answer.Effect, answer.Stop = schemas.EffectInDoubt, w.c.faultOf(r, string(call.Kind))
	case r.http >= 500, e.status >= 500, err != nil, parseErr != nil, !e.present:
		answer.Effect = schemas.EffectInDoubt
		if r.html && r.http < 300 {
			answer.Message = "an answer that is no JSON"
		}
	case !e.failed && e.status/100 == 2 && e.code == 0:
		answer.Effect = schemas.EffectDone
	case !e.failed:
		answer.Effect = schemas.EffectInDoubt // neither a success that says so nor a refusal
	case call.Verb == schemas.VerbActivate && alreadyActive(e.code):
		answer.Effect, answer.ID = schemas.EffectDone, call.ID
	default:
		answer.Effect = schemas.EffectRefused
		if e.code == codeReadOnly {
			answer.Effect = schemas.EffectNotSent
			answer.Stop = w.c.fault(schemas.ClassRefused, "read_only", "client", w.c.config.ClientID)
		} else if r.http == http.StatusForbidden {
			answer.Stop = w.c.faultOf(r, string(call.Kind))
		}
	}
	return answer, r
}

// alreadyActive tells the answers to PUT that mean done; 1017 can mean either and is settled
// by the list (vault-api a.3, a.8).
func alreadyActive(code int) bool {
	return code == codeCredentialActive || code == codeDeviceActive || code == codeKeyActive
}

// RequestLine is the method and path that a call takes, for a person.
func RequestLine(verb schemas.Verb, kind schemas.Kind, id string) string {
	rq, err := build(schemas.Call{Verb: verb, Kind: kind, ID: id})
	if err != nil {
		return ""
	}
	return rq.method + " " + rq.path
}

// build makes the request of a call. The JSON is written field by field: the vault's own
// names for them stand in wireNames, and nowhere else.
func build(call schemas.Call) (request, error) {
	path := "/pam/" + string(call.Kind)
	switch call.Verb {
	case schemas.VerbActivate, schemas.VerbInactivate:
		if _, err := strconv.ParseUint(call.ID, 10, 64); err != nil {
			return request{}, errors.New("an id that is no number: " + call.ID)
		}
		method := http.MethodPut
		if call.Verb == schemas.VerbInactivate {
			method = http.MethodDelete
		}
		return request{method: method, path: path + "/" + call.ID}, nil
	case schemas.VerbUpsert:
		body, err := upsertBody(call)
		return request{method: http.MethodPost, path: path, body: body}, err
	}
	return request{}, errors.New("no such verb: " + string(call.Verb))
}

func upsertBody(call schemas.Call) ([]byte, error) {
	body := map[string]any{}
	for field, name := range wireNames(call.Kind) {
		switch value := call.Values[field]; {
		case value == "":
		case field.HasSettings():
			body[name] = json.RawMessage(value)
		default:
			body[name] = value
		}
	}
	if !call.Secret.Empty() {
		body["content"] = call.Secret.Reveal()
	}
	return json.Marshal(body)
}

// wireNames are the vault's names of the fields of an upsert (vault-api a.2, a.3, c.3, c.4).
// In a credential `type` is the device's type: pamsync never sends it there.
func wireNames(kind schemas.Kind) map[schemas.Field]string {
	if kind == schemas.KindDevice {
		return map[schemas.Field]string{
			schemas.FieldHostname: "hostname", schemas.FieldIP: "ip", schemas.FieldSite: "site",
			schemas.FieldModel: "model", schemas.FieldVendor: "vendor", schemas.FieldType: "type",
			schemas.FieldDeviceDomain: "device_domain", schemas.FieldDeviceTags: "device_tags",
			schemas.FieldConnectivities: "connectivities", schemas.FieldSessionRemoteConfig: "session_remote_config",
		}
	}
	return map[schemas.Field]string{
		schemas.FieldHostname: "hostname", schemas.FieldIP: "ip", schemas.FieldIdentifier: "identifier",
		schemas.FieldUsername: "username", schemas.FieldCredentialType: "credential_type",
		schemas.FieldDomain: "domain", schemas.FieldAdditional: "additional", schemas.FieldTags: "tags",
		schemas.FieldParent: "parent_password", schemas.FieldExecutionSettings: "execution_settings",
		schemas.FieldSessionSettings: "session_settings", schemas.FieldAdditionalSettings: "additional_settings",
		schemas.FieldJITSettings: "jit_settings",
	}
}
