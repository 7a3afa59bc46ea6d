package murabahah

import (
	"context"
	"iter"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Ageing is how all debts stand at the end of a day: what is owed, how far it
// is behind, and what has to be set aside for it.
type Ageing struct {
	AsOf   ledger.Date
	Policy Collectibility
	Rows   []AgeingRow // by contract
	// Totals has the four classes in their order, Total all of them.
	Totals [4]ClassTotal
	Total  ClassTotal
}

// AgeingRow is one contract's line of an ageing.
type AgeingRow struct {
	Contract    string
	Buyer       ledger.Party
	Goods       string
	SoldOn      ledger.Date
	Outstanding ledger.Money // price not yet paid
	Deferred    ledger.Money // of it: margin not yet income
	Net         ledger.Money // Outstanding - Deferred: what the percentage is taken of
	Arrears     Arrears
	Class       Class
	Judged      bool         // set by management, not by the arrears
	Collateral  ledger.Money // eligible, as it was stated
	Allowance   ledger.Money // to be set aside
}

// ClassTotal is the sum of a class.
type ClassTotal struct {
	Class       Class // empty for all of them
	Contracts   int
	Outstanding ledger.Money
	Net         ledger.Money
	Overdue     ledger.Money
	Collateral  ledger.Money
	Allowance   ledger.Money
}

// Classes lists the classes from the best to the worst.
func Classes() [4]Class { return [4]Class{Current, Substandard, Doubtful, Loss} }

// Age puts together the ageing of contracts that are sold, as they stand.
// Collateral is the eligible part of each, by contract; none for those that it
// does not name.
func Age(contracts iter.Seq2[Contract, error], policy Collectibility, asOf ledger.Date, collateral map[string]ledger.Money) (Ageing, error) {
	a := Ageing{AsOf: asOf, Policy: policy}
	for i, class := range Classes() {
		a.Totals[i].Class = class
	}
	for c, err := range contracts {
		if err != nil {
			return Ageing{}, err
		}
		if c.State != Sold {
			continue
		}
		row, err := policy.age(c, asOf, collateral[c.Terms.Contract])
		if err != nil {
			return Ageing{}, err
		}
		a.Rows = append(a.Rows, row)
		for i := range a.Totals {
			if a.Totals[i].Class == row.Class {
				a.Totals[i] = a.Totals[i].add(row)
			}
		}
		a.Total = a.Total.add(row)
	}
	return a, nil
}

func (p Collectibility) age(c Contract, asOf ledger.Date, collateral ledger.Money) (AgeingRow, error) {
	class, arrears, err := p.ClassOf(c, asOf)
	if err != nil {
		return AgeingRow{}, err
	}
	allowance, err := p.Allowance(c.Exposure(class, collateral))
	if err != nil {
		return AgeingRow{}, err
	}
	j := c.Course.Judgment
	return AgeingRow{
		Contract: c.Terms.Contract, Buyer: c.Terms.Buyer, Goods: c.Terms.Goods, SoldOn: c.Course.SoldOn,
		Outstanding: c.Outstanding(), Deferred: c.Position.Deferred, Net: c.Position.Carrying(),
		Arrears: arrears, Class: class, Judged: j != nil && !j.On.After(asOf), Collateral: collateral, Allowance: allowance,
	}, nil
}

func (t ClassTotal) add(row AgeingRow) ClassTotal {
	t.Contracts++
	t.Outstanding, t.Net = t.Outstanding.Add(row.Outstanding), t.Net.Add(row.Net)
	t.Overdue, t.Collateral = t.Overdue.Add(row.Arrears.Overdue), t.Collateral.Add(row.Collateral)
	t.Allowance = t.Allowance.Add(row.Allowance)
	return t
}

// NPF is the part of the financing that does not perform: the three worse
// classes, net of deferred margin.
type NPF struct {
	Problem   ledger.Money // KL, D and M
	Allowance ledger.Money // set aside for them
	Total     ledger.Money // all classes
}

// NPF returns the figures of an ageing.
func (a Ageing) NPF() NPF {
	n := NPF{Total: a.Total.Net}
	for _, total := range a.Totals[1:] {
		n.Problem, n.Allowance = n.Problem.Add(total.Net), n.Allowance.Add(total.Allowance)
	}
	return n
}

// Gross returns problem / total as a ratio with so many decimals, half up; zero
// if nothing is financed.
func (n NPF) Gross(places int32) decimal.Decimal { return ratio(n.Problem, n.Total, places) }

// Net returns (problem - allowance for it) / total, likewise.
func (n NPF) Net(places int32) decimal.Decimal {
	return ratio(n.Problem.Sub(n.Allowance).Max(ledger.Money{}), n.Total, places)
}

func ratio(part, whole ledger.Money, places int32) decimal.Decimal {
	if whole.IsZero() {
		return decimal.Decimal{}
	}
	return decimal.NewFromInt(part.Minor()).DivRound(decimal.NewFromInt(whole.Minor()), places)
}

// Ageing puts together the ageing of all contracts of the book at the end of a
// day. A contract that has moved on since is taken as it stood on the day.
func (d *Desk) Ageing(ctx context.Context, policy Collectibility, asOf ledger.Date, collateral map[string]ledger.Money) (Ageing, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Ageing, error) {
		a, err := Age(contractsOn(tx, asOf), policy, asOf, collateral)
		return a, contract.In(tx, "", err)
	})
}

// contractsOn lists the contracts of a book as they stood at the end of a day.
func contractsOn(tx *ledger.Tx, day ledger.Date) iter.Seq2[Contract, error] {
	return func(yield func(Contract, error) bool) {
		for c, err := range Contracts(tx, "") {
			if err == nil && c.Latest.After(day) {
				var history []Event
				if history, err = HistoryIn(tx, c.Terms.Contract); err == nil {
					c, err = AsOf(history, day)
				}
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// AsOf returns a contract as it stood at the end of a day, as it is known now:
// of its events those that stand and are dated on or before the day. Its
// Version counts them.
func AsOf(history []Event, day ledger.Date) (Contract, error) {
	var c Contract
	for _, e := range Standing(history) {
		if e.Date.After(day) {
			break
		}
		e.Version = c.Version + 1
		next, err := c.Apply(e)
		if err != nil {
			return Contract{}, err
		}
		c = next
	}
	return c, nil
}

// DueRow is an instalment with how it stands on a day.
type DueRow struct {
	Covered
	Days int // since it was due, if it is open; zero or less if it is not past due
}

// DueTable returns the instalments of the plan in force that are due by a day,
// paid ones included.
func (c Contract) DueTable(asOf ledger.Date) ([]DueRow, error) {
	if err := asOf.Err(); err != nil {
		return nil, c.refuse(ErrDate, "due_table.date", "due table: %v", err)
	}
	if c.State != Sold {
		return nil, nil
	}
	schedule, err := c.Schedule()
	if err != nil {
		return nil, err
	}
	var rows []DueRow
	for _, covered := range schedule.Cover(c.Position.Collected) {
		if covered.Due.After(asOf) {
			break
		}
		row := DueRow{Covered: covered}
		if covered.Open().Sign() > 0 {
			row.Days = covered.Due.DaysUntil(asOf)
		}
		rows = append(rows, row)
	}
	return rows, nil
}
