package savings

import "github.com/mizan-coop/mizan/ledger"

// Standing is what a statement of leaving lists: a balance on the member's
// side, negative for what the member owes.
type Standing struct {
	Place   Place
	Product string // empty for what are no savings
	Balance ledger.Money
	Held    ledger.Money // of it, by holds that bind on the day
}

// ExitStatement lists everything that stands between a member and the
// cooperative on a day, before anything is settled.
type ExitStatement struct {
	Member Member
	Day    ledger.Date
	Lines  []Standing
	Total  ledger.Money // what would be left
}

// ExitStatementIn lists a member's savings and, on the further control
// accounts that are named (receivables, shares not yet paid, claims), the subs
// that are the member's, its accounts' or held by it.
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
	own := map[string]bool{member: true}
	add := func(p Place, product string) error {
		balance, err := tx.Balance(p.Account, p.Sub, ledger.EndOf(day))
		if err != nil || balance.IsZero() && product == "" {
			return err
		}
		held, err := heldOn(tx, p, day)
		line := Standing{p, product, ledger.CreditSide.Natural(balance), held}
		s.Lines, s.Total = append(s.Lines, line), s.Total.Add(line.Balance)
		return err
	}
	for _, a := range accounts {
		own[a.ID] = true
		if a.Status == Closed {
			continue
		}
		if err := add(Place{Account: a.Control, Sub: a.ID}, a.Product); err != nil {
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
			if err := add(Place{Account: control, Sub: sub.Sub}, ""); err != nil {
				return ExitStatement{}, err
			}
		}
	}
	return s, s.Total.Err()
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
