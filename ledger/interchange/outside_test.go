package interchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// edgeBook has the first and last day, the largest and smallest amounts, and a
// currency of so many digits.
func edgeBook(t *testing.T, digits int) *ledger.Book {
	t.Helper()
	currency, err := ledger.NewCurrency("XAU", digits)
	require.NoError(t, err)
	c := config("kspps \"tepi\" \\ ; 1")
	c.Currency = currency
	book, err := ledger.Create(context.Background(), ledger.NewMemory(), c)
	require.NoError(t, err)
	for i, e := range []struct {
		day   ledger.Date
		minor int64
	}{
		{ledger.On(ledger.MinYear, 1, 1), 1}, {ledger.On(2024, 2, 29), 10}, {ledger.On(2100, 1, 1), 105}, {ledger.On(2026, 1, 1), 12_345_678},
		{ledger.On(ledger.MaxYear, 12, 31), ledger.MaxMoney - 12_345_794},
	} {
		_, err := book.Post(context.Background(), ledger.Entry{Key: strconv.Itoa(i), Date: e.day, Memo: "tepi", Lines: []ledger.Line{
			ledger.Debit("10102", ledger.Minor(e.minor)), ledger.Credit("30101", ledger.Minor(e.minor)).For("M1"),
		}})
		require.NoError(t, err)
	}
	return book
}

func TestHledgerTakesEdges(t *testing.T) {
	hledger := program(t, "hledger", "hledger")
	for digits := range 5 {
		book := edgeBook(t, digits)
		path := written(t, "book.journal", view(t, book, exportHledger))
		run(t, hledger, "-f", path, "check", "--strict")
		got := run(t, hledger, "-f", path, "balance", "--flat", "--no-total", "-O", "csv", "10102")
		require.Equal(t, "\"account\",\"balance\"\n\"10102\",\"XAU "+book.Currency().Format(ledger.Minor(ledger.MaxMoney))+"\"\n", got)
	}
}

func TestBeancountTakesEdges(t *testing.T) {
	check, query := program(t, "bean-check", "beancount"), program(t, "bean-query", "beancount")
	for digits := range 5 {
		book := edgeBook(t, digits)
		path := written(t, "book.beancount", view(t, book, exportBeancount))
		run(t, check, path)
		got := run(t, query, "-f", "csv", path, `SELECT number(only("XAU", sum(position))) AS n WHERE account = "Assets:10102"`)
		require.Equal(t, []string{"n", book.Currency().Format(ledger.Minor(ledger.MaxMoney))}, strings.Fields(got))
	}
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
