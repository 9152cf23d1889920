package sources

import "strings"

// knownMember is what the name of a member stands for.
type knownMember struct {
	name   string
	slot   int // of the paths that begin with it, -1 for none
	ranked ranked
}

// memberAt is what the i-th member of a record stands for. Records of one file mostly have the same
// members in the same order: then nothing is looked up.
func (m *jsonMapping) memberAt(i int, name string) *knownMember {
	if i < len(m.layout) && m.layout[i].name == name {
		return m.layout[i]
	}
	k := m.known[name]
	if k == nil {
		k = &knownMember{name: strings.Clone(name), slot: -1, ranked: ranked{rank: -1}}
		if slot, ok := m.slotOf[name]; ok {
			k.slot = slot
		}
		if m.names != nil && !m.used[name] {
			if r, ok := m.names.find(name); ok && len(m.paths[r.field]) == 0 && m.derived[r.field] == nil {
				k.ranked = r
			}
		}
		if len(m.known) < maxKnownMembers {
			m.known[k.name] = k
		}
	}
	switch {
	case i < len(m.layout):
		m.layout[i] = k
	case i == len(m.layout) && i < maxKnownMembers:
		m.layout = append(m.layout, k)
	}
	return k
}

// maxKnownMembers is how many names of members are remembered.
const maxKnownMembers = 1 << 14
