package sources

import (
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// understandJSON finds the records of a JSON file, and which CMDB it comes from.
func (s *Source) understandJSON() error {
	format, path, err := s.locate()
	if err != nil {
		return err
	}
	if f := s.Config.Format; f != "" && f != "auto" {
		format = f
	}
	s.Shape.Format, s.Shape.Records = format, "#"+pointer(path)
	if len(path) == 1 && path[0] == lines {
		s.Shape.Records = "#"
	}
	reader := &jsonReader{s: s, path: path, mapping: newJSONMapping(s, format)}
	s.read = reader.read
	return nil
}

func pointer(path []string) string {
	var b strings.Builder
	for _, p := range path {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p))
	}
	return b.String()
}

// locate walks the top level of the document: the records are where the configuration says,
// else in the one array of objects, at the top or under a usual name. A document without any
// is no inventory; its keys are named.
func (s *Source) locate() (format string, path []string, err error) {
	file, err := s.open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	in := scan.NewReader(s.decoded(file), scan.Options{MaxRecord: maxJSONRecord, Window: recordsSize})
	kind, err := in.Peek()
	if err != nil {
		return "", nil, s.jsonFault(err)
	}
	if s.Config.Records != "" {
		return "json", strings.Split(strings.Trim(s.Config.Records, "."), "."), nil
	}
	if kind == '[' {
		return "json", nil, nil
	}
	keys, arrays, first, err := s.topLevel(in)
	if err != nil {
		return "", nil, err
	}
	if len(keys) == 1 && keys[0] == "start" {
		return "", nil, s.fault(schemas.ClassInput, "is_record_file")
	}
	if _, err := in.Peek(); err == nil {
		return "json", []string{lines}, nil // JSON Lines: one object after another
	}
	arrays = slices.DeleteFunc(arrays, func(name string) bool { return len(first[name]) == 0 && !slices.Contains(usualNames(), name) })
	switch {
	case len(arrays) == 1:
		return guessFormat(keys, first[arrays[0]]), []string{arrays[0]}, nil
	case len(arrays) > 1:
		for _, usual := range usualNames() {
			if slices.Contains(arrays, usual) {
				return guessFormat(keys, first[usual]), []string{usual}, nil
			}
		}
		return "", nil, s.fault(schemas.ClassInput, "records_ambiguous", "has", strings.Join(arrays, ", "))
	}
	return "", nil, s.fault(schemas.ClassInput, "no_records", "has", strings.Join(keys, ", "))
}

// usualNames are the members under which a document keeps its records. An empty list under
// another name says nothing.
func usualNames() []string {
	return []string{"result", "results", "devices", "credentials", "accounts", "hosts", "records", "items", "data", "value", "rows"}
}

// lines stands for the path of JSON Lines, whose records are top-level values.
const lines = "\x00lines"

// topLevel reads the first object: its keys, and those that hold an array of objects or an
// empty array; first are the keys of the first object of each.
func (s *Source) topLevel(in *scan.Reader) (keys, arrays []string, first map[string][]string, err error) {
	if err := in.EnterObject(); err != nil {
		return nil, nil, nil, s.jsonFault(err)
	}
	first = map[string][]string{}
	for {
		key, ok, err := in.NextKey()
		if err != nil {
			return nil, nil, nil, s.jsonFault(err)
		}
		if !ok {
			return keys, arrays, first, nil
		}
		name := string(key)
		keys = append(keys, name)
		kind, err := in.Peek()
		if err == nil && kind == '[' {
			var holds bool
			if holds, first[name], err = holdsObjects(in); holds {
				arrays = append(arrays, name)
			}
		} else if err == nil {
			err = in.Skip()
		}
		if err != nil {
			return nil, nil, nil, s.jsonFault(err)
		}
	}
}

// holdsObjects goes through an array: does it hold objects alone, and which keys has the first?
func holdsObjects(in *scan.Reader) (objects bool, keys []string, err error) {
	if err := in.EnterArray(); err != nil {
		return false, nil, err
	}
	objects = true
	for n := 0; ; n++ {
		more, err := in.NextElement()
		if err != nil || !more {
			return objects, keys, err
		}
		kind, err := in.Peek()
		if err != nil {
			return false, nil, err
		}
		objects = objects && kind == '{'
		if n > 0 {
			err = in.Skip()
		} else {
			var raw []byte
			raw, err = in.Raw()
			for name := range scan.Members(raw) {
				keys = append(keys, string(name))
			}
		}
		if err != nil {
			return false, nil, err
		}
	}
}

// guessFormat tells a CMDB by the keys around its records and in the first of them.
func guessFormat(keys, first []string) string {
	if slices.Contains(keys, "results") && slices.Contains(keys, "next") && slices.Contains(keys, "count") {
		return "netbox"
	}
	if slices.Contains(keys, "result") && !slices.Contains(keys, "jsonrpc") {
		for _, name := range []string{"sys_id", "sys_class_name", "ip_address", "model_id", "manufacturer", "operational_status"} {
			if slices.Contains(first, name) {
				return "servicenow"
			}
		}
	}
	return "json"
}
