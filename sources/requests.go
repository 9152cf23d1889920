package sources

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// Requests are the columns of a file that asks for something to be done, a row for each deed, and is no
// inventory: sessions to be opened or dropped, custody to be given back.
type Requests struct {
	Columns []RequestColumn
	// Keys are the columns that name what is asked for: all of one list must be there.
	Keys [][]string
	// Others are headers of lists whose ids are those of something else.
	Others []string
}

// RequestColumn is one column. Names are the headers that it goes by, the first of them its own.
type RequestColumn struct {
	Names []string
	// Hidden cells are read, and never shown or written again.
	Hidden bool
}

// firstSlot is where the texts of requests begin among the values of a row: behind those fields that a
// reader looks at itself.
const firstSlot = schemas.FieldSite

func (q *Requests) slot(name string) schemas.Field {
	at := slices.IndexFunc(q.Columns, func(c RequestColumn) bool { return c.Names[0] == name })
	return firstSlot + schemas.Field(at)
}

// Get is what a row says in a column, trimmed; it lies in the reader's buffer as the row's values do.
func (q *Requests) Get(row *schemas.Row, name string) string { return row.Values[q.slot(name)] }

// Place is where that stands.
func (q *Requests) Place(row *schemas.Row, name string) schemas.Place { return row.Place(q.slot(name)) }

// Header are the columns' own names, and Cells what a row says in them; hidden ones are empty.
func (q *Requests) Header() []string {
	var names []string
	for i := range q.Columns {
		names = append(names, q.Columns[i].Names[0])
	}
	return names
}

// Cells are described at Header.
func (q *Requests) Cells(row *schemas.Row) []string {
	cells := make([]string, len(q.Columns))
	for i := range q.Columns {
		if !q.Columns[i].Hidden {
			cells[i] = row.Values[firstSlot+schemas.Field(i)]
		}
	}
	return cells
}

func (q *Requests) fields() []schemas.Field {
	var all []schemas.Field
	for i := range q.Columns {
		all = append(all, firstSlot+schemas.Field(i))
	}
	return all
}

func (q *Requests) namer() namer {
	n := namer{}
	for i := range q.Columns {
		for rank, name := range q.Columns[i].Names {
			n[fold(name)] = ranked{firstSlot + schemas.Field(i), rank}
		}
	}
	return n
}

// namesKey says whether the columns that are found name what is asked for.
func (q *Requests) namesKey(found func(schemas.Field) bool) bool {
	return slices.ContainsFunc(q.Keys, func(key []string) bool {
		return !slices.ContainsFunc(key, func(name string) bool { return !found(q.slot(name)) })
	})
}

// wanted are the keys as a message names them: id or hostname+username.
func (q *Requests) wanted() string {
	var keys []string
	for _, key := range q.Keys {
		keys = append(keys, strings.Join(key, "+"))
	}
	return strings.Join(keys, ", ")
}

// namer knows the headers of what the source is read for.
func (s *Source) namer() namer {
	if q := s.Options.Requests; q != nil {
		return q.namer()
	}
	return newNamer(s.Options.Kind)
}

// fields are those that a row of the source may have.
func (s *Source) fields() []schemas.Field {
	if q := s.Options.Requests; q != nil {
		return q.fields()
	}
	return schemas.FieldsOf(s.Options.Kind)
}

// namesKey says whether the fields that are found name a record.
func (s *Source) namesKey(found func(schemas.Field) bool) bool {
	if q := s.Options.Requests; q != nil {
		return q.namesKey(found)
	}
	return !slices.ContainsFunc(keyOf(s.Options.Kind), func(f schemas.Field) bool { return !found(f) })
}

// fieldName is what a message calls a field.
func (s *Source) fieldName(f schemas.Field) string {
	if q := s.Options.Requests; q != nil && f >= firstSlot && int(f-firstSlot) < len(q.Columns) {
		return q.Columns[f-firstSlot].Names[0]
	}
	return f.String()
}

// checkRequests refuses a file of requests that nobody can read as one, and marks what is never shown.
func (s *Source) checkRequests() error {
	q := s.Options.Requests
	for i := range s.Shape.Columns {
		c := &s.Shape.Columns[i]
		if !c.Mapped && slices.Contains(q.Others, fold(c.Name)) {
			return s.fault(schemas.ClassInput, "requests_other", "column", c.Name).At(s.headerPlace(c.Index + 1))
		}
		if c.Mapped && q.Columns[c.Field-firstSlot].Hidden {
			c.Secret = true
		}
	}
	if slices.Equal(s.columnNames(), exportHeader(schemas.KindDevice)) {
		return s.fault(schemas.ClassInput, "requests_other", "column", "vendor").At(s.headerPlace(0))
	}
	if s.namesKey(func(f schemas.Field) bool { return s.mapped(f) >= 0 }) {
		return nil
	}
	return s.fault(schemas.ClassInput, "no_request_columns", "want", q.wanted(), "has", s.shownNames()).At(s.headerPlace(0))
}

// SessionDrops are the rows of sessions to be ended.
func SessionDrops() *Requests {
	return &Requests{Keys: [][]string{{"id"}, {"session_id"}}, Others: []string{"hostname", "username", "identifier", "vendor", "site", "management_ip"}, Columns: []RequestColumn{
		{Names: []string{"id", "vault_id", "id_do_cofre", "id_da_sessao", "sessao"}},
		{Names: []string{"session_id", "session_hash", "hash_da_sessao", "identificador_da_sessao"}, Hidden: true},
		{Names: []string{"reason", "motivo", "justification", "justificativa", "razao"}},
		{Names: []string{"user", "usuario", "usuario_do_cofre"}},
		{Names: []string{"device", "dispositivo"}},
	}}
}

// CustodyReleases are the rows of credentials whose custody is given back.
func CustodyReleases() *Requests {
	return &Requests{Keys: [][]string{{"id"}, {"identifier"}, {"hostname", "username"}}, Others: []string{"session_id", "origin_ip"}, Columns: []RequestColumn{
		{Names: []string{"id", "vault_id", "id_do_cofre", "credential_id", "id_da_credencial"}},
		{Names: []string{"identifier", "identificador", "credential_identifier", "tag"}},
		{Names: []string{"hostname", "host_name", "host", "device", "device_name", "nome_do_host", "dispositivo", "servidor", "server"}},
		{Names: []string{"username", "user_name", "user", "login", "account", "credential", "usuario", "nome_de_usuario", "conta", "credencial"}},
	}}
}

// SessionOpens are the rows of sessions to be opened, with the API's own parameters (vault-api a.6).
func SessionOpens() *Requests {
	return &Requests{Keys: [][]string{{"user", "credential", "device", "protocol"}}, Columns: []RequestColumn{
		{Names: []string{"user", "usuario", "vault_user", "usuario_do_cofre"}},
		{Names: []string{"credential", "credencial", "username", "account", "conta", "nome_de_usuario"}},
		{Names: []string{"device", "dispositivo", "hostname", "host", "ip", "servidor", "server"}},
		{Names: []string{"protocol", "protocolo"}},
		{Names: []string{"remotedevice", "remote_device", "dispositivo_remoto"}},
		{Names: []string{"remoteAddr", "remote_addr", "remote_address", "origin_ip", "ip_de_origem", "endereco_remoto"}},
		{Names: []string{"port", "porta"}},
		{Names: []string{"remoteapp", "remote_app", "aplicacao_remota"}},
		{Names: []string{"screensize", "screen_size", "resolution", "resolucao", "tamanho_da_tela"}},
	}}
}
