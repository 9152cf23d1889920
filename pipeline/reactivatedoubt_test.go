package pipeline_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestAReactivationInDoubtGoesOn: a credential that waited for its device's own change is activated,
// and the answer is lost. The list settles that as done; what is left of the change still follows.
func TestAReactivationInDoubtGoesOn(t *testing.T) {
	var armed atomic.Bool
	sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if r.Method == http.MethodPut && strings.Contains(r.Path, "/credential/") && armed.CompareAndSwap(true, false) {
			return vaultsim.ResetAfter
		}
		return vaultsim.NoFault
	}}
	sim.AddDevice(vaultsim.Device{Hostname: "srv-00", IP: "10.0.0.1", Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
	for _, user := range []string{"root", "backup"} {
		sim.AddCredential(vaultsim.Credential{Hostname: "srv-00", Username: user, Type: "Local User"})
	}
	w := newWorld(t, sim)
	w.night(w.inventory([]schemas.Values{device("srv-00", "10.0.0.1", "LAX")}, []schemas.Values{account("root", "srv-00", "Local User")}))
	armed.Store(true)
	_, results := w.night(w.inventory([]schemas.Values{device("srv-00", "10.0.0.1", "AWS")},
		[]schemas.Values{account("root", "srv-00", "Local User"), account("backup", "srv-00", "Domain User")}))
	if len(results) != 2 || armed.Load() {
		t.Fatalf("%+v", results)
	}
	for _, r := range results {
		if r.Status != schemas.StatusDone {
			t.Errorf("%s %s: %s %s", r.Action, r.Key, r.Status, r.Code)
		}
	}
	if got := w.active()["credential backup@srv-00false"]; got != "[Domain User]" {
		t.Errorf("the credential is %q", got)
	}
}
