package sheet

import (
	"io"
	"path"
	"slices"
	"strings"
)

// Book is an open workbook, to be closed. It keeps the tables that cells refer to; it is used by
// one goroutine.
type Book struct {
	Sheets []Sheet

	parts       map[string]entry
	date1904    bool
	stringsPart string
	stylesPart  string
	strings     *table
	styles      []look
}

// Sheet is one sheet of rows; charts and dialogs are not among a book's sheets.
type Sheet struct {
	Name   string
	Hidden bool
	Number int // among all sheets as a person counts them, from 1

	part string
}

// Verify reads the rest of what cells refer to, up to the end of the part where its checksum is
// compared: who takes the rows for the whole of a sheet calls it behind the last one.
func (b *Book) Verify() error {
	if b.strings == nil {
		return nil
	}
	return b.strings.finish()
}

// Close gives back what the book was still reading.
func (b *Book) Close() {
	if b.strings != nil {
		b.strings.stop()
		b.strings = nil
	}
}

// maxSheets is how many sheets a workbook may have.
const maxSheets = 1024

// Open understands the parts of a workbook. Errors are *Error, or those of reading.
func Open(in io.ReaderAt, size int64) (*Book, error) {
	b := &Book{}
	var err error
	if b.parts, err = entries(in, size); err != nil {
		return nil, err
	}
	if err := b.recognise(); err != nil {
		return nil, err
	}
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	links, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		switch {
		case l.external:
		case strings.HasSuffix(l.kind, "/sharedStrings"):
			b.stringsPart = l.target
		case strings.HasSuffix(l.kind, "/styles"):
			b.stylesPart = l.target
		}
	}
	return b, b.workbook(main, links)
}

// recognise tells other things in a ZIP from a workbook.
func (b *Book) recognise() error {
	if _, ok := b.parts[partKey("_rels/.rels")]; ok {
		return nil
	}
	if _, ok := b.parts[partKey("META-INF/manifest.xml")]; ok {
		if _, ok := b.parts["mimetype"]; ok {
			return fail(CodeOpenDoc)
		}
	}
	return fail(CodeNoBook)
}

// mainPart finds the workbook itself by the package's relationships.
func (b *Book) mainPart() (string, error) {
	links, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if !strings.HasSuffix(l.kind, "/officeDocument") || l.external {
			continue
		}
		switch strings.ToLower(path.Ext(l.target)) {
		case ".bin":
			return "", fail(CodeBinary)
		case ".xml":
			return l.target, nil
		}
	}
	return "", fail(CodeNoBook)
}

// link is one relationship of a part; its target is a part's name from the root.
type link struct {
	id, kind, target string
	external         bool
}

// relations reads the relationships of a part, "" for those of the package.
func (b *Book) relations(part string) ([]link, error) {
	folder, file := path.Split(part)
	name := folder + "_rels/" + file + ".rels"
	in, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s := &scanner{in: fromPart(in)}
	links, err := readLinks(s, folder)
	if fault, ok := err.(*Error); ok {
		fault.Part = name
	}
	return links, err
}

func readLinks(s *scanner, folder string) ([]link, error) {
	root, err := s.root("Relationships")
	if err != nil || s.empty {
		return nil, err
	}
	var links []link
	for {
		if err := s.tag(); err != nil {
			return nil, cut(err)
		}
		if s.closing && string(s.name) == root {
			return links, s.over()
		}
		if s.closing || string(local(s.name)) != "Relationship" || len(links) == 2*maxSheets {
			return nil, fail(CodeMalformed, "cause", "<"+string(s.name)+">")
		}
		var l link
		var mode string
		for _, a := range []struct {
			name string
			to   *string
		}{{"Id", &l.id}, {"Type", &l.kind}, {"Target", &l.target}, {"TargetMode", &mode}} {
			if *a.to, _, err = s.get(a.name, false); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(links, func(known link) bool { return known.id == l.id }) {
			return nil, fail(CodePartTwice, "part", l.id)
		}
		if l.external = mode == "External"; !l.external {
			l.target = resolve(folder, l.target)
		}
		links = append(links, l)
		if err := s.skip(); err != nil {
			return nil, err
		}
	}
}

// resolve is a part's name from the root, for a target that may be relative to a folder.
func resolve(folder, target string) string {
	if !strings.HasPrefix(target, "/") {
		target = "/" + folder + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// workbook reads the list of sheets, and which calendar dates count in.
func (b *Book) workbook(main string, links []link) error {
	in, err := b.open(main)
	if err != nil {
		return err
	}
	defer in.Close()
	err = b.readWorkbook(&scanner{in: fromPart(in)}, links)
	if fault, ok := err.(*Error); ok && fault.Part == "" {
		fault.Part = main
	}
	return err
}

func (b *Book) readWorkbook(s *scanner, links []link) error {
	root, err := s.root("workbook")
	if fault, ok := err.(*Error); ok && fault.Code == CodeMalformed {
		return fail(CodeNoBook) // a letter, or slides
	}
	if err != nil || s.empty {
		return err
	}
	prefix := root[:len(root)-len("workbook")]
	number := 0
	for {
		if err := s.tag(); err != nil {
			return cut(err)
		}
		switch name := strings.TrimPrefix(string(s.name), prefix); {
		case s.closing && string(s.name) == root:
			return s.over()
		case s.closing && name == "sheets", !s.closing && name == "sheets" && !s.empty:
			err = nil
		case !s.closing && name == "workbookPr":
			var value string
			value, _, err = s.get("date1904", false)
			if b.date1904 = truth([]byte(value)); err == nil {
				err = s.skip()
			}
		case !s.closing && name == "sheet":
			number++
			if err = b.addSheet(s, links, number); err == nil {
				err = s.skip()
			}
		case !s.closing:
			err = s.skip()
		default:
			err = fail(CodeMalformed, "cause", "</"+string(s.name)+">")
		}
		if err != nil {
			return err
		}
	}
}

func (b *Book) addSheet(s *scanner, links []link, number int) error {
	name, _, err := s.get("name", false)
	if err != nil {
		return err
	}
	state, _, err := s.get("state", false)
	if err != nil {
		return err
	}
	id, _, err := s.get("id", true)
	if err != nil {
		return err
	}
	if number > maxSheets {
		return fail(CodeLimit, "what", "sheets", "limit", "1024")
	}
	i := slices.IndexFunc(links, func(l link) bool { return l.id == id })
	if i < 0 || links[i].external {
		return &Error{Code: CodePartMissing, Args: []string{"part", name}, Sheet: name}
	}
	l := links[i]
	if !strings.HasSuffix(l.kind, "/worksheet") {
		return nil // a chart or a dialog
	}
	if _, ok := b.parts[partKey(l.target)]; !ok {
		return &Error{Code: CodePartMissing, Args: []string{"part", l.target}, Sheet: name}
	}
	b.Sheets = append(b.Sheets, Sheet{Name: name, Hidden: state == "hidden" || state == "veryHidden", Number: number, part: l.target})
	return nil
}
