package interchange_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// program returns where a program is. Without it the test is passed over, but
// not in CI, which has to have it.
func program(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	message := name + " is not installed, so exports are not held against it: apt-get install " + pkg
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PYTHONIOENCODING=utf-8")
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	require.NoError(t, cmd.Run(), "%s %v: %s", name, args, problems.String())
	require.Empty(t, problems.String(), "%s %v", name, args)
	return out.String()
}

// written puts an export into a file and returns its path.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func eachBook(t *testing.T, test func(t *testing.T, book *ledger.Book)) {
	t.Run("small", func(t *testing.T) { test(t, smallBook(t)) })
	t.Run("empty", func(t *testing.T) { test(t, newBook(t, testChart())) })
	for _, seed := range []uint64{1, 2, 3, 4} {
		t.Run("random", func(t *testing.T) { test(t, randomBook(t, seed, 300)) })
	}
}

func exportHledger(out *bytes.Buffer, tx *ledger.Tx) error { return interchange.ExportHledger(out, tx) }

func exportBeancount(out *bytes.Buffer, tx *ledger.Tx) error {
	return interchange.ExportBeancount(out, tx)
}

func TestHledgerAgrees(t *testing.T) {
	hledger := program(t, "hledger", "hledger")
	eachBook(t, func(t *testing.T, book *ledger.Book) {
		path := written(t, "book.journal", view(t, book, exportHledger))
		run(t, hledger, "-f", path, "check", "--strict")
		rows, err := csv.NewReader(strings.NewReader(run(t, hledger, "-f", path, "balance", "--flat", "--no-total", "-O", "csv"))).ReadAll()
		require.NoError(t, err)
		got := make(map[place]ledger.Money)
		for _, row := range rows[1:] {
			code, sub := interchange.ParseHledgerAccount(row[0])
			amount, err := ledger.IDR.Parse(strings.TrimPrefix(row[1], "IDR "))
			require.NoError(t, err)
			got[place{code, sub}] = amount
		}
		require.Equal(t, balancesOf(t, book), got)
	})
}

// Every text of an entry comes out of hledger as the book has it.
func TestHledgerKeepsTexts(t *testing.T) {
	hledger := program(t, "hledger", "hledger")
	eachBook(t, func(t *testing.T, book *ledger.Book) {
		path := written(t, "book.journal", view(t, book, exportHledger))
		rows, err := csv.NewReader(strings.NewReader(run(t, hledger, "-f", path, "print", "-O", "csv"))).ReadAll()
		require.NoError(t, err)
		type texts struct{ number, memo string }
		var got, want []texts
		for _, row := range rows[1:] {
			// txnidx, date, date2, status, code, description, comment, account, ...
			code, sub := interchange.ParseHledgerAccount(row[7])
			got = append(got, texts{row[4], interchange.Unescape(row[5]) + "\x00" + row[1] + "\x00" + code + "\x00" + sub})
		}
		for _, p := range entriesOf(t, book) {
			for _, l := range p.Lines {
				want = append(want, texts{numberOf(p), p.Memo + "\x00" + p.Date.String() + "\x00" + l.Account + "\x00" + l.Sub})
			}
		}
		// hledger prints by date, and by place in the file within a date.
		require.ElementsMatch(t, want, got)
	})
}

func TestBeancountAgrees(t *testing.T) {
	check := program(t, "bean-check", "beancount")
	query := program(t, "bean-query", "beancount")
	eachBook(t, func(t *testing.T, book *ledger.Book) {
		path := written(t, "book.beancount", view(t, book, exportBeancount))
		run(t, check, path)
		text := run(t, query, "-f", "csv", path, `SELECT account, number(only("IDR", sum(position))) GROUP BY account`)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err)
		got := make(map[place]ledger.Money)
		for _, row := range rows[min(1, len(rows)):] {
			code, sub := interchange.ParseBeancountAccount(strings.TrimSpace(row[0]))
			amount, err := ledger.IDR.Parse(strings.TrimSpace(row[1]))
			require.NoError(t, err)
			if !amount.IsZero() {
				got[place{code, sub}] = amount
			}
		}
		require.Equal(t, balancesOf(t, book), got)
	})
}
