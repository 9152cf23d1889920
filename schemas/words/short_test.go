package words

import (
	"strings"
	"testing"
)

func TestLongValuesAreCut(t *testing.T) {
	long := strings.Repeat("ç", 2_000_000)
	for code, args := range map[string]map[string]string{
		"bad_ip":       {"value": long},
		"value_near":   {"field": "site", "value": long, "nearest": long, "allow": long},
		"value_new":    {"field": "site", "value": long, "nearest": long, "rows": "2"},
		"ambiguous":    {"candidates": long},
		"state_broken": {"path": long},
	} {
		for _, lang := range []Lang{English, Portuguese} {
			if text := Problem(lang, code, args) + Hint(lang, code, args); len(text) > 10_000 || !strings.Contains(text, "…") {
				t.Errorf("%s takes %d bytes", code, len(text))
			}
		}
	}
	if got := Short("LAX"); got != "LAX" {
		t.Errorf("a short value became %q", got)
	}
}
