package sinks

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"pamsync/schemas"
)

// Parts writes a file whose parts are to be told apart later: it hashes each of them by itself. A writer of such
// a file says by BeginPart where one begins; the first begins with the file.
type Parts struct {
	to   io.Writer
	now  schemas.CertifiedPart
	sum  hash.Hash
	list []schemas.CertifiedPart
}

// NewParts begins a file.
func NewParts(to io.Writer) *Parts { return &Parts{to: to, sum: sha256.New()} }

// BeginPart ends the part under way and begins another, of which name, sheet and CRC-32 are told; it does nothing
// where w does not keep parts apart. What is written before must have reached w.
func BeginPart(w io.Writer, part schemas.CertifiedPart) {
	if p, ok := w.(*Parts); ok {
		p.end()
		p.now = part
	}
}

func (p *Parts) Write(b []byte) (int, error) {
	n, err := p.to.Write(b)
	p.sum.Write(b[:n])
	p.now.Bytes += int64(n)
	return n, err
}

func (p *Parts) end() {
	if p.now.Bytes > 0 {
		p.now.Hash = PartHash(p.sum)
		p.list = append(p.list, p.now)
	}
	p.now = schemas.CertifiedPart{}
	p.sum.Reset()
}

// List are the parts, when all is written.
func (p *Parts) List() []schemas.CertifiedPart {
	p.end()
	return p.list
}

// PartHash is a SHA-256 as a part has it.
func PartHash(sum hash.Hash) string { return hex.EncodeToString(sum.Sum(nil)[:8]) }
