package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// CashMove moves cash between two tills or a till and the vault (S1).
type CashMove struct {
	Key      string
	Date     ledger.Date
	From, To Place        // asset accounts that are no savings
	Amount   ledger.Money // above zero

	Memo, Document, Maker, Approver string
}

// MoveCash moves cash between tills: debit To, credit From. Errors match
// [ErrAmount] or [ErrCommand].
func (d *Desk) MoveCash(ctx context.Context, c CashMove) (Receipt, error) {
	return update(ctx, d, c, d.MoveCashTx)
}

// MoveCashTx is MoveCash in the caller's transaction.
func (d *Desk) MoveCashTx(tx *ledger.Tx, c CashMove) (Receipt, error) {
	return atomic(tx, c, func(tx *ledger.Tx, c CashMove) (Receipt, error) {
		receipt, done, err := repeat(tx, command(c.Key, "savings.cash", c))
		if done || err != nil {
			return receipt, err
		}
		if err := positive(c.Amount); err != nil {
			return Receipt{}, in(tx, err)
		}
		if c.From == c.To {
			return Receipt{}, &Refusal{Kind: ErrCommand, Code: "cash.same", Reason: fmt.Sprintf("cash from %s to itself", c.From)}
		}
		for _, p := range [...]Place{c.From, c.To} {
			if err := isCash(tx, p); err != nil {
				return Receipt{}, err
			}
		}
		posted, err := tx.Post(ledger.Entry{Date: c.Date, Memo: memo(c.Memo, "Pindah kas", c.From.String()+" ke "+c.To.String()),
			Document: c.Document, Maker: c.Maker, Approver: c.Approver,
			Lines: []ledger.Line{ledger.Debit(c.To.Account, c.Amount).For(c.To.Sub), ledger.Credit(c.From.Account, c.Amount).For(c.From.Sub)}})
		return Receipt{Posted: posted}, err
	})
}

// isCash says whether a place is an asset.
func isCash(tx *ledger.Tx, p Place) error {
	a, found, err := tx.Account(p.Account)
	if err != nil {
		return err
	}
	if !found || a.Kind != ledger.Asset || a.Normal != ledger.DebitSide {
		return &Refusal{Kind: ErrCommand, Code: "cash.account", Reason: fmt.Sprintf("%s is not an asset of the chart", clip(p.Account))}
	}
	return nil
}

func positive(amount ledger.Money) error {
	return Account{}.positive(amount)
}

// TillCount is a till as it was counted at the end of a day.
type TillCount struct {
	Key     string
	Date    ledger.Date
	Till    Place
	Counted ledger.Money // zero or more

	Document, Maker, Approver string
}

// Counted is what a count came to.
type Counted struct {
	// Difference is what was counted less what the book says: below zero the
	// till is short, above zero over.
	Difference ledger.Money
	Posted     ledger.Posted // zero if there is no difference
	Repeat     bool
}

// CountTill compares a till with the book and posts what is short or over to
// the policy's account until it is explained (S38); the count itself is kept
// as an assertion. Errors match [ErrPolicy], [ErrAmount] or [ErrCommand].
func (d *Desk) CountTill(ctx context.Context, c TillCount) (Counted, error) {
	return update(ctx, d, c, d.CountTillTx)
}

// CountTillTx is CountTill in the caller's transaction.
func (d *Desk) CountTillTx(tx *ledger.Tx, c TillCount) (Counted, error) {
	return atomic(tx, c, d.countTill)
}

func (d *Desk) countTill(tx *ledger.Tx, c TillCount) (Counted, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.count", c))
	if err != nil {
		return Counted{}, err
	}
	if repeated {
		p, err := posted(tx, first)
		return Counted{Difference: lineOn(p, c.Till), Posted: p, Repeat: true}, err
	}
	if c.Counted.Err() != nil || c.Counted.Sign() < 0 {
		return Counted{}, &Refusal{Kind: ErrAmount, Code: "count.amount", Given: c.Counted, Reason: fmt.Sprintf("a count of %s: not an amount of zero or more", c.Counted)}
	}
	if err := isCash(tx, c.Till); err != nil {
		return Counted{}, err
	}
	policy, err := d.policy(tx, c.Date)
	if err != nil {
		return Counted{}, err
	}
	balance, err := tx.Balance(c.Till.Account, c.Till.Sub, ledger.EndOf(c.Date))
	if err != nil {
		return Counted{}, err
	}
	result := Counted{Difference: c.Counted.Sub(balance)}
	if !result.Difference.IsZero() {
		entry, err := policy.difference(c, result.Difference)
		if err != nil {
			return Counted{}, err
		}
		if result.Posted, err = tx.Post(entry); err != nil {
			return Counted{}, err
		}
	}
	return result, tx.Assert(ledger.Assertion{Account: c.Till.Account, Sub: c.Till.Sub, Date: c.Date, Balance: c.Counted, Document: c.Document, By: c.Maker})
}

// difference returns the entry of a till that is short or over.
func (p Policy) difference(c TillCount, over ledger.Money) (ledger.Entry, error) {
	e := ledger.Entry{Date: c.Date, Document: c.Document, Maker: c.Maker, Approver: c.Approver}
	if over.Sign() > 0 {
		code, err := p.role("cash overages", p.Overage)
		e.Memo = "Selisih kas lebih " + c.Till.String()
		e.Lines = []ledger.Line{ledger.Debit(c.Till.Account, over).For(c.Till.Sub), ledger.Credit(code, over)}
		return e, err
	}
	code, err := p.role("cash shortages", p.Shortage)
	e.Memo = "Selisih kas kurang " + c.Till.String()
	e.Lines = []ledger.Line{ledger.Debit(code, over.Neg()), ledger.Credit(c.Till.Account, over.Neg()).For(c.Till.Sub)}
	return e, err
}

// lineOn returns what an entry moved on a place.
func lineOn(p ledger.Posted, at Place) ledger.Money {
	var amount ledger.Money
	for _, line := range p.Lines {
		if line.Account == at.Account && line.Sub == at.Sub {
			amount = amount.Add(line.Amount)
		}
	}
	return amount
}

// Explanation settles a difference of cash once its cause is known, or it is
// given up.
type Explanation struct {
	Key    string
	Date   ledger.Date
	Amount ledger.Money // above zero, at most what stands as short or over
	Over   bool         // an overage; otherwise a shortage
	// Cash is where a shortage was collected or an overage is returned from. The
	// zero Place gives it up: to the policy's expense or income.
	Cash   Place
	Reason string // required

	Document, Maker, Approver string
}

// Explain settles a difference of cash (S38): a shortage is collected or
// becomes an expense, an overage is returned or becomes income. Errors match
// [ErrPolicy], [ErrAmount] or [ErrCommand].
func (d *Desk) Explain(ctx context.Context, x Explanation) (Receipt, error) {
	return update(ctx, d, x, d.ExplainTx)
}

// ExplainTx is Explain in the caller's transaction.
func (d *Desk) ExplainTx(tx *ledger.Tx, x Explanation) (Receipt, error) {
	return atomic(tx, x, d.explainCash)
}

func (d *Desk) explainCash(tx *ledger.Tx, x Explanation) (Receipt, error) {
	receipt, done, err := repeat(tx, command(x.Key, "savings.explain", x))
	if done || err != nil {
		return receipt, err
	}
	if err := positive(x.Amount); err != nil {
		return Receipt{}, in(tx, err)
	}
	switch {
	case x.Reason == "":
		return Receipt{}, &Refusal{Kind: ErrCommand, Code: "explain.reason", Reason: "an explanation needs its reason"}
	case !x.Date.Valid():
		return Receipt{}, &Refusal{Kind: ErrDate, Code: "explain.date", Reason: x.Date.Err().Error()}
	}
	policy, err := d.policy(tx, x.Date)
	if err != nil {
		return Receipt{}, err
	}
	waits, end, err := policy.ends(tx, x)
	if err != nil {
		return Receipt{}, err
	}
	stands, err := tx.Balance(waits, "", ledger.Latest())
	if err != nil {
		return Receipt{}, err
	}
	if stands = stands.Abs(); stands.Less(x.Amount) {
		return Receipt{}, in(tx, &Refusal{Kind: ErrAmount, Code: "explain.above", Given: x.Amount, Limit: stands,
			Reason: fmt.Sprintf("only %s stands as a difference", tx.Currency().Format(stands))})
	}
	lines := []ledger.Line{ledger.Debit(end.Account, x.Amount).For(end.Sub), ledger.Credit(waits, x.Amount)}
	if x.Over {
		lines = []ledger.Line{ledger.Debit(waits, x.Amount), ledger.Credit(end.Account, x.Amount).For(end.Sub)}
	}
	posted, err := tx.Post(ledger.Entry{Date: x.Date, Memo: x.Reason, Document: x.Document, Maker: x.Maker, Approver: x.Approver, Lines: lines})
	return Receipt{Posted: posted}, err
}

// ends returns the account on which a difference waits and where it goes.
func (p Policy) ends(tx *ledger.Tx, x Explanation) (waits string, end Place, err error) {
	what, code, given := "cash shortages", p.Shortage, p.ShortageEnd
	if x.Over {
		what, code, given = "cash overages", p.Overage, p.OverageEnd
	}
	if waits, err = p.role(what, code); err != nil {
		return "", Place{}, err
	}
	if x.Cash != (Place{}) {
		return waits, x.Cash, isCash(tx, x.Cash)
	}
	given, err = p.role(what+" given up", given)
	return waits, Place{Account: given}, err
}
