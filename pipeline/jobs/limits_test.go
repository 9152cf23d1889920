package jobs_test

import (
	"reflect"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func TestSetLimit(t *testing.T) {
	for _, c := range []struct {
		text string
		want func(*schemas.Limits)
	}{
		{"inactivate=60", func(l *schemas.Limits) { l.Inactivate = schemas.Limit{Percent: -1, Count: 60, Floor: 3} }},
		{"inactivate=2", func(l *schemas.Limits) { l.Inactivate = schemas.Limit{Percent: -1, Count: 2, Floor: 2} }},
		{"inactivate=0", func(l *schemas.Limits) { l.Inactivate = schemas.Limit{Percent: -1, Count: 0, Floor: 0} }},
		{"inactivate=10%", func(l *schemas.Limits) { l.Inactivate = schemas.Limit{Percent: 10, Count: -1, Floor: 3} }},
		{"cascade=0.5%", func(l *schemas.Limits) { l.Cascade = schemas.Limit{Percent: 0.5, Count: -1, Floor: 50} }},
		{"update=0%", func(l *schemas.Limits) { l.Update = schemas.Limit{Percent: 0, Count: -1, Floor: 0} }},
		{"update=off", func(l *schemas.Limits) { l.Update.Off = true }},
		{"unreadable=5", func(l *schemas.Limits) { l.Unreadable = 5 }},
		{"unreadable=off", func(l *schemas.Limits) { l.Unreadable = -1 }},
		{"announced=off", func(l *schemas.Limits) { l.Announced = false }},
		{"announced=on", func(*schemas.Limits) {}},
		{"source_shrink=off", func(l *schemas.Limits) { l.SourceShrink.Off = true }},
		{"source_shrink=30%", func(l *schemas.Limits) { l.SourceShrink = schemas.Limit{Percent: 30, Count: -1, Floor: 3} }},
		{"view_shrink=5", func(l *schemas.Limits) { l.ViewShrink = schemas.Limit{Percent: -1, Count: 5, Floor: 3} }},
		{"drop=60", func(l *schemas.Limits) { l.Drop = schemas.Limit{Percent: -1, Count: 60, Floor: 3} }},
		{"create=100", func(l *schemas.Limits) { l.Create = schemas.Limit{Percent: -1, Count: 100} }},
		{"new_values=0", func(l *schemas.Limits) { l.NewValues = 0 }},
		{"in_use=off", func(l *schemas.Limits) { l.InUse = -1 }},
		{"round_count=off", func(l *schemas.Limits) { l.RoundCount = false }},
		{"baseline=off", func(l *schemas.Limits) { l.Baseline = false }},
	} {
		got, want := schemas.DefaultLimits(), schemas.DefaultLimits()
		c.want(&want)
		if err := jobs.SetLimit(&got, c.text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %+v, wanted %+v", c.text, err, got, want)
		}
	}
}

func TestABadLimitIsRefusedAndChangesNothing(t *testing.T) {
	for _, c := range []struct {
		text  string
		class schemas.Class
		code  string
	}{
		{"", schemas.ClassUsage, "bad_limit"},
		{"inactivate", schemas.ClassUsage, "bad_limit"},
		{"inactivate=", schemas.ClassUsage, "bad_limit"},
		{"inactivate=-1", schemas.ClassUsage, "bad_limit"},
		{"inactivate=-1%", schemas.ClassUsage, "bad_limit"},
		{"inactivate=nan%", schemas.ClassUsage, "bad_limit"},
		{"inactivate=inf%", schemas.ClassUsage, "bad_limit"},
		{"inactivate=1.5", schemas.ClassUsage, "bad_limit"},
		{"inactivate=%", schemas.ClassUsage, "bad_limit"},
		{"inactivate=no", schemas.ClassUsage, "bad_limit"},
		{"unreadable=-1", schemas.ClassUsage, "bad_limit"},
		{"announced=5", schemas.ClassUsage, "bad_limit"},
		{"nothing=5", schemas.ClassUsage, "bad_limit"},
		{"source_shrink=on", schemas.ClassUsage, "bad_limit"},
		{"in_use=a", schemas.ClassUsage, "bad_limit"},
		{"baseline=5", schemas.ClassUsage, "bad_limit"},
	} {
		got := schemas.DefaultLimits()
		err := jobs.SetLimit(&got, c.text)
		wantFault(t, err, c.class, c.code)
		if !reflect.DeepEqual(got, schemas.DefaultLimits()) {
			t.Errorf("%q changed the limits: %+v", c.text, got)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"apply", "export", "plan", "report", "resume", "show", "sync"}
	for word, want := range map[string]string{"aply": "apply", "APPLY": "apply", "plna": "plan", "exprot": "export", "resum": "resume", "sycn": "sync", "exporting": "export", "rep": "report", "zzzzzz": "", "configuration": ""} {
		if got := jobs.Nearest(word, known); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, wanted %q", word, got, want)
		}
	}
	if got := jobs.Nearest("x", nil); got != "" {
		t.Error(got)
	}
}
