package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The whole life of a murabahah: every event, every optional column and file.
// The figures were worked out by hand, contract by contract: see the notes.
//
//	A1-cash          cash 120,000 against goods 100,000 and margin 20,000
//	A2-disposed      bought for 100,000, brought 85,000: 15,000 lost
//	A3-cancelled     loss 8,000: 5,000 kept of the deposit, 3,000 claimed; resold for 92,000
//	A4-freight       98,000 + 5,000 freight - 3,000 discount before the akad = 100,000
//	A5-offer         110,000 fell to 100,000 before the sale: 10,000 lost, offered anew
//	B1-shared        a discount of 9,000 after the akad: 6,000 the buyer's, 3,000 margin
//	B2-held          75,000 paid ahead: 30,000 + 30,000 due, 5,000 returned, 10,000 held
//	B4-rebate23      90,000 owed, 4,000 waived as the cooperative chose
//	B5-rebate-after  two rows and 10 of 31 days: margin 11,613, rebate 8,387 paid back
//	B6-declining     margins 8,000, 6,000, 4,000, 2,000; the first paid
//	C1-restructured  10,000 conceded, 110,000 in 5 of 22,000
//	C3-taken-over    worth 130,000, owed 120,000: 10,000 held, 9,000 returned
//	C4-converted     70,000 of 120,000 paid by the object
//	C5-written-off   40,000 realised, principal of 66,667 charged, 15,000 received after
//	C6-released      principal of 100,000 charged, margin of 20,000 waived
//	C8-savings       settled on 15 June: three rows due, rebate 5,000, 500 discount after
//
// The allowance of March is 1 % of twenty debts of 100,000 and one of 50,000,
// and two lost ones of 100,000; April's begins with 220,500 - 166,667.
func TestCompleteLife(t *testing.T) {
	out := t.TempDir()
	runs(t, "-in", "testdata/complete/in", "-out", out)
	expected, err := os.ReadDir("testdata/complete/out")
	require.NoError(t, err)
	require.Len(t, expected, 12)
	for _, file := range expected {
		want, err := os.ReadFile(filepath.Join("testdata/complete/out", file.Name()))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(out, file.Name()))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), file.Name())
	}
}

// One fault a column, each named with its file and line.
func TestFaultsOfTheOptionalColumns(t *testing.T) {
	const terms, events, rows, policy = "murabahah.csv", "murabahah_events.csv", "murabahah_instalments.csv", "collectibility.csv"
	for _, test := range []struct{ file, contract, column, value, fault string }{
		{terms, "A1-cash", "kind", "round", `kind "round": want level, declining, progressive, seasonal, by_hand or nothing`},
		{terms, "A1-cash", "months", "-1", `months "-1": not a whole number from 0 to`},
		{terms, "A1-cash", "days", "x", `days "x": not a whole number from 0 to`},
		{terms, "A1-cash", "grace", "x", `grace "x": not a whole number from 0 to`},
		{terms, "A1-cash", "harvest", "13", `harvest "13": want months from 1 to 12`},
		{terms, "A1-cash", "rounding", "near", `rounding "near": want half_up, half_even, up, down or nothing`},
		{terms, "A1-cash", "remainder", "both", `remainder "both": want first, last or nothing`},
		{terms, "A1-cash", "final", "0", `final "0": zero, where money is needed`},
		{terms, "A1-cash", "rate", "0.02", `rate "0.02": must be empty except with annuity_at_rate`},
		{terms, "B11-rate", "rate", "0", `rate "0": zero; want above 0`},
		{terms, "A1-cash", "basis", "paper", `basis "paper": want due_date or nothing`},
		{terms, "A1-cash", "promise", "yes", `promise "yes": want binding or nothing`},
		{terms, "A1-cash", "ahead", "yes", `ahead "yes": want held or nothing`},
		{terms, "A1-cash", "later_discount", "all", `later_discount "all": want buyer, seller, shared or nothing`},
		{terms, "A1-cash", "rebate_rule", "none", `rebate_rule "none": want dsn_23_2002 or nothing`},
		{terms, "A1-cash", "rebate_elapsed", "weeks", `rebate_elapsed "weeks": want months, days or nothing`},
		{terms, "A1-cash", "rebate_after", "ya", `rebate_after "ya": want yes or no`},
		{terms, "A1-cash", "max_revisions", "two", `max_revisions "two": not a whole number`},
		{terms, "A1-cash", "collateral", "-5", `collateral "-5": negative`},
		{terms, "A1-cash", "supplier", "a\x01", `supplier "a\x01": has a control character`},
		{terms, "B9-hand", "instalments", "3", `instalments "3": must be empty on a plan by hand`},
		{terms, "B7-weekly", "months", "1", `a row follows the last after 1 to 120 months or days`},
		{rows, "B9-hand", "contract", "A1-cash", `contract "A1-cash": its plan is computed, not by hand`},
		{rows, "B9-hand", "due", "soon", `due "soon": not a date`},
		{rows, "B9-hand", "amount", "0", `amount "0": zero`},
		{events, "A1-cash/1", "possession", "a\x01", `possession "a\x01": has a control character`},
		{events, "A1-cash/1", "supplier", "a\x01", `supplier "a\x01": has a control character`},
		{events, "A1-cash/2", "supplier", "Toko", `supplier "Toko": must be empty on order`},
		{events, "A3-cancelled/5", "claim", "ya", `claim "ya": want yes or no`},
		{events, "A4-freight/3", "open", "ya", `open "ya": want yes or no`},
		{events, "A4-freight/3", "awaiting", "ya", `awaiting "ya": want yes or no`},
		{events, "A4-freight/3", "supplier_member", "M9", `supplier_member "M9": unknown, not in members.csv`},
		{events, "A4-freight/3", "supplier_member", "M1", `(DSN-MUI 04/2000)`},
		{events, "A5-offer/3", "cause", "", `cause "": missing`},
		{events, "A5-offer/4", "cost", "0", `cost "0": zero`},
		{events, "A5-offer/4", "margin", "-1", `margin "-1": negative`},
		{events, "A5-offer/4", "down_payment", "x", `down_payment "x": not a number`},
		{events, "A5-offer/4", "instalments", "0", `instalments "0": not a whole number`},
		{events, "A5-offer/4", "first_due", "x", `first_due "x": not a date`},
		{events, "B1-shared/4", "buyers_part", "9001", `supplier_discount 9000.00: contract B1-shared`},
		{events, "B4-rebate23/5", "rebate", "90000", `settle: contract B4-rebate23`},
		{events, "B5-rebate-after/5", "rebate", "1", `(DSN-MUI 153/2022)`},
		{events, "C1-restructured/5", "able", "perhaps", `able "perhaps": want yes or no`},
		{events, "C1-restructured/7", "revision", "novation", `revision "novation": want rescheduling, reconditioning, restructuring`},
		{events, "C2-judged/4", "class", "X", `class "X": want L, KL, D, M or nothing`},
		{events, "C6-released/5", "from_allowance", "ya", `from_allowance "ya": want yes or no`},
		{events, "C8-savings/4", "savings", "M9-S", `savings "M9-S": unknown, not in savings.csv`},
		{events, "C8-savings/4", "account", "101", `account "101": must be empty where savings pay`},
		{policy, "KL", "class", "L", `class "L": stands in line 2 already`},
		{policy, "KL", "short", "", `short "": missing`},
		{policy, "KL", "long", "0", `long: the limits 1, 0, 3 of L, KL and D do not rise`},
		{policy, "KL", "days", "x", `days "x": not a whole number`},
		{policy, "M", "days", "5", `days "5": must be empty on M`},
		{policy, "KL", "rate", "2", `rate "2": above 1`},
		{policy, "KL", "deduct_collateral", "", `deduct_collateral "": want yes or no`},
	} {
		t.Run(test.column+" "+test.value, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/complete/in")))
			line := setCell(t, filepath.Join(dir, test.file), test.contract, test.column, test.value)
			var stdout, stderr bytes.Buffer
			require.Equal(t, 1, run([]string{"-in", dir}, &stdout, &stderr))
			require.Contains(t, stderr.String(), test.fault)
			if !strings.Contains(test.fault, "do not rise") { // stands at the file's head
				require.Contains(t, stderr.String(), line)
			}
		})
	}
}

// setCell puts a value into the first row in which a cell has a text, and
// returns the row's place.
func setCell(t *testing.T, file, at, column, value string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	table, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	n := slices.Index(table[0], column)
	require.GreaterOrEqual(t, n, 0, column)
	for i, row := range table {
		if !slices.Contains(row, at) {
			continue
		}
		row[n] = value
		var out bytes.Buffer
		require.NoError(t, csv.NewWriter(&out).WriteAll(table))
		require.NoError(t, os.WriteFile(file, out.Bytes(), 0o600))
		return fmt.Sprintf("%s:%d: ", filepath.Base(file), i+1)
	}
	t.Fatalf("%s has no row with %q", file, at)
	return ""
}
