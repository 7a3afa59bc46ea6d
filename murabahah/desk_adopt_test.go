package murabahah_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// running is a contract in mid-term.
func running() murabahah.Adoption {
	return murabahah.Adoption{Date: start, Terms: motor(murabahah.Proportional), State: murabahah.Sold, Collected: ledger.IDR.Of(3_466_000), Maker: "Ani"}
}

// openingEntry brings in what stands on the subs of an adopted contract.
func openingEntry(t testing.TB, book *ledger.Book, a murabahah.Adoption) {
	t.Helper()
	e, err := murabahah.Contract{}.Adopt(a)
	require.NoError(t, err)
	p, id := e.Change, a.Terms.Contract
	entry := ledger.Entry{Key: "opening/" + id, Date: a.Date, Memo: "Saldo awal"}
	var sum ledger.Money
	for _, line := range []ledger.Line{
		ledger.Debit("11101", p.Receivable).For(id), ledger.Credit("11102", p.Deferred).For(id),
		ledger.Debit("11401", p.Inventory).For(id), ledger.Credit("20302", p.DownPayment).For(id),
	} {
		if !line.Amount.IsZero() {
			entry.Lines, sum = append(entry.Lines, line), sum.Add(line.Amount)
		}
	}
	entry.Lines = append(entry.Lines, ledger.Credit("40402", sum))
	_, err = book.Post(ctx, entry)
	require.NoError(t, err)
}

func TestAdoption(t *testing.T) {
	acquired := murabahah.Adoption{Date: start, Terms: motor(murabahah.Annuity), State: murabahah.Acquired, DownPayment: ledger.IDR.Of(1_000_000)}
	for name, a := range map[string]murabahah.Adoption{"sold": running(), "acquired": acquired} {
		t.Run(name, func(t *testing.T) {
			book, desk := newDesk(t)
			_, err := adopt("K1", a).do(desk)
			require.ErrorIs(t, err, murabahah.ErrOpening, "nothing opened")
			openingEntry(t, book, a)
			before := headOf(t, book)

			wrong := a
			wrong.Collected, wrong.DownPayment = a.Collected.Sub(a.Collected.Min(rupiah)), a.DownPayment.Sub(a.DownPayment.Min(rupiah))
			_, err = adopt("K1", wrong).do(desk)
			require.ErrorIs(t, err, murabahah.ErrOpening)
			require.Equal(t, before, headOf(t, book))

			result := does(t, desk, adopt("K1", a))
			require.Zero(t, result.Posted)
			require.Equal(t, a.Maker, result.Event.Maker)
			require.Equal(t, before.Entries, headOf(t, book).Entries, "an adoption posts nothing")
			if name == "sold" {
				does(t, desk, pay("K2", 17_334_000))
			} else {
				does(t, desk, downPayment("K2", 3_000_000), sell("K3"), pay("K4", 20_800_000))
			}
			for account, balance := range standing(t, book) {
				require.NotContains(t, account, "MRB-1", balance)
			}
		})
	}
	book, desk := newDesk(t)
	openingEntry(t, book, running())
	early := running()
	early.Date = start.Prev()
	_, err := adopt("K1", early).do(desk)
	require.EqualError(t, err, "murabahah: contract MRB-1: the receivable is 17334000.00 by terms and progress, the book has 0.00 on account 11101/MRB-1 on 2026-01-04")
	does(t, desk, adopt("K1", running()))
	other := running()
	other.Terms.Contract = "MRB-2"
	openingEntry(t, book, other)
	_, err = book.Post(ctx, ledger.Entry{Key: "later", Date: start.Next(), Memo: "x", Lines: []ledger.Line{
		ledger.Debit("10102", rupiah), ledger.Credit("11101", rupiah).For("MRB-2"),
	}})
	require.NoError(t, err)
	_, err = adopt("K2", other).do(desk)
	require.EqualError(t, err, "murabahah: contract MRB-2: the receivable is 17334000.00 by terms and progress, the book has 17333999.00 on account 11101/MRB-2 later than 2026-01-05")
	_, err = book.Reverse(ctx, ledger.Reversal{Key: "later/R", Entry: 3, Date: start.Next(), Reason: "x"})
	require.NoError(t, err)
	does(t, desk, adopt("K2", other))
}

// A contract in mid-term whose old books had another method, with arrears that
// stand apart as due: what is left is earned with what is left.
func TestAdoptionOfOldBooks(t *testing.T) {
	rp := ledger.IDR.Of
	book, desk := newDesk(t)
	terms := motor(murabahah.Annuity)
	terms.Plan.FirstDue, terms.Recognition.Basis, terms.Settlement.Elapsed = ledger.On(2025, 10, 31), murabahah.OnDueDate, murabahah.ByDays
	a := murabahah.Adoption{
		Date: start, Terms: terms, State: murabahah.Sold, Collected: rp(3_466_000), OldBooks: true, Recognised: rp(1_000_000),
		Due: rp(1_733_000), SoldOn: ledger.On(2025, 9, 30),
	}
	e, err := murabahah.Contract{}.Adopt(a)
	require.NoError(t, err)
	p := e.Change
	require.Equal(t, []ledger.Money{rp(15_601_000), rp(1_733_000), rp(1_000_000)}, []ledger.Money{p.Receivable, p.Due, p.Recognised})
	require.Equal(t, rp(3_800_000), p.Deferred.Add(p.Accrued))
	require.Positive(t, p.Accrued.Sign(), "what was due had been accrued")
	_, err = book.Post(ctx, ledger.Entry{Key: "opening", Date: start, Memo: "Saldo awal", Lines: []ledger.Line{
		ledger.Debit("11101", p.Receivable).For("MRB-1"), ledger.Debit("11115", p.Due).For("MRB-1"), ledger.Credit("11102", p.Deferred).For("MRB-1"),
		ledger.Credit("40402", p.Receivable.Add(p.Due).Sub(p.Deferred)),
	}})
	require.NoError(t, err)
	wrong := a
	wrong.Recognised = rp(999_999)
	_, err = adopt("K1", wrong).do(desk)
	require.ErrorIs(t, err, murabahah.ErrOpening, "the deferred margin is another")
	wrong = a
	wrong.Due = rp(1_000_000)
	_, err = adopt("K1", wrong).do(desk)
	require.ErrorIs(t, err, murabahah.ErrOpening, "the arrears are others")
	adopted := does(t, desk, adopt("K1", a)).Contract
	require.Equal(t, start, adopted.Latest)
	arrears, err := adopted.Arrears(start)
	require.NoError(t, err)
	require.Equal(t, []any{1, rp(1_733_000)}, []any{arrears.Instalments, arrears.Overdue}, "the third of December")
	paid := does(t, desk, pay("K2", 1_733_000))
	require.Zero(t, paid.Contract.Position.Accrued)
	require.Zero(t, paid.Contract.Position.Due)
	does(t, desk, pay("K3", 15_601_000))
	for account, balance := range standing(t, book) {
		require.NotContains(t, account, "MRB-1", balance)
	}
	for name, change := range map[string]func(*murabahah.Adoption){
		"recognised without the old books": func(a *murabahah.Adoption) { a.OldBooks = false },
		"more margin than there is":        func(a *murabahah.Adoption) { a.Recognised = rp(4_800_001) },
		"more due than owed":               func(a *murabahah.Adoption) { a.Due = rp(20_000_000) },
		"sold after it was taken over":     func(a *murabahah.Adoption) { a.SoldOn = start.Next() },
		"progress of an order":             func(a *murabahah.Adoption) { a.State = murabahah.Ordered },
	} {
		wrong := a
		change(&wrong)
		_, err := murabahah.Contract{}.Adopt(wrong)
		var refusal *murabahah.Refusal
		require.ErrorAs(t, err, &refusal, name)
	}
}

// Adopting is refused by the book's rules as by the contract's own.
func TestAdoptionOfWhatIsThere(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, order("K1", motor(murabahah.Proportional)))
	_, err := adopt("K2", running()).do(desk)
	require.EqualError(t, err, "murabahah: contract MRB-1: adopt is not possible, the contract is ordered")
}

// A reversed adoption leaves the opening balances without a contract, which
// Check says until the opening entry is reversed too.
func TestReversedAdoption(t *testing.T) {
	book, desk := newDesk(t)
	openingEntry(t, book, running())
	does(t, desk, adopt("K1", running()), reverse("K2", 0))
	require.Len(t, findings(t, book), 2)
	_, err := book.Reverse(ctx, ledger.Reversal{Key: "K3", Entry: 1, Date: start, Reason: "salah"})
	require.NoError(t, err)
}

// The pure refusal speaks of minor units, until it is told of a currency.
func TestRefusalInACurrency(t *testing.T) {
	_, err := inState(t, murabahah.Sold).contract.Pay(receipt("K", 20_800_001))
	var refusal *murabahah.Refusal
	require.ErrorAs(t, err, &refusal)
	require.EqualError(t, refusal, "murabahah: contract MRB-1: payment of 2080000100 is above the 2080000000 owed")
	shown := refusal.In(ledger.IDR)
	require.EqualError(t, shown, "murabahah: contract MRB-1: payment of 20800001.00 is above the 20800000.00 owed")
	require.ErrorIs(t, shown, murabahah.ErrOverpaid)
	require.Equal(t, []ledger.Money{refusal.Given, refusal.Limit}, []ledger.Money{shown.Given, shown.Limit})
	require.EqualError(t, refusal, "murabahah: contract MRB-1: payment of 2080000100 is above the 2080000000 owed", "the first is as it was")
	plain := &murabahah.Refusal{Kind: murabahah.ErrFormat, Reason: "100% plain"}
	require.EqualError(t, plain.In(ledger.IDR), "murabahah: 100% plain")
}
