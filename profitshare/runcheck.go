package profitshare

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Checks returns the package's invariants for [ledger.Book.Check], one
// function each: runs replay from their events; the entries that stand are
// those that the runs name and come to their totals; every payable sub holds
// what the runs owe on it; the months list the pay-outs that stand.
func Checks() []ledger.CheckFunc {
	return []ledger.CheckFunc{
		ledger.NewCheck("profitshare.replay", checkReplay),
		ledger.NewCheck("profitshare.entries", checkEntries),
		ledger.NewCheck("profitshare.payable", checkPayable),
		ledger.NewCheck("profitshare.months", checkPaidMonths),
		ledger.NewCheck("profitshare.losses", checkLosses),
		ledger.NewCheck("profitshare.advances", checkAdvances),
	}
}

// checkReplay applies every run's events to nothing and compares each
// version's state.
func checkReplay(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(RunKind, "") {
		if err != nil {
			return err
		}
		var run Run
		for version, err := range tx.History(RunKind, latest.ID) {
			if err != nil {
				return err
			}
			at := ledger.Finding{Change: version.Change}
			var e RunEvent
			if err := decode(&version, version.Data, &e); err != nil {
				say(at, "%v", err)
				break
			}
			if (e.Name == EventPost || e.Name == EventPropose || e.Name == EventAdopt) && e.Figures == nil || e.Name == EventPayOut && e.Payment == nil || e.Name == EventApprove && e.Approval == nil {
				say(at, "run %s, version %d: event %s without its content", latest.ID, version.Version, e.Name)
				break
			}
			run = run.Apply(e)
			want, err := json.Marshal(run)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) || e.Version != version.Version || run.ID() != latest.ID {
				say(at, "run %s, version %d: replayed %s, stored %s", latest.ID, version.Version, want, version.State)
				break
			}
		}
	}
	return nil
}

// checkEntries compares every run that stands with its entries.
func checkEntries(tx *ledger.Tx, say ledger.Report) error {
	for run, err := range Runs(tx, "") {
		if err != nil {
			return err
		}
		if run.Status == Reversed || run.Status == Proposed {
			continue
		}
		want := map[string]ledger.Money{}
		for _, share := range run.Products {
			if at := run.Plan.productOf(share.Product); at >= 0 {
				code := run.Plan.Products[at].ShareAccount
				want[code] = want[code].Add(share.Gross).Sub(share.Hibah).Add(share.Restored).Sub(share.Advanced)
				control := run.Plan.Products[at].Control
				want[control] = want[control].Sub(share.Restored).Add(share.Detained)
				want[run.Plan.Uncollected] = want[run.Plan.Uncollected].Sub(share.Detained)
			}
		}
		want[run.Plan.LeftoverFrom] = want[run.Plan.LeftoverFrom].Add(run.Leftover)
		want[run.Plan.Rounding.LeftoverTo] = want[run.Plan.Rounding.LeftoverTo].Sub(run.Leftover)
		want[run.Plan.Payable] = want[run.Plan.Payable].Sub(run.Members).Add(run.Advanced)
		for _, l := range run.reserveLines() {
			want[l.Account] = want[l.Account].Add(l.Amount)
		}
		if run.TakenOver { // its shares stand in the opening balances
			clear(want)
		}
		if err := checkEntry(tx, &run, run.PostedAt, run.Entry, run.Date, want, say); err != nil {
			return err
		}
		for _, p := range run.Payments {
			want := map[string]ledger.Money{run.Plan.Payable: p.Gross, run.Plan.Tax: p.Tax.Neg()}
			want[run.Plan.Zakat.Account] = p.Zakat.Neg()
			if err := checkEntry(tx, &run, p.Version, p.Entry, p.Date, want, say); err != nil {
				return err
			}
		}
		if err := checkShares(tx, &run, say); err != nil {
			return err
		}
	}
	return nil
}

// checkEntry compares one event's entry with what the run says of it, account
// by account. Accounts that are not asked for are not looked at: receiving
// accounts may be any.
func checkEntry(tx *ledger.Tx, run *Run, version int, number uint64, date ledger.Date, want map[string]ledger.Money, say ledger.Report) error {
	at := ledger.Finding{Entry: number}
	if number == 0 {
		for _, code := range slices.Sorted(maps.Keys(want)) {
			if !want[code].IsZero() {
				say(at, "run %s, version %d: moves %s on %s, but has no entry", run.ID(), version, want[code], code)
			}
		}
		return nil
	}
	posted, found, err := tx.Entry(number)
	if err != nil {
		return err
	}
	if !found {
		say(at, "run %s, version %d: the entry is missing", run.ID(), version)
		return nil
	}
	if posted.Source.Kind != RunKind || posted.Source.ID != run.ID() || posted.Source.Version != version {
		say(at, "run %s, version %d: the entry comes from %q", run.ID(), version, posted.Source)
	}
	if posted.ReversedBy != 0 {
		say(at, "run %s, version %d: the entry was reversed by entry %d, the event stands", run.ID(), version, posted.ReversedBy)
	}
	if posted.Date != date {
		say(at, "run %s, version %d: is dated %s, the entry %s", run.ID(), version, date, posted.Date)
	}
	got := make(map[string]ledger.Money)
	for i := range posted.Lines {
		l := &posted.Lines[i]
		if _, asked := want[l.Account]; asked {
			got[l.Account] = got[l.Account].Add(l.Amount)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(want)) {
		if got[code] != want[code] && code != "" {
			at.Account = code
			say(at, "run %s, version %d: the run says %s, the entry's lines come to %s", run.ID(), version, want[code], got[code])
		}
	}
	return nil
}

// checkShares looks that every share is paid at most once, whole, and that as
// many are left as the run says.
func checkShares(tx *ledger.Tx, run *Run, say ledger.Report) error {
	shares, err := sharesOf(tx, run)
	if err != nil {
		return err
	}
	if len(shares) != run.Accounts {
		say(ledger.Finding{Entry: run.Entry}, "run %s: owes %d accounts, its entry credits %d", run.ID(), run.Accounts, len(shares))
	}
	owed := make(map[string]ledger.Money, len(shares))
	var sum ledger.Money
	for _, s := range shares {
		owed[s.account], sum = s.gross, sum.Add(s.gross)
	}
	if run.TakenOver && sum != run.Members {
		say(ledger.Finding{}, "run %s: %s was taken over, its shares come to %s", run.ID(), run.Members, sum)
	}
	for _, p := range run.Payments {
		if p.Entry == 0 {
			continue
		}
		posted, err := entryOf(tx, run, p.Entry)
		if err != nil {
			return err
		}
		for _, l := range posted.Lines {
			if l.Account != run.Plan.Payable {
				continue
			}
			if gross, left := owed[l.Sub]; !left || gross != l.Amount {
				say(ledger.Finding{Entry: p.Entry, Account: l.Account, Sub: l.Sub}, "run %s: pays %s where %s is owed", run.ID(), l.Amount, gross)
			}
			delete(owed, l.Sub)
		}
		if len(owed) != p.Left {
			say(ledger.Finding{Entry: p.Entry}, "run %s, version %d: %d accounts are left, the run says %d", run.ID(), p.Version, len(owed), p.Left)
		}
	}
	return nil
}

// checkPayable compares every payable sub with what the runs owe on it. What
// other entries have put there, such as shares taken over from older books,
// stays out of the comparison; but they may not take a member's share away.
func checkPayable(tx *ledger.Tx, say ledger.Report) error {
	owed, before := make(map[Place]ledger.Money), make(map[Place]ledger.Money)
	for run, err := range Runs(tx, "") {
		if err != nil {
			return err
		}
		if run.Status != Posted && run.Status != Paid {
			continue
		}
		shares, err := sharesOf(tx, &run)
		if err != nil {
			return err
		}
		paid, err := paidOn(tx, &run, shares)
		if err != nil {
			return err
		}
		for i, s := range shares {
			at := Place{Account: run.Plan.Payable, Sub: s.account}
			if run.TakenOver {
				before[at] = before[at].Add(s.gross)
			}
			if paid[i].IsZero() {
				owed[at] = owed[at].Add(s.gross)
			} else {
				owed[at] = owed[at].Add(ledger.Money{}) // it is looked at
			}
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(owed), Place.Compare) {
		want := owed[at]
		runs, all := before[at], ledger.Money{}
		for line, err := range tx.Lines(ledger.LineQuery{Account: at.Account, Sub: at.Sub}) {
			if err != nil {
				return err
			}
			all = all.Sub(line.Amount)
			if line.Source.Kind == RunKind {
				runs = runs.Sub(line.Amount)
			}
		}
		place := ledger.Finding{Account: at.Account, Sub: at.Sub}
		if runs != want {
			say(place, "the runs owe %s, their entries leave %s", want, runs)
		}
		if all.Less(want) {
			say(place, "the runs owe %s, the account holds %s", want, all)
		}
	}
	return nil
}
