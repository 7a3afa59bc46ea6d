package profitshare

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// PaidMonthKind is the kind of the records that list by which entries members
// were paid in a calendar month, whatever the plan or the month that was
// shared. A record's id is its month, "2026-05".
//
// The threshold of the final tax is one for all a member is paid in a month, so
// a pay-out must know those before it. What they paid and withheld stands in
// their lines and is read from there, never computed again: the work grows with
// the number of pay-outs, not with the ways to combine them.
const PaidMonthKind = "profitshare.month"

// PaidMonth lists the pay-outs of a calendar month that stand, in the order in
// which they were made.
type PaidMonth struct {
	Month   ledger.Month `json:"month"`
	Version int          `json:"version"`
	Entries []PaidEntry  `json:"entries"`
}

// PaidEntry says how to read one pay-out's entry: every debit of Payable is a
// share, and the credits of Tax that follow it are what was withheld from it.
type PaidEntry struct {
	Entry   uint64  `json:"entry"`
	By      string  `json:"by"` // the run
	Payable string  `json:"payable"`
	Tax     string  `json:"tax"`
	Zakat   string  `json:"zakat,omitempty"`
	Penalty string  `json:"penalty,omitempty"` // credited with penalties for breaking a term
	Rule    TaxRule `json:"rule"`
}

// paidMonthEvent is one event of a PaidMonth: an entry joins the list or, when
// it is reversed, leaves it.
type paidMonthEvent struct {
	Month  ledger.Month `json:"month"`
	Joins  *PaidEntry   `json:"joins,omitempty"`
	Leaves uint64       `json:"leaves,omitempty"`
}

func (m PaidMonth) apply(e paidMonthEvent) PaidMonth {
	m.Month, m.Version = e.Month, m.Version+1
	if e.Joins != nil {
		m.Entries = append(slices.Clone(m.Entries), *e.Joins)
	} else {
		m.Entries = slices.DeleteFunc(slices.Clone(m.Entries), func(p PaidEntry) bool { return p.Entry == e.Leaves })
	}
	return m
}

// PaidMonthIn returns the pay-outs of a calendar month, none if nobody was paid.
func PaidMonthIn(tx *ledger.Tx, month ledger.Month) (PaidMonth, error) {
	paid := PaidMonth{Month: month}
	if err := month.Err(); err != nil {
		return paid, err
	}
	r, found, err := tx.Record(PaidMonthKind, month.String())
	if err != nil || !found {
		return paid, err
	}
	err = decode(&r, r.State, &paid)
	return paid, err
}

// save writes the month's next version.
func (m PaidMonth) save(tx *ledger.Tx, e paidMonthEvent) error {
	e.Month = m.Month
	next, name := m.apply(e), "join"
	if e.Joins == nil {
		name = "leave"
	}
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("profitshare: pay-outs of %s: %w", m.Month, err)
	}
	state, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("profitshare: pay-outs of %s: %w", m.Month, err)
	}
	_, err = tx.Save(ledger.Record{Kind: PaidMonthKind, ID: m.Month.String(), Version: next.Version, Event: name, Data: data, Format: format, State: state})
	return err
}

// returns reads what one pay-out paid and withheld, row by row.
func (p *PaidEntry) returns(tx *ledger.Tx) ([]Withheld, error) {
	posted, found, err := tx.Entry(p.Entry)
	if err != nil || !found {
		if err == nil {
			err = fmt.Errorf("%w: run %s names entry %d, which is missing", ledger.ErrCorrupt, clipText(p.By), p.Entry)
		}
		return nil, err
	}
	return p.readLines(posted.Lines)
}

func (p *PaidEntry) readLines(lines []ledger.Line) ([]Withheld, error) {
	var rows []Withheld
	for i := range lines {
		l := &lines[i]
		switch {
		case l.Account == p.Payable && l.Amount.Sign() > 0:
			rows = append(rows, Withheld{Return: Return{Account: l.Sub, Member: l.Party.Member, Gross: l.Amount, Outside: outside(l.Party)}})
		case len(rows) == 0:
		case l.Account == p.Tax:
			last := &rows[len(rows)-1]
			last.Tax = last.Tax.Sub(l.Amount)
		case p.Zakat != "" && l.Account == p.Zakat:
			last := &rows[len(rows)-1]
			last.Zakat = last.Zakat.Sub(l.Amount)
		case p.Penalty != "" && l.Account == p.Penalty:
			last := &rows[len(rows)-1]
			last.Penalty = last.Penalty.Sub(l.Amount)
		}
	}
	return rows, p.Rule.tellCatchUp(rows)
}

// tellCatchUp divides what was withheld from each row into the tax on its own
// gross and the rest, which was caught up for earlier pay-outs.
func (r TaxRule) tellCatchUp(rows []Withheld) error {
	rate, err := r.check()
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		if !row.Tax.IsZero() {
			own, err := r.tax(rate, row.Gross)
			if err != nil {
				return err
			}
			row.CatchUp = row.Tax.Sub(own).Max(ledger.Money{})
			row.Tax = row.Tax.Sub(row.CatchUp)
		}
		row.Net = row.Gross.Sub(row.Tax).Sub(row.CatchUp).Sub(row.Zakat).Sub(row.Penalty)
	}
	return nil
}

// outside reports whether a party is beyond the tax rule: candidates and others.
func outside(p ledger.Party) bool {
	return p.Standing == ledger.Candidate || p.Standing == ledger.Other
}

// returns reads all of the month's pay-outs.
func (m *PaidMonth) returns(tx *ledger.Tx) ([]Withheld, error) {
	var all []Withheld
	for i := range m.Entries {
		rows, err := m.Entries[i].returns(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// WithholdingList is everything that members were paid in a calendar month over
// all plans, one row a share and pay-out, in the order of payment. A slip is
// due for each row, also for those with a tax of zero (PMK 112/PMK.03/2010).
func WithholdingList(ctx context.Context, book *ledger.Book, month ledger.Month) (Withholding, error) {
	var list Withholding
	err := book.View(ctx, func(tx *ledger.Tx) (err error) {
		list, err = WithholdingListTx(tx, month)
		return err
	})
	return list, err
}

// WithholdingListTx is WithholdingList in the caller's transaction.
func WithholdingListTx(tx *ledger.Tx, month ledger.Month) (Withholding, error) {
	paid, err := PaidMonthIn(tx, month)
	if err != nil {
		return Withholding{}, err
	}
	rows, err := paid.returns(tx)
	if err != nil {
		return Withholding{}, err
	}
	list := Withholding{Rows: rows}
	return list, list.total()
}

// join lists a pay-out's entry under the month of its day.
func join(tx *ledger.Tx, day ledger.Date, p PaidEntry) error {
	paid, err := PaidMonthIn(tx, day.Month())
	if err != nil {
		return err
	}
	return paid.save(tx, paidMonthEvent{Joins: &p})
}

// leave takes a pay-out off the list, unless a later one withheld tax from one
// of its members with it in view: that one must be undone first.
func leave(tx *ledger.Tx, day ledger.Date, entry uint64) (by string, err error) {
	paid, err := PaidMonthIn(tx, day.Month())
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(paid.Entries, func(p PaidEntry) bool { return p.Entry == entry })
	if at < 0 {
		return "", fmt.Errorf("%w: entry %d is not among the pay-outs of %s", ledger.ErrCorrupt, entry, paid.Month)
	}
	rows, err := paid.Entries[at].returns(tx)
	if err != nil {
		return "", err
	}
	members := make(map[string]bool, len(rows))
	for _, row := range rows {
		members[row.Member] = !row.Outside
	}
	for i := at + 1; i < len(paid.Entries); i++ {
		later, err := paid.Entries[i].returns(tx)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(later, func(row Withheld) bool { return members[row.Member] && !row.Outside }) {
			return paid.Entries[i].By, nil
		}
	}
	return "", paid.save(tx, paidMonthEvent{Leaves: entry})
}

// checkPaidMonths replays the lists of pay-outs and looks that they name
// exactly the pay-outs that stand.
func checkPaidMonths(tx *ledger.Tx, say ledger.Report) error {
	listed := make(map[uint64]string)
	for latest, err := range tx.Records(PaidMonthKind, "") {
		if err != nil {
			return err
		}
		var month PaidMonth
		for version, err := range tx.History(PaidMonthKind, latest.ID) {
			if err != nil {
				return err
			}
			var e paidMonthEvent
			if err := decode(&version, version.Data, &e); err != nil {
				say(ledger.Finding{Change: version.Change}, "%v", err)
				break
			}
			month = month.apply(e)
			want, err := json.Marshal(month)
			if err != nil {
				return err
			}
			if !bytes.Equal(want, version.State) || month.Version != version.Version || month.Month.String() != latest.ID {
				say(ledger.Finding{Change: version.Change}, "pay-outs of %s, version %d: replayed %s, stored %s", latest.ID, version.Version, want, version.State)
				break
			}
		}
		for _, p := range month.Entries {
			if _, twice := listed[p.Entry]; twice {
				say(ledger.Finding{Entry: p.Entry}, "is listed twice among the pay-outs")
			}
			listed[p.Entry] = month.Month.String()
		}
	}
	for run, err := range Runs(tx, "") {
		if err != nil {
			return err
		}
		for _, p := range run.Payments {
			if p.Entry != 0 && listed[p.Entry] != p.Date.Month().String() {
				say(ledger.Finding{Entry: p.Entry}, "run %s: the pay-out of %s is not on the list of its month", run.ID(), p.Date)
			}
			delete(listed, p.Entry)
		}
	}
	for r, err := range tx.Records(AdvanceKind, "") {
		var a Advances
		if err == nil {
			err = decode(&r, r.State, &a)
		}
		if err != nil {
			return err
		}
		for _, p := range a.Paid {
			if p.Entry != 0 && listed[p.Entry] != p.Date.Month().String() {
				say(ledger.Finding{Entry: p.Entry}, "advances of %s: the pay-out of %s is not on the list of its month", r.ID, p.Date)
			}
			delete(listed, p.Entry)
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(listed)) {
		say(ledger.Finding{Entry: entry}, "stands on the list of pay-outs of %s, but is none", listed[entry])
	}
	return nil
}
