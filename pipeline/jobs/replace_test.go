package jobs_test

import (
	"reflect"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// TestAFlagKeepsThePlaceOfAFile: --devices FILE reads one of the configured files alone, another
// one in the place of the only one, or one that nobody has said anything of.
func TestAFlagKeepsThePlaceOfAFile(t *testing.T) {
	two := []schemas.SourceConfig{{Name: "a.csv", Path: "/in/a.csv", Where: "x"}, {Name: "b.csv", Path: "/in/b.csv"}}
	sheets := []schemas.SourceConfig{{Name: "a.xlsx", Path: "a.xlsx", Sheet: "N"}, {Name: "a.xlsx", Path: "a.xlsx", Sheet: "S"}, {Name: "b.csv", Path: "b.csv"}}
	order := func(site ...string) map[schemas.Field][]string {
		return map[schemas.Field][]string{schemas.FieldSite: site}
	}
	for _, c := range []struct {
		name       string
		sources    []schemas.SourceConfig
		precedence map[schemas.Field][]string
		path       string
		want       []string
		wantOrder  map[schemas.Field][]string
	}{
		{"one of two", two, order("b.csv", "a.csv"), "/in/a.csv", []string{"a.csv"}, order("a.csv")},
		{"one that may not write the field", two, order("b.csv"), "a.csv", []string{"a.csv"}, map[schemas.Field][]string{schemas.FieldSite: {}}},
		{"in the place of the only one", two[:1], order("a.csv"), "z.csv", []string{"z.csv"}, order("z.csv")},
		{"another", two, order("b.csv"), "z.csv", []string{"z.csv"}, nil},
		{"both sheets", sheets, order("a.xlsx!S", "b.csv"), "a.xlsx", []string{"a.xlsx", "a.xlsx"}, order("a.xlsx!S")},
		{"no precedence", two, nil, "a.csv", []string{"a.csv"}, nil},
	} {
		k := schemas.KindConfig{Sources: c.sources, Precedence: c.precedence}
		jobs.ReplaceSources(&k, c.path)
		var names []string
		for _, s := range k.Sources {
			names = append(names, s.Name)
		}
		if !reflect.DeepEqual(names, c.want) || !reflect.DeepEqual(k.Precedence, c.wantOrder) {
			t.Errorf("%s: %v, %v", c.name, names, k.Precedence)
		}
		if c.name == "one of two" && k.Sources[0].Where != "x" {
			t.Errorf("%s: the mapping is lost", c.name)
		}
	}
}
