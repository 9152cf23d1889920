package sources

import (
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/expr"
)

// Confidence is how sure it is that a column is what it became.
type Confidence string

// The confidences: the configuration, the product or the API's own name says so; a name that people use
// for it; a name that people use for other things too.
const (
	Sure   Confidence = "sure"
	Likely Confidence = "likely"
	Guess  Confidence = "guess"
)

func (s *Source) confidence(name string, rank int) Confidence {
	switch fold(name) {
	case "name", "nome", "nombre", "type", "tipo", "local", "address", "endereco", "direccion", "node", "product", "produto", "producto", "account", "conta", "cuenta", "city", "cidade", "ciudad", "domain", "dominio", "category", "categoria", "brand", "marca", "make", "building", "predio":
		return Guess
	}
	if s.Shape.Export || rank < 2 {
		return Sure
	}
	return Likely
}

// sampled is how many rows below the header are looked at to tell what a column holds.
const sampled = 200

// share is the part, in percent, of a column's sampled cells that a function says yes to; 0 where none
// holds anything.
func (s *Source) share(col int, is func(string) bool) int {
	n, yes := 0, 0
	for _, row := range s.samples {
		if col >= len(row) || clean(row[col]) == "" {
			continue
		}
		n++
		if is(clean(row[col])) {
			yes++
		}
	}
	if n == 0 {
		return 0
	}
	return yes * 100 / n
}

func holdsAddress(text string) bool { return isAddress(text) || isAddress(cutPort(text)) }

func cutPort(text string) string {
	host, _, _ := strings.Cut(text, "/")
	return host
}

// isPhrase tells a text of several words: a person, or a product, and no name that a machine has.
func isPhrase(text string) bool {
	return strings.Contains(text, " ") && expr.Host(text) == "" && !strings.ContainsAny(text, "\\;,|\t\r\n")
}

// isFriend tells a column whose name is that of a field, and that holds something else: a column of
// users that holds people.
func (s *Source) isFriend(col int, _ string, field schemas.Field) bool {
	if field != schemas.FieldUsername || s.share(col, isPhrase) < 60 {
		return false
	}
	s.Shape.Columns[col].Why = "person"
	return true
}

// unmaskFriends mends what names alone get wrong, by what the columns hold.
func (s *Source) unmaskFriends(header []string, names namer) {
	s.swapModel(header)
	s.swapAddress(header, names)
	s.dropProducts()
}

func (s *Source) mapped(field schemas.Field) int {
	return slices.IndexFunc(s.Shape.Columns, func(c Column) bool { return c.Mapped && c.Field == field })
}

// swapModel takes device_type for the model where the role stands beside it, as a CMDB has them.
func (s *Source) swapModel(header []string) {
	at := s.mapped(schemas.FieldType)
	if at < 0 || s.mapped(schemas.FieldModel) >= 0 || fold(s.Shape.Columns[at].Name) != "device_type" || s.Config.Columns[schemas.FieldType] != "" {
		return
	}
	role := slices.IndexFunc(header, func(name string) bool { return slices.Contains([]string{"role", "device_role"}, fold(name)) })
	if role < 0 || s.Shape.Columns[role].Mapped {
		return
	}
	s.Shape.Columns[at].Field, s.Shape.Columns[at].Confidence = schemas.FieldModel, Likely
	s.Shape.Columns[role].Field, s.Shape.Columns[role].Mapped, s.Shape.Columns[role].Confidence = schemas.FieldType, true, Likely
}

// swapAddress takes another column for the name where the one that is called so holds addresses.
func (s *Source) swapAddress(header []string, names namer) {
	at := s.mapped(schemas.FieldHostname)
	if at < 0 || s.Config.Columns[schemas.FieldHostname] != "" || s.share(s.Shape.Columns[at].Index, holdsAddress) < 80 {
		return
	}
	other := slices.IndexFunc(header, func(name string) bool {
		i := slices.Index(header, name)
		r, ok := names.find(name)
		return ok && r.field == schemas.FieldHostname && i != s.Shape.Columns[at].Index && !s.Shape.Columns[i].Mapped &&
			s.share(i, func(text string) bool { return !holdsAddress(text) && !isPhrase(text) }) >= 80
	})
	address := s.Shape.Columns[at]
	if other >= 0 {
		s.Shape.Columns[other].Field, s.Shape.Columns[other].Mapped, s.Shape.Columns[other].Confidence = schemas.FieldHostname, true, Likely
		s.Shape.Columns[at].Mapped, s.Shape.Columns[at].Why = false, "holds_address"
	}
	if s.mapped(schemas.FieldIP) >= 0 {
		return
	}
	if other >= 0 {
		s.Shape.Columns[at].Field, s.Shape.Columns[at].Mapped, s.Shape.Columns[at].Confidence = schemas.FieldIP, true, Likely
		return
	}
	address.Field, address.Mapped, address.Confidence = schemas.FieldIP, true, Likely
	s.Shape.Columns = append(s.Shape.Columns, address)
}

// dropProducts leaves a column that is called name alone where nothing else in the table is a device's,
// or where it holds phrases and no address stands beside it: it may be the name of anything.
func (s *Source) dropProducts() {
	at := s.mapped(schemas.FieldHostname)
	if at < 0 || s.Options.Kind != schemas.KindDevice || s.Config.Columns[schemas.FieldHostname] != "" {
		return
	}
	switch fold(s.Shape.Columns[at].Name) {
	case "name", "nome", "nombre":
	default:
		return
	}
	device := slices.ContainsFunc(s.Shape.Columns, func(c Column) bool {
		return c.Mapped && c.Field != schemas.FieldHostname && c.Field != schemas.FieldDeviceTags
	})
	phrases := s.mapped(schemas.FieldIP) < 0 && s.share(s.Shape.Columns[at].Index, isPhrase) >= 50
	if !device || phrases {
		s.Shape.Columns[at].Mapped, s.Shape.Columns[at].Why = false, "any_name"
	}
}
