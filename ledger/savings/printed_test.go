package savings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// newPrinter returns a desk whose passbooks have pages of so many lines, with
// the account M1-SIWA.
func newPrinter(t testing.TB, lines, pages int) (*ledger.Book, *savings.Desk) {
	t.Helper()
	book, desk := newFullDesk(t)
	policy := standardPolicy()
	policy.From, policy.PassbookLines, policy.PassbookPages = day(time.January, 2), lines, pages
	_, err := desk.SetPolicy(ctx, savings.PolicySetting{Key: "policy/2", Policy: policy})
	require.NoError(t, err)
	opens(t, desk, "M1", "SIWA")
	return book, desk
}

func issues(t testing.TB, desk *savings.Desk, serial string, on ledger.Date) savings.Passbook {
	t.Helper()
	r, err := desk.IssuePassbook(ctx, savings.PassbookIssue{Key: "I/" + serial, Date: on, Account: "M1-SIWA", Serial: serial})
	require.NoError(t, err)
	return r.Passbook
}

func prints(desk *savings.Desk, key, serial string, on ledger.Date, more ...func(*savings.PassbookPrinting)) (savings.Printed, error) {
	c := savings.PassbookPrinting{Key: key, Date: on, Account: "M1-SIWA", Serial: serial}
	for _, change := range more {
		change(&c)
	}
	return desk.PrintPassbook(ctx, c)
}

func corrections(c *savings.PassbookPrinting) { c.Corrections = true }

// shown gives printed lines as text: page.line number amount balance.
func shown(p savings.Printed) string {
	var b strings.Builder
	for _, page := range p.Pages {
		for _, line := range page.Lines {
			mark := ""
			if line.Correction {
				mark = "*"
			}
			fmt.Fprintf(&b, "%d.%d %s%d %s %s\n", page.Page, line.Line, mark, line.Number, ledger.IDR.Format(line.In), ledger.IDR.Format(line.Balance))
		}
	}
	return b.String()
}

// However a passbook is printed, every line of the book stands in it once,
// under the next number and on the next line of its page.
func TestPrintPassbook(t *testing.T) {
	for _, most := range []int{1, 2, 3, 4, 7, 30, 0} {
		t.Run(fmt.Sprintf("%d lines at once", most), func(t *testing.T) {
			_, desk := newPrinter(t, 4, 0)
			p := issues(t, desk, "A-1", day(time.February, 1))
			require.Equal(t, 4, p.PageLines)
			var printed []savings.Printed
			for n := range 30 {
				paysIn(t, desk, fmt.Sprintf("D%d", n), "M1-SIWA", day(time.February, 1+n/3), int64(10_000+n))
				if n%5 != 4 {
					continue
				}
				for k := 0; ; k++ {
					r, err := prints(desk, fmt.Sprintf("P%d/%d", n, k), "A-1", day(time.February, 28), func(c *savings.PassbookPrinting) { c.Lines = most })
					require.NoError(t, err)
					printed = append(printed, r)
					if !r.More {
						break
					}
				}
			}
			_, err := prints(desk, "none", "A-1", day(time.February, 28))
			refused(t, err, savings.ErrPassbook, "passbook.nothing")
			whole, err := desk.Passbook(ctx, savings.PassbookQuery{Account: "M1-SIWA"})
			require.NoError(t, err)
			var lines []savings.PrintedLine
			for _, r := range printed {
				for _, page := range r.Pages {
					require.Equal(t, page.Brought.Add(page.Lines[0].In), page.Lines[0].Balance)
					require.Equal(t, page.Lines[len(page.Lines)-1].Balance, page.Carried)
					for _, line := range page.Lines {
						require.Equal(t, len(lines)/4+1, page.Page)
						require.Equal(t, len(lines)%4+1, line.Line)
						require.Equal(t, len(lines)+1, line.Number)
						require.Equal(t, whole.Lines[len(lines)], line.PassbookLine)
						lines = append(lines, line)
					}
				}
			}
			require.Len(t, lines, 30)
			last := printed[len(printed)-1].Passbook
			require.Equal(t, whole.Next, last.After)
			page, line := last.Place()
			require.Equal(t, []int{8, 3}, []int{page, line})
		})
	}
}

// A repeat gives the same lines, also after entries dated before or behind
// them; what is dated later is left for its day.
func TestPrintIsRepeated(t *testing.T) {
	book, desk := newPrinter(t, 3, 0)
	issues(t, desk, "A-1", day(time.February, 1))
	for n := range 5 {
		paysIn(t, desk, fmt.Sprintf("D%d", n), "M1-SIWA", day(time.February, 2*n+2), 10_000)
	}
	first, err := prints(desk, "P1", "A-1", day(time.February, 8))
	require.NoError(t, err)
	require.Equal(t, "1.1 1 10000.00 10000.00\n1.2 2 10000.00 20000.00\n1.3 3 10000.00 30000.00\n2.1 4 10000.00 40000.00\n", shown(first))
	require.False(t, first.More, "what is dated later is no line of the day")
	paysIn(t, desk, "B1", "M1-SIWA", day(time.February, 5), 500)
	paysIn(t, desk, "B2", "M1-SIWA", day(time.February, 8), 700)
	corrected, err := prints(desk, "P2", "A-1", day(time.February, 8), corrections)
	require.NoError(t, err)
	paysIn(t, desk, "B3", "M1-SIWA", day(time.February, 5), 900)
	require.Equal(t, "2.2 *5 500.00 40500.00\n2.3 6 700.00 41200.00\n", shown(corrected))
	rest, err := prints(desk, "P3", "A-1", day(time.February, 28), corrections)
	require.NoError(t, err)
	_, err = desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "R", Date: day(time.March, 1), Account: "M1-SIWA", Serial: "A-2", Cause: savings.DamagedBook, By: "manajer"})
	require.NoError(t, err)
	head, err := book.Head(ctx)
	require.NoError(t, err)
	for key, want := range map[string]savings.Printed{"P1": first, "P2": corrected, "P3": rest} {
		on := map[string]ledger.Date{"P1": day(time.February, 8), "P2": day(time.February, 8), "P3": day(time.February, 28)}[key]
		got, err := prints(desk, key, "A-1", on, func(c *savings.PassbookPrinting) { c.Corrections = key != "P1" })
		require.NoError(t, err)
		require.True(t, got.Repeat)
		got.Repeat = false
		require.Equal(t, want, got, key)
	}
	_, err = prints(desk, "P1", "A-1", day(time.February, 9))
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)
}

// What is dated before the line printed last is found, named, and never
// printed over.
func TestPassbookMismatch(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*testing.T, *savings.Desk)
		missed int
		stands int64
	}{
		{"a deposit dated back", func(t *testing.T, d *savings.Desk) { paysIn(t, d, "X", "M1-SIWA", day(time.February, 3), 700) }, 1, 40_700},
		{"a deposit taken back on its own day", func(t *testing.T, d *savings.Desk) {
			require.NoError(t, reverses(d, "X", "D2", day(time.February, 3)))
		}, 1, 28_000},
		{"a deposit dated back and taken back", func(t *testing.T, d *savings.Desk) {
			paysIn(t, d, "X", "M1-SIWA", day(time.February, 3), 700)
			require.NoError(t, reverses(d, "Y", "X", day(time.February, 3)))
		}, 2, 40_000},
		{"an entry past the desk", func(t *testing.T, d *savings.Desk) {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: day(time.February, 4), Account: "M1-SIWA", Fee: savings.MonthlyFee})
			require.NoError(t, err)
		}, 1, 37_500},
	} {
		for _, mend := range []string{"corrections", "replacement"} {
			t.Run(test.name+", "+mend, func(t *testing.T) {
				book, desk := newPrinter(t, 24, 0)
				issues(t, desk, "A-1", day(time.February, 1))
				paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 20_000)
				paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 3), 12_000)
				paysIn(t, desk, "D3", "M1-SIWA", day(time.February, 6), 8_000)
				_, err := prints(desk, "P1", "A-1", day(time.February, 28))
				require.NoError(t, err)
				test.change(t, desk)
				paysIn(t, desk, "D4", "M1-SIWA", day(time.February, 7), 5_000)

				before, err := book.Head(ctx)
				require.NoError(t, err)
				_, err = prints(desk, "P2", "A-1", day(time.February, 28))
				refused(t, err, savings.ErrMark, "passbook.mismatch")
				var m *savings.Mismatch
				require.ErrorAs(t, err, &m)
				require.Len(t, m.Missed, test.missed)
				require.Equal(t, rupiah(40_000), m.Shown)
				require.Equal(t, rupiah(test.stands), m.Stands)
				require.Equal(t, 3, m.Number)
				require.Equal(t, "A-1", m.Serial)
				after, err := book.Head(ctx)
				require.NoError(t, err)
				require.Equal(t, before, after)
				require.Equal(t, m, mismatchOf(t, book))
				requireFlag(t, book, fmt.Sprint(test.missed))

				serial, first := "A-1", int64(test.missed)
				switch mend {
				case "corrections":
					r, err := prints(desk, "P2", serial, day(time.February, 28), corrections)
					require.NoError(t, err)
					require.Len(t, r.Pages[0].Lines, test.missed+1)
					for i, line := range r.Pages[0].Lines {
						require.Equal(t, i < test.missed, line.Correction)
						require.Equal(t, 4+i, line.Number)
					}
					require.Equal(t, rupiah(test.stands+5_000), r.Passbook.After.Balance)
				case "replacement":
					serial = "A-2"
					r, err := desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "R", Date: day(time.February, 28), Account: "M1-SIWA", Serial: serial, Cause: savings.DamagedBook, By: "manajer"})
					require.NoError(t, err)
					require.Equal(t, rupiah(test.stands), r.Passbook.Brought)
					require.Equal(t, int(first), r.Passbook.Skipped)
					p, err := prints(desk, "P2", serial, day(time.February, 28))
					require.NoError(t, err)
					require.Equal(t, 4, p.Pages[0].Lines[0].Number, "the numbers go on")
					require.Equal(t, 1, p.Pages[0].Lines[0].Line, "in another book")
					require.Equal(t, rupiah(test.stands), p.Pages[0].Brought)
				}
				require.Nil(t, mismatchOf(t, book))
				requireFlag(t, book, "")
				requireBalance(t, desk, "M1-SIWA", test.stands+5_000)
			})
		}
	}
}

func mismatchOf(t testing.TB, book *ledger.Book) (m *savings.Mismatch) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) (err error) {
		m, err = savings.MismatchIn(tx, "M1-SIWA")
		return err
	}))
	return m
}

func requireFlag(t *testing.T, book *ledger.Book, want string) {
	t.Helper()
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		r, err := savings.PassbooksIn(tx, day(time.February, 28))
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSpace(csvOf(t, r.Table())), "\n")
		require.Len(t, lines, 2)
		require.Equal(t, want, lines[1][strings.LastIndex(lines[1], ",")+1:])
		return nil
	}))
}

// A full book takes no more; another goes on where it ended.
func TestPassbookIsFull(t *testing.T) {
	book, desk := newPrinter(t, 2, 2)
	issues(t, desk, "A-1", day(time.February, 1))
	for n := range 7 {
		paysIn(t, desk, fmt.Sprintf("D%d", n), "M1-SIWA", day(time.February, n+2), 10_000)
	}
	first, err := prints(desk, "P1", "A-1", day(time.February, 28))
	require.NoError(t, err)
	require.True(t, first.More)
	require.True(t, first.Passbook.Full())
	require.Equal(t, 4, first.Passbook.Number)
	_, err = prints(desk, "P2", "A-1", day(time.February, 28))
	refused(t, err, savings.ErrPassbook, "passbook.full")
	replace := savings.PassbookReplacement{Key: "R", Date: day(time.February, 28), Account: "M1-SIWA", Serial: "A-2", Cause: savings.FullBook, By: "manajer", Charge: true, Counter: teller}
	r, err := desk.ReplacePassbook(ctx, replace)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("10102", 10_000), credit("50202", 10_000).With(member("M1")))
	require.Equal(t, rupiah(40_000), r.Passbook.Brought)
	require.Equal(t, 2, r.Passbook.Book)
	again, err := desk.ReplacePassbook(ctx, replace)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, r.Passbook, again.Passbook)
	require.Equal(t, r.Posted.Number, again.Posted.Number)
	_, err = prints(desk, "P2", "A-1", day(time.February, 28))
	refused(t, err, savings.ErrPassbook, "passbook.serial")
	second, err := prints(desk, "P2", "A-2", day(time.February, 28))
	require.NoError(t, err)
	require.Equal(t, 5, second.Pages[0].Lines[0].Number)
	require.Equal(t, `BUKU TABUNGAN M1-SIWA A-2/1
2026-02-07

No  Tanggal     Keterangan       Debet  Kredit   Saldo
------------------------------------------------------
                Saldo pindahan                  40.000
 5  2026-02-06  Setoran M1-SIWA         10.000  50.000
 6  2026-02-07  Setoran M1-SIWA         10.000  60.000
`, text(t, second.Tables()[0], false))
	require.Contains(t, csvOf(t, second.Tables()[1]), ",,Saldo pindahan,,,60000.00\n7,2026-02-08,Setoran M1-SIWA,,10000.00,70000.00\n")

	// From the account the fee is a line like any other, and the book takes an
	// entry back that changed no record.
	replace.Key, replace.Serial, replace.Counter, replace.Cause = "R2", "A-3", savings.Place{}, savings.LostBook
	r, err = desk.ReplacePassbook(ctx, replace)
	require.NoError(t, err)
	requireLines(t, r.Posted, debit("20101", 10_000).For("M1-SIWA").With(member("M1")), credit("50202", 10_000).With(member("M1")))
	refused(t, reverses(desk, "X", "R2", day(time.March, 1)), savings.ErrReversal, "reverse.kind")
	refused(t, reverses(desk, "X", "P2", day(time.March, 1)), savings.ErrReversal, "reverse.kind")
	refused(t, reverses(desk, "X", "I/A-1", day(time.March, 1)), savings.ErrReversal, "reverse.kind")
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "X", Entry: r.Posted.Number, Date: day(time.March, 1), Reason: "tidak jadi"})
	require.NoError(t, err)
	third, err := prints(desk, "P3", "A-3", day(time.March, 1))
	require.NoError(t, err)
	require.Len(t, third.Pages[0].Lines, 2)
	require.Equal(t, rupiah(70_000), third.Passbook.After.Balance)

	// A fee dated before the last line belongs to the balance brought forward.
	replace.Key, replace.Serial, replace.Date = "R3", "A-4", day(time.February, 28)
	_, err = desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: "R3", Date: day(time.February, 27), Account: "M1-SIWA", Serial: "A-4", Cause: savings.LostBook, By: "manajer"})
	refused(t, err, savings.ErrDate, "passbook.before")
	r, err = desk.ReplacePassbook(ctx, replace)
	require.NoError(t, err)
	require.Equal(t, rupiah(60_000), r.Passbook.Brought)
	require.Nil(t, mismatchOf(t, book))
}

// A page begins with the balance brought forward, even one of zero; the first
// page of the first book has none.
func TestPageBeginsWithTheBalance(t *testing.T) {
	_, desk := newPrinter(t, 2, 0)
	issues(t, desk, "A-1", day(time.February, 1))
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 2), 10_000)
	_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 3), Account: "M1-SIWA", Amount: rupiah(10_000), Counter: teller, Waiver: "izin"})
	require.NoError(t, err)
	paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 4), 10_000)
	p, err := prints(desk, "P", "A-1", day(time.February, 28))
	require.NoError(t, err)
	pages := p.Tables()
	require.Len(t, pages[0].Rows, 2)
	require.Equal(t, "number,date,memo,out,in,balance\n,,Saldo pindahan,,,0.00\n3,2026-02-04,Setoran M1-SIWA,,10000.00,10000.00\n", csvOf(t, pages[1]))
}

// More corrections than there is room for need another book.
func TestCorrectionsThatDoNotFit(t *testing.T) {
	_, desk := newPrinter(t, 2, 1)
	issues(t, desk, "A-1", day(time.February, 1))
	paysIn(t, desk, "D1", "M1-SIWA", day(time.February, 20), 10_000)
	_, err := prints(desk, "P1", "A-1", day(time.February, 28))
	require.NoError(t, err)
	paysIn(t, desk, "D2", "M1-SIWA", day(time.February, 2), 10_000)
	paysIn(t, desk, "D3", "M1-SIWA", day(time.February, 3), 10_000)
	_, err = prints(desk, "P2", "A-1", day(time.February, 28), corrections)
	refused(t, err, savings.ErrPassbook, "passbook.corrections")
}

// A book may begin with the balance of an account that had none.
func TestPassbookForward(t *testing.T) {
	_, desk := newPrinter(t, 24, 0)
	for n := range 3 {
		paysIn(t, desk, fmt.Sprintf("D%d", n), "M1-SIWA", day(time.February, n+2), 10_000)
	}
	r, err := desk.IssuePassbook(ctx, savings.PassbookIssue{Key: "I", Date: day(time.February, 3), Account: "M1-SIWA", Serial: "A-1", Forward: true})
	require.NoError(t, err)
	require.Equal(t, rupiah(20_000), r.Passbook.Brought)
	require.Equal(t, 2, r.Passbook.Skipped)
	p, err := prints(desk, "P", "A-1", day(time.February, 28))
	require.NoError(t, err)
	require.Equal(t, 1, p.Pages[0].Lines[0].Number)
	require.Equal(t, rupiah(30_000), p.Pages[0].Carried)
	require.Equal(t, "Saldo pindahan", p.Tables()[0].Rows[0][2].Text)
}
