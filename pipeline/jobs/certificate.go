package jobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
	"pamsync/sinks"
)

// describe says what was exported, and how.
func (x *exporter) describe(vaultName string) schemas.Certificate {
	c := schemas.Certificate{Version: schemas.CertificateVersion, Tool: "pamsync " + x.e.Version, Made: x.e.Now().UTC().Format(time.RFC3339), Begun: x.begun.Format(time.RFC3339),
		By: x.e.operator(), Vault: vaultName, Tenant: x.listing.Tenant, Client: x.e.Config.Vault.ClientID, Request: x.listing.Request,
		What: x.o.What, From: x.o.From, To: x.o.To, Match: x.o.Match, OnlyOpen: x.o.Open,
		Answer: schemas.CertifiedFile{Bytes: x.listing.Bytes, SHA256: x.listing.SHA256}}
	c.Host, _ = os.Hostname() // one without a name is left out
	for _, network := range x.networks {
		c.Networks = append(c.Networks, network.String())
	}
	x.anonymise(&c)
	x.ledger.Into(&c)
	c.SinceLast = x.sinceLast()
	for _, out := range x.outputs.files {
		if out.format == "csv" {
			c.CSVFor = string(x.e.CSVFor)
		}
		if out.path != "-" {
			c.Files = append(c.Files, out.file)
		}
	}
	if len(x.outputs.files) == 1 {
		out := &x.outputs.files[0]
		c.File, c.Format, c.SHA256 = filepath.Base(out.path), out.format, out.file.SHA256
	}
	if x.outputs.rows.path != "" {
		c.Rows = &x.outputs.rows.file
	}
	if x.o.What == "sessions" {
		c.Zone, c.Period, c.UnreadableTimes = x.e.Config.Vault.Timezone, x.window.by, x.window.unreadable
	}
	if x.listing.Announced >= 0 {
		c.Announced = &x.listing.Announced
	}
	return c
}

// certifying is how long an export waits at least while others of its vault certify: each takes a moment, and
// its own list is read already.
const certifying = time.Minute

// keep puts the outputs into their places and certifies them. Meanwhile no other export of the vault does: no
// two certificates follow one, and of two exports into one place all files are of one.
func (x *exporter) keep(ctx context.Context, c *schemas.Certificate, key *approval.Key) error {
	defer x.drop() // what has no place by then
	lock, err := sinks.LockFile(ctx, x.e.chainPath(c.Vault), "export "+x.o.What, max(x.e.LockTimeout, certifying))
	if err != nil {
		return err
	}
	defer lock.Release()
	chain, err := x.e.loadChain(c.Vault)
	if err != nil {
		return err
	}
	if err := x.place(); err != nil {
		return err
	}
	if err := x.certify(c, key, chain); err != nil {
		return err
	}
	return x.keepIncrement(c)
}

// certify writes the certificate as the next one of its chain, the sums over all files, and their
// signature where there is a key. The caller holds the chain's lock.
func (x *exporter) certify(c *schemas.Certificate, key *approval.Key, chain map[string]link) error {
	last := chain[c.What]
	c.Serial, c.Previous = last.Serial+1, last.SHA256
	if key != nil {
		c.Signed = key.Fingerprint()
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return err
	}
	if err := writeText(x.outputs.certificate, text.Bytes()); err != nil {
		return err
	}
	sum := sha256.Sum256(text.Bytes())
	certificate := schemas.CertifiedFile{Name: filepath.Base(x.outputs.certificate), SHA256: hex.EncodeToString(sum[:])}
	if x.outputs.sums != "" {
		sums := x.sumsText(certificate)
		if err := writeText(x.outputs.sums, sums); err != nil {
			return err
		}
		if err := x.signSums(sums, key); err != nil {
			return err
		}
	}
	chain[c.What] = link{Serial: c.Serial, SHA256: certificate.SHA256, Made: c.Made}
	return x.e.saveChain(c.Vault, chain)
}

// sumsText is what sha256sum -c reads.
func (x *exporter) sumsText(certificate schemas.CertifiedFile) []byte {
	var b bytes.Buffer
	files := []schemas.CertifiedFile{certificate, x.outputs.rows.file}
	for _, out := range x.outputs.files {
		files = append(files, out.file)
	}
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.Bytes()
}

// signSums signs the sums; without a key, the signature of an export that stood here before goes.
func (x *exporter) signSums(sums []byte, key *approval.Key) error {
	if key == nil {
		if err := os.Remove(x.outputs.signature()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", x.outputs.signature()).Because(rootCause(err))
		}
		return nil
	}
	signature, err := key.SignIn(approval.ExportNamespace, sums)
	if err != nil {
		return keyFault(err, x.o.Sign.Key)
	}
	return writeText(x.outputs.signature(), signature)
}

func writeText(path string, text []byte) error {
	return sinks.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// link is the last certificate of a vault and list.
type link struct {
	Serial int    `json:"serial"`
	SHA256 string `json:"sha256"`
	Made   string `json:"made"`
}

func (e *Env) chainPath(vaultName string) string {
	return filepath.Join(e.Config.State, vaultFolder(vaultName), "certificates.json")
}

// loadChain reads the last certificates of a vault, by what they are of.
func (e *Env) loadChain(vaultName string) (map[string]link, error) {
	chain := map[string]link{}
	data, err := os.ReadFile(e.chainPath(vaultName))
	if errors.Is(err, fs.ErrNotExist) {
		return chain, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &chain)
	}
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "state_broken", "path", e.chainPath(vaultName)).Because(rootCause(err))
	}
	return chain, nil
}

func (e *Env) saveChain(vaultName string, chain map[string]link) error {
	text, err := json.MarshalIndent(chain, "", "  ")
	if err != nil {
		return err
	}
	return writeText(e.chainPath(vaultName), append(text, '\n'))
}
