package evidence_test

import (
	"strings"
	"testing"

	"pamsync/pipeline/evidence"
)

// TestAnAccountIsKnownOnItsDevice: root of another device is another account.
func TestAnAccountIsKnownOnItsDevice(t *testing.T) {
	k := evidence.NewKnown(func(s string) string { return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), ".") })
	if k.Accounts() || k.HasDevice("srv-01") || k.HasAccount("root", "srv-01") {
		t.Error("nothing is known yet")
	}
	k.Device("srv-01", "10.0.0.1")
	k.Device("SRV-02", "10.0.0.2")
	k.Device("web", "https://portal.example/login")
	k.Account("root", "", "srv-01", "")
	k.Account("Admin", "", "web", "")
	k.Account("svc", "CORP", "srv-01", "")
	k.Account(`CORP\ops`, "", "srv-01", "")
	k.Account("ana@corp.example", "", "srv-01", "")
	k.Account("app", "", "srv-09", "10.0.0.9") // of no device row
	for _, c := range []struct {
		name, credential, host string
		want                   bool
	}{
		{"user on its device", "root", "srv-01", true},
		{"without case", "ROOT", "Srv-01.", true},
		{"by the device's address", "root", "10.0.0.1", true},
		{"the same user on another device", "root", "srv-02", false},
		{"the same by that one's address", "root", "10.0.0.2", false},
		{"on a device of which nothing is known", "root", "srv-77", false},
		{"user@host", "root@srv-01", "srv-01", true},
		{"user@host, the device by its address", "root@srv-01", "10.0.0.1", true},
		{"user@address", "root@10.0.0.1", "srv-01", true},
		{"user@host of a device that lacks it", "root@srv-02", "srv-02", false},
		{"user@host that names its own device", "root@srv-01", "srv-02", true},
		{`HOST\user`, `SRV-01\root`, "srv-01", true},
		{`.\user`, `.\root`, "srv-01", true},
		{`.\user on another`, `.\root`, "srv-02", false},
		{"an account of a domain, on another device", "svc", "srv-02", true},
		{`DOMAIN\user on another device`, `corp\svc`, "srv-02", true},
		{"user@domain", "svc@corp.example", "10.0.0.2", true},
		{`another domain's user of that name`, `OTHER\svc`, "srv-01", false},
		{`a domain in the inventory's name`, `CORP\ops`, "srv-02", true},
		{"the bare name of it", "ops", "srv-02", true},
		{"user@domain in the inventory's name, as written", "ana@corp.example", "srv-01", true},
		{`the same as DOMAIN\user`, `CORP\ana`, "srv-02", true},
		{"a domain where the inventory says none", `CORP\root`, "srv-01", true},
		{"a domain where it has none such", `CORP\root`, "srv-02", false},
		{"a URL by its host", "admin", "https://portal.example:443/x", true},
		{"an account's own device", "app", "10.0.0.9", true},
		{"user@host of a host that nobody knows", "root@srv-77", "srv-01", false},
		{"none", "", "srv-01", false},
	} {
		if got := k.HasAccount(c.credential, c.host); got != c.want {
			t.Errorf("%s: %q on %q: %v", c.name, c.credential, c.host, got)
		}
	}
	if !k.HasDevice("10.0.0.9") || !k.HasDevice("https://portal.example/other") || k.HasDevice("") || k.HasDevice("10.0.0.7") {
		t.Error("devices")
	}
}
