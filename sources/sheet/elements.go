package sheet

import (
	"bytes"
	"io"
	"strconv"
)

// maxWaste is how much of a part may be nothing that anybody reads. Honest workbooks hold some
// kilobytes of it: views, styles of columns, conditions.
const maxWaste = 64 << 20

// waste counts what is passed over.
func (s *scanner) waste(n int) error {
	if s.wasted += n; s.wasted > maxWaste {
		return fail(CodeLimit, "what", "waste", "limit", strconv.Itoa(maxWaste))
	}
	return nil
}

// inner goes to the next tag inside an element that holds elements alone: a text there would be
// passed over, and is refused.
func (s *scanner) inner() error {
	if err := s.tag(); err != nil {
		return cut(err)
	}
	if len(s.text) == 0 {
		return nil
	}
	if err := s.waste(len(s.text)); err != nil {
		return err
	}
	if len(s.text) > maxBlank {
		return fail(CodeLimit, "what", "token", "limit", strconv.Itoa(maxBlank))
	}
	if i := blanks(s.text, 0); i < len(s.text) {
		text, err := appendText(nil, s.text)
		if err == nil && len(bytes.TrimSpace(text)) > 0 {
			err = fail(CodeMalformed, "cause", shown(s.text[i:]))
		}
		return err
	}
	return nil
}

// maxBlank is how much blank may stand between two elements, in bytes.
const maxBlank = 64 << 10

// skip goes behind the end of the element whose start tag was just read; it must close what it
// opens.
func (s *scanner) skip() error {
	if s.empty {
		return nil
	}
	s.opened = append(s.opened[:0], bytes.Clone(s.name))
	for len(s.opened) > 0 {
		from := s.at()
		if err := s.tag(); err != nil {
			return cut(err)
		}
		if err := s.waste(s.at() - from); err != nil {
			return err
		}
		last := len(s.opened) - 1
		switch {
		case s.closing && !bytes.Equal(s.name, s.opened[last]):
			return fail(CodeMalformed, "cause", "</"+string(s.name)+">")
		case s.closing:
			s.opened = s.opened[:last]
		case !s.empty && len(s.opened) > 256:
			return fail(CodeLimit, "what", "depth", "limit", "256")
		case !s.empty:
			s.opened = append(s.opened, bytes.Clone(s.name))
		}
	}
	return nil
}

// cut turns an end where there must be more into an error.
func cut(err error) error {
	if err == io.EOF {
		return fail(CodeCut)
	}
	return err
}
