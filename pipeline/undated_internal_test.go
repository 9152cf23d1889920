package pipeline

import "testing"

func TestUndated(t *testing.T) {
	for in, want := range map[string]string{
		"inv-20261121.csv":            "inv-.csv",
		"inv-2026-11-21.csv":          "inv-.csv",
		"inv_2026.11.21T03-30.csv":    "inv_.csv",
		"inv-20261121T033000Z.csv":    "inv-.csv",
		"inv-202611210330.csv":        "inv-.csv",
		"inv-21.11.2026.csv":          "inv-.csv",
		"inv-11-21-2026.csv":          "inv-.csv",
		"2026-11-21/inv-20261121.csv": "/inv-.csv",
		"inv-20261121-9999.csv":       "inv--9999.csv",
		"rack-10000001.csv":           "rack-10000001.csv",
		"rack-20261399.csv":           "rack-20261399.csv",
		"rack-120261121.csv":          "rack-120261121.csv",
		"rack-2026112199999.csv":      "rack-2026112199999.csv",
		"asset-12345678-20261121.csv": "asset-12345678-.csv",
		"inv-1899-11-21.csv":          "inv-1899-11-21.csv",
		"d.csv":                       "d.csv",
		"":                            "",
	} {
		if got := undated(in); got != want {
			t.Errorf("undated(%q) = %q, want %q", in, got, want)
		}
	}
}
