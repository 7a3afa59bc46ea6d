package ledgertest_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

func memory(ledgertest.T) ledger.Store { return ledger.NewMemory() }

func TestMemory(t *testing.T) { ledgertest.Run(t, memory) }

// TestMemoryTwice holds the book to what it promises of closures that run again.
func TestMemoryTwice(t *testing.T) {
	ledgertest.Run(t, func(ledgertest.T) ledger.Store { return ledgertest.Twice(ledger.NewMemory()) })
}

// asking is a store that wants to know beforehand what will be asked, as one
// with a server behind it does.
type asking struct{ ledger.Store }

func (s asking) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	return s.Store.Update(ctx, book, func(w ledger.Writer) error { return fn(&forewarned{Writer: w}) })
}

type forewarned struct{ ledger.Writer }

func (w *forewarned) Prefetch(ledger.Need) error { return nil }

// TestMemoryAsking holds the book to it that being asked beforehand changes no answer.
func TestMemoryAsking(t *testing.T) {
	ledgertest.Run(t, func(ledgertest.T) ledger.Store { return asking{ledger.NewMemory()} })
	head := ledgertest.Exercise(t, asking{ledger.NewMemory()}, 99, 2000)
	require.Equal(t, ledgertest.Exercise(t, ledger.NewMemory(), 99, 2000), head)
}

// TestDocumentation keeps the list of guarantees in doc.go complete.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var want []string
	for _, g := range ledgertest.Guarantees() {
		want = append(want, g.Name)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if item, found := strings.CutPrefix(line, "//   - G"); found {
			name, _, _ := strings.Cut(item, ":")
			got = append(got, "G"+name)
		}
	}
	require.Equal(t, want, got)
}
