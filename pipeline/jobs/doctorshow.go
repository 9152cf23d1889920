package jobs

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// show prints one check: its line, and the remedy below it. -q leaves out what is in order.
func (d *doctor) show(c Check) {
	if d.e.Quiet && (c.Status == CheckOK || c.Status == CheckSkip) {
		return
	}
	lang := d.e.Lang
	word, name := statusWord(lang, c.Status), checkName(lang, c.Check)
	blanks := func(width int, text string) string {
		return strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
	}
	width := 0
	for check := range checkNames() {
		width = max(width, utf8.RuneCountInString(checkName(lang, check)))
	}
	fmt.Fprintf(d.e.Stdout, "%s%s  %s%s  %s\n", d.coloured(c.Status, word), blanks(statusWidth, word), name, blanks(width, name), finding(lang, c))
	if hint := words.Hint(lang, c.Code, c.Args); hint != "" && c.Status != CheckOK {
		fmt.Fprintf(d.e.Stdout, "%s%s: %s\n", blanks(statusWidth+2+width+2, ""), words.Text(lang, "hint"), hint)
	}
}

// finding is what a check found, with the place in a file where there is one.
func finding(lang words.Lang, c Check) string {
	args := c.Args
	if needs := args["needs"]; needs != "" {
		args = schemas.Pairs("needs", checkName(lang, needs))
	}
	text := words.Problem(lang, c.Code, args)
	if at := c.place.String(); at != "" {
		return words.Plain(at) + ": " + text
	}
	return text
}

func (d *doctor) coloured(s CheckStatus, word string) string {
	if !d.e.Colour {
		return word
	}
	colour := map[CheckStatus]string{CheckOK: "32", CheckWarn: "33", CheckFail: "31", CheckSkip: "2"}[s]
	return "\x1b[" + colour + "m" + word + "\x1b[0m"
}

// showJSON prints the object that is the same in every language.
func (d *doctor) showJSON(exit int) error {
	for i := range d.checks {
		c := &d.checks[i]
		c.Finding = finding(words.English, *c)
		if c.Status != CheckOK {
			c.Hint = words.Hint(words.English, c.Code, c.Args)
		}
	}
	return printJSON(d.e.Stdout, Diagnosis{Exit: exit, Checks: d.checks})
}

func printJSON(out io.Writer, value any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// statusWidth is that of the longest status word in any language.
const statusWidth = 6

func statusWord(lang words.Lang, s CheckStatus) string {
	switch s {
	case CheckWarn:
		return words.Text(lang, "doctor_warn")
	case CheckFail:
		return words.Text(lang, "doctor_fail")
	case CheckSkip:
		return words.Text(lang, "doctor_skip")
	}
	return "ok"
}

// checkNames are the words of the checks' names.
func checkNames() map[string]string {
	return map[string]string{
		"configuration": "doctor_check_configuration", "name": "doctor_check_name", "network": "doctor_check_network",
		"tls": "doctor_check_tls", "clock": "doctor_check_clock", "api": "doctor_check_api", "token": "doctor_check_token",
		"devices": "doctor_check_devices", "credentials": "doctor_check_credentials", "sessions": "doctor_check_sessions",
		"certificate": "doctor_check_certificate", "generation": "doctor_check_generation", "v2": "doctor_check_v2", "shapes": "doctor_check_shapes",
		"inventories": "doctor_check_inventories", "lock": "doctor_check_lock", "disk": "doctor_check_disk", "timezone": "doctor_check_timezone",
	}
}

// checkName is what a person reads for a check's name.
func checkName(lang words.Lang, check string) string {
	return words.Text(lang, checkNames()[check])
}
