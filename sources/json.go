package sources

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

const maxJSONRecord = 8 << 20

func (s *Source) jsonFault(err error) error {
	var syntax *scan.SyntaxError
	switch {
	case errors.Is(err, os.ErrClosed), !errors.As(err, &syntax) && !errors.Is(err, scan.ErrTooLarge) && !errors.Is(err, scan.ErrTruncated):
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	case errors.Is(err, scan.ErrTooLarge):
		return s.jsonAt("json_limit", err, syntax)
	case errors.Is(err, scan.ErrTruncated):
		return s.jsonAt("json_cut", err, syntax)
	}
	return s.jsonAt("json_broken", err, syntax)
}

// jsonAt is a fault on the line of a syntax error, where there is one.
func (s *Source) jsonAt(code string, err error, syntax *scan.SyntaxError) error {
	f := s.fault(schemas.ClassInput, code).Because(err)
	if syntax != nil {
		f.Problem.Place.Row = syntax.Line
	}
	return f
}

// jsonReader reads the records of one pass.
type jsonReader struct {
	s       *Source
	path    []string
	mapping *jsonMapping
	row     schemas.Row
	raw     []byte
	members []scan.Member
	number  int
	key     string          // the name of the member that holds the record under way
	at      []string        // the steps down to the list or object under way
	index   int             // of the record in its list, -1 for none
	parted  int             // how many lists and stars lie above: not each part need have records
	reached bool            // some part had them, or null in their place
	lacked  bool            // some part had not
	keys    []string        // of the last such part
	hosts   map[string]bool // names of members that were records, of a product with groups
	// atRecord tells that an object at the end of the path is a record.
	atRecord bool
	total    int                       // of all pages, as the document says; 0 where it does not
	places   [schemas.NumFields]string // pointer suffix of each field in the current record
}

func (j *jsonReader) read(in io.Reader, yield func(*schemas.Row) error) error {
	j.number, j.total, j.key, j.at, j.index = 0, 0, "", j.at[:0], -1
	j.reached, j.lacked, j.hosts = false, false, map[string]bool{}
	j.atRecord = j.s.profile != nil || slices.Contains(j.path, "*")
	j.s.Shape.Columns = slices.Clone(j.mapping.columns)
	j.s.cells = j.cells
	j.row = schemas.Row{Kind: j.s.Options.Kind, Source: j.s.Options.Index, Defaults: j.s.defaults, Place: j.place}
	doc := scan.NewReader(j.s.decoded(in), scan.Options{MaxRecord: maxJSONRecord, Window: j.s.piece})
	var err error
	if len(j.path) == 1 && j.path[0] == lines {
		err = j.readLines(doc, yield)
	} else if err = j.descend(doc, j.path, yield); err == nil {
		err = doc.End()
	}
	var fault *schemas.Fault
	var stop stopped
	switch {
	case err == nil && j.lacked && !j.reached:
		return j.s.fault(schemas.ClassConfig, "records_missing", "path", strings.Join(j.path, "."), "has", shownKeys(j.keys))
	case err == nil:
		if j.total > j.number && j.s.NextPage == "" {
			j.s.NextPage = strconv.Itoa(j.total) + " records"
		}
		if err := j.inGroups(yield); err != nil {
			return err
		}
		return j.mapping.finish(j.number)
	case errors.As(err, &stop):
		return stop.err
	case errors.As(err, &fault):
		return fault
	}
	return j.s.jsonFault(err)
}

// inGroups gives the hosts that stand in a group alone, where the product leaves some out of its records.
func (j *jsonReader) inGroups(yield func(*schemas.Row) error) error {
	if j.s.profile == nil || !j.s.profile.Groups {
		return nil
	}
	err := j.s.groupNames(j.hosts, j.number, func(row *schemas.Row) error {
		j.number++
		return yield(row)
	})
	return err
}

// stopped carries an error of yield past the faults of the document.
type stopped struct{ err error }

func (s stopped) Error() string { return s.err.Error() }

func (j *jsonReader) readLines(doc *scan.Reader, yield func(*schemas.Row) error) error {
	for {
		if _, err := doc.Peek(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		j.index = j.number
		if err := j.record(doc, yield); err != nil {
			return err
		}
	}
}

// descend follows the path to the records: through the lists on the way, and for * through each member.
func (j *jsonReader) descend(doc *scan.Reader, path []string, yield func(*schemas.Row) error) error {
	kind, err := doc.Peek()
	if err != nil {
		return err
	}
	j.reached = j.reached || len(path) == 0 || kind == 'n'
	switch {
	case len(path) == 1 && path[0] == whole, len(path) == 0 && kind == '{' && j.atRecord:
		j.index = -1
		return j.record(doc, yield)
	case len(path) == 0 && kind == '[':
		return j.records(doc, yield)
	case len(path) == 0 && kind == 'n' && len(j.path) > 0: // null, as an API writes a list of nothing
		return doc.Skip()
	case len(path) == 0:
		return j.s.fault(schemas.ClassConfig, "records_no_array", "path", strings.Join(j.path, "."))
	case kind == '[':
		return j.through(doc, path, yield)
	case kind == 'n' && len(path) < len(j.path):
		return doc.Skip()
	case kind != '{':
		return j.s.fault(schemas.ClassConfig, "records_missing", "path", strings.Join(j.path, "."), "has", "")
	}
	return j.enter(doc, path, yield)
}

// through descends into each element of a list on the way.
func (j *jsonReader) through(doc *scan.Reader, path []string, yield func(*schemas.Row) error) error {
	if err := doc.EnterArray(); err != nil {
		return err
	}
	j.parted++
	defer func() { j.parted-- }()
	for i := 0; ; i++ {
		more, err := doc.NextElement()
		if err != nil || !more {
			return err
		}
		if err := j.step(doc, strconv.Itoa(i), path, yield); err != nil {
			return err
		}
	}
}

// step descends into a part that is called so.
func (j *jsonReader) step(doc *scan.Reader, name string, path []string, yield func(*schemas.Row) error) error {
	j.at = append(j.at, name)
	err := j.descend(doc, path, yield)
	j.at = j.at[:len(j.at)-1]
	return err
}

// enter goes through the members of an object on the way.
func (j *jsonReader) enter(doc *scan.Reader, path []string, yield func(*schemas.Row) error) error {
	if err := doc.EnterObject(); err != nil {
		return err
	}
	var keys []string
	found := path[0] == "*"
	for {
		key, ok, err := doc.NextKey()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		name := string(key)
		if len(keys) < 100 {
			keys = append(keys, name)
		}
		switch {
		case path[0] == "*":
			j.key = name
			if j.hosts != nil {
				j.hosts[strings.Clone(name)] = true
			}
			j.parted++
			err = j.step(doc, name, path[1:], yield)
			j.parted--
		case name == path[0]:
			found = true
			err = j.step(doc, name, path[1:], yield)
		case name == "error" || name == "errors" || name == "status" || name == "code":
			err = j.trouble(doc, name)
		case isNext(name) || name == "previous" || isTotal(name):
			err = j.page(doc, name)
		case name == "meta" || name == "links" || name == "pagination" || name == "paging" || name == "_links" || name == "_meta":
			err = j.pages(doc)
		default:
			err = doc.Skip()
		}
		if err != nil {
			return err
		}
	}
	if !found && j.parted > 0 {
		j.lacked, j.keys = true, keys
	} else if !found {
		return j.s.fault(schemas.ClassConfig, "records_missing", "path", strings.Join(j.path, "."), "has", shownKeys(keys))
	}
	return nil
}

// isNext tells the member that names the next page.
func isNext(name string) bool {
	switch name {
	case "next", "nextLink", "@odata.nextLink", "next_page", "nextPage", "next_page_url", "NextToken", "nextToken", "next_cursor":
		return true
	}
	return false
}

// page notes what the document says about being one page of several: a next or previous one,
// or a count of all records, which is compared when they have been read.
func (j *jsonReader) page(doc *scan.Reader, name string) error {
	raw, err := doc.Raw()
	if err != nil {
		return err
	}
	j.notePage(name, raw)
	return nil
}

// pages looks into a member that tells about the pages.
func (j *jsonReader) pages(doc *scan.Reader) error {
	raw, err := doc.Raw()
	if err != nil {
		return err
	}
	for name, value := range scan.Members(raw) {
		if text := string(name); isNext(text) || text == "previous" || isTotal(text) {
			j.notePage(text, value)
		}
	}
	return nil
}

func (j *jsonReader) notePage(name string, raw []byte) {
	if isNext(name) || name == "previous" {
		if href, ok := scan.Get(raw, "href"); ok {
			raw = href
		}
		if value, ok := scan.Text(raw); ok && len(value) > 0 {
			j.s.NextPage = string(value)
		}
		return
	}
	if value, ok := scan.Scalar(raw); ok {
		if n, err := strconv.Atoi(string(value)); err == nil {
			j.total = max(j.total, n)
		}
	}
}

// isTotal tells a count of all records of all pages by its name.
func isTotal(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "count", "total", "totalcount", "totalrecords", "totalresults", "totalitems":
		return true
	}
	return false
}

// trouble notes that the document says it was made in error, as a CMDB that was cut off does.
func (j *jsonReader) trouble(doc *scan.Reader, name string) error {
	raw, err := doc.Raw()
	if err != nil {
		return err
	}
	text, scalar := scan.Scalar(raw)
	said := strings.ToLower(string(text))
	switch {
	case name == "code": // of iTop, and of APIs like it: 0 or 200 is well
		if n, err := strconv.Atoi(said); err == nil && n != 0 && n != 200 {
			j.s.Trouble = "code: " + said
		}
	case name == "status":
		if said == "failure" || said == "failed" || said == "fail" || said == "error" {
			j.s.Trouble = "status: " + said
		}
	case scalar && (said == "" || said == "false" || said == "0"), !scalar && len(raw) == 2:
	default:
		j.s.Trouble = name
	}
	return nil
}

func (j *jsonReader) records(doc *scan.Reader, yield func(*schemas.Row) error) error {
	if err := doc.EnterArray(); err != nil {
		return err
	}
	for j.index = 0; ; j.index++ {
		more, err := doc.NextElement()
		if err != nil || !more {
			return err
		}
		if err := j.record(doc, yield); err != nil {
			return err
		}
	}
}

func (j *jsonReader) record(doc *scan.Reader, yield func(*schemas.Row) error) error {
	raw, members, err := doc.Object(j.members)
	if err != nil {
		return err
	}
	j.raw, j.members = raw, members
	j.number++
	j.row.Number = j.number
	j.row.Reset()
	j.places = [schemas.NumFields]string{}
	if !bytes.HasPrefix(raw, []byte("{")) {
		j.row.LeftOut = false
		j.row.Problems = []schemas.Problem{{Code: "record_no_object", Place: j.place(schemas.FieldID)}}
	} else {
		j.row.LeftOut = j.s.where != nil && !j.s.where.Match(j.mapping.lookup(raw))
		j.mapping.fill(j)
		j.s.oneAddress(&j.row)
		if len(j.s.excludes) > 0 {
			j.s.exclude(&j.row, j.mapping.lookup(raw))
		}
	}
	if err := yield(&j.row); err != nil {
		return stopped{err}
	}
	return nil
}

func (j *jsonReader) place(f schemas.Field) schemas.Place {
	p := schemas.Place{Source: j.s.Config.Name, Row: j.number}
	base := "#" + pointer(j.at)
	if j.index >= 0 {
		base += "/" + strconv.Itoa(j.index)
	}
	p.Pointer = base
	if f != schemas.FieldID && j.places[f] != "" {
		p.Column = j.places[f]
		p.Pointer = base + "/" + strings.ReplaceAll(j.places[f], ".", "/")
	}
	return p
}
