package pipeline

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// A spreadsheet that takes 00123 for a number writes 123. Where a column has numbers of one width that
// begin with zeros, a shorter one beside them has lost its own.

// numberColumn is what is known of the numbers that a source has in a field.
type numberColumn struct {
	width   int  // of those that begin with zero, 0 as long as there is none
	several bool // widths
	longest int
	short   []shortNumber
	kept    [longestWatched]int // of them, by their length
}

// shortNumber is one that may have lost its zeros.
type shortNumber struct {
	place schemas.Place
	value string
}

// mostShort is how many numbers of each length a column keeps in view, of lengths below longestWatched.
const (
	mostShort      = 100
	longestWatched = 20
)

// zeroFields are those by which records are found: a zero less is another name.
func zeroFields() []schemas.Field {
	return []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldIdentifier}
}

// watchZeros looks at the numbers in a readable row.
func (inv *Inventory) watchZeros(row *schemas.Row) {
	for _, f := range zeroFields() {
		value := row.Values[f]
		if value == "" || value[0] > '9' || value[0] < '0' || strings.Trim(value, "0123456789") != "" {
			continue
		}
		at := zeroColumn{row.Source, f}
		c := inv.zeros[at]
		if c == nil {
			if inv.zeros == nil {
				inv.zeros = map[zeroColumn]*numberColumn{}
			}
			c = &numberColumn{}
			inv.zeros[at] = c
		}
		c.longest = max(c.longest, len(value))
		switch {
		case value[0] == '0' && len(value) > 1:
			c.several = c.several || c.width > 0 && c.width != len(value)
			c.width = len(value)
		case len(value) < longestWatched && c.kept[len(value)] < mostShort:
			c.kept[len(value)]++
			c.short = append(c.short, shortNumber{row.Place(f), strings.Clone(value)})
		}
	}
}

type zeroColumn struct {
	source int
	field  schemas.Field
}

// Told are the notes on good rows: what was read otherwise than it stands, and what may have lost
// something on its way here.
func (inv *Inventory) Told() []schemas.Problem {
	told := slices.Clone(inv.notes)
	for _, key := range slices.Sorted(maps.Keys(inv.noted)) {
		source, code, _ := strings.Cut(key, " ")
		if n := inv.noted[key]; n > mostNotes {
			i, _ := strconv.Atoi(source) // it was made of a number
			told = append(told, schemas.Problem{Code: "more_notes", Place: schemas.Place{Source: inv.Sources[i].Name}, Args: schemas.Pairs("n", strconv.Itoa(n-mostNotes), "code", code)})
		}
	}
	for source := range inv.Sources {
		for _, f := range zeroFields() {
			c := inv.zeros[zeroColumn{source, f}]
			if c == nil || c.width == 0 || c.several || c.longest != c.width {
				continue
			}
			for _, s := range c.short {
				if len(s.value) < c.width {
					told = append(told, schemas.Problem{Code: "cell_zeros", Place: s.place, Args: schemas.Pairs("field", f.String(), "value", s.value, "width", strconv.Itoa(c.width))})
				}
			}
		}
	}
	return told
}
