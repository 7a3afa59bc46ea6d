package report

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Figures are what a layout is filled with: a column for each period, and for
// each account its amounts in the order of the columns.
type Figures struct {
	Currency ledger.Currency
	Columns  []Column
	Accounts []AccountFigures // in the order in which they are to be listed
}

// AccountFigures are an account's amounts, debit positive, one a period. A nil
// slice is all zeros.
type AccountFigures struct {
	Account  ledger.Account
	Balance  []ledger.Money
	Movement []ledger.Money
	Opening  []ledger.Money
	// Cash is what came into cash against the account, by activity; what went
	// out is negative.
	Cash map[ledger.Activity][]ledger.Money
}

// of returns what a line shows of the account.
func (f *AccountFigures) of(it *Item) []ledger.Money {
	switch it.Measure {
	case Movement:
		return f.Movement
	case Opening:
		return f.Opening
	case Ending:
		ending := slices.Clone(f.Opening)
		if len(ending) < len(f.Movement) {
			ending = append(ending, make([]ledger.Money, len(f.Movement)-len(ending))...)
		}
		add(ending, f.Movement)
		return ending
	case Cash:
		return f.Cash[it.Activity]
	}
	return f.Balance
}

// Fill puts figures into the layout's lines and adds up its totals.
// It is pure: the same figures give the same report.
//
// A faulty layout is an error that matches [ErrLayout]; an account that it
// misses or doubles, [ErrCoverage]; an amount that does not fit,
// [ledger.ErrMoney]. If totals that should be equal are not, the report is
// whole and carries an alert, and the error matches [ErrUnbalanced].
func (l Layout) Fill(figures Figures) (Report, error) {
	if err := l.Validate(); err != nil {
		return Report{}, err
	}
	if figures.Currency.IsZero() {
		return Report{}, &RequestError{What: l.Title.In(Indonesian), Reason: "the currency is missing"}
	}
	if err := l.cover(figures.Accounts); err != nil {
		return Report{}, err
	}
	f := filling{periods: len(figures.Columns), sums: make(map[string][]ledger.Money)}
	for i := range l.Items {
		f.item(&l.Items[i], figures.Accounts)
	}
	r := Report{Title: l.Title, Currency: figures.Currency, Rows: f.rows, Columns: append([]Column{
		{Key: "code", Label: Label{"Kode", "Code"}, Kind: Short, Optional: true},
		{Key: "name", Label: Label{"Uraian", "Description"}, Indented: true},
	}, figures.Columns...)}
	if err := r.sound(); err != nil {
		return Report{}, err
	}
	err := l.balance(&r, figures.Columns)
	return r, err
}

// filling is a report's rows in the making.
type filling struct {
	periods int
	rows    []Row
	sums    map[string][]ledger.Money // by key, debit positive
}

func (f *filling) item(it *Item, figures []AccountFigures) {
	switch it.Kind {
	case Line:
		f.line(it, figures)
	case Total, Grand:
		sum := make([]ledger.Money, f.periods)
		for _, key := range it.Sum {
			add(sum, f.sums[key])
		}
		f.sums[it.Key] = sum
		f.row(it, "", it.Label, sum)
	default:
		f.rows = append(f.rows, Row{Kind: it.Kind, Level: it.Level, Key: it.Key, Cells: []Cell{{}, Text(it.Label)}})
	}
}

func (f *filling) line(it *Item, figures []AccountFigures) {
	sum, before := make([]ledger.Money, f.periods), len(f.rows)
	for i := range figures {
		account := &figures[i].Account
		if !it.Select.Selects(*account) {
			continue
		}
		amounts := figures[i].of(it)
		add(sum, amounts)
		if it.Each && !zero(amounts) {
			f.row(it, account.Code, Label{ID: account.Name, EN: account.NameEn}, amounts)
		}
	}
	f.sums[it.Key] = sum
	if !it.Each || len(f.rows) == before { // a key always has a row
		f.row(it, "", it.Label, sum)
		f.rows[len(f.rows)-1].Hidden = zero(sum) && !it.Keep
	}
}

func (f *filling) row(it *Item, code string, label Label, amounts []ledger.Money) {
	cells := make([]Cell, 2, 2+f.periods)
	if code != "" {
		cells[0] = Name(code)
	}
	cells[1] = Text(label)
	for i := range f.periods {
		var amount ledger.Money
		if i < len(amounts) {
			amount = amounts[i]
		}
		cells = append(cells, Money(it.Side.Natural(amount)))
	}
	f.rows = append(f.rows, Row{Kind: it.Kind, Level: it.Level, Key: it.Key, Cells: cells})
}

func add(to, amounts []ledger.Money) {
	for i := range min(len(to), len(amounts)) {
		to[i] = to[i].Add(amounts[i])
	}
}

func zero(amounts []ledger.Money) bool {
	return !slices.ContainsFunc(amounts, func(m ledger.Money) bool { return !m.IsZero() })
}

// cover sees to it that every account stands in exactly one line of each
// measure, every cash flow in exactly one of its activity. An account without
// any amount may stand in none.
func (l Layout) cover(figures []AccountFigures) error {
	shows := l.showing()
	fault := &CoverageError{Layout: l.Title.In(Indonesian)}
	for i := range figures {
		account := &figures[i].Account
		missing, doubled := false, false
		for what, lines := range shows {
			standsIn := 0
			for _, it := range lines {
				if it.Select.Selects(*account) {
					standsIn++
				}
			}
			sample := Item{Measure: what.measure, Activity: what.activity}
			must := slices.Contains(l.Covers, account.Kind) || what.measure == Cash
			doubled = doubled || standsIn > 1
			missing = missing || must && standsIn == 0 && !zero(figures[i].of(&sample))
		}
		if doubled {
			fault.Doubled = append(fault.Doubled, account.Code)
		}
		if missing {
			fault.Missing = append(fault.Missing, account.Code)
		}
	}
	if len(fault.Missing)+len(fault.Doubled) > 0 {
		return fault
	}
	return nil
}

// shown is what of an account a line shows.
type shown struct {
	measure  Measure
	activity ledger.Activity
}

// showing returns the layout's lines by what they show. If any shows cash
// flows, there must be a line for those of every activity.
func (l Layout) showing() map[shown][]Item {
	lines := make(map[shown][]Item)
	if l.flows() {
		for _, activity := range activities {
			lines[shown{Cash, activity}] = nil
		}
	}
	for _, it := range l.Items {
		if it.Kind != Line {
			continue
		}
		what := shown{it.Measure, it.Activity}
		lines[what] = append(lines[what], it)
	}
	return lines
}

// balance compares the totals that must be equal, in every column. The report
// gets an alert for each pair that is not; the first is the error.
func (l Layout) balance(r *Report, columns []Column) error {
	var first error
	for _, pair := range l.Equal {
		for i, column := range columns {
			left, _ := r.Amount(pair[0], i)
			right, _ := r.Amount(pair[1], i)
			if left == right {
				continue
			}
			fault := &UnbalancedError{Report: l.Title.In(Indonesian), Column: column.Key,
				Left: pair[0], Right: pair[1], LeftAmount: left, RightAmount: right, currency: r.Currency}
			r.Alerts = append(r.Alerts, fault.alert())
			if first == nil {
				first = fault
			}
		}
	}
	return first
}
