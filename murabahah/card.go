package murabahah

import "github.com/mizan-coop/mizan/ledger"

// Card is the instalment card (kartu angsuran) of a contract from the sale on.
type Card struct {
	Contract Contract
	// Before is what was paid before the plan in force was agreed or shortened;
	// zero if it is still the akad's.
	Before ledger.Money
	Rows   []CardRow

	// What was collected, Before included; what was given up of the rows when
	// the contract was settled; and the debt.
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
	if c.State != Sold && c.State != Settled && c.State != WrittenOff {
		return Card{}, c.refuse(ErrState, "card.state", "there is an instalment card from the sale on, the contract is %s", stateName(c.State))
	}
	schedule, err := c.Schedule()
	if err != nil {
		return Card{}, err
	}
	card := Card{Contract: c, Before: schedule.before, Paid: schedule.before, Rows: make([]CardRow, len(schedule.Rows))}
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
