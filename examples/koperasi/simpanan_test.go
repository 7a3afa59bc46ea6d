package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder with all optional files and columns of savings. The figures were
// checked by hand and, for the shares, by a program of its own:
//
//   - M3 leaves with 2,000,000 for three months still running: 5,000 of penalty,
//     no share of March, 2,520,653 claimed, 2,098 of share after that.
//   - M4 dies: the heirs get the whole certificate and its share of April's days.
//   - M1-B rolls over on the 29th of every month with its shares; M2-B2 matured
//     on 15 May and waits with 302,588.
//   - M1-B2 is paid on the 10th: it carries April's pay-outs to M1 over the
//     threshold, so 498 is withheld from it and 1,978 for the two before.
//   - M5-S earned nothing in April, being below 50,000 on average.
func TestSavingsThatGoFurther(t *testing.T) {
	out, again := t.TempDir(), t.TempDir()
	stdout := runs(t, "-in", "testdata/simpanan/in", "-out", out)
	expected, err := filepath.Glob("testdata/simpanan/out/*.csv")
	require.NoError(t, err)
	require.Len(t, expected, 12)
	for _, file := range expected {
		requireRows(t, file, filepath.Join(out, filepath.Base(file)))
	}
	requireJournal(t, filepath.Join(out, "journal.hledger"), "testdata/simpanan/out/balances.csv")
	require.Equal(t, stdout, runs(t, "-in", "testdata/simpanan/in", "-out", again))
	require.Equal(t, tree(t, out), tree(t, again))
}

// put is a cell of a folder's file given another value.
type put struct{ file, row, column, value string }

// edited returns a copy of the folder with other cells. A row is named by its
// key, or by its line where the file has no keys.
func edited(t *testing.T, puts ...put) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/simpanan/in")))
	for _, p := range puts {
		file := filepath.Join(dir, p.file)
		rows := readRows(t, file)
		at, changed := map[string]int{}, false
		for i, name := range rows[0] {
			at[name] = i
		}
		column, there := at[p.column]
		require.True(t, there, "%s has no column %s", p.file, p.column)
		for i, row := range rows[1:] {
			name := string(rune('1' + i))
			if key, keyed := at["key"]; keyed {
				name = row[key]
			}
			if name == p.row {
				row[column], changed = p.value, true
			}
		}
		require.True(t, changed, "%s has no row %s", p.file, p.row)
		var b bytes.Buffer
		require.NoError(t, csv.NewWriter(&b).WriteAll(rows))
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
	}
	return dir
}

func faultsOf(t *testing.T, dir string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	out := filepath.Join(t.TempDir(), "out")
	require.Equal(t, 1, run([]string{"-in", dir, "-out", out}, &stdout, &stderr))
	require.NoDirExists(t, out, "nothing is written")
	return strings.Split(strings.TrimSpace(stderr.String()), "\n")
}

// At least one fault for every new column and file, all told at once with file
// and line.
func TestFaultsOfFurtherSavings(t *testing.T) {
	const saving, terms, events, bulk, member = "savings.csv", "product_terms.csv", "member_events.csv", "bulk.csv", "members.csv"
	want, err := os.ReadFile("testdata/simpanan/faults.txt")
	require.NoError(t, err)
	faults := faultsOf(t, edited(t,
		put{terms, "1", "product", "POKOQ"}, put{terms, "1", "from", "2023-12-31"}, put{terms, "1", "name", "tab\there"},
		put{terms, "1", "locked", "ya"}, put{terms, "1", "personal", "1"}, put{terms, "1", "goal", "a\x00"},
		put{terms, "2", "dues", "-1"}, put{terms, "2", "dues_every", "0"}, put{terms, "3", "call_account", "403"},
		put{terms, "4", "fee_account", "601"}, put{terms, "4", "fee_opening", "x"}, put{terms, "4", "fee_monthly", "1.000"}, put{terms, "4", "fee_inactive", "x"},
		put{terms, "4", "fee_passbook", "x"}, put{terms, "4", "fee_closing", "x"}, put{terms, "4", "dormant_months", "two"}, put{terms, "4", "min_deposit", "x"},
		put{terms, "6", "min_earning", "x"}, put{terms, "6", "taxed", "x"}, put{terms, "6", "zakat", "x"}, put{terms, "6", "nisbah", "1.2"},
		put{terms, "7", "from", "2024-01-31"}, put{terms, "7", "tiering", "steps"}, put{terms, "7", "tiers", "0:0.30;x:0.40"},
		put{terms, "7", "min_opening", "x"}, put{terms, "7", "min_balance", "x"},
		put{terms, "8", "tenors", "1 three"}, put{terms, "8", "matured_account", "204"}, put{terms, "8", "penalty", "x"}, put{terms, "8", "penalty_account", "502"},
		put{terms, "8", "keeps_share", "x"}, put{terms, "8", "at_death", "x"},
		put{member, "5", "standing", "calon"}, put{member, "6", "approved_by", "a\x00"},
		put{saving, "S029", "to", "M1-W"}, put{saving, "S009", "goal_day", "2024-02-30"}, put{saving, "S014", "fee", "stamp"},
		put{saving, "S015", "months", "0"}, put{saving, "S017", "document", ""}, put{saving, "S025", "rollover", "all"}, put{saving, "S025", "payout", "weekly"},
		put{saving, "S025", "certificate", ""}, put{saving, "S037", "ratio", "2"}, put{saving, "HOLD-1", "by", ""}, put{saving, "HOLD-1", "until", "besok"},
		put{saving, "S039", "block", "all"}, put{saving, "S040", "reason", ""}, put{saving, "S052", "of", ""},
		put{saving, "S054", "to_product", "SIMUDI"}, put{saving, "S059", "to", ""}, put{saving, "S036", "pay_to", "M2-W"}, put{saving, "S053", "counter", "501"},
		put{bulk, "G1", "date", "2024-06-01"}, put{bulk, "G1", "product", "SIWI"}, put{bulk, "G1", "account", "M9-W"}, put{bulk, "G2", "member", "M9"},
		put{bulk, "G2", "amount", "0"}, put{bulk, "G3", "counter", "301"}, put{bulk, "G3", "note", "a\x00"}, put{bulk, "G4", "key", "G3"},
		put{events, "A1", "date", "2024-02-01"}, put{events, "A1", "by", ""}, put{events, "A2", "member", "M9"}, put{events, "A2", "reason", ""},
		put{events, "A3", "from", "soon"}, put{events, "A4", "amount", ""}, put{events, "A4", "account", "205"}, put{events, "A5", "known", "x"},
		put{events, "A5", "document", ""}, put{events, "A7", "payee", "a\tb"}, put{events, "A8", "event", "expell"}, put{events, "A9", "waived", "maybe"},
		put{events, "A11", "of", ""}, put{events, "A6", "key", "mizan/1"}))
	require.Equal(t, strings.Split(strings.TrimSpace(string(want)), "\n"), faults)
}

// What the desks refuse is said at its row, in the order of the year.
func TestRefusalsOfFurtherSavings(t *testing.T) {
	const saving, terms, events, bulk = "savings.csv", "product_terms.csv", "member_events.csv", "bulk.csv"
	for _, test := range []struct {
		put   put
		fault string
	}{
		{put{terms, "8", "penalty_account", ""}, `product_terms.csv:9: product: product SIJAKA: a penalty needs the account of the benevolent fund that it goes to (DSN-MUI 17/2000)`},
		{put{saving, "S015", "months", "2"}, `savings.csv:16: open: account M3-B: product SIJAKA: a term of 2 months is not offered, want one of [1 3]`},
		{put{saving, "HOLD-1", "amount", "999501.01"}, `savings.csv:39: hold 999501.01: account 301/M1-S: `},
		{put{saving, "S045", "of", "HOLD-9"}, `savings.csv:46: release 100000.00: `},
		{put{saving, "S048", "date", "2024-03-30"}, `savings.csv:49: charge: account M2-W: `},
		{put{saving, "S059", "date", "2024-03-01"}, `savings.csv:60: break: `},
		{put{saving, "S036", "pay_to", "M1-B2"}, `savings.csv:37: redirect: account "M1-B2": is not open yet`},
		{put{saving, "S052", "of", "S009"}, `savings.csv:53: reverse: command "S009" (savings.open) cannot be taken back: close the account`},
		{put{bulk, "G3", "amount", "999"}, `bulk.csv:4: list of deposits: account M2-W: product SIWA: the deposit is below the product's minimum deposit: 999.00 asked, at least 1000.00`},
		{put{events, "A4", "amount", "2522751.01"}, `member_events.csv:5: pay_claim 2522751.01: member M3: `},
		{put{events, "A7", "document", ""}, `member_events.csv:8: pay_claim 1000000.00: member M4: after a death the payment names the heir and the heirs' statement`},
		{put{events, "A3", "date", "2024-03-09"}, `member_events.csv:4: settle: member M3: is still a member: nothing is settled before the leaving`},
	} {
		t.Run(test.put.file+" "+test.put.row+" "+test.put.column, func(t *testing.T) {
			faults := faultsOf(t, edited(t, test.put))
			require.True(t, strings.HasPrefix(faults[0], test.fault), strings.Join(faults, "\n"))
		})
	}
}

// One optional file alone asks for no other; its rows that a rule refuses are
// told together, and none of the list is paid in.
func TestListOfDepositsAlone(t *testing.T) {
	files := small(t)
	files["bulk.csv"] = lines("date,key,member,product,amount,counter", "2024-03-25,G1,M1,SIMUDA,25000,101", "2024-03-25,G2,M2,SIMUDA,1000,101")
	out := t.TempDir()
	runs(t, "-in", writeFolder(t, files), "-out", out)
	require.FileExists(t, filepath.Join(out, "nominatif.csv"))

	files["bulk.csv"] += lines("2024-03-25,G3,M1,wajib,25000,101", "2024-03-25,G4,M2,SIWA,1000,101")
	require.Equal(t, []string{
		`bulk.csv:4: list of deposits: member M1: has no open account of wajib`,
		`bulk.csv:5: list of deposits: member M2: has no open account of SIWA`,
	}, faultsOf(t, writeFolder(t, files)))
}
