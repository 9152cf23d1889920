package pipeline

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// PlanOpens plans sessions to be opened, and gives the parameters of each by its change: they stand in no
// file.
func PlanOpens(asks []Ask) (*schemas.Plan, map[string]*schemas.Opening) {
	b := newBulkPlan(schemas.KindSession, schemas.ActionOpen)
	byKey := map[string]*schemas.Opening{}
	for i := range asks {
		a := &asks[i]
		o := opening(a)
		key := o.Key()
		if b.unread(a, key) {
			continue
		}
		if problems := o.check(a); len(problems) > 0 {
			b.plan.Summary.Rows.Rejected++
			b.plan.Rejects = append(b.plan.Rejects, schemas.Reject{Kind: b.kind, Key: key, Row: a.Ref, Problems: problems})
			continue
		}
		if !slices.Contains(protocols(), o.Protocol) {
			b.plan.Warnings = append(b.plan.Warnings, schemas.Problem{Code: "protocol_unknown", Place: a.Places["protocol"],
				Args: schemas.Pairs("value", o.Protocol, "known", strings.Join(protocols(), ", "))})
		}
		byKey[key] = &o.Opening
		b.change(a, key, schemas.Change{Key: key, Device: o.Device, Reason: schemas.Reason{Rule: schemas.RuleAsked}})
	}
	plan := b.done(0)
	openings := make(map[string]*schemas.Opening, len(plan.Changes))
	for i := range plan.Changes {
		openings[plan.Changes[i].ID] = byKey[plan.Changes[i].Key]
	}
	return plan, openings
}

// protocols are those that the vault's pages name: of sessions, and of the session settings of a
// credential (vault-api a.3, a.6).
func protocols() []string {
	return []string{"ssh", "rdp", "https", "http", "telnet", "vnc", "mysql", "sql server"}
}

// openRow is a row's opening.
type openRow struct{ schemas.Opening }

func opening(a *Ask) openRow {
	return openRow{schemas.Opening{User: a.Said["user"], Credential: a.Said["credential"], Device: a.Said["device"], Protocol: strings.ToLower(a.Said["protocol"]),
		RemoteDevice: a.Said["remotedevice"], RemoteAddr: a.Said["remoteAddr"], Port: whole(a.Said["port"]), RemoteApp: whole(a.Said["remoteapp"]),
		ScreenSize: strings.ToLower(strings.ReplaceAll(a.Said["screensize"], " ", ""))}}
}

// whole is a number as a spreadsheet may have written it: 22.0 is 22.
func whole(text string) string { return strings.TrimSuffix(text, ".0") }

var screenSize = regexp.MustCompile(`^[1-9][0-9]{1,4}x[1-9][0-9]{1,4}$`)

// check is what is wrong with a row, all of it.
func (o *openRow) check(a *Ask) []schemas.Problem {
	var problems []schemas.Problem
	add := func(column, code, value string) {
		problems = append(problems, schemas.Problem{Code: code, Place: a.Places[column], Args: schemas.Pairs("field", column, "value", value)})
	}
	for _, need := range [][2]string{{"user", o.User}, {"credential", o.Credential}, {"device", o.Device}, {"protocol", o.Protocol}} {
		if need[1] == "" {
			add(need[0], "open_needs", "")
		}
	}
	if o.Port != "" && !between(o.Port, 1, 65535) {
		add("port", "open_port", o.Port)
	}
	if o.RemoteApp != "" && !between(o.RemoteApp, 1, 1<<31-1) {
		add("remoteapp", "open_number", o.RemoteApp)
	}
	if o.ScreenSize != "" && !screenSize.MatchString(o.ScreenSize) {
		add("screensize", "open_screensize", o.ScreenSize)
	}
	for column, text := range map[string]string{"user": o.User, "credential": o.Credential, "device": o.Device, "protocol": o.Protocol, "remotedevice": o.RemoteDevice, "remoteAddr": o.RemoteAddr} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			add(column, "open_control", text)
		}
	}
	slices.SortStableFunc(problems, func(x, y schemas.Problem) int { return x.Place.Col - y.Place.Col })
	return problems
}

func between(text string, least, most int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= least && n <= most && strconv.Itoa(n) == text
}
