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

	"pamsync/pipeline"
	"pamsync/pipeline/approval"
	"pamsync/schemas"
	"pamsync/sinks"
)

// describe says what was exported, and how.
func (x *exporter) describe(vaultName string) schemas.Certificate {
	c := schemas.Certificate{Version: schemas.CertificateVersion, Tool: "pamsync " + x.e.Version, Made: x.e.Now().UTC().Format(time.RFC3339), Begun: x.begun.Format(time.RFC3339),
		By: x.e.operator(), Vault: vaultName, Tenant: x.listing.Tenant, Client: x.e.Config.Vault.ClientID, API: "v1", Request: x.listing.Request,
		What: x.o.What, From: x.o.From, To: x.o.To, Match: x.o.Match, OnlyOpen: x.o.Open,
		Answer: schemas.CertifiedFile{Bytes: x.listing.Bytes, SHA256: x.listing.SHA256}}
	c.Host, _ = os.Hostname() // one without a name is left out
	for _, network := range x.networks {
		c.Networks = append(c.Networks, network.String())
	}
	c.Command, c.Limit = commandLine(x.e.Args), limitOf(x.listing)
	x.anonymise(&c)
	x.ledger.Into(&c)
	c.SinceLast = x.sinceLast()
	for _, out := range x.outputs.files {
		if out.format == "csv" || out.format == findingsFormat {
			c.CSVFor = string(x.e.CSVFor)
		}
		if out.path != "-" {
			c.Files = append(c.Files, out.file)
		}
	}
	if x.outputs.answer.path != "" {
		c.Files = append(c.Files, x.outputs.answer.file)
	}
	if len(x.outputs.files) == 1 {
		out := &x.outputs.files[0]
		c.File, c.Format, c.SHA256 = filepath.Base(out.path), out.format, out.file.SHA256
	}
	if x.outputs.rows.path != "" {
		c.Rows = &x.outputs.rows.file
	}
	if x.outputs.findingRows.path != "" {
		c.FindingRows = &x.outputs.findingRows.file
	}
	if x.o.What == "sessions" {
		c.Zone, c.Period, c.UnreadableTimes = x.e.Config.Vault.Timezone, x.window.by, x.window.unreadable
	}
	if x.listing.Announced >= 0 {
		c.Announced = &x.listing.Announced
	}
	return c
}

// limitOf says whether a list met a limit of the vault's. No page documents one: what it announces tells, and
// where it announces nothing the number may look like one.
func limitOf(l schemas.Listing) string {
	switch {
	case l.Announced > l.Read:
		return schemas.LimitReached
	case l.Announced >= 0:
		return schemas.LimitNotReached
	case pipeline.CutAt(l.Read):
		return schemas.LimitSuspected
	}
	return schemas.LimitUnknown
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
	last := chain[c.What]
	if err := x.certify(c, key, last); err != nil {
		return err
	}
	if err := x.place(); err != nil {
		return err
	}
	if err := x.dropSignature(key); err != nil {
		return err
	}
	chain[c.What] = link{Serial: c.Serial, SHA256: x.certificate.SHA256, Made: c.Made}
	if err := x.e.saveChain(c.Vault, chain); err != nil {
		return err
	}
	return x.keepIncrement(c)
}

// certify writes the certificate as the next one behind the last, the sums over all files, and their signature
// where there is a key, each beside its place: they get those together with the outputs, or none does.
func (x *exporter) certify(c *schemas.Certificate, key *approval.Key, last link) error {
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
	if err := x.beside(x.outputs.certificate, text.Bytes()); err != nil {
		return err
	}
	sum := sha256.Sum256(text.Bytes())
	x.certificate = &schemas.CertifiedFile{Name: filepath.Base(x.outputs.certificate), Bytes: int64(text.Len()), SHA256: hex.EncodeToString(sum[:])}
	if x.outputs.sums == "" {
		return nil
	}
	sums := x.sumsText()
	if err := x.beside(x.outputs.sums, sums); err != nil || key == nil {
		return err
	}
	signature, err := key.SignIn(approval.ExportNamespace, sums)
	if err != nil {
		return keyFault(err, x.o.Sign.Key)
	}
	return x.beside(x.outputs.signature(), signature)
}

// beside writes a text whole, beside its place.
func (x *exporter) beside(path string, text []byte) error {
	file, err := sinks.NewPending(path)
	if err != nil {
		return err
	}
	x.proofs = append(x.proofs, file)
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Finish()
}

// dropSignature takes away that of an export that stood here before, where this one has none.
func (x *exporter) dropSignature(key *approval.Key) error {
	if key != nil || x.outputs.sums == "" {
		return nil
	}
	if err := os.Remove(x.outputs.signature()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return outputFailed(x.outputs.signature(), err)
	}
	return nil
}

// sumsText is what sha256sum -c reads.
func (x *exporter) sumsText() []byte {
	var b bytes.Buffer
	files := []schemas.CertifiedFile{*x.certificate, x.outputs.rows.file}
	if x.outputs.findingRows.path != "" {
		files = append(files, x.outputs.findingRows.file)
	}
	for _, out := range x.outputs.files {
		files = append(files, out.file)
	}
	if x.outputs.answer.path != "" {
		files = append(files, x.outputs.answer.file)
	}
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.Bytes()
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
