package schemas_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

const secretText = "Zq7-invented-not-a-secret"

// holders are all the ways in which a secret may sit in something that is printed.
func holders() map[string]any {
	s := schemas.NewSecret(secretText)
	type open struct{ Password schemas.Secret }
	type closed struct{ password schemas.Secret }
	return map[string]any{
		"itself":              s,
		"a pointer":           &s,
		"a struct":            open{s},
		"an unexported field": closed{s},
		"a pointer to both":   &struct{ A, b any }{open{s}, closed{s}},
		"a map":               map[string]schemas.Secret{"k": s},
		"a map of pointers":   map[string]*schemas.Secret{"k": &s},
		"a slice":             []schemas.Secret{s},
		"an array":            [1]any{s},
		"two joined":          schemas.Joined(s, s),
		"two in a field":      closed{schemas.Joined(s, s)},
		"a row":               schemas.Row{Secret: s},
		"a call":              &schemas.Call{Secret: s},
		"the configuration":   &schemas.Config{Vault: schemas.VaultConfig{ClientSecret: s}},
	}
}

func shows(t *testing.T, how, what string) {
	t.Helper()
	bytesOf := strings.Trim(fmt.Sprint([]byte(secretText)), "[]")
	for _, form := range []string{secretText, hex.EncodeToString([]byte(secretText)), strings.ToUpper(hex.EncodeToString([]byte(secretText))),
		fmt.Sprintf("% x", secretText), base64.StdEncoding.EncodeToString([]byte(secretText)), bytesOf, secretText[4:]} {
		if strings.Contains(what, form) {
			t.Errorf("%s shows it: %s", how, what)
		}
	}
}

func TestSecretIsNotFormatted(t *testing.T) {
	for name, v := range holders() {
		for _, verb := range strings.Fields("%v %+v %#v %s %+s %#s %q %#q %x %X %#x %d %o %b %c %U %e %t %p %T %10.3v %-40s %[1]v %!") {
			shows(t, name+" "+verb, fmt.Sprintf(verb, v))
		}
		shows(t, name+" Print", fmt.Sprint(v)+fmt.Sprintln(v))
		shows(t, name+" in an error", fmt.Errorf("failed: %w", errors.New(fmt.Sprint(v))).Error())
	}
	s := schemas.NewSecret(secretText)
	if s.String() != "***" || s.GoString() != "***" {
		t.Errorf("%q, %q", s.String(), s.GoString())
	}
}

func TestSecretIsNotEncoded(t *testing.T) {
	for name, v := range holders() {
		for codec, encode := range map[string]func(any) ([]byte, error){
			"json": json.Marshal, "xml": xml.Marshal, "yaml": tryYAML,
			"gob": func(v any) ([]byte, error) {
				var b bytes.Buffer
				err := gob.NewEncoder(&b).Encode(v)
				return b.Bytes(), err
			},
			"template": func(v any) ([]byte, error) { var b bytes.Buffer; err := printed.Execute(&b, v); return b.Bytes(), err },
		} {
			data, err := encode(v)
			shows(t, name+" in "+codec, string(data)+fmt.Sprint(err))
		}
	}
}

var printed = template.Must(template.New("").Parse(`{{.}} {{printf "%s %#v" . .}}`))

// tryYAML turns the panic about a type that YAML cannot hold into an error.
func tryYAML(v any) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return yaml.Marshal(v)
}

func TestSecretIsNotLogged(t *testing.T) {
	for name, v := range holders() {
		var text, structured bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&structured, nil)} {
			log := slog.New(h)
			log.Info("one", "value", v)
			log.With("value", v).WithGroup("group").Info("two", slog.Any("value", v), slog.Group("inner", "value", v))
		}
		shows(t, name+" in slog's text", text.String())
		shows(t, name+" in slog's JSON", structured.String())
	}
}

// TestSecretIsNotReflected walks everything that reflection reaches, unexported fields too.
func TestSecretIsNotReflected(t *testing.T) {
	for name, v := range holders() {
		walk(reflect.ValueOf(v), func(text string) { shows(t, name+" by reflection", text) })
	}
}

func walk(v reflect.Value, see func(string)) {
	switch v.Kind() {
	case reflect.String:
		see(v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), see)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), see)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), see)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(k, see)
			walk(v.MapIndex(k), see)
		}
	}
}

// TestNoRecordHoldsASecret: what goes into files is made of types that cannot.
func TestNoRecordHoldsASecret(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(path string, kind reflect.Type)
	look = func(path string, kind reflect.Type) {
		if seen[kind] {
			return
		}
		seen[kind] = true
		switch kind.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			look(path, kind.Elem())
		case reflect.Struct:
			if kind == reflect.TypeFor[schemas.Secret]() {
				t.Errorf("%s is a secret", path)
			}
			for i := range kind.NumField() {
				look(path+"."+kind.Field(i).Name, kind.Field(i).Type)
			}
		case reflect.Interface, reflect.Func:
			t.Errorf("%s is a %s: a record is data", path, kind.Kind())
		}
	}
	look("Record", reflect.TypeFor[schemas.Record]())
}

func TestSecretReveals(t *testing.T) {
	s, none := schemas.NewSecret(secretText), schemas.NewSecret("")
	if s.Reveal() != secretText || s.Empty() || none.Reveal() != "" || !none.Empty() || !(schemas.Secret{}).Empty() {
		t.Error("a secret does not give back what it holds")
	}
	if fmt.Sprint(none) != fmt.Sprint(s) {
		t.Error("printing tells whether there is a secret")
	}
}

func TestFingerprint(t *testing.T) {
	s, other := schemas.NewSecret(secretText), schemas.NewSecret(secretText+"x")
	key, otherKey := []byte("key"), []byte("another key")
	if s.Print(key) != schemas.Fingerprint(key, secretText) || len(s.Print(key)) != 64 || (schemas.Secret{}).Print(key) != "" {
		t.Errorf("fingerprint %q", s.Print(key))
	}
	if s.Print(key) == other.Print(key) || s.Print(key) == s.Print(otherKey) {
		t.Error("two values or two keys give one fingerprint")
	}
	shows(t, "the fingerprint", s.Print(key))
}

// TestJoinedIsParted: two secrets come apart as they were, whatever they hold; one that was not joined is never cut.
func TestJoinedIsParted(t *testing.T) {
	for _, c := range [][2]string{{"key", "phrase"}, {"key", ""}, {"", "settings"}, {"a\x00b", "c\x00d"}, {"\x00", "\x00"}, {"", ""}} {
		first, second := schemas.Joined(schemas.NewSecret(c[0]), schemas.NewSecret(c[1])).Parted()
		if first.Reveal() != c[0] || second.Reveal() != c[1] {
			t.Errorf("%q came apart as %q and %q", c, first.Reveal(), second.Reveal())
		}
	}
	for _, text := range []string{"", "whole", "before\x00after"} {
		first, second := schemas.NewSecret(text).Parted()
		if first.Reveal() != text || !second.Empty() {
			t.Errorf("%q came apart as %q and %q", text, first.Reveal(), second.Reveal())
		}
	}
	a, b := schemas.Joined(schemas.NewSecret("key"), schemas.NewSecret("one")), schemas.Joined(schemas.NewSecret("key"), schemas.NewSecret("two"))
	if key := []byte("k"); a.Print(key) == b.Print(key) || a.Print(key) != schemas.Fingerprint(key, "one\x00key") {
		t.Error("a fingerprint of two secrets is not of both, or not the one that states remember")
	}
}
