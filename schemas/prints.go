package schemas

import (
	"encoding/binary"
	"slices"
	"strconv"
)

// Prints are short keyed fingerprints of the names of the records of an IDs, in the order of All:
// for each id four bytes of its name, or in the list of credentials eight, of its name and its
// identifier. They tell what a record was called that is listed no more; 0 stands for nothing known.
type Prints []byte

// Print is the pair of a record, the second 0 for a device.
type Print struct{ Name, Identifier uint32 }

// printSize is how many bytes a record of a list takes.
func printSize(kind Kind) int {
	if kind == KindDevice {
		return 4
	}
	return 8
}

// NewPrints packs the prints of the ids of a set, as print gives them in the order of All.
func NewPrints(kind Kind, s IDs, print func(id string) Print) Prints {
	packed := make(Prints, 0, s.Len()*printSize(kind))
	for id := range s.All {
		p := print(id)
		packed = binary.LittleEndian.AppendUint32(packed, p.Name)
		if kind != KindDevice {
			packed = binary.LittleEndian.AppendUint32(packed, p.Identifier)
		}
	}
	return packed
}

// Of finds the print of an id of the set that these are of, zero where there is none: a state of an
// earlier build has no prints.
func (p Prints) Of(kind Kind, s IDs) func(id string) Print {
	size, place := printSize(kind), s.Places()
	if len(p) != s.Len()*size {
		return func(string) Print { return Print{} }
	}
	return func(id string) (found Print) {
		i := place(id)
		if i < 0 {
			return found
		}
		found.Name = binary.LittleEndian.Uint32(p[i*size:])
		if size == 8 {
			found.Identifier = binary.LittleEndian.Uint32(p[i*size+4:])
		}
		return found
	}
}

// Places gives a function that tells at which place of All an id stands, -1 for none.
func (s IDs) Places() func(id string) int {
	before := make([]int, len(s.ranges)) // of each range, how many stand in those before it
	n := 0
	for i, r := range s.ranges {
		before[i] = n
		n += int(r.last - r.first + 1)
	}
	return func(id string) int {
		number, err := strconv.ParseUint(id, 10, 64)
		if err != nil || strconv.FormatUint(number, 10) != id {
			if i, found := slices.BinarySearch(s.other, id); found {
				return n + i
			}
			return -1
		}
		i, _ := slices.BinarySearchFunc(s.ranges, number, func(r idRange, number uint64) int {
			if r.last < number {
				return -1
			}
			return 1
		})
		if i == len(s.ranges) || number < s.ranges[i].first {
			return -1
		}
		return before[i] + int(number-s.ranges[i].first)
	}
}
