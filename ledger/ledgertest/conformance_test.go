package ledgertest_test

import (
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
