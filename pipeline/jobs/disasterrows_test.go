package jobs_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/schemas"
)

// second adds another device source beside the first.
func second(text func(n *nightOf) string) func(*nightOf) {
	return func(n *nightOf) {
		path := filepath.Join(n.folder, "d2.csv")
		save(n.t, path, text(n))
		if slices.ContainsFunc(n.e.Config.Devices.Sources, func(s schemas.SourceConfig) bool { return s.Name == "d2.csv" }) {
			return
		}
		n.e.Config.Devices.Sources = append(n.e.Config.Devices.Sources, schemas.SourceConfig{Name: "d2.csv", Path: path, Format: "auto"})
	}
}

func rowsOf(n *nightOf, from, to int) string {
	s := sheet{header: n.devices.header, rows: n.devices.rows[from:to]}
	return s.text()
}

// halves splits the devices over two sources.
func halves(n *nightOf) {
	second(func(n *nightOf) string { return rowsOf(n, n.n/2, n.n) })(n)
	n.devices.rows = n.devices.rows[:n.n/2]
}

// otherEstate is another environment's inventory: its own names and addresses.
func otherEstate(n *nightOf) {
	n.devices.each("hostname", func(i int, _ string) string { return fmt.Sprintf("hml-%04d.test.example", i) })
	n.devices.each("ip", func(i int, _ string) string { return fmt.Sprintf("192.168.%d.%d", i>>8, i&255) })
}

func status(n *nightOf, of func(i int) string) {
	n.devices.header = append(n.devices.header, "status")
	for i := range n.devices.rows {
		n.devices.rows[i] = append(n.devices.rows[i], of(i))
	}
}

// rowDisasters are rows that say other things, wrong queries and wrong configurations.
var rowDisasters = []disaster{
	{name: "another environment's devices", spoil: otherEstate, want: []string{"stop other_inventory"}},
	{name: "another environment's devices and credentials", spoil: and(otherEstate, func(n *nightOf) {
		n.accounts.each("hostname", func(i int, old string) string { return strings.Replace(old, "srv", "hml", 1) })
		n.accounts.each("identifier", func(i int, old string) string { return "hml-" + old })
	}), want: []string{"stop other_inventory"}},
	{name: "another environment's devices, missing is report", spoil: and(otherEstate, func(n *nightOf) { n.e.Config.Devices.Missing = schemas.MissingReport }),
		want: []string{"stop other_inventory"}},
	{name: "the tenants exchanged, names alike", spoil: func(n *nightOf) {
		n.devices.each("ip", func(i int, _ string) string { return fmt.Sprintf("192.168.%d.%d", i>>8, i&255) })
		n.devices.each("site", func(int, string) string { return "Tenant B" })
	}, want: []string{"stop limit_update", "hold value_renamed 200", "hold value_renamed 2000"}},
	{name: "the query finds retired ones alone", before: func(n *nightOf) {
		sources(n)
		status(n, func(int) string { return "1" })
		n.e.Config.Devices.Sources[0].Where = `status == "1"`
	},
		spoil: func(n *nightOf) { n.devices.each("status", func(int, string) string { return "6" }) }, want: []string{"stop empty_source"}},
	{name: "the query finds retired ones too", before: func(n *nightOf) {
		sources(n)
		status(n, func(int) string { return "1" })
		n.e.Config.Devices.Sources[0].Where = `status == "1"`
	},
		spoil: func(n *nightOf) {
			n.devices.each("status", func(i int, _ string) string { return []string{"1", "6"}[i%2] })
		}, want: []string{"stop source_shrunk"}},
	{name: "where is another one", before: func(n *nightOf) {
		sources(n)
		status(n, func(i int) string { return []string{"1", "1", "1", "1", "1", "1", "1", "1", "1", "2"}[i%10] })
	},
		spoil: func(n *nightOf) { n.e.Config.Devices.Sources[0].Where = `status == "1"` }, want: []string{"stop mapping_changed"}},
	{name: "where asks for what nothing has", before: sources, spoil: func(n *nightOf) { n.e.Config.Devices.Sources[0].Where = `site == "lax"` }, want: []string{"stop empty_source"}},
	{name: "the mapping is another one", before: sources, spoil: and(lastGone(1), func(n *nightOf) {
		n.devices.header = append(n.devices.header, "alias")
		for i := range n.devices.rows {
			n.devices.rows[i] = append(n.devices.rows[i], n.devices.rows[i][0])
		}
		n.e.Config.Devices.Sources[0].Columns = map[schemas.Field]string{schemas.FieldHostname: "alias"}
	}), want: []string{"stop mapping_changed"}},
	{name: "another class of the CMDB", spoil: func(n *nightOf) {
		n.devices.rows = nil
		for i := range n.n {
			n.devices.rows = append(n.devices.rows, []string{fmt.Sprintf("printer-%04d", i), fmt.Sprintf("10.77.%d.%d", i>>8, i&255), "LAX", "LaserJet", "HP", "Printer"})
		}
	}, want: []string{"stop other_inventory"}},
	{name: "two sources disagree on every row", spoil: second(func(n *nightOf) string {
		s := n.devices.clone()
		s.each("site", func(i int, _ string) string { return estateSites[(i+1)%4] })
		return s.text()
	}), want: []string{"hold rows_differ 20", "hold rows_differ 200", "hold rows_differ 2000"}},
	{name: "one of two sources is empty", before: halves, spoil: second(func(n *nightOf) string { return "hostname,ip,site,model,vendor,type\n" }), want: []string{"stop empty_source"}},
	{name: "one of two sources is blank", before: halves, spoil: second(func(*nightOf) string { return "" }), want: []string{"refused source_blank"}},
	{name: "one of two sources is missing", before: halves, spoil: func(n *nightOf) {
		n.e.Config.Devices.Sources[1].Path = filepath.Join(n.folder, "gone.csv")
	}, want: []string{"refused source_missing"}},
	{name: "one of two sources is not configured any more", before: halves, spoil: func(n *nightOf) { n.e.Config.Devices.Sources = n.e.Config.Devices.Sources[:1] }, want: []string{"stop source_gone"}},
	{name: "one of two sources is half", before: halves, spoil: second(func(n *nightOf) string {
		sim, devices, _ := estateOf(n.n)
		_ = sim
		s := sheet{header: devices.header, rows: devices.rows[n.n/2 : n.n*3/4]}
		return s.text()
	}), want: []string{"stop source_shrunk"}},
	{name: "two hosts exchanged their addresses", spoil: func(n *nightOf) {
		n.devices.rows[1][1], n.devices.rows[2][1] = n.devices.rows[2][1], n.devices.rows[1][1]
	}, want: []string{"writes 2"}},
	{name: "two hosts exchanged their names", spoil: func(n *nightOf) {
		n.devices.rows[1][0], n.devices.rows[2][0] = n.devices.rows[2][0], n.devices.rows[1][0]
	}, want: []string{"writes 2"}},
	{name: "one host has another name", spoil: func(n *nightOf) { n.devices.rows[1][0] = "fresh.corp.example" }, want: []string{"hold looks_renamed 1"}},
	{name: "credentials without hostnames", spoil: func(n *nightOf) { n.accounts.each("hostname", func(int, string) string { return "" }) }, want: []string{"reject 50", "reject 500", "reject 5000"}},
	{name: "credentials without usernames", spoil: func(n *nightOf) { n.accounts.each("username", func(int, string) string { return "" }) }, want: []string{"reject 50", "reject 500", "reject 5000"}},
	{name: "usernames one row further", spoil: func(n *nightOf) { rotate(&n.accounts, "username") }, want: []string{"hold identifier_taken 30 hold rows_differ 10", "hold identifier_taken 300 hold rows_differ 100", "hold identifier_taken 3000 hold rows_differ 1000"}},
	{name: "hostnames of credentials one row further", spoil: func(n *nightOf) { rotate(&n.accounts, "hostname") }, want: []string{"hold identifier_taken 20", "hold identifier_taken 200", "hold identifier_taken 2000"}},
	{name: "each row has its neighbour's identifier", spoil: func(n *nightOf) { rotate(&n.accounts, "identifier") }, want: []string{"hold identifier_taken 50", "hold identifier_taken 500", "hold identifier_taken 5000"}},
	{name: "each row has its neighbour's identifier, which is ours", spoil: func(n *nightOf) {
		n.e.Config.Credentials.Manage = append(slices.Clone(n.e.Config.Credentials.Manage), schemas.FieldIdentifier, schemas.FieldUsername)
		rotate(&n.accounts, "identifier")
	}, want: []string{"hold identifier_taken 50", "hold identifier_taken 500", "hold identifier_taken 5000"}},
	{name: "all identifiers are one", spoil: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "root-0000" }) }, want: []string{"hold identifier_taken 49", "hold identifier_taken 499", "hold identifier_taken 4999"}},
	{name: "all identifiers are a new one", spoil: func(n *nightOf) {
		n.e.Config.Credentials.Manage = append(slices.Clone(n.e.Config.Credentials.Manage), schemas.FieldIdentifier)
		n.accounts.each("identifier", func(int, string) string { return "new-one" })
	}, want: []string{"hold identifier_taken 50", "hold identifier_taken 500", "hold identifier_taken 5000"}},
	{name: "all usernames are one", spoil: func(n *nightOf) { n.accounts.each("username", func(int, string) string { return "administrator" }) }, want: []string{"hold rows_differ 20", "hold rows_differ 200", "hold rows_differ 2000"}},
	{name: "username and hostname exchanged", spoil: func(n *nightOf) { swap(&n.accounts, "username", "hostname") }, want: []string{"hold identifier_taken 50", "hold identifier_taken 500", "hold identifier_taken 5000"}},
	{name: "username and identifier exchanged", spoil: func(n *nightOf) { swap(&n.accounts, "username", "identifier") }, want: []string{"stop limit_inactivate"}},
	{name: "every type another one", spoil: func(n *nightOf) { n.accounts.each("credential_type", func(int, string) string { return "Service" }) }, want: []string{"stop limit_update"}},
	{name: "every type an SSH key", spoil: func(n *nightOf) { n.accounts.each("credential_type", func(int, string) string { return "SSH Key" }) }, want: []string{"nothing"}},
	{name: "a tenth of the hostnames empty", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, old string) string {
			if i%10 == 0 {
				return ""
			}
			return old
		})
	}, want: []string{"hold unreadable_rows 2 reject 2", "hold unreadable_rows 20 reject 20", "hold unreadable_rows 200 reject 200"}},
	{name: "one hostname empty, and two devices gone", spoil: and(lastGone(2), func(n *nightOf) { n.devices.rows[0][0] = "" }), want: []string{"hold unreadable_rows 3 reject 1"}},
	{name: "control characters in a tenth of the names", spoil: func(n *nightOf) {
		n.devices.each("hostname", func(i int, old string) string {
			if i%10 == 0 {
				return "a\x07" + old
			}
			return old
		})
	}, want: []string{"hold unreadable_rows 2 reject 2", "hold unreadable_rows 20 reject 20", "hold unreadable_rows 200 reject 200"}},
	{name: "no address can be read", spoil: func(n *nightOf) { n.devices.each("ip", func(int, string) string { return "#N/A" }) }, want: []string{"reject 20", "reject 200", "reject 2000"}},
	{name: "every value #REF!", spoil: func(n *nightOf) { n.devices.each("site", func(int, string) string { return "#REF!" }) }, want: []string{"reject 20", "hold value_renamed 200", "hold value_renamed 2000"}},
	{name: "every value null", spoil: func(n *nightOf) { n.devices.each("model", func(int, string) string { return "null" }) }, want: []string{"nothing"}},
	{name: "no identifiers, and all usernames are one", before: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "" }) },
		spoil: func(n *nightOf) { n.accounts.each("username", func(int, string) string { return "administrator" }) }, want: []string{"stop limit_inactivate"}},
	{name: "no identifiers, and each username another", before: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "" }) },
		spoil: func(n *nightOf) {
			n.accounts.each("username", func(i int, old string) string { return fmt.Sprint(old, i) })
		}, want: []string{"stop limit_inactivate"}},
	{name: "no identifiers, and hostnames one row further", before: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "" }) },
		spoil: func(n *nightOf) { rotate(&n.accounts, "hostname") }, want: []string{"nothing"}},
	{name: "no identifiers, and usernames one row further", before: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "" }) },
		spoil: func(n *nightOf) { rotate(&n.accounts, "username") }, want: []string{"stop limit_inactivate"}},
	{name: "no identifiers, and username and hostname exchanged", before: func(n *nightOf) { n.accounts.each("identifier", func(int, string) string { return "" }) },
		spoil: func(n *nightOf) { swap(&n.accounts, "username", "hostname") }, want: []string{"stop limit_inactivate"}},
	{name: "the last three devices gone, honestly", spoil: lastGone(3), want: []string{"writes 3"}},
	{name: "four devices gone", spoil: lastGone(4), want: []string{"stop limit_inactivate", "writes 4", "writes 4"}},
	{name: "a tenth of the devices gone, with their credentials", spoil: func(n *nightOf) { lastGone(n.n / 10)(n) }, want: []string{"writes 2", "stop limit_inactivate", "stop limit_inactivate"}},
	{name: "a quarter of the devices gone, with their credentials", spoil: func(n *nightOf) { lastGone(n.n / 4)(n) }, want: []string{"stop source_shrunk"}},
	{name: "all devices of the vault gone, with their credentials", spoil: func(n *nightOf) { lastGone(n.n)(n) }, want: []string{"stop empty_source"}},
}
