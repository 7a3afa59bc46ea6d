package year

import (
	"errors"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// arrearsTables are the files that only a folder with a policy of
// collectibility gets.
func arrearsTables() []table {
	return []table{debts, arrears, npf, allowances, cards, disclosures}
}

// ageing is how all debts stand on the last day.
func (y *Year) ageing(tx *ledger.Tx) (murabahah.Ageing, error) {
	return murabahah.Age(murabahah.Contracts(tx, ""), *y.folder.Collectibility, y.folder.Cooperative.LastDay, y.collateral())
}

// debts is every debt with its class and allowance on the last day.
var debts = table{
	"murabahah_nominatif.csv", []string{"contract", "member", "goods", "class", "judged", "collateral", "outstanding", "deferred", "net", "overdue", "allowance"},
	func(y *Year, tx *ledger.Tx, add addRow) error {
		all, err := y.ageing(tx)
		if err != nil {
			return err
		}
		for _, r := range all.Rows {
			judged := "no"
			if r.Judged {
				judged = "yes"
			}
			cells, err := rupiah(r.Collateral, r.Outstanding, r.Deferred, r.Net, r.Arrears.Overdue, r.Allowance)
			if err != nil {
				return err
			}
			if err := add(append([]string{r.Contract, r.Buyer.Member, r.Goods, string(r.Class), judged}, cells...)...); err != nil {
				return err
			}
		}
		return nil
	},
}

// arrears is the debts that are behind on the last day.
var arrears = table{
	"murabahah_arrears.csv", []string{"contract", "member", "class", "instalments", "since", "days", "overdue"},
	func(y *Year, tx *ledger.Tx, add addRow) error {
		all, err := y.ageing(tx)
		if err != nil {
			return err
		}
		for _, r := range all.Rows {
			a := r.Arrears
			if a.Instalments == 0 {
				continue
			}
			cells, err := rupiah(a.Overdue)
			if err != nil {
				return err
			}
			if err := add(append([]string{r.Contract, r.Buyer.Member, string(r.Class), strconv.Itoa(a.Instalments), a.Since.String(),
				strconv.Itoa(a.Days)}, cells...)...); err != nil {
				return err
			}
		}
		return nil
	},
}

// npf is the sums of the classes on the last day, and what of the financing
// does not perform.
var npf = table{
	"murabahah_npf.csv", []string{"class", "contracts", "outstanding", "net", "overdue", "collateral", "allowance", "ratio"},
	func(y *Year, tx *ledger.Tx, add addRow) error {
		all, err := y.ageing(tx)
		if err != nil {
			return err
		}
		total := all.Total
		total.Class = "total"
		figures := all.NPF()
		for i, c := range append(all.Totals[:], total) {
			cells, err := rupiah(c.Outstanding, c.Net, c.Overdue, c.Collateral, c.Allowance)
			if err != nil {
				return err
			}
			ratio := "" // of the total: gross, the three worse classes of all
			if i == len(all.Totals) {
				ratio = figures.Gross(4).StringFixed(4)
			}
			if err := add(append(append([]string{string(c.Class), strconv.Itoa(c.Contracts)}, cells...), ratio)...); err != nil {
				return err
			}
		}
		return nil
	},
}

// allowances is the allowance of every month's end with its movement.
var allowances = table{
	"murabahah_allowance.csv", []string{"month", "held", "required", "movement"},
	func(y *Year, _ *ledger.Tx, add addRow) error {
		for _, a := range y.allowances {
			cells, err := rupiah(a.held, a.required, a.required.Sub(a.held))
			if err != nil {
				return err
			}
			if err := add(append([]string{a.month.String()}, cells...)...); err != nil {
				return err
			}
		}
		return nil
	},
}

// cards is the instalment card of every contract from its sale on.
var cards = table{
	"murabahah_cards.csv", []string{"contract", "no", "due", "amount", "principal", "margin", "paid", "waived", "outstanding"},
	func(_ *Year, tx *ledger.Tx, add addRow) error {
		for c, err := range murabahah.Contracts(tx, "") {
			if err != nil {
				return err
			}
			card, err := c.Card()
			if errors.Is(err, murabahah.ErrState) {
				continue // not sold
			}
			if err != nil {
				return err
			}
			for _, r := range card.Rows {
				cells, err := rupiah(r.Amount, r.Principal, r.Margin, r.Paid, r.Waived, r.Outstanding)
				if err != nil {
					return err
				}
				if err := add(append([]string{c.Terms.Contract, strconv.Itoa(r.No), r.Due.String()}, cells...)...); err != nil {
					return err
				}
			}
		}
		return nil
	},
}

// disclosures is what every buyer is told and signs.
var disclosures = table{
	"murabahah_disclosure.csv", []string{"contract", "item", "value"},
	func(_ *Year, tx *ledger.Tx, add addRow) error {
		for c, err := range murabahah.Contracts(tx, "") {
			if err != nil {
				return err
			}
			sheet, err := c.Disclosure(ledger.IDR)
			if !ordered(c) || errors.Is(err, murabahah.ErrState) {
				continue // nobody has ordered the goods, or they are stock again
			}
			if err != nil {
				return err
			}
			for _, row := range sheet.Rows {
				if err := add(c.Terms.Contract, row[0], row[1]); err != nil {
					return err
				}
			}
		}
		return nil
	},
}
