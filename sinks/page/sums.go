package page

import (
	"cmp"
	"slices"
	"strconv"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// bar is one bar of a chart: a kind or a site, and its changes by sign.
type bar struct {
	Name  string         `json:"name"`
	Parts map[string]int `json:"parts"`
	Total int            `json:"total"`
}

// leftCount is how many records are left as they are by one rule.
type leftCount struct {
	note
	N int `json:"n"`
}

// deed is what changes are counted by.
type deed struct {
	kind   schemas.Kind
	action schemas.Action
}

func deeds(changes []schemas.Change) map[deed]int {
	n := map[deed]int{}
	for i := range changes {
		n[deed{changes[i].Kind, changes[i].Action}]++
	}
	return n
}

func actionCounts(p *schemas.Plan, changes map[deed]int) map[string]int {
	n := map[string]int{"+": 0, "~": 0, "^": 0, "-": 0, "!": len(p.Holds), "x": len(p.Rejects), ".": len(p.Left)}
	for s, count := range changes {
		n[sinks.Symbol(s.action)] += count
	}
	return n
}

func kindCounts(p *schemas.Plan, changes map[deed]int) map[string]int {
	n := map[string]int{}
	for s, count := range changes {
		n[letter(s.kind)] += count
	}
	for i := range p.Holds {
		n[letter(p.Holds[i].Kind)]++
	}
	for i := range p.Rejects {
		n[letter(p.Rejects[i].Kind)]++
	}
	return n
}

func leftCounts(p *schemas.Plan) []leftCount {
	var order []string
	count := map[string]int{}
	for i := range p.Left {
		code := p.Left[i].Code
		if count[code]++; count[code] == 1 {
			order = append(order, code)
		}
	}
	var out []leftCount
	for _, code := range order {
		out = append(out, leftCount{note: noteOf(code, schemas.Pairs("n", strconv.Itoa(count[code]), "why", sinks.Counted)), N: count[code]})
	}
	return out
}

func (b *bar) add(sign string, n int) {
	if b.Parts == nil {
		b.Parts = map[string]int{}
	}
	b.Parts[sign] += n
	b.Total += n
}

func byKind(changes map[deed]int) []bar {
	bars := map[schemas.Kind]*bar{}
	for _, kind := range kinds() {
		bars[kind] = &bar{Name: letter(kind)}
	}
	for s, count := range changes {
		if b := bars[s.kind]; b != nil {
			b.add(sinks.Symbol(s.action), count)
		}
	}
	var out []bar
	for _, kind := range kinds() {
		if bars[kind].Total > 0 {
			out = append(out, *bars[kind])
		}
	}
	return out
}

const topSites = 10

// bySite counts the changes of devices by the site that they are or will be in, the largest
// sites first, and how many sites there are beside those. Credentials have no site.
func bySite(p *schemas.Plan) (top []bar, more int) {
	bars := map[string]*bar{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Kind != schemas.KindDevice {
			continue
		}
		site := siteOf(c)
		if site == "" {
			continue
		}
		if bars[site] == nil {
			bars[site] = &bar{Name: words.Plain(site)}
		}
		bars[site].add(sinks.Symbol(c.Action), 1)
	}
	for _, b := range bars {
		top = append(top, *b)
	}
	slices.SortFunc(top, func(a, b bar) int { return cmp.Or(b.Total-a.Total, cmp.Compare(a.Name, b.Name)) })
	if len(top) > topSites {
		return top[:topSites], len(top) - topSites
	}
	return top, 0
}

func siteOf(c *schemas.Change) string {
	if site := c.Send.Get(schemas.FieldSite); site != "" {
		return site
	}
	for i := range c.Fields {
		if c.Fields[i].Field == schemas.FieldSite {
			return cmp.Or(c.Fields[i].After, c.Fields[i].Before)
		}
	}
	return ""
}
