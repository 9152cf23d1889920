package pipeline

import (
	"slices"
	"strconv"

	"pamsync/schemas"
)

// No list shows a secret. Where nothing is remembered of the one that a record has, nobody can say whether the
// inventory's is another: the vault may have changed it since. Only SecretsOverwrite sends it all the same.

// leaveUncompared notes a record whose secret stays as it is for that reason.
func (p *planner) leaveUncompared(kind schemas.Kind, key string) {
	if p.uncompared == nil {
		p.uncompared = map[schemas.Kind][]string{}
	}
	p.uncompared[kind] = append(p.uncompared[kind], key)
}

// warnUncompared says how many secrets the policy would send, and are not sent.
func (p *planner) warnUncompared() {
	for _, kind := range schemas.RowKinds() {
		if keys := p.uncompared[kind]; len(keys) > 0 {
			p.warn("secrets_uncompared", schemas.Place{}, "kind", string(kind), "n", strconv.Itoa(len(keys)), "key", slices.Min(keys))
		}
	}
}
