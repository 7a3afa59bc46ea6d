package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress shows on one line what is being done, once the whole takes more
// than a second. It writes to terminals only.
type progress struct {
	mu    sync.Mutex
	to    io.Writer // nil for nobody
	first *time.Timer
	what  string
	drawn time.Time // zero before the line is there
}

// The line appears after wait and is drawn again at most once every pause.
const (
	wait  = time.Second
	pause = 100 * time.Millisecond
)

// newProgress returns a progress line on standard error if that is a terminal.
func newProgress(stderr io.Writer) *progress {
	if file, is := stderr.(*os.File); is {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return showProgress(stderr, wait)
		}
	}
	return &progress{}
}

func showProgress(to io.Writer, after time.Duration) *progress {
	p := &progress{to: to}
	p.first = time.AfterFunc(after, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.draw()
	})
	return p
}

// say replaces the line.
func (p *progress) say(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
	if !p.drawn.IsZero() && time.Since(p.drawn) >= pause {
		p.draw()
	}
}

func (p *progress) draw() {
	if p.to == nil {
		return
	}
	fmt.Fprintf(p.to, "\r\x1b[K%s", p.what) // nothing depends on whether it is seen
	p.drawn = time.Now()
}

// done takes the line away for good.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.to == nil {
		return
	}
	p.first.Stop()
	if !p.drawn.IsZero() {
		p.what = ""
		p.draw()
	}
	p.to = nil
}
