package schemas_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"pamsync/schemas"
)

func TestPlanRoundTrip(t *testing.T) {
	p := fullPlan()
	data := written(t, p)
	got, err := schemas.ReadPlan(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("read\n%+v\nwant\n%+v", got, p)
	}
	if again := written(t, got); !bytes.Equal(again, data) {
		t.Errorf("written again it differs:\n%s", again)
	}
	if !strings.HasPrefix(p.Digest, "sha256:") || p.Applicable() {
		t.Errorf("digest %q, applicable %v", p.Digest, p.Applicable())
	}
}

func TestEmptyPlanRoundTrip(t *testing.T) {
	p := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}}
	got, err := schemas.ReadPlan(bytes.NewReader(written(t, p)))
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, %v", got, err)
	}
}

// resealed gives an edited plan the seal of its new bytes, so that the seal is not what
// refuses it.
func resealed(body string) string {
	body = body[:strings.LastIndex(body, `{"seal"`)]
	sum := sha256.Sum256([]byte(body))
	return body + fmt.Sprintf("{\"seal\":{\"records\":%d,\"sha256\":\"%s\"}}\n", strings.Count(body, "\n"), hex.EncodeToString(sum[:]))
}

func TestReaderRefusesWhatItWouldNotWrite(t *testing.T) {
	whole := string(written(t, fullPlan()))
	if _, err := schemas.ReadPlan(strings.NewReader(resealed(whole))); err != nil {
		t.Fatalf("unedited, but sealed again: %v", err)
	}
	for _, c := range []struct{ name, old, new string }{
		{"a key twice, equal", `"key":"old-01"`, `"key":"old-01","key":"old-01"`},
		{"a key twice, the last one counts", `"vault_id":"3"`, `"vault_id":"4","vault_id":"3"`},
		{"an unknown key", `"key":"old-01"`, `"key":"old-01","note":"x"`},
		{"an unknown field to send", `"send":{`, `"send":{"colour":"red",`},
		{"a secret to send", `"send":{`, `"send":{"content":"x",`},
		{"a key in another case", `"vault_id":"3"`, `"Vault_ID":"3"`},
		{"keys in another order", `"key":"old-01","vault_id":"3"`, `"vault_id":"3","key":"old-01"`},
		{"fields to send in another order", `"send":{"id":"value of id <&> \"ção\"",`, `"send":{`},
		{"a blank", `"key":"old-01"`, `"key": "old-01"`},
		{"a blank at the end of a line", "}}\n{\"hold\"", "}} \n{\"hold\""},
		{"an empty line", "}}\n{\"hold\"", "}}\n\n{\"hold\""},
		{"line ends of Windows", "}}\n{\"hold\"", "}}\r\n{\"hold\""},
		{"two records on a line", "}}\n{\"hold\"", "}}{\"hold\""},
		{"two members in a record", `{"hold":{`, `{"left":{"kind":"device","key":"x","code":"y"},"hold":{`},
		{"a member that is null", `{"hold":{`, `{"left":null,"hold":{`},
		{"no member", "{\"hold\"", "{}\n{\"hold\""},
		{"a value that is null", `"vault_id":"3"`, `"vault_id":null`},
		{"an empty value that is left out by the writer", `"key":"old-01","vault_id":"3"`, `"key":"old-01","vault_id":""`},
		{"a letter written as an escape", `"key":"old-01"`, `"key":"\u006fld-01"`},
		{"a number written in another way", `"percent":2.5`, `"percent":2.50`},
		{"a second start", "{\"hold\"", `{"start":{"format":"pamsync-plan","version":1}}` + "\n{\"hold\""},
		{"a record that has no place in a plan", "{\"hold\"", `{"total":{"run":"","exit":0,"rows":{"in":0,"changed":0,"unchanged":0,"held":0,"rejected":0,"left_out":0},"changes":{"done":0,"failed":0,"skipped":0,"unknown":0}}}` + "\n{\"hold\""},
		{"no summary", `{"summary"`, `{"left":{"kind":"device","key":"x","code":"y"}}` + "\n" + `{"summary"`},
	} {
		edited := strings.Replace(whole, c.old, c.new, 1)
		switch {
		case edited == whole:
			t.Errorf("%s: nothing was edited", c.name)
			continue
		case c.name == "no summary":
			from := strings.Index(edited, `{"summary"`)
			edited = edited[:from] + edited[strings.Index(edited, `{"seal"`):]
		case c.name == "fields to send in another order":
			edited = strings.Replace(edited, `,"parent":`, `,"id":"value of id <&> \"ção\"","parent":`, 1)
		}
		if _, err := schemas.ReadPlan(strings.NewReader(resealed(edited))); err == nil {
			t.Errorf("%s: read", c.name)
		}
	}
}

func TestSealHolds(t *testing.T) {
	whole := written(t, fullPlan())
	all := lines(whole)
	read := func(data string) error {
		_, err := schemas.ReadPlan(strings.NewReader(data))
		return err
	}
	for _, c := range []struct{ name, data string }{
		{"no seal", strings.Join(all[:len(all)-1], "")},
		{"a record less", strings.Join(append(append([]string{}, all[:2]...), all[3:]...), "")},
		{"two records exchanged", strings.Join(append([]string{all[0], all[2], all[1]}, all[3:]...), "")},
		{"something after the seal", string(whole) + "\n"},
		{"the plan twice", string(whole) + string(whole)},
		{"nothing", ""},
		{"a line break", "\n"},
		{"another kind of file", "hostname,ip\n"},
	} {
		if read(c.data) == nil {
			t.Errorf("%s: read", c.name)
		}
	}
}

func TestEditedByteIsRefused(t *testing.T) {
	whole := written(t, fullPlan())
	for i := range whole {
		edited := bytes.Clone(whole)
		edited[i] ^= 0x01
		if _, err := schemas.ReadPlan(bytes.NewReader(edited)); err == nil {
			t.Fatalf("byte %d changed from %q to %q, and the plan was read", i, whole[i], edited[i])
		}
	}
}

func TestCutPlanIsRefused(t *testing.T) {
	whole := written(t, fullPlan())
	for i := range whole {
		if _, err := schemas.ReadPlan(bytes.NewReader(whole[:i])); err == nil {
			t.Fatalf("read although cut after %d of %d bytes", i, len(whole))
		}
	}
}

func TestOtherFormatsAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, start string
		says        []string
	}{
		{"another format", `{"start":{"format":"pamsync-journal","version":1}}`, []string{"pamsync-journal", "pamsync-plan"}},
		{"a newer version", `{"start":{"format":"pamsync-plan","version":2}}`, []string{"version 2", "version 1"}},
		{"no version", `{"start":{"format":"pamsync-plan","version":0}}`, []string{"version 0", "version 1"}},
		{"no start", `{"seal":{"records":0,"sha256":""}}`, []string{"pamsync-plan", "start"}},
		{"no record", `{"hello":1}`, []string{"pamsync-plan"}},
	} {
		_, err := schemas.ReadPlan(strings.NewReader(c.start + "\n"))
		if err == nil {
			t.Errorf("%s: read", c.name)
			continue
		}
		for _, text := range c.says {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %q does not say %q", c.name, err, text)
			}
		}
	}
}

func TestTornLastLine(t *testing.T) {
	var b bytes.Buffer
	w := schemas.NewWriter(&b)
	for _, r := range []schemas.Record{
		{Start: &schemas.Start{Format: schemas.FormatJournal, Version: schemas.FormatVersion}},
		{Intent: &schemas.Intent{Change: "a", Step: 1, Verb: schemas.VerbUpsert, Kind: schemas.KindDevice, At: "x"}},
		{Outcome: &schemas.Outcome{Change: "a", Step: 1, Effect: schemas.EffectDone, Final: true, At: "x"}},
	} {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	whole := b.Bytes()
	for cut := range len(whole) + 1 {
		r := schemas.NewReader(bytes.NewReader(whole[:cut]), schemas.FormatJournal)
		var err error
		for err == nil {
			_, err = r.Next()
		}
		complete := bytes.LastIndexByte(whole[:cut], '\n') + 1
		if want := cut > complete; errors.Is(err, schemas.ErrTorn) != want || !want && err != io.EOF {
			t.Errorf("cut after %d bytes: %v", cut, err)
		}
		if r.Offset() != int64(complete) {
			t.Errorf("cut after %d bytes: offset %d, want %d: what is whole is kept", cut, r.Offset(), complete)
		}
	}
}

func TestContinuedJournalReadsAsOne(t *testing.T) {
	var b bytes.Buffer
	start := schemas.Record{Start: &schemas.Start{Format: schemas.FormatJournal, Version: schemas.FormatVersion}}
	finish := schemas.Record{Finish: &schemas.Finish{At: "x"}}
	if err := schemas.NewWriter(&b).Write(start); err != nil {
		t.Fatal(err)
	}
	if err := schemas.ContinueWriter(&b).Write(finish); err != nil {
		t.Fatal(err)
	}
	if err := schemas.ContinueWriter(&b).Write(start); err == nil {
		t.Error("a second start was written")
	}
	r := schemas.NewReader(&b, schemas.FormatJournal)
	for _, want := range []error{nil, nil, io.EOF} {
		if _, err := r.Next(); err != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	start := &schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}
	hold := &schemas.Hold{}
	for _, c := range []struct {
		name    string
		records []schemas.Record
	}{
		{"a record without a member", []schemas.Record{{}}},
		{"a record with two", []schemas.Record{{Start: start, Hold: hold}}},
		{"a file without a start", []schemas.Record{{Hold: hold}}},
		{"a second start", []schemas.Record{{Start: start}, {Start: start}}},
	} {
		w := schemas.NewWriter(io.Discard)
		var err error
		for _, r := range c.records {
			err = w.Write(r)
		}
		if err == nil {
			t.Errorf("%s: written", c.name)
		}
	}
}

// TestEveryMemberCounts holds that a member of Record which fields() forgets is noticed.
func TestEveryMemberCounts(t *testing.T) {
	kind := reflect.TypeFor[schemas.Record]()
	for i := range kind.NumField() {
		var r schemas.Record
		reflect.ValueOf(&r).Elem().Field(i).Set(reflect.New(kind.Field(i).Type.Elem()))
		w := schemas.NewWriter(io.Discard)
		if kind.Field(i).Name != "Start" {
			_ = w.Write(schemas.Record{Start: &schemas.Start{}})
		}
		if err := w.Write(r); err != nil {
			t.Errorf("%s: %v", kind.Field(i).Name, err)
		}
	}
}
