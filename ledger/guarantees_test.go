package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestGuaranteesHaveTests: every test that doc.go names as a proof exists.
func TestGuaranteesHaveTests(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	names, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	var tests strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		tests.Write(text)
	}
	guarantees := regexp.MustCompile(`(?m)^// +\d+\. `).FindAll(doc, -1)
	require.Len(t, guarantees, 14)
	named := regexp.MustCompile(`\b(Test|Fuzz)[A-Z]\w+`).FindAllString(string(doc), -1)
	require.GreaterOrEqual(t, len(named), 25)
	for _, name := range named {
		require.True(t, strings.Contains(tests.String(), "\nfunc "+name+"("), "%s is named in doc.go and missing", name)
	}
}

// TestDebitsEqualCredits posts random entries, good and bad ones: what was
// taken sums to zero at every moment, memorandum accounts by themselves.
func TestDebitsEqualCredits(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	const seed = 99
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	codes := []string{"10102", "40401", "50101", "60101", "99199"}
	taken := 0
	for i := range 1_000 {
		e := ledger.Entry{Key: fmt.Sprintf("T%d", i), Date: eventfulDay.AddDays(random.IntN(9))}
		for range 2 + random.IntN(3) {
			e.Lines = append(e.Lines, ledger.Line{Account: codes[random.IntN(len(codes))], Amount: ledger.Minor(random.Int64N(7) - 3)})
		}
		_, err := book.Post(ctx, e)
		if err == nil {
			taken++
			continue
		}
		var refusal *ledger.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Contains(t, []ledger.Code{ledger.CodeAmountZero, ledger.CodeUnbalanced, ledger.CodeMemorandumMixed}, refusal.Code)
	}
	require.Greater(t, taken, 50)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for days := range 9 {
			var all, memorandum ledger.Money
			for b, err := range tx.Balances(ledger.EndOf(eventfulDay.AddDays(days))) {
				require.NoError(t, err)
				all = all.Add(b.Amount)
				if b.Account.Kind == ledger.Memorandum {
					memorandum = memorandum.Add(b.Amount)
				}
			}
			require.Equal(t, ledger.Money{}, all)
			require.Equal(t, ledger.Money{}, memorandum)
		}
		return nil
	}))
}

// TestRepeatAfterTheWorldMovedOn: the account is retired, the money gone, the
// period closed; the first result is still the answer.
func TestRepeatAfterTheWorldMovedOn(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	first, err := book.Post(ctx, deposit("T1", eventfulDay, "M1", 100))
	require.NoError(t, err)
	out, err := book.Post(ctx, withdrawal("T2", eventfulDay.Next(), "M1", 100))
	require.NoError(t, err)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		require.NoError(t, tx.SetFloor(ledger.FloorSetting{Key: "F", Account: "30101", Sub: "M1", Floor: ledger.HardFloor(ledger.Money{})}))
		require.NoError(t, tx.SetBlock(ledger.BlockSetting{Key: "B", Account: "30101", Sub: "M1", Block: ledger.FullBlock, Reason: "meninggal"}))
		require.NoError(t, tx.Retire(ledger.Retirement{Key: "R", Account: "30101", Reason: "produk ditutup"}))
		return tx.Close(ledger.PeriodClosing{Key: "P", Through: eventfulDay.AddDays(365)})
	}))
	for _, c := range []struct {
		entry ledger.Entry
		first ledger.Posted
	}{{deposit("T1", eventfulDay, "M1", 100), first}, {withdrawal("T2", eventfulDay.Next(), "M1", 100), out}} {
		again, err := book.Post(ctx, c.entry)
		require.NoError(t, err)
		require.True(t, again.Repeat)
		again.Repeat = false
		require.Equal(t, c.first, again)
	}
	_, err = book.Post(ctx, deposit("T3", eventfulDay, "M1", 100))
	require.ErrorIs(t, err, ledger.ErrPeriodClosed)
}

// TestEveryCommandRepeats asks every kind of command again at the end of a
// book, and then other commands under the same keys.
func TestEveryCommandRepeats(t *testing.T) {
	ctx := context.Background()
	book := newEventful(t, ledger.NewMemory(), "b")
	head, err := book.Head(ctx)
	require.NoError(t, err)
	for _, c := range eventfulCommands() {
		require.NoError(t, book.Update(ctx, c.do), "%s again", c.name)
	}
	keys := map[string]bool{}
	for _, ch := range changesOf(t, book) {
		keys[ch.Key] = true
	}
	for key := range keys {
		for name, other := range map[string]func(tx *ledger.Tx) error{
			"post": func(tx *ledger.Tx) error { _, err := tx.Post(deposit(key, eventfulDay, "M9", 1)); return err },
			"reverse": func(tx *ledger.Tx) error {
				_, err := tx.Reverse(ledger.Reversal{Key: key, Entry: 1, Date: eventfulDay, Reason: "x"})
				return err
			},
			"hold": func(tx *ledger.Tx) error {
				_, err := tx.Hold(ledger.Hold{Key: key, Account: "30101", Sub: "M9", Amount: ledger.Minor(1), From: eventfulDay, Reason: "x"})
				return err
			},
			"release": func(tx *ledger.Tx) error {
				_, err := tx.Release(ledger.Release{Key: key, Hold: "H9", Reason: "x"})
				return err
			},
			"capture": func(tx *ledger.Tx) error {
				_, err := tx.Capture(ledger.Release{Key: key, Hold: "H9", Reason: "x"}, deposit("", eventfulDay, "M9", 1))
				return err
			},
			"close": func(tx *ledger.Tx) error {
				return tx.Close(ledger.PeriodClosing{Key: key, Through: eventfulDay.AddDays(99)})
			},
			"reopen": func(tx *ledger.Tx) error { return tx.Reopen(ledger.PeriodReopening{Key: key, Reason: "x", By: "x"}) },
			"block": func(tx *ledger.Tx) error {
				return tx.SetBlock(ledger.BlockSetting{Key: key, Account: "30101", Sub: "M9", Reason: "x"})
			},
			"floor": func(tx *ledger.Tx) error {
				return tx.SetFloor(ledger.FloorSetting{Key: key, Account: "30101", Sub: "M9"})
			},
			"sub": func(tx *ledger.Tx) error { return tx.OpenSub(ledger.SubOpening{Key: key, Account: "30101", Sub: "M9"}) },
			"account": func(tx *ledger.Tx) error {
				return tx.AddAccount(key, ledger.Account{Code: "9", Kind: ledger.Asset, Normal: ledger.DebitSide})
			},
			"retire": func(tx *ledger.Tx) error {
				return tx.Retire(ledger.Retirement{Key: key, Account: "50101", Reason: "x"})
			},
			"assert": func(tx *ledger.Tx) error {
				return tx.Assert(ledger.Assertion{Key: key, Account: "50101", Date: eventfulDay})
			},
			"save": func(tx *ledger.Tx) error {
				_, err := tx.Save(ledger.Record{Key: key, Kind: "k", ID: "i", Version: 1, Event: "e", State: json.RawMessage("{}")})
				return err
			},
			"adopt": func(tx *ledger.Tx) error {
				_, err := tx.Adopt(ledger.Adoption{Record: ledger.Record{Key: key, Kind: "k", ID: "i", Version: 1, Event: "e", State: json.RawMessage("{}")}, Day: eventfulDay})
				return err
			},
			"desk": func(tx *ledger.Tx) error {
				_, _, err := tx.Repeat(ledger.Command{Key: key, Kind: "desk.act"})
				return err
			},
		} {
			err := book.Update(ctx, other)
			require.ErrorIs(t, err, ledger.ErrKeyConflict, "%s under %q", name, key)
			var conflict *ledger.KeyConflictError
			require.ErrorAs(t, err, &conflict)
			require.NotEqual(t, conflict.First.Content, conflict.SecondUsing)
		}
	}
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)
	requireSound(t, book)
}

// refusedCommands are refused by every book on the way through eventfulCommands.
func refusedCommands() []command {
	rp, day := ledger.IDR.Of, eventfulDay
	return []command{
		{"no key", func(tx *ledger.Tx) error { _, err := tx.Post(deposit("", day, "M1", 1)); return err }},
		{"unbalanced", func(tx *ledger.Tx) error {
			e := deposit("X1", day.AddDays(200), "M1", 1)
			e.Lines = append(e.Lines, ledger.Debit("10102", rp(1)))
			_, err := tx.Post(e)
			return err
		}},
		{"unknown account in the last line", func(tx *ledger.Tx) error {
			e := deposit("X2", day.AddDays(200), "M7", 1)
			e.Lines = append(e.Lines, ledger.Debit("0", rp(1)), ledger.Credit("10102", rp(1)))
			_, err := tx.Post(e)
			return err
		}},
		{"import", func(tx *ledger.Tx) error {
			_, err := tx.Import(ledger.Entry{Key: "X3", Date: day.AddDays(200)})
			return err
		}},
		{"reverse what is not there", func(tx *ledger.Tx) error {
			_, err := tx.Reverse(ledger.Reversal{Key: "X4", Entry: 999, Date: day.AddDays(200), Reason: "x"})
			return err
		}},
		{"hold too much", func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: "X5", Account: "30101", Sub: "M2", Amount: rp(9_999_999), From: day, Reason: "x"})
			return err
		}},
		{"release what is not there", func(tx *ledger.Tx) error {
			_, err := tx.Release(ledger.Release{Key: "X6", Hold: "none", Reason: "x"})
			return err
		}},
		{"capture with a bad entry", func(tx *ledger.Tx) error {
			_, err := tx.Capture(ledger.Release{Key: "X7", Hold: "H1", Amount: rp(1), Reason: "x"}, ledger.Entry{Date: day.AddDays(200), Lines: []ledger.Line{ledger.Debit("30101", rp(1)).For("M2")}})
			return err
		}},
		{"open sub of a header", func(tx *ledger.Tx) error { return tx.OpenSub(ledger.SubOpening{Key: "X8", Account: "1"}) }},
		{"floor above the balance", func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: "X9", Account: "30101", Sub: "M2", Floor: ledger.HardFloor(rp(9_999_999))})
		}},
		{"block without a reason", func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: "X10", Account: "30101", Sub: "M2", Block: ledger.FullBlock})
		}},
		{"account twice", func(tx *ledger.Tx) error { return tx.AddAccount("X11", testChart()[0]) }},
		{"retire what is unknown", func(tx *ledger.Tx) error { return tx.Retire(ledger.Retirement{Key: "X12", Account: "0", Reason: "x"}) }},
		{"close no day", func(tx *ledger.Tx) error { return tx.Close(ledger.PeriodClosing{Key: "X13"}) }},
		{"reopen nothing", func(tx *ledger.Tx) error {
			return tx.Reopen(ledger.PeriodReopening{Key: "X14", Through: day.AddDays(999), SoftThrough: day.AddDays(999), Reason: "x", By: "x"})
		}},
		{"save out of turn", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "X15", Kind: "murabahah", ID: "MRB-1", Version: 9, Event: "e", State: json.RawMessage("{}")})
			return err
		}},
		{"adopt against the balances", func(tx *ledger.Tx) error {
			_, err := tx.Adopt(ledger.Adoption{Record: ledger.Record{Key: "X16", Kind: "k", ID: "i", Version: 1, Event: "e", State: json.RawMessage("{}")},
				Day: day, Claims: []ledger.Claim{{Account: "30101", Sub: "M2", Balance: rp(123)}}})
			return err
		}},
		{"assert against the balances", func(tx *ledger.Tx) error {
			return tx.Assert(ledger.Assertion{Key: "X17", Account: "10102", Date: day, Balance: rp(123)})
		}},
		{"year without a result account", func(tx *ledger.Tx) error {
			_, _, err := tx.CloseYear(ledger.YearEnd{Key: "X18", Day: day, Result: "10102"})
			return err
		}},
		{"result of no account", func(tx *ledger.Tx) error {
			_, _, err := tx.CarryResult(ledger.CarryResult{Key: "X19", Day: day, From: "0", To: "0"})
			return err
		}},
		{"a step that fails at its end", func(tx *ledger.Tx) error {
			return tx.Atomic(func() error {
				if _, _, err := tx.Repeat(ledger.Command{Key: "X20", Kind: "desk.act"}); err != nil {
					return err
				}
				if _, err := tx.Post(deposit("", day.AddDays(200), "M2", 5)); err != nil {
					return err
				}
				_, err := tx.Hold(ledger.Hold{Account: "30101", Sub: "M2", Amount: rp(9_999_999), From: day, Reason: "x"})
				return err
			})
		}},
	}
}

// TestRefusedCommandsLeaveNothing carries out the same commands in one closure
// with every refused command between each two of them, and with none: the two
// books are the same to the last digest.
func TestRefusedCommandsLeaveNothing(t *testing.T) {
	ctx := context.Background()
	at := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	keep := func(disturb func(tx *ledger.Tx)) *ledger.Book {
		book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "b", Currency: ledger.IDR, Chart: testChart(), Clock: func() time.Time { return at }})
		require.NoError(t, err)
		require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
			for _, c := range eventfulCommands() {
				disturb(tx)
				require.NoError(t, c.do(tx), c.name)
			}
			disturb(tx)
			return nil
		}))
		requireSound(t, book)
		return book
	}
	calm := keep(func(*ledger.Tx) {})
	disturbed := keep(func(tx *ledger.Tx) {
		for _, c := range refusedCommands() {
			before, err := tx.Head()
			require.NoError(t, err)
			require.Error(t, c.do(tx), c.name)
			after, err := tx.Head()
			require.NoError(t, err)
			require.Equal(t, before, after, c.name)
		}
	})
	require.Equal(t, changesOf(t, calm), changesOf(t, disturbed))
	one, err := calm.Head(ctx)
	require.NoError(t, err)
	other, err := disturbed.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, one, other)
}

// TestFailingClosures: closures that fail, panic or exit leave nothing behind
// and touch nobody else's, whoever shares their flush.
func TestFailingClosures(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	failed := errors.New("the caller's own")
	const n = 200
	var wait sync.WaitGroup
	for i := range n {
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() { _ = recover() }()
			_ = book.Update(ctx, func(tx *ledger.Tx) error {
				if _, err := tx.Post(deposit(fmt.Sprintf("T%d", i), eventfulDay, "M1", 1)); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return failed
				case 2:
					panic("the caller's own")
				case 3:
					runtime.Goexit()
				}
				return nil
			})
		}()
	}
	wait.Wait()
	require.Equal(t, ledger.IDR.Of(-n/4), balanceOf(t, book, "30101", "M1", ledger.Latest()))
	require.ErrorIs(t, book.Update(ctx, func(tx *ledger.Tx) error { return failed }), failed)
	require.PanicsWithValue(t, "mine", func() { _ = book.Update(ctx, func(tx *ledger.Tx) error { panic("mine") }) })
	_, err := book.Post(ctx, deposit("after", eventfulDay, "M1", 1))
	require.NoError(t, err)
}
