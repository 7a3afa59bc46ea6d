package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// owedBy says whether the obligations stand in the book as they are set off, all
// of them together, and are the member's own.
func owedBy(tx *ledger.Tx, e ExitEvent) error {
	taken := make(map[Place]ledger.Money)
	for i, off := range e.Exit.SetOffs {
		refuse := func(code, format string, args ...any) error {
			return &Refusal{Kind: ErrClaim, Code: code, Member: e.Member, Date: e.Date,
				Reason: fmt.Sprintf("obligation %d: ", i+1) + fmt.Sprintf(format, args...)}
		}
		if !off.Earned.IsZero() {
			income, err := earnsOn(tx, off.Income)
			if err != nil {
				return err
			}
			if !income {
				return refuse("settle.income", "%s is no account of income: an earned margin goes to one", clip(off.Income))
			}
		}
		for _, part := range [...]struct {
			place  Place
			amount ledger.Money
			side   ledger.Side
		}{{off.Receivable, off.Amount.Add(off.Waived), ledger.DebitSide}, {off.Deferred, off.Earned.Add(off.Waived), ledger.CreditSide}} {
			if part.amount.IsZero() {
				continue
			}
			if err := ownObligation(tx, e.Member, part.place, part.side, refuse); err != nil {
				return err
			}
			balance, err := tx.Balance(part.place.Account, part.place.Sub, ledger.EndOf(e.Date))
			if err != nil {
				return err
			}
			taken[part.place] = taken[part.place].Add(part.amount)
			if stands := part.side.Natural(balance); stands.Less(taken[part.place]) {
				return in(tx, &Refusal{Kind: ErrClaim, Code: "settle.obligation", Member: e.Member, Date: e.Date, Given: taken[part.place], Limit: stands,
					Reason: fmt.Sprintf("obligation %d: %s has less to set off", i+1, part.place)})
			}
		}
	}
	return nil
}

// ownObligation refuses a place that is no receivable, or no deferred margin, of
// the member's own. An account that the chart has not is the book's to refuse.
func ownObligation(tx *ledger.Tx, member string, p Place, side ledger.Side, refuse func(code, format string, args ...any) error) error {
	account, found, err := tx.Account(p.Account)
	if err != nil || !found {
		return err
	}
	saved, exists, err := AccountIn(tx, p.Sub)
	if err != nil {
		return err
	}
	owed := account.Kind == ledger.Asset || side == ledger.CreditSide && account.Kind == ledger.Liability
	if !owed || account.Normal != side || exists && saved.Control == p.Account {
		return refuse("settle.account", "%s is no receivable, nor the deferred margin of one", p)
	}
	if p.Sub == "" {
		return nil
	}
	if whose, err := ownerOf(tx, p, saved); err != nil || whose != "" && whose != member {
		if err == nil {
			err = refuse("settle.holder", "%s is that of %s", p, clip(whose))
		}
		return err
	}
	return nil
}
