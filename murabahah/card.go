package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Card is the instalment card (kartu angsuran) of a contract that is sold or
// settled.
type Card struct {
	Contract Contract
	Rows     []CardRow

	// The sums of the rows: what was collected, the rebate of an early
	// settlement, and the debt.
	Paid, Waived, Outstanding ledger.Money
}

// CardRow is one instalment with what became of it. Paid, Waived and
// Outstanding add up to Amount.
type CardRow struct {
	Row
	Paid        ledger.Money // collections cover the rows oldest first
	Waived      ledger.Money // covered by the rebate of an early settlement
	Outstanding ledger.Money
}

// Card computes the instalment card. A contract that is not sold has none
// ([ErrState]); its plan is [Terms.Schedule].
func (c Contract) Card() (Card, error) {
	if c.State != Sold && c.State != Settled {
		return Card{}, c.refuse(ErrState, "card.state", "there is an instalment card from the sale on, the contract is %s", stateName(c.State))
	}
	schedule, err := c.Schedule()
	if err != nil {
		return Card{}, err
	}
	card := Card{Contract: c, Rows: make([]CardRow, len(schedule.Rows))}
	for i, covered := range schedule.Cover(c.Position.Collected) {
		row := CardRow{Row: covered.Row, Paid: covered.Paid}
		if c.State == Settled {
			row.Waived = covered.Open()
		} else {
			row.Outstanding = covered.Open()
		}
		card.Rows[i] = row
		card.Paid = card.Paid.Add(row.Paid)
		card.Waived = card.Waived.Add(row.Waived)
		card.Outstanding = card.Outstanding.Add(row.Outstanding)
	}
	return card, nil
}
