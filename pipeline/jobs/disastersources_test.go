package jobs_test

import (
	"fmt"
	"strings"
	"time"

	"pamsync/schemas"
)

func literally(text string) func(*nightOf) { return func(n *nightOf) { n.devicesText = &text } }

func credentialsAre(text string) func(*nightOf) { return func(n *nightOf) { n.accountsText = &text } }

// part keeps the rows from and to such shares of all, in percent.
func part(from, to int) func(*nightOf) {
	return func(n *nightOf) {
		all := n.devices.rows
		n.devices.rows = all[len(all)*from/100 : len(all)*to/100]
	}
}

func jsonOf(s *sheet) string {
	var b strings.Builder
	b.WriteString(`{"result":[`)
	for i, row := range s.rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("{")
		for j, name := range s.header {
			if j > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, "%q:%q", name, row[j])
		}
		b.WriteString("}")
	}
	b.WriteString("]")
	return b.String()
}

// filler adds devices that the vault does not have, up to so many rows.
func filler(rows int) func(*nightOf) {
	return func(n *nightOf) {
		for i := len(n.devices.rows); i < rows; i++ {
			n.devices.rows = append(n.devices.rows, []string{fmt.Sprintf("new-%05d", i), fmt.Sprintf("10.99.%d.%d", i>>8, i&255), "LAX", "CentOS 7", "CentOS Project", "Server"})
		}
	}
}

// sourceDisasters are files that are not what they were.
var sourceDisasters = []disaster{
	{name: "empty file", spoil: literally(""), want: []string{"refused source_blank"}},
	{name: "blank lines alone", spoil: literally("\n\n \n"), want: []string{"refused source_blank"}},
	{name: "header alone", spoil: literally("hostname,ip,site,model,vendor,type\n"), want: []string{"stop empty_source"}},
	{name: "empty list", spoil: literally("[]"), want: []string{"stop empty_source"}},
	{name: "empty result", spoil: literally(`{"result":[]}`), want: []string{"stop empty_source"}},
	{name: "an error page for a file", spoil: literally("<!DOCTYPE html><html><body>Login</body></html>"), want: []string{"refused no_key_column"}},
	{name: "an error for a result", spoil: literally(`{"error":{"message":"User Not Authenticated"},"status":"failure"}`), want: []string{"refused no_records"}},
	{name: "a text for a file", spoil: literally("Service temporarily unavailable\n"), want: []string{"refused no_key_column"}},
	{name: "half the file", spoil: part(0, 50), want: []string{"stop source_shrunk"}},
	{name: "the first third", spoil: part(0, 33), want: []string{"stop source_shrunk"}},
	{name: "the last third", spoil: part(67, 100), want: []string{"stop source_shrunk"}},
	{name: "three quarters", spoil: part(0, 75), want: []string{"stop source_shrunk"}},
	{name: "a tenth lacking", spoil: part(0, 90), want: []string{"", "hold named_by_credential 20", "hold named_by_credential 200"}},
	{name: "one row left", spoil: func(n *nightOf) { n.devices.rows = n.devices.rows[:1] }, want: []string{"stop source_shrunk"}},
	{name: "cut in the middle of a row", spoil: func(n *nightOf) {
		text := n.devices.text()
		text = text[:len(text)/2]
		n.devicesText = &text
	}, want: []string{"stop source_shrunk"}},
	{name: "JSON cut in the middle", spoil: func(n *nightOf) {
		text := jsonOf(&n.devices)
		text = text[:len(text)/2]
		n.devicesText = &text
	}, want: []string{"refused json_cut"}},
	{name: "JSON that says there is a next page", spoil: func(n *nightOf) {
		n.devices.rows = n.devices.rows[:len(n.devices.rows)*9/10]
		text := jsonOf(&n.devices) + `,"next":"https://cmdb.example/api?page=2"}`
		n.devicesText = &text
	}, want: []string{"stop source_page"}},
	{name: "exactly 1,000 rows", spoil: func(n *nightOf) { n.devices.rows = n.devices.rows[:1000] }, want: []string{"", "", "stop source_shrunk"}},
	{name: "exactly 1,000 rows of 1,100", before: func(n *nightOf) { filler(1100)(n); n.e.Config.Limits.NewValues = -1 },
		spoil: func(n *nightOf) { n.devices.rows = n.devices.rows[:1000] }, want: []string{"", "stop source_round", ""}},
	{name: "every row twice", spoil: func(n *nightOf) { n.devices.rows = append(n.devices.rows, n.devices.clone().rows...) }, want: []string{"nothing"}},
	{name: "every row twice, the second otherwise", spoil: func(n *nightOf) {
		again := n.devices.clone()
		again.each("site", func(i int, old string) string { return estateSites[(i+1)%4] })
		n.devices.rows = append(n.devices.rows, again.rows...)
	}, want: []string{"hold rows_differ 20", "hold rows_differ 200", "hold rows_differ 2000"}},
	{name: "a stale file put back", spoil: func(n *nightOf) {
		n.devices.rows = n.devices.rows[:len(n.devices.rows)-2]
		n.modified = tonight.AddDate(0, 0, -9)
	}, want: []string{"stop source_older"}},
	{name: "a file older than it may be", spoil: func(n *nightOf) {
		n.devices.rows = n.devices.rows[:len(n.devices.rows)-1]
		n.modified = tonight.AddDate(0, 0, -1).Add(time.Minute)
		n.e.Config.Devices.Sources[0].MaxAge = time.Hour
	}, before: func(n *nightOf) {
		n.e.Config.Devices.Sources = []schemas.SourceConfig{{Name: "d.csv", Path: n.folder + "/d.csv", Format: "auto"}}
	}, want: []string{"stop source_stale"}},
	{name: "another delimiter", spoil: func(n *nightOf) {
		text := strings.ReplaceAll(n.devices.text(), ",", ";")
		n.devicesText = &text
	}, want: []string{"nothing"}},
	{name: "another delimiter in the rows alone", spoil: func(n *nightOf) {
		head, rows, _ := strings.Cut(n.devices.text(), "\n")
		text := head + "\n" + strings.ReplaceAll(rows, ",", ";")
		n.devicesText = &text
	}, want: []string{"hold unreadable_rows 20 reject 20", "hold unreadable_rows 200 reject 200", "hold unreadable_rows 2000 reject 2000"}},
	{name: "a quote that swallows rows", spoil: func(n *nightOf) {
		lines := strings.Split(n.devices.text(), "\n")
		lines[3] = strings.Replace(lines[3], ",", ",\"", 1)
		lines[9] = strings.Replace(lines[9], ",", "\",", 1)
		text := strings.Join(lines, "\n")
		n.devicesText = &text
	}, want: []string{"stop source_shrunk", "hold unreadable_rows 7 reject 1", "hold unreadable_rows 7 reject 1"}},
	{name: "a quote that is never closed", spoil: func(n *nightOf) {
		lines := strings.Split(n.devices.text(), "\n")
		lines[3] = strings.Replace(lines[3], ",", ",\"", 1)
		text := strings.Join(lines, "\n")
		n.devicesText = &text
	}, want: []string{"refused stray_quote"}},
	{name: "credentials: header alone", spoil: credentialsAre("username,hostname,identifier,credential_type\n"), want: []string{"stop empty_source"}},
	{name: "credentials: empty file", spoil: credentialsAre(""), want: []string{"refused source_blank"}},
	{name: "credentials: half the file", spoil: func(n *nightOf) { n.accounts.rows = n.accounts.rows[:len(n.accounts.rows)/2] }, want: []string{"stop source_shrunk"}},
	{name: "credentials: every row twice", spoil: func(n *nightOf) { n.accounts.rows = append(n.accounts.rows, n.accounts.clone().rows...) }, want: []string{"nothing"}},
	{name: "the two files exchanged", spoil: func(n *nightOf) {
		devices, accounts := n.devices.text(), n.accounts.text()
		n.devicesText, n.accountsText = &accounts, &devices
	}, want: []string{"refused no_key_column"}},
	{name: "the credentials for the devices too", spoil: func(n *nightOf) {
		accounts := n.accounts.text()
		n.devicesText = &accounts
	}, want: []string{"nothing"}},
}
