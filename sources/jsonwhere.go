package sources

import (
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
	"pamsync/sources/expr"
	"pamsync/sources/profile"
)

// understandJSON finds the records of a JSON file, and which product it comes from.
func (s *Source) understandJSON() error {
	outline, err := s.outline()
	if err != nil {
		return err
	}
	if f := s.Config.Format; f != "" && f != "auto" && f != "json" {
		s.profile = profile.OfJSON(f, s.Options.Kind, outline)
	} else if f != "json" && s.Config.Records == "" {
		s.profile = profile.ByOutline(outline, s.Options.Kind)
	}
	path, err := s.locate(outline)
	if err != nil {
		return err
	}
	s.Shape.Format, s.Shape.Records = "json", "#"+pointer(path)
	if s.profile != nil {
		s.Shape.Format, s.Shape.Profile = s.profile.Name, s.profile.Name
	}
	s.Shape.Accounts = s.profile == nil && namesAccounts(outline)
	switch {
	case len(path) == 1 && path[0] == lines:
		s.Shape.Records = "#"
	case len(path) == 1 && path[0] == whole:
		s.Shape.Records, s.Shape.Path, s.parted = "#", whole, true
	default:
		s.Shape.Path = strings.Join(path, ".")
		s.showParts(outline, path)
	}
	s.keyed = s.profile == nil && len(path) > 0 && path[len(path)-1] == "*" && namesHosts(outline, path) &&
		!outline.Has(strings.Join(path, ".")+".hostname") && !outline.Has(strings.Join(path, ".")+".host_name")
	mapping, err := newJSONMapping(s, s.Shape.Format)
	if err != nil {
		return err
	}
	if s.excludes, err = excludesOf(s.profile, func(string) bool { return true }); err != nil {
		return err
	}
	s.read = (&jsonReader{s: s, path: path, mapping: mapping}).read
	return nil
}

// showParts shows the lists on the way to the records as stars.
func (s *Source) showParts(o profile.Outline, path []string) {
	var shown, place []string
	for i, step := range path {
		shown, place = append(shown, step), append(place, strings.ReplaceAll(step, ".", dotMark))
		if step == "*" {
			s.parted = true
		}
		if i < len(path)-1 && o.Has(strings.Join(place, ".")+".[]") {
			shown, place, s.parted = append(shown, "*"), append(place, "[]"), true
		}
	}
	if s.parted {
		s.Shape.Records = "#" + pointer(shown)
	}
}

// namesHosts says whether the members that hold the records of an object could be the names of hosts: not
// bare numbers and ids.
func namesHosts(o profile.Outline, path []string) bool {
	above := strings.Join(path[:len(path)-1], ".")
	if above != "" {
		above += "."
	}
	for place := range o {
		name, ok := strings.CutPrefix(place, above)
		if !ok || strings.Contains(name, ".") || name == objectMark {
			continue
		}
		if name = strings.ReplaceAll(name, dotMark, "."); expr.Host(name) == "" || strings.Trim(name, "0123456789abcdefABCDEF-") == "" {
			return false
		}
	}
	return true
}

func pointer(path []string) string {
	var b strings.Builder
	for _, p := range path {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p))
	}
	return b.String()
}

// locate walks the top level of the document: the records are where the configuration or the product
// says, else in the one array of objects, at the top or under a usual name, else in the members of an
// object that are all records, else in the one array of records further down. A document without any is
// no inventory; its keys are named.
func (s *Source) locate(o profile.Outline) ([]string, error) {
	file, err := s.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := scan.NewReader(s.decoded(file), scan.Options{MaxRecord: maxJSONRecord, Window: s.piece})
	kind, err := in.Peek()
	if err != nil {
		return nil, s.jsonFault(err)
	}
	switch {
	case s.Config.Records == whole:
		return []string{whole}, nil
	case s.Config.Records != "":
		return strings.Split(strings.Trim(s.Config.Records, "."), "."), nil
	case kind == '[':
		return nil, nil
	case s.profile != nil && s.profile.Records != "":
		return strings.Split(s.profile.Records, "."), nil
	}
	keys, arrays, first, err := s.topLevel(in)
	if err != nil {
		return nil, err
	}
	if len(keys) == 1 && keys[0] == "start" {
		return nil, s.fault(schemas.ClassInput, "is_record_file")
	}
	if _, err := in.Peek(); err == nil {
		return []string{lines}, nil // JSON Lines: one object after another
	}
	arrays = slices.DeleteFunc(arrays, func(name string) bool { return len(first[name]) == 0 && !slices.Contains(usualNames(), name) })
	switch {
	case len(arrays) == 1:
		return []string{arrays[0]}, nil
	case len(arrays) > 1:
		for _, usual := range usualNames() {
			if slices.Contains(arrays, usual) {
				return []string{usual}, nil
			}
		}
		return nil, s.fault(schemas.ClassInput, "records_ambiguous", "has", strings.Join(arrays, ", "))
	}
	if s.isRecord(keys) {
		return []string{lines}, nil
	}
	if path := s.deeper(o); path != nil {
		return path, nil
	}
	return nil, s.fault(schemas.ClassInput, "no_records", "has", shownKeys(keys))
}

// deeper finds records that are no array at the top: the members of the one object whose members are
// all objects that name something, or the one array of such objects further down.
func (s *Source) deeper(o profile.Outline) []string {
	names := s.namer()
	found := map[string]map[schemas.Field]bool{}
	for path := range o {
		at := strings.LastIndexByte(path, '.')
		if at < 0 {
			continue
		}
		if r, ok := names.find(path[at+1:]); ok {
			place := path[:at]
			if !strings.HasSuffix(place, "[]") { // a member that is a record: all of its siblings are
				if up := strings.LastIndexByte(place, '.'); up < 0 {
					place = "*"
				} else {
					place = place[:up] + ".*"
				}
			}
			if found[place] == nil {
				found[place] = map[schemas.Field]bool{}
			}
			found[place][r.field] = true
		}
	}
	best, alike := "", false
	for place, fields := range found {
		keyed := strings.HasSuffix(place, "*")
		if s.Options.Requests != nil {
			if keyed || !s.namesKey(func(f schemas.Field) bool { return fields[f] }) {
				continue
			}
		} else if len(fields) < 2 || !keyed && !hasKey(s.Options.Kind, fields) || s.Options.Kind.Account() && !fields[schemas.FieldUsername] {
			continue
		}
		if keyed && !allObjects(o, place) {
			continue
		}
		alike = best != ""
		if best == "" || len(fields) > len(found[best]) || len(fields) == len(found[best]) && place < best {
			best = place
		}
	}
	if best == "" || alike && !strings.HasSuffix(best, "*") {
		return nil
	}
	path := strings.Split(strings.TrimSuffix(best, ".[]"), ".")
	for i, step := range path {
		path[i] = strings.ReplaceAll(step, dotMark, ".")
	}
	return slices.DeleteFunc(path, func(step string) bool { return step == "[]" }) // lists on the way are gone through
}

// isRecord tells a document that is one record by the names of its members: JSON Lines with one line.
func (s *Source) isRecord(keys []string) bool {
	names := s.namer()
	found := map[schemas.Field]bool{}
	for _, key := range keys {
		if r, ok := names.find(key); ok {
			found[r.field] = true
		}
	}
	return (len(found) >= 2 || s.Options.Requests != nil) && s.namesKey(func(f schemas.Field) bool { return found[f] })
}

// shownKeys are the keys of a document, or the names of columns, for a message: as many as a line bears,
// and no more of each.
func shownKeys(keys []string) string {
	const most, longest = 40, 60
	shown := []string{}
	for i, key := range keys {
		if i == most {
			shown = append(shown, "…")
			break
		}
		if runes := []rune(key); len(runes) > longest {
			key = string(runes[:longest]) + "…"
		}
		shown = append(shown, key)
	}
	return strings.Join(shown, ", ")
}

// usualNames are the members under which a document keeps its records. An empty list under
// another name says nothing.
func usualNames() []string {
	return []string{"result", "results", "devices", "credentials", "accounts", "hosts", "records", "items", "data", "value", "rows"}
}

// lines stands for the path of JSON Lines, whose records are top-level values; whole for a document
// that is one record.
const (
	lines = "\x00lines"
	whole = "$"
)

// manyKeys is how many members of an object are kept in view: one that has more is a list by itself.
const manyKeys = 1000

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
		if len(keys) < manyKeys {
			keys = append(keys, name)
		}
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
