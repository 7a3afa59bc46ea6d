package report

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Request asks for a statement: whose, in which form, for which periods. The
// periods are the columns, the current one first; comparatives follow.
type Request struct {
	Entity  string // the cooperative's name as it is to be printed
	Layout  Layout
	Periods []Period
}

// MaxPeriods is the most columns a statement may have.
const MaxPeriods = 24

// Period is what one column of a statement speaks of: a moment or a span.
type Period struct {
	moment ledger.Moment
	span   ledger.Span
	spans  bool
}

// At is the column of balances at a moment. A year's statement of position is
// read before its closing entries, ledger.EndOf(day).BeforeClosing(), where
// the result still stands on income and expense, or after them.
func At(moment ledger.Moment) Period { return Period{moment: moment} }

// During is the column of what moved in a span. Closing entries are left out,
// so that a year's income can be read after it was closed.
func During(from, through ledger.Date) Period {
	return Period{span: ledger.Span{From: from, Through: through}.BeforeClosing(), spans: true}
}

// InMonth is the column of what moved in a month.
func InMonth(month ledger.Month) Period { return During(month.First(), month.Last()) }

func (p Period) key() string {
	if p.spans {
		return p.span.From.String() + "/" + p.span.Through.String()
	}
	return p.moment.Day().String()
}

func (p Period) label() Label {
	if !p.spans {
		return longDay(p.moment.Day())
	}
	from, through := p.span.From, p.span.Through
	first, last := longDay(from), longDay(through)
	switch {
	case from.Month() == through.Month() && from == from.Month().First() && through == through.Month().Last():
		return longMonth(from.Month())
	case from == ledger.On(from.Year(), 1, 1) && through == ledger.On(from.Year(), 12, 31):
		return Same(from.String()[:4])
	}
	return Label{ID: first.ID + " - " + last.ID, EN: first.EN + " - " + last.EN}
}

// heading is the line under the title.
func (p Period) heading() Label {
	if !p.spans {
		day := longDay(p.moment.Day())
		return Label{ID: "Per " + day.ID, EN: "As at " + day.EN}
	}
	first, last := longDay(p.span.From), longDay(p.span.Through)
	return Label{ID: "Untuk periode " + first.ID + " sampai " + last.ID, EN: "For the period " + first.EN + " to " + last.EN}
}

// Statement reads a statement from a book. Its rows can be asked for by their
// layout's keys with [Report.Amount].
//
// Errors are those of [Layout.Fill], and [ErrRequest] if the layout and the
// periods do not go together.
func Statement(tx *ledger.Tx, r Request) (Report, error) {
	if err := r.check(); err != nil {
		return Report{}, err
	}
	figures, err := r.read(tx)
	if err != nil {
		return Report{}, err
	}
	head, err := tx.Head()
	if err != nil {
		return Report{}, err
	}
	made, err := r.Layout.Fill(figures)
	if made.Columns == nil {
		return Report{}, err
	}
	made.Entity, made.Period, made.Head = r.Entity, r.Periods[0].heading(), head
	return made, err
}

func (r Request) check() error {
	refuse := func(reason string) error {
		return &RequestError{What: r.Layout.Title.In(Indonesian), Reason: reason}
	}
	if err := r.Layout.Validate(); err != nil {
		return err
	}
	if len(r.Periods) == 0 {
		return refuse("no period")
	}
	if len(r.Periods) > MaxPeriods {
		return refuse("more periods than columns fit")
	}
	for _, p := range r.Periods {
		if p.spans != r.Layout.spans() {
			return refuse("the layout's lines and the period " + p.key() + " are not both of a moment or both of a span")
		}
	}
	return nil
}

// read reads the figures of the accounts that the layout can show.
func (r Request) read(tx *ledger.Tx) (Figures, error) {
	f := Figures{Currency: tx.Currency()}
	for _, p := range r.Periods {
		f.Columns = append(f.Columns, Column{Key: p.key(), Label: p.label(), Kind: Numbers})
	}
	for account, err := range tx.Accounts() {
		if err != nil {
			return Figures{}, err
		}
		if r.Layout.mayShow(account) {
			f.Accounts = append(f.Accounts, AccountFigures{Account: account})
		}
	}
	for column, p := range r.Periods {
		read := readBalances
		if p.spans {
			read = readSpan
		}
		if err := read(tx, p, column, &f); err != nil {
			return Figures{}, err
		}
		if r.Layout.flows() {
			if err := r.Layout.readFlows(tx, p, column, &f); err != nil {
				return Figures{}, err
			}
		}
	}
	return f, nil
}

// mayShow spares reading accounts that no line shows and none must.
func (l Layout) mayShow(a ledger.Account) bool {
	return l.flows() || slices.Contains(l.Covers, a.Kind) ||
		slices.ContainsFunc(l.Items, func(it Item) bool { return it.Kind == Line && it.Select.Selects(a) })
}

// readBalances reads one column of balances in one pass over the book's
// accounts, which come in the order of f.Accounts.
func readBalances(tx *ledger.Tx, p Period, column int, f *Figures) error {
	next := 0
	for balance, err := range tx.Balances(p.moment) {
		if err != nil {
			return err
		}
		for next < len(f.Accounts) && f.Accounts[next].Account.Code < balance.Account.Code {
			next++
		}
		if next == len(f.Accounts) {
			return nil
		}
		if account := &f.Accounts[next]; account.Account.Code == balance.Account.Code {
			amount := at(&account.Balance, column, len(f.Columns))
			*amount = amount.Add(balance.Amount)
		}
	}
	return nil
}

// readSpan reads one column of movements and opening balances.
func readSpan(tx *ledger.Tx, p Period, column int, f *Figures) error {
	for i := range f.Accounts {
		account := &f.Accounts[i]
		debit, credit, err := tx.Turnover(account.Account.Code, "", p.span)
		if err != nil {
			return err
		}
		*at(&account.Movement, column, len(f.Columns)) = debit.Sub(credit)
		eve := p.span.From.Prev()
		if !eve.Valid() { // nothing is dated before the first day there is
			continue
		}
		opening, err := tx.Balance(account.Account.Code, "", ledger.EndOf(eve))
		if err != nil {
			return err
		}
		*at(&account.Opening, column, len(f.Columns)) = opening
	}
	return nil
}

// at returns the place of a column's amount, made on first use.
func at(amounts *[]ledger.Money, column, columns int) *ledger.Money {
	if *amounts == nil {
		*amounts = make([]ledger.Money, columns)
	}
	return &(*amounts)[column]
}
