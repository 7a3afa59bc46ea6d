package murabahah

import (
	"cmp"
	"context"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Share is a contract's part of a payment.
type Share struct {
	Contract string
	Amount   ledger.Money // above zero
}

// JointReceipt is one payment for several contracts, of one member or more.
type JointReceipt struct {
	Receipt         // its Contract is not looked at; its Amount is the whole
	Shares  []Share // each contract once, together the Amount
}

// Spread divides a payment over contracts: what is due by the day first, the
// oldest instalment of them all before the next, then the instalments to come
// in the order of their days. Rest is what is more than all of them owe.
// Contracts that are not sold take nothing.
func Spread(contracts []Contract, amount ledger.Money, day ledger.Date) (shares []Share, rest ledger.Money, err error) {
	if err := amount.Err(); err != nil || amount.Sign() < 0 {
		return nil, rest, refuse(ErrAmount, "spread.amount", "", "a payment of %s cannot be divided", amount)
	}
	if err := day.Err(); err != nil {
		return nil, rest, refuse(ErrDate, "spread.date", "", "spread: %v", err)
	}
	type claim struct {
		contract int
		due      ledger.Date
		open     ledger.Money
	}
	var claims []claim
	for i, c := range contracts {
		if c.State != Sold {
			continue
		}
		schedule, err := c.Schedule()
		if err != nil {
			return nil, rest, err
		}
		for _, row := range schedule.Cover(c.Position.Collected) {
			if open := row.Open(); open.Sign() > 0 {
				claims = append(claims, claim{i, row.Due, open})
			}
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(a.due.Cmp(b.due), cmp.Compare(contracts[a.contract].Terms.Contract, contracts[b.contract].Terms.Contract))
	})
	parts := make([]ledger.Money, len(contracts))
	for _, c := range claims {
		part := c.open.Min(amount)
		parts[c.contract], amount = parts[c.contract].Add(part), amount.Sub(part)
	}
	for i, part := range parts {
		if part.Sign() > 0 {
			shares = append(shares, Share{contracts[i].Terms.Contract, part})
		}
	}
	return shares, amount, nil
}

// PaySeveral lets one payment pay several contracts: an entry for each, all or
// none, under one key. [Spread] proposes the shares.
func (d *Desk) PaySeveral(ctx context.Context, r JointReceipt) ([]Result, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) ([]Result, error) { return d.PaySeveralTx(tx, r) })
}

// PaySeveralTx is PaySeveral in the caller's transaction.
func (d *Desk) PaySeveralTx(tx *ledger.Tx, r JointReceipt) ([]Result, error) {
	return ledger.Atomic(tx, func() ([]Result, error) { return d.paySeveral(tx, r) })
}

const commandSeveral EventName = "pay_several"

func (d *Desk) paySeveral(tx *ledger.Tx, r JointReceipt) ([]Result, error) {
	said := r.said(commandSeveral)
	for _, share := range r.Shares {
		said = said.Text(share.Contract).Money(share.Amount)
	}
	first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: kindOf(commandSeveral), Content: said.Digest()})
	if err != nil {
		return nil, err
	}
	if repeated {
		return kind.Firsts(tx, first)
	}
	if err := r.add(); err != nil {
		return nil, contract.In(tx, "", err)
	}
	var results []Result
	for _, share := range r.Shares {
		one := r.Receipt
		one.Contract, one.Amount = share.Contract, share.Amount
		c, err := kind.Load(tx, share.Contract)
		if err != nil {
			return nil, err
		}
		e, err := c.Pay(one)
		if err != nil {
			return nil, contract.In(tx, share.Contract, err)
		}
		result, err := d.write(tx, share.Contract, c, e, tx.Post)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

// add says whether the shares are the payment.
func (r JointReceipt) add() error {
	var sum ledger.Money
	seen := map[string]bool{}
	for _, share := range r.Shares {
		if seen[share.Contract] {
			return refuse(ErrCommand, "pay_several.twice", share.Contract, "a payment names the contract twice")
		}
		seen[share.Contract] = true
		sum = sum.Add(share.Amount)
	}
	if sum != r.Amount || sum.Err() != nil || len(r.Shares) == 0 {
		refusal := refuse(ErrAmount, "pay_several.sum", "", "the shares of a payment add up to %s, it is %s", sum, r.Amount)
		refusal.Given, refusal.Limit = sum, r.Amount
		return refusal
	}
	return nil
}
