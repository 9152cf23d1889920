package expr_test

import (
	"errors"
	"testing"

	"pamsync/sources/expr"
)

func TestExpressions(t *testing.T) {
	record := map[string][]string{"name": {"SRV-01.corp.example"}, "ip": {"127.0.0.1; fe80::1, 10.0.0.7/24 10.0.0.8"}, "ips": {"169.254.0.1", "2001:db8::7", "192.0.2.9"},
		"site": {"BR/SP/Barueri"}, "role": {"sw"}, "url": {"ssh://root@srv-01.corp:22/x?y"}, "empty": {""}, "IP (mgmt)": {"10.9.9.9"}, "note": {"host=db-9 port=1"}, "mail": {"a,b"}, "lower(x)": {"odd"}}
	get := func(path string) []string { return record[path] }
	for _, c := range []struct{ text, want string }{
		{"name", "SRV-01.corp.example"},
		{"IP (mgmt)", "10.9.9.9"}, // a column's name, whatever stands in it
		{"first_ip(column(\"IP (mgmt)\"))", "10.9.9.9"},
		{"column('lower(x)')", "odd"},
		{"lower(name)", "srv-01.corp.example"},
		{"upper(role)", "SW"},
		{"coalesce(none, empty, name)", "SRV-01.corp.example"},
		{"default(none, \"São \"\"Paulo\"\"\")", "São \"Paulo\""},
		{"first_ip(ip)", "10.0.0.7"},
		{"first_ip(ips)", "192.0.2.9"},
		{"first_ip(none, name)", ""},
		{"not_ip(name)", "SRV-01.corp.example"},
		{"not_ip(ips)", ""},
		{"only_ip(name)", ""},
		{"split(site, \"/\", 2)", "SP"},
		{"split(site, '/', -1)", "Barueri"},
		{"split(site, '/', 9)", ""},
		{"regex(note, \"host=(\\S+)\")", "db-9"},
		{"regex(note, 'port=\\d')", "port=1"},
		{"regex(note, 'none')", ""},
		{"table(role, 'SW', 'Switch', 'fw', 'Firewall')", "Switch"},
		{"table(name, 'sw', 'Switch')", "SRV-01.corp.example"},
		{"table(name, 'sw', 'Switch', 'Server')", "Server"},
		{"join(':', role, host(url))", "sw:srv-01.corp"},
		{"join(':', role, none)", ""},
		{"host(url)", "srv-01.corp"},
		{"host(name)", "SRV-01.corp.example"},
		{"host(note)", ""},
		{"lower(split(name, '.', 1))", "srv-01"},
	} {
		e, err := expr.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := e.Text(get); got != c.want {
			t.Errorf("%s is %q, not %q", c.text, got, c.want)
		}
		if e.String() != c.text && c.text[:3] != "col" {
			t.Errorf("%s is written %s", c.text, e)
		}
	}
}

func TestBrokenExpressions(t *testing.T) {
	for _, text := range []string{"lower()", "lower(a, b)", "split(a, \"/\")", "split(a, b, 1)", "split(a, '/', 0)", "regex(a, '(')", "regex(a, b)", "table(a, b, c)", "lower(upper(a)", "lower(\"a)", "lower(a)(b)", "column(a)", "coalesce(a,,b)"} {
		_, err := expr.Parse(text)
		var syntax *expr.SyntaxError
		if !errors.As(err, &syntax) || syntax.At < 1 || syntax.At > len(text)+1 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestFirstIP(t *testing.T) {
	for _, c := range []struct {
		text, want string
		several    bool
	}{
		{"10.0.0.1", "10.0.0.1", false}, {"10.0.0.1 10.0.0.1", "10.0.0.1", false}, {"10.0.0.1, 10.0.0.2", "10.0.0.1", true},
		{"127.0.0.1\n10.0.0.1", "10.0.0.1", false}, {"::1", "", false}, {"fe80::1%eth0 2001:db8::1", "2001:db8::1", false},
		{"2001:db8::1 10.0.0.1", "10.0.0.1", false}, {"10.0.0.1/24", "10.0.0.1", false}, {"10.0.0.0/24", "", false}, {"10.0.0.4/32", "10.0.0.4", false}, {"10.0.0.1:22", "10.0.0.1", false},
		{"[2001:db8::1]:443", "2001:db8::1", false}, {"srv-01", "", false}, {"1.2.3", "", false}, {"0.0.0.0", "", false}, {"(10.0.0.1)", "10.0.0.1", false},
	} {
		if got, several := expr.FirstIP(c.text); got != c.want || several != c.several {
			t.Errorf("%q: %q, %v", c.text, got, several)
		}
	}
}

func TestHost(t *testing.T) {
	for text, want := range map[string]string{"https://a.example/x": "a.example", "a.example:8443": "a.example", "10.0.0.1": "10.0.0.1", "http://[2001:db8::1]:80/": "2001:db8::1",
		"2001:db8::1": "2001:db8::1", "srv-01": "srv-01", "Router office": "", "": "", "mailto:x@y.example": "", "//srv/share": "srv", `\\srv\share`: "srv", "androidapp://com.x": "", "a_b": "a_b", "http://": "", "x@y": "y", "1)": ""} {
		if got := expr.Host(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"name", "coalesce(a, lower(b))", "split(a, '/', -1)", "regex(a, \"(x)\")", "table(a,'b','c')", "first_ip(a[x=(,)].b)"} {
		f.Add(text, "10.0.0.1 x")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		e, err := expr.Parse(text)
		if err != nil {
			return
		}
		e.Text(func(string) []string { return []string{value, ""} })
		if _, err := expr.Parse(e.String()); err != nil {
			t.Errorf("%q was read and is not: %v", text, err)
		}
	})
}
