package jobs_test

import (
	"fmt"
	"slices"
	"strings"
)

// shift moves the values of every row so many columns to the right, round the end where they
// fall out.
func shift(s *sheet, by int) {
	for i, row := range s.rows {
		n := len(row)
		moved := make([]string, n)
		for j, v := range row {
			moved[((j+by)%n+n)%n] = v
		}
		s.rows[i] = moved
	}
}

func swap(s *sheet, a, b string) {
	x, y := s.col(a), s.col(b)
	for _, row := range s.rows {
		row[x], row[y] = row[y], row[x]
	}
}

// rotate gives each row the value of the row before it.
func rotate(s *sheet, name string) {
	c := s.col(name)
	last := s.rows[len(s.rows)-1][c]
	for i := len(s.rows) - 1; i > 0; i-- {
		s.rows[i][c] = s.rows[i-1][c]
	}
	s.rows[0][c] = last
}

// columnDisasters are whole columns that say something else.
var columnDisasters = []disaster{
	{name: "values one column to the right", spoil: func(n *nightOf) { shift(&n.devices, 1) }, want: []string{"hold named_by_credential 20 hold rows_differ 1", "hold named_by_credential 200 hold rows_differ 1", "hold named_by_credential 2000 hold rows_differ 1"}},
	{name: "values one column to the left", spoil: func(n *nightOf) { shift(&n.devices, -1) }, want: []string{"hold named_by_address 20 hold values_many 20", "hold named_by_address 200 hold values_many 200", "hold named_by_address 2000 hold values_many 2000"}},
	{name: "the header one to the right", spoil: func(n *nightOf) {
		h := n.devices.header
		n.devices.header = append([]string{h[len(h)-1]}, h[:len(h)-1]...)
	}, want: []string{"hold named_by_address 20 hold values_many 20", "hold named_by_address 200 hold values_many 200", "hold named_by_address 2000 hold values_many 2000"}},
	{name: "ip and hostname exchanged", spoil: func(n *nightOf) { swap(&n.devices, "ip", "hostname") }, want: []string{"hold looks_renamed 20", "hold looks_renamed 200", "hold looks_renamed 2000"}},
	{name: "ip and hostname exchanged in a tenth of the rows", spoil: func(n *nightOf) {
		for i := range n.n / 10 {
			r := n.devices.rows[i]
			r[0], r[1] = r[1], r[0]
		}
	}, want: []string{"hold looks_renamed 2", "hold looks_renamed 20", "hold looks_renamed 200"}},
	{name: "site and model exchanged", spoil: func(n *nightOf) { swap(&n.devices, "site", "model") }, want: []string{"stop limit_update"}},
	{name: "vendor and type exchanged", spoil: func(n *nightOf) { swap(&n.devices, "vendor", "type") }, want: []string{"stop limit_update", "hold value_renamed 200", "hold value_renamed 2000"}},
	{name: "model and vendor exchanged", spoil: func(n *nightOf) { swap(&n.devices, "model", "vendor") }, want: []string{"stop limit_update", "hold value_renamed 200", "hold value_renamed 2000"}},
	{name: "all upper case", spoil: func(n *nightOf) {
		for _, c := range n.devices.header {
			n.devices.each(c, func(_ int, old string) string { return strings.ToUpper(old) })
		}
		for _, c := range n.accounts.header {
			n.accounts.each(c, func(_ int, old string) string { return strings.ToUpper(old) })
		}
	}, want: []string{"nothing"}},
	{name: "all lower case", spoil: func(n *nightOf) {
		for _, c := range n.devices.header {
			n.devices.each(c, func(_ int, old string) string { return strings.ToLower(old) })
		}
	}, want: []string{"nothing"}},
	{name: "blanks round every value", spoil: func(n *nightOf) {
		for _, c := range n.devices.header {
			n.devices.each(c, func(_ int, old string) string { return "  " + old + " " })
		}
	}, want: []string{"nothing"}},
	{name: "no-break spaces round every value", spoil: func(n *nightOf) {
		for _, c := range n.devices.header {
			n.devices.each(c, func(_ int, old string) string { return "\u00a0" + old + "\u00a0" })
		}
	}, want: []string{"nothing"}},
	{name: "no-break spaces in the values", spoil: func(n *nightOf) {
		n.devices.each("vendor", func(_ int, old string) string { return strings.ReplaceAll(old, " ", "\u00a0") })
	}, want: []string{"hold value_near 8", "hold value_near 80", "hold value_near 800"}},
	{name: "zero-width spaces in the names", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(_ int, old string) string { return "\u200b" + old })
	}, want: []string{"nothing"}},
	{name: "names without their domain", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(_ int, old string) string { return strings.TrimSuffix(old, ".corp.example") })
	}, want: []string{"hold looks_renamed 20", "hold looks_renamed 200", "hold looks_renamed 2000"}},
	{name: "names without their domain, in both files", spoil: func(n *nightOf) {
		for _, s := range []*sheet{&n.devices, &n.accounts} {
			s.each("hostname", func(_ int, old string) string { return strings.TrimSuffix(old, ".corp.example") })
		}
	}, want: []string{"hold device_held 50 hold looks_renamed 20", "hold device_held 500 hold looks_renamed 200", "hold device_held 5000 hold looks_renamed 2000"}},
	{name: "names without their domain, which is known", spoil: func(n *nightOf) {
		n.e.Config.Devices.Normalize.Domains = []string{"corp.example"}
		for _, s := range []*sheet{&n.devices, &n.accounts} {
			s.each("hostname", func(_ int, old string) string { return strings.TrimSuffix(old, ".corp.example") })
		}
	}, want: []string{"nothing"}},
	{name: "names with another domain", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(_ int, old string) string { return strings.Replace(old, "corp", "dmz", 1) })
	}, want: []string{"hold looks_renamed 20", "hold looks_renamed 200", "hold looks_renamed 2000"}},
	{name: "addresses for names", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, _ string) string { return addressOf(i) })
	}, want: []string{"hold looks_renamed 20", "hold looks_renamed 200", "hold looks_renamed 2000"}},
	{name: "all names renumbered", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, _ string) string { return fmt.Sprintf("br-lnx-%05d.corp.example", i) })
	}, want: []string{"hold looks_renamed 20", "hold looks_renamed 200", "hold looks_renamed 2000"}},
	{name: "all names and addresses renumbered", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, _ string) string { return fmt.Sprintf("br-lnx-%05d.corp.example", i) })
		n.devices.each("ip", func(i int, _ string) string { return fmt.Sprintf("172.16.%d.%d", i>>8, i&255) })
	}, want: []string{"stop other_inventory"}},
	{name: "all addresses renumbered", spoil: func(n *nightOf) {
		n.devices.each("ip", func(i int, _ string) string { return fmt.Sprintf("172.16.%d.%d", i>>8, i&255) })
	}, want: []string{"stop limit_update"}},
	{name: "every address is the neighbour's", spoil: func(n *nightOf) { rotate(&n.devices, "ip") }, want: []string{"stop limit_update"}},
	{name: "every name is the neighbour's", spoil: func(n *nightOf) { rotate(&n.devices, "hostname") }, want: []string{"stop limit_update"}},
	{name: "one address for all", spoil: func(n *nightOf) {
		n.devices.each("ip", func(int, string) string { return "10.0.0.1" })
	}, want: []string{"stop limit_update"}},
	{name: "one name for all", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(int, string) string { return hostOf(0) })
	}, want: []string{"hold named_by_credential 19 hold rows_differ 1", "hold named_by_credential 199 hold rows_differ 1", "hold named_by_credential 1999 hold rows_differ 1"}},
	{name: "a site renamed", spoil: func(n *nightOf) {
		n.devices.each("site", func(_ int, old string) string { return strings.Replace(old, "SP-Barueri", "Sao Paulo 2", 1) })
	}, want: []string{"writes 5", "hold value_renamed 50", "hold value_renamed 500"}},
	{name: "a vendor misspelt", spoil: func(n *nightOf) {
		n.devices.each("vendor", func(_ int, old string) string { return strings.Replace(old, "Microsoft", "Micorsoft", 1) })
	}, want: []string{"hold value_near 4", "hold value_near 40", "hold value_near 400"}},
	{name: "a model with another number", spoil: func(n *nightOf) {
		n.devices.each("model", func(_ int, old string) string { return strings.Replace(old, "2019", "2022", 1) })
	}, want: []string{"writes 4", "hold value_renamed 40", "hold value_renamed 400"}},
	{name: "every site empty", spoil: func(n *nightOf) { n.devices.each("site", func(int, string) string { return "" }) }, want: []string{"nothing"}},
	{name: "the column site is gone", spoil: func(n *nightOf) {
		c := n.devices.col("site")
		n.devices.header = slices.Delete(slices.Clone(n.devices.header), c, c+1)
		for i := range n.devices.rows {
			n.devices.rows[i] = slices.Delete(n.devices.rows[i], c, c+1)
		}
	}, want: []string{"nothing"}},
	{name: "the column hostname is renamed", spoil: func(n *nightOf) { n.devices.header[0] = "ci_label" }, want: []string{"refused no_key_column"}},
	{name: "mojibake in the sites", spoil: func(n *nightOf) {
		n.devices.each("site", func(_ int, old string) string { return strings.Replace(old, "RJ-Centro", "RJ-CentrÃ³", 1) })
	}, want: []string{"hold value_near 5", "hold value_near 50", "hold value_near 500"}},
	{name: "mojibake in the names", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, old string) string {
			if i%2 == 0 {
				return "Ã§" + old
			}
			return old
		})
	}, want: []string{"hold unreadable_rows 10 reject 10", "hold unreadable_rows 100 reject 100", "hold unreadable_rows 1000 reject 1000"}},
	{name: "serial numbers for names", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, _ string) string { return fmt.Sprintf("1.%05dE+11", i) })
	}, want: []string{"hold unreadable_rows 20 reject 20", "hold unreadable_rows 200 reject 200", "hold unreadable_rows 2000 reject 2000"}},
}
