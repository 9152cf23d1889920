package pipeline_test

import (
	"reflect"
	"strings"
	"testing"

	"pamsync/pipeline"
	"pamsync/schemas"
)

func storyOf(plan *schemas.Plan, trail *pipeline.Trail) *pipeline.Story {
	c := schemas.DefaultConfig()
	c.Devices.Normalize.Domains = []string{"corp.example"}
	return pipeline.NewStory(plan, trail, &c)
}

func send(pairs ...string) schemas.Sent { return schemas.Send(values(pairs...)) }

func values(pairs ...string) (v schemas.Values) {
	for i := 0; i < len(pairs); i += 2 {
		f, _ := schemas.ParseField(pairs[i])
		v[f] = pairs[i+1]
	}
	return v
}

// told is a plan with one of each thing that a plan says.
func told() *schemas.Plan {
	return &schemas.Plan{
		Start: schemas.Start{Policy: &schemas.Policy{Devices: schemas.MissingInactivate, Credentials: schemas.MissingReport},
			Sources: []schemas.SourceUse{{Kind: schemas.KindDevice, Path: "d.csv", Format: "csv"}, {Kind: schemas.KindCredential, Path: "d.csv", Format: "csv"}}},
		Changes: []schemas.Change{
			{ID: "c1", Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "srv-01", VaultID: "1", Match: "hostname", Reason: schemas.Reason{Rule: schemas.RuleDiffers},
				Fields: []schemas.FieldChange{{Field: schemas.FieldSite, Before: "LAX", After: "AWS"}}, Send: send("site", "AWS", "ip", "10.0.0.1", "model", "m", "vendor", "v"), Rows: []schemas.RowRef{{Source: "d.csv", Row: 2}}},
			{ID: "c2", Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: "old-03", VaultID: "3", Reason: schemas.Reason{Rule: schemas.RuleMissing},
				Fields: []schemas.FieldChange{{Field: schemas.FieldSite, Before: "LAX"}}, Cascade: []schemas.Item{{Kind: schemas.KindCredential, ID: "12", Key: "root@old-03"}, {Kind: schemas.KindKey, ID: "13", Key: "git@old-03"}}},
		},
		Holds: []schemas.Hold{
			{Kind: schemas.KindDevice, Key: "twin", Code: "ambiguous", Rows: []schemas.RowRef{{Source: "d.csv", Row: 3}}, Candidates: []schemas.Item{{ID: "7", Key: "Twin"}, {ID: "8", Key: "twin"}}},
			{Kind: schemas.KindDevice, Key: "was", VaultID: "9", Code: "looks_renamed", Args: schemas.Pairs("new", "is, now"), Rows: []schemas.RowRef{{Source: "d.csv", Row: 4}}},
		},
		Rejects: []schemas.Reject{{Kind: schemas.KindCredential, Row: schemas.RowRef{Source: "d.csv", Row: 2}, Problems: []schemas.Problem{{Code: "no_username", Args: schemas.Pairs("value", "a\nb")}}}},
		Left: []schemas.Left{{Kind: schemas.KindCredential, Key: "app@srv-02", VaultID: "14", Code: "missing_reported"},
			{Kind: schemas.KindKey, Key: "ci@srv-02 #ci-01", VaultID: "15", Code: "missing_reported"}, {Kind: schemas.KindKey, Key: "ci@srv-02 #ci-02", VaultID: "16", Code: "missing_reported"},
			{Kind: schemas.KindInfo, Key: "ci@srv-02", VaultID: "17", Code: "missing_reported"}},
		Summary: schemas.Summary{Limits: []schemas.LimitUse{
			{Name: "update", Kind: schemas.KindDevice, N: 1, Total: 3}, {Name: "update", Kind: schemas.KindCredential, N: 0, Total: 3},
			{Name: "update", Kind: schemas.KindDevice, N: 1, Total: 2, Share: "site LAX"}, {Name: "update", Kind: schemas.KindDevice, N: 1, Total: 2, Share: "site SFO"},
			{Name: "inactivate", Kind: schemas.KindDevice, N: 1, Total: 3}, {Name: "cascade", Kind: schemas.KindCredential, N: 2, Total: 3}}},
	}
}

func keys(all []schemas.Explanation) string {
	var names []string
	for _, x := range all {
		names = append(names, string(x.Kind)+" "+x.Key+" "+x.Plan.Action)
	}
	return strings.Join(names, "; ")
}

func TestExplainFindsWhatIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		name  string
		asked schemas.Asked
		want  string
	}{
		{"a device by its name, without case", schemas.Asked{Kind: schemas.KindDevice, Name: "SRV-01"}, "device srv-01 update"},
		{"a device by another form of its name", schemas.Asked{Kind: schemas.KindDevice, Name: "srv-01.corp.example"}, "device srv-01 update"},
		{"a device by its id", schemas.Asked{ID: "3"}, "device old-03 inactivate"},
		{"a credential that goes along", schemas.Asked{Kind: schemas.KindCredential, Name: "root@old-03"}, "credential root@old-03 goes_along"},
		{"a key as a credential", schemas.Asked{Kind: schemas.KindCredential, Name: "git@old-03.corp.example"}, "key git@old-03 goes_along"},
		{"a candidate of a hold", schemas.Asked{ID: "8"}, "device twin hold"},
		{"the new name of a rename", schemas.Asked{Kind: schemas.KindDevice, Name: "IS, now"}, "device was hold"},
		{"what is left as it is", schemas.Asked{ID: "14"}, "credential app@srv-02 left_out"},
		{"a row of two sources of one path", schemas.Asked{Row: 2}, "device srv-01 update; credential  reject"},
		{"a row of a source", schemas.Asked{Row: 3, Source: "d.csv"}, "device twin hold"},
		{"a row of another source", schemas.Asked{Row: 3, Source: "e.csv"}, ""},
		{"all keys of a user on a device", schemas.Asked{Kind: schemas.KindKey, Name: "CI@srv-02.corp.example"}, "key ci@srv-02 #ci-01 left_out; key ci@srv-02 #ci-02 left_out"},
		{"one of them, by its identifier", schemas.Asked{Kind: schemas.KindKey, Name: "ci@srv-02 #CI-02"}, "key ci@srv-02 #ci-02 left_out"},
		{"protected information, whatever its identifier looks like", schemas.Asked{Kind: schemas.KindInfo, Name: "CI@SRV-02"}, "info ci@srv-02 left_out"},
		{"a credential is no key", schemas.Asked{Kind: schemas.KindKey, Name: "root@old-03"}, ""},
		{"a name of the other kind", schemas.Asked{Kind: schemas.KindCredential, Name: "srv-01"}, ""},
	} {
		if got := keys(storyOf(told(), nil).Explain(&c.asked, nil)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func cellsOf(pairs ...string) (cells []schemas.ExplainedCell) {
	for i := 0; i < len(pairs); i += 2 {
		cells = append(cells, schemas.ExplainedCell{Field: pairs[i], Text: pairs[i+1]})
	}
	return cells
}

func TestExplainTellsOfEachField(t *testing.T) {
	row := pipeline.InputRow{Kind: schemas.KindDevice, Ref: schemas.RowRef{Source: "d.csv", Row: 2},
		Values: values("hostname", "SRV-01.corp.example", "site", "AWS", "ip", "10.0.0.1", "vendor", "w", "type", "t", "device_tags", "x"),
		Cells:  cellsOf("hostname", " SRV-01.corp.example", "site", "AWS ", "ip", "10.0.0.1/24", "model", "", "vendor", "w", "device_tags", "x")}
	c := schemas.DefaultConfig()
	c.Devices.Normalize.Domains = []string{"corp.example"}
	c.Devices.Manage = []schemas.Field{schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldDeviceTags}
	x := pipeline.NewStory(told(), nil, &c).Explain(&schemas.Asked{ID: "1"}, []pipeline.InputRow{row})[0]
	want := []schemas.ExplainedField{
		{Name: "site", Status: schemas.FieldDiffers, Before: "LAX", After: "AWS"},
		{Name: "ip", Status: schemas.FieldSame, Before: "10.0.0.1"},
		{Name: "model", Status: schemas.FieldEmpty, Before: "m"},
		{Name: "vendor", Status: schemas.FieldUnmanaged, Before: "v"},
		{Name: "device_tags", Status: schemas.FieldAlong},
	}
	if !reflect.DeepEqual(x.Fields, want) {
		t.Errorf("fields %+v", x.Fields)
	}
	for i, notes := range [][]string{{"trimmed", "domain", "case"}, {"trimmed"}, {"rewritten"}, nil, nil, nil} {
		if !reflect.DeepEqual(x.Cells[i].Notes, notes) {
			t.Errorf("%s: notes %v, want %v", x.Cells[i].Field, x.Cells[i].Notes, notes)
		}
	}
	if x.Cells[0].Value != "srv-01" || x.Match.Rule != "hostname" || x.Row.String() != "d.csv:2" {
		t.Errorf("%+v", x)
	}
	if len(x.Guards) != 2 || x.Guards[1].Limit.Share != "site LAX" {
		t.Errorf("guards %+v", x.Guards)
	}
}

func TestExplainARowOfWhichThePlanSaysNothing(t *testing.T) {
	row := pipeline.InputRow{Kind: schemas.KindDevice, Ref: schemas.RowRef{Source: "d.csv", Row: 8}, Values: values("id", "5", "hostname", "srv-08", "ip", "10.0.0.8", "site", "a\nb"),
		Cells: cellsOf("hostname", "srv-08", "ip", "10.0.0.8", "site", "a\nb")}
	asked := &schemas.Asked{Row: 8}
	x := storyOf(told(), nil).Explain(asked, []pipeline.InputRow{row})[0]
	if x.Result.Status != schemas.PlannedNothing || x.Match.Rule != "id" || x.VaultID != "5" {
		t.Errorf("%+v", x)
	}
	want := []schemas.ExplainedField{{Name: "ip", Status: schemas.FieldSame, Before: "10.0.0.8"}, {Name: "site", Status: schemas.FieldWithheld}}
	if !reflect.DeepEqual(x.Fields, want) {
		t.Errorf("fields %+v", x.Fields)
	}
	row.LeftOut, row.Where = true, "site != \"\""
	x = storyOf(told(), nil).Explain(asked, []pipeline.InputRow{row})[0]
	if x.Result.Code != "explain_where" || x.Plan.Said[0].Args["where"] != row.Where || x.Match != nil {
		t.Errorf("left out: %+v", x)
	}
}

func TestExplainWhatDecidesAHold(t *testing.T) {
	for id, want := range map[string][]string{
		"7": {"device,twin,ignore,"},
		"9": {`device,was,rename,"is, now"`, `device,was,new,"is, now"`, `device,was,ignore,"is, now"`},
	} {
		x := storyOf(told(), nil).Explain(&schemas.Asked{ID: id}, nil)[0]
		if !reflect.DeepEqual(x.Plan.Decide, want) {
			t.Errorf("%s: %q", id, x.Plan.Decide)
		}
	}
}

func TestExplainLeavesOutWhatMayHoldAnotherRow(t *testing.T) {
	x := storyOf(told(), nil).Explain(&schemas.Asked{Row: 2}, nil)[1]
	if _, there := x.Plan.Said[0].Args["value"]; there {
		t.Errorf("%+v", x.Plan.Said)
	}
}

func trailOf(records ...schemas.Record) *pipeline.Trail {
	trail := &pipeline.Trail{Run: "r"}
	for _, r := range append([]schemas.Record{{Start: &schemas.Start{}}}, records...) {
		trail.Take(r)
	}
	return trail
}

func TestExplainTheCallsOfARun(t *testing.T) {
	intent := func(step int) schemas.Record {
		return schemas.Record{Intent: &schemas.Intent{Change: "c1", Step: step, Verb: schemas.VerbUpsert, Kind: schemas.KindDevice, At: "t"}}
	}
	done := schemas.Record{Outcome: &schemas.Outcome{Change: "c1", Step: 1, Effect: schemas.EffectDone, Final: true, Status: schemas.StatusDone, HTTP: 201, Attempts: 2}}
	finish := schemas.Record{Finish: &schemas.Finish{}}
	for _, c := range []struct {
		name    string
		trail   *pipeline.Trail
		effects string
		status  string
		back    string
	}{
		{"a plan alone", nil, "", "planned", ""},
		{"a plan made in a run and never applied", &pipeline.Trail{Run: "r"}, "", "planned", ""},
		{"not reached", trailOf(finish), "", "skipped", ""},
		{"done and read back", trailOf(intent(1), done, finish), "done", "done", "site read_back AWS"},
		{"done and not read back yet", trailOf(intent(1), done), "done", "done", ""},
		{"killed before the answer", trailOf(intent(1)), "", "unknown", ""},
		{"not sent, then sent", trailOf(intent(1), schemas.Record{Outcome: &schemas.Outcome{Change: "c1", Step: 1, Effect: schemas.EffectNotSent, Code: "not_sent"}}, intent(1), done), "not_sent done", "done", ""},
		{"lost, and settled by the list", trailOf(intent(1), schemas.Record{Outcome: &schemas.Outcome{Change: "c1", Step: 1, Effect: schemas.EffectInDoubt, Code: "no_answer"}},
			schemas.Record{Outcome: &schemas.Outcome{Change: "c1", Step: 1, Effect: schemas.EffectDone, Final: true, Status: schemas.StatusDone, Code: "settled"}}, finish), "in_doubt", "done", "site read_back AWS"},
		{"kept otherwise", trailOf(intent(1), done, schemas.Record{Finding: &schemas.Finding{Change: "c1", Code: "not_kept", Field: "site", Sent: "AWS", Kept: "aws-1"}}, finish), "done", "done", "site kept aws-1"},
		{"not visible", trailOf(intent(1), done, schemas.Record{Finding: &schemas.Finding{Change: "c1", Code: "not_visible"}}, finish), "done", "done", ""},
	} {
		x := storyOf(told(), c.trail).Explain(&schemas.Asked{ID: "1"}, nil)[0]
		var effects, back []string
		for _, call := range x.Calls {
			if call.Effect != "" {
				effects = append(effects, string(call.Effect))
			}
		}
		for _, f := range x.Back {
			back = append(back, f.Name+" "+f.Status+" "+f.After)
		}
		if strings.Join(effects, " ") != c.effects || x.Result.Status != c.status || strings.Join(back, "; ") != c.back {
			t.Errorf("%s: %v, %+v, %v", c.name, effects, x.Result, back)
		}
	}
}
