package pipeline

import "pamsync/schemas"

// signer gives records and rows signatures: hashes, keyed anew in each run, of the hostname and
// every managed field. What agrees in all of them has the same one.
type signer struct {
	h      hasher
	pack   *pack
	words  []uint64 // hashes of the pack's words
	hosts  []uint64 // the same, as the rest of a hostname
	signed uint64   // the fields of a signature
}

func newSigner(h hasher, p *pack, signed uint64) signer {
	words := p.words.hashes(h)
	return signer{h: h, pack: p, words: words, hosts: p.words.hostHashes(h, words), signed: signed | 1<<schemas.FieldHostname}
}

// signedFields has the bits of the fields of a signature, of those that are managed.
func signedFields(manage []schemas.Field) uint64 {
	signed := uint64(1 << schemas.FieldHostname)
	for _, f := range manage {
		if f.Listed() {
			signed |= 1 << f
		}
	}
	return signed
}

// record gives the hash of a record's hostname and its signature, 0 where it lacks one of the
// fields.
func (s *signer) record(i int32) (host, signature uint64) {
	r := s.pack.read(i)
	whole := r.mask&s.signed == s.signed
	for r.mask != 0 {
		if f, word := r.word(); word != 0 {
			if s.signed&(1<<f) != 0 {
				signature = signed(signature, f, s.words[word])
			}
			continue
		}
		f, code, text := r.next()
		switch {
		case s.signed&(1<<f) == 0:
			continue
		case f == schemas.FieldHostname:
			host = s.h.hostAt(s.pack, code, text, s.hosts)
			signature = host
			continue
		}
		value := uint64(0)
		if code == 0 || code == codeIP {
			value = s.h.bytes(text)
		} else {
			value = s.words[code]
		}
		signature = signed(signature, f, value)
	}
	if !whole {
		if host == 0 {
			host = s.h.host("") // it has no name
		}
		return host, 0
	}
	return host, max(signature, 1)
}

// signed takes a field's hash into a signature.
func signed(signature uint64, f schemas.Field, value uint64) uint64 {
	return (signature<<7 | signature>>57) ^ value*(2*uint64(f)+0x9e3779b97f4a7c15)
}

// takeSignatures are those of the devices. The ones that were prepared are given away: they are
// asked for once, and are many.
func (s *Snapshot) takeSignatures(signed uint64) []uint64 {
	prepared := s.signatures
	s.signatures = nil
	if prepared != nil && s.signed == signed {
		return prepared
	}
	signatures, signer := make([]uint64, s.NumDevices()), newSigner(s.hasher, &s.devices, signed)
	inParts(len(signatures), func(begin, end int) {
		for i := begin; i < end; i++ {
			_, signatures[i] = signer.record(int32(i))
		}
	})
	return signatures
}
