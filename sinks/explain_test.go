package sinks_test

import (
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// TestExplainHasWordsForAllThatItSays: no code of an explanation is shown as a key.
func TestExplainHasWordsForAllThatItSays(t *testing.T) {
	var all []schemas.Explanation
	for _, rule := range []string{"none", "id", "hostname", "normalised_hostname", "ip", "username", "identifier", "known_inactive", "hidden"} {
		all = append(all, schemas.Explanation{Match: &schemas.ExplainedMatch{Rule: rule}})
	}
	for _, status := range []string{schemas.FieldDiffers, schemas.FieldSame, schemas.FieldUnseen, schemas.FieldEmpty, schemas.FieldUnmanaged, schemas.FieldNotSent, schemas.FieldNew, schemas.FieldDefault,
		schemas.FieldAlong, schemas.FieldSilent, schemas.FieldSecret, schemas.FieldWithheld, schemas.FieldLast, schemas.FieldKept, schemas.FieldReadBack} {
		all = append(all, schemas.Explanation{Fields: []schemas.ExplainedField{{Name: "site", Status: status, Before: "b", After: "a"}}})
	}
	for _, action := range []string{"create", "update", "reactivate", "inactivate", schemas.PlannedNothing, schemas.PlannedUnseen, schemas.PlannedUnknown, schemas.PlannedGoes, schemas.PlannedLeft} {
		all = append(all, schemas.Explanation{Plan: schemas.ExplainedPlan{Action: action}})
	}
	for _, rule := range []string{schemas.RuleNew, schemas.RuleDiffers, schemas.RuleInactive, schemas.RuleDragged, schemas.RuleMissing, schemas.RuleRenamed} {
		all = append(all, schemas.Explanation{Plan: schemas.ExplainedPlan{Action: "update", Rule: rule, Policy: "keep"}})
	}
	for _, branch := range []string{"identifier", "key", "create"} {
		all = append(all, schemas.Explanation{Plan: schemas.ExplainedPlan{Action: "update", Branch: branch}})
	}
	for _, effect := range []schemas.Effect{"", schemas.EffectDone, schemas.EffectRefused, schemas.EffectNotSent, schemas.EffectInDoubt} {
		all = append(all, schemas.Explanation{Calls: []schemas.ExplainedCall{{Effect: effect, HTTP: 200, Attempts: 3}}})
	}
	for _, why := range []string{"secret", "line_break", "ragged", "unmapped"} {
		all = append(all, schemas.Explanation{Cells: []schemas.ExplainedCell{{Withheld: why}}})
	}
	all = append(all, schemas.Explanation{Cells: []schemas.ExplainedCell{{Notes: []string{"trimmed", "case", "domain", "rewritten"}}}})
	for i := range all {
		if all[i].Plan.Action == "" {
			all[i].Plan.Action = schemas.PlannedNothing
		}
		all[i].Result.Status = []string{"done", "failed", "skipped", "unknown", "planned", "stopped", "held", "rejected", "left_out", "unchanged", "not_in_plan"}[i%11]
	}
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		var b strings.Builder
		screen := sinks.Screen{Out: &b, Lang: lang}
		screen.Explain(all)
		for line := range strings.Lines(b.String()) {
			if strings.Contains(line, "explain_") {
				t.Errorf("%s: no words in %q", lang, line)
			}
		}
	}
}
