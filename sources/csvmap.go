package sources

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pamsync/schemas"
	"pamsync/sources/profile"
)

// mapColumns decides what each column becomes: by the configuration's columns first, then by the
// product that the table comes from, else by its name. Two columns for one field are refused rather
// than guessed.
func (s *Source) mapColumns(header []string) error {
	if !s.positional {
		for i, name := range header {
			if _, err := netip.ParseAddr(clean(name)); err == nil {
				return s.fault(schemas.ClassInput, "no_header", "cell", clean(name)).
					At(s.headerPlace(i + 1))
			}
		}
	}
	s.Shape.Columns = make([]Column, len(header))
	for i, name := range header {
		s.Shape.Columns[i] = Column{Name: clean(name), Index: i, Secret: looksSecret(name)}
	}
	if err := s.checkWhere(); err != nil {
		return err
	}
	if err := s.recognise(header); err != nil {
		return err
	}
	taken := map[schemas.Field]bool{}
	used := map[int]bool{}
	for i := range s.hidden { // nobody sees it: only who names it wants it
		if i < len(s.Shape.Columns) && s.Shape.Columns[i].Name != "" {
			used[i], s.Shape.Columns[i].Why = true, "hidden"
		}
	}
	for _, field := range s.fields() {
		text, configured := s.Config.Columns[field]
		if !configured && s.profile != nil {
			text = s.profile.Columns[field]
		}
		if text == "" {
			continue
		}
		if err := s.give(field, text, configured, taken, used); err != nil {
			return err
		}
	}
	if s.profile == nil && !s.positional {
		if err := s.mapByName(header, taken, used); err != nil {
			return err
		}
	}
	if s.Options.Requests == nil {
		s.findActions()
	}
	if s.Options.Draft {
		return nil
	}
	if err := s.checkMapping(); err != nil {
		return err
	}
	return s.checkPassword()
}

// recognise finds the product that a table comes from.
func (s *Source) recognise(header []string) error {
	if s.profile == nil && !s.Shape.Export && !s.positional && (s.Config.Format == "" || s.Config.Format == "auto") {
		s.profile = profile.ByHeader(foldAll(header), s.Options.Kind)
	}
	if s.profile == nil {
		return nil
	}
	s.Shape.Profile = s.profile.Name
	for i := range s.Shape.Columns {
		for _, aside := range s.profile.Asides {
			if fold(aside.Column) == fold(s.Shape.Columns[i].Name) {
				s.Shape.Columns[i].Why = aside.Why
			}
		}
	}
	if s.Config.Columns[schemas.FieldHostname] != "" {
		return nil // who says where the hosts are has seen what the rows are
	}
	var err error
	s.excludes, err = excludesOf(s.profile, func(name string) bool { _, err := s.columnNamed(name); return err == nil })
	return err
}

func foldAll(header []string) []string {
	folded := make([]string, len(header))
	for i, name := range header {
		folded[i] = fold(name)
	}
	return folded
}

// give says which column, or which expression over columns, a field becomes.
func (s *Source) give(field schemas.Field, text string, configured bool, taken map[schemas.Field]bool, used map[int]bool) error {
	e, err := parseColumn(s, field, text)
	if err != nil {
		return err
	}
	if !configured {
		e = e.Only(func(path string) bool { _, err := s.columnNamed(path); return err == nil })
		if e == nil {
			return nil
		}
	}
	var at []int
	for _, path := range e.Paths() {
		i, err := s.columnNamed(path)
		if err != nil && configured {
			return err
		}
		if err == nil && (configured || !s.hidden[i]) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	taken[field] = true
	if field.Secret() {
		for _, i := range at {
			s.Shape.Columns[i].Password = true
		}
	}
	for _, i := range at {
		used[i] = true
	}
	if field.Secret() && !s.Options.Secrets {
		return nil
	}
	i, column := at[0], s.Shape.Columns[at[0]]
	_, plain := e.Plain()
	if _, choice := e.Alternatives(); choice && len(at) == 1 {
		plain = true // the others are not there
	}
	if !plain {
		column.Name, column.expr, column.Members = e.String(), e, e.Members()
	}
	if !plain || s.Shape.Columns[i].Mapped {
		// One column for two fields, as an address that is both name and ip, or several for one.
		s.Shape.Columns = append(s.Shape.Columns, column)
		i = len(s.Shape.Columns) - 1
	}
	s.Shape.Columns[i].Field, s.Shape.Columns[i].Mapped, s.Shape.Columns[i].Confidence, s.Shape.Columns[i].Why = field, true, Sure, ""
	return nil
}

// headerPlace is a cell of the header, counted from 1, or its row.
func (s *Source) headerPlace(col int) schemas.Place {
	return schemas.Place{Source: s.Config.Name, Sheet: s.Shape.Sheet, Row: s.Shape.HeaderLine, Col: col}
}

func (s *Source) columnNamed(name string) (int, error) {
	found := -1
	if n, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.Atoi(n); err == nil && i >= 1 && i <= len(s.columnNames()) {
			return i - 1, nil
		}
	}
	if n, ok := strings.CutPrefix(name, "column."); ok && n == "1" { // of a product whose first column has no fixed name
		return 0, nil
	}
	for i, c := range s.Shape.Columns {
		if c.expr == nil && c.Name == clean(name) {
			return i, nil
		}
	}
	if i := s.nthNamed(name); i >= 0 {
		return i, nil
	}
	for i, c := range s.Shape.Columns {
		if c.expr == nil && fold(c.Name) == fold(name) && fold(name) != "" && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, s.fault(schemas.ClassConfig, "column_missing", "column", name, "has", s.shownNames())
	}
	return found, nil
}

// nthNamed finds a column by its name and its place among those of one name, as Tags#2; -1 for none.
func (s *Source) nthNamed(name string) int {
	base, n, ok := strings.Cut(name, "#")
	nth, err := strconv.Atoi(n)
	if !ok || base == "" || err != nil {
		return -1
	}
	for i, c := range s.Shape.Columns {
		if c.expr == nil && fold(c.Name) == fold(base) && c.Index == i {
			if nth--; nth == 0 {
				return i
			}
		}
	}
	return -1
}

// ShowsNames says whether the columns' names may be shown: see shownNames.
func (s *Source) ShowsNames() bool { return s.shownNames() != "" }

// shownNames are the columns' names for a message. Where not half of them are known, and at least two, the
// line may be no header but a record with a password in it: then they are shown only where all look like
// names. Of a header too, what does not look like a name is not shown.
func (s *Source) shownNames() string {
	names := s.namer()
	all := s.namedColumns()
	known, shown := 0, []string{}
	for _, name := range all {
		_, ok := names.find(name)
		if ok {
			known++
		}
		if !ok && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(" _./()-", r) }) >= 0 {
			name = "…"
		}
		shown = append(shown, name)
	}
	header := known >= 2 && 2*known >= len(all)
	if !header && slices.Contains(shown, "…") {
		return ""
	}
	return shownKeys(shown)
}

func (s *Source) columnNames() []string {
	var names []string
	for _, c := range s.Shape.Columns {
		if c.Index == len(names) {
			names = append(names, c.Name)
		}
	}
	return names
}

// namedColumns are the columns that have a name.
func (s *Source) namedColumns() []string {
	return slices.DeleteFunc(s.columnNames(), func(name string) bool { return name == "" })
}

func (s *Source) mapByName(header []string, taken map[schemas.Field]bool, used map[int]bool) error {
	names := s.namer()
	best := map[schemas.Field]ranked{}
	at := map[schemas.Field][]int{}
	for i, name := range header {
		r, ok := names.find(name)
		if s.Shape.Export {
			r.field, ok = exportFields(s.Options.Kind)[name]
			r.rank = 0
		}
		if !ok || used[i] || taken[r.field] || s.isFriend(i, name, r.field) {
			continue
		}
		if b, seen := best[r.field]; !seen || r.rank < b.rank {
			best[r.field], at[r.field] = r, []int{i}
		} else if r.rank == b.rank {
			at[r.field] = append(at[r.field], i)
		}
	}
	for _, field := range s.fields() {
		where := at[field]
		if len(where) > 1 {
			return s.fault(schemas.ClassInput, "column_twice", "field", s.fieldName(field),
				"first", strconv.Itoa(where[0]+1), "second", strconv.Itoa(where[1]+1), "column", header[where[0]]).
				At(s.headerPlace(where[1] + 1))
		}
		if len(where) == 1 && field.Secret() {
			s.Shape.Columns[where[0]].Password = true
			if other := s.otherPassword(header, names, field, where[0]); other >= 0 && s.Options.Secrets {
				return s.fault(schemas.ClassInput, "column_twice", "field", "password", "first", strconv.Itoa(where[0]+1), "second", strconv.Itoa(other+1), "column", header[where[0]]).
					At(s.headerPlace(other + 1))
			}
		}
		if len(where) == 1 && (!field.Secret() || s.Options.Secrets) {
			s.Shape.Columns[where[0]].Field, s.Shape.Columns[where[0]].Mapped = field, true
			s.Shape.Columns[where[0]].Confidence = s.confidence(header[where[0]], best[field].rank)
		}
	}
	if !s.Shape.Export && s.Options.Requests == nil {
		s.unmaskFriends(header, names)
	}
	return nil
}

// searched is how many rows of a sheet the header was looked for in, "" for other files.
func (s *Source) searched() string {
	if s.Shape.Sheet == "" {
		return ""
	}
	return strconv.Itoa(headerRows)
}

// otherPassword is a second column that could be the password, -1 for none: here the better name
// does not decide, because the wrong password would be sent.
func (s *Source) otherPassword(header []string, names namer, field schemas.Field, first int) int {
	for i, name := range header {
		if r, ok := names.find(name); ok && r.field == field && i != first && !s.Shape.Export {
			return i
		}
	}
	return -1
}

// checkPassword refuses a file whose passwords were asked for, where columns look like passwords
// and none of them is known to be: an account without its password would be no success.
func (s *Source) checkPassword() error {
	if !s.Options.Secrets || s.Options.Kind == schemas.KindDevice {
		return nil
	}
	var alike []string
	for _, c := range s.Shape.Columns {
		switch {
		case c.Mapped && c.Field.Secret():
			return nil
		case looksPassword(c.Name):
			alike = append(alike, c.Name)
		}
	}
	if len(alike) == 0 {
		return nil
	}
	return s.fault(schemas.ClassInput, "password_unmapped", "columns", strings.Join(alike, ", ")).At(s.headerPlace(0))
}

// checkMapping refuses a file in which the key of no record can be found: it is no inventory.
func (s *Source) checkMapping() error {
	if s.Options.Requests != nil {
		return s.checkRequests()
	}
	for _, field := range keyOf(s.Options.Kind) {
		ok := slices.ContainsFunc(s.Shape.Columns, func(c Column) bool { return c.Mapped && c.Field == field })
		if !ok && s.Config.Defaults[field] == "" {
			if column := s.hiddenFor(field); column != "" {
				return s.fault(schemas.ClassInput, "key_hidden", "field", field.String(), "column", column).At(s.headerPlace(0))
			}
			return s.fault(schemas.ClassInput, "no_key_column", "field", field.String(), "kind", string(s.Options.Kind),
				"has", s.shownNames(), "searched", s.searched()).At(s.headerPlace(0))
		}
	}
	return nil
}

// hiddenFor is the name of a hidden column that would be a field, "" for none.
func (s *Source) hiddenFor(field schemas.Field) string {
	names := s.namer()
	for _, c := range s.Shape.Columns {
		if r, ok := names.find(c.Name); ok && r.field == field && c.Why == "hidden" {
			return c.Name
		}
	}
	return ""
}

func (s *Source) checkWhere() error {
	for _, name := range s.where.Fields() {
		if _, err := s.columnNamed(name); err != nil {
			return s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", s.shownNames())
		}
	}
	return nil
}
