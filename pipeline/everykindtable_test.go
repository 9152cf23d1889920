package pipeline_test

import (
	"fmt"
	"strings"
	"testing"

	"pamsync/schemas"
)

// protection is one thing that must hold of records of every kind.
type protection struct {
	rule string
	// not says of a kind why there is no such thing.
	not map[schemas.Kind]string
	try func(t *testing.T, kind schemas.Kind)
}

var everyKind = []schemas.Kind{schemas.KindDevice, schemas.KindCredential, schemas.KindKey, schemas.KindInfo}

// TestEveryProtectionOfEveryKind tries each protection on records of each kind, over real HTTP. Where a cell holds
// that a record does not go, another goes by the same plan, so that the cell could fail.
func TestEveryProtectionOfEveryKind(t *testing.T) {
	var table strings.Builder
	line := func(cells ...string) {
		fmt.Fprintf(&table, "\n%-72s", cells[0])
		for _, cell := range cells[1:] {
			fmt.Fprintf(&table, " %-10s", cell)
		}
	}
	line("", "device", "credential", "key", "info")
	var why []string
	for _, list := range [][]protection{absenceProtections(), wholeProtections(), applyProtections(), undoProtections()} {
		for _, p := range list {
			cells := []string{p.rule}
			for _, kind := range everyKind {
				if reason := p.not[kind]; reason != "" {
					cells = append(cells, "-")
					why = append(why, fmt.Sprintf("%s, %s: %s", p.rule, kind, reason))
					continue
				}
				cell := "holds"
				if !t.Run(p.rule+"/"+string(kind), func(t *testing.T) { p.try(t, kind) }) {
					cell = "FAILS"
				}
				cells = append(cells, cell)
			}
			line(cells...)
		}
	}
	t.Logf("%s\n\n- does not apply:\n%s", table.String(), strings.Join(why, "\n"))
}

func only(kind schemas.Kind, reason string) map[schemas.Kind]string {
	return map[schemas.Kind]string{kind: reason}
}
