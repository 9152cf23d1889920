package jobs

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/pipeline/approval"
)

// checkSums holds the sums against the files beside them, and against the certificate.
func (v *verification) checkSums(c *certified) {
	data, err := readSmall(c.sums, maxCertificate)
	if errors.Is(err, fs.ErrNotExist) && c.Rows == nil && c.Signed == "" {
		return // the certificate alone has the sum of the file
	}
	if err != nil {
		v.bad("sums_missing", c.sums, 0, "cause", rootCause(err).Error())
		return
	}
	want := map[string]string{filepath.Base(c.path): c.sha256}
	for _, f := range c.files() {
		want[f.Name] = f.SHA256
	}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text, ended := strings.CutSuffix(text, "\n")
		sum, name, ok := strings.Cut(text, "  ")
		switch {
		case !ok || want[name] == "":
			v.bad("sums_line", c.sums, line, "text", text)
		case !ended:
			v.bad("sums_line", c.sums, line, "text", name)
		case want[name] != sum && name == filepath.Base(c.path):
			v.bad("certificate_changed", c.path, 0, "sums", c.sums)
		case want[name] != sum:
			v.bad("sums_differ", c.sums, line, "name", name)
		}
		delete(want, name)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		v.bad("sums_lack", c.sums, 0, "name", name)
	}
}

// checkSignature checks the signature of the sums, and who made it.
func (v *verification) checkSignature(c *certified) {
	path := c.sums + ".sig"
	signature, err := readSmall(path, maxApproval)
	if errors.Is(err, fs.ErrNotExist) {
		switch {
		case c.Signed != "":
			v.bad("export_unsigned", path, 0, "key", c.Signed)
		case v.mustSign:
			v.bad("export_not_signed", path, 0)
		}
		return
	}
	sums, readErr := readSmall(c.sums, maxCertificate)
	if err != nil || readErr != nil {
		v.bad("export_unsigned", path, 0, "key", c.Signed)
		return
	}
	key, err := approval.Verify(approval.ExportNamespace, sums, signature)
	if err != nil {
		v.bad("export_signature_false", path, 0, "sums", filepath.Base(c.sums))
		return
	}
	if c.Signed != key {
		v.bad("export_other_key", path, 0, "key", key, "said", c.Signed)
		return
	}
	if v.signers == nil {
		v.good("verify_signed_unknown", "key", key)
		return
	}
	person, err := v.signers.Allowed(approval.ExportNamespace, key, c.made)
	if err != nil {
		v.bad("export_signer", path, 0, "key", key)
		return
	}
	v.good("verify_signed", "key", key, "person", person)
}
