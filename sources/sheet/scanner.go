package sheet

import (
	"bytes"
	"io"
	"strconv"
)

// scanner goes through the XML of a part tag by tag. It is made for the few elements of a
// workbook: it checks what it needs, keeps no more than one tag and the text before it, and
// refuses document types, unknown entities and other encodings than UTF-8. Slices that it gives
// are good until the next call of tag.
type scanner struct {
	in    func() ([]byte, error) // the next piece; it may be used until the call after
	buf   []byte
	pos   int // of what was not looked at yet
	end   bool
	begun bool

	text    []byte // before the tag, entities and CDATA still as written
	name    []byte // of the tag's element, with its prefix
	attrs   []byte // between the name and the end of the tag
	closing bool   // </name>
	empty   bool   // <name/>

	opened [][]byte // elements that skip is in
	given  int      // bytes that were taken from the pieces
	wasted int      // bytes of what is passed over: comments, blanks, what is skipped
}

// at is the offset in the part of what comes next.
func (s *scanner) at() int { return s.given - (len(s.buf) - s.pos) }

// maxToken is the longest tag, or text between two tags, in bytes: a cell of 32,767 signs fits
// easily, and what is longer is no workbook that a spreadsheet wrote.
const maxToken = 512 << 10

// chunk is how much is read at a time.
const chunk = 128 << 10

// fromPart makes the pieces of a scanner from a part.
func fromPart(r *part) func() ([]byte, error) {
	piece := make([]byte, r.piece)
	return func() ([]byte, error) {
		n, err := io.ReadFull(r, piece)
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		return piece[:n], zipError(err)
	}
}

// more gets another piece behind what is left; what was gone by is forgotten.
func (s *scanner) more(keep int) error {
	if s.end {
		return fail(CodeCut)
	}
	if len(s.buf)-keep > maxToken {
		return fail(CodeLimit, "what", "token", "limit", strconv.Itoa(maxToken))
	}
	piece, err := s.in()
	s.given += len(piece)
	s.buf = append(s.buf[:copy(s.buf, s.buf[keep:])], piece...)
	s.pos -= keep
	if err == io.EOF {
		s.end = true
		err = nil
	}
	if err == nil && !s.begun && len(s.buf) > 0 {
		s.begun = true
		err = s.mark()
	}
	return err
}

// mark takes off a byte order mark and refuses those of other encodings.
func (s *scanner) mark() error {
	switch {
	case bytes.HasPrefix(s.buf, []byte("\xef\xbb\xbf")):
		s.pos += 3
	case s.buf[0] >= 0xfe, len(s.buf) > 1 && (s.buf[0] == 0 || s.buf[1] == 0):
		return fail(CodeEncoding)
	}
	return nil
}

// tag goes to the next tag; the text before it is kept. At the end of the part it returns io.EOF.
func (s *scanner) tag() error {
	// As a rule the tag stands whole in what was read, close behind the one before it.
	i := s.pos
	for i < len(s.buf) && s.buf[i] != '<' {
		i++
	}
	if i+1 < len(s.buf) && s.buf[i+1] != '!' && s.buf[i+1] != '?' {
		if end, nameEnd := tagEnd(s.buf, i+1); end >= 0 {
			s.text = s.buf[s.pos:i]
			s.pos = end + 1
			return s.split(i+1, nameEnd, end)
		}
	}
	return s.farTag()
}

// leaf takes over a text between two literals that stand right here, the way in which one program
// always writes it; false where it is written otherwise, or is not whole yet.
func (s *scanner) leaf(open, closing string) bool {
	here := s.buf[s.pos:]
	if len(here) < len(open) || string(here[:len(open)]) != open {
		return false
	}
	here = here[len(open):]
	i := 0
	for i < len(here) && here[i] != '<' {
		i++
	}
	if len(here)-i < len(closing) || string(here[i:i+len(closing)]) != closing {
		return false
	}
	s.text = here[:i]
	s.pos += len(open) + i + len(closing)
	return true
}

// farTag does the same across the pieces of the part, and past comments.
func (s *scanner) farTag() error {
	start, from := s.pos, s.pos
	for {
		i := bytes.IndexByte(s.buf[from:], '<')
		if i < 0 {
			if s.end {
				return s.rest(s.buf[start:])
			}
			from = len(s.buf) - start
			if err := s.more(start); err != nil {
				return err
			}
			if start = s.pos; start > 0 { // a mark at the very beginning
				from += start
			}
			continue
		}
		open := from + i
		next, err := s.markup(&start, open)
		if err != nil {
			return err
		}
		if next < 0 {
			return nil
		}
		from = next
	}
}

// rest checks what stands behind the last tag.
func (s *scanner) rest(raw []byte) error {
	text, err := appendText(nil, raw)
	if err != nil || len(bytes.TrimSpace(text)) > 0 {
		return fail(CodeCut)
	}
	return io.EOF
}

// markup reads what begins with the < at open, behind a text that begins at start. It returns -1
// for a tag, and else where to go on. Comments and instructions stay in the text, where
// appendText passes over them.
func (s *scanner) markup(start *int, open int) (next int, err error) {
	for len(s.buf)-open < 2 {
		if err := s.refill(start, &open); err != nil {
			return 0, err
		}
	}
	switch s.buf[open+1] {
	case '!':
		return s.declaration(start, open)
	case '?':
		next, err = s.until("?>", 2, start, &open)
		if err == nil {
			err = checkInstruction(s.buf[open:next])
		}
		return s.passed(start, open, next, err)
	}
	return -1, s.element(start, open)
}

// refill gets more; the places move with what is forgotten.
func (s *scanner) refill(start, open *int) error {
	keep := *start
	if err := s.more(keep); err != nil {
		return err
	}
	*start, *open = 0, *open-keep
	return nil
}

// until finds the end of something that begins at open and ends in mark, which cannot begin
// before the offset from; it returns the place behind it.
func (s *scanner) until(mark string, from int, start, open *int) (int, error) {
	for {
		here := min(*open+from, len(s.buf))
		if i := bytes.Index(s.buf[here:], []byte(mark)); i >= 0 {
			return here + i + len(mark), nil
		}
		from = max(from, len(s.buf)-*open-len(mark)+1)
		if err := s.refill(start, open); err != nil {
			return 0, err
		}
	}
}

// declaration reads <!-- -->, which is dropped, and <![CDATA[ ]]>, which is text; a document
// type is refused: what it declares would change what the part says.
func (s *scanner) declaration(start *int, open int) (next int, err error) {
	for len(s.buf)-open < len(cdata) && !s.end {
		if err := s.refill(start, &open); err != nil {
			return 0, err
		}
	}
	here := s.buf[open:]
	switch {
	case bytes.HasPrefix(here, []byte("<!--")):
		next, err = s.until("-->", 4, start, &open)
		return s.passed(start, open, next, err)
	case bytes.HasPrefix(here, []byte(cdata)):
		return s.until("]]>", len(cdata), start, &open)
	case len(here) >= 9 && bytes.EqualFold(here[:9], []byte("<!DOCTYPE")):
		return 0, fail(CodeDTD)
	}
	return 0, fail(CodeMalformed, "cause", "<!")
}

const cdata = "<![CDATA["

// passed forgets a comment or instruction that no text stands before.
func (s *scanner) passed(start *int, open, end int, err error) (next int, _ error) {
	if err != nil {
		return 0, err
	}
	if open == *start {
		*start, s.pos = end, end
	}
	return end, s.waste(end - open)
}

// checkInstruction refuses an XML declaration of another encoding.
func checkInstruction(pi []byte) error {
	if !bytes.HasPrefix(pi, []byte("<?xml ")) {
		return nil
	}
	attrs := bytes.TrimSuffix(pi[len("<?xml "):], []byte("?>"))
	for {
		name, value, rest, ok, err := attribute(attrs)
		switch {
		case err != nil || !ok:
			return err
		case string(name) == "encoding" && !bytes.EqualFold(value, []byte("utf-8")) && !bytes.EqualFold(value, []byte("us-ascii")):
			return fail(CodeEncoding)
		}
		attrs = rest
	}
}

// element reads the tag at open, in one pass over its bytes: most of a sheet is tags.
func (s *scanner) element(start *int, open int) error {
	end, nameEnd := tagEnd(s.buf, open+1)
	for end == notYet {
		if err := s.refill(start, &open); err != nil {
			return err
		}
		end, nameEnd = tagEnd(s.buf, open+1)
	}
	if end == noTag {
		return fail(CodeMalformed, "cause", shown(s.buf[open:]))
	}
	s.text = s.buf[*start:open]
	s.pos = end + 1
	return s.split(open+1, nameEnd, end)
}

// tagEnd finds the > that ends a tag, which is none inside quotes, and the end of the name that
// the tag begins with.
func tagEnd(b []byte, i int) (end, nameEnd int) {
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c > '>':
		case c == '>':
			if nameEnd == 0 {
				nameEnd = i
			}
			return i, nameEnd
		case c == '"' || c == '\'':
			for i++; i < len(b) && b[i] != c; i++ {
			}
		case c <= ' ' && nameEnd == 0:
			nameEnd = i
		case c == '<':
			return noTag, 0
		}
	}
	return notYet, 0
}

const (
	notYet = -1 // the tag is not whole
	noTag  = -2 // it is none
)

// split takes a tag apart: its slashes, its name, and what follows.
func (s *scanner) split(from, nameEnd, end int) error {
	s.closing, s.empty = false, false
	if end > from && s.buf[end-1] == '/' {
		s.empty = true
		end--
		nameEnd = min(nameEnd, end)
	}
	if from < end && s.buf[from] == '/' {
		s.closing = true
		from++
	}
	s.name, s.attrs = s.buf[from:max(nameEnd, from)], s.buf[max(nameEnd, from):end]
	if len(s.name) == 0 || s.closing && (s.empty || len(bytes.TrimSpace(s.attrs)) > 0) {
		return fail(CodeMalformed, "cause", "<"+shown(s.buf[from:end]))
	}
	return nil
}
