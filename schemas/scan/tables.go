package scan

// What a byte means, looked up rather than compared: the tables never change.
var (
	space = [256]bool{' ': true, '\t': true, '\r': true, '\n': true}
	// edges may stand after a number or literal.
	edges = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, ',': true, ']': true, '}': true}
	// stops end a run of plain bytes in a string.
	stops = [256]bool{
		0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true,
		8: true, 9: true, 10: true, 11: true, 12: true, 13: true, 14: true, 15: true,
		16: true, 17: true, 18: true, 19: true, 20: true, 21: true, 22: true, 23: true,
		24: true, 25: true, 26: true, 27: true, 28: true, 29: true, 30: true, 31: true,
		'"': true, '\\': true,
	}
	escapes = [256]bool{
		'"': true, '\\': true, '/': true, 'b': true, 'f': true,
		'n': true, 'r': true, 't': true, 'u': true,
	}
	// kinds says what a value is by its first byte, as Peek does.
	kinds = [256]byte{
		'{': '{', '[': '[', '"': '"', 't': 't', 'f': 't', 'n': 'n', '-': '0',
		'0': '0', '1': '0', '2': '0', '3': '0', '4': '0',
		'5': '0', '6': '0', '7': '0', '8': '0', '9': '0',
	}
)

// hexValue is the value of a hexadecimal digit, -1 for any other byte.
func hexValue(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}
