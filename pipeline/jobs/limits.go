package jobs

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

// limitNames are the limits that this build enforces; guardsToCome those that it does not yet,
// which are refused unless they are off.
func limitNames() []string {
	return []string{"inactivate", "cascade", "update", "unreadable", "announced"}
}

func guardsToCome() []string {
	return []string{"source_shrink", "view_shrink", "new_values", "in_use"}
}

// off tells the word in any of YAML's spellings.
func off(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (strings.EqualFold(n.Value, "off") || n.Tag == "!!bool" && strings.EqualFold(n.Value, "false"))
}

func (l *loader) limits(n *yaml.Node, path string) {
	limits := &l.config.Limits
	members := map[string]func(*yaml.Node, string){
		"inactivate": l.limit(&limits.Inactivate),
		"cascade":    l.limit(&limits.Cascade),
		"update":     l.limit(&limits.Update),
		"unreadable": func(n *yaml.Node, key string) {
			if off(n) {
				limits.Unreadable = -1
				return
			}
			l.integer(&limits.Unreadable, 0)(n, key)
		},
		"announced": func(n *yaml.Node, key string) {
			if limits.Announced = !off(n); limits.Announced && !strings.EqualFold(n.Value, "on") && !strings.EqualFold(n.Value, "true") {
				l.bad(n, key, "want_on_off")
			}
		},
	}
	for _, name := range guardsToCome() {
		members[name] = func(n *yaml.Node, key string) {
			if !off(n) {
				l.fail(n, "not_in_build", "key", key)
			}
		}
	}
	l.object(n, path+".", members)
}

// limit reads {percent, count, floor}; a key left out keeps its default.
func (l *loader) limit(target *schemas.Limit) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if off(n) {
			target.Off = true
			return
		}
		l.object(n, key+".", map[string]func(*yaml.Node, string){
			"percent": func(n *yaml.Node, key string) {
				v, err := strconv.ParseFloat(strings.TrimSuffix(n.Value, "%"), 64)
				switch {
				case off(n):
					target.Percent = -1
				case n.Kind != yaml.ScalarNode || err != nil || !percentage(v):
					l.bad(n, key, "want_percent")
				default:
					target.Percent = v
				}
			},
			"count": func(n *yaml.Node, key string) {
				if off(n) {
					target.Count = -1
					return
				}
				l.integer(&target.Count, 0)(n, key)
			},
			"floor": l.integer(&target.Floor, 0),
		})
	}
}

// percentage tells a number that can be one; NaN would let everything pass.
func percentage(v float64) bool { return v >= 0 && v <= 1e6 }

// SetLimit applies one --limit NAME=VALUE: a number sets the count and drops the percentage, a
// percentage the reverse, off switches the limit off. A count or percentage that allows less
// than the floor lowers the floor: who asks for less means it.
func SetLimit(limits *schemas.Limits, text string) error {
	name, value, ok := strings.Cut(text, "=")
	bad := schemas.NewFault(schemas.ClassUsage, "bad_limit", "value", text, "names", strings.Join(limitNames(), ", "))
	if !ok {
		return bad
	}
	for _, guard := range guardsToCome() {
		if name == guard {
			if value == "off" {
				return nil
			}
			return schemas.NewFault(schemas.ClassConfig, "not_in_build", "key", "limits."+name)
		}
	}
	target := map[string]*schemas.Limit{"inactivate": &limits.Inactivate, "cascade": &limits.Cascade, "update": &limits.Update}[name]
	switch {
	case name == "announced" && (value == "on" || value == "off"):
		limits.Announced = value == "on"
		return nil
	case name == "unreadable" && value == "off":
		limits.Unreadable = -1
		return nil
	case name == "unreadable":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return bad
		}
		limits.Unreadable = n
		return nil
	case target == nil:
		return bad
	case value == "off":
		target.Off = true
		return nil
	}
	if percent, ok := strings.CutSuffix(value, "%"); ok {
		v, err := strconv.ParseFloat(percent, 64)
		if err != nil || !percentage(v) {
			return bad
		}
		*target = schemas.Limit{Percent: v, Count: -1, Floor: target.Floor}
		if v == 0 {
			target.Floor = 0
		}
		return nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return bad
	}
	*target = schemas.Limit{Percent: -1, Count: n, Floor: min(target.Floor, n)}
	return nil
}

// Nearest is the known word that a person most likely meant, "" for none that is near.
func Nearest(word string, known []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, k := range known {
		d := distance(strings.ToLower(word), strings.ToLower(k))
		if (strings.HasPrefix(k, word) || strings.HasPrefix(word, k)) && min(len(word), len(k)) >= 3 {
			d = min(d, 1)
		}
		if d < bestDistance || d == bestDistance && best != "" && len(k) < len(best) {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next := min(row[j]+1, row[j-1]+1, diagonal+cost)
			diagonal, row[j] = row[j], next
		}
	}
	return row[len(b)]
}
