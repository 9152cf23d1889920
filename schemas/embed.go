package schemas

import (
	"embed"
	"io/fs"
	"sort"
	"strings"
)

//go:embed *.schema.json
var published embed.FS

const schemaSuffix = ".schema.json"

// Published returns a published JSON Schema by its name: config, plan, result, runs, state,
// hygiene, inspect, journal, cmdb, vaultsim-state.
func Published(name string) ([]byte, bool) {
	data, err := fs.ReadFile(published, name+schemaSuffix)
	return data, err == nil
}

// PublishedNames are the names of the published JSON Schemas, sorted.
func PublishedNames() []string {
	entries, _ := fs.ReadDir(published, ".")
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), schemaSuffix))
	}
	sort.Strings(names)
	return names
}
