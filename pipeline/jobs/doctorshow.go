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

// show prints the checks: one JSON object, or a line each with the remedy below it.
func (d *doctor) show(exit int) error {
	if d.e.JSON {
		return d.showJSON(exit)
	}
	width := 0
	for _, c := range d.checks {
		width = max(width, utf8.RuneCountInString(checkName(d.e.Lang, c.Check)))
	}
	for _, c := range d.checks {
		if d.e.Quiet && (c.Status == CheckOK || c.Status == CheckSkip) {
			continue
		}
		d.line(c, width)
	}
	return nil
}

func (d *doctor) line(c Check, width int) {
	lang := d.e.Lang
	word := statusWord(lang, c.Status)
	name := checkName(lang, c.Check)
	fmt.Fprintf(d.e.Stdout, "%s%s  %s%s  %s\n", d.coloured(c.Status, word), strings.Repeat(" ", 6-utf8.RuneCountInString(word)),
		name, strings.Repeat(" ", width-utf8.RuneCountInString(name)), finding(lang, c))
	if hint := words.Hint(lang, c.Code, c.Args); hint != "" && c.Status != CheckOK {
		fmt.Fprintf(d.e.Stdout, "%s%s: %s\n", strings.Repeat(" ", 6+2+width+2), words.Text(lang, "hint"), hint)
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

// checkName is what a person reads for a check's name.
func checkName(lang words.Lang, check string) string {
	key, ok := map[string]string{
		"configuration": "doctor_check_configuration", "name": "doctor_check_name", "network": "doctor_check_network",
		"tls": "doctor_check_tls", "clock": "doctor_check_clock", "api": "doctor_check_api", "token": "doctor_check_token",
		"devices": "doctor_check_devices", "credentials": "doctor_check_credentials", "sessions": "doctor_check_sessions",
		"lock": "doctor_check_lock", "disk": "doctor_check_disk", "timezone": "doctor_check_timezone",
	}[check]
	if !ok {
		return check
	}
	return words.Text(lang, key)
}
