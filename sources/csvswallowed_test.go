package sources_test

import (
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// TestSwallowedInformation: rows that a stray quote put into the content of another are not sent as its content, and
// a content of several lines is, whatever it says.
func TestSwallowedInformation(t *testing.T) {
	const head, middle = "identifier,name,type,content\n", "identifier,content,name,type\n"
	for name, c := range map[string]struct {
		file string
		code string
	}{
		"rows up to the end of one":      {head + "A,n,License,\"one\nB,n,License,sec-B\nC,n,License,three\"\n", "swallowed_cells"},
		"rows of another system":         {head + "A,n,License,\"one\r\nB,n,License,sec-B\r\nC,n,License,three\"\r\n", "swallowed_cells"},
		"rows and the line's end":        {head + "A,n,License,\"one\nB,n,License,sec-B\n\"\n", "swallowed_cells"},
		"rows up to the middle of one":   {middle + "A,\"one,n,License\nB,sec-B,n,License\nC,three\",n,License\n", "swallowed_cells"},
		"a key":                          {head + "A,n,License,\"-----BEGIN KEY-----\nMIIE+/,=\n-----END KEY-----\n\"\n", ""},
		"a text of a licence":            {head + "A,n,License,\"Permission is hereby granted, free of charge, to any person, obtaining\na copy of this software, and associated files, to deal, in it\n\"\n", ""},
		"a text with as many delimiters": {head + "A,n,License,\"Dear all\nthis one, that one, and another, too\n\"\n", ""},
		"a text without a delimiter":     {head + "A,n,License,\"one\ntwo\"\n", ""},
		"settings":                       {head + "A,n,License,\"host=db,port=1\nuser=a,password=b,c,d\"\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, read := range []bool{true, false} {
				folder := t.TempDir()
				put(t, folder, "infos.csv", c.file)
				s, err := sources.Open(schemas.SourceConfig{Name: "infos.csv", Path: filepath.Join(folder, "infos.csv")}, sources.Options{Kind: schemas.KindInfo, Secrets: read})
				if err != nil {
					t.Fatal(err)
				}
				rows := 0
				if err := s.Read(func(row *schemas.Row) error {
					rows++
					code := ""
					for _, p := range row.Problems {
						code = p.Code
					}
					if code != c.code || row.Values[schemas.FieldIdentifier] != "A" || row.Secret.Empty() != (c.code != "" || !read) {
						t.Errorf("read %v: %v, a secret: %v", read, row.Problems, !row.Secret.Empty())
					}
					if c.code != "" && !strings.Contains(strings.Join(row.MayName, " "), "B") {
						t.Errorf("it may name %v", row.MayName)
					}
					return nil
				}); err != nil || rows != 1 {
					t.Errorf("%d rows, %v", rows, err)
				}
			}
		})
	}
}
