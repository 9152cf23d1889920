package filter_test

import (
	"testing"

	"pamsync/schemas/filter"
)

func TestMatch(t *testing.T) {
	fields := map[string]string{"site": "LAX", "hostname": "dc-01", "status": "1", "Nome do host": "srv", "path": `a\b"c`}
	get := func(name string) string { return fields[name] }
	for _, c := range []struct {
		text string
		want bool
	}{
		{`site == "LAX"`, true},
		{`site == "lax"`, false},
		{`site != "LAX"`, false},
		{`hostname =~ "^dc"`, true},
		{`hostname !~ "^dc"`, false},
		{`site == "AWS" or hostname =~ "^dc" and status == "1"`, true},
		{`(site == "AWS" or hostname =~ "^dc") and status == "2"`, false},
		{`not site == "AWS"`, true},
		{`not (site == "LAX" and status == "1")`, false},
		{`"Nome do host" == 'srv'`, true},
		{`path == "a\\b\"c"`, true},
		{`hostname =~ "\d\d$"`, true},
		{`missing == ""`, true},
	} {
		f, err := filter.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := f.Match(get); got != c.want {
			t.Errorf("%s: got %v", c.text, got)
		}
	}
}

func TestShort(t *testing.T) {
	get := func(name string) string { return map[string]string{"user": "ana", "device": "10.66.1.1:22"}[name] }
	for text, want := range map[string]bool{
		"user=ana": true, "user!=ana": false, "device~^10.66.": true, "device!~^10.66.": false,
		"user=": false, `user == "ana"`: true, `user == "ana" and device =~ ":22$"`: true,
	} {
		f, err := filter.ParseShort(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.Match(get); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestErrorsNameTheColumn(t *testing.T) {
	for text, want := range map[string]string{
		`site = "LAX"`:               `column 6: after "site" one of == != =~ !~ is missing`,
		`site == LAX`:                `column 9: after == a text in quotes is missing`,
		`site == "LAX`:               `column 9: after == a text in quotes is missing`,
		`(site == "LAX"`:             `column 15: a closing parenthesis is missing`,
		`site == "LAX" site`:         `column 15: "site" is one too many`,
		`site =~ "("`:                "column 9: the regular expression: error parsing regexp: missing closing ): `(`",
		`site == "a" and`:            `column 16: a field's name is missing`,
		`& == "a"`:                   `column 1: wanted a field's name, found "&"`,
		`"é" == "a" and or == "ç" ¬`: `column 26: "¬" is one too many`,
	} {
		_, err := filter.Parse(text)
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
}
