package schemas_test

import (
	"testing"

	"pamsync/schemas"
)

func TestLimitStops(t *testing.T) {
	defaults := schemas.DefaultLimits()
	for _, c := range []struct {
		name     string
		limit    schemas.Limit
		n, total int
		want     bool
	}{
		{"nothing", defaults.Inactivate, 0, 100, false},
		{"up to the floor whatever the share", defaults.Inactivate, 3, 3, false},
		{"one above the floor, above the percentage", defaults.Inactivate, 4, 79, true},
		{"one above the floor, at the percentage", defaults.Inactivate, 4, 80, false},
		{"at the count", defaults.Inactivate, 50, 100000, false},
		{"above the count, far below the percentage", defaults.Inactivate, 51, 100000, true},
		{"above the percentage, below the count", defaults.Inactivate, 20, 100, true},
		{"a total of nothing", defaults.Inactivate, 4, 0, true},
		{"cascade at its floor", defaults.Cascade, 50, 50, false},
		{"cascade above its floor", defaults.Cascade, 51, 60, true},
		{"update has no count", defaults.Update, 30000, 100000, false},
		{"update above its percentage", defaults.Update, 31, 100, true},
		{"update at its percentage", defaults.Update, 30, 100, false},
		{"off", schemas.Limit{Off: true}, 1000, 1000, false},
		{"percent off", schemas.Limit{Percent: -1, Count: 60, Floor: 3}, 60, 60, false},
		{"percent off, above the count", schemas.Limit{Percent: -1, Count: 60, Floor: 3}, 61, 100000, true},
		{"both off", schemas.Limit{Percent: -1, Count: -1}, 5, 5, false},
		{"zero allows nothing", schemas.Limit{Percent: 0, Count: 0}, 1, 100000, true},
		{"a fraction of a percent", schemas.Limit{Percent: 0.5, Count: -1}, 6, 1000, true},
	} {
		if got := c.limit.Stops(c.n, c.total); got != c.want {
			t.Errorf("%s: %v stops %d of %d: %v", c.name, c.limit, c.n, c.total, got)
		}
	}
}

func TestLimitString(t *testing.T) {
	for _, c := range []struct {
		limit schemas.Limit
		want  string
	}{
		{schemas.Limit{Percent: 5, Count: 50, Floor: 3}, "5%, 50"},
		{schemas.Limit{Percent: 2.5, Count: -1}, "2.5%"},
		{schemas.Limit{Percent: -1, Count: 60}, "60"},
		{schemas.Limit{Off: true, Percent: 5}, "off"},
	} {
		if got := c.limit.String(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.limit, got, c.want)
		}
	}
}

// TestDefaults holds the values that design and schema promise.
func TestDefaults(t *testing.T) {
	c := schemas.DefaultConfig()
	for name, ok := range map[string]bool{
		"pace":             c.Vault.RPS == 5 && c.Vault.Burst == 1 && c.Vault.Workers == 4,
		"vault":            c.Vault.API == "auto" && c.Vault.Timezone == "America/Sao_Paulo",
		"missing":          c.Devices.Missing == schemas.MissingReport && c.Credentials.Missing == schemas.MissingReport,
		"secrets":          c.Credentials.Secrets == schemas.SecretsNever,
		"reactivate":       c.Devices.Reactivate == schemas.ReactivateOurs,
		"announced":        c.Limits.Announced && c.Limits.Unreadable == 0,
		"folders":          c.State == ".pamsync" && c.Reports == "reports" && c.Decisions == "",
		"settle":           c.Apply.Settle.Seconds() == 60 && c.Apply.MaxDuration == 0,
		"not the identity": !c.Credentials.Manages(schemas.FieldIdentifier) && !c.Credentials.Manages(schemas.FieldUsername),
		"device fields":    c.Devices.Manages(schemas.FieldIP) && c.Devices.Manages(schemas.FieldType) && !c.Devices.Manages(schemas.FieldDeviceTags),
	} {
		if !ok {
			t.Errorf("default of %s: %+v", name, c)
		}
	}
}
