package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Close closes an account: debit it with its whole balance, credit the fee's
// account and the counter account. Its sub is blocked, so that nothing moves on
// it any more, whoever posts.
func (d *Desk) Close(ctx context.Context, c Closing) (Closure, error) {
	return update(ctx, d, c, d.CloseTx)
}

// CloseTx is Close in the caller's transaction.
func (d *Desk) CloseTx(tx *ledger.Tx, c Closing) (Closure, error) {
	return atomic(tx, c, d.closeAccount)
}

func (d *Desk) closeAccount(tx *ledger.Tx, c Closing) (Closure, error) {
	first, repeated, err := tx.Repeat(command(c.Key, "savings.close", c))
	if err != nil {
		return Closure{}, err
	}
	if repeated {
		return closure(tx, first)
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Closure{}, err
	}
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Closure{}, err
	}
	if err := cash(tx, c.Account, at.account.Member, c.Counter); err != nil {
		return Closure{}, err
	}
	balance, err := at.closable(tx, c.Date, false)
	if err != nil {
		return Closure{}, err
	}
	e, err := at.account.Close(c, at.basis, balance)
	if err != nil {
		return Closure{}, in(tx, err)
	}
	if !e.Fee.IsZero() {
		income, err := earnsOn(tx, e.FeeAccount)
		if err != nil {
			return Closure{}, err
		}
		if !income {
			return Closure{}, at.account.refuse(ErrCommand, "close.fee_account", fmt.Sprintf("%s is no account of income: a fee goes to one", clip(e.FeeAccount)))
		}
	}
	if c.PayTo != "" {
		if err := payable(tx, e); err != nil {
			return Closure{}, err
		}
	}
	result := Closure{Account: at.account.Apply(e), Paid: e.Amount.Sub(e.Fee).Sub(e.Called), Fee: e.Fee}
	if result.Posted, err = post(tx, e, voucher{memo(c.Memo, "Penutupan", c.Account), c.Document, c.Maker, c.Approver}, at); err != nil {
		return Closure{}, err
	}
	if err := blockClosed(tx, at.account, c.Approver); err != nil {
		return Closure{}, err
	}
	return result, keep(tx, e, at)
}

// earnsOn reports whether what the cooperative earns can go to an account. One
// that the chart has not is the book's to refuse.
func earnsOn(tx *ledger.Tx, code string) (bool, error) {
	a, found, err := tx.Account(code)
	return !found || a.Kind == ledger.Income && !a.Contra(), err
}

func blockClosed(tx *ledger.Tx, a Account, by string) error {
	return tx.SetBlock(ledger.BlockSetting{Account: a.Control, Sub: a.ID, Block: ledger.FullBlock, Reason: "account closed", By: by})
}

// closure is the first result of a closing.
func closure(tx *ledger.Tx, first ledger.Command) (Closure, error) {
	account, err := saved[Account](tx, first, KindAccount)
	if err != nil {
		return Closure{}, err
	}
	result := Closure{Account: account, Repeat: true}
	if result.Posted, err = posted(tx, first); err != nil {
		return Closure{}, err
	}
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Closure{}, err
	}
	for _, ch := range changes {
		if ch.Record == nil {
			continue
		}
		var e Event
		if err := decode(ch.Record, ch.Record.Data, &e); err != nil {
			return Closure{}, err
		}
		result.Paid, result.Fee = e.Amount.Sub(e.Fee).Sub(e.Called), e.Fee
	}
	return result, nil
}
