package sources

import (
	"encoding/json"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
	"pamsync/sources/expr"
)

// groupNames gives a row for each host that an inventory of Ansible names in a group alone: one without
// variables is left out of hostvars, and is there all the same.
func (s *Source) groupNames(known map[string]bool, number int, give func(*schemas.Row) error) error {
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close()
	in := scan.NewReader(s.decoded(file), scan.Options{MaxRecord: maxJSONRecord, Window: s.piece})
	if err := in.EnterObject(); err != nil {
		return s.jsonFault(err)
	}
	for {
		key, ok, err := in.NextKey()
		if err != nil {
			return s.jsonFault(err)
		}
		if !ok {
			return nil
		}
		group := string(key)
		if group == "_meta" {
			if err := in.Skip(); err != nil {
				return s.jsonFault(err)
			}
			continue
		}
		raw, err := in.Raw()
		if err != nil {
			return s.jsonFault(err)
		}
		for i, host := range hostsOf(raw) {
			if known[host] {
				continue
			}
			known[host] = true
			number++
			if err := give(s.groupRow(number, group, i, host)); err != nil {
				return err
			}
		}
	}
}

// hostsOf are the hosts of a group: an object with a list of them, or the list itself.
func hostsOf(raw []byte) []string {
	var group struct {
		Hosts []string `json:"hosts"`
	}
	if json.Unmarshal(raw, &group) == nil {
		return group.Hosts
	}
	var hosts []string
	if json.Unmarshal(raw, &hosts) == nil {
		return hosts
	}
	return nil
}

func (s *Source) groupRow(number int, group string, i int, host string) *schemas.Row {
	place := schemas.Place{Source: s.Config.Name, Row: number, Pointer: "#" + pointer([]string{group, "hosts", strconv.Itoa(i)})}
	row := &schemas.Row{Kind: s.Options.Kind, Source: s.Options.Index, Number: number, Defaults: s.defaults, Place: func(schemas.Field) schemas.Place { return place }}
	row.Values[schemas.FieldHostname] = strings.TrimSpace(host)
	if ip, _ := expr.FirstIP(host); ip == host {
		row.Values[schemas.FieldIP] = ip
	}
	row.Notes = []schemas.Problem{{Code: "group_only", Place: place, Args: schemas.Pairs("field", "ip")}}
	row.LeftOut = s.where != nil && !s.where.Match(func(name string) string {
		if name == keyPath {
			return host
		}
		return ""
	})
	return row
}
