package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"pamsync/schemas/scan"
)

// envelope is what the vault says about a call, whichever of its spellings it uses
// (vault-api a.0, c.6, c.7). Only this file knows them.
type envelope struct {
	present bool // there was a `response` (or an `exception`), so the vault itself answered
	status  int
	failed  bool
	code    int
	message string
}

// read takes one member of an answer's top level, and says whether it belonged to the envelope.
func (e *envelope) read(name string, raw []byte) bool {
	switch name {
	case "response":
		e.present = true
		for key, value := range scan.Members(raw) {
			e.readResponse(string(key), value)
		}
	case "exception":
		if scan.IsNull(raw) {
			return true
		}
		e.present, e.failed = true, true
		if value, ok := scan.Get(raw, "code"); ok && e.code == 0 {
			e.code = number(value)
		}
		if value, ok := scan.Get(raw, "message"); ok && e.message == "" {
			e.message = text(value)
		}
	case "message", "error", "error_description":
		if e.message == "" {
			e.message = text(raw)
		}
	default:
		return false
	}
	return true
}

func (e *envelope) readResponse(name string, value []byte) {
	switch name {
	case "status":
		e.status = number(value)
	case "message", "mensagem", "menssage", "Message":
		if t := text(value); t != "" && (e.message == "" || name == "message") {
			e.message = t
		}
	case "error", "erro":
		switch strings.ToLower(text(value)) {
		case "true", "1":
			e.failed = true
		}
	case "error_code", "cod_erro":
		if n := number(value); n >= 1000 && e.code == 0 {
			e.code = n
		}
	}
}

// settle applies the rules that need all members: the message's own code beats the
// exception's (c.8), and a status of 400 or more fails whatever the flags say (c.7).
func (e *envelope) settle(httpStatus int) {
	if m := codePrefix().FindStringSubmatch(e.message); m != nil {
		e.code, _ = strconv.Atoi(m[1])
	}
	if httpStatus >= 400 || e.status >= 400 {
		e.failed = true
	}
}

func codePrefix() *regexp.Regexp { return regexp.MustCompile(`^\s*(1\d{3})\s*:`) }

// announced is the first number of a list's message, its thousands separators joined; -1
// where it names none.
func announced(message string) int {
	m := regexp.MustCompile(`\d{1,3}(?:[.,'’ \x{00a0}\x{202f}]\d{3})+(?:\D|$)|\d+`).FindString(message)
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, m)
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// parseAnswer reads a whole answer: its envelope, and the record under payload. The key of an update comes
// as a credential (vault-api a.4).
func parseAnswer(body []byte, payload string) (e envelope, record []byte, err error) {
	r := scan.NewReader(bytes.NewReader(body), scan.Options{})
	if err := r.EnterObject(); err != nil {
		return e, nil, err
	}
	for {
		key, ok, err := r.NextKey()
		if err != nil {
			return e, nil, err
		}
		if !ok {
			return e, record, r.End()
		}
		name := string(key)
		raw, err := r.Raw()
		if err != nil {
			return e, nil, err
		}
		if name == payload || payload == "key" && name == "credential" {
			record = bytes.Clone(raw)
			continue
		}
		e.read(name, raw)
	}
}

// idOf is the id of an answered record, "" for none.
func idOf(record []byte) string {
	if value, ok := scan.Get(record, "id"); ok {
		return text(value)
	}
	return ""
}

// identifierOf is the identifier of an answered record, which older versions call tag (vault-api c.4); "" for
// none.
func identifierOf(record []byte) string {
	for _, name := range []string{"identifier", "tag"} {
		if value, ok := scan.Get(record, name); ok && !scan.IsNull(value) {
			return text(value)
		}
	}
	return ""
}

func text(raw []byte) string {
	value, _ := scan.Scalar(raw)
	return strings.ToValidUTF8(string(value), "�")
}

func number(raw []byte) int {
	n, _ := strconv.Atoi(strings.TrimSpace(text(raw)))
	return n
}

func looksLikeJSON(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n\xef\xbb\xbf")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

// isNoJSON tells the token library's complaint about an answer of 200 that is no token.
func isNoJSON(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) ||
		strings.Contains(err.Error(), "cannot parse json") || strings.Contains(err.Error(), "missing access_token")
}
