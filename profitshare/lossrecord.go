package profitshare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// LossKind is the kind of the records that keep which losses the capital of a
// plan's accounts has borne and what later profit restored. A record's id is
// the plan's name. What each account bore and got back stands in the lines of
// the entries.
const LossKind = "profitshare.losses"

// Losses is all losses of a plan.
type Losses struct {
	Plan     string        `json:"plan"`
	Version  int           `json:"version"`
	Borne    []Loss        `json:"borne,omitempty"`
	Restored []Restoration `json:"restored,omitempty"`
}

// Loss is one loss as it was borne. Amounts are in minor units.
type Loss struct {
	Version  int          `json:"version"` // of the record
	Month    ledger.Month `json:"month"`   // whose result it was
	Date     ledger.Date  `json:"date"`
	Amount   ledger.Money `json:"amount"`
	Reserve  ledger.Money `json:"reserve,omitzero"` // borne by the IRR
	Members  ledger.Money `json:"members,omitzero"` // borne by the accounts
	Own      ledger.Money `json:"own,omitzero"`     // borne by the cooperative's own funds
	Manager  ledger.Money `json:"manager,omitzero"` // borne by the manager, who was at fault
	Controls []string     `json:"controls,omitempty"`
	Adopted  []Carried    `json:"adopted,omitempty"` // taken over from older books, instead of an entry
	// AdoptedPages is how many pages keep a long list of them; see [AdoptedKind].
	AdoptedPages int    `json:"adopted_pages,omitempty"`
	Reason       string `json:"reason"`
	By           string `json:"by"`
	Document     string `json:"document"`
	Entry        uint64 `json:"entry,omitempty"`
}

// Restoration is capital that a run gave back before any nisbah.
type Restoration struct {
	Run      string       `json:"run"`
	Amount   ledger.Money `json:"amount"`
	Entry    uint64       `json:"entry"`
	Controls []string     `json:"controls"`
}

// lossEvent is one event of a plan's losses; one of its fields.
type lossEvent struct {
	Plan    string       `json:"plan"`
	Bear    *Loss        `json:"bear,omitempty"`
	Undo    uint64       `json:"undo,omitempty"` // the entry of the loss that is undone
	Mirror  uint64       `json:"mirror,omitempty"`
	Restore *Restoration `json:"restore,omitempty"`
	Unravel string       `json:"unravel,omitempty"` // the run whose restoration is undone
	Reason  string       `json:"reason,omitempty"`
	Date    ledger.Date  `json:"date,omitzero"`
}

func (e *lossEvent) name() string {
	switch {
	case e.Bear != nil:
		return "bear"
	case e.Restore != nil:
		return "restore"
	case e.Unravel != "":
		return "unravel"
	}
	return "undo"
}

func (l Losses) apply(e lossEvent) Losses {
	l.Plan, l.Version = e.Plan, l.Version+1
	switch e.name() {
	case "bear":
		l.Borne = append(slices.Clone(l.Borne), *e.Bear)
	case "restore":
		l.Restored = append(slices.Clone(l.Restored), *e.Restore)
	case "unravel":
		l.Restored = slices.DeleteFunc(slices.Clone(l.Restored), func(r Restoration) bool { return r.Run == e.Unravel })
	default:
		l.Borne = slices.DeleteFunc(slices.Clone(l.Borne), func(b Loss) bool { return b.Entry == e.Undo })
	}
	return l
}

// Carried returns what members still carry of all losses, in minor units.
func (l Losses) Carried() ledger.Money {
	var sum ledger.Money
	for _, b := range l.Borne {
		sum = sum.Add(b.Members)
	}
	for _, r := range l.Restored {
		sum = sum.Sub(r.Amount)
	}
	return sum
}

// LossesIn returns the losses of a plan, none if it never bore one.
func LossesIn(tx *ledger.Tx, plan string) (Losses, error) {
	l := Losses{Plan: plan}
	r, found, err := tx.Record(LossKind, plan)
	if err != nil || !found {
		return l, err
	}
	err = decode(&r, r.State, &l)
	return l, err
}

func (l Losses) save(tx *ledger.Tx, e lossEvent) (Losses, error) {
	e.Plan = l.Plan
	next := l.apply(e)
	data, err := json.Marshal(e)
	if err != nil {
		return l, fmt.Errorf("profitshare: losses of %s: %w", clipText(l.Plan), err)
	}
	state, err := json.Marshal(next)
	if err != nil {
		return l, fmt.Errorf("profitshare: losses of %s: %w", clipText(l.Plan), err)
	}
	record := ledger.Record{Kind: LossKind, ID: l.Plan, Version: next.Version, Event: e.name(), Data: data, Format: format, State: state}
	if len(state) > ledger.MaxData || len(data) > ledger.MaxData {
		return l, &InputError{Kind: ErrLoss, What: named("losses of plan", l.Plan), Reason: "more accounts are taken over with a loss than one record holds"}
	}
	_, err = tx.Save(record)
	return next, err
}

// carriedBy returns what each account still carries of a plan's losses, by
// account. Before, if not zero, is the number of an entry: only what was
// written before it counts.
func carriedBy(tx *ledger.Tx, plan string, before uint64) ([]Carried, error) {
	l, err := LossesIn(tx, plan)
	if err != nil || len(l.Borne) == 0 || before == 0 && l.Carried().IsZero() {
		return nil, err
	}
	sums := make(map[string]ledger.Money)
	add := func(entry uint64, controls []string) error {
		if before != 0 && entry >= before {
			return nil
		}
		posted, found, err := tx.Entry(entry)
		if err != nil || !found {
			if err == nil {
				err = fmt.Errorf("%w: the losses of %s name entry %d, which is missing", ledger.ErrCorrupt, clipText(plan), entry)
			}
			return err
		}
		for i := range posted.Lines {
			line := &posted.Lines[i]
			if slices.Contains(controls, line.Account) {
				sums[line.Sub] = sums[line.Sub].Add(line.Amount)
			}
		}
		return nil
	}
	for _, b := range l.Borne {
		adopted, err := b.adopted(tx, plan)
		if err != nil {
			return nil, err
		}
		for _, c := range adopted {
			sums[c.Account] = sums[c.Account].Add(c.Amount)
		}
		if b.Entry != 0 && !b.Members.IsZero() {
			if err := add(b.Entry, b.Controls); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range l.Restored {
		if err := add(r.Entry, r.Controls); err != nil {
			return nil, err
		}
	}
	var list []Carried
	for _, account := range slices.Sorted(maps.Keys(sums)) {
		if sums[account].Sign() > 0 {
			list = append(list, Carried{account, sums[account]})
		}
	}
	return list, nil
}

// restoreLosses keeps with the plan's losses what a run gives back.
func restoreLosses(tx *ledger.Tx, run *Run, f *Figures) error {
	l, err := LossesIn(tx, f.Plan.Name)
	if err != nil {
		return err
	}
	r := Restoration{Run: run.ID(), Amount: f.Restored, Entry: f.Entry}
	for _, q := range f.Products {
		control := f.Plan.Products[f.Plan.productOf(q.Product)].Control
		if !q.Restored.IsZero() && !slices.Contains(r.Controls, control) {
			r.Controls = append(r.Controls, control)
		}
		if !q.Detained.IsZero() && !slices.Contains(r.Controls, f.Plan.Uncollected) {
			r.Controls = append(r.Controls, f.Plan.Uncollected)
		}
	}
	_, err = l.save(tx, lossEvent{Restore: &r})
	return err
}

// unravel takes a run's restoration back when its posting is reversed. What a
// later run restored was worked out with it in view: that one is undone first.
func unravel(tx *ledger.Tx, run *Run) error {
	l, err := LossesIn(tx, run.Plan.Name)
	if err != nil {
		return err
	}
	if last := len(l.Restored) - 1; last < 0 || l.Restored[last].Run != run.ID() {
		return run.refuse("a later run restored capital after it; reverse that one first")
	}
	_, err = l.save(tx, lossEvent{Unravel: run.ID()})
	return err
}

// restoredBy reads what a run's entry gave back to each account.
func (r *Run) restoredBy(tx *ledger.Tx) (map[string]ledger.Money, error) {
	posted, err := entryOf(tx, r, r.Entry)
	if err != nil {
		return nil, err
	}
	restored := make(map[string]ledger.Money)
	for i := range posted.Lines {
		l := &posted.Lines[i]
		if l.Sub != "" && slices.ContainsFunc(r.Plan.Products, func(q Product) bool { return q.Control == l.Account }) {
			restored[l.Sub] = l.Amount.Neg()
		}
	}
	return restored, nil
}

// checkLosses replays every plan's losses and compares them with their entries.
func checkLosses(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(LossKind, "") {
		if err != nil {
			return err
		}
		var l Losses
		for version, err := range tx.History(LossKind, latest.ID) {
			if err != nil {
				return err
			}
			var e lossEvent
			if err := decode(&version, version.Data, &e); err != nil {
				say(ledger.Finding{Change: version.Change}, "%v", err)
				break
			}
			l = l.apply(e)
			want, err := json.Marshal(l)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) || l.Version != version.Version || l.Plan != latest.ID {
				say(ledger.Finding{Change: version.Change}, "losses of %s, version %d: replayed %s, stored %s", latest.ID, version.Version, want, version.State)
				break
			}
		}
		for _, b := range l.Borne {
			if b.Entry == 0 { // taken over
				if err := checkAdoptedLoss(tx, say, l.Plan, &b); err != nil {
					return err
				}
				continue
			}
			if err := checkLossEntry(tx, say, l.Plan, b.Entry, b.Controls, b.Members); err != nil {
				return err
			}
		}
		for _, r := range l.Restored {
			if err := checkLossEntry(tx, say, l.Plan, r.Entry, r.Controls, r.Amount.Neg()); err != nil {
				return err
			}
		}
		if l.Carried().Sign() < 0 {
			say(ledger.Finding{}, "losses of %s: more was restored than borne", l.Plan)
		}
	}
	return nil
}

// checkAdoptedLoss looks that the accounts' parts of a loss that was taken over
// add up to it.
func checkAdoptedLoss(tx *ledger.Tx, say ledger.Report, plan string, b *Loss) error {
	adopted, err := b.adopted(tx, plan)
	if err != nil {
		return err
	}
	var sum ledger.Money
	for _, c := range adopted {
		sum = sum.Add(c.Amount)
	}
	if sum != b.Members {
		say(ledger.Finding{}, "losses of %s: %s was taken over, its accounts carry %s", plan, b.Members, sum)
	}
	return nil
}

func checkLossEntry(tx *ledger.Tx, say ledger.Report, plan string, entry uint64, controls []string, want ledger.Money) error {
	posted, found, err := tx.Entry(entry)
	if err != nil {
		return err
	}
	var got ledger.Money
	for i := range posted.Lines {
		if slices.Contains(controls, posted.Lines[i].Account) {
			got = got.Add(posted.Lines[i].Amount)
		}
	}
	if !found || posted.ReversedBy != 0 || got != want {
		say(ledger.Finding{Entry: entry}, "losses of %s: the record says %s, the entry's lines come to %s, reversed by %d", plan, want, got, posted.ReversedBy)
	}
	return nil
}
