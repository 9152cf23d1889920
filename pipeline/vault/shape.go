package vault

import (
	"encoding/json"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// shapeRecords is how many records of a list are looked at for its shape.
const shapeRecords = 50

// shaper gathers the shape of one answer.
type shaper struct{ head, records schemas.Sampler }

// envelope notes a member beside the records; those of the response too, by a dotted name.
func (s *shaper) envelope(name string, raw []byte) {
	s.head.Note(name, raw)
	if name == "response" && len(raw) > 1 {
		for key, value := range scan.Members(raw) {
			s.head.Note("response."+string(key), value)
		}
	}
}

func (s *shaper) record(members []scan.Member) {
	s.records.Object()
	for i := range members {
		s.records.Note(members[i].Name, members[i].Value)
	}
}

// v2 notes a record of API v2, the members of its objects by a dotted name.
func (s *shaper) v2(raw json.RawMessage) {
	s.records.Object()
	for key, value := range scan.Members(raw) {
		name := string(key)
		if (name == "credential" || name == "device") && value[0] == '{' {
			for key, value := range scan.Members(value) {
				s.records.Note(name+"."+string(key), value)
			}
			continue
		}
		s.records.Note(name, value)
	}
}

func (s *shaper) shape() *schemas.Shape {
	s.head.Object() // the answer itself
	return &schemas.Shape{Envelope: s.head.Keys(), Record: s.records.Keys()}
}
