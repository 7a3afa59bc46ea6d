package savings

import (
	"context"
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// ScheduleIn returns the dues of a wajib account through the month of a day,
// with what was paid by the end of that day.
func ScheduleIn(tx *ledger.Tx, account string, day ledger.Date) (Schedule, error) {
	a, err := found(tx, account)
	if err != nil {
		return Schedule{}, err
	}
	if err := day.Err(); err != nil {
		return Schedule{}, a.refuse(ErrDate, "dues.date", err.Error())
	}
	p, exists, err := ProductIn(tx, a.Product)
	if err != nil {
		return Schedule{}, err
	}
	m, known, err := MemberIn(tx, a.Member)
	if err != nil {
		return Schedule{}, err
	}
	if !exists || !known {
		return Schedule{}, fmt.Errorf("%w: account %s lacks its product or member", ledger.ErrCorrupt, clip(account))
	}
	if p.Akad != Wajib {
		return Schedule{}, a.refuse(ErrCommand, "dues.akad", fmt.Sprintf("%s savings have no dues", p.Akad))
	}
	return schedule(tx, a, p, m, day)
}

func schedule(tx *ledger.Tx, a Account, p Product, m Member, day ledger.Date) (Schedule, error) {
	paid, err := tx.Balance(a.Control, a.ID, ledger.EndOf(day))
	if err != nil {
		return Schedule{}, err
	}
	paid = ledger.CreditSide.Natural(paid)
	if call := p.callAccount(); call != "" {
		called, err := tx.Balance(call, a.ID, ledger.EndOf(day))
		if err != nil {
			return Schedule{}, err
		}
		paid = paid.Sub(called)
	}
	return a.Dues(p, m, day.Month(), paid), paid.Err()
}

// callAccount returns the account on which dues of the product are or were
// called, empty for none.
func (p Product) callAccount() string {
	for _, t := range p.Terms {
		if t.CallAccount != "" {
			return t.CallAccount
		}
	}
	return ""
}

// MandateDues lets dues be taken from a member's savings account, or takes
// that back. Nothing is posted. Errors match [ErrUnknown], [ErrState],
// [ErrDate] or [ErrCommand].
func (d *Desk) MandateDues(ctx context.Context, m DuesMandate) (Registered, error) {
	return update(ctx, d, m, d.MandateDuesTx)
}

// MandateDuesTx is MandateDues in the caller's transaction.
func (d *Desk) MandateDuesTx(tx *ledger.Tx, m DuesMandate) (Registered, error) {
	return d.alter(tx, m.Account, command(m.Key, "savings.mandate", m), func(at *opened) (Event, error) {
		if err := at.loadTerms(tx, m.Date); err != nil {
			return Event{}, err
		}
		var from Account
		if m.From != "" {
			var err error
			if from, err = found(tx, m.From); err != nil {
				return Event{}, err
			}
		}
		return at.account.MandateDues(m, at.basis, from)
	})
}

// CollectDues takes what a member owes in dues from the savings account of the
// mandate, the oldest first and at most what is available there: debit the
// savings, credit the wajib account. Errors match [ErrCommand] without a
// mandate, [ErrAmount] if nothing is owed, [ErrMinBalance] if nothing is
// available.
func (d *Desk) CollectDues(ctx context.Context, c DuesCollection) (Receipt, error) {
	return update(ctx, d, c, d.CollectDuesTx)
}

// CollectDuesTx is CollectDues in the caller's transaction.
func (d *Desk) CollectDuesTx(tx *ledger.Tx, c DuesCollection) (Receipt, error) {
	return atomic(tx, c, d.collectDues)
}

func (d *Desk) collectDues(tx *ledger.Tx, c DuesCollection) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.dues", c))
	if done || err != nil {
		return receipt, err
	}
	to, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if err := to.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	if to.account.Mandate == "" {
		return Receipt{}, to.account.refuse(ErrCommand, "dues.mandate", "there is no mandate to take its dues from savings")
	}
	from, err := d.loadAccount(tx, to.account.Mandate)
	if err != nil {
		return Receipt{}, err
	}
	if err := from.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	owes, err := ScheduleIn(tx, c.Account, c.Date)
	if err != nil {
		return Receipt{}, err
	}
	spendable, err := from.spendable(tx, c.Date, false)
	if err != nil {
		return Receipt{}, err
	}
	e, err := from.account.PayDues(c, from.basis, to.account, to.basis, owes.Arrears(), spendable)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	if err := d.guardShare(tx, c.Date, to, e.Amount); err != nil {
		return Receipt{}, err
	}
	return carryOut(tx, e, voucher{memo("", "Simpanan wajib", c.Account), "", c.Maker, c.Approver}, from, to)
}

// CallDues recognises a period's dues before they are paid (S4): debit the
// call account, credit the wajib account. Payments that follow are credited to
// the call account first. Errors match [ErrCommand] if the product does not
// call its dues, [ErrAmount] if the period is paid or called already.
func (d *Desk) CallDues(ctx context.Context, c DuesCall) (Receipt, error) {
	return update(ctx, d, c, d.CallDuesTx)
}

// CallDuesTx is CallDues in the caller's transaction.
func (d *Desk) CallDuesTx(tx *ledger.Tx, c DuesCall) (Receipt, error) {
	return atomic(tx, c, d.callDues)
}

func (d *Desk) callDues(tx *ledger.Tx, c DuesCall) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.call", c))
	if done || err != nil {
		return receipt, err
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	owes, err := ScheduleIn(tx, c.Account, c.Date)
	if err != nil {
		return Receipt{}, err
	}
	e, err := at.account.CallDues(c, at.basis, owes)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	return carryOut(tx, e, voucher{Memo: memo("", "Tagihan simpanan wajib", c.Account)}, at)
}

// DuesRun takes dues from savings for every account of a product that has a
// mandate.
type DuesRun struct {
	Key     string // each account's command is Key, a slash and the account
	Date    ledger.Date
	Product string

	Maker, Approver string
}

// DuesTaken is what a run came to for one account.
type DuesTaken struct {
	Account string
	Amount  ledger.Money // taken, zero if Refused is not nil
	Refused error        // why nothing was taken
	Repeat  bool
}

// CollectAllDues runs [Desk.CollectDues] for every account of a product with a
// mandate that owes something, and says of each what came of it. A refusal of
// one does not stop the others. Run again after an interruption, it goes on
// where it stopped.
func (d *Desk) CollectAllDues(ctx context.Context, r DuesRun) ([]DuesTaken, error) {
	var due []string
	err := d.book.View(ctx, func(tx *ledger.Tx) (err error) {
		due, err = mandated(tx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	results := make([]DuesTaken, 0, len(due))
	for len(due) > 0 {
		chunk := due[:min(len(due), runChunk)]
		due = due[len(chunk):]
		var taken []DuesTaken
		err := d.book.Update(ctx, func(tx *ledger.Tx) error {
			taken = taken[:0]
			for _, account := range chunk {
				one, err := d.takeDues(tx, r, account)
				if err != nil {
					return err
				}
				taken = append(taken, one)
			}
			return nil
		})
		if err != nil {
			return results, err
		}
		results = append(results, taken...)
	}
	return results, nil
}

// runChunk is how many accounts a run deals with in one Update.
const runChunk = 500

// mandated lists the accounts of a run.
func mandated(tx *ledger.Tx, r DuesRun) ([]string, error) {
	p, found, err := ProductIn(tx, r.Product)
	if err != nil {
		return nil, err
	}
	if !found || p.Akad != Wajib {
		return nil, &Refusal{Kind: ErrCommand, Code: "dues.akad", Product: r.Product, Reason: "there is no such product with dues"}
	}
	var list []string
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return nil, err
		}
		if a.Product == r.Product && a.Mandate != "" && a.Status != Closed {
			list = append(list, a.ID)
		}
	}
	return list, nil
}

func (d *Desk) takeDues(tx *ledger.Tx, r DuesRun, account string) (DuesTaken, error) {
	receipt, err := d.CollectDuesTx(tx, DuesCollection{Key: r.Key + "/" + account, Date: r.Date, Account: account, Maker: r.Maker, Approver: r.Approver})
	one := DuesTaken{Account: account, Repeat: receipt.Repeat}
	var ours *Refusal
	var books *ledger.Refusal
	if errors.As(err, &ours) || errors.As(err, &books) {
		one.Refused = err
		return one, nil
	}
	if err != nil {
		return one, err
	}
	for _, line := range receipt.Posted.Lines {
		if line.Amount.Sign() > 0 {
			one.Amount = one.Amount.Add(line.Amount)
		}
	}
	return one, nil
}
