package profitshare

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Decision is what people decide for a month and the books cannot know. The
// zero value decides nothing: no reserve moves and nobody gives anything.
type Decision struct {
	Equalisation Movement     `json:"equalisation,omitzero"` // of the PER
	Risk         Movement     `json:"risk,omitzero"`         // of the IRR
	Hibah        ledger.Money `json:"hibah,omitzero"`        // the manager's gift out of its own part
	// Bonus is what the board gives the wadiah accounts for the month, after
	// it; may be zero. Only a plan for wadiah has one.
	Bonus ledger.Money `json:"bonus,omitzero"`
	// By and Document say who decided and where it is written. A bonus needs both.
	By       string `json:"by,omitempty"`
	Document string `json:"document,omitempty"`
}

// Movement is what is put into a reserve or taken out of it, in minor units;
// one of the two.
type Movement struct {
	SetAside ledger.Money `json:"set_aside,omitzero"`
	Released ledger.Money `json:"released,omitzero"`
}

// IsZero reports whether the decision changes nothing.
func (d Decision) IsZero() bool { return d == Decision{} }

func (d Decision) content(c *ledger.Content) *ledger.Content {
	for _, m := range []ledger.Money{d.Equalisation.SetAside, d.Equalisation.Released, d.Risk.SetAside, d.Risk.Released, d.Hibah, d.Bonus} {
		c.Money(m)
	}
	return c.Text(d.By).Text(d.Document)
}

// ReservePlace is where a reserve stands and who gives what is put into it;
// what is released goes back the same ways.
type ReservePlace struct {
	Account string `json:"account,omitempty"` // the reserve: a liability or syirkah account of its own
	Members string `json:"members,omitempty"` // debited with the members' part: a deduction from income
	// Manager is debited with the manager's part. Only a PER has one: an IRR is
	// the members' alone.
	Manager string `json:"manager,omitempty"`
}

// IsZero reports whether there is no such reserve.
func (r ReservePlace) IsZero() bool { return r == ReservePlace{} }

// standing returns what stood in the reserve at the end of a day and has not
// been used by anything dated later.
func (r ReservePlace) standing(tx *ledger.Tx, day ledger.Date) (ledger.Money, error) {
	then, err := tx.Balance(r.Account, "", ledger.EndOf(day))
	if err != nil {
		return then, err
	}
	latest, err := tx.Balance(r.Account, "", ledger.Latest())
	return then.Max(latest).Neg(), err // debit positive: the smaller of the two
}

// RuleReserves: the one belongs to both sides and moves before the nisbah, the
// other to the members and moves after it.
const RuleReserves = "IFSB, PER and IRR"

// checkDecision refuses a decision that the plan cannot carry out.
func (p *Plan) checkDecision(tx *ledger.Tx, d Decision) error {
	reserve := func(what string, at ReservePlace, manager bool) error {
		if at.IsZero() {
			return nil
		}
		owed := []ledger.Kind{ledger.Liability, ledger.Syirkah}
		if err := (planAccount{what, at.Account, owed, false, RuleReserves}).check(tx); err != nil {
			return err
		}
		if err := p.checkShareAccount(tx, what+", members' part", at.Members); err != nil {
			return err
		}
		if !manager {
			return nil
		}
		return p.checkShareAccount(tx, what+", manager's part", at.Manager)
	}
	if err := reserve("equalisation reserve", p.Equalisation, true); err != nil {
		return err
	}
	if err := reserve("risk reserve", p.Risk, false); err != nil {
		return err
	}
	if p.HibahFrom != "" {
		if err := (planAccount{"hibah from", p.HibahFrom, []ledger.Kind{ledger.Expense}, false, ""}).check(tx); err != nil {
			return err
		}
	}
	missing := func(what string) error {
		return &InputError{Kind: ErrReserve, What: what, Reason: "the plan names no accounts for it"}
	}
	switch {
	case !p.Equalisation.IsZero() && p.Equalisation.Account == p.Risk.Account:
		return planError("reserves", p.Risk.Account, "the two are one account", RuleReserves)
	case d.Equalisation != Movement{} && p.Equalisation.IsZero():
		return missing("profit equalisation reserve")
	case d.Risk != Movement{} && p.Risk.IsZero():
		return missing("investment risk reserve")
	case !d.Hibah.IsZero() && p.HibahFrom == "":
		return missing("hibah")
	case !d.Bonus.IsZero() && !p.Wadiah:
		return amountError(ErrPlan, "bonus", d.Bonus, "mudharabah accounts share profit by their nisbah; a bonus is for wadiah")
	case p.Wadiah && (d.By == "" || d.Document == ""):
		return &InputError{Kind: ErrPlan, What: "bonus", Reason: "is given only by a decision of the board that is written down", Source: RuleBonus}
	case d.Bonus.Sign() < 0:
		return amountError(ErrPlan, "bonus", d.Bonus, "not zero or above")
	}
	return nil
}

// RuleBonus: a bonus on wadiah is a gift: not promised, not agreed beforehand,
// and out of the cooperative's own money.
const RuleBonus = "DSN-MUI 01/2000, 02/2000"

// reserves fills in what stands in the plan's reserves. In a past month that is
// what its run found, for its own entry has moved them since.
func (p *Plan) reserves(tx *ledger.Tx, pool *Pool, month ledger.Month, d Decision, past *Run) error {
	opening := func(at ReservePlace) (ledger.Money, error) {
		if at.IsZero() {
			return ledger.Money{}, nil
		}
		return at.standing(tx, month.Last())
	}
	var err error
	if past != nil {
		pool.Equalisation, pool.Risk, pool.Hibah = past.Equalisation, past.Risk, past.Decision.Hibah
		return nil
	}
	if pool.Equalisation.Opening, err = opening(p.Equalisation); err != nil {
		return err
	}
	if pool.Risk.Opening, err = opening(p.Risk); err != nil {
		return err
	}
	pool.Equalisation.SetAside, pool.Equalisation.Released = d.Equalisation.SetAside, d.Equalisation.Released
	pool.Risk.SetAside, pool.Risk.Released = d.Risk.SetAside, d.Risk.Released
	pool.Hibah = d.Hibah
	return nil
}

// equalisers returns the members' part of the PER's movement, negative for a
// release, to the rounding step; the rest is the manager's.
func (s *Shares) equalisers() ledger.Money {
	net := s.pool.Equalisation.net()
	if net.IsZero() || s.claims.income.Sign() <= 0 {
		return ledger.Money{}
	}
	part := new(big.Rat).Quo(s.claims.byNisbah, s.claims.income)
	return halfUp(part.Mul(part, ratOf(net)), s.pool.Rounding.Step.Minor())
}

// reserveLines are those that move the reserves of a run.
func (f *Figures) reserveLines() []ledger.Line {
	var lines []ledger.Line
	move := func(account string, debit ledger.Money) {
		if !debit.IsZero() {
			lines = append(lines, ledger.Line{Account: account, Amount: debit})
		}
	}
	per, irr := f.Equalisation.net(), f.Risk.net()
	move(f.Plan.Equalisation.Members, f.EqualisedByMembers)
	move(f.Plan.Equalisation.Manager, per.Sub(f.EqualisedByMembers))
	move(f.Plan.Equalisation.Account, per.Neg())
	move(f.Plan.Risk.Members, irr)
	move(f.Plan.Risk.Account, irr.Neg())
	move(f.Plan.HibahFrom, f.Decision.Hibah)
	return lines
}

// spreadHibah divides the manager's gift over the products as their shares
// stand: that part of them is the manager's expense, not the owners' right.
func (f *Figures) spreadHibah() error {
	if f.Decision.Hibah.IsZero() || len(f.Products) == 0 {
		return nil
	}
	weights := make([]*big.Rat, len(f.Products))
	for i, q := range f.Products {
		weights[i] = ratOf(q.Gross)
	}
	parts, err := ledger.Allocate(f.Decision.Hibah, f.Plan.Rounding.Step, weights)
	if err != nil {
		return fmt.Errorf("profitshare: hibah: %w", err)
	}
	for i := range f.Products {
		f.Products[i].Hibah = parts[i]
	}
	return nil
}

// checkWadiah refuses a plan for bonuses that would share income, or take the
// money from members who agreed to a nisbah.
func (p *Plan) checkWadiah(tx *ledger.Tx) error {
	if len(p.Income) > 0 || !p.Equalisation.IsZero() || !p.Risk.IsZero() || !p.Split.IsZero() {
		return planError("wadiah", "", "a bonus is the cooperative's expense and takes nothing from a pool", RuleBonus)
	}
	for _, q := range p.Products {
		if err := (planAccount{"control of product " + q.Code, q.Control, []ledger.Kind{ledger.Liability}, true, RuleBonus}).check(tx); err != nil {
			return err
		}
		if err := (planAccount{"share account of product " + q.Code, q.ShareAccount, []ledger.Kind{ledger.Expense}, false, RuleBonus}).check(tx); err != nil {
			return err
		}
	}
	return nil
}

// approvals says which of the plan's approvals a run lacks.
func (p *Plan) approvals(given []Approval) (lacking []string) {
	for _, role := range p.Approvers {
		if !slices.ContainsFunc(given, func(a Approval) bool { return a.Role == role }) {
			lacking = append(lacking, role)
		}
	}
	return lacking
}
