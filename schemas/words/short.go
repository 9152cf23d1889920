package words

// How much is shown of a text: of a value out of a cell or of the vault's lists, whose length nothing
// limits, and of any other, such as a path or a list of names.
const (
	shownOfValue = 200
	shownOfAny   = 4000
)

// Short is a value from outside as a line shows it: harmless, and cut where nobody would read to its
// end. The files that keep it have it whole.
func Short(value string) string { return Plain(cut(value, shownOfValue)) }

// short cuts an argument by its name.
func short(name, text string) string {
	switch name {
	case "value", "nearest", "taken", "allow", "key", "old", "new", "asset", "identifier", "owner", "user", "username", "hostname", "ip":
		return cut(text, shownOfValue)
	}
	return cut(text, shownOfAny)
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}
