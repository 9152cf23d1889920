package vaultsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// object is a JSON object that keeps its order.
type object []member

type member struct {
	name  string
	value any // nil, string, bool, int, object, []object or []string
}

func (o object) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.name), ':')
		dst = appendValue(dst, m.value)
	}
	return append(dst, '}')
}

func appendValue(dst []byte, value any) []byte {
	switch x := value.(type) {
	case string:
		return appendString(dst, x)
	case bool:
		return strconv.AppendBool(dst, x)
	case int:
		return strconv.AppendInt(dst, int64(x), 10)
	case object:
		return x.appendJSON(dst)
	case []object:
		return appendArray(dst, x)
	case []string:
		return appendArray(dst, x)
	default:
		return append(dst, "null"...)
	}
}

func appendArray[T any](dst []byte, values []T) []byte {
	dst = append(dst, '[')
	for i, x := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, x)
	}
	return append(dst, ']')
}

// appendString writes plain ASCII as it is: long lists are mostly that.
func appendString(dst []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		dst = append(append(dst, '"'), s...)
		return append(dst, '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // cannot happen: a string always marshals
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}

// nullable is nil for the empty string.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// answer is what a handler decided; nothing has been written yet.
type answer struct {
	http    int    // HTTP status
	status  int    // response.status, 0 for the same
	code    int    // code of the message's prefix and of exception, 0 for none
	format  string // message before translation, with args
	args    []any
	payload member // beside response, unless the name is empty
	list    *list  // streamed payload, takes the place of payload
	bare    object // a body without envelope
	html    string // a body that is not JSON
	header  http.Header
	legacy  bool // aliases cod_erro and error_code 0 even in 3.23 (S23 keys, remote session)
	// exception, when not nil, is sent in the place of the usual one.
	exception object
	// response, when not nil, is sent in the place of the usual one.
	response object
	upper    bool // "Message" in the place of "mensagem" (Sweb)
	silent   bool // no exception though there is a code
}

// ok is the answer to a request that worked.
func ok(format string, args ...any) answer {
	return answer{http: http.StatusOK, format: format, args: args}
}

// refuse is a refusal with a numbered message: HTTP 400.
func refuse(code int, text string) answer {
	return answer{http: http.StatusBadRequest, code: code, format: text}
}

// with adds the payload.
func (a answer) with(name string, value any) answer {
	a.payload = member{name, value}
	return a
}

// created turns an answer into that of a successful POST: response.status is
// 201 in every version, the HTTP status 200 (S23) or 201 (D33).
func (v *Vault) created(a answer) answer {
	a.status, a.http = http.StatusCreated, http.StatusCreated
	if v.era() == era323 {
		a.http = http.StatusOK
	}
	if v.PostStatus != 0 {
		a.http = v.PostStatus
	}
	return a
}

func unexpected() answer {
	return answer{http: http.StatusInternalServerError, format: "Unexpected error.",
		exception: object{{"code", 500}, {"message", "Unexpected error."}, {"detail", nil}}}
}

func unauthorized(status int) answer {
	return answer{http: status, format: "You are not authorized to access this resource."}
}

// notFound is the answer to a path the vault does not know (D33; 3.32 D).
func (v *Vault) notFound() answer {
	text := "Resource sub not found"
	if v.era() < era333 {
		text = "Resource/sub-resource not found"
	}
	return answer{http: http.StatusNotFound, format: text}
}

// bare is one of the gateway's answers, which have no envelope.
func bare(status int, message string) answer {
	return answer{http: status, bare: object{{"message", message}}}
}

// message is the text as it is sent.
func (v *Vault) message(a answer) string {
	format := a.format
	if v.PortugueseMessages {
		format = portuguese(format)
	}
	text := format
	if len(a.args) > 0 {
		text = fmt.Sprintf(format, a.args...)
	}
	switch {
	case a.code == 0:
		return text
	case v.TightCodes:
		return fmt.Sprintf("%d:%s", a.code, text)
	default:
		return fmt.Sprintf("%d: %s", a.code, text)
	}
}

// envelope is the whole body of an answer but the list's records.
func (v *Vault) envelope(a answer) object {
	if a.bare != nil {
		return a.bare
	}
	response := a.response
	if response == nil {
		response = v.response(a)
	}
	var o object
	if v.era() >= era333 {
		tenant := v.Tenant
		if tenant == "" {
			tenant = "senhasegura"
		}
		o = object{{"code", a.http}, {"response", response}, {"tenant", tenant}}
	} else {
		o = object{{"response", response}}
	}
	switch {
	case a.exception != nil:
		o = append(o, member{"exception", a.exception})
	case a.code != 0 && !a.silent:
		o = append(o, member{"exception", object{
			{"code", a.code}, {"message", v.message(a)}, {"detail", nil}}})
	}
	if a.payload.name != "" {
		o = append(o, a.payload)
	}
	return o
}

// response is the "response" member, with the aliases of the version.
func (v *Vault) response(a answer) object {
	status := a.status
	if status == 0 {
		status = a.http
	}
	text, failed, number := v.message(a), status >= 400, 0
	if failed && !a.legacy {
		number = 1
	}
	failed = failed && !v.QuietErrors
	if v.era() == era323 {
		o := object{{"status", status}, {"mensagem", text}, {"erro", failed}}
		if a.legacy {
			o = append(o, member{"cod_erro", number})
		}
		o = append(o, member{"message", text}, member{"error", failed})
		if a.legacy {
			o = append(o, member{"error_code", number})
		}
		return o
	}
	second := "mensagem"
	if a.upper {
		second = "Message"
	}
	return object{{"status", status}, {"message", text}, {"error", failed},
		{"error_code", number}, {"detail", ""},
		{second, text}, {"erro", failed}, {"cod_erro", number}}
}
