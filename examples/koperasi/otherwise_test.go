package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder with the optional roles, columns and events: contracts whose life
// goes otherwise. The program checks its books before it writes anything.
func TestLivesThatGoOtherwise(t *testing.T) {
	out := t.TempDir()
	runs(t, "-in", "testdata/otherwise", "-out", out)
	contracts, err := os.ReadFile(filepath.Join(out, "murabahah.csv"))
	require.NoError(t, err)
	// C1: 330,000 less 110,000 paid, 30,000 conceded and 38,000 paid, its
	// margin of 60,000 less 30,000. C2: sold for 100,000 of 240,000, the rest
	// written off, 50,000 of it received.
	require.Equal(t, `contract,state,collected,receivable,deferred,recognised,rebate
C1,sold,148000.00,152000.00,8000.00,22000.00,30000.00
C2,written_off,150000.00,0.00,0.00,23421.00,0.00
C3,cancelled,0.00,0.00,0.00,0.00,0.00
`, string(contracts))
}
