package savings_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// Whatever is posted and printed in whatever order, no line is ever printed
// twice, numbers have no gap, and a book that agrees shows what the ledger has.
func TestPrintAtRandom(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	for range 15 {
		book, desk := newPrinter(t, 1+r.IntN(5), r.IntN(4))
		issues(t, desk, "S0", day(time.January, 10))
		serial, number := 0, 0
		printed := make(map[string]bool)
		paysIn(t, desk, "first", "M1-SIWA", day(time.January, 10), 5_000_000)
		for n := range 150 {
			key, on := fmt.Sprintf("K%d", n), day(time.February, 1+n/6).AddDays(-r.IntN(4))
			switch r.IntN(8) {
			case 0, 1:
				paysIn(t, desk, key, "M1-SIWA", on, int64(1+r.IntN(1_000)))
			case 2:
				_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: key, Date: on, Account: "M1-SIWA", Amount: rupiah(int64(1 + r.IntN(1_000))), Counter: teller})
				require.NoError(t, err, "seed %d", seed)
			case 3:
				_, err := desk.Reverse(ctx, savings.Reversal{Key: key, Of: fmt.Sprintf("K%d", r.IntN(n+1)), Date: on, Reason: "keliru"})
				require.True(t, err == nil || isRefusal(err), "seed %d: %v", seed, err)
			case 4:
				if r.IntN(4) == 0 {
					serial++
					_, err := desk.ReplacePassbook(ctx, savings.PassbookReplacement{Key: key, Date: day(time.February, 28), Account: "M1-SIWA",
						Serial: fmt.Sprintf("S%d", serial), Cause: savings.LostBook, By: "manajer", Charge: r.IntN(2) == 0})
					if err != nil {
						serial--
						refused(t, err, savings.ErrDate, "passbook.before")
					}
				}
			default:
				p, err := prints(desk, key, fmt.Sprintf("S%d", serial), day(time.February, 28), func(c *savings.PassbookPrinting) {
					c.Lines, c.Corrections = r.IntN(6), r.IntN(2) == 0
				})
				if err != nil {
					require.True(t, errors.Is(err, savings.ErrPassbook) || errors.Is(err, savings.ErrMark), "seed %d: %v", seed, err)
					continue
				}
				for _, page := range p.Pages {
					for _, line := range page.Lines {
						number++
						require.Equal(t, number, line.Number, "seed %d", seed)
						id := fmt.Sprint(line.Entry, "/", line.No)
						require.False(t, printed[id], "seed %d: line %s is printed twice", seed, id)
						printed[id] = true
					}
				}
				require.Nil(t, mismatchOf(t, book), "seed %d", seed)
				if !p.More {
					requireBalance(t, desk, "M1-SIWA", p.Passbook.After.Balance.Minor()/100)
				}
			}
		}
		requireSound(t, book)
	}
}

func isRefusal(err error) bool {
	var ours *savings.Refusal
	var books *ledger.Refusal
	return errors.As(err, &ours) || errors.As(err, &books)
}
