package vaultsim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const maxBody = 1 << 20

// params are the parameters of a request: query, form and JSON merged, the
// later winning (C: clients send each of the three). A JSON null is as good
// as absent. A body that is neither form nor JSON holds no parameters.
type params map[string]any

// readParams reads the body whole; it reports false when that is too large.
func readParams(r *http.Request) (params, bool) {
	p := params{}
	p.addValues(r.URL.Query())
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if len(body) > maxBody {
		return p, false
	}
	body = bytes.TrimSpace(body)
	if err != nil || len(body) == 0 {
		return p, true
	}
	if body[0] != '{' {
		if values, err := url.ParseQuery(string(body)); err == nil {
			p.addValues(values)
		}
		return p, true
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var sent map[string]any
	if err := dec.Decode(&sent); err != nil || dec.More() {
		return p, true
	}
	for name, value := range sent {
		if value != nil {
			p[name] = value
		}
	}
	return p, true
}

func (p params) addValues(values url.Values) {
	for name, list := range values {
		if len(list) > 0 {
			p[name] = list[len(list)-1]
		}
	}
}

// text returns a parameter as text and whether it was sent.
func (p params) text(name string) (string, bool) {
	value, sent := p[name]
	if !sent {
		return "", false
	}
	return plain(value), true
}

// get is text for a parameter whose absence means the same as "".
func (p params) get(name string) string {
	s, _ := p.text(name)
	return s
}

// plain is a JSON value as the text a form would carry.
func plain(value any) string {
	switch x := value.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		if x {
			return "true"
		}
		return "false"
	case nil:
		return ""
	default:
		text, err := json.Marshal(x)
		if err != nil { // cannot happen: it came from JSON
			return ""
		}
		return string(text)
	}
}

// tree returns a parameter that holds objects or arrays, also when a form
// carried it as JSON text.
func (p params) tree(name string) any {
	text, isText := p[name].(string)
	if !isText {
		return p[name]
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil
	}
	return value
}

// object returns a parameter that is an object or an array of one object
// (D33 shows both).
func (p params) object(name string) params {
	value := p.tree(name)
	if list, ok := value.([]any); ok && len(list) == 1 {
		value = list[0]
	}
	o, _ := value.(map[string]any)
	return o
}

// on tells whether a flag is set: JSON true, or "true", "1" or "yes" as text.
func (p params) on(name string) bool {
	switch strings.ToLower(p.get(name)) {
	case "true", "1", "yes":
		return true
	}
	return false
}

// fields are the parameters as the log shows them.
func (p params) fields() map[string]string {
	out := make(map[string]string, len(p))
	for name, value := range p {
		if tree := p.tree(name); isTree(tree) {
			value = tree
		}
		out[name] = plain(masked(name, value))
	}
	return out
}

func isTree(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// masked is the value without its secrets.
func masked(name string, value any) any {
	switch name {
	case "password", "content", "private_key", "client_secret", "secret_key", "oauth_token", "oauth_consumer_key":
		return "***"
	}
	switch x := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, inner := range x {
			out[name] = masked(name, inner)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, inner := range x {
			out[i] = masked("", inner)
		}
		return out
	}
	return value
}
