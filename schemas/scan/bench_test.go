package scan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
)

// sessions is a vault's list of n session records.
func sessions(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"response":{"status":"ok"},"sessions":[`)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"id":%d,"user":"j.doe%d","origin_ip":"10.1.%d.%d","credential":"svc-backup-%d",`+
			`"device":"srv-db-%04d.example.org","protocol":"SSH","proxy":"gw-%d","session_id":"7f3a%012x",`+
			`"start":"2026-03-0%dT08:15:30Z","end":null,"time":%d.5,"prevent_purge":false,`+
			`"request":{"id":%d,"reason":"patch \"window\""},"ITSM":["CHG%07d"]}`,
			i, i%97, i%256, i%251, i%31, i%5000, i%4, i, i%9+1, i%3600, i*3, i)
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

func BenchmarkRaw(b *testing.B) {
	doc := sessions(30_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		records := 0
		err := eachRecord(NewReader(bytes.NewReader(doc), Options{}), func([]byte) { records++ })
		if err != nil || records != 30_000 {
			b.Fatal(records, err)
		}
	}
}

func BenchmarkObject(b *testing.B) {
	doc := sessions(30_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		size := 0
		var into []Member
		err := eachValue(NewReader(bytes.NewReader(doc), Options{}), func(r *Reader) (err error) {
			_, into, err = r.Object(into)
			for i := range into {
				size += len(into[i].Name) + len(into[i].View())
			}
			return err
		})
		if err != nil || size == 0 {
			b.Fatal(size, err)
		}
	}
}

func BenchmarkRawMembers(b *testing.B) {
	doc := sessions(30_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		size := 0
		err := eachRecord(NewReader(bytes.NewReader(doc), Options{}), func(raw []byte) {
			for name, value := range Members(raw) {
				text, _ := Scalar(value)
				size += len(name) + len(text)
			}
		})
		if err != nil || size == 0 {
			b.Fatal(size, err)
		}
	}
}

func BenchmarkSkip(b *testing.B) {
	doc := sessions(30_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if err := NewReader(bytes.NewReader(doc), Options{}).Skip(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodingJSON(b *testing.B) {
	doc := sessions(30_000)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		d := json.NewDecoder(bytes.NewReader(doc))
		for depth, lists := 0, 0; lists < 1; { // up to the list's opening bracket
			token, err := d.Token()
			if err != nil {
				b.Fatal(err)
			}
			if token == json.Delim('{') {
				depth++
			} else if token == json.Delim('[') {
				lists++
			}
		}
		var raw json.RawMessage
		for d.More() {
			if err := d.Decode(&raw); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// eachRecord hands over every element of the arrays in the object r stands
// before.
func eachRecord(r *Reader, record func([]byte)) error {
	return eachValue(r, recordOf(record))
}

func recordOf(record func([]byte)) func(*Reader) error {
	return func(r *Reader) error {
		raw, err := r.Raw()
		if err == nil {
			record(raw)
		}
		return err
	}
}

// eachValue lets read consume every one of those elements.
func eachValue(r *Reader, read func(*Reader) error) error {
	if err := r.EnterObject(); err != nil {
		return err
	}
	for {
		_, ok, err := r.NextKey()
		if err != nil {
			return err
		}
		if !ok {
			return r.End()
		}
		if kind, err := r.Peek(); err != nil || kind != '[' {
			if err = r.Skip(); err != nil {
				return err
			}
			continue
		}
		if err = r.EnterArray(); err != nil {
			return err
		}
		if err = valuesOf(r, read); err != nil {
			return err
		}
	}
}

func elementsOf(r *Reader, record func([]byte)) error { return valuesOf(r, recordOf(record)) }

func valuesOf(r *Reader, read func(*Reader) error) error {
	for {
		ok, err := r.NextElement()
		if err != nil || !ok {
			return err
		}
		if err := read(r); err != nil {
			return err
		}
	}
}
