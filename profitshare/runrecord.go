package profitshare

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// format is the version of the stored forms of runs and their events.
const format = 1

// RunIn returns the run of a plan's month; its Status is empty if there is none.
func RunIn(tx *ledger.Tx, plan string, month ledger.Month) (Run, error) {
	run := Run{Month: month, Figures: Figures{Plan: Plan{Name: plan}}}
	if err := month.Err(); err != nil {
		return run, err
	}
	r, found, err := tx.Record(RunKind, RunID(plan, month))
	if err != nil || !found {
		return run, err
	}
	return decodeRun(&r)
}

// Runs lists the latest state of all runs whose id sorts after the given one,
// by id: by month, then by plan.
func Runs(tx *ledger.Tx, after string) iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		for r, err := range tx.Records(RunKind, after) {
			var run Run
			if err == nil {
				run, err = decodeRun(&r)
			}
			if !yield(run, err) || err != nil {
				return
			}
		}
	}
}

// runsOf lists the runs of a month.
func runsOf(tx *ledger.Tx, month ledger.Month) ([]Run, error) {
	var list []Run
	for run, err := range Runs(tx, month.String()) {
		if err != nil {
			return nil, err
		}
		if run.Month != month {
			break
		}
		list = append(list, run)
	}
	return list, nil
}

// historyOf returns all events of a run with the change that wrote each.
func historyOf(tx *ledger.Tx, id string) (events []RunEvent, changes []uint64, err error) {
	for r, err := range tx.History(RunKind, id) {
		var e RunEvent
		if err == nil {
			err = decode(&r, r.Data, &e)
		}
		if err != nil {
			return nil, nil, err
		}
		events, changes = append(events, e), append(changes, r.Change)
	}
	return events, changes, nil
}

func save(tx *ledger.Tx, run Run, e RunEvent) error {
	record, err := run.record(e)
	if err != nil {
		return err
	}
	_, err = tx.Save(record)
	return err
}

// record is the version of the run's record that an event makes.
func (r Run) record(e RunEvent) (ledger.Record, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("profitshare: run %s: %w", clipText(r.ID()), err)
	}
	state, err := json.Marshal(r)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("profitshare: run %s: %w", clipText(r.ID()), err)
	}
	if len(data) > ledger.MaxData || len(state) > ledger.MaxData {
		return ledger.Record{}, r.refuse("holds more than one record can")
	}
	return ledger.Record{Kind: RunKind, ID: r.ID(), Version: e.Version, Event: string(e.Name), Data: data, Format: format, State: state}, nil
}

func decodeRun(r *ledger.Record) (Run, error) {
	var run Run
	err := decode(r, r.State, &run)
	return run, err
}

func decode(r *ledger.Record, data []byte, into any) error {
	if r.Format != format {
		return fmt.Errorf("%w: run %s, version %d: format %d, this release reads %d", ErrFormat, clipText(r.ID), r.Version, r.Format, format)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: run %s, version %d: %w", ErrFormat, clipText(r.ID), r.Version, err)
	}
	return nil
}

// firstResult returns what a command did when it was first carried out.
func firstResult(tx *ledger.Tx, first ledger.Command) (run Run, posted ledger.Posted, err error) {
	changes, err := tx.ChangesOf(first)
	if err != nil {
		return run, posted, err
	}
	for _, ch := range changes {
		switch {
		case ch.Posted != nil && ch.Posted.Source.Kind == RunKind:
			if posted, _, err = tx.Entry(ch.Posted.Number); err != nil {
				return run, posted, err
			}
			posted.Repeat = true
		case ch.Record != nil && ch.Record.Kind == RunKind:
			run, err = decodeRun(ch.Record)
			return run, posted, err
		}
	}
	return run, posted, fmt.Errorf("%w: command %q has saved no run", ledger.ErrCorrupt, clipText(first.Key))
}

// share is one line of a posted run: what an account is owed.
type share struct {
	account string
	party   ledger.Party
	gross   ledger.Money
}

// sharesOf reads what a run owes from the lines of its entry, by account.
// Nothing that was posted is ever worked out a second time.
func sharesOf(tx *ledger.Tx, run *Run) ([]share, error) {
	if run.Entry == 0 {
		return run.adopted(tx)
	}
	posted, err := entryOf(tx, run, run.Entry)
	if err != nil {
		return nil, err
	}
	shares := make([]share, 0, run.Accounts)
	for i := range posted.Lines {
		l := &posted.Lines[i]
		if l.Account == run.Plan.Payable {
			shares = append(shares, share{l.Sub, l.Party, l.Amount.Neg()})
		}
	}
	for i := 1; i < len(shares); i++ {
		if strings.Compare(shares[i-1].account, shares[i].account) >= 0 {
			return nil, fmt.Errorf("%w: entry %d of run %s does not stand by account", ledger.ErrCorrupt, run.Entry, clipText(run.ID()))
		}
	}
	return shares, nil
}

func entryOf(tx *ledger.Tx, run *Run, number uint64) (ledger.Posted, error) {
	posted, found, err := tx.Entry(number)
	if err == nil && !found {
		err = fmt.Errorf("%w: run %s names entry %d, which is missing", ledger.ErrCorrupt, clipText(run.ID()), number)
	}
	return posted, err
}

// paidOn tells for each share of a run on which day it was paid, the zero Date
// for those still owed.
func paidOn(tx *ledger.Tx, run *Run, shares []share) ([]ledger.Date, error) {
	days := make([]ledger.Date, len(shares))
	places := placesOf(shares)
	for _, payment := range run.Payments {
		if payment.Entry == 0 {
			continue
		}
		posted, err := entryOf(tx, run, payment.Entry)
		if err != nil {
			return nil, err
		}
		for i := range posted.Lines {
			l := &posted.Lines[i]
			if l.Account != run.Plan.Payable {
				continue
			}
			at, found := places.of(l.Sub)
			if !found {
				return nil, fmt.Errorf("%w: entry %d pays %s, whom run %s owes nothing", ledger.ErrCorrupt, payment.Entry, clipText(l.Sub), clipText(run.ID()))
			}
			days[at] = posted.Date
		}
	}
	return days, nil
}

// places finds accounts among shares; asked in their order it looks only once.
type places struct {
	shares []share
	next   int
}

func placesOf(shares []share) *places { return &places{shares: shares} }

func (p *places) of(account string) (int, bool) {
	if p.next < len(p.shares) && p.shares[p.next].account == account {
		p.next++
		return p.next - 1, true
	}
	low, high := 0, len(p.shares)
	for low < high {
		middle := (low + high) / 2
		if p.shares[middle].account < account {
			low = middle + 1
		} else {
			high = middle
		}
	}
	found := low < len(p.shares) && p.shares[low].account == account
	p.next = low
	if found {
		p.next++
	}
	return low, found
}
