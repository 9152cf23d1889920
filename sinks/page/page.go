package page

import (
	"io"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Options are what a page says besides the plan and the results. All may be left out.
type Options struct {
	// RPS is the pace of the vault's configuration; with it the page of a plan estimates the time.
	RPS float64
	// Ended is when a run ended, RFC 3339, and Stop is why it ended before its last change.
	Ended string
	Stop  *schemas.Problem
}

// Plan writes a plan as one HTML file. The page is the same in both languages; lang is the one
// it opens in. The plan's digest is shown as it stands in p, so the plan is written first.
func Plan(w io.Writer, lang words.Lang, p *schemas.Plan, o Options) error {
	h := planHead(lang, p, o)
	return write(w, document{head: h, lang: lang, rows: h.Total, fill: planRows(p)})
}

// Result writes how a run ended as one HTML file: the results as pipeline.Replay tells them,
// in its order, beside what the plan wanted. start is the run's own.
func Result(w io.Writer, lang words.Lang, p *schemas.Plan, start schemas.Start, results []schemas.Result, total schemas.Total, o Options) error {
	h := resultHead(lang, p, start, results, total, o)
	return write(w, document{head: h, lang: lang, rows: h.Total, fill: resultRows(p, results)})
}
