package profitshare

import (
	"math/big"

	"github.com/mizan-coop/mizan/ledger"
)

// Reserve is the movement of a reserve in one period, in minor units: what
// stood in it, what is put in or taken out now. The zero value moves nothing.
//
// A profit equalisation reserve (PER) belongs to members and manager together
// and smooths payouts; it moves before the nisbah is applied. An investment
// risk reserve (IRR) belongs to the members alone and covers losses; it moves
// after. The two are never one account (IFSB's terms; not part of PSAK 405).
type Reserve struct {
	Opening  ledger.Money // not below zero
	SetAside ledger.Money // put in
	Released ledger.Money // taken out, at most Opening
}

// Closing returns what stands in the reserve after the movement.
func (r Reserve) Closing() ledger.Money { return r.Opening.Add(r.SetAside).Sub(r.Released) }

// net is what the movement takes away from the shares; negative if it adds to them.
func (r Reserve) net() ledger.Money { return r.SetAside.Sub(r.Released) }

func (r Reserve) check(name string) error {
	refuse := func(amount ledger.Money, reason string) error {
		return amountError(ErrReserve, name, amount, reason)
	}
	for _, amount := range []ledger.Money{r.Opening, r.SetAside, r.Released} {
		if amount.Err() != nil || amount.Sign() < 0 {
			return refuse(amount, "not zero or above")
		}
	}
	switch {
	case r.SetAside.Sign() > 0 && r.Released.Sign() > 0:
		return refuse(r.Released, "set aside and released in one period")
	case r.Opening.Less(r.Released):
		return amountError(ErrReserve, name, r.Released, "more is released than the reserve's").against(r.Opening)
	}
	return r.Closing().Err()
}

// claims is who is entitled to what, exact, before any rounding.
type claims struct {
	own      *big.Rat // the cooperative's own funds, by the split
	income   *big.Rat // the stakes' income: the result less own and PER
	byNisbah *big.Rat // the members' part of income by their nisbah
	members  *big.Rat // the same after IRR and hibah: what is paid out
}

// uplift is the factor by which risk reserve and hibah change every share; 1
// where they do not move.
func (c *claims) uplift() *big.Rat {
	if c.byNisbah.Sign() == 0 {
		return one()
	}
	return new(big.Rat).Quo(c.members, c.byNisbah)
}

// adjust moves risk reserve and hibah through the members' part of income.
func (p *Pool) adjust(income, members *big.Rat, restored ledger.Money) (*big.Rat, error) {
	manager := new(big.Rat).Sub(income, members)
	manager.Sub(manager, ratOf(restored))
	if ratOf(p.Hibah).Cmp(manager) > 0 {
		return nil, amountError(ErrReserve, "hibah", p.Hibah, "more than the manager's part of").against(floorOf(manager))
	}
	if ratOf(p.Risk.SetAside).Cmp(members) > 0 {
		return nil, amountError(ErrReserve, "investment risk reserve", p.Risk.SetAside, "more than the members' part of").against(floorOf(members))
	}
	if members.Sign() == 0 && (p.Hibah.Sign() > 0 || p.Risk.net().Sign() != 0) {
		return nil, &InputError{Kind: ErrReserve, What: "reserves and hibah", Reason: "cannot move, for all income restores capital and no share is left"}
	}
	adjusted := new(big.Rat).Sub(members, ratOf(p.Risk.net()))
	return adjusted.Add(adjusted, ratOf(p.Hibah)), nil
}

// floorOf cuts an exact part of a result, not below zero, to whole minor units.
func floorOf(exact *big.Rat) ledger.Money {
	return ledger.Minor(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64())
}
