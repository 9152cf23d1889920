package sources_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/sources"
)

// TestOnlyPartsThatMayBeAsWrittenAreRead: a part that is there twice is none of them, however whole; what another part unpacks to, however much that is, nobody asks.
func TestOnlyPartsThatMayBeAsWrittenAreRead(t *testing.T) {
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, name := range []string{"whole", "damaged", "other", "whole"} {
		to, err := out.CreateRaw(&zip.FileHeader{Name: name, CRC32: 0x3610a686, CompressedSize64: 5, UncompressedSize64: 5})
		if err != nil {
			t.Fatal(err)
		}
		text := "hello" // whose CRC-32 that is
		if name != "whole" {
			text = "hullo"
		}
		if _, err := to.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := sources.ReadExportedParts(path, map[string]string{"whole": "3610a686", "damaged": "3610a686", "other": "00000001"}, func(name, crc string, err error) {
		got = append(got, fmt.Sprint(name, " ", crc, " ", err != nil))
	})
	want := "whole 3610a686 false, damaged 3610a686 true, other 3610a686 false, whole 3610a686 true"
	if text := strings.Join(got, ", "); err != nil || text != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
}
