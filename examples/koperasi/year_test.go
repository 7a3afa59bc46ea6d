package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/examples/koperasi/year"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// years are folders whose results were computed by programs that share no code
// with this one: the built-in year, and generated ones.
func years(t testing.TB) []string {
	dirs, err := filepath.Glob("testdata/*/expected")
	require.NoError(t, err)
	require.Len(t, dirs, 6)
	years := []string{"melati"}
	for _, dir := range dirs {
		years = append(years, filepath.Dir(dir))
	}
	return years
}

// Every row of every file is as expected, the journal comes to the same
// balances, and a second run gives the same bytes.
func TestYears(t *testing.T) {
	for _, dir := range years(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			out, again := t.TempDir(), t.TempDir()
			stdout := runs(t, "-in", filepath.Join(dir, "in"), "-out", out)
			expected, err := filepath.Glob(filepath.Join(dir, "expected", "*.csv"))
			require.NoError(t, err)
			require.Len(t, expected, 6)
			for _, file := range expected {
				requireRows(t, file, filepath.Join(out, filepath.Base(file)))
			}
			requireJournal(t, filepath.Join(out, "journal.hledger"), filepath.Join(dir, "expected", "balances.csv"))

			require.Equal(t, stdout, runs(t, "-in", filepath.Join(dir, "in"), "-out", again))
			require.Equal(t, tree(t, out), tree(t, again))
			require.Len(t, tree(t, out), 9)
		})
	}
}

// Two runs give the same digests: all of the past, to the last change.
func TestSameDigests(t *testing.T) {
	head := func() ledger.Head {
		files, err := input("")
		require.NoError(t, err)
		folder, faults := year.Read(files)
		require.Empty(t, faults)
		y, faults, err := year.Keep(context.Background(), ledger.NewMemory(), folder, func(string) {})
		require.NoError(t, err)
		require.Empty(t, faults)
		require.NoError(t, y.Check(context.Background()))
		head, err := y.Book().Head(context.Background())
		require.NoError(t, err)
		return head
	}
	require.Equal(t, head(), head())
}

// Books that contradict themselves are a failure: here a line on a contract's
// account that no event of the contract explains.
func TestFindingFails(t *testing.T) {
	ctx := context.Background()
	folder, faults := year.Read(os.DirFS(filepath.Join("testdata", "small")))
	require.Empty(t, faults)
	y, faults, err := year.Keep(ctx, ledger.NewMemory(), folder, func(string) {})
	require.NoError(t, err)
	require.Empty(t, faults)
	require.NoError(t, y.Check(ctx))
	_, err = y.Book().Post(ctx, ledger.Entry{Key: "hand", Date: folder.Cooperative.LastDay, Lines: []ledger.Line{
		ledger.Debit("111", ledger.IDR.Of(1)).For("C2"), ledger.Credit("101", ledger.IDR.Of(1)),
	}})
	require.NoError(t, err)
	require.ErrorContains(t, y.Check(ctx), "the books contradict themselves: murabahah.balances: account 111/C2: ")
}

// runs runs the program, which must succeed and say nothing on standard error.
func runs(t testing.TB, args ...string) (stdout string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(args, &out, &errs)
	require.Empty(t, errs.String())
	require.Zero(t, status)
	return out.String()
}

func requireRows(t *testing.T, want, got string) {
	t.Helper()
	expected, rows := readRows(t, want), readRows(t, got)
	for i := range min(len(expected), len(rows)) {
		require.Equal(t, expected[i], rows[i], "%s, row %d", filepath.Base(got), i)
	}
	require.Len(t, rows, len(expected), filepath.Base(got))
}

func readRows(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return rows
}

// requireJournal has hledger check a journal and compares its balances with
// the expected ones.
func requireJournal(t *testing.T, journal, balances string) {
	t.Helper()
	if _, err := exec.LookPath("hledger"); err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "hledger is not installed: the journal cannot be checked")
		t.Log("hledger is not installed: the journal is not checked")
		return
	}
	hledger := func(args ...string) string {
		command := exec.Command("hledger", append([]string{"-f", journal}, args...)...)
		output, err := command.CombinedOutput()
		require.NoError(t, err, "hledger %s: %s", strings.Join(args, " "), output)
		return string(output)
	}
	hledger("check", "--strict")
	rows, err := csv.NewReader(strings.NewReader(hledger("balance", "--flat", "--no-total", "-O", "csv"))).ReadAll()
	require.NoError(t, err)
	got := map[string]string{}
	for _, row := range rows[1:] {
		code, sub := interchange.ParseHledgerAccount(row[0])
		got[code+":"+sub] = strings.TrimPrefix(row[1], "IDR ")
	}
	want := map[string]string{}
	for _, row := range readRows(t, balances)[1:] {
		want[row[0]+":"+row[1]] = row[2]
	}
	require.Equal(t, want, got)
}

// A folder where nothing happened says so plainly.
func TestNothingToShow(t *testing.T) {
	files := small(t)
	for _, name := range []string{"savings.csv", "murabahah.csv", "murabahah_events.csv", "journal.csv", "pool.csv", "opening.csv", "products.csv", "members.csv"} {
		header, _, _ := strings.Cut(files[name], "\n")
		files[name] = header + "\n"
	}
	out := t.TempDir()
	stdout := runs(t, "-in", writeFolder(t, files), "-out", out)
	for _, want := range []string{"Tidak ada bagi hasil", "Tidak ada rekening simpanan", "Tidak ada murabahah"} {
		require.Contains(t, stdout, want)
	}
	for _, name := range []string{"trial_balance.csv", "balances.csv", "distribution.csv", "murabahah.csv", "schedule.csv"} {
		require.Len(t, readRows(t, filepath.Join(out, name)), 1, name)
	}
	for _, row := range readRows(t, filepath.Join(out, "totals.csv"))[1:] {
		require.Equal(t, "0.00", row[1], row[0])
	}
	require.Contains(t, runs(t, "-english", "-in", writeFolder(t, files)), "No profit was shared in this year.")
}

// A share goes to an account that is opened only later, once it is there.
func TestShareGoesToAccountOpenedLater(t *testing.T) {
	files := small(t)
	files["savings.csv"] = lines(
		"date,key,event,account,member,product,amount,counter,pay_to,memo",
		"2024-02-29,S1,open,M1-S,M1,SIMUDA,,,M1-W,", // stands before the other's row of the same day
		"2024-02-29,S2,open,M1-W,M1,SIWA,,,,",
	)
	files["murabahah.csv"], files["murabahah_events.csv"] = cut(files["murabahah.csv"]), cut(files["murabahah_events.csv"])
	files["journal.csv"] = lines("date,key,memo,code,sub,debit,credit", "2024-03-10,J1,Jasa,101,,31000,", "2024-03-10,J1,Jasa,501,,,31000")
	out := t.TempDir()
	runs(t, "-in", writeFolder(t, files), "-out", out)
	rows := fmt.Sprint(readRows(t, filepath.Join(out, "balances.csv")))
	require.Contains(t, rows, "[201 M1-W -12400.00]", "the net of March: nisbah 0.40 of 31000")
	require.Contains(t, rows, "[301 M1-S -600000.50]")
}

func cut(file string) string {
	header, _, _ := strings.Cut(file, "\n")
	return header + "\n"
}
