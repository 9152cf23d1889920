package secrets

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// Opened is what a vault answers to who opens a session: a URL that is good for one use within
// URLLife, and a token. Both open the session for whoever holds them.
type Opened struct{ URL, Token schemas.Secret }

// Open opens a web proxy session (vault-api a.6). A call whose answer was lost is in doubt and is never
// sent again here: it would open a second session. A success without a URL that a browser can go to is in
// doubt too.
func (c *Caller) Open(ctx context.Context, o *schemas.Opening) (schemas.Answer, Opened) {
	body, err := openBody(o)
	if err != nil {
		return schemas.Answer{Effect: schemas.EffectNotSent, Stop: schemas.NewFault(schemas.ClassBug, "bug").Because(err)}, Opened{}
	}
	prefix, err := c.lent.Prefix(ctx)
	if err != nil {
		return notSent(err), Opened{}
	}
	ways := []string{"/pam/remote/session", "/remote/session"} // vault-api a.1 row 19
	if prefix == "/iso" {
		slices.Reverse(ways)
	}
	for _, path := range ways {
		answer, said, unknown := c.lent.Call(ctx, vault.LentCall{Method: http.MethodPost, Path: path, Body: body, Payload: "session", Known: []string{o.User, o.Credential, o.Device, o.Protocol, o.RemoteDevice, o.RemoteAddr, o.Port, o.RemoteApp, o.ScreenSize}})
		if unknown && path != ways[len(ways)-1] {
			continue
		}
		if answer.Effect != schemas.EffectDone {
			return answer, Opened{}
		}
		opened := openedIn(said)
		answer.ID = ""
		switch {
		case opened.URL.Empty():
			answer.Effect, answer.Message = schemas.EffectInDoubt, "a success without session_url"
		case !isWeb(opened.URL.Reveal()): // whoever is handed it would open it
			answer.Effect, answer.Message, opened = schemas.EffectInDoubt, "a success whose session_url is no URL of http or https", Opened{}
		}
		return answer, opened
	}
	return schemas.Answer{Effect: schemas.EffectNotSent}, Opened{}
}

func notSent(err error) schemas.Answer {
	answer := schemas.Answer{Effect: schemas.EffectNotSent}
	if fault, ok := err.(*schemas.Fault); ok {
		answer.Message = fault.Problem.Code
		if fault.Class != schemas.ClassInterrupted {
			answer.Stop = fault
		}
	}
	return answer
}

// openBody are the parameters as both generations of the API spell them; port and remoteapp are numbers.
func openBody(o *schemas.Opening) ([]byte, error) {
	body := map[string]any{}
	for name, value := range map[string]string{"user": o.User, "credential": o.Credential, "device": o.Device, "protocol": o.Protocol,
		"remotedevice": o.RemoteDevice, "remoteAddr": o.RemoteAddr, "screensize": o.ScreenSize} {
		if value != "" {
			body[name] = value
		}
	}
	for name, value := range map[string]string{"port": o.Port, "remoteapp": o.RemoteApp} {
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, err
		}
		body[name] = n
	}
	return json.Marshal(body)
}

// isWeb says whether a text is a whole URL of http or https, with a host.
func isWeb(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

// openedIn takes the URL and the token out of an answer.
func openedIn(answer []byte) Opened {
	session, ok := scan.Get(answer, "session")
	if !ok {
		return Opened{}
	}
	text := func(name string) schemas.Secret {
		raw, ok := scan.Get(session, name)
		if !ok || scan.IsNull(raw) {
			return schemas.Secret{}
		}
		value, _ := scan.Scalar(raw)
		return schemas.NewSecret(string(value))
	}
	return Opened{URL: text("session_url"), Token: text("token")}
}
