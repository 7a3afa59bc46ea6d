package savings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/mizan-coop/mizan/ledger"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: records replay from their events; accounts agree with their
// subs; no savings account was below zero at the end of any day.
func Checks() []ledger.CheckFunc {
	return []ledger.CheckFunc{
		checking("savings.replay", checkReplay),
		checking("savings.accounts", checkAccounts),
		checking("savings.subs", checkSubs),
		checking("savings.balances", checkBalances),
	}
}

// report says what is wrong on an account and sub, either may be empty.
type report func(account, sub, format string, args ...any)

func checking(name string, run func(*ledger.Tx, report) error) ledger.CheckFunc {
	return func(tx *ledger.Tx) iter.Seq2[ledger.Finding, error] {
		return func(yield func(ledger.Finding, error) bool) {
			wanted := true
			err := run(tx, func(account, sub, format string, args ...any) {
				wanted = wanted && yield(ledger.Finding{Check: name, Account: account, Sub: sub, Text: fmt.Sprintf(format, args...)}, nil)
			})
			if err != nil && wanted {
				yield(ledger.Finding{}, err)
			}
		}
	}
}

// checkReplay applies every record's events to nothing and compares each
// version's state.
func checkReplay(tx *ledger.Tx, say report) error {
	err := replay(tx, KindProduct, say, func(p Product, e ProductEvent) Product { return p.Apply(e) })
	if err == nil {
		err = replay(tx, KindMember, say, func(m Member, e MemberEvent) Member { return m.Apply(e) })
	}
	if err == nil {
		err = replay(tx, KindAccount, say, func(a Account, e Event) Account { return a.Apply(e) })
	}
	return err
}

func replay[S, E any](tx *ledger.Tx, kind string, say report, apply func(S, E) S) error {
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
				say("", "", "%v", err)
				break
			}
			state = apply(state, event)
			want, err := json.Marshal(state)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) {
				say("", "", "%s %s, version %d: replayed %s, stored %s", kind, latest.ID, version.Version, want, version.State)
				break
			}
		}
	}
	return nil
}

// checkAccounts compares every account with its product, its member and its sub.
func checkAccounts(tx *ledger.Tx, say report) error {
	for a, err := range Accounts(tx, "") {
		if err != nil {
			return err
		}
		p, found, err := ProductIn(tx, a.Product)
		if err != nil {
			return err
		}
		if !found || p.Control != a.Control {
			say(a.Control, a.ID, "product %s stands on %q", a.Product, p.Control)
		}
		if _, found, err = MemberIn(tx, a.Member); err != nil {
			return err
		} else if !found {
			say(a.Control, a.ID, "member %s is missing", a.Member)
		}
		sub, found, err := tx.Sub(a.Control, a.ID)
		if err != nil {
			return err
		}
		switch {
		case !found || !sub.Opened:
			say(a.Control, a.ID, "the account has no opened sub")
			continue
		case sub.Holder != a.Member:
			say(a.Control, a.ID, "the account is member %s's, the sub's holder is %s", a.Member, sub.Holder)
		case !sub.Floor.HasHard || sub.Floor.Hard.Sign() < 0:
			say(a.Control, a.ID, "the sub has no floor of zero")
		}
		if a.Status == Closed && (!sub.Last.IsZero() || sub.Block != ledger.FullBlock) {
			say(a.Control, a.ID, "the account is closed, its sub has a balance of %s and a %s block", sub.Last, sub.Block)
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
func checkSubs(tx *ledger.Tx, say report) error {
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
				say(control, sub.Sub, "the sub with a balance of %s belongs to no savings account", sub.Last)
			}
		}
	}
	return nil
}

// checkBalances looks for ends of days below zero.
func checkBalances(tx *ledger.Tx, say report) error {
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
					say(control, sub.Sub, "the balance at the end of %s is below zero: %s", end.Day, ledger.CreditSide.Natural(end.Balance))
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
