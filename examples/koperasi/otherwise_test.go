package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
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

// What is wrong with such a folder is said row by row, in its form and by the
// contracts' own rules.
func TestFaultsOfLivesThatGoOtherwise(t *testing.T) {
	for _, test := range []struct{ file, old, with, fault string }{
		{"murabahah_events.csv", "ADD-1,,,5,2024-04-30", "ADD-1,,,,2024-04-30", `murabahah_events.csv:10: instalments "": not a whole number from 1 to`},
		{"murabahah_events.csv", "E10,C1,pay,38000,101,,,,,", "E10,C1,pay,38000,101,,,,3,", `murabahah_events.csv:11: instalments "3": must be empty on pay`},
		{"murabahah_events.csv", "F4,C2,due,,", "F4,C2,due,5,", `murabahah_events.csv:17: amount "5": must be empty on due, whose amount is computed`},
		{"murabahah_events.csv", "E8,C1,concession,30000,,", "E8,C1,concession,30000,101,", `murabahah_events.csv:9: account "101": must be empty on concession`},
		{"murabahah_events.csv", "F4,C2,due", "F4,C2,overdue", `murabahah_events.csv:17: event "overdue": want order, down_payment`},
		{"murabahah_events.csv", "KW-3,penagihan", ",penagihan", `murabahah_events.csv:18: compensation 2000.00: contract C2: compensation needs what proves the cost as its document (DSN-MUI 43/2004)`},
		{"murabahah_events.csv", "5,2024-04-30", "5,2024-04-12", `murabahah_events.csv:10: reschedule: contract C1: the first instalment would be due on 2024-04-12, before the 2024-04-13 on which it is agreed`},
		{"roles.csv", "murabahah.fee_income,503", "", `murabahah_events.csv:7: fee 5000.00: contract C1: fee needs an account for the fee income, but none is named`},
	} {
		dir := t.TempDir()
		require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/otherwise")))
		file := filepath.Join(dir, test.file)
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		edited := strings.Replace(string(data), test.old, test.with, 1)
		require.NotEqual(t, string(data), edited, test.fault)
		require.NoError(t, os.WriteFile(file, []byte(edited), 0o600))
		var stdout, stderr bytes.Buffer
		require.Equal(t, 1, run([]string{"-in", dir}, &stdout, &stderr), test.fault)
		require.Contains(t, stderr.String(), test.fault)
	}
}
