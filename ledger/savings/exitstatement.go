package savings

import "github.com/mizan-coop/mizan/ledger"

// Standing is what a statement of leaving lists: a balance on the member's
// side, negative for what the member owes.
type Standing struct {
	Place   Place
	Product string // empty for what are no savings
	Balance ledger.Money
	Held    ledger.Money // of it, by holds that bind on the day
	Penalty ledger.Money // of it, for a term that a settlement on the day would break
}

// ExitStatement lists everything that stands between a member and the
// cooperative on a day, before anything is settled.
type ExitStatement struct {
	Member Member
	Day    ledger.Date
	Lines  []Standing
	Total  ledger.Money // what would be left, penalties taken off
}

// ExitStatementIn lists a member's savings and, on the further control
// accounts that are named (receivables, shares not yet paid, claims), the subs
// that are the member's, its accounts' or held by it. Matured savings are listed
// where they wait.
func ExitStatementIn(tx *ledger.Tx, member string, day ledger.Date, controls ...string) (ExitStatement, error) {
	m, exists, err := MemberIn(tx, member)
	if err != nil {
		return ExitStatement{}, err
	}
	if !exists {
		return ExitStatement{}, unknownMember(member)
	}
	accounts, err := AccountsOf(tx, member)
	if err != nil {
		return ExitStatement{}, err
	}
	s := ExitStatement{Member: m, Day: day}
	own, listed := map[string]bool{member: true}, map[Place]bool{}
	add := func(p Place, product string, penalty func(ledger.Money) (ledger.Money, error)) error {
		if listed[p] {
			return nil
		}
		listed[p] = true
		balance, err := tx.Balance(p.Account, p.Sub, ledger.EndOf(day))
		if err != nil || balance.IsZero() && product == "" {
			return err
		}
		line := Standing{Place: p, Product: product, Balance: ledger.CreditSide.Natural(balance)}
		if line.Held, err = heldOn(tx, p, day); err != nil {
			return err
		}
		if line.Penalty, err = penalty(line.Balance); err != nil {
			return err
		}
		s.Lines, s.Total = append(s.Lines, line), s.Total.Add(line.Balance).Sub(line.Penalty)
		return nil
	}
	for _, a := range accounts {
		own[a.ID] = true
		if a.stands() == (Place{}) {
			continue
		}
		err := add(a.stands(), a.Product, func(balance ledger.Money) (ledger.Money, error) { return a.breaking(tx, m, day, balance) })
		if err != nil {
			return ExitStatement{}, err
		}
	}
	for _, control := range controls {
		for sub, err := range tx.Subs(control, "") {
			if err != nil {
				return ExitStatement{}, err
			}
			if !own[sub.Sub] && sub.Holder != member {
				continue
			}
			if err := add(Place{Account: control, Sub: sub.Sub}, "", func(ledger.Money) (ledger.Money, error) { return ledger.Money{}, nil }); err != nil {
				return ExitStatement{}, err
			}
		}
	}
	return s, s.Total.Err()
}

// breaking returns the penalty that a settlement on a day would take of the
// account's balance.
func (a Account) breaking(tx *ledger.Tx, m Member, day ledger.Date, balance ledger.Money) (ledger.Money, error) {
	if a.Term == nil || a.Status != Active {
		return ledger.Money{}, nil
	}
	p, _, err := ProductIn(tx, a.Product)
	if err != nil {
		return ledger.Money{}, err
	}
	terms, _ := p.On(day)
	return a.settled(Settlement{Date: day}, Basis{Member: m, Akad: p.Akad, Terms: terms}, balance).Penalty, nil
}

func heldOn(tx *ledger.Tx, p Place, day ledger.Date) (ledger.Money, error) {
	holds, err := tx.Holds(p.Account, p.Sub)
	if err != nil {
		return ledger.Money{}, err
	}
	var held ledger.Money
	for _, h := range holds {
		if !day.Before(h.From) && (h.Until.IsZero() || !h.Until.Before(day)) {
			held = held.Add(h.Left)
		}
	}
	return held, nil
}
