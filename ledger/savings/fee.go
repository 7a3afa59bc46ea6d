package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Fee names a charge of a product's [Fees]. The closing fee is taken by
// [Desk.Close].
type Fee string

const (
	OpeningFee  Fee = "opening"
	MonthlyFee  Fee = "monthly"
	InactiveFee Fee = "inactive"
	PassbookFee Fee = "passbook"
)

// of returns the charge by its name.
func (f Fee) of(fees Fees) (ledger.Money, bool) {
	switch f {
	case OpeningFee:
		return fees.Opening, true
	case MonthlyFee:
		return fees.Monthly, true
	case InactiveFee:
		return fees.Inactive, true
	case PassbookFee:
		return fees.Passbook, true
	}
	return ledger.Money{}, false
}

// Charge takes a fee that the product's terms disclose.
type Charge struct {
	Key     string
	Date    ledger.Date
	Account string
	Fee     Fee
	// Counter is where it is paid in cash; the zero Place takes it from the account.
	Counter Place

	Memo, Document, Maker, Approver string
}

// Charge takes a fee: debit the account or the counter account, credit the
// income account of the product's fees. From the account it takes what is
// there and not held, down to zero and never below; the minimum balance does
// not bind it. Errors match [ErrCommand] if the terms have no such fee,
// [ErrNotDormant] if the inactive fee is asked of an account that is not dormant
// on the day, [ErrMinBalance] if nothing is there.
func (d *Desk) Charge(ctx context.Context, c Charge) (Receipt, error) {
	return update(ctx, d, c, d.ChargeTx)
}

// ChargeTx is Charge in the caller's transaction.
func (d *Desk) ChargeTx(tx *ledger.Tx, c Charge) (Receipt, error) {
	return atomic(tx, c, d.charge)
}

func (d *Desk) charge(tx *ledger.Tx, c Charge) (Receipt, error) {
	receipt, done, err := repeat(tx, command(c.Key, "savings.charge", c))
	if done || err != nil {
		return receipt, err
	}
	at, err := d.loadAccount(tx, c.Account)
	if err != nil {
		return Receipt{}, err
	}
	return d.chargeNow(tx, at, c)
}

// chargeNow takes a fee within a command that has begun.
func (d *Desk) chargeNow(tx *ledger.Tx, at *opened, c Charge) (Receipt, error) {
	if err := at.loadTerms(tx, c.Date); err != nil {
		return Receipt{}, err
	}
	if err := cash(tx, c.Account, at.account.Member, c.Counter); err != nil {
		return Receipt{}, err
	}
	var spendable ledger.Money
	if c.Date.Valid() {
		var err error
		if spendable, err = at.spendable(tx, c.Date, true); err != nil {
			return Receipt{}, err
		}
	}
	e, err := at.account.Charge(c, at.basis, spendable)
	if err != nil {
		return Receipt{}, in(tx, err)
	}
	return carryOut(tx, e, voucher{memo(c.Memo, "Biaya "+feeNames[c.Fee], c.Account), c.Document, c.Maker, c.Approver}, at)
}

// feeNames are the fees as passbooks print them.
var feeNames = map[Fee]string{OpeningFee: "pembukaan", MonthlyFee: "administrasi", InactiveFee: "rekening pasif", PassbookFee: "ganti buku"}

// Charge decides a fee: what the terms of the day say, from the account at
// most what is spendable there.
func (a Account) Charge(c Charge, b Basis, spendable ledger.Money) (Event, error) {
	if err := a.moves(c.Date, b.Member); err != nil {
		return Event{}, err
	}
	amount, known := c.Fee.of(b.Terms.Fees)
	switch {
	case !known:
		return Event{}, a.refuse(ErrCommand, "charge.fee", fmt.Sprintf("unknown fee %q", clip(string(c.Fee))))
	case amount.IsZero():
		return Event{}, &Refusal{Kind: ErrCommand, Code: "charge.none", Account: a.ID, Product: a.Product, Date: c.Date,
			Reason: fmt.Sprintf("the product's terms have no %s fee", c.Fee)}
	case c.Fee == InactiveFee && (!a.dormant() || c.Date.Before(a.Dormant.Since)):
		return Event{}, a.refuseOn(ErrNotDormant, "charge.not_dormant", c.Date, fmt.Sprintf("is not dormant on %s: the fee is for dormant accounts", c.Date))
	}
	e := Event{Name: EventCharge, Date: c.Date, Account: a.ID, Party: b.Member.Party(c.Date),
		FeeKind: c.Fee, FeeAccount: b.Terms.Fees.Account, Counter: c.Counter}
	if c.Counter == (Place{}) {
		if spendable.Sign() <= 0 {
			return Event{}, &Refusal{Kind: ErrMinBalance, Code: "charge.unavailable", Account: a.ID, Member: a.Member, Date: c.Date,
				Given: amount, Reason: "nothing is there to take the fee from"}
		}
		amount = amount.Min(spendable)
		e.Waiver = "fee of the akad"
	}
	e.Amount, e.Fee = amount, amount
	return e, nil
}
