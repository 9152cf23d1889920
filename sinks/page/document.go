package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// What a page is made of. The scripts are one, in this order: each file uses only what stands
// in those before it, or is called by main.js when all are there.
var (
	//go:embed page.css
	style string
	//go:embed frame.html
	frameHTML string
	//go:embed js/dom.js
	domJS string
	//go:embed js/words.js
	wordsJS string
	//go:embed js/planwords.js
	planWordsJS string
	//go:embed js/rows.js
	rowsJS string
	//go:embed js/top.js
	topJS string
	//go:embed js/charts.js
	chartsJS string
	//go:embed js/line.js
	lineJS string
	//go:embed js/list.js
	listJS string
	//go:embed js/paper.js
	paperJS string
	//go:embed js/main.js
	mainJS string
)

func script() string {
	return "(function () {\n\"use strict\";\n" +
		domJS + wordsJS + planWordsJS + rowsJS + topJS + chartsJS + lineJS + listJS + paperJS + mainJS + "})();\n"
}

// policy is what a browser may do with the page: run its one script and use its one style, and
// nothing else. It reaches no network, and a text of the data that got out would do nothing.
func policy(script, style string) string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}

// document is a page on its way. fill fills one of its rows, and several at the same time.
type document struct {
	head *head
	lang words.Lang
	rows int
	fill func(r *row, i int)
}

// write writes the frame, the head's data and the first rows, the script, and only then the
// other rows: a browser draws the first ones while it still reads the rest.
func write(w io.Writer, d document) error {
	frame, err := template.New("frame").Parse(frameHTML)
	if err != nil {
		return err
	}
	code := script()
	if err := frame.ExecuteTemplate(w, "top", newFrame(d, policy(code, style))); err != nil {
		return err
	}
	data, err := json.Marshal(d.head) // < > & leave it as \u003c and so on
	if err != nil {
		return err
	}
	put := &texts{w: w}
	put.all(`<script type="application/json" id="head">`, string(data), "</script>\n")
	first := min(d.rows, firstBlock)
	if first > 0 {
		put.bytes(d.appendBlock(nil, 0, first))
	}
	put.all("<script>", code, "</script>\n")
	if put.err == nil {
		put.err = schemas.Batches(d.rows-first, otherBlock,
			func(b []byte, from, to int) []byte { return d.appendBlock(b, first+from, first+to) },
			func(b []byte) error { put.bytes(b); return put.err })
	}
	put.all("</body>\n</html>\n")
	return put.err
}

// texts writes texts until one fails.
type texts struct {
	w   io.Writer
	err error
}

func (t *texts) all(parts ...string) {
	for _, part := range parts {
		if t.err == nil {
			_, t.err = io.WriteString(t.w, part)
		}
	}
}

func (t *texts) bytes(part []byte) {
	if t.err == nil {
		_, t.err = t.w.Write(part)
	}
}

// language is what <html lang> says.
func language(lang words.Lang) string {
	if lang == words.Portuguese {
		return "pt-BR"
	}
	return "en"
}

// pageWords are the page's texts in both languages: those that its scripts ask for by name.
func pageWords(script string) map[words.Lang]map[string]string {
	all := map[words.Lang]map[string]string{words.English: {}, words.Portuguese: {}}
	for rest := script; ; {
		at := strings.Index(rest, `"page_`)
		if at < 0 {
			return all
		}
		rest = rest[at+1:]
		key := rest[:strings.IndexByte(rest, '"')]
		for lang := range all {
			all[lang][key] = words.Pattern(lang, key)
		}
	}
}
