package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Earned returns E(c): the margin that has become income once c of the
// instalments is collected. It only grows with c and is the whole margin when
// all is collected.
//
// Proportional: margin x c / net receivable. At delivery: all of it from the
// sale on. After collected: all of it with the last rupiah. Otherwise the
// margins of the rows that c covers fully, oldest first, and of the row begun
// its margin x covered part / amount. Half up to the recognition's step. Below
// zero counts as zero, beyond the net receivable as all of it.
func (s Schedule) Earned(c ledger.Money) ledger.Money {
	c = c.Sub(s.before)
	switch {
	case !c.Less(s.net) || s.method == AtDelivery:
		return s.earned.Add(s.margin)
	case s.method == AfterCollected:
		return s.earned
	}
	return s.earned.Add(s.covered(c))
}

// covered returns the margin that is contained in c of the instalments,
// whatever the method makes of it.
func (s Schedule) covered(c ledger.Money) ledger.Money {
	switch {
	case c.Sign() <= 0:
		return ledger.Money{}
	case !c.Less(s.net):
		return s.margin
	case s.proportional():
		return ledger.Minor(share(s.margin.Minor(), c.Minor(), s.net.Minor(), s.marginStep))
	}
	var earned ledger.Money
	for _, row := range s.Rows {
		if c.Less(row.Amount) {
			// The full rows' margins are multiples of the step, so rounding
			// this one alone rounds the sum.
			begun := share(row.Margin.Minor(), c.Minor(), row.Amount.Minor(), s.marginStep)
			return earned.Add(ledger.Minor(begun)).Min(s.margin)
		}
		earned, c = earned.Add(row.Margin), c.Sub(row.Amount)
	}
	return s.margin
}

// proportional reports whether margin goes by the total alone, not row by row.
func (s Schedule) proportional() bool {
	return s.method == Proportional || s.method == AtDelivery || s.method == AfterCollected
}

// DueBy returns the sums of the rows due on or before the day, and their number.
func (s Schedule) DueBy(day ledger.Date) (amount, margin ledger.Money, rows int) {
	for _, row := range s.Rows {
		if row.Due.After(day) {
			break
		}
		amount, margin, rows = amount.Add(row.Amount), margin.Add(row.Margin), rows+1
	}
	return amount, margin, rows
}

// Covered is a row with the part of it that is paid.
type Covered struct {
	Row
	Paid ledger.Money // zero to Amount
}

// Open returns what is still to be paid of the row.
func (c Covered) Open() ledger.Money { return c.Amount.Sub(c.Paid) }

// Cover spreads what is collected over the rows, oldest first. Of a debt that
// was agreed anew the rows are those of the rest.
func (s Schedule) Cover(collected ledger.Money) []Covered {
	collected = collected.Sub(s.before)
	covered := make([]Covered, len(s.Rows))
	for i, row := range s.Rows {
		paid := collected.Min(row.Amount).Max(ledger.Money{})
		covered[i] = Covered{Row: row, Paid: paid}
		collected = collected.Sub(paid)
	}
	return covered
}
