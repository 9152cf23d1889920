package vaultsim

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestClockMovesTheDateAlone(t *testing.T) {
	for _, off := range []time.Duration{0, time.Hour, -10 * time.Minute} {
		server := httptest.NewServer(&Vault{Clock: off})
		answer, err := http.Get(server.URL + "/api/pam/device")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		server.Close()
		date, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		if wrong := time.Until(date) - off; wrong.Abs() > 5*time.Second {
			t.Errorf("%v: the Date is off by %v", off, wrong)
		}
	}
}
