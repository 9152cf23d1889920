package pipeline

import (
	"strconv"
	"testing"

	"pamsync/schemas"
)

// TestDistinctPastTheVocabulary: what came when the vocabulary was full is known all the same.
func TestDistinctPastTheVocabulary(t *testing.T) {
	var p pack
	put := func(tags, vendor string) {
		v := schemas.Values{schemas.FieldDeviceTags: tags, schemas.FieldVendor: vendor}
		p.add(&v)
	}
	put("t", "CentOS")
	for i := range manyWords + 10 {
		put("tag-"+strconv.Itoa(i), "CentOS")
	}
	put("t", "Microsoft")
	put("t", "Microsoft")
	if got := p.distinct(schemas.FieldVendor); len(got) != 2 || got[0] != "CentOS" || got[1] != "Microsoft" {
		t.Errorf("the vendors are %q", got)
	}
	if got := len(p.distinct(schemas.FieldDeviceTags)); got != manyWords+11 {
		t.Errorf("%d tags, wanted %d", got, manyWords+11)
	}
}

// TestHygieneSaysWhatItDoesNotCompare: a field with too many values is a finding, and the records of
// one name are counted once each.
func TestHygieneSaysWhatItDoesNotCompare(t *testing.T) {
	s := &Snapshot{hasher: newHasher()}
	for i := range manyAlike + 1 {
		s.addDevice(&schemas.Device{ID: strconv.Itoa(i + 1), Hostname: "localhost", Model: "model " + strconv.Itoa(i), Vendor: []string{"Cisco", "Cisko"}[i%2]})
	}
	s.index()
	if hosts, _ := s.Doubles(); hosts != manyAlike {
		t.Errorf("%d devices share a name, wanted %d", hosts, manyAlike)
	}
	codes := map[string]string{}
	for _, u := range Hygiene(s) {
		codes[u.Code] = u.Field
	}
	if codes[untidyMany] != "model" || codes[untidyValue] != "vendor" {
		t.Errorf("found %v", codes)
	}
}
