package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a sound folder of two months with at least one row of every sort.
func small(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, content := range tree(t, filepath.Join("testdata", "small")) {
		files[filepath.Base(name)] = content
	}
	require.Len(t, files, 11)
	return files
}

// added is rows put at the end of a file.
type added map[string][]string

// Each case adds rows to the small folder that a rule refuses, and has all
// that is said about them.
func TestRefusedRows(t *testing.T) {
	const (
		savings, terms, events, journal, opening = "savings.csv", "murabahah.csv", "murabahah_events.csv", "journal.csv", "opening.csv"
		contract                                 = "C9,M1,Mesin,300000,60000,30000,3,2024-04-10,proportional,1000"
	)
	for _, test := range []struct {
		name string
		rows added
		want []string
	}{
		{"a deposit before its account is open", added{savings: {
			"2024-03-02,T1,deposit,M1-X,M1,SIWA,50000,101,,", "2024-03-03,T2,open,M1-X,M1,SIWA,,,,"}},
			[]string{`savings.csv:9: deposit 50000.00: account "M1-X": is not open yet`}},
		{"a transfer into an account that is not open yet", added{savings: {
			"2024-03-02,T1,transfer,M1-S,M1,SIMUDA,50000,M1-X,,", "2024-03-03,T2,open,M1-X,M1,SIWA,,,,"}},
			[]string{`savings.csv:9: transfer 50000.00: account "M1-X": is not open yet`}},
		{"a first deposit below the minimum, and what follows from it", added{savings: {
			"2024-03-02,T1,open,M1-X,M1,SIWA,,,,", "2024-03-02,T2,deposit,M1-X,M1,SIWA,9999.99,101,,",
			"2024-03-03,T3,deposit,M1-X,M1,SIWA,5000,101,,", "2024-03-04,T4,withdraw,M1-X,M1,SIWA,1000,101,,"}},
			[]string{`savings.csv:10: deposit 9999.99: account M1-X: product SIWA: the first deposit is below the product's minimum opening: 9999.99 asked, at least 10000.00`}},
		{"a withdrawal below the minimum balance, row by row", added{savings: {
			"2024-03-02,T1,withdraw,M1-S,M1,SIMUDA,540000.51,101,,", "2024-03-02,T2,deposit,M1-S,M1,SIMUDA,500000,101,,",
			"2024-03-02,T3,withdraw,M1-S,M1,SIMUDA,540000.50,101,,"}},
			[]string{`savings.csv:9: withdraw 540000.51: account M1-S: member M1: the balance does not suffice: 540000.51 asked, at least 10000.00 must stay of 550000.50 on 2024-03-02`}},
		{"a transfer below the minimum balance", added{savings: {"2024-03-02,T1,transfer,M1-S,M1,SIMUDA,540000.51,M1-W,,"}},
			[]string{`savings.csv:9: transfer 540000.51: account M1-S: member M1: the balance does not suffice: 540000.51 asked, at least 10000.00 must stay of 550000.50 on 2024-03-02`}},
		{"an entry that overdraws a savings account", added{journal: {
			"2024-03-02,T1,Biaya,101,,600000,", "2024-03-02,T1,Biaya,201,M1-W,,1", "2024-03-02,T1,Biaya,301,M1-S,600000,", "2024-03-02,T1,Biaya,501,,,1199999"}},
			[]string{`journal.csv:9: account 301/M1-S: the balance on 2024-03-02 would be -49999.50, below the least of 10000.00`}},
		{"an entry for an account that is not open yet", added{journal: {"2024-03-02,T1,Biaya,301,M2-S,,1", "2024-03-02,T1,Biaya,101,,1,"}},
			[]string{`journal.csv:7: sub "M2-S": the account is not open yet`}},
		{"entries by hand on what contracts and shares post themselves", added{journal: {
			"2024-03-20,T1,Koreksi,111,C1,1,", "2024-03-20,T1,Koreksi,202,M1-S,,1"}},
			[]string{`journal.csv:7: code "111": what stands on contracts comes from murabahah_events.csv alone`,
				`journal.csv:8: code "202": profit shares are owed and paid by the program alone`}},
		{"an opening balance on the wrong side", added{opening: {"201,M1-V,5,", "101,,,5"}, savings: {"2024-02-29,T0,open,M1-V,M1,SIWA,,,,"}},
			[]string{`opening.csv:5: account 201/M1-V: the balance on 2024-02-29 would be -5.00, below the least of 10000.00`}},
		{"a sale before the goods are owned, and what follows from it", added{terms: {contract}, events: {
			"2024-03-02,T1,C9,order,,", "2024-03-02,T2,C9,down_payment,30000,101", "2024-03-03,T3,C9,sell,,",
			"2024-03-04,T4,C9,acquire,300000,101", "2024-03-05,T5,C9,pay,1000,101", "2024-03-06,T6,C9,settle,,101"}},
			[]string{`murabahah_events.csv:12: sell: contract C9: the goods must be owned before they are sold, the contract is only ordered (DSN-MUI 04/2000)`}},
		{"a sale without an order", added{terms: {contract}, events: {"2024-03-02,T1,C9,sell,,"}},
			[]string{`murabahah_events.csv:10: sell: contract "C9": is not ordered yet`}},
		{"goods at another cost", added{terms: {contract}, events: {
			"2024-03-02,T1,C9,order,,", "2024-03-02,T2,C9,acquire,300000.01,101", "2024-03-03,T3,C9,sell,,"}},
			[]string{`murabahah_events.csv:11: acquire 300000.01: contract C9: cost 300000.01 differs from the 300000.00 of the terms (DSN-MUI 04/2000)`}},
		{"a down payment above the terms", added{terms: {contract}, events: {
			"2024-03-02,T1,C9,order,,", "2024-03-02,T2,C9,down_payment,20000,101", "2024-03-02,T3,C9,down_payment,10001,101",
			"2024-03-03,T4,C9,acquire,300000,101", "2024-03-03,T5,C9,sell,,"}},
			[]string{`murabahah_events.csv:12: down_payment 10001.00: contract C9: down payments of 30001.00 are above the 30000.00 of the terms`}},
		{"a down payment that is missing at the sale", added{terms: {contract}, events: {
			"2024-03-02,T1,C9,order,,", "2024-03-03,T2,C9,acquire,300000,101", "2024-03-03,T3,C9,sell,,"}},
			[]string{`murabahah_events.csv:12: sell: contract C9: down payments of 0.00 are not yet the 30000.00 of the terms`}},
		{"a payment above what is owed", added{events: {"2024-03-09,T1,C1,pay,330000.01,101", "2024-03-10,T2,C1,order,,"}},
			[]string{`murabahah_events.csv:10: pay 330000.01: contract C1: payment of 330000.01 is above the 330000.00 owed`,
				`murabahah_events.csv:11: order: contract C1: order is not possible, the contract is sold`}},
		{"a settlement of what is settled", added{events: {"2024-04-30,T1,C1,settle,,101", "2024-04-30,T2,C1,pay,1,101"}},
			[]string{`murabahah_events.csv:10: settle: contract C1: settle is not possible, the contract is settled`,
				`murabahah_events.csv:11: pay 1.00: contract C1: pay is not possible, the contract is settled`}},
		{"a penalty on what is only ordered", added{events: {"2024-03-07,T1,C2,penalty,5000,"}},
			[]string{`murabahah_events.csv:10: penalty 5000.00: contract C2: penalty is not possible, the contract is ordered`}},
		{"a plan whose last row is not above zero, with a fault of form", added{
			terms:  {"C9,M1,Mesin,10000,0,0,4,2024-04-10,annuity,5000", "C8,M9,Mesin,10000,0,0,4,2024-04-10,annuity,1000"},
			events: {"2024-03-02,T1,C9,order,,", "2024-03-02,T2,C8,order,,"}},
			[]string{`murabahah.csv:4: contract C9: instalment 4 of 4 would be -5000.00, not above zero`,
				`murabahah.csv:5: member "M9": unknown, not in members.csv`}},
		{"a product on an account of another kind", added{"products.csv": {"SIKA,Simpanan,wadiah,301,,0,0,"}},
			[]string{`products.csv:4: product: product SIKA: wadiah savings cannot stand on account 301 of kind syirkah, want one of [liability]`}},
		{"faults of several files", added{
			journal: {"2024-03-02,T1,Biaya,301,M2-S,,1", "2024-03-02,T1,Biaya,101,,1,"}, savings: {"2024-03-02,T2,withdraw,M1-W,M1,SIWA,99999999,101,,"},
			events: {"2024-03-02,T3,C1,pay,1,101"}},
			[]string{`savings.csv:9: withdraw 99999999.00: account M1-W: member M1: the balance does not suffice: 99999999.00 asked, at least 10000.00 must stay of 50000.00 on 2024-03-02`,
				`murabahah_events.csv:10: pay 1.00: contract "C1": is not ordered yet`,
				`journal.csv:7: sub "M2-S": the account is not open yet`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := small(t)
			for name, rows := range test.rows {
				files[name] += lines(rows...)
			}
			requireRefused(t, files, lines(test.want...))
		})
	}
}

// The small folder itself is sound.
func TestSmall(t *testing.T) { runs(t, "-in", writeFolder(t, small(t))) }

// What is beyond the largest amount is refused where it stands.
func TestOverflow(t *testing.T) {
	files := small(t)
	files["savings.csv"] += lines("2024-03-02,T1,deposit,M1-S,M1,SIMUDA,92233720368547757,101,,", "2024-03-02,T2,deposit,M1-W,M1,SIWA,92233720368547757,101,,")
	dir := writeFolder(t, files)
	var stdout, stderr bytes.Buffer
	require.Equal(t, 1, run([]string{"-in", dir}, &stdout, &stderr))
	require.Contains(t, stderr.String(), "savings.csv:9: deposit 92233720368547757.00: account 101: the balance would exceed the largest amount")
	require.NotContains(t, stderr.String(), "panic")
}

// requireRefused runs a folder that is refused: with exactly these messages,
// and with nothing written or changed.
func requireRefused(t *testing.T, files map[string]string, want string) {
	t.Helper()
	in, parent := writeFolder(t, files), t.TempDir()
	out := filepath.Join(parent, "out")
	require.NoError(t, os.MkdirAll(out, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(out, "balances.csv"), []byte("old"), 0o666))
	var stdout, stderr bytes.Buffer
	require.Equal(t, 1, run([]string{"-in", in, "-out", out}, &stdout, &stderr))
	require.Equal(t, want, stderr.String())
	require.Empty(t, stdout.String())
	require.Equal(t, map[string]string{"out/balances.csv": "old"}, tree(t, parent))
	require.Equal(t, files, tree(t, in))

	require.Equal(t, 1, run([]string{"-in", in, "-out", filepath.Join(parent, "new")}, &stdout, &stderr))
	require.NoDirExists(t, filepath.Join(parent, "new"))
}

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

func writeFolder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666))
	}
	return dir
}

// tree returns the files under dir with their content.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return maps.Clone(all)
}
