package financing

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// Venture is what the division of a result depends on.
type Venture struct {
	Form   Form
	Nisbah decimal.Decimal // the cooperative's part, above 0 and below 1
	Order  Order           // of a [Musytarakah]
	// Owner and Partner are the capital of the cooperative and of the partner,
	// not below zero, before losses. Not both may be zero if they are counted.
	Owner, Partner ledger.Money
	Rounding       ledger.Rounding // of the cooperative's part
	Step           ledger.Money    // what it is a multiple of, above zero
}

// Division is a result divided. Owner and Partner add up to the result; of a
// loss both are zero or below. AsManager and AsCapital add up to Partner and
// say what the partner has for managing and for its own capital.
type Division struct {
	Owner, Partner       ledger.Money
	AsManager, AsCapital ledger.Money
}

// Split divides a result: a profit by nisbah, a loss strictly by capital
// (DSN-MUI 07/2000, 08/2000). In a [Musytarakah] the nisbah n divides what the
// capital's part c of the cooperative leaves, n x c of the profit, in either
// [Order]; only what the partner's parts are called differs. It refuses what is
// no venture ([ErrTerms]) or no amount ([ErrAmount]).
func (v Venture) Split(result ledger.Money) (Division, error) {
	if err := v.check(result); err != nil {
		return Division{}, err
	}
	own, manager := new(big.Rat), new(big.Rat) // of the result
	capital := v.capitalPart()
	loss := result.Sign() < 0
	nisbah := ratio(v.Nisbah)
	rest := new(big.Rat).Sub(big.NewRat(1, 1), nisbah)
	switch {
	case loss && v.Form == Mudharabah:
		own.SetInt64(1)
	case loss:
		own.Set(capital)
	case v.Form == Musytarakah:
		own.Mul(nisbah, capital)
		manager.Set(rest)
		if v.Order == CapitalFirst {
			manager.Mul(rest, capital)
		}
	default:
		own.Set(nisbah)
		manager.Set(rest)
	}
	owner, err := v.part(result, own)
	if err != nil {
		return Division{}, err
	}
	d := Division{Owner: owner, Partner: result.Sub(owner)}
	if v.Form != Musytarakah {
		d.AsManager = d.Partner
		if loss {
			d.AsManager, d.AsCapital = ledger.Money{}, d.Partner
		}
		return d, nil
	}
	if d.AsManager, err = v.part(result, manager); err != nil {
		return Division{}, err
	}
	d.AsManager = d.AsManager.Min(d.Partner.Max(ledger.Money{}))
	d.AsCapital = d.Partner.Sub(d.AsManager)
	return d, nil
}

// part returns a fraction of the result, rounded, and never beyond the result.
func (v Venture) part(result ledger.Money, fraction *big.Rat) (ledger.Money, error) {
	exact := new(big.Rat).Mul(fraction, new(big.Rat).SetInt64(result.Minor()))
	m, err := ledger.Round(exact, v.Step, v.Rounding)
	if err != nil {
		return ledger.Money{}, refuse(ErrAmount, "split.rounding", "", "the result %s cannot be divided: %v", result, err)
	}
	if result.Sign() < 0 {
		return m.Max(result), nil
	}
	return m.Min(result), nil
}

// capitalPart is the cooperative's part of all capital.
func (v Venture) capitalPart() *big.Rat {
	if v.Form == Mudharabah {
		return big.NewRat(1, 1)
	}
	return big.NewRat(v.Owner.Minor(), v.Owner.Add(v.Partner).Minor())
}

func (v Venture) check(result ledger.Money) error {
	if result.Err() != nil {
		return refuse(ErrAmount, "split.result", "", "the result: %v", result.Err())
	}
	if why := nisbahFault(v.Nisbah); why != "" {
		return refuse(ErrTerms, "terms.nisbah", "", "%s", why).By(RuleNisbah)
	}
	all := v.Owner.Add(v.Partner)
	if v.Form != Mudharabah && (all.Err() != nil || v.Owner.Sign() < 0 || v.Partner.Sign() < 0 || all.Sign() == 0) {
		return refuse(ErrTerms, "split.capital", "", "capital of %s and %s cannot be compared", v.Owner, v.Partner).By(RuleMusyarakah)
	}
	return nil
}

// TwoTier is money that members gave to the cooperative and the cooperative to
// a business: two mudharabah one upon the other. What the cooperative receives
// from the first is what it shares in the second.
type TwoTier struct {
	Financing  Venture         // the cooperative as owner
	Depositors decimal.Decimal // the members' nisbah of what the cooperative receives
}

// Tiers is a result that went through two contracts. Enterprise, Depositors
// and Kept add up to it; Received is Depositors and Kept.
type Tiers struct {
	Enterprise, Received, Depositors, Kept ledger.Money
}

// Split follows a profit through both contracts; the second divides the first's
// rounded part by the same rule. A loss is refused with [ErrAmount]: it is the
// capital's, and a pool carries it by its own rules.
func (t TwoTier) Split(profit ledger.Money) (Tiers, error) {
	if profit.Sign() < 0 {
		r := refuse(ErrAmount, "two_tier.loss", "", "a loss of %s is not shared by nisbah", profit.Abs()).By(RuleMudharabah)
		r.Given = profit
		return Tiers{}, r
	}
	first, err := t.Financing.Split(profit)
	if err != nil {
		return Tiers{}, err
	}
	pool := Venture{Form: Mudharabah, Nisbah: t.Depositors, Rounding: t.Financing.Rounding, Step: t.Financing.Step}
	second, err := pool.Split(first.Owner)
	if err != nil {
		return Tiers{}, err
	}
	return Tiers{Enterprise: first.Partner, Received: first.Owner, Depositors: second.Owner, Kept: second.Partner}, nil
}
