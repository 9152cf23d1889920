package sources

import (
	"regexp"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
	"pamsync/sources/expr"
)

// lookOver looks at what a row holds before anything is made of it: what cannot be meant rejects the row.
func (s *Source) lookOver(row *schemas.Row) {
	row.Exact = s.Shape.Export
	switch row.Kind {
	case schemas.KindCredential:
		s.judgeHidden(row, &row.Secret, schemas.FieldContent)
		s.judgeSecret(row)
		s.settle(row)
	case schemas.KindInfo:
		s.judgeHidden(row, &row.Secret, schemas.FieldContent)
	case schemas.KindKey:
		s.judgeHidden(row, &row.Second, schemas.FieldPassphrase)
		partDevices(row)
		s.readKey(row)
	}
	for _, f := range linkFields() {
		value := row.Values[f]
		if len(value) < len("x://a:b@c") || strings.IndexByte(value, ':') < 0 {
			continue
		}
		if strings.Contains(value, "://") && hasUserinfo(value) {
			row.Values[f] = ""
			row.Problems = append(row.Problems, problem(row, "url_secret", f, ""))
		}
	}
	if len(s.actions) > 0 {
		s.judgeAction(row)
	}
	if s.Config.Each == "" && !s.Shape.Export && row.Kind != schemas.KindInfo {
		s.judgeSeveral(row, schemas.FieldHostname)
		if row.Kind.Account() {
			s.judgeSeveral(row, schemas.FieldUsername)
		}
	}
	if ip := row.Values[schemas.FieldIP]; ip != "" && !expr.Reachable(ip) {
		row.Notes = append(row.Notes, problem(row, "ip_unreachable", schemas.FieldIP, ip))
	}
}

// linkFields are those in which people put a URL.
func linkFields() [4]schemas.Field {
	return [4]schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldAdditional, schemas.FieldSessionRemoteConfig}
}

func problem(row *schemas.Row, code string, f schemas.Field, value string) schemas.Problem {
	return schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "value", strings.Clone(value))}
}

// hasUserinfo tells an address with a password in it: scheme://user:password@host.
func hasUserinfo(text string) bool {
	_, rest, _ := strings.Cut(text, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	user, _, found := strings.Cut(rest, "@")
	return found && strings.Contains(user, ":")
}

// machine is a name that a device may have, of some length.
var machine = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._\-]{2,}$`)

// judgeSeveral notes a row that seems to name several records in one cell, which only `each:` takes apart: a name
// may have such a sign.
func (s *Source) judgeSeveral(row *schemas.Row, f schemas.Field) {
	value := row.Values[f]
	if !parted(value) {
		return
	}
	names := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(",;|/", r) })
	if len(names) < 2 || slices.ContainsFunc(names, func(part string) bool { return !machine.MatchString(clean(part)) }) {
		return
	}
	row.Notes = append(row.Notes, problem(row, "several_names", f, value))
}

// removal is what a person writes in a column of actions for a record that is to go.
var removal = regexp.MustCompile(`^(?i)(d|del|delete|deactivate|remove|desativar|desactivar|excluir|remover|inativar|baja)$`)

// judgeAction rejects a row that asks for its record to go, in a table whose actions nobody reads: it would be
// taken for a record that is there.
func (s *Source) judgeAction(row *schemas.Row) {
	if s.cellAt == nil {
		return
	}
	for _, i := range s.actions {
		if text := s.cellAt(i); removal.MatchString(text) {
			p := problem(row, "row_action", schemas.FieldID, text)
			p.Args["column"], p.Place.Col, p.Place.Column = s.Shape.Columns[i].Name, i+1, s.Shape.Columns[i].Name
			row.Problems = append(row.Problems, p)
		}
	}
}

// findActions notes the columns that say what a row asks for, where nothing reads them.
func (s *Source) findActions() {
	if s.profile != nil || s.Shape.Export || s.Config.Where != "" {
		return
	}
	for _, c := range s.Shape.Columns {
		switch fold(c.Name) {
		case "acao", "action", "accion", "operation", "operacao", "operacion", "action_for_registration", "acao_para_registro":
			if !c.Mapped {
				s.actions = append(s.actions, c.Index)
			}
		}
	}
}

// parted says whether a text has a sign in it that parts several.
func parted(text string) bool {
	for i := range len(text) {
		if parts[text[i]] {
			return true
		}
	}
	return false
}

// parts are the signs that part several names.
var parts = [256]bool{',': true, ';': true, '|': true, '/': true}

// masked is what a product shows in the place of a password.
var masked = regexp.MustCompile(`^(\*{3,}|•+|●{3,}|[xX]{6,}|\.{6,}|\((hidden|protected|secret|oculto|oculta)\)|<(hidden|protected|redacted)>|\[(hidden|redacted)\]|(?i)n/a|null|redacted)$`)

// judgeHidden rejects a row whose secret is none: what a product or a spreadsheet shows in its place.
func (s *Source) judgeHidden(row *schemas.Row, secret *schemas.Secret, f schemas.Field) {
	code := secret.Judge(func(text string) string {
		switch {
		case s.Shape.Format == sealed.Format: // it is the very secret
			return ""
		case masked.MatchString(text), schemas.Damage(text) != "":
			return "secret_masked"
		case strings.HasPrefix(text, "{REF:"):
			return "secret_reference"
		}
		return ""
	})
	if code != "" {
		*secret = schemas.Secret{}
		row.Problems = append(row.Problems, schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "kind", string(row.Kind))})
	}
}

// judgeSecret rejects a row that repeats its password where everybody reads.
func (s *Source) judgeSecret(row *schemas.Row) {
	if strings.HasPrefix(row.Values[schemas.FieldUsername], "{REF:") {
		row.Problems = append(row.Problems, problem(row, "secret_reference", schemas.FieldUsername, ""))
	}
	for f, value := range row.Values {
		if f := schemas.Field(f); isNotes(f) && value != "" && s.repeatsSecret(row, value) {
			row.Values[f] = ""
			row.Problems = append(row.Problems, problem(row, "secret_repeated", f, ""))
		}
	}
	s.noteSemicolon(row)
}

// isNotes tells the fields in which people write anything, a password too.
func isNotes(f schemas.Field) bool {
	switch f {
	case schemas.FieldAdditional, schemas.FieldTags, schemas.FieldDeviceTags, schemas.FieldAdditionalSettings:
		return true
	}
	return false
}

// repeatsSecret says whether a text holds the row's password, read or not.
func (s *Source) repeatsSecret(row *schemas.Row, text string) bool {
	if row.Secret.Judge(func(secret string) string {
		if repeats(text, []string{secret}) {
			return "repeated"
		}
		return ""
	}) != "" {
		return true
	}
	if s.record == nil || !s.hasSecrets() {
		return false
	}
	record, fits := s.record()
	return fits && repeats(text, s.secretsIn(record))
}
