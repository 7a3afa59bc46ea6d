package savings_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// payroll is a bulk deposit of 25 March out of what an employer has paid to the bank.
func payroll(lines ...savings.BulkLine) savings.BulkDeposit {
	return savings.BulkDeposit{Date: day(time.March, 25), Counter: bank, List: savings.BulkList{Lines: lines}, Memo: "Potongan gaji Maret", Document: "PT Melati/03"}
}

func line(key, member, product string, amount int64) savings.BulkLine {
	return savings.BulkLine{Key: key, Member: member, Product: product, Amount: rupiah(amount)}
}

// S3, S6 and S8 by list: each line is an entry of its own, dues among them.
func TestBulkDepositPaysSavingsAndDues(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB", "SIWA", "SIMUDA")
	opens(t, desk, "M2", "WAJIB", "SIMUDA")
	byAccount := savings.BulkLine{Key: "G/5", Account: "M2-SIMUDA", Member: "M2", Product: "SIMUDA", Amount: rupiah(30_000), Note: "Lembur"}
	list := payroll(
		line("G/1", "M1", "wajib", 25_000), line("G/2", "M1", "SIWA", 10_000), line("G/3", "M1", "SIMUDA", 20_000),
		line("G/4", "M2", "WAJIB", 25_000), byAccount, line("G/6", "M1", "SIMUDA", 2_000))
	list.Total = rupiah(112_000)
	result, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Equal(t, rupiah(112_000), result.Total)
	require.Empty(t, result.Faults)
	require.Zero(t, result.Repeats)
	require.Len(t, result.Receipts, 6)
	for i, want := range []struct{ control, account, memo string }{
		{"40102", "M1-WAJIB", "Potongan gaji Maret"}, {"20101", "M1-SIWA", "Potongan gaji Maret"}, {"30101", "M1-SIMUDA", "Potongan gaji Maret"},
		{"40102", "M2-WAJIB", "Potongan gaji Maret"}, {"30101", "M2-SIMUDA", "Lembur"}, {"30101", "M1-SIMUDA", "Potongan gaji Maret"},
	} {
		r := result.Receipts[i]
		require.Equal(t, want.account, r.Account)
		require.Equal(t, i+1, r.Line)
		require.Equal(t, list.List.Lines[i].Key, r.Key)
		requireLines(t, r.Posted, ledger.Debit("10201", r.Amount), ledger.Credit(want.control, r.Amount).For(want.account).With(member(want.account[:2])))
		require.Equal(t, want.memo, r.Posted.Memo)
		require.Equal(t, "PT Melati/03", r.Posted.Document)
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		dues, err := savings.ScheduleIn(tx, "M1-WAJIB", day(time.March, 25))
		require.Equal(t, rupiah(50_000), dues.Arrears(), "three months called, one paid, the oldest first")
		require.Equal(t, month(time.January), dues.PaidTo())
		return err
	}))
}

// A second sending of the same list pays nothing in twice, one with further
// lines pays those in, also after the accounts were closed.
func TestBulkDepositSentAgain(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB", "SIWA")
	list := payroll(line("G/1", "M1", "wajib", 25_000), line("G/2", "M1", "SIWA", 10_000))
	first, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	_, err = desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.March, 26), Account: "M1-SIWA", Counter: teller, Waived: true})
	require.NoError(t, err)
	head, err := book.Head(ctx)
	require.NoError(t, err)

	again, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Equal(t, 2, again.Repeats)
	require.Equal(t, first.Total, again.Total)
	for i, r := range again.Receipts {
		require.True(t, r.Repeat)
		r.Repeat, r.Posted.Repeat = false, false
		require.Equal(t, first.Receipts[i], r)
	}
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)

	list.List.Lines = append(list.List.Lines, line("G/3", "M1", "wajib", 1_000))
	more, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Equal(t, 2, more.Repeats)
	require.False(t, more.Receipts[2].Repeat)

	for name, change := range map[string]func(*savings.BulkDeposit){
		"date":    func(b *savings.BulkDeposit) { b.Date = day(time.March, 27) },
		"counter": func(b *savings.BulkDeposit) { b.Counter = teller }, "sub": func(b *savings.BulkDeposit) { b.Counter.Sub = "x" },
		"memo": func(b *savings.BulkDeposit) { b.Memo = "x" }, "document": func(b *savings.BulkDeposit) { b.Document = "x" },
		"maker": func(b *savings.BulkDeposit) { b.Maker = "x" }, "approver": func(b *savings.BulkDeposit) { b.Approver = "x" },
		"account": func(b *savings.BulkDeposit) { b.List.Lines[0].Account = "M1-WAJIB" },
		"member":  func(b *savings.BulkDeposit) { b.List.Lines[0].Member = "M2" }, "product": func(b *savings.BulkDeposit) { b.List.Lines[0].Product = "WAJIB" },
		"amount": func(b *savings.BulkDeposit) { b.List.Lines[0].Amount = rupiah(24_000) }, "note": func(b *savings.BulkDeposit) { b.List.Lines[0].Note = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			other := payroll(line("G/1", "M1", "wajib", 25_000), line("G/2", "M1", "SIWA", 10_000))
			change(&other)
			_, err := desk.DepositAll(ctx, other)
			require.ErrorIs(t, err, savings.ErrBulk)
			require.ErrorIs(t, err, ledger.ErrKeyConflict)
		})
	}
}

// faulty is a list in which every line but two is wrong in its own way.
func faulty(t *testing.T, desk *savings.Desk) savings.BulkDeposit {
	opens(t, desk, "M1", "WAJIB", "SIWA", "SIMUDA")
	opens(t, desk, "M2", "SIWA", "SIMUDA")
	opens(t, desk, "M3", "SIWA")
	_, err := desk.Open(ctx, savings.Opening{Key: "O2", Date: day(time.January, 10), Account: "M2-SIWA-2", Member: "M2", Product: "SIWA"})
	require.NoError(t, err)
	paysIn(t, desk, "D", "M2-SIMUDA", day(time.February, 1), 20_000)
	leaves(t, desk, "M3", day(time.March, 1))
	_, err = desk.Block(ctx, savings.Blocking{Key: "B", Date: day(time.February, 2), Account: "M1-SIWA", Block: ledger.CreditBlock, Reason: "sengketa", By: "manajer"})
	require.NoError(t, err)
	broken := line("G/13", "M1", "wajib", 0)
	broken.Amount = ledger.Minor(1 << 62).Add(ledger.Minor(1 << 62))
	b := payroll(
		line("G/1", "M1", "wajib", 25_000),
		line("G/2", "M9", "SIWA", 10_000),
		line("G/3", "M2", "wajib", 10_000),
		line("G/4", "M2", "SIWA", 10_000),
		line("G/5", "M1", "SIMUDA", 19_999),
		line("G/6", "M2", "SIMUDA", 1_999),
		line("G/7", "M3", "SIWA", 10_000),
		line("G/1", "M1", "wajib", 25_000),
		line("", "M1", "wajib", 25_000),
		line("G/10", "M1", "", 25_000),
		savings.BulkLine{Key: "G/11", Account: "M1-SIWA", Member: "M2", Amount: rupiah(1)},
		savings.BulkLine{Key: "G/12", Account: "M1-SIWA", Product: "wajib", Amount: rupiah(1)},
		broken,
		line("G/14", "M1", "wajib", -5),
		line("G/15", "M1", "SIWA", 10_000),
		savings.BulkLine{Key: "G/16", Account: "M7-SIWA", Amount: rupiah(1)},
		line("D", "M1", "wajib", 25_000),
		line("G/18", "M2", "SIMUDA", 2_000),
	)
	for i := range b.List.Lines {
		b.List.Lines[i].Line = i + 2 // below a header line
	}
	b.List.Faults = []savings.BulkFault{{Line: 20, Err: &savings.Refusal{Kind: savings.ErrCommand, Code: "bulk.row", Reason: "6 fields, the header has 5"}}}
	return b
}

func TestBulkDepositTellsAllFaults(t *testing.T) {
	book, desk := newFullDesk(t)
	list := faulty(t, desk)
	head, err := book.Head(ctx)
	require.NoError(t, err)
	_, err = desk.DepositAll(ctx, list)
	require.ErrorIs(t, err, savings.ErrBulk)
	var all *savings.BulkError
	require.ErrorAs(t, err, &all)
	require.Equal(t, 19, all.Lines)
	var says []string
	for _, f := range all.Faults {
		says = append(says, f.Error())
	}
	require.Equal(t, []string{
		`line 3: key "G/2": member M9: there is no such member`,
		`line 4: key "G/3": member M2: has no open account of wajib`,
		`line 5: key "G/4": member M2: has 2 open accounts of SIWA: name one`,
		`line 6: key "G/5": account M1-SIMUDA: product SIMUDA: the first deposit is below the product's minimum opening: 19999.00 asked, at least 20000.00`,
		`line 7: key "G/6": account M2-SIMUDA: product SIMUDA: the deposit is below the product's minimum deposit: 1999.00 asked, at least 2000.00`,
		`line 8: key "G/7": account M3-SIWA: member M3: the member has left on 2026-03-01: nothing can be paid in`,
		`line 9: key "G/1": the key stands in line 2 already`,
		`line 10: every command needs a key`,
		`line 11: key "G/10": member M1: names neither an account nor a member and a product`,
		`line 12: key "G/11": account M1-SIWA: member M2: the account is member M1's`,
		`line 13: key "G/12": account M1-SIWA: the account is one of SIWA, not of wajib`,
		`line 14: key "G/13": account M1-WAJIB: ledger: not an amount: beyond the largest amount`,
		`line 15: key "G/14": account M1-WAJIB: the amount must be above zero`,
		`line 16: key "G/15": account 20101/M1-SIWA: has a credit block`,
		`line 17: key "G/16": account M7-SIWA: there is no such savings account`,
		`line 18: key "D": ledger: key "D" was used by savings.deposit`,
		`line 20: 6 fields, the header has 5`,
	}, shortened(says))
	for _, kind := range []error{savings.ErrUnknown, savings.ErrMinOpening, savings.ErrMinDeposit, savings.ErrMember, savings.ErrAmount, ledger.ErrBlocked, ledger.ErrKeyConflict} {
		require.ErrorIs(t, err, kind)
	}
	require.True(t, strings.HasPrefix(err.Error(), `savings: bulk deposit of 19 lines: nothing was paid in, 17 faults; line 3: key "G/2": member M9`), err.Error())
	require.True(t, strings.HasSuffix(err.Error(), "; and 7 more"), err.Error())
	require.NotContains(t, err.Error(), "\n")
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after, "nothing was written")
}

// shortened leaves digests out of messages.
func shortened(lines []string) []string {
	for i, l := range lines {
		lines[i], _, _ = strings.Cut(l, " with content")
	}
	return lines
}

// A setting pays the sound lines in; the faulty ones are named and can be sent
// again, mended, under the same keys.
func TestBulkDepositLeavesFaultyLinesOut(t *testing.T) {
	_, desk := newFullDesk(t)
	list := faulty(t, desk)
	list.SkipFaulty = true
	result, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Len(t, result.Receipts, 2)
	require.Equal(t, rupiah(27_000), result.Total)
	require.Len(t, result.Faults, 17)
	require.ErrorIs(t, result.Faults[0], savings.ErrUnknown)

	list.List.Lines[1].Member, list.List.Lines[1].Product = "M1", "wajib"
	result, err = desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Len(t, result.Receipts, 3)
	require.Equal(t, 2, result.Repeats)
	require.False(t, result.Receipts[1].Repeat)
}

func TestBulkDepositAsAWhole(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB", "SIWA")
	refused := func(b savings.BulkDeposit) string {
		t.Helper()
		head, err := book.Head(ctx)
		require.NoError(t, err)
		_, err = desk.DepositAll(ctx, b)
		require.ErrorIs(t, err, savings.ErrBulk)
		var r *savings.Refusal
		require.ErrorAs(t, err, &r)
		after, headErr := book.Head(ctx)
		require.NoError(t, headErr)
		require.Equal(t, head, after)
		return r.Code
	}
	require.Equal(t, "bulk.empty", refused(payroll()))
	require.Equal(t, "bulk.lines", refused(payroll(make([]savings.BulkLine, savings.MaxBulkLines+1)...)))
	short := payroll(line("G/1", "M1", "wajib", 25_000))
	short.Total, short.SkipFaulty = rupiah(25_001), true
	require.Equal(t, "bulk.total", refused(short), "also where faulty lines are left out: nobody knows which it is")
	own := payroll(line("G/1", "M1", "wajib", 25_000))
	own.Counter = savings.Place{Account: "20101", Sub: "M1-SIWA"}
	require.Equal(t, "counter.savings", refused(own))
	never := payroll(line("G/1", "M1", "wajib", 25_000))
	never.Date = day(time.February, 30)
	require.Equal(t, "account.date", refused(never))

	// In the host's own transaction a refusal leaves what the host wrote.
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := desk.DepositTx(tx, savings.Deposit{Key: "H", Date: day(time.March, 1), Account: "M1-WAJIB", Amount: rupiah(1), Counter: teller})
		require.NoError(t, err)
		_, err = desk.DepositAllTx(tx, short)
		require.ErrorIs(t, err, savings.ErrBulk)
		short.Total = rupiah(25_000)
		_, err = desk.DepositAllTx(tx, short)
		return err
	}))
}

// Each line is taken back by its own key, books and record together.
func TestBulkDepositLineTakenBack(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	_, err := desk.DepositAll(ctx, payroll(line("G/1", "M1", "SIMUDA", 20_000), line("G/2", "M1", "SIMUDA", 2_000)))
	require.NoError(t, err)
	for _, key := range []string{"G/2", "G/1"} {
		_, err = desk.Reverse(ctx, savings.Reversal{Key: "R/" + key, Of: key, Date: day(time.March, 26), Reason: "bukan potongannya"})
		require.NoError(t, err)
	}
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		a, _, err := savings.AccountIn(tx, "M1-SIMUDA")
		require.Equal(t, savings.Opened, a.Status)
		return err
	}))
}

// One flush: the store is written to once, however many lines there are.
func TestBulkDepositIsOneFlush(t *testing.T) {
	store := &flushes{Store: ledger.NewMemory()}
	book, err := ledger.Create(ctx, store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	require.NoError(t, err)
	desk := savings.NewDesk(book)
	_, err = desk.AddProduct(ctx, products()[1])
	require.NoError(t, err)
	_, err = desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.January, 5), Member: "M1"})
	require.NoError(t, err)
	opens(t, desk, "M1", "WAJIB")
	list := payroll()
	for n := range 5000 {
		list.List.Lines = append(list.List.Lines, line(fmt.Sprintf("G/%d", n), "M1", "wajib", 1_000))
	}
	store.count = 0
	result, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Len(t, result.Receipts, 5000)
	require.Equal(t, rupiah(5_000_000), result.Total)
	require.Equal(t, 1, store.count)
	requireSound(t, book)

	again, err := desk.DepositAll(ctx, list)
	require.NoError(t, err)
	require.Equal(t, 5000, again.Repeats)
}

// A failure of the store is none of the list's faults.
func TestBulkDepositStoreFails(t *testing.T) {
	store := &flushes{Store: ledger.NewMemory()}
	book, err := ledger.Create(ctx, store, ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	require.NoError(t, err)
	desk := savings.NewDesk(book)
	store.fail = errors.New("disk full")
	_, err = desk.DepositAll(ctx, payroll(line("G/1", "M1", "wajib", 1)))
	require.ErrorIs(t, err, store.fail)
	require.NotErrorIs(t, err, savings.ErrBulk)
}

// flushes counts the writes of a store, and fails if told to.
type flushes struct {
	ledger.Store
	count int
	fail  error
}

func (s *flushes) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	if s.fail != nil {
		return s.fail
	}
	s.count++
	return s.Store.Update(ctx, book, fn)
}
