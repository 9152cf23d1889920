package sinks

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// untidyNames are the records or values of a finding, for a person.
func untidyNames(u *schemas.Untidy) string {
	var names []string
	for _, item := range u.Items {
		name := item.Key + " (id " + item.ID
		if item.IP != "" {
			name += ", " + item.IP
		}
		names = append(names, name+")")
	}
	for _, v := range u.Values {
		names = append(names, fmt.Sprintf("%q (%d)", v.Value, v.N))
	}
	return strings.Join(names, ", ")
}

// shownUntidy is how many findings of a kind are shown unless all are asked for.
const shownUntidy = 10

// Hygiene shows findings by what they are, each kind with what to do about it.
func (s *Screen) Hygiene(found []schemas.Untidy) {
	if len(found) == 0 {
		fmt.Fprintln(s.Out, words.Text(s.Lang, "untidy_none"))
		return
	}
	n := map[string]int{}
	for _, u := range found {
		n[u.Code]++
	}
	for i, seen := 0, map[string]int{}; i < len(found); i++ {
		u := &found[i]
		if seen[u.Code] == 0 {
			p := schemas.Problem{Code: "untidy_" + u.Code, Args: schemas.Pairs("n", strconv.Itoa(n[u.Code]))}
			fmt.Fprintf(s.Out, "\n%s\n  %s: %s\n", words.Problem(s.Lang, p.Code, p.Args), words.Text(s.Lang, "hint"), words.Hint(s.Lang, p.Code, p.Args))
		}
		if seen[u.Code]++; s.All || seen[u.Code] <= shownUntidy {
			fmt.Fprintf(s.Out, "    %s\n", words.Plain(untidyNames(u)))
		}
		if left := n[u.Code] - shownUntidy; !s.All && seen[u.Code] == n[u.Code] && left > 0 {
			fmt.Fprintf(s.Out, "    %s\n", words.Text(s.Lang, "more", "n", Number(s.Lang, left)))
		}
	}
}

// untidyRow is one record or value of a finding as CSV.
type untidyRow struct {
	Finding int    `csv:"finding"`
	Code    string `csv:"code"`
	Kind    string `csv:"kind"`
	Field   string `csv:"field"`
	Key     string `csv:"key"`
	VaultID string `csv:"vault_id"`
	Value   string `csv:"value"`
	N       string `csv:"n"`
}

// HygieneCSV writes findings, a line for each record or value; those of one finding share a number.
func HygieneCSV(w io.Writer, d Dialect, found []schemas.Untidy) error {
	out := newGuarded(w, d)
	rows := []untidyRow{}
	for i := range found {
		u := &found[i]
		for _, item := range u.Items {
			rows = append(rows, untidyRow{Finding: i + 1, Code: u.Code, Kind: string(item.Kind), Key: item.Key, VaultID: item.ID, Value: u.Key, N: "1"})
		}
		for _, v := range u.Values {
			rows = append(rows, untidyRow{Finding: i + 1, Code: u.Code, Kind: string(schemas.KindDevice), Field: u.Field, Value: v.Value, N: strconv.Itoa(v.N)})
		}
	}
	if err := gocsv.MarshalCSV(rows, out); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
