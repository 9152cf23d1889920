package sources_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

func TestPasswordsAreReadOnlyWhereAskedFor(t *testing.T) {
	for _, c := range []struct {
		rule string
		in   input
		want string
	}{
		{"CSV", input{text: "hostname,username,password\na,b,s3cret\n"}, "s3cret"},
		{"CSV, in Portuguese", input{text: "hostname,username,Senha\na,b,s3cret\n"}, "s3cret"},
		{"CSV, by columns", input{text: "hostname,username,x\na,b,s3cret\n", columns: map[schemas.Field]string{schemas.FieldContent: "x"}}, "s3cret"},
		{"CSV, not trimmed", input{text: "hostname,username,password\na,b,\" s3cret \u00a0\"\n"}, " s3cret \u00a0"},
		{"CSV, not unguarded", input{text: "hostname,username,password\na,b,'=s3cret\n"}, "'=s3cret"},
		{"CSV, quotes doubled", input{text: "hostname,username,password\na,b,\"s3\"\"c,ret\"\n"}, `s3"c,ret`},
		{"CSV, Windows-1252", input{text: "hostname,username,password\na,b,s3cr\xe9t\n"}, "s3crét"},
		{"JSON", input{text: `[{"hostname":"a","username":"b","password":"s3cret"}]`}, "s3cret"},
		{"JSON, by columns", input{text: `[{"hostname":"a","username":"b","x":{"y":"s3cret"}}]`, columns: map[schemas.Field]string{schemas.FieldContent: "x.y"}}, "s3cret"},
		{"JSON, not trimmed nor unguarded", input{text: `[{"hostname":"a","username":"b","content":" '=s3cret\n"}]`}, " '=s3cret\n"},
		{"JSON, escapes decoded", input{text: `[{"hostname":"a","username":"b","content":"s3\u0063ret"}]`}, "s3cret"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for _, secrets := range []bool{false, true} {
				in := c.in
				in.kind, in.secrets = schemas.KindCredential, secrets
				s, err := in.open(t)
				if err != nil {
					t.Fatal(err)
				}
				rows := 0
				err = s.Read(func(row *schemas.Row) error {
					rows++
					want := ""
					if secrets {
						want = c.want
					}
					if row.Secret.Reveal() != want || row.Secret.Empty() == secrets {
						t.Errorf("secrets %t: %q", secrets, row.Secret.Reveal())
					}
					if text := fmt.Sprintf("%+v", *row); strings.Contains(text, "s3") || row.Values[schemas.FieldContent] != "" {
						t.Errorf("secrets %t: in the open: %s", secrets, text)
					}
					return nil
				})
				if err != nil || rows != 1 {
					t.Error(rows, err)
				}
				if text := fmt.Sprintf("%+v", s.Shape); strings.Contains(text, "s3cret") {
					t.Errorf("in the shape: %s", text)
				}
			}
		})
	}
}

func TestAPasswordWithALineBreakIsRejected(t *testing.T) {
	_, rows, err := input{text: "hostname,username,password\na,b,\"x\nc,d,y\"\n", kind: schemas.KindCredential, secrets: true}.rows(t)
	sameRows(t, rows, err, "2 hostname=a username=b secret_line_break at in:2:3")
}

func TestARecordInPlaceOfTheHeaderIsNotShown(t *testing.T) {
	for _, header := range []string{"srv-01,root,Tr0ub4dor&3", "root;Tr0ub4dor&3;x"} {
		_, _, err := input{text: header + "\n", kind: schemas.KindCredential}.rows(t)
		var fault *schemas.Fault
		if !errors.As(err, &fault) || strings.Contains(fault.Error(), "Tr0ub4dor") {
			t.Errorf("%v", err)
		}
	}
}

func TestADeviceInventoryHasNoPasswords(t *testing.T) {
	for _, text := range []string{"hostname,password\na,s3cret\n", `[{"hostname":"a","password":"s3cret"}]`} {
		_, rows, err := input{text: text, secrets: true}.rows(t)
		if err != nil || strings.Contains(strings.Join(rows, ""), "s3cret") {
			t.Error(rows, err)
		}
	}
}

func TestTheHashIsOfTheFilesBytes(t *testing.T) {
	for i, text := range []string{"hostname\na\n", "\ufeffhostname;ip\r\na;b\r\n\r\n", inUTF16("hostname,ip\na,b\n", true, true), "hostname\n\xe7\n", "[{\"hostname\":\"a\"}]\n\n  ",
		"hostname,site\n" + strings.Repeat("srv,São Paulo\n", 50_000)} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		s, err := sources.Open(input{}.config(path), sources.Options{Kind: schemas.KindDevice})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := rowsOf(s); err != nil || s.Use.SHA256 != want {
				t.Errorf("file %d: %v, %s, not %s", i, err, s.Use.SHA256, want)
			}
		}
	}
}

func TestAFileThatCannotBeReadIsRefused(t *testing.T) {
	folder := t.TempDir()
	for path, code := range map[string]string{filepath.Join(folder, "gone.csv"): "source_missing", folder: "source_is_folder"} {
		_, err := sources.Open(input{}.config(path), sources.Options{Kind: schemas.KindDevice})
		wantFault(t, err, schemas.ClassInput, code)
	}
}

func TestAnErrorOfYieldEndsTheReading(t *testing.T) {
	stop := errors.New("enough")
	for _, text := range []string{"hostname\na\nb\n", `[{"hostname":"a"},{"hostname":"b"}]`, "{\"hostname\":\"a\"}\n{\"hostname\":\"b\"}"} {
		s, err := input{text: text}.open(t)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := s.Read(func(*schemas.Row) error { n++; return stop }); err != stop || n != 1 {
			t.Error(n, err)
		}
	}
}
