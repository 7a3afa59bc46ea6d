package savings

import (
	"bytes"
	"encoding/json"

	"github.com/mizan-coop/mizan/ledger"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: records replay from their events; accounts agree with their
// subs; no savings account was below zero at the end of any day; passbooks show
// what the ledger had when they were printed. A passbook that lacks what was
// dated back since is no finding: [PassbooksIn] flags it. No dormant account has
// moved by its member's will since the movement that its marking names.
func Checks() []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("savings.replay", checkReplay),
		ledger.NewCheck("savings.accounts", checkAccounts),
		ledger.NewCheck("savings.subs", checkSubs),
		ledger.NewCheck("savings.balances", checkBalances),
		ledger.NewCheck("savings.passbooks", checkPassbooks),
		ledger.NewCheck("savings.dormant", checkDormant),
	}
}

// checkReplay applies every record's events to nothing and compares each
// version's state.
func checkReplay(tx *ledger.Tx, say ledger.Report) error {
	err := replay(tx, KindProduct, say, func(p Product, e ProductEvent) Product { return p.Apply(e) })
	if err == nil {
		err = replay(tx, KindMember, say, func(m Member, e MemberEvent) Member { return m.Apply(e) })
	}
	if err == nil {
		err = replay(tx, KindAccount, say, func(a Account, e Event) Account { return a.Apply(e) })
	}
	if err == nil {
		err = replay(tx, KindPolicy, say, func(p Policies, e PolicyEvent) Policies { return p.Apply(e) })
	}
	if err == nil {
		err = replay(tx, KindExit, say, func(x Exit, e ExitEvent) Exit { return x.Apply(e) })
	}
	if err == nil {
		err = replay(tx, KindPassbook, say, func(p Passbook, e PassbookEvent) Passbook { return p.Apply(e) })
	}
	return err
}

func replay[S, E any](tx *ledger.Tx, kind string, say ledger.Report, apply func(S, E) S) error {
	for latest, err := range tx.Records(kind, "") {
		if err != nil {
			return err
		}
		var state S
		for version, err := range tx.History(kind, latest.ID) {
			if err != nil {
				return err
			}
			var event E
			if err := decode(&version, version.Data, &event); err != nil {
				say(ledger.Finding{}, "%v", err)
				break
			}
			state = apply(state, event)
			want, err := json.Marshal(state)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) {
				say(ledger.Finding{}, "%s %s, version %d: replayed %s, stored %s", kind, latest.ID, version.Version, want, version.State)
				break
			}
		}
	}
	return nil
}

// checkAccounts compares every account with its product, its member and its sub.
func checkAccounts(tx *ledger.Tx, say ledger.Report) error {
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return err
		}
		p, found, err := ProductIn(tx, a.Product)
		if err != nil {
			return err
		}
		if !found || p.Control != a.Control {
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "product %s stands on %q", a.Product, p.Control)
		}
		if _, found, err = MemberIn(tx, a.Member); err != nil {
			return err
		} else if !found {
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "member %s is missing", a.Member)
		}
		sub, found, err := tx.Sub(a.Control, a.ID)
		if err != nil {
			return err
		}
		switch {
		case !found || !sub.Opened:
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the account has no opened sub")
			continue
		case sub.Holder != a.Member:
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the account is member %s's, the sub's holder is %s", a.Member, sub.Holder)
		case !sub.Floor.HasHard || sub.Floor.Hard.Sign() < 0:
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the sub has no floor of zero")
		}
		if b := a.Blocked.Block; a.Status != Closed && b != ledger.NoBlock && b != sub.Block {
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the desk has set a %s block, the sub has a %s block", b, sub.Block)
		}
		if _, found, err := tx.Record(KindHolding, holdingID(a.Member, a.ID)); err != nil {
			return err
		} else if !found {
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the account is not among those of member %s", a.Member)
		}
		if a.Status == Closed && (!sub.Last.IsZero() || sub.Block != ledger.FullBlock) {
			say(ledger.Finding{Account: a.Control, Sub: a.ID}, "the account is closed, its sub has a balance of %s and a %s block", sub.Last, sub.Block)
		}
	}
	return nil
}

// controls returns the control accounts of all products.
func controls(tx *ledger.Tx) ([]string, error) {
	var list []string
	seen := make(map[string]bool)
	for p, err := range Products(tx) {
		if err != nil {
			return nil, err
		}
		if !seen[p.Control] {
			seen[p.Control] = true
			list = append(list, p.Control)
		}
	}
	return list, nil
}

// checkSubs looks for subs of savings control accounts that are no account.
func checkSubs(tx *ledger.Tx, say ledger.Report) error {
	list, err := controls(tx)
	if err != nil {
		return err
	}
	for _, control := range list {
		for sub, err := range tx.Subs(control, "") {
			if err != nil {
				return err
			}
			a, found, err := AccountIn(tx, sub.Sub)
			if err != nil {
				return err
			}
			if !found || a.Control != control {
				say(ledger.Finding{Account: control, Sub: sub.Sub}, "the sub with a balance of %s belongs to no savings account", sub.Last)
			}
		}
	}
	return nil
}

// checkBalances looks for ends of days below zero.
func checkBalances(tx *ledger.Tx, say ledger.Report) error {
	list, err := controls(tx)
	if err != nil {
		return err
	}
	for _, control := range list {
		for sub, err := range tx.Subs(control, "") {
			if err != nil {
				return err
			}
			if sub.LastDay.IsZero() {
				continue
			}
			var end ledger.Turnover
			below := func() {
				if ledger.CreditSide.Natural(end.Balance).Sign() < 0 {
					say(ledger.Finding{Account: control, Sub: sub.Sub}, "the balance at the end of %s is below zero: %s", end.Day, ledger.CreditSide.Natural(end.Balance))
				}
			}
			for row, err := range tx.Turnovers(control, sub.Sub, ledger.On(ledger.MinYear, 1, 1), sub.LastDay) {
				if err != nil {
					return err
				}
				if row.Day != end.Day {
					below()
				}
				end = row
			}
			below()
		}
	}
	return nil
}
