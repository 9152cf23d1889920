package vault

import "testing"

// TestLaw2NoCallForASecretIsOnTheList: what returns a secret or takes custody cannot be called.
func TestLaw2NoCallForASecretIsOnTheList(t *testing.T) {
	table := routes()
	for _, c := range []struct {
		method, path string
		want         bool
	}{
		{"POST", "/api/oauth2/token", true}, {"POST", "/iso/oauth2/token", true},
		{"GET", "/api/pam/device", true}, {"GET", "/iso/pam/device/7", true}, {"GET", "/iso/pam/credential", true}, {"GET", "/api/session/remotesessions", true},
		{"GET", "/api/pam/session/remotesessions", true}, {"POST", "/api/pam/device", true}, {"DELETE", "/api/pam/key/7", true}, {"PUT", "/iso/pam/credential/7", true},
		{"GET", "/api/pam/credential/7", false}, {"GET", "/api/pam/credential/root@srv-01", false}, {"GET", "/iso/pam/key/7", false},
		{"GET", "/api/pam/info/7", false}, {"POST", "/api/pam/info", true}, {"POST", "/api/pam/key", true},
		{"DELETE", "/api/pam/credential/custody/7", true}, {"GET", "/api/pam/credential/custody/7", false}, {"POST", "/api/pam/remote/session", false}, {"POST", "/api/remote/session", false},
		{"GET", "/iso/coe/senha/7", false}, {"GET", "/api/v2/pam/credentials", true}, {"GET", "/api/v2/pam/credentials/7", true}, {"GET", "/iso/v2/pam/credentials", false}, {"PUT", "/api/v2/pam/credentials/7", false}, {"GET", "/api/v2/pam/credentials/7/secret", false},
		{"DELETE", "/api/pam/session/drop/7", true}, {"DELETE", "/iso/session/drop/7", true}, {"GET", "/api/pam/session/drop/7", false},
		{"GET", "/api/pam/device/srv-01", false}, {"GET", "/api/pam/device/", false}, {"GET", "/api/pam/credential/", false}, {"GET", "/api/pam/credential?id=7", false}, {"GET", "/other/api/pam/device", false},
		{"DELETE", "/api/pam/info/lic", true}, {"DELETE", "/api/pam/info/.x", true}, {"DELETE", "/api/pam/info/.", false}, {"DELETE", "/api/pam/info/..", false},
		{"DELETE", "/api/pam/device/srv-01", false}, {"PATCH", "/api/pam/device/7", false},
	} {
		if got := allowed(table, c.method, c.path); got != c.want {
			t.Errorf("%s %s: allowed %v", c.method, c.path, got)
		}
	}
}
