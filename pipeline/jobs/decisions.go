package jobs

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// decisionRow is a line of decisions.csv.
type decisionRow struct {
	Kind     string `csv:"kind"`
	Key      string `csv:"key"`
	Decision string `csv:"decision"`
	Target   string `csv:"target"`
}

// loadDecisions reads what people decided about holds. A file that is named and not there is
// refused: one that was lost takes along what was decided, and what was to be left alone goes.
func (e *Env) loadDecisions() ([]pipeline.Decision, error) {
	path := e.Config.Decisions
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, schemas.NewFault(schemas.ClassInput, "decisions_missing", "path", path)
	}
	if err != nil {
		return nil, decisionsBroken(path, 0, err)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if strings.TrimSpace(text) == "" {
		return nil, decisionsBroken(path, 1, errors.New("it is empty, without its header"))
	}
	in := csv.NewReader(strings.NewReader(text))
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		in.Comma = ';'
	}
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	rows, err := decisionRows(in)
	if err != nil {
		return nil, decisionsBroken(path, 1, err)
	}
	return readDecisions(path, in, rows)
}

func decisionsBroken(path string, row int, err error) error {
	return schemas.NewFault(schemas.ClassInput, "decisions_broken").Because(err).At(schemas.Place{Source: path, Row: row})
}

// decisionRows reads the header: its columns come in any order, and target may be left out.
func decisionRows(in *csv.Reader) (*gocsv.Unmarshaller, error) {
	u, err := gocsv.NewUnmarshaller(in, decisionRow{})
	if err != nil {
		return nil, err
	}
	err = u.RenormalizeHeaders(func(headers []string) []string {
		for i := range headers {
			headers[i] = strings.ToLower(strings.TrimSpace(headers[i]))
		}
		return headers
	})
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(u.MismatchedStructFields), func(name string) bool { return name == "target" })
	if len(missing) > 0 {
		return nil, errors.New("missing: " + strings.Join(missing, ", "))
	}
	return u, nil
}

// readDecisions reads the lines behind the header. What is wrong with lines is told of all of them; a
// table that is broken is told where it breaks.
func readDecisions(path string, in *csv.Reader, rows *gocsv.Unmarshaller) ([]pipeline.Decision, error) {
	var list []pipeline.Decision
	var faults Faults
	about := map[decidedKey][]pipeline.Decision{}
	for {
		item, err := rows.Read()
		if err == io.EOF {
			return list, faults.err()
		}
		if err != nil {
			return nil, append(faults, faultOf(decisionsBroken(path, lineOf(err), err))).err()
		}
		line, _ := in.FieldPos(0)
		if item.(decisionRow) == (decisionRow{}) {
			continue // as a spreadsheet leaves at the end
		}
		d, fault := decided(item.(decisionRow))
		key := decidedKey{d.Kind, strings.ToLower(d.Key)}
		if fault == nil {
			fault = contradiction(&d, about[key])
		}
		if fault != nil {
			faults = append(faults, fault.At(schemas.Place{Source: path, Row: line}))
			continue
		}
		about[key] = append(about[key], d)
		list = append(list, d)
	}
}

// contradiction is the fault of a decision that cannot hold beside one of the others, nil for none.
func contradiction(d *pipeline.Decision, others []pipeline.Decision) *schemas.Fault {
	for i := range others {
		if contradict(d, &others[i]) {
			return schemas.NewFault(schemas.ClassInput, "decided_twice", "key", d.Key, "one", decidedText(&others[i]), "other", decidedText(d))
		}
	}
	return nil
}

type decidedKey struct {
	kind schemas.Kind
	key  string
}

// contradict says whether two decisions about one key cannot both hold.
func contradict(a, b *pipeline.Decision) bool {
	same := strings.EqualFold(a.Target, b.Target)
	return same && a.Decision != b.Decision || !same && a.Decision == "rename" && b.Decision == "rename"
}

// decidedText is a decision as a contradiction names it.
func decidedText(d *pipeline.Decision) string {
	if d.Decision == "rename" {
		return d.Decision + " " + d.Target
	}
	return d.Decision
}

// lineOf is the line that the reader of the table complains about, 0 where it names none.
func lineOf(err error) int {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.Line
	}
	return 0
}

// decided is the decision of a line.
func decided(r decisionRow) (pipeline.Decision, *schemas.Fault) {
	d := pipeline.Decision{Kind: schemas.Kind(strings.ToLower(strings.TrimSpace(r.Kind))), Key: strings.TrimSpace(r.Key),
		Decision: strings.ToLower(strings.TrimSpace(r.Decision)), Target: strings.TrimSpace(r.Target)}
	bad := func(why string, pairs ...string) (pipeline.Decision, *schemas.Fault) {
		pairs = append(pairs, "why", why, "key", d.Key, "decision", r.Decision, "kind", r.Kind)
		return d, schemas.NewFault(schemas.ClassInput, "bad_decision", pairs...)
	}
	device, credential := d.Kind == schemas.KindDevice, d.Kind.Account() || d.Kind == schemas.KindInfo
	switch {
	case d.Key == "":
		return d, schemas.NewFault(schemas.ClassInput, "decisions_broken", "cause", "a decision without a key")
	case !device && !credential:
		return bad("of_kind", "word", r.Kind, "near", Nearest(string(d.Kind), []string{"device", "credential", "key", "info"}))
	case credential && d.Decision == "rename":
		return bad("rename_credential")
	case credential && d.Decision != "ignore":
		return bad("of_credential", "near", nearestBut(d.Decision, "ignore"))
	case device && !slices.Contains([]string{"new", "ignore", "rename"}, d.Decision):
		return bad("", "near", Nearest(d.Decision, []string{"new", "ignore", "rename"}))
	case d.Decision == "rename" && d.Target == "":
		return bad("no_target", "line", pipeline.DecisionLine(d.Kind, d.Key, "rename", "…"))
	case d.Decision == "rename" && strings.EqualFold(d.Key, d.Target):
		return bad("same_name")
	}
	return d, nil
}

// nearestBut is Nearest for a word that is right in another place.
func nearestBut(word, known string) string {
	if word == "new" {
		return ""
	}
	return Nearest(word, []string{known})
}
