package schemas

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// encoder writes records as encoding/json does without escaping < > &. Those that come by the ten
// thousands it writes itself, to the same bytes.
type encoder struct {
	line   []byte
	rare   bytes.Buffer
	common *json.Encoder // into rare
}

// encode gives a record's line, which is good until the next one.
func (e *encoder) encode(r *Record) ([]byte, error) {
	switch b := e.line[:0]; {
	case r.Change != nil:
		e.line = changeLine(b, r.Change)
	case r.Hold != nil:
		e.line = holdLine(b, r.Hold)
	case r.Reject != nil:
		e.line = rejectLine(b, r.Reject)
	case r.Left != nil:
		e.line = leftLine(b, r.Left)
	case r.Warning != nil:
		e.line = warningLine(b, r.Warning)
	default:
		return e.other(*r)
	}
	return e.line, nil
}

func (e *encoder) other(r Record) ([]byte, error) {
	if e.common == nil {
		e.common = json.NewEncoder(&e.rare)
		e.common.SetEscapeHTML(false)
	}
	e.rare.Reset()
	err := e.common.Encode(r)
	return e.rare.Bytes(), err
}

func changeLine(b []byte, c *Change) []byte {
	return append(appendChange(append(b, `{"change":`...), c), "}\n"...)
}

func holdLine(b []byte, h *Hold) []byte {
	return append(appendHold(append(b, `{"hold":`...), h), "}\n"...)
}

func rejectLine(b []byte, r *Reject) []byte {
	return append(appendReject(append(b, `{"reject":`...), r), "}\n"...)
}

func leftLine(b []byte, l *Left) []byte {
	return append(appendLeft(append(b, `{"left":`...), l), "}\n"...)
}

func warningLine(b []byte, p *Problem) []byte {
	return append(appendProblem(append(b, `{"warning":`...), p), "}\n"...)
}

// Each member, and each of a list, is written with a comma before it; the first comma of all then
// becomes the bracket that opens.

func object(b []byte, start int) []byte {
	b[start] = '{'
	return append(b, '}')
}

func member(b []byte, name, text string) []byte { return AppendText(append(b, name...), text) }

// given is a member that is left out where it is empty.
func given(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return member(b, name, text)
}

func number(b []byte, name string, n int) []byte {
	return strconv.AppendInt(append(b, name...), int64(n), 10)
}

// counted is a number that is left out where it is 0.
func counted(b []byte, name string, n int) []byte {
	if n == 0 {
		return b
	}
	return number(b, name, n)
}

// several is a list that is left out where it is empty.
func several[T any](b []byte, name string, all []T, one func([]byte, *T) []byte) []byte {
	if len(all) == 0 {
		return b
	}
	b = append(b, name...)
	start := len(b)
	for i := range all {
		b = one(append(b, ','), &all[i])
	}
	b[start] = '['
	return append(b, ']')
}

func appendChange(b []byte, c *Change) []byte {
	start := len(b)
	b = member(b, `,"id":`, c.ID)
	b = member(b, `,"kind":`, string(c.Kind))
	b = member(b, `,"action":`, string(c.Action))
	b = member(b, `,"key":`, c.Key)
	b = given(b, `,"vault_id":`, c.VaultID)
	b = member(b, `,"device":`, c.Device)
	b = given(b, `,"device_id":`, c.DeviceID)
	b = given(b, `,"match":`, c.Match)
	b = appendReason(append(b, `,"reason":`...), &c.Reason)
	b = several(b, `,"fields":`, c.Fields, appendField)
	if !c.Send.Empty() {
		b = appendSent(append(b, `,"send":`...), &c.Send)
	}
	if c.Secret {
		b = append(b, `,"secret":true`...)
	}
	b = several(b, `,"rows":`, c.Rows, appendRowRef)
	b = several(b, `,"cascade":`, c.Cascade, appendItem)
	b = given(b, `,"branch":`, c.Branch)
	b = given(b, `,"old":`, c.Old)
	return object(b, start)
}

func appendReason(b []byte, r *Reason) []byte {
	start := len(b)
	b = member(b, `,"rule":`, r.Rule)
	b = given(b, `,"cell":`, r.Cell)
	b = given(b, `,"value":`, r.Value)
	return object(b, start)
}

func appendField(b []byte, f *FieldChange) []byte {
	start := len(b)
	b = member(b, `,"name":`, f.Name())
	b = given(b, `,"secret":`, f.Secret.String())
	b = given(b, `,"before":`, f.Before)
	b = given(b, `,"after":`, f.After)
	b = given(b, `,"cell":`, f.Cell)
	return object(b, start)
}

// appendValues writes the fields that are not empty, in their order, and never the secret one.
func appendValues(b []byte, v *Values) []byte {
	start := len(b)
	for f, name := range fieldNames() {
		if v[f] == "" || Field(f).Secret() {
			continue
		}
		b = append(b, `,"`...)
		b = append(b, name...)
		b = AppendText(append(b, `":`...), v[f])
	}
	if len(b) == start {
		b = append(b, ',')
	}
	return object(b, start)
}

func appendSent(b []byte, s *Sent) []byte {
	start := len(b)
	for f, value := range s.All {
		b = append(b, `,"`...)
		b = append(b, f.String()...)
		b = AppendText(append(b, `":`...), value)
	}
	return object(b, start)
}

func appendRowRef(b []byte, r *RowRef) []byte {
	start := len(b)
	b = member(b, `,"source":`, r.Source)
	b = number(b, `,"row":`, r.Row)
	return object(b, start)
}

func appendItem(b []byte, i *Item) []byte {
	start := len(b)
	b = member(b, `,"kind":`, string(i.Kind))
	b = member(b, `,"id":`, i.ID)
	b = member(b, `,"key":`, i.Key)
	b = given(b, `,"type":`, i.Type)
	b = given(b, `,"identifier":`, i.Identifier)
	return object(b, start)
}

func appendHold(b []byte, h *Hold) []byte {
	start := len(b)
	b = member(b, `,"kind":`, string(h.Kind))
	b = member(b, `,"key":`, h.Key)
	b = given(b, `,"vault_id":`, h.VaultID)
	b = member(b, `,"code":`, h.Code)
	b = appendArgs(b, h.Args)
	b = several(b, `,"rows":`, h.Rows, appendRowRef)
	b = several(b, `,"candidates":`, h.Candidates, appendItem)
	return object(b, start)
}

func appendReject(b []byte, r *Reject) []byte {
	start := len(b)
	b = member(b, `,"kind":`, string(r.Kind))
	b = given(b, `,"key":`, r.Key)
	b = appendRowRef(append(b, `,"row":`...), &r.Row)
	switch {
	case r.Problems == nil:
		b = append(b, `,"problems":null`...)
	case len(r.Problems) == 0:
		b = append(b, `,"problems":[]`...)
	}
	b = several(b, `,"problems":`, r.Problems, appendProblem)
	return object(b, start)
}

func appendLeft(b []byte, l *Left) []byte {
	start := len(b)
	b = member(b, `,"kind":`, string(l.Kind))
	b = member(b, `,"key":`, l.Key)
	b = given(b, `,"vault_id":`, l.VaultID)
	b = member(b, `,"code":`, l.Code)
	b = appendArgs(b, l.Args)
	b = several(b, `,"rows":`, l.Rows, appendRowRef)
	return object(b, start)
}

func appendProblem(b []byte, p *Problem) []byte {
	start := len(b)
	b = member(b, `,"code":`, p.Code)
	if p.Place != (Place{}) {
		b = appendPlace(append(b, `,"place":`...), &p.Place)
	}
	b = appendArgs(b, p.Args)
	return object(b, start)
}

func appendPlace(b []byte, p *Place) []byte {
	start := len(b)
	b = given(b, `,"source":`, p.Source)
	b = given(b, `,"sheet":`, p.Sheet)
	b = counted(b, `,"row":`, p.Row)
	b = counted(b, `,"col":`, p.Col)
	b = given(b, `,"column":`, p.Column)
	b = given(b, `,"pointer":`, p.Pointer)
	return object(b, start)
}

// appendArgs writes the member of the arguments, sorted by name, where there are any.
func appendArgs(b []byte, args Args) []byte {
	if len(args) == 0 {
		return b
	}
	names := make([]string, 0, 8)
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, `,"args":`...)
	start := len(b)
	for _, name := range names {
		b = AppendText(append(b, ','), name)
		b = AppendText(append(b, ':'), args[name])
	}
	return object(b, start)
}
