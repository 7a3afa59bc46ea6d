package year

import (
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// contracts is where every murabahah stands.
var contracts = table{
	"murabahah.csv", []string{"contract", "state", "collected", "receivable", "deferred", "recognised", "rebate"},
	func(_ *Year, tx *ledger.Tx, add addRow) error {
		for c, err := range murabahah.Contracts(tx, "") {
			if err != nil {
				return err
			}
			p := c.Position
			cells, err := rupiah(p.Collected, p.Receivable, p.Deferred, p.Recognised, p.Rebate)
			if err != nil {
				return err
			}
			if err := add(append([]string{c.Terms.Contract, string(c.State)}, cells...)...); err != nil {
				return err
			}
		}
		return nil
	},
}

// schedules is the plan of every murabahah.
var schedules = table{
	"schedule.csv", []string{"contract", "no", "due", "amount", "principal", "margin"},
	func(_ *Year, tx *ledger.Tx, add addRow) error {
		for c, err := range murabahah.Contracts(tx, "") {
			if err != nil {
				return err
			}
			if !ordered(c) {
				continue
			}
			schedule, err := c.Terms.Schedule()
			if err != nil {
				return err
			}
			for _, row := range schedule.Rows {
				cells, err := rupiah(row.Amount, row.Principal, row.Margin)
				if err != nil {
					return err
				}
				if err := add(append([]string{c.Terms.Contract, strconv.Itoa(row.No), row.Due.String()}, cells...)...); err != nil {
					return err
				}
			}
		}
		return nil
	},
}

// ordered reports whether a contract has terms; goods that were stocked and
// disposed of have none.
func ordered(c murabahah.Contract) bool { return c.Terms.Buyer.Member != "" }
