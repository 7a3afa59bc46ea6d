package report

import (
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// CashFlow is the statement of cash flows by the direct method for any chart:
// what came into cash and went out, an account in a row of its own under its
// activity. Where a line of the book names its activity that decides;
// otherwise the flows of the accounts investing and financing are of these
// activities, those of other equity accounts of financing, those of the zakat
// and benevolent funds stand apart, and the rest is operating (PSAK 401,
// formerly PSAK 101: cash of the funds is shown separately).
//
// Its keys: operating, investing, financing, fund, increase, opening, closing,
// and composition, the cash accounts' balances, which must come to the same.
func CashFlow(cash, investing, financing []Codes) Layout {
	return mustLayout("cash_flow", Places{"cash": cash, "investing": investing, "financing": financing})
}

// StandardCashFlow is [CashFlow] for [ledger.StandardChart]: cash is what is in
// tills, at banks on demand and held for the funds; investing is fixed and
// intangible assets and stakes in others; financing is equity, participation
// capital and borrowed money. The division is unconfirmed against the annex in
// force: a default to edit.
func StandardCashFlow() Layout {
	codes := func(prefixes ...string) []Codes {
		var all []Codes
		for _, prefix := range prefixes {
			all = append(all, Codes{Prefix: prefix})
		}
		return all
	}
	return CashFlow(codes("101", "10201", "10202", "10204", "1021"), codes("12", "13", "14"),
		codes("20203", "208", "211", "30402", "305"))
}

// ActivityRule says of which activity the cash flows against accounts are
// whose lines do not name one.
type ActivityRule struct {
	Activity ledger.Activity
	Select   Selector
}

// activities are those that a statement of cash flows shows.
var activities = [...]ledger.Activity{ledger.Operating, ledger.Investing, ledger.Financing, ledger.Fund}

func (l Layout) flows() bool {
	return slices.ContainsFunc(l.Items, func(it Item) bool { return it.Kind == Line && it.Measure == Cash })
}

// activity returns of which activity the flow of a line is.
func (l Layout) activity(a ledger.Account, line ledger.Line) ledger.Activity {
	if line.Activity != ledger.Derived {
		return line.Activity
	}
	for _, rule := range l.Activities {
		if rule.Select.Selects(a) {
			return rule.Activity
		}
	}
	return ledger.Operating
}

// readFlows reads one column of cash flows: of every entry with a cash line the
// other lines, which together are what came into cash. Closing entries are
// left out as everywhere in a span.
func (l Layout) readFlows(tx *ledger.Tx, p Period, column int, f *Figures) error {
	accounts := make(map[string]*AccountFigures, len(f.Accounts))
	for i := range f.Accounts {
		accounts[f.Accounts[i].Account.Code] = &f.Accounts[i]
	}
	entries, err := l.cashEntries(tx, p, f)
	if err != nil {
		return err
	}
	for _, number := range entries {
		posted, _, err := tx.Entry(number)
		if err != nil {
			return err
		}
		for _, line := range posted.Lines {
			against := accounts[line.Account]
			if against == nil || l.CashAccounts.Selects(against.Account) {
				continue
			}
			if against.Cash == nil {
				against.Cash = make(map[ledger.Activity][]ledger.Money)
			}
			activity := l.activity(against.Account, line)
			amounts := against.Cash[activity]
			amount := at(&amounts, column, len(f.Columns))
			*amount = amount.Sub(line.Amount)
			against.Cash[activity] = amounts
		}
	}
	return nil
}

// cashEntries returns the numbers of the period's entries that have a cash
// line, in their order.
func (l Layout) cashEntries(tx *ledger.Tx, p Period, f *Figures) ([]uint64, error) {
	var numbers []uint64
	for i := range f.Accounts {
		a := &f.Accounts[i].Account
		if !l.CashAccounts.Selects(*a) {
			continue
		}
		q := ledger.LineQuery{Account: a.Code, AllSubs: a.Control, From: p.span.From, Through: p.span.Through}
		for line, err := range tx.Lines(q) {
			if err != nil {
				return nil, err
			}
			if line.Phase < p.span.Before || p.span.Before == ledger.Ordinary {
				numbers = append(numbers, line.Entry)
			}
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), nil
}
