package jobs

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// VerifyOptions are those of `verify`.
type VerifyOptions struct {
	Signers string // file of signers, "" for the configuration's
}

// verification is a look at some certificates and what they certify.
type verification struct {
	e        *Env
	signers  *approval.Signers
	mustSign bool // whose signers were named asks for their signature
	chained  bool // whole chains are looked for
	certs    []*certified
	problems []schemas.Problem
	// falseLines are the lines of files of hashes that are told: each file of an export finds them.
	falseLines map[schemas.Place]bool
}

// certified is one certificate as it lies there.
type certified struct {
	schemas.Certificate
	path, folder, sums string
	sha256             string
	made               time.Time // a signer may be one for a time alone
}

// Verify checks exports without the vault: their certificates, signatures and chain, the sums of their files,
// the hash of every row, and the totals in every format. PATH is a folder, or a file of an export. One export,
// by a file of it or by the folder that it made, is checked alone; any other folder has to hold whole chains.
func Verify(e *Env, path string, o VerifyOptions) (Outcome, error) {
	v := &verification{e: e, falseLines: map[schemas.Place]bool{}}
	if err := v.readSigners(o.Signers); err != nil {
		return Outcome{}, err
	}
	paths, err := certificatesAt(path)
	if err != nil {
		return Outcome{}, err
	}
	v.chained = holdsChains(path, paths)
	for _, p := range paths {
		v.read(p)
	}
	slices.SortStableFunc(v.certs, func(a, b *certified) int {
		return strings.Compare(a.Vault+"\x00"+a.What, b.Vault+"\x00"+b.What)*2 + compareInts(a.Serial, b.Serial)
	})
	for _, c := range v.certs {
		v.certificate(c)
	}
	v.named(path)
	v.chain()
	return v.outcome(), nil
}

// named tells a file that lies beside an export and is none of its files: who names it asks about that one.
func (v *verification) named(path string) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || len(v.certs) != 1 || isCertificate(path) {
		return
	}
	c, name := v.certs[0], filepath.Base(path)
	beside := []string{filepath.Base(c.sums), filepath.Base(c.sums) + ".sig"}
	for _, f := range c.files() {
		beside = append(beside, f.Name)
	}
	if !slices.Contains(beside, name) {
		v.bad("export_file_strange", path, 0, "certificate", filepath.Base(c.path))
	}
}

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (v *verification) readSigners(path string) error {
	if path == "" {
		var err error
		v.signers, err = v.e.signers()
		return err
	}
	v.mustSign = true
	data, err := readSmall(path, maxSigners)
	if err != nil {
		return schemas.NewFault(schemas.ClassUsage, "source_unreadable").At(schemas.Place{Source: path}).Because(rootCause(err))
	}
	if v.signers, err = approval.ReadSigners(data); err != nil {
		return keyFault(err, path)
	}
	return nil
}

// certificatesAt are the certificates that a path means: one itself, that of a file, or all in a folder and
// those below it.
func certificatesAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "source_missing", "path", path).At(schemas.Place{Source: path})
	}
	if !info.IsDir() {
		for _, name := range []string{path, path + ".manifest.json", stemOf(path) + ".manifest.json", filepath.Join(filepath.Dir(path), "manifest.json")} {
			if isCertificate(name) {
				return []string{name}, nil
			}
		}
		return nil, schemas.NewFault(schemas.ClassInput, "certificate_none", "path", path)
	}
	var found []string
	// The separator follows a path that is a link to a folder; links below it are not followed, as they may lead anywhere.
	err = filepath.WalkDir(path+string(filepath.Separator), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isCertificate(name) {
			found = append(found, filepath.Clean(name))
		}
		return err
	})
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "source_unreadable").At(schemas.Place{Source: path}).Because(rootCause(err))
	}
	if len(found) == 0 {
		return nil, schemas.NewFault(schemas.ClassInput, "certificate_none", "path", path)
	}
	return found, nil
}

// stemOf is the export that a file beside it belongs to.
func stemOf(path string) string {
	for _, suffix := range []string{".findings.rows", ".rows", ".findings.csv", ".answer.json", ".SHA256SUMS.sig", ".SHA256SUMS"} {
		if stem, ok := strings.CutSuffix(path, suffix); ok {
			return stem
		}
	}
	return path
}

// isCertificate goes by the name alone: what stands in it, or beside it, may be somebody else's.
func isCertificate(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && namesCertificate(path)
}

// namesCertificate tells the names that only certificates have: no export goes into a file of such a name.
func namesCertificate(path string) bool {
	name := strings.ToLower(filepath.Base(path)) // not every disk tells capitals
	return name == "manifest.json" || strings.HasSuffix(name, ".manifest.json")
}

const maxCertificate = 64 << 20

// read takes in a certificate; one that cannot be read is a problem.
func (v *verification) read(path string) {
	c := &certified{path: path, folder: filepath.Dir(path), sums: filepath.Join(filepath.Dir(path), "SHA256SUMS")}
	if stem, ok := strings.CutSuffix(path, ".manifest.json"); ok {
		c.sums = stem + ".SHA256SUMS"
	}
	data, err := readSmall(path, maxCertificate)
	if err == nil {
		err = json.Unmarshal(data, &c.Certificate)
	}
	if err == nil && c.Version != schemas.CertificateVersion {
		err = errors.New("certificate " + strconv.Itoa(c.Version))
	}
	if err == nil {
		c.made, err = time.Parse(time.RFC3339, c.Made)
	}
	if err == nil {
		err = c.besideIt()
	}
	if err != nil {
		v.bad("certificate_unreadable", path, 0, "cause", rootCause(err).Error())
		return
	}
	c.sha256, err = sinks.HashFile(path)
	if err != nil {
		v.bad("certificate_unreadable", path, 0, "cause", rootCause(err).Error())
		return
	}
	v.certs = append(v.certs, c)
}

// files are all that a certificate names, the hashes of rows and findings behind the others.
func (c *certified) files() []schemas.CertifiedFile {
	files := slices.Clone(c.Files)
	for _, hashes := range []*schemas.CertifiedFile{c.Rows, c.FindingRows} {
		if hashes != nil {
			files = append(files, *hashes)
		}
	}
	return files
}

// besideIt refuses a certificate of files that do not lie beside it, as all do that an export writes: somebody else
// says what is read then.
func (c *certified) besideIt() error {
	for _, f := range c.files() {
		if f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
			return errors.New("it names a file that does not lie beside it: " + strconv.Quote(f.Name))
		}
	}
	return nil
}

func (v *verification) bad(code, path string, line int, pairs ...string) {
	v.problems = append(v.problems, schemas.Problem{Code: code, Place: schemas.Place{Source: path, Row: line}, Args: schemas.Pairs(pairs...)})
}

// good says what was found to be so.
func (v *verification) good(key string, pairs ...string) {
	if !v.e.JSON {
		io.WriteString(v.e.Stdout, "ok  "+words.Text(v.e.Lang, key, pairs...)+"\n") // a lost line is no lost finding
	}
}

// certificate checks one: its sums and their signature, its files and their rows.
func (v *verification) certificate(c *certified) {
	before := len(v.problems)
	v.checkSums(c)
	v.checkSignature(c)
	var doubted []schemas.CertifiedFile
	read := map[*schemas.CertifiedFile]bool{} // the hashes of rows, at least once
	for _, f := range c.Files {
		if f.Format == answerFormat {
			v.checkAnswer(c, f)
		} else if !v.asWritten(c, f) {
			doubted = append(doubted, f)
		} else if f.Format != "html" {
			read[c.hashes(f)] = true
		}
	}
	hashes := v.hashesOf(c, doubted, read)
	for _, f := range doubted {
		v.checkFile(c, f, hashes)
	}
	if len(v.problems) == before && c.Announced != nil && *c.Announced != c.Read {
		v.bad("certificate_announced", c.path, 0, "announced", strconv.Itoa(*c.Announced), "read", strconv.Itoa(c.Read))
	}
}

// hashesOf reads the hashes of rows that doubted files are held against, and those that were not read yet.
func (v *verification) hashesOf(c *certified, doubted []schemas.CertifiedFile, read map[*schemas.CertifiedFile]bool) (hashes certifiedRows) {
	records := slices.ContainsFunc(doubted, func(f schemas.CertifiedFile) bool { return f.Format != findingsFormat })
	if records || !read[c.Rows] {
		hashes.records = v.readRows(c, c.Rows)
	}
	if len(doubted) > 0 || !read[c.FindingRows] {
		hashes.findings = v.readRows(c, c.FindingRows)
	}
	return hashes
}

// verified is what --json prints.
type verified struct {
	schemas.Total
	Certificates int                        `json:"certificates"`
	Problems     []schemas.InspectedProblem `json:"problems,omitempty"`
}

func (v *verification) outcome() Outcome {
	out := Outcome{Verdict: "verdict_verified"}
	if len(v.problems) > 0 {
		out.Exit, out.Verdict = 65, "verdict_tampered"
	}
	if !v.e.JSON {
		v.e.sayErrors(v.problems)
	}
	result := verified{Certificates: len(v.certs), Problems: inspectedProblems(v.problems)}
	result.Exit = out.Exit
	out.JSON = result
	return out
}
