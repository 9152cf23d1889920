package clitest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// setKnob sets an exported field of the simulator by its name; a map takes key:value.
func setKnob(v *vaultsim.Vault, name, value string) error {
	f := reflect.ValueOf(v).Elem().FieldByName(name)
	if !f.IsValid() {
		return fmt.Errorf("the simulator has no knob %q", name)
	}
	switch {
	case f.Type() == reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(value)
		f.SetInt(int64(d))
		return err
	case f.Kind() == reflect.Bool:
		f.SetBool(value == "true")
	case f.Kind() == reflect.String:
		f.SetString(value)
	case f.Kind() == reflect.Int:
		n, err := strconv.Atoi(value)
		f.SetInt(int64(n))
		return err
	case f.Kind() == reflect.Float64:
		n, err := strconv.ParseFloat(value, 64)
		f.SetFloat(n)
		return err
	case f.Kind() == reflect.Map:
		key, text, _ := strings.Cut(value, ":")
		if f.IsNil() {
			f.Set(reflect.MakeMap(f.Type()))
		}
		item := reflect.New(f.Type().Elem()).Elem()
		switch item.Kind() {
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			item.SetInt(int64(n))
		case reflect.Bool:
			item.SetBool(text == "" || text == "true")
		default:
			item.SetString(text)
		}
		f.SetMapIndex(reflect.ValueOf(key), item)
	default:
		return fmt.Errorf("knob %s is of no kind that a script can set", name)
	}
	return nil
}

// faults gives the N-th request that fits a fault; 0 gives every one.
type faults struct {
	mu   sync.Mutex
	list []*fault
}

type fault struct {
	method, path string
	n, seen      int
	kind         vaultsim.Fault
}

func newFaults() *faults { return &faults{} }

func (f *faults) add(spec, name string) error {
	parts := strings.Split(spec, ":")
	if len(parts) != 3 {
		return fmt.Errorf("a fault is fault:METHOD:path:N=Name")
	}
	n, err := strconv.Atoi(parts[2])
	kind, ok := map[string]vaultsim.Fault{"ResetBefore": vaultsim.ResetBefore, "ResetAfter": vaultsim.ResetAfter, "Status503": vaultsim.Status503,
		"Status503Bare": vaultsim.Status503Bare, "Status429": vaultsim.Status429, "Status500After": vaultsim.Status500After, "Status502": vaultsim.Status502,
		"Hang": vaultsim.Hang, "TruncateBody": vaultsim.TruncateBody, "HTMLPage": vaultsim.HTMLPage, "LateApply": vaultsim.LateApply,
		"Unauthorized401": vaultsim.Unauthorized401, "InvalidSignature403": vaultsim.InvalidSignature403, "NoRoute404": vaultsim.NoRoute404,
		"Redirect302": vaultsim.Redirect302}[name]
	if !ok {
		return fmt.Errorf("no fault %q", name)
	}
	f.list = append(f.list, &fault{method: parts[0], path: parts[1], n: n, kind: kind})
	return err
}

func (f *faults) next(r vaultsim.Request) vaultsim.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		if one.method != r.Method || !strings.Contains(r.Path, one.path) {
			continue
		}
		if one.seen++; one.n == 0 || one.seen == one.n {
			return one.kind
		}
	}
	return vaultsim.NoFault
}
