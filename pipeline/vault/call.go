package vault

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"pamsync/schemas"
)

// meaning is how the answers to a call are read.
type meaning struct {
	payload string           // the member of an answer that names the record
	sent    []schemas.Secret // that a vault may repeat, and nobody else
	gives   bool             // a record with secrets, which the vault may say beside it too
	known   []string         // what the call has beside its secrets, which may be told again
	// already tells the codes of refusals that mean that the record id is as it should be.
	already func(code int) bool
	id      string
}

// call sends one call, and again where it was certainly not processed (law 4). It returns what is known
// about it, and the body of the answer. strange tells a path that the vault does not know: nothing was
// processed.
func (c *Client) call(ctx context.Context, rq request, m meaning) (answer schemas.Answer, body []byte, strange bool) {
	renewed := false
	for attempt := 1; ; attempt++ {
		t := c.once(ctx, rq)
		if t.err != nil {
			answer, again := c.afterError(ctx, t, m, attempt)
			if again {
				continue
			}
			answer.Attempts = attempt
			return answer, nil, false
		}
		answer, verdict, body := c.read(t.response, m)
		answer.Attempts = attempt
		if verdict.gateway() && !renewed && c.config.CallsForToken() {
			renewed = true
			c.tokens.refused(t.token)
			continue
		}
		if verdict.throttled() && attempt < attempts {
			again, err := c.again(ctx, costResend, c.retry.after(verdict.header, attempt))
			switch {
			case again:
				continue
			case err != nil:
				return schemas.Answer{Effect: schemas.EffectNotSent, Attempts: attempt, Message: "interrupted"}, nil, false
			}
		}
		if attempt == 1 && answer.Effect == schemas.EffectDone {
			c.budget.refund()
		}
		return answer, body, verdict.gateway() && verdict.http == http.StatusNotFound || verdict.unknownPath()
	}
}

// afterError decides about an attempt that brought no answer.
func (c *Client) afterError(ctx context.Context, t try, m meaning, attempt int) (answer schemas.Answer, again bool) {
	var fault *schemas.Fault
	if errors.As(t.err, &fault) {
		answer = schemas.Answer{Effect: schemas.EffectNotSent, Message: fault.Problem.Code}
		if fault.Class != schemas.ClassInterrupted {
			answer.Stop = fault
		}
		return answer, false
	}
	fault = c.networkFault(t.err)
	if !t.notSent {
		return schemas.Answer{Effect: schemas.EffectInDoubt, Message: c.hide(fault.Problem.Args["cause"], m.sent...)}, false
	}
	if attempt < dialAttempts && !permanent(t.err) {
		if again, _ := c.again(ctx, costOf(t.err), c.retry.pause(attempt)); again {
			return schemas.Answer{}, true
		}
	}
	return schemas.Answer{Effect: schemas.EffectNotSent, Message: fault.Problem.Code, Stop: fault}, false
}

// read reads an answer. Only a success that says so in every way is done; what is neither that nor a
// clear refusal is in doubt.
func (c *Client) read(response *http.Response, m meaning) (schemas.Answer, refusal, []byte) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	r := refusal{http: response.StatusCode, header: response.Header, html: !looksLikeJSON(body)}
	e, record, parseErr := parseAnswer(body, m.payload)
	e.settle(response.StatusCode)
	if m.gives {
		e.message = unsaidOf(e.message, record)
	}
	r.e, r.said, r.to = e, c.told(e.message, m), c.hide(r.header.Get("Location"), m.sent...)
	answer := schemas.Answer{ID: idOf(record), Identifier: identifierOf(record), Code: e.code, HTTP: response.StatusCode, Message: clip(r.said)}
	if m.payload == string(schemas.KindKey) {
		answer.Partial = clip(c.told(refusedDevices(record), m))
	}
	switch {
	case r.throttled():
		answer.Effect, answer.Stop = schemas.EffectNotSent, c.busy(r.http)
	case r.gateway():
		// The gateway let nothing through: certainly not processed.
		answer.Effect, answer.Stop = schemas.EffectNotSent, c.faultOf(r, m.payload)
	case r.http/100 == 3:
		answer.Effect, answer.Stop = schemas.EffectInDoubt, c.faultOf(r, m.payload)
	case r.http >= 500, e.status >= 500, err != nil, parseErr != nil, !e.present:
		answer.Effect = schemas.EffectInDoubt
		if r.html && r.http < 300 {
			answer.Message = "an answer that is no JSON"
		}
	case !e.failed && e.status/100 == 2 && e.code == 0:
		answer.Effect = schemas.EffectDone
	case !e.failed:
		answer.Effect = schemas.EffectInDoubt // neither a success that says so nor a refusal
	case m.already != nil && m.already(e.code):
		answer.Effect, answer.ID = schemas.EffectDone, m.id
	default:
		answer.Effect = schemas.EffectRefused
		if e.code == codeReadOnly {
			answer.Effect = schemas.EffectNotSent
			answer.Stop = c.fault(schemas.ClassRefused, "read_only", "client", c.config.ClientID)
		} else if r.http == http.StatusForbidden {
			answer.Stop = c.faultOf(r, m.payload)
		}
	}
	return answer, r, body
}

// unknownPath tells the vault's own answer to a path that it does not have (vault-api a.8): nothing was
// processed.
func (r refusal) unknownPath() bool {
	return r.http == http.StatusNotFound && r.e.present && r.e.code == 0
}

// told is what a vault says of a call, as it may be told again.
func (c *Client) told(text string, m meaning) string {
	text = c.hide(text, m.sent...)
	if m.gives || slices.ContainsFunc(m.sent, func(s schemas.Secret) bool { return !s.Empty() }) {
		return inWords(text, m.known)
	}
	return text
}
