package schemas

import (
	"encoding/json"
	"math/bits"
)

// Sent is what an upsert sends: values per field, of which a change has few and a plan has many,
// so that only those that are not empty are kept. It is written as Values are, and never holds a
// secret.
type Sent struct {
	mask uint64
	list []string // the values of the fields in mask, in their order
}

// Send keeps the values that are not empty.
func Send(v Values) Sent {
	var s Sent
	for f, text := range v {
		if text != "" && !Field(f).Secret() {
			s.mask |= 1 << f
		}
	}
	if s.mask == 0 {
		return s
	}
	s.list = make([]string, 0, bits.OnesCount64(s.mask))
	for m := s.mask; m != 0; m &= m - 1 {
		s.list = append(s.list, v[bits.TrailingZeros64(m)])
	}
	return s
}

// Get is the value of a field, "" where none is sent.
func (s *Sent) Get(f Field) string {
	if s.mask&(1<<f) == 0 {
		return ""
	}
	return s.list[bits.OnesCount64(s.mask&(1<<f-1))]
}

// Empty says whether nothing is sent: the call goes by the record's id alone.
func (s *Sent) Empty() bool { return s.mask == 0 }

// IsZero leaves an empty one out of a record.
func (s Sent) IsZero() bool { return s.mask == 0 }

// Values are all fields, empty where none is sent.
func (s *Sent) Values() (v Values) {
	for f, value := range s.All {
		v[f] = value
	}
	return v
}

// All yields the fields that are sent, in their order, with their values.
func (s *Sent) All(yield func(f Field, value string) bool) {
	n := 0
	for m := s.mask; m != 0; m &= m - 1 {
		if !yield(Field(bits.TrailingZeros64(m)), s.list[n]) {
			return
		}
		n++
	}
}

// MarshalJSON writes the fields in their order.
func (s Sent) MarshalJSON() ([]byte, error) { return s.Values().MarshalJSON() }

// UnmarshalJSON reads what MarshalJSON writes and refuses an unknown field.
func (s *Sent) UnmarshalJSON(data []byte) error {
	var v Values
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*s = Send(v)
	return nil
}
