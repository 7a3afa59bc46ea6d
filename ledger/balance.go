package ledger

import (
	"iter"
	"math"
)

// Moment is the point at which a balance is read: the end of a day, with or
// without the day's adjusting and closing entries, as the book knows it now or
// knew it after an earlier change.
type Moment struct {
	day   Date
	phase Phase
	past  bool // as the book knew it after change asOf
	asOf  uint64
}

// endOfTime is the last day there is.
var endOfTime = Date{lastDay}

// EndOf is the end of a day, everything included.
func EndOf(day Date) Moment { return Moment{day: day, phase: Closing} }

// Latest is after all lines, those dated in the future included.
func Latest() Moment { return EndOf(endOfTime) }

// BeforeClosing leaves the closing entries of the day itself out: the balances
// from which a year's statements are read.
func (m Moment) BeforeClosing() Moment {
	m.phase = Adjusting
	return m
}

// BeforeAdjusting leaves the adjusting and closing entries of the day itself out.
func (m Moment) BeforeAdjusting() Moment {
	m.phase = Ordinary
	return m
}

// AsOf reads the balance as the book knew it right after a change; after
// change 0 it knew nothing.
func (m Moment) AsOf(change uint64) Moment {
	m.past, m.asOf = true, change
	return m
}

// Day returns the day.
func (m Moment) Day() Date { return m.day }

func (m Moment) includes(day Date, phase Phase) bool {
	return day.Before(m.day) || day == m.day && phase <= m.phase
}

// Balance is what stands on an account or sub.
type Balance struct {
	Account Account
	Sub     string
	Amount  Money // debit positive
}

// Balance returns the balance of a sub at a moment, debit positive; for a
// control account and an empty sub the total of all its subs. An unknown sub
// has a balance of zero; an unknown account is refused with [ErrAccount].
func (tx *Tx) Balance(account, sub string, at Moment) (Money, error) {
	a, err := tx.known(account, sub)
	if err != nil {
		return Money{}, err
	}
	if err := at.day.Err(); err != nil {
		return Money{}, err
	}
	if !a.Control || sub != "" {
		return tx.balance(account, sub, at)
	}
	return tx.controlBalance(account, at)
}

// controlBalance adds up the subs of a control account.
func (tx *Tx) controlBalance(account string, at Moment) (Money, error) {
	var sum BalanceDays // 128 bits: partial sums may exceed the largest amount
	for row, err := range tx.Subs(account, "") {
		if err != nil {
			return Money{}, err
		}
		amount, err := tx.balanceOf(&row, at)
		if err != nil {
			return Money{}, err
		}
		sum = sum.Add(amount.Over(1))
	}
	total := narrow(sum)
	return total, total.Err()
}

func (tx *Tx) known(account, sub string) (Account, error) {
	a, found, err := tx.account(account)
	if err != nil {
		return Account{}, err
	}
	if !found {
		return Account{}, tx.refuse(ErrAccount, Refusal{Code: CodeAccountUnknown, Account: account, Sub: sub, Detail: "is not in the chart"})
	}
	if sub != "" && !a.Control {
		return Account{}, tx.refuse(ErrSub, Refusal{Code: CodeSubNotAllowed, Account: account, Sub: sub, Detail: "has no subs"})
	}
	return a, nil
}

// balanceOf reads a balance, from the sub's own row where that is enough.
func (tx *Tx) balanceOf(row *Sub, at Moment) (Money, error) {
	if !at.past && at.includes(row.LastDay, Closing) {
		return row.Last, nil
	}
	return tx.balance(row.Account, row.Sub, at)
}

func (tx *Tx) balance(account, sub string, at Moment) (Money, error) {
	if quick, ok := tx.reader.(Balancer); ok && tx.stage == nil && !tx.done {
		q := BalanceAt{Account: account, Sub: sub, Day: at.day, Phase: at.phase, AsOf: math.MaxUint64}
		if at.past {
			q.AsOf = at.asOf
		}
		balance, err := quick.Balance(q)
		if err == nil {
			err = balance.Err()
		}
		return balance, err
	}
	return tx.reckon(account, sub, at)
}

// reckon reads a balance from the rows and, as of an earlier change, from the
// lines written since.
func (tx *Tx) reckon(account, sub string, at Moment) (Money, error) {
	position, err := tx.turnoversFrom(account, sub, at.day)
	if err != nil {
		return Money{}, err
	}
	balance := position.Before
	for _, row := range position.Rows {
		if !at.includes(row.Day, row.Phase) {
			break
		}
		balance = row.Balance
	}
	if !at.past {
		return balance, nil
	}
	wide := balance.Over(1) // by date, partial sums may be no balance that ever was
	for line, err := range tx.Lines(LineQuery{Account: account, Sub: sub, Through: at.day, After: at.asOf}) {
		if err != nil {
			return Money{}, err
		}
		if at.includes(line.Date, line.Phase) {
			wide = wide.Sub(line.Amount.Over(1))
		}
	}
	balance = narrow(wide)
	return balance, balance.Err()
}

// turnoversFrom returns a sub's rows from a day on, staged ones included.
func (tx *Tx) turnoversFrom(account, sub string, from Date) (Position, error) {
	if tx.done {
		return Position{}, ErrTxDone
	}
	p, err := tx.reader.Position(account, sub, from)
	if err != nil || tx.stage == nil {
		return p, err
	}
	staged := tx.stage.find(account, sub)
	if staged == nil {
		return p, nil
	}
	p.Sub, p.Exists, p.Holds = staged.sub, staged.exists, staged.holds
	if staged.touched.IsZero() {
		return p, nil
	}
	cut := len(p.Rows)
	for cut > 0 && !p.Rows[cut-1].Day.Before(staged.from) {
		cut--
	}
	rows := p.Rows[:cut:cut]
	for _, row := range staged.rows {
		if row.Day.Before(from) {
			p.Before = row.Balance
			continue
		}
		rows = append(rows, row)
	}
	p.Rows = rows
	return p, nil
}

// Balances lists what stands on every account and sub at a moment, by code
// and sub, balances of zero left out.
func (tx *Tx) Balances(at Moment) iter.Seq2[Balance, error] {
	return func(yield func(Balance, error) bool) {
		if err := at.day.Err(); err != nil {
			yield(Balance{}, err)
			return
		}
		for account, err := range tx.Accounts() {
			if err != nil {
				yield(Balance{}, err)
				return
			}
			if !tx.subBalances(&account, "", at, yield) {
				return
			}
		}
	}
}

// SubBalances lists what stands on the subs of an account that sort after the
// given one at a moment, by key, balances of zero left out: a page of a control
// account's sub-ledger continues behind the last sub of the page before. An
// account without subs lists itself, with an empty sub. An unknown account is
// refused with [ErrAccount].
func (tx *Tx) SubBalances(account, after string, at Moment) iter.Seq2[Balance, error] {
	return func(yield func(Balance, error) bool) {
		a, err := tx.known(account, "")
		if err == nil {
			err = at.day.Err()
		}
		if err != nil {
			yield(Balance{}, err)
			return
		}
		tx.subBalances(&a, after, at, yield)
	}
}

// subBalances yields the balances of an account's subs and reports whether
// there may be more.
func (tx *Tx) subBalances(account *Account, after string, at Moment, yield func(Balance, error) bool) (more bool) {
	for row, err := range tx.Subs(account.Code, after) {
		var amount Money
		if err == nil {
			amount, err = tx.balanceOf(&row, at)
		}
		if err != nil {
			yield(Balance{}, err)
			return false
		}
		if !amount.IsZero() && !yield(Balance{*account, row.Sub, amount}, nil) {
			return false
		}
	}
	return true
}

// KindBalance returns the total of all accounts of a kind at a moment, debit
// positive.
func (tx *Tx) KindBalance(kind Kind, at Moment) (Money, error) {
	var sum BalanceDays // 128 bits: partial sums may exceed the largest amount
	for b, err := range tx.Balances(at) {
		if err != nil {
			return Money{}, err
		}
		if b.Account.Kind == kind {
			sum = sum.Add(b.Amount.Over(1))
		}
	}
	total := narrow(sum)
	return total, total.Err()
}

// Available returns by how much a sub may be lowered on a day: its balance
// less its floors and what is held, at the tightest end of day from then on;
// negative where it is below already. An account without a floor and without
// holds may be lowered without end: the largest amount. On a control account
// nothing can be taken but from a sub, so an empty one is refused with [ErrSub].
func (tx *Tx) Available(account, sub string, day Date) (Money, error) {
	a, err := tx.known(account, sub)
	if err != nil {
		return Money{}, err
	}
	if a.Control && sub == "" {
		return Money{}, tx.refuse(ErrSub, Refusal{Code: CodeSubMissing, Account: account, Date: day, Detail: "is a control account: what is free, is free on a sub"})
	}
	if err := day.Err(); err != nil {
		return Money{}, err
	}
	p, err := tx.turnoversFrom(account, sub, day)
	if err != nil {
		return Money{}, err
	}
	at := stagedSub{account: &a, sub: p.Sub, before: p.Before, rows: p.Rows, holds: p.Holds}
	floor, bound := at.floor(false)
	tightest := at.tightest(headroom{from: day, floor: floor, bound: bound})
	if !tightest.limited {
		return Minor(MaxMoney), nil
	}
	return tightest.room, nil
}
