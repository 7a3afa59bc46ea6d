package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// trial is one guarantee being tested: a store, a book in it, and the words
// that the checks are written in.
type trial struct {
	T
	ctx   context.Context
	store ledger.Store
	book  *ledger.Book
}

// Chart is the chart of accounts that the suite and the scenarios use: a header, cash and bank, two
// kinds of savings with subs, a contra account, equity, income, expense and
// two memorandum accounts.
func Chart() ledger.Chart {
	return ledger.Chart{
		{Code: "10000", Name: "Aset", Kind: ledger.Asset, Normal: ledger.DebitSide, Header: true},
		{Code: "10102", Name: "Kas Teller", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "10103", Name: "Bank", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "10409", Name: "Margin Ditangguhkan", Kind: ledger.Asset, Normal: ledger.CreditSide, Control: true},
		{Code: "20101", Name: "Simpanan Wadiah", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		{Code: "30101", Name: "Simpanan Mudharabah", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		{Code: "40402", Name: "SHU Tahun Berjalan", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "50101", Name: "Pendapatan", Kind: ledger.Income, Normal: ledger.CreditSide},
		{Code: "60101", Name: "Beban", Kind: ledger.Expense, Normal: ledger.DebitSide},
		{Code: "99101", Name: "Wakalah", Kind: ledger.Memorandum, Normal: ledger.DebitSide},
		{Code: "99199", Name: "Lawan Wakalah", Kind: ledger.Memorandum, Normal: ledger.CreditSide},
	}
}

const (
	cash    = "10102"
	bank    = "10103"
	wadiah  = "20101"
	savings = "30101"
	result  = "40402"
	income  = "50101"
	expense = "60101"
)

// Clock returns a clock that stands still, so that two runs of the same
// operations give the same digests, however often a store runs them. It shows
// nanoseconds and a time zone, neither of which a book may keep.
func Clock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 123_456_789, time.FixedZone("WIB", 7*60*60))
	return func() time.Time { return now }
}

// recorded is how a book keeps what [Clock] shows.
var recorded = time.Date(2026, time.January, 1, 1, 0, 0, 123_456_000, time.UTC)

func newTrial(t T, store ledger.Store) *trial {
	t.Helper()
	tr := &trial{T: t, ctx: context.Background(), store: store}
	tr.book = tr.create("kspps-melati")
	return tr
}

func config(id string) ledger.Config {
	return ledger.Config{ID: id, Currency: ledger.IDR, Chart: Chart(), Clock: Clock()}
}

func (t *trial) create(id string) *ledger.Book {
	t.Helper()
	book, err := ledger.Create(t.ctx, t.store, config(id))
	t.must(err)
	return book
}

// reopened returns the trial with its book opened anew from the store.
func (t *trial) reopened() *trial {
	t.Helper()
	book, err := ledger.Open(t.ctx, t.store, config(t.book.ID()))
	t.must(err)
	return &trial{T: t.T, ctx: t.ctx, store: t.store, book: book}
}

func (t *trial) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func (t *trial) sound() {
	t.Helper()
	Sound(t.ctx, t.T, t.book)
}

// refused fails unless err is a refusal with one of the codes.
func (t *trial) refused(err error, codes ...ledger.Code) {
	t.Helper()
	code, known := CodeOf(err)
	for _, want := range codes {
		if known && code == want {
			return
		}
	}
	t.Fatalf("got %v (code %q), want a refusal %q", err, code, codes)
}

// same fails unless got is want.
func same[V comparable](t *trial, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// list reads an iterator to its end.
func list[V any](t *trial, seq iter.Seq2[V, error]) []V {
	t.Helper()
	var all []V
	for v, err := range seq {
		t.must(err)
		all = append(all, v)
	}
	return all
}

func (t *trial) view(fn func(*ledger.Tx)) {
	t.Helper()
	t.must(t.book.View(t.ctx, func(tx *ledger.Tx) error { fn(tx); return nil }))
}

func (t *trial) update(fn func(*ledger.Tx) error) error { return t.book.Update(t.ctx, fn) }

// do runs one write, which must succeed.
func (t *trial) do(fn func(*ledger.Tx) error) {
	t.Helper()
	t.must(t.update(fn))
}

func (t *trial) post(e ledger.Entry) ledger.Posted {
	t.Helper()
	posted, err := t.book.Post(t.ctx, e)
	t.must(err)
	return posted
}

// event posts in the name of a contract and saves the version that it names.
func (t *trial) event(e ledger.Entry) ledger.Posted {
	t.Helper()
	var posted ledger.Posted
	t.do(func(tx *ledger.Tx) error {
		answer, err := Event{e}.apply(tx)
		if err == nil {
			posted, _, err = tx.Entry(answer.Entry)
		}
		return err
	})
	return posted
}

func (t *trial) head() ledger.Head {
	t.Helper()
	head, err := t.book.Head(t.ctx)
	t.must(err)
	return head
}

func (t *trial) balance(account, sub string, at ledger.Moment) ledger.Money {
	t.Helper()
	var balance ledger.Money
	t.view(func(tx *ledger.Tx) {
		var err error
		balance, err = tx.Balance(account, sub, at)
		t.must(err)
	})
	return balance
}

// stands fails unless an account stands at so many rupiah, debit positive.
func (t *trial) stands(account, sub string, at ledger.Moment, rupiah int64) {
	t.Helper()
	same(t, fmt.Sprintf("the balance of %s/%s on %s", account, sub, at.Day()), t.balance(account, sub, at), rp(rupiah))
}

func (t *trial) available(account, sub string, day ledger.Date) ledger.Money {
	t.Helper()
	var room ledger.Money
	t.view(func(tx *ledger.Tx) {
		var err error
		room, err = tx.Available(account, sub, day)
		t.must(err)
	})
	return room
}

// unchanged fails if fn moves the book's head.
func (t *trial) unchanged(what string, fn func()) {
	t.Helper()
	before := t.head()
	fn()
	same(t, "the head after "+what, t.head(), before)
}

func rp(rupiah int64) ledger.Money { return ledger.IDR.Of(rupiah) }

func nov(day int) ledger.Date { return ledger.On(2026, time.November, day) }

func deposit(key string, day ledger.Date, sub string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Memo: "Setoran tunai", Lines: []ledger.Line{
		ledger.Debit(cash, rp(rupiah)), ledger.Credit(savings, rp(rupiah)).For(sub),
	}}
}

func withdrawal(key string, day ledger.Date, sub string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Memo: "Penarikan tunai", Lines: []ledger.Line{
		ledger.Debit(savings, rp(rupiah)).For(sub), ledger.Credit(cash, rp(rupiah)),
	}}
}

func move(key string, day ledger.Date, debit, credit string, rupiah int64) ledger.Entry {
	return ledger.Entry{Key: key, Date: day, Lines: []ledger.Line{ledger.Debit(debit, rp(rupiah)), ledger.Credit(credit, rp(rupiah))}}
}

func guard(floor ledger.Floor, key, sub string) func(*ledger.Tx) error {
	return func(tx *ledger.Tx) error {
		return tx.SetFloor(ledger.FloorSetting{Key: key, Account: savings, Sub: sub, Floor: floor, Reason: "produk", By: "manajer"})
	}
}

func block(key, sub string, b ledger.Block) func(*ledger.Tx) error {
	return func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: key, Account: savings, Sub: sub, Block: b, Reason: "buku hilang", By: "manajer"})
	}
}

func hold(h ledger.Hold) func(*ledger.Tx) error {
	return func(tx *ledger.Tx) error {
		if h.Account == "" {
			h.Account = savings
		}
		if h.Reason == "" {
			h.Reason, h.By = "jaminan", "manajer"
		}
		_, err := tx.Hold(h)
		return err
	}
}

func release(r ledger.Release) func(*ledger.Tx) error {
	return func(tx *ledger.Tx) error {
		if r.Reason == "" {
			r.Reason, r.By = "lunas", "manajer"
		}
		_, err := tx.Release(r)
		return err
	}
}

func save(r ledger.Record) func(*ledger.Tx) error {
	return func(tx *ledger.Tx) error {
		_, err := tx.Save(r)
		return err
	}
}

// CodeOf returns the stable code of a refusal, and whether err is one whose
// code and sentinel belong together.
func CodeOf(err error) (ledger.Code, bool) {
	if errors.Is(err, ledger.ErrKeyConflict) {
		return ledger.CodeKeyConflict, true
	}
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		return "", false
	}
	for _, kind := range kinds[refusal.Code] {
		if errors.Is(err, kind) {
			return refusal.Code, true
		}
	}
	return refusal.Code, false
}

// kinds tells which sentinels a code may come with.
var kinds = map[ledger.Code][]error{
	ledger.CodeKeyMissing: {ledger.ErrKey}, ledger.CodeKeyInvalid: {ledger.ErrKey},
	ledger.CodeDateInvalid:  {ledger.ErrDate},
	ledger.CodePeriodClosed: {ledger.ErrPeriodClosed}, ledger.CodePeriodSoftClosed: {ledger.ErrPeriodClosed},
	ledger.CodeAccountUnknown: {ledger.ErrAccount}, ledger.CodeAccountHeader: {ledger.ErrAccount}, ledger.CodeAccountRetired: {ledger.ErrAccount},
	ledger.CodeSubMissing: {ledger.ErrSub}, ledger.CodeSubNotAllowed: {ledger.ErrSub}, ledger.CodeSubInvalid: {ledger.ErrSub},
	ledger.CodeBlocked:     {ledger.ErrBlocked},
	ledger.CodeTooFewLines: {ledger.ErrEntry}, ledger.CodeTooManyLines: {ledger.ErrEntry},
	ledger.CodeTextInvalid: {ledger.ErrEntry, ledger.ErrSub}, ledger.CodePhaseInvalid: {ledger.ErrEntry},
	ledger.CodePartyInvalid: {ledger.ErrEntry}, ledger.CodeActivityInvalid: {ledger.ErrEntry},
	ledger.CodeAmountInvalid: {ledger.ErrEntry, ledger.ErrMoney}, ledger.CodeAmountZero: {ledger.ErrEntry},
	ledger.CodeUnbalanced: {ledger.ErrUnbalanced}, ledger.CodeMemorandumMixed: {ledger.ErrUnbalanced},
	ledger.CodeBalanceOverflow: {ledger.ErrEntry},
	ledger.CodeBelowFloor:      {ledger.ErrFloor}, ledger.CodeHeld: {ledger.ErrFloor, ledger.ErrHold},
	ledger.CodeAccountExists: {ledger.ErrAccount}, ledger.CodeAccountInvalid: {ledger.ErrAccount}, ledger.CodeAccountNotZero: {ledger.ErrAccount},
	ledger.CodeSubExists: {ledger.ErrSub}, ledger.CodeFloorInvalid: {ledger.ErrFloor, ledger.ErrMoney},
	ledger.CodeHoldInvalid: {ledger.ErrHold}, ledger.CodeHoldUnknown: {ledger.ErrHold}, ledger.CodeHoldTooLarge: {ledger.ErrHold},
	ledger.CodeEntryUnknown: {ledger.ErrReversal}, ledger.CodeReversalOfReverse: {ledger.ErrReversal},
	ledger.CodeSourceNotSaved: {ledger.ErrSource}, ledger.CodeReversedAlready: {ledger.ErrReversal}, ledger.CodeReversalOfSource: {ledger.ErrReversal},
	ledger.CodeReasonMissing: {ledger.ErrReversal, ledger.ErrEntry},
	ledger.CodeRecordInvalid: {ledger.ErrRecord}, ledger.CodeRecordStale: {ledger.ErrStale},
	ledger.CodeAdoptionFailed:  {ledger.ErrAdoption},
	ledger.CodeAssertionFailed: {ledger.ErrAssertion}, ledger.CodeClosingInvalid: {ledger.ErrClosing},
}

// lineOf returns the line that a refusal names.
func lineOf(err error) int {
	var refusal *ledger.Refusal
	if errors.As(err, &refusal) {
		return refusal.Line
	}
	return 0
}
