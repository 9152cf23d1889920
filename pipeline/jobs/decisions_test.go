package jobs_test

import (
	"context"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// decided plans with a decisions file, and gives the keys that the plan says fit nothing: the
// decisions as they were read.
func decided(t *testing.T, text string) (string, error) {
	t.Helper()
	e := envOf(t, &vaultsim.Vault{})
	folder := t.TempDir()
	save(t, filepath.Join(folder, "d.csv"), "hostname,ip,site,model,vendor,type\nsrv-01,10.0.0.1,a,b,c,d\n")
	e.Config.Devices.Sources = []schemas.SourceConfig{{Name: "d.csv", Path: filepath.Join(folder, "d.csv"), Format: "auto"}}
	e.Config.Decisions = filepath.Join(folder, "decisions.csv")
	if text != "gone" {
		save(t, e.Config.Decisions, text)
	}
	out, err := jobs.Plan(context.Background(), e, jobs.PlanOptions{})
	if err != nil {
		return "", err
	}
	plan, err := schemas.ReadPlan(strings.NewReader(load(t, filepath.Join(out.Folder, "plan.jsonl"))))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, w := range plan.Warnings {
		if w.Code == "decision_unused" {
			keys = append(keys, w.Args["key"])
		}
	}
	sort.Strings(keys)
	return strings.Join(keys, " "), nil
}

func TestDecisionsThatAreNotThereAreRefused(t *testing.T) {
	_, err := decided(t, "gone")
	wantFault(t, err, schemas.ClassInput, "decisions_missing")
}

func TestDecisionsAreRead(t *testing.T) {
	for _, c := range []struct{ rule, text, want string }{
		{"a header alone", "kind,key,decision,target\n", ""},
		{"a comma", "kind,key,decision,target\ndevice,gone-1,new,gone-2\n", "gone-1"},
		{"a mark and semicolons, as Excel writes them", "\ufeffkind;key;decision;target\r\ndevice;gone-1;ignore;\r\ncredential;root@gone-2;ignore;\r\n", "gone-1 root@gone-2"},
		{"blanks and capitals", "kind,key,decision,target\n device , gone-1 , IGNORE ,\n", "gone-1"},
		{"columns in another order", "decision,target,key,kind\nrename,gone-2,gone-1,device\n", "gone-1"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := decided(t, c.text)
			if err != nil || got != c.want {
				t.Errorf("%v: %q, wanted %q", err, got, c.want)
			}
		})
	}
}

func TestBadDecisionsAreRefused(t *testing.T) {
	const head = "kind,key,decision,target\n"
	for _, c := range []struct {
		rule, text, code string
		row              int
	}{
		{"an empty file", " \n", "decisions_broken", 1},
		{"a decision that is none", head + "device,a,ignore,\ndevice,b,delete,\n", "bad_decision", 3},
		{"a kind that is none", head + "server,a,ignore,\n", "bad_decision.of_kind", 2},
		{"a credential is not renamed", head + "credential,a@b,rename,c@b\n", "bad_decision.rename_credential", 2},
		{"nor is it new", head + "credential,a@b,new,\n", "bad_decision.of_credential", 2},
		{"a new name is missing", head + "device,a,rename,\n", "bad_decision.no_target", 2},
		{"the new name is the old one", head + "device,a,rename,A \n", "bad_decision.same_name", 2},
		{"two new names", head + "device,a,rename,b\ndevice,A,rename,c\n", "decided_twice", 3},
		{"two decisions", head + "device,a,rename,b\ndevice,a,new,b\n", "decided_twice", 3},
		{"a column is missing", "kind,key\ndevice,a\n", "decisions_broken", 1},
		{"a stray quote", head + "device,\"a,ignore,\n", "decisions_broken", 2},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, err := decided(t, c.text)
			code, why, _ := strings.Cut(c.code, ".")
			f := wantFault(t, err, schemas.ClassInput, code)
			if got := f.Problem.Args["why"]; got != why {
				t.Errorf("because of %q, wanted %q", got, why)
			}
			if f.Problem.Place.Row != c.row {
				t.Errorf("at %v, wanted line %d", f.Problem.Place, c.row)
			}
		})
	}
}

// TestAMisspeltWordIsGuessed: the nearest word that is right there is offered, and no other.
func TestAMisspeltWordIsGuessed(t *testing.T) {
	for _, c := range []struct{ line, near string }{
		{"devise,a,ignore,", "device"}, {"credencial,a@b,ignore,", "credential"}, {"server,a,ignore,", ""},
		{"device,a,renam,b", "rename"}, {"device,a,ignor,", "ignore"}, {"device,a,delete,", ""}, {"credential,a@b,ignroe,", "ignore"}, {"credential,a@b,new,", ""},
	} {
		_, err := decided(t, "kind,key,decision,target\n"+c.line+"\n")
		f := wantFault(t, err, schemas.ClassInput, "bad_decision")
		if f.Problem.Args["near"] != c.near {
			t.Errorf("%s: %q, wanted %q", c.line, f.Problem.Args["near"], c.near)
		}
	}
}
