package jobs

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"pamsync/sinks"
)

// holdsChains says whether a path is a folder of exports. The folder that one export made has its certificate
// itself, and no other in it.
func holdsChains(path string, certificates []string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() && !slices.Equal(certificates, []string{filepath.Join(path, "manifest.json")})
}

// chain holds each certificate against the one before it, the first against none, and the last against what was
// made since.
func (v *verification) chain() {
	if !v.chained {
		return
	}
	before := 0
	for i, c := range v.certs {
		first := i == 0 || v.certs[i-1].Vault != c.Vault || v.certs[i-1].What != c.What
		last := i == len(v.certs)-1 || v.certs[i+1].Vault != c.Vault || v.certs[i+1].What != c.What
		if first {
			before = len(v.problems)
			v.begins(c)
		} else {
			v.follows(v.certs[i-1], c)
		}
		if !last {
			continue
		}
		v.beyond(c)
		if !first && len(v.problems) == before {
			v.good("verify_chain", "what", c.What, "n", sinks.Number(v.e.Lang, c.Serial))
		}
	}
}

// begins tells a certificate that is the first one here, and was not the first.
func (v *verification) begins(c *certified) {
	if c.Serial > 1 || c.Previous != "" {
		v.bad("chain_gap", c.path, 0, "serial", strconv.Itoa(c.Serial))
	}
}

// follows tells a certificate that is not the next one after another.
func (v *verification) follows(other, c *certified) {
	switch {
	case other.Serial == c.Serial:
		v.bad("chain_twice", c.path, 0, "serial", strconv.Itoa(c.Serial), "other", other.path)
	case other.Serial != c.Serial-1:
		v.bad("chain_gap", c.path, 0, "serial", strconv.Itoa(c.Serial), "before", strconv.Itoa(other.Serial))
	case other.sha256 != c.Previous:
		v.bad("chain_broken", c.path, 0, "serial", strconv.Itoa(c.Serial), "other", other.path)
	}
}

// beyond tells a certificate that was made after the last one of a chain, and a last one that is not what was made,
// where the state folder knows.
func (v *verification) beyond(c *certified) {
	if v.e.Config == nil {
		return
	}
	chain, err := v.e.loadChain(c.Vault)
	if err != nil {
		return
	}
	last := chain[c.What]
	switch {
	case last.Serial > c.Serial:
		v.bad("chain_end", c.path, 0, "serial", strconv.Itoa(c.Serial), "last", strconv.Itoa(last.Serial), "made", last.Made)
	case last.Serial == c.Serial && last.SHA256 != c.sha256:
		v.bad("chain_other", c.path, 0, "serial", strconv.Itoa(c.Serial), "made", last.Made)
	}
}
