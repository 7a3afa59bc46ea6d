package main

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// screen is a writer that two goroutines may use.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestProgress(t *testing.T) {
	var seen screen
	p := showProgress(&seen, 0)
	p.say("reading")
	require.Eventually(t, func() bool { return seen.String() != "" }, 10*time.Second, time.Millisecond)
	p.done()
	require.Regexp(t, `^\r\x1b\[K(reading)?\r\x1b\[K$`, seen.String())
	before := seen.String()
	p.say("later")
	p.done()
	require.Equal(t, before, seen.String(), "it is away for good")
}

// What takes no time shows nothing, and what is no terminal is left alone.
func TestNoProgress(t *testing.T) {
	var seen screen
	p := showProgress(&seen, time.Hour)
	p.say("reading")
	p.done()
	require.Empty(t, seen.String())

	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer file.Close()
	require.Nil(t, newProgress(file).to)
	require.Nil(t, newProgress(&seen).to)
}
