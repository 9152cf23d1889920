package vault

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
	ways, err := build(call)
	if err != nil {
		return schemas.Answer{Effect: schemas.EffectNotSent, Message: err.Error(), Stop: schemas.NewFault(schemas.ClassBug, "call_not_allowed", "call", string(call.Verb)+" "+string(call.Kind))}
	}
	m := meaning{payload: string(call.Kind), sent: call.Secrets(), known: knownOf(&call)}
	if call.Verb == schemas.VerbDrop {
		m.sent = append(m.sent, schemas.NewSecret(call.ID)) // a session_id is for no eye (design 3)
	}
	if call.Verb == schemas.VerbActivate {
		m.already, m.id = alreadyActive, call.ID
	}
	var answer schemas.Answer
	if _, prefix, _ := w.c.tokens.fresh(); prefix == "/iso" {
		slices.Reverse(ways) // the other spelling is the older one's
	}
	for i, rq := range ways {
		var strange bool
		answer, _, strange = w.c.call(ctx, rq, m)
		if !strange || i == len(ways)-1 {
			break
		}
	}
	return answer
}

// alreadyActive tells the answers to PUT that mean done; 1017 can mean either and is settled
// by the list (vault-api a.3, a.8).
func alreadyActive(code int) bool {
	return code == codeCredentialActive || code == codeDeviceActive || code == codeKeyActive
}

// RequestLine is the method and path that a call takes, for a person.
func RequestLine(verb schemas.Verb, kind schemas.Kind, id string) string {
	ways, err := build(schemas.Call{Verb: verb, Kind: kind, ID: id})
	if err != nil {
		return ""
	}
	return ways[0].method + " " + ways[0].path
}

// build makes the request of a call, in each spelling that the vault's versions have for it: the later
// ones are for where it does not know the first. The JSON is written field by field: the vault's own
// names for them stand in wireNames, and nowhere else.
func build(call schemas.Call) ([]request, error) {
	path := "/pam/" + string(call.Kind)
	if call.Verb == schemas.VerbUpsert {
		body, err := upsertBody(call)
		return []request{{method: http.MethodPost, path: path, body: body}}, err
	}
	if _, err := strconv.ParseUint(call.ID, 10, 64); err != nil && call.Kind != schemas.KindInfo && call.Kind != schemas.KindSession {
		return nil, errors.New("an id that is no number: " + call.ID)
	}
	switch {
	case call.Verb == schemas.VerbActivate:
		return []request{{method: http.MethodPut, path: path + "/" + call.ID}}, nil
	case call.Verb == schemas.VerbInactivate:
		return []request{{method: http.MethodDelete, path: path + "/" + call.ID}}, nil
	case call.Verb == schemas.VerbRelease && call.Kind == schemas.KindCredential:
		return []request{{method: http.MethodDelete, path: path + "/custody/" + call.ID}}, nil
	case call.Verb == schemas.VerbDrop && call.Kind == schemas.KindSession:
		// vault-api a.1 row 22
		return []request{{method: http.MethodDelete, path: "/pam/session/drop/" + call.ID}, {method: http.MethodDelete, path: "/session/drop/" + call.ID}}, nil
	}
	return nil, errors.New("no such verb: " + string(call.Verb))
}

// knownOf are the texts of a call that are no secrets, each name of a list by itself too.
func knownOf(call *schemas.Call) []string {
	known := []string{call.ID}
	for _, value := range call.Values {
		known = append(known, value)
		for name := range strings.SplitSeq(value, ",") {
			known = append(known, strings.TrimSpace(name))
		}
	}
	return slices.DeleteFunc(known, func(text string) bool { return text == "" })
}
