package interchange_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

var update = flag.Bool("update", false, "write testdata/*.golden.* anew")

// The files of a small book hold every form still: an older backup must stay
// readable, and whoever reads exports must not be surprised.
func TestGoldenExports(t *testing.T) {
	book := smallBook(t)
	for name, export := range map[string]func(*bytes.Buffer, *ledger.Tx) error{
		"small.golden.journal": exportHledger, "small.golden.beancount": exportBeancount,
		"small.golden.jsonl": exportBook, "small.golden.csv": exportEntries,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			got := view(t, book, export)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o755))
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
			require.Equal(t, got, view(t, book, export), "exports are deterministic")
		})
	}
}

func TestGoldenBackupIsRead(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "small.golden.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	book, err := importBook(ledger.NewMemory(), file)
	require.NoError(t, err)
	requireSound(t, book)
	require.Equal(t, balancesOf(t, smallBook(t)), balancesOf(t, book))
}
