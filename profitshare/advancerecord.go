package profitshare

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// AdvanceKind is the kind of the records that list what a plan paid in advance
// of a month's run. A record's id is that of the run; what each account got
// stands in the lines of the entries.
const AdvanceKind = "profitshare.advance"

// Advances is what a plan has paid in advance of a month.
type Advances struct {
	Plan    string        `json:"plan"`
	Month   ledger.Month  `json:"month"`
	Version int           `json:"version"`
	Paid    []AdvancePaid `json:"paid"`
}

// AdvancePaid is one day's advance. Amounts are in minor units.
type AdvancePaid struct {
	Version  int          `json:"version"`
	Date     ledger.Date  `json:"date"`
	Rated    ledger.Month `json:"rated"` // whose rate it was paid by
	Accounts int          `json:"accounts"`
	Gross    ledger.Money `json:"gross"`
	Tax      ledger.Money `json:"tax"`
	Zakat    ledger.Money `json:"zakat,omitzero"`
	Penalty  ledger.Money `json:"penalty,omitzero"`
	Entry    uint64       `json:"entry,omitempty"` // 0 if nothing was paid
}

// advanceEvent is one event of a month's advances; one of the two.
type advanceEvent struct {
	Paid   *AdvancePaid `json:"paid,omitempty"`
	Undo   int          `json:"undo,omitempty"` // the version of the latest advance
	Reason string       `json:"reason,omitempty"`
}

func (a Advances) apply(e advanceEvent) Advances {
	a.Version++
	if e.Paid != nil {
		a.Paid = append(slices.Clone(a.Paid), *e.Paid)
	} else {
		a.Paid = slices.DeleteFunc(slices.Clone(a.Paid), func(p AdvancePaid) bool { return p.Version == e.Undo })
	}
	return a
}

// AdvancesIn returns what a plan has paid in advance of a month's run.
func AdvancesIn(tx *ledger.Tx, plan string, month ledger.Month) (Advances, error) {
	a := Advances{Plan: plan, Month: month}
	if err := month.Err(); err != nil {
		return a, err
	}
	r, found, err := tx.Record(AdvanceKind, RunID(plan, month))
	if err != nil || !found {
		return a, err
	}
	err = decode(&r, r.State, &a)
	return a, err
}

func (a Advances) save(tx *ledger.Tx, e advanceEvent) error {
	next, name := a.apply(e), "pay"
	if e.Paid == nil {
		name = "undo"
	}
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("profitshare: advances of %s: %w", a.Month, err)
	}
	state, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("profitshare: advances of %s: %w", a.Month, err)
	}
	_, err = tx.Save(ledger.Record{Kind: AdvanceKind, ID: RunID(a.Plan, a.Month), Version: next.Version, Event: name, Data: data, Format: format, State: state})
	return err
}

// each calls do with every account that was paid in advance.
func (a *Advances) each(tx *ledger.Tx, do func(account string, gross ledger.Money, date ledger.Date)) error {
	for _, p := range a.Paid {
		if p.Entry == 0 {
			continue
		}
		posted, found, err := tx.Entry(p.Entry)
		if err != nil || !found {
			if err == nil {
				err = fmt.Errorf("%w: the advances of %s name entry %d, which is missing", ledger.ErrCorrupt, a.Month, p.Entry)
			}
			return err
		}
		owed := ""
		for i := range posted.Lines {
			l := &posted.Lines[i]
			if l.Sub != "" && l.Amount.Sign() < 0 && owed == "" {
				owed = l.Account // the first credit with a sub is the payable account's
			}
			if l.Account == owed && l.Amount.Sign() > 0 {
				do(l.Sub, l.Amount, posted.Date)
			}
		}
	}
	return nil
}

// covered returns the day from which each account is not paid yet.
func (a *Advances) covered(tx *ledger.Tx) (map[string]ledger.Date, error) {
	days := make(map[string]ledger.Date)
	err := a.each(tx, func(account string, _ ledger.Money, date ledger.Date) { days[account] = date })
	return days, err
}

// advancedIn returns what each account has had in advance of a month's run.
func advancedIn(tx *ledger.Tx, plan string, month ledger.Month) (map[string]ledger.Money, error) {
	a, err := AdvancesIn(tx, plan, month)
	if err != nil || len(a.Paid) == 0 {
		return nil, err
	}
	had := make(map[string]ledger.Money)
	err = a.each(tx, func(account string, gross ledger.Money, _ ledger.Date) { had[account] = had[account].Add(gross) })
	return had, err
}

func repeatedAdvance(tx *ledger.Tx, first ledger.Command) (Advanced, error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return Advanced{}, err
	}
	result := Advanced{Repeat: true}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil:
			if result.Posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return result, err
			}
			result.Posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == AdvanceKind:
			var a Advances
			if err := decode(ch.Record, ch.Record.State, &a); err != nil {
				return result, err
			}
			if n := len(a.Paid); n > 0 {
				result.Paid = a.Paid[n-1]
			}
			return result, nil
		}
	}
	return result, fmt.Errorf("%w: command %q has saved no advance", ledger.ErrCorrupt, clipText(first.Key))
}

// checkAdvances replays the advances and compares each with its entry.
func checkAdvances(tx *ledger.Tx, say ledger.Report) error {
	for latest, err := range tx.Records(AdvanceKind, "") {
		if err != nil {
			return err
		}
		a := Advances{}
		for version, err := range tx.History(AdvanceKind, latest.ID) {
			if err != nil {
				return err
			}
			var e advanceEvent
			var kept Advances
			if err := decode(&version, version.Data, &e); err != nil {
				say(ledger.Finding{Change: version.Change}, "%v", err)
				break
			}
			if err := decode(&version, version.State, &kept); err != nil {
				say(ledger.Finding{Change: version.Change}, "%v", err)
				break
			}
			a.Plan, a.Month = kept.Plan, kept.Month
			a = a.apply(e)
			want, err := json.Marshal(a)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) || a.Version != version.Version || RunID(a.Plan, a.Month) != latest.ID {
				say(ledger.Finding{Change: version.Change}, "advances of %s, version %d: replayed %s, stored %s", latest.ID, version.Version, want, version.State)
				break
			}
		}
		var sum, paid ledger.Money
		for _, p := range a.Paid {
			paid = paid.Add(p.Gross)
		}
		err = a.each(tx, func(_ string, gross ledger.Money, _ ledger.Date) { sum = sum.Add(gross) })
		if err != nil {
			return err
		}
		if sum != paid {
			say(ledger.Finding{}, "advances of %s: the record says %s, the entries' lines come to %s", latest.ID, paid, sum)
		}
	}
	return nil
}

// ReverseAdvance undoes the latest advance of a month by the mirror of its
// entry, as long as the month has not been run.
func (d *Desk) ReverseAdvance(ctx context.Context, r Reversal) (Advanced, error) {
	return update(ctx, d, r, d.ReverseAdvanceTx)
}

// ReverseAdvanceTx is ReverseAdvance in the caller's transaction.
func (d *Desk) ReverseAdvanceTx(tx *ledger.Tx, r Reversal) (Advanced, error) {
	return atomic(tx, func() (Advanced, error) {
		content := ledger.NewContent(AdvanceKind + ".undo").Text(d.plan.Name).Date(r.Month.First()).Date(r.Date).Text(r.Reason).Text(r.Document).
			Text(r.Maker).Text(r.Approver).Bool(r.Adjusting)
		first, repeated, err := tx.Repeat(ledger.Command{Key: r.Key, Kind: AdvanceKind + ".undo", Content: content.Digest()})
		if err != nil {
			return Advanced{}, err
		}
		if repeated {
			result, err := repeatedAdvance(tx, first)
			result.Paid = AdvancePaid{}
			return result, err
		}
		run, err := RunIn(tx, d.plan.Name, r.Month)
		if err != nil {
			return Advanced{}, err
		}
		book, err := AdvancesIn(tx, d.plan.Name, r.Month)
		if err != nil {
			return Advanced{}, err
		}
		n := len(book.Paid)
		switch {
		case run.Status == Posted || run.Status == Paid:
			return Advanced{}, run.refuse("has counted its advances; reverse the run first")
		case n == 0:
			return Advanced{}, run.refuse("has no advance to be undone")
		case r.Reason == "":
			return Advanced{}, run.refuse("a reversal needs a reason")
		}
		last := book.Paid[n-1]
		result := Advanced{Paid: last}
		if last.Entry != 0 {
			by, err := leave(tx, last.Date, last.Entry)
			if err == nil && by != "" {
				err = run.refuse(fmt.Sprintf("its advance counts in the tax of %q; reverse that pay-out first", clipText(by)))
			}
			if err != nil {
				return Advanced{}, err
			}
			result.Posted, err = tx.Reverse(ledger.Reversal{
				Entry: last.Entry, Date: r.Date, Reason: r.Reason, Document: r.Document, Maker: r.Maker, Approver: r.Approver, Adjusting: r.Adjusting,
				Source: ledger.Source{Kind: AdvanceKind, ID: run.ID(), Version: book.Version + 1, Event: "undo"},
			})
			if err != nil {
				return Advanced{}, err
			}
		}
		return result, book.save(tx, advanceEvent{Undo: last.Version, Reason: r.Reason})
	})
}
