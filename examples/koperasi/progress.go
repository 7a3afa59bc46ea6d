package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows on one line what is being done, once that takes more than a
// second. It writes to terminals only.
type progress struct {
	to    io.Writer // nil for nobody
	begun time.Time
	shown time.Time
}

// The line appears after wait and changes at most once every pause.
const (
	wait  = time.Second
	pause = 100 * time.Millisecond
)

func newProgress(stderr io.Writer) *progress {
	p := &progress{begun: time.Now()}
	if file, is := stderr.(*os.File); is {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.to = stderr
		}
	}
	return p
}

// say replaces the line.
func (p *progress) say(what string) {
	now := time.Now()
	if p.to == nil || now.Sub(p.begun) < wait || now.Sub(p.shown) < pause {
		return
	}
	p.shown = now
	fmt.Fprintf(p.to, "\r\x1b[K%s", what)
}

// done takes the line away.
func (p *progress) done() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
