package savings_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func TestMinimumBalance(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA")
	paysIn(t, desk, "T1", "M1-SIWA", day(time.February, 1), 100_000)
	paysIn(t, desk, "T2", "M1-SIMUDA", day(time.February, 1), 20_000)
	take := func(key string, on ledger.Date, amount int64, waiver string) error {
		_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: key, Date: on, Account: "M1-SIWA", Amount: rupiah(amount), Counter: teller, Waiver: waiver})
		return err
	}
	require.NoError(t, take("W1", day(time.February, 10), 50_000, ""))

	r := refused(t, take("W2", day(time.February, 11), 40_001, ""), savings.ErrMinBalance, "withdraw.min_balance")
	require.Equal(t, "M1-SIWA", r.Account)
	require.Equal(t, rupiah(40_001), r.Given)
	require.Equal(t, rupiah(10_000), r.Limit)
	require.Equal(t, rupiah(50_000), r.Balance)
	require.ErrorIs(t, r, ledger.ErrFloor)
	require.Equal(t, "savings: account M1-SIWA: member M1: the balance does not suffice: 40001.00 asked, "+
		"at least 10000.00 must stay of 50000.00 on 2026-02-11", r.Error())

	// Back-dated, it would break the day of the later withdrawal.
	r = refused(t, take("W3", day(time.February, 5), 45_000, ""), savings.ErrMinBalance, "withdraw.min_balance")
	require.Equal(t, day(time.February, 10), r.Date)

	// A transfer meets the same floor.
	_, err := desk.Transfer(ctx, savings.Transfer{Key: "X1", Date: day(time.February, 11), From: "M1-SIWA", To: "M1-SIMUDA", Amount: rupiah(40_001)})
	refused(t, err, savings.ErrMinBalance, "withdraw.min_balance")

	// A named reason waives the minimum, never zero; what is held binds too.
	refused(t, take("W4", day(time.February, 11), 50_001, "keputusan pengurus 7"), savings.ErrMinBalance, "withdraw.min_balance")
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H1", Account: "20101", Sub: "M1-SIWA", Amount: rupiah(5_000), From: day(time.February, 1), Reason: "jaminan", By: "manajer"})
		return err
	}))
	r = refused(t, take("W5", day(time.February, 11), 45_001, "keputusan pengurus 7"), savings.ErrMinBalance, "withdraw.held")
	require.Equal(t, rupiah(5_000), r.Limit)
	require.NoError(t, take("W6", day(time.February, 11), 45_000, "keputusan pengurus 7"))

	_, err = desk.Close(ctx, savings.Closing{Key: "C1", Date: day(time.March, 1), Account: "M1-SIWA", Counter: teller})
	refused(t, err, savings.ErrState, "close.held")
	requireBalance(t, desk, "M1-SIWA", 5_000)
	requireBalance(t, desk, "M1-SIMUDA", 20_000)
}

func TestMinimumOpening(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIMUDA")
	deposit := func(key, account string, amount int64) error {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: key, Date: day(time.February, 2), Account: account, Amount: rupiah(amount), Counter: teller})
		return err
	}
	// A profit share that comes first is no deposit: the minimum still waits.
	_, err := book.Post(ctx, ledger.Entry{Key: "S1", Date: day(time.February, 1), Lines: []ledger.Line{
		ledger.Debit("10201", rupiah(70)), ledger.Credit("30101", rupiah(70)).For("M1-SIMUDA")}})
	require.NoError(t, err)
	r := refused(t, deposit("T1", "M1-SIMUDA", 19_999), savings.ErrMinOpening, "deposit.min_opening")
	require.Equal(t, "savings: account M1-SIMUDA: product SIMUDA: the first deposit is below the product's minimum opening: 19999.00 asked, at least 20000.00", r.Error())
	require.NoError(t, deposit("T2", "M1-SIMUDA", 20_000))
	require.NoError(t, deposit("T3", "M1-SIMUDA", 1))

	// Adopted with a balance of zero, and with one: exempt.
	for _, account := range []string{"M2-A", "M2-B"} {
		_, err := desk.Adopt(ctx, savings.Opening{Key: "A/" + account, Date: day(time.January, 31), Account: account, Member: "M2", Product: "SIMUDA"})
		require.NoError(t, err)
	}
	_, err = book.Post(ctx, ledger.Entry{Key: "opening", Date: day(time.January, 31), Lines: []ledger.Line{
		ledger.Debit("10201", rupiah(500)), ledger.Credit("30101", rupiah(500)).For("M2-B")}})
	require.NoError(t, err)
	require.NoError(t, deposit("T4", "M2-A", 1))
	require.NoError(t, deposit("T5", "M2-B", 1))
	requireBalance(t, desk, "M2-B", 501)
}

// The opening entry may come before the accounts are adopted.
func TestAdoptAfterOpeningEntry(t *testing.T) {
	book, desk := newDesk(t)
	_, err := book.Post(ctx, ledger.Entry{Key: "opening", Date: day(time.January, 31), Lines: []ledger.Line{
		ledger.Debit("10201", rupiah(500_000)), ledger.Credit("20101", rupiah(500_000)).For("M1-SIWA")}})
	require.NoError(t, err)
	_, err = desk.Adopt(ctx, savings.Opening{Key: "A", Date: day(time.January, 31), Account: "M1-SIWA", Member: "M1", Product: "SIWA"})
	require.NoError(t, err)
	requireBalance(t, desk, "M1-SIWA", 500_000)
	_, err = desk.Withdraw(ctx, savings.Withdrawal{Key: "W", Date: day(time.February, 1), Account: "M1-SIWA", Amount: rupiah(490_001), Counter: teller})
	refused(t, err, savings.ErrMinBalance, "withdraw.min_balance")
}

func TestMembership(t *testing.T) {
	_, desk := newDesk(t)
	open := func(key string, on ledger.Date) error {
		_, err := desk.Open(ctx, savings.Opening{Key: key, Date: on, Account: "M1-POKOK", Member: "M1", Product: "POKOK"})
		return err
	}
	refused(t, open("O1", day(time.January, 4)), savings.ErrDate, "account.before_joined")
	require.NoError(t, open("O2", day(time.January, 5)))
	paysIn(t, desk, "T1", "M1-POKOK", day(time.January, 5), 100_000)
	opens(t, desk, "M1", "SIWA")

	_, err := desk.Deposit(ctx, savings.Deposit{Key: "T2", Date: day(time.January, 4), Account: "M1-POKOK", Amount: rupiah(1), Counter: teller})
	refused(t, err, savings.ErrDate, "account.before_joined")
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "T3", Date: day(time.January, 9), Account: "M1-SIWA", Amount: rupiah(10_000), Counter: teller})
	refused(t, err, savings.ErrDate, "account.before_opened")

	// Pokok stays while the member does, however it would leave.
	withdraw := savings.Withdrawal{Key: "W1", Date: day(time.March, 1), Account: "M1-POKOK", Amount: rupiah(100_000), Counter: teller}
	_, err = desk.Withdraw(ctx, withdraw)
	require.Equal(t, savings.RuleMembership, refused(t, err, savings.ErrLocked, "withdraw.locked").Rule)
	_, err = desk.Transfer(ctx, savings.Transfer{Key: "X1", Date: day(time.March, 1), From: "M1-POKOK", To: "M1-SIWA", Amount: rupiah(100_000)})
	refused(t, err, savings.ErrLocked, "withdraw.locked")
	_, err = desk.Close(ctx, savings.Closing{Key: "C1", Date: day(time.March, 1), Account: "M1-POKOK", Counter: teller})
	refused(t, err, savings.ErrLocked, "withdraw.locked")

	leave := savings.Leaving{Key: "L1", Date: day(time.March, 1), Member: "M1", Reason: "pindah domisili"}
	_, err = desk.Leave(ctx, leave)
	require.NoError(t, err)
	_, err = desk.Leave(ctx, savings.Leaving{Key: "L2", Date: day(time.March, 2), Member: "M1", Reason: "lagi"})
	refused(t, err, savings.ErrMember, "member.left")
	again, err := desk.Leave(ctx, leave)
	require.NoError(t, err)
	require.True(t, again.Repeat)

	// The day before is still membership; from the day on the party is another.
	withdraw.Date = day(time.February, 28)
	_, err = desk.Withdraw(ctx, withdraw)
	refused(t, err, savings.ErrLocked, "withdraw.locked")
	_, err = desk.Deposit(ctx, savings.Deposit{Key: "T4", Date: day(time.March, 1), Account: "M1-SIWA", Amount: rupiah(10_000), Counter: teller})
	refused(t, err, savings.ErrMember, "member.left")
	err = open("O3", day(time.March, 1))
	refused(t, err, savings.ErrState, "open.state")
	withdraw.Date = day(time.March, 1)
	r, err := desk.Withdraw(ctx, withdraw)
	require.NoError(t, err)
	require.Equal(t, ledger.Party{Member: "M1", Standing: ledger.Other}, r.Posted.Lines[0].Party)

	_, err = desk.Join(ctx, savings.Joining{Key: "J9", Date: day(time.March, 1), Member: "M1"})
	refused(t, err, savings.ErrExists, "member.exists")
}

func TestRefusedCommands(t *testing.T) {
	book, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA", "SIMUDA")
	opens(t, desk, "M2", "SIWA")
	paysIn(t, desk, "T1", "M1-SIWA", day(time.February, 1), 100_000)
	on := day(time.March, 1)
	deposit := func(c savings.Deposit) error { _, err := desk.Deposit(ctx, c); return err }
	closes := func(c savings.Closing) error { _, err := desk.Close(ctx, c); return err }
	open := func(o savings.Opening) error { _, err := desk.Open(ctx, o); return err }
	for _, test := range []struct {
		name string
		err  error
		kind error
		code string
	}{
		{"no such account", deposit(savings.Deposit{Key: "X", Date: on, Account: "M9", Amount: rupiah(1), Counter: teller}), savings.ErrUnknown, "account.unknown"},
		{"no such day", deposit(savings.Deposit{Key: "X", Date: day(time.February, 30), Account: "M1-SIWA", Amount: rupiah(1), Counter: teller}), savings.ErrDate, "account.date"},
		{"zero", deposit(savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller}), savings.ErrAmount, "amount.not_positive"},
		{"negative", deposit(savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(-1), Counter: teller}), savings.ErrAmount, "amount.not_positive"},
		{"too large", deposit(savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1 << 62), Counter: teller}), savings.ErrAmount, "amount.invalid"},
		{"a transfer in disguise", deposit(savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1), Counter: savings.Place{Account: "20101", Sub: "M2-SIWA"}}), savings.ErrCommand, "counter.savings"},
		{"fee above the balance", closes(savings.Closing{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller, Fee: rupiah(100_001), FeeAccount: "50202"}), savings.ErrAmount, "close.fee_above_balance"},
		{"fee without account", closes(savings.Closing{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller, Fee: rupiah(1)}), savings.ErrCommand, "close.fee_account"},
		{"negative fee", closes(savings.Closing{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller, Fee: rupiah(-1), FeeAccount: "50202"}), savings.ErrAmount, "close.fee"},
		{"closed before its last movement", closes(savings.Closing{Key: "X", Date: day(time.January, 31), Account: "M1-SIWA", Counter: teller}), savings.ErrDate, "close.moved_later"},
		{"share to itself", closes(savings.Closing{Key: "X", Date: on, Account: "M1-SIWA", Counter: teller, PayTo: "M1-SIWA"}), savings.ErrCommand, "close.pay_to"},
		{"share to another member", open(savings.Opening{Key: "X", Date: on, Account: "N", Member: "M1", Product: "SIMUDA", PayTo: "M2-SIWA"}), savings.ErrCommand, "account.pay_to"},
		{"share to nobody", open(savings.Opening{Key: "X", Date: on, Account: "N", Member: "M1", Product: "SIMUDA", PayTo: "M1-X"}), savings.ErrUnknown, "account.unknown"},
		{"no id", open(savings.Opening{Key: "X", Date: on, Member: "M1", Product: "SIMUDA"}), savings.ErrCommand, "open.account"},
		{"an id that does not print", open(savings.Opening{Key: "X", Date: on, Account: "a\nb", Member: "M1", Product: "SIMUDA"}), savings.ErrCommand, "open.account"},
		{"no such product", open(savings.Opening{Key: "X", Date: on, Account: "N", Member: "M1", Product: "X"}), savings.ErrUnknown, "product.unknown"},
		{"no such member", open(savings.Opening{Key: "X", Date: on, Account: "N", Member: "X", Product: "SIMUDA"}), savings.ErrUnknown, "member.unknown"},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, test.err, test.kind, test.code) })
	}
	// What the book refuses keeps its own type.
	err := deposit(savings.Deposit{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1), Counter: savings.Place{Account: "99999"}})
	require.ErrorIs(t, err, ledger.ErrAccount)
	require.ErrorIs(t, deposit(savings.Deposit{Date: on, Account: "M1-SIWA", Amount: rupiah(1), Counter: teller}), ledger.ErrKey)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		_, used, err := tx.Command("X")
		require.False(t, used, "a refused command leaves its key free")
		return err
	}))
}

func TestProducts(t *testing.T) {
	book, desk := newDesk(t)
	nisbah := decimal.RequireFromString
	good := savings.ProductOpening{Key: "P", Code: "SIDIK", Akad: savings.Mudharabah, Control: "30101",
		Terms: savings.Terms{From: day(time.January, 1), Nisbah: nisbah("0.45"), ShareAccount: "50901"}}
	for _, test := range []struct {
		name   string
		change func(*savings.ProductOpening)
		code   string
		rule   string
	}{
		{"no code", func(p *savings.ProductOpening) { p.Code = "" }, "product.code", ""},
		{"no akad", func(p *savings.ProductOpening) { p.Akad = "" }, "product.akad", ""},
		{"unknown control", func(p *savings.ProductOpening) { p.Control = "1" }, "product.control", ""},
		{"no control account", func(p *savings.ProductOpening) { p.Control = "10102" }, "product.control", ""},
		{"control on the debit side", func(p *savings.ProductOpening) { p.Control = "11101" }, "product.control", ""},
		{"mudharabah among equity", func(p *savings.ProductOpening) { p.Control = "40101" }, "product.control", ""},
		{"no first day", func(p *savings.ProductOpening) { p.Terms.From = ledger.Date{} }, "product.from", ""},
		{"no nisbah", func(p *savings.ProductOpening) { p.Terms.Nisbah = decimal.Decimal{} }, "product.nisbah", savings.RuleMudharabah},
		{"negative nisbah", func(p *savings.ProductOpening) { p.Terms.Nisbah = nisbah("-0.4") }, "product.nisbah", savings.RuleMudharabah},
		{"nisbah above 1", func(p *savings.ProductOpening) { p.Terms.Nisbah = nisbah("1.01") }, "product.nisbah", savings.RuleMudharabah},
		{"huge nisbah", func(p *savings.ProductOpening) { p.Terms.Nisbah = decimal.New(1, 2_000_000_000) }, "product.nisbah", savings.RuleMudharabah},
		{"endless nisbah", func(p *savings.ProductOpening) { p.Terms.Nisbah = decimal.New(1, -2_000_000_000) }, "product.nisbah", savings.RuleMudharabah},
		{"wadiah with nisbah", func(p *savings.ProductOpening) { p.Akad, p.Control = savings.Wadiah, "20101" }, "product.nisbah", savings.RuleSavings},
		{"no share account", func(p *savings.ProductOpening) { p.Terms.ShareAccount = "" }, "product.share_account", ""},
		{"share account with subs", func(p *savings.ProductOpening) { p.Terms.ShareAccount = "20101" }, "product.share_account", ""},
		{"negative minimum", func(p *savings.ProductOpening) { p.Terms.MinBalance = rupiah(-1) }, "product.min_balance", ""},
		{"no minimum opening", func(p *savings.ProductOpening) { p.Terms.MinOpening = rupiah(1 << 62) }, "product.min_opening", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := good
			test.change(&p)
			_, err := desk.AddProduct(ctx, p)
			require.Equal(t, test.rule, refused(t, err, savings.ErrProduct, test.code).Rule)
		})
	}
	added, err := desk.AddProduct(ctx, good)
	require.NoError(t, err)
	good.Terms.Nisbah = nisbah("0.4500")
	again, err := desk.AddProduct(ctx, good)
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, added.Product.Code, again.Product.Code)
	require.True(t, again.Product.Terms[0].Nisbah.Equal(nisbah("0.45")))
	good.Key = "P9"
	_, err = desk.AddProduct(ctx, good)
	refused(t, err, savings.ErrExists, "product.exists")

	// New terms leave the past alone.
	require.NoError(t, book.CloseThrough(ctx, ledger.PeriodClosing{Key: "close", Through: day(time.January, 31), By: "manajer"}))
	terms := good.Terms
	terms.Nisbah = nisbah("0.5")
	change := func(key string, from ledger.Date) error {
		terms.From = from
		_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: key, Code: "SIDIK", Terms: terms})
		return err
	}
	refused(t, change("N1", day(time.January, 31)), savings.ErrDate, "product.closed")
	require.NoError(t, change("N2", day(time.February, 15)))
	refused(t, change("N3", day(time.February, 15)), savings.ErrProduct, "product.from")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		p, _, err := savings.ProductIn(tx, "SIDIK")
		for on, want := range map[ledger.Date]string{day(time.February, 14): "0.45", day(time.February, 15): "0.5"} {
			at, offered := p.On(on)
			require.True(t, offered)
			require.True(t, at.Nisbah.Equal(nisbah(want)), on)
		}
		_, offered := p.On(ledger.On(2025, time.December, 31))
		require.False(t, offered)
		return err
	}))
}

func TestApplyMinimum(t *testing.T) {
	_, desk := newDesk(t)
	opens(t, desk, "M1", "SIWA")
	opens(t, desk, "M2", "SIWA", "SIMUDA")
	paysIn(t, desk, "T1", "M1-SIWA", day(time.February, 1), 100_000)
	terms := products()[2].Terms
	terms.From, terms.MinBalance = day(time.March, 1), rupiah(50_000)
	_, err := desk.ChangeProduct(ctx, savings.ProductChange{Key: "N1", Code: "SIWA", Terms: terms})
	require.NoError(t, err)
	take := func(key string, amount int64) error {
		_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: key, Date: day(time.March, 1), Account: "M1-SIWA", Amount: rupiah(amount), Counter: teller})
		return err
	}
	require.NoError(t, take("W1", 40_000), "the account keeps its minimum until it is told")
	for range 2 {
		changed, err := desk.ApplyMinimum(ctx, savings.MinimumChange{Key: "M", Product: "SIWA", Date: day(time.March, 1), By: "manajer"})
		require.NoError(t, err)
		require.Equal(t, 2, changed)
	}
	refused(t, take("W2", 10_001), savings.ErrMinBalance, "withdraw.min_balance")
	require.NoError(t, take("W3", 10_000))
}

// No person's data is in a record but the number.
func TestRecordsCarryNoName(t *testing.T) {
	book, _ := newDesk(t)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		r, found, err := tx.Record(savings.KindMember, "M1")
		require.True(t, found)
		require.JSONEq(t, `{"number":"M1","joined":"2026-01-05","standing":"member"}`, string(r.State))
		require.JSONEq(t, `{"name":"join","date":"2026-01-05","member":"M1","standing":"member"}`, string(r.Data))
		return err
	}))
}
