package sinks

import (
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"pamsync/schemas/words"
)

// Progress shows how far an apply is: a bar on a terminal, one plain line every half minute
// elsewhere. It may be called by several goroutines.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer
	lang  words.Lang
	bar   *progressbar.ProgressBar
	tty   bool
	every time.Duration
	now   func() time.Time
	begun time.Time
	last  time.Time
}

// lineEvery is the pause between two lines where there is no terminal.
const lineEvery = 30 * time.Second

// NewProgress makes a Progress on stderr.
func NewProgress(out io.Writer, lang words.Lang, tty bool, now func() time.Time) *Progress {
	return &Progress{out: out, lang: lang, tty: tty, every: lineEvery, now: now, begun: now(), last: now()}
}

// Show tells that done of total changes have ended.
func (p *Progress) Show(done, total int) {
	if p == nil || total == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tty {
		if p.bar == nil {
			p.bar = progressbar.NewOptions64(int64(total), progressbar.OptionSetWriter(p.out),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetDescription(words.Text(p.lang, "applying")),
				progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		}
		_ = p.bar.Set64(int64(done)) // the bar is a view; the counts are elsewhere
		return
	}
	now := p.now()
	if now.Sub(p.last) < p.every {
		return
	}
	p.last = now
	rate := float64(done) / max(now.Sub(p.begun).Seconds(), 0.001)
	io.WriteString(p.out, words.Text(p.lang, "progress_line", "time", now.Format("15:04:05"), "done", Number(p.lang, done),
		"total", Number(p.lang, total), "percent", strconv.Itoa(done*100/total), "rate", Decimal(p.lang, rate, 1))+"\n")
}

// Done takes the bar away.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
