package jobs

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

// limitNames are the limits and guards that --limit knows.
func limitNames() []string {
	return []string{"inactivate", "cascade", "update", "create", "reactivate", "source_shrink", "view_shrink", "unreadable", "new_values", "in_use",
		"announced", "round_count", "baseline", "drop"}
}

// sized are the limits that have a percentage and a count.
func sized(l *schemas.Limits) map[string]*schemas.Limit {
	return map[string]*schemas.Limit{"inactivate": &l.Inactivate, "cascade": &l.Cascade, "update": &l.Update, "create": &l.Create,
		"reactivate": &l.Reactivate, "source_shrink": &l.SourceShrink, "view_shrink": &l.ViewShrink, "drop": &l.Drop}
}

// counted are the guards that have a number alone.
func counted(l *schemas.Limits) map[string]*int {
	return map[string]*int{"unreadable": &l.Unreadable, "new_values": &l.NewValues, "in_use": &l.InUse}
}

// switched are the guards that are on or off.
func switched(l *schemas.Limits) map[string]*bool {
	return map[string]*bool{"announced": &l.Announced, "round_count": &l.RoundCount, "baseline": &l.Baseline}
}

// most is more than any count or number of days that somebody means.
const most = 1_000_000

// off tells the word in any of YAML's spellings.
func off(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (strings.EqualFold(n.Value, "off") || n.Tag == "!!bool" && strings.EqualFold(n.Value, "false"))
}

func (l *loader) limits(n *yaml.Node, path string) {
	limits := &l.config.Limits
	members := map[string]func(*yaml.Node, string){"unreadable": l.orOff(&limits.Unreadable), "per": l.per}
	for name, target := range sized(limits) {
		members[name] = l.limit(target)
	}
	for name, target := range switched(limits) {
		members[name] = l.onOff(target)
	}
	for name, member := range map[string]struct {
		target *int
		key    string
	}{"new_values": {&limits.NewValues, "distinct"}, "in_use": {&limits.InUse, "days"}} {
		members[name] = func(n *yaml.Node, key string) {
			if off(n) {
				*member.target = -1
				return
			}
			l.object(n, key+".", map[string]func(*yaml.Node, string){member.key: l.orOff(member.target)})
		}
	}
	l.object(n, path+".", members)
}

// orOff reads a whole number, or off, which is a negative one.
func (l *loader) orOff(target *int) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if off(n) {
			*target = -1
			return
		}
		l.integer(target, 0)(n, key)
		if *target > most {
			l.bad(n, key, "want_least", "least", "0")
		}
	}
}

// per reads limits on the devices of each site, vendor, model or type.
func (l *loader) per(n *yaml.Node, path string) {
	members := map[string]func(*yaml.Node, string){}
	for _, f := range []schemas.Field{schemas.FieldSite, schemas.FieldVendor, schemas.FieldModel, schemas.FieldType} {
		members[f.String()] = func(n *yaml.Node, key string) {
			none := schemas.Limit{Off: true, Percent: -1, Count: -1, Floor: 3}
			share := schemas.ShareLimits{Inactivate: none, Update: none}
			l.object(n, key+".", map[string]func(*yaml.Node, string){"inactivate": l.limit(&share.Inactivate), "update": l.limit(&share.Update)})
			if l.config.Limits.Per == nil {
				l.config.Limits.Per = map[string]schemas.ShareLimits{}
			}
			l.config.Limits.Per[f.String()] = share
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
		target.Off = false
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

// SetAllowed adds one --allow-new FIELD=VALUE.
func SetAllowed(allow map[schemas.Field][]string, text string) error {
	name, value, ok := strings.Cut(text, "=")
	f, known := fieldFor(schemas.KindDevice, strings.TrimSpace(name))
	value = strings.TrimSpace(value)
	switch f {
	case schemas.FieldVendor, schemas.FieldModel, schemas.FieldSite, schemas.FieldType:
		if ok && known && value != "" {
			allow[f] = append(allow[f], value)
			return nil
		}
	}
	return schemas.NewFault(schemas.ClassUsage, "bad_allow", "value", text)
}

// SetLimit applies one --limit NAME=VALUE: a number sets the count and drops the percentage, a
// percentage the reverse, off switches the limit off. A count or percentage that allows less
// than the floor lowers the floor: who asks for less means it.
func SetLimit(limits *schemas.Limits, text string) error {
	name, value, ok := strings.Cut(text, "=")
	bad := schemas.NewFault(schemas.ClassUsage, "bad_limit", "value", text, "names", strings.Join(limitNames(), ", "))
	if !ok {
		return bad
	}
	if target := switched(limits)[name]; target != nil && (value == "on" || value == "off") {
		*target = value == "on"
		return nil
	}
	if target := counted(limits)[name]; target != nil {
		n, err := strconv.Atoi(value)
		switch {
		case value == "off":
			n = -1
		case err != nil || n < 0 || n > most:
			return bad
		}
		*target = n
		return nil
	}
	target := sized(limits)[name]
	switch {
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
