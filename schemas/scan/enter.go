package scan

// EnterObject consumes the opening brace of the next value. What follows is
// read with NextKey.
func (r *Reader) EnterObject() error { return r.enter('{', "an object") }

// EnterArray consumes the opening bracket of the next value. What follows is
// read with NextElement.
func (r *Reader) EnterArray() error { return r.enter('[', "an array") }

// NextKey returns the name of the next member, decoded and valid until the
// next call, or false at the closing brace, which it consumes. The member's
// value must then be consumed.
func (r *Reader) NextKey() ([]byte, bool, error) {
	c, more, err := r.next('{', "NextKey")
	if !more {
		return nil, false, err
	}
	if c != '"' {
		at := r.at
		if at == atNext {
			at = atKey
		}
		return nil, false, r.unexpected(r.w.pos, at)
	}
	raw, err := r.hold()
	if err != nil {
		return nil, false, err
	}
	r.key = appendText(r.key[:0], raw)
	c, err = r.lead()
	if err != nil {
		return nil, false, r.ended(err)
	}
	if c != ':' {
		return nil, false, r.unexpected(r.w.pos, atColon)
	}
	r.w.pos++
	if _, err = r.lead(); err != nil {
		return nil, false, r.ended(err)
	}
	r.at = atValue
	return r.key, true, nil
}

// NextElement is true when another element follows, which must be consumed,
// and false at the closing bracket, which it consumes.
func (r *Reader) NextElement() (bool, error) {
	c, more, err := r.next('[', "NextElement")
	if !more {
		return false, err
	}
	if kinds[c] == 0 {
		at := r.at
		if at == atNext {
			at = atValue
		}
		return false, r.unexpected(r.w.pos, at)
	}
	r.at = atValue
	return true, nil
}

func (r *Reader) enter(open byte, what string) error {
	if err := r.value(); err != nil {
		return err
	}
	c := r.w.buf[r.w.pos]
	if c != open {
		return r.mismatch(what, kinds[c])
	}
	if !r.s.push(open) {
		return r.tooLarge(r.w.pos, "values are nested deeper than", r.s.max)
	}
	r.w.pos++
	r.at = r.s.step
	return nil
}

// next stands before the next part of the container of that kind and gives
// its first byte, or false at the closing byte, which it consumes.
func (r *Reader) next(open byte, call string) (byte, bool, error) {
	if r.err != nil {
		return 0, false, r.err
	}
	if r.at == atValue || r.s.top() != open {
		return 0, false, misuse(call)
	}
	c, err := r.lead()
	if err != nil {
		return 0, false, r.ended(err)
	}
	if c == closing(open) {
		r.w.pos++
		r.s.pop()
		r.passed()
		return 0, false, nil
	}
	if r.at != atNext {
		return c, true, nil
	}
	if c != ',' {
		return 0, false, r.unexpected(r.w.pos, atNext)
	}
	r.w.pos++
	if c, err = r.lead(); err != nil {
		return 0, false, r.ended(err)
	}
	return c, true, nil
}
