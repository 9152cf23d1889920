package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
)

// Certificate says beside an export what it holds, how it was made, and by what it is proved. Its own
// SHA-256 is named by the next one of the same vault and list.
type Certificate struct {
	Version int    `json:"certificate"` // CertificateVersion
	Tool    string `json:"tool"`
	Made    string `json:"made"` // RFC 3339, UTC, as all times but those of the filters
	Begun   string `json:"begun,omitempty"`
	By      string `json:"by_operator,omitempty"`
	Host    string `json:"host,omitempty"`
	Vault   string `json:"vault"`
	Tenant  string `json:"tenant,omitempty"`
	Client  string `json:"client_id"`
	// Command is the command line, whose flags hold no secret; not of an export under pseudonyms.
	Command string `json:"command,omitempty"`
	API     string `json:"api,omitempty"`     // the generation of the vault's API, as v1
	Request string `json:"request,omitempty"` // the verb and path that was answered
	What    string `json:"what"`
	// File and Format of the one output, where there is one; Files has all of them.
	File   string `json:"file,omitempty"`
	Format string `json:"format,omitempty"`
	CSVFor string `json:"csv_for,omitempty"`
	SHA256 string `json:"sha256,omitempty"`

	Zone   string   `json:"zone,omitempty"`
	From   string   `json:"from,omitempty"`
	To     string   `json:"to,omitempty"`
	Period string   `json:"by,omitempty"` // start, end or overlap
	Match  []string `json:"match,omitempty"`
	// Networks are those that the sessions came from, OnlyOpen leaves out those that have ended.
	Networks []string `json:"networks,omitempty"`
	OnlyOpen bool     `json:"only_open,omitempty"`
	// Anonymised is of an export under pseudonyms: By and Host, and the values of filters, are pseudonyms too.
	Anonymised *Anonymised `json:"anonymised,omitempty"`

	// SinceLast is of an export of what came since the last one.
	SinceLast *SinceLast `json:"since_last,omitempty"`

	Read    int            `json:"read"`
	Written int            `json:"written"`
	LeftOut int            `json:"left_out"`
	Reasons map[string]int `json:"left_out_by,omitempty"`
	// UnreadableTimes counts the sessions that are in although their time cannot be read.
	UnreadableTimes int `json:"unreadable_times"`
	// Announced is the count in the vault's message, absent where it named none.
	Announced *int `json:"announced,omitempty"`
	// Limit says whether the answer met a limit of the vault's: see the Limits.
	Limit  string       `json:"server_limit,omitempty"`
	IDs    CertifiedIDs `json:"ids"`
	Open   int          `json:"open"`
	Totals *Totals      `json:"totals,omitempty"`
	// Findings counts what was found in the written sessions, by each rule that was asked.
	Findings map[string]int `json:"findings,omitempty"`

	// Answer is the body of the vault's answer as it was received.
	Answer CertifiedFile   `json:"answer,omitzero"`
	Files  []CertifiedFile `json:"files,omitempty"`
	Rows   *CertifiedFile  `json:"rows,omitempty"` // the file of row hashes
	// FindingRows is the file of the hashes of the findings, in the same form; absent where no findings are written.
	FindingRows *CertifiedFile `json:"finding_rows,omitempty"`

	Serial   int    `json:"serial,omitempty"` // counts the certificates of this vault and list, from 1
	Previous string `json:"previous,omitempty"`
	Signed   string `json:"signed_with,omitempty"` // fingerprint of the key
}

// Anonymised says which fields stand under pseudonyms, and of which key: KeyCheck tells keys apart and nothing
// else of them.
type Anonymised struct {
	KeyCheck string   `json:"key_check"`
	Fields   []string `json:"fields"`
}

// SinceLast says what an increment goes on from: the certificate of the one before it (0 for the first) and
// the highest id of that, how many sessions are in it that were open then and have ended, and how many the
// vault's answer no longer lists.
type SinceLast struct {
	Certificate int    `json:"certificate"`
	After       string `json:"after_id"`
	Ended       int    `json:"ended"`
	Purged      int    `json:"purged"`
}

// CertifiedIDs says which ids the answer had.
type CertifiedIDs struct {
	First string `json:"first,omitempty"` // of what was written
	Last  string `json:"last,omitempty"`
	// Gaps are runs of numbers that the answer lacks between its lowest and its highest id; Missing is
	// how many numbers they hold. The first thousand are named.
	Gaps        int      `json:"gaps"`
	Missing     uint64   `json:"missing"`
	GapRanges   []string `json:"gap_ranges,omitempty"`
	Repeated    int      `json:"repeated"`
	RepeatedIDs []string `json:"repeated_ids,omitempty"`
	NoNumber    int      `json:"no_number,omitempty"`
}

// CertifiedFile is a file, or an answer, by its bytes.
type CertifiedFile struct {
	Name   string `json:"name,omitempty"`
	Format string `json:"format,omitempty"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows,omitempty"`
	// Parts are what a workbook or page is made of, in its order and without a gap between them.
	Parts []CertifiedPart `json:"parts,omitempty"`
}

// CertifiedPart is a stretch of a file: a part of a workbook's container by its name, or of a page, "page-head".
// It says where a file was changed; that it was not is said by the sum of the file.
type CertifiedPart struct {
	Name  string `json:"name"`
	Sheet string `json:"sheet,omitempty"` // that the part is
	Bytes int64  `json:"bytes"`
	Hash  string `json:"hash"`            // the first 16 hex digits of its SHA-256
	CRC32 string `json:"crc32,omitempty"` // of a part of a container, unpacked
	// Cells is the SheetHash of a sheet whose rows have no hashes of their own: another program that saves a
	// workbook writes all parts anew, and the cells stay.
	Cells string `json:"cells,omitempty"`
}

// SheetHash hashes what the cells of a sheet hold, row by row.
type SheetHash struct {
	sum  hash.Hash
	room []byte
}

// NewSheetHash begins a sheet.
func NewSheetHash() *SheetHash { return &SheetHash{sum: sha256.New()} }

// Row takes a row: its number and its cells, "" for one that is empty. A row of empty cells is none.
func (h *SheetHash) Row(number int, cells []string) {
	h.room = h.room[:0]
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		h.room = strconv.AppendInt(h.room, int64(number), 10)
		h.room = strconv.AppendInt(append(h.room, ':'), int64(i+1), 10)
		h.room = append(append(append(h.room, ' '), cell...), 0)
	}
	h.sum.Write(h.room)
}

// Sum is the first 16 hex digits of the SHA-256 of the cells that are not empty: the number of the row, a colon, that
// of the column, a blank, the text, a zero byte.
func (h *SheetHash) Sum() string { return hex.EncodeToString(h.sum.Sum(nil)[:8]) }

// Totals are what the written sessions sum up to; "" is what has no month, protocol or user.
type Totals struct {
	Months    map[string]Tally `json:"months"`
	Protocols map[string]Tally `json:"protocols"`
	Users     map[string]Tally `json:"users"`
}

// Tally counts sessions and their seconds.
type Tally struct {
	Sessions int   `json:"sessions"`
	Seconds  int64 `json:"seconds"`
}

// Whether a list met a limit of the vault's.
const (
	LimitNotReached = "not_reached" // as many records as the vault announced
	LimitReached    = "reached"     // fewer than it announced
	LimitSuspected  = "suspected"   // it announced none, and lists are often cut at that number
	LimitUnknown    = "unknown"     // it announced none
)

// CertificateVersion is the version of certificates that this build reads and writes.
const CertificateVersion = 1

// SessionFinding is something to be asked about a session: the rule, and what it goes by.
type SessionFinding struct {
	ID         string `json:"id"`
	Rule       string `json:"rule"`
	User       string `json:"user"`
	Device     string `json:"device"`
	Credential string `json:"credential"`
	Start      string `json:"start"`
	Evidence   string `json:"evidence"`
}

// RowHash is that of a row's cells: see HashCells. It is the same in every form that an export is written in.
func RowHash(room []byte, cells []string) (hash [16]byte, used []byte) {
	room = room[:0]
	for _, cell := range cells {
		room = append(append(room, cell...), 0)
	}
	return HashCells(room), room
}

// HashCells is the first 16 hex digits of the SHA-256 of a row's cells, each followed by a zero byte.
func HashCells(cells []byte) (hash [16]byte) {
	sum := sha256.Sum256(cells)
	hex.Encode(hash[:], sum[:8])
	return hash
}

// AppendRowLine appends the line of a row in a file of row hashes: its id, a tab, its hash. What would end the id or
// the line stands in the id as \t, \r and \n, and a backslash as two.
func AppendRowLine(b, id []byte, hash [16]byte) []byte {
	for _, c := range id {
		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '\\':
			b = append(b, `\\`...)
		default:
			b = append(b, c)
		}
	}
	b = append(append(b, '\t'), hash[:]...)
	return append(b, '\n')
}

// ReadRowLine reads a line of a file of row hashes, without its end; false for one that AppendRowLine does not
// write, of which id and hash are what can be told.
func ReadRowLine(line string) (id string, hash [16]byte, ok bool) {
	id, text, ok := strings.Cut(line, "\t")
	copy(hash[:], text)
	if ok = ok && len(text) == len(hash) && strings.Trim(text, "0123456789abcdef") == ""; ok && strings.IndexByte(id, '\\') >= 0 {
		id = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\r`, "\r", `\n`, "\n").Replace(id)
	}
	return id, hash, ok
}

// SessionColumns are the names of an exported session's cells, in their order: the fourteen of the vault's
// list, then what is derived.
func SessionColumns() []string {
	return []string{"id", "user", "origin_ip", "credential", "device", "protocol", "proxy", "session_id", "start", "end", "time", "prevent_purge", "request", "ITSM",
		"host", "port", "duration_s", "start_utc", "end_utc", "revision", "supersedes"}
}

// FindingColumns are the names of a finding's cells, in their order.
func FindingColumns() []string {
	return []string{"id", "rule", "evidence", "user", "device", "credential", "start"}
}

// Cells are those of FindingColumns.
func (f *SessionFinding) Cells() []string {
	return []string{f.ID, f.Rule, f.Evidence, f.User, f.Device, f.Credential, f.Start}
}

// ExportColumns are the names of the cells of an exported device, credential or session, as the vault's lists
// have them.
func ExportColumns(what string) []string {
	switch what {
	case "devices":
		return []string{"id", "hostname", "ip", "model", "type", "vendor", "site", "tags"}
	case "credentials":
		return []string{"id", "identifier", "username", "expiration", "change", "view", "hostname", "management_ip", "type", "type_code",
			"device_model", "device_type", "device_vendor", "automatic_change", "connectivity", "connectivity_code"}
	}
	return SessionColumns()
}
