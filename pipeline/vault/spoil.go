package vault

import "pamsync/schemas/scan"

// spoil overwrites a record's texts, as the next part of the answer will sooner or later. Line feeds stay: they
// are counted still.
func spoil(raw []byte, members []scan.Member) {
	for i := range members {
		text, _ := members[i].Scalar()
		overwrite(text)
	}
	overwrite(raw)
}

func overwrite(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = '~'
		}
	}
}
