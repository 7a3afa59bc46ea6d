package year

import (
	"fmt"

	"github.com/mizan-coop/mizan/examples/koperasi/yearfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/murabahah"
)

// position is the statement of financial position at the year's end, before
// closing, beside that of the opening date.
func (y *Year) position(tx *ledger.Tx) (report.Report, error) {
	return report.Statement(tx, report.Request{
		Entity: y.entity(), Layout: report.PositionByKind(),
		Periods: []report.Period{report.At(y.beforeClosing()), report.At(ledger.EndOf(y.folder.Cooperative.OpeningDate))},
	})
}

// income is the income statement of the year.
func (y *Year) income(tx *ledger.Tx) (report.Report, error) {
	var shares []string
	for _, product := range y.folder.Products {
		if product.ShareAccount != "" {
			shares = append(shares, product.ShareAccount)
		}
	}
	return report.Statement(tx, report.Request{Entity: y.entity(), Layout: report.IncomeByKind(shares...), Periods: y.wholeYear()})
}

// trial is the trial balance before closing.
func (y *Year) trial(tx *ledger.Tx) (report.Report, error) {
	trial, err := report.Trial(tx, y.beforeClosing())
	if err != nil {
		return report.Report{}, err
	}
	return trial.Report(y.entity()), nil
}

// zakat is the statement of sources and distribution of the zakat fund.
func (y *Year) zakat(tx *ledger.Tx) (report.Report, error) {
	return report.Statement(tx, report.Request{Entity: y.entity(), Layout: report.ZakatFund(), Periods: y.wholeYear()})
}

// benevolent is the statement of sources and uses of the benevolent fund.
func (y *Year) benevolent(tx *ledger.Tx) (report.Report, error) {
	return report.Statement(tx, report.Request{Entity: y.entity(), Layout: report.BenevolentFund(), Periods: y.wholeYear()})
}

func (y *Year) wholeYear() []report.Period {
	return []report.Period{report.During(y.folder.Cooperative.FirstDay, y.folder.Cooperative.LastDay)}
}

func (y *Year) entity() string { return oneLine(y.folder.Cooperative.Name) }

// passbook is the passbook of the savings account with the most rows, from the
// first day on; of equals the first by id.
func (y *Year) passbook(tx *ledger.Tx) (report.Report, error) {
	rows, chosen := map[string]int{}, yearfolder.SavingsRow{}
	for _, row := range y.folder.Savings {
		rows[row.Account]++
		if row.Event == yearfolder.Transfer {
			rows[row.Counter]++
		}
	}
	for _, row := range y.folder.Savings {
		most, n := rows[chosen.Account], rows[row.Account]
		if row.Event == yearfolder.Open && (n > most || n == most && row.Account < chosen.Account) {
			chosen = row
		}
	}
	if chosen.Account == "" {
		return y.nothing(report.Label{ID: "BUKU TABUNGAN", EN: "PASSBOOK"},
			report.Label{ID: "Tidak ada rekening simpanan.", EN: "There is no savings account."}), nil
	}
	product := y.product(chosen.Product)
	book, err := report.ReadPassbook(tx, report.PassbookQuery{
		Account: product.Control, Sub: chosen.Account, From: y.folder.Cooperative.FirstDay, Limit: report.MaxPassbookLines,
	})
	if err != nil {
		return report.Report{}, err
	}
	made := book.Report(y.entity(), y.names[chosen.Member])
	made.Period = report.Label{ID: "Contoh: rekening dengan mutasi terbanyak", EN: "Example: the account with the most movements"}
	return made, nil
}

// card is the instalment card of the first contract that was settled early; of
// the first that was sold if none was.
func (y *Year) card(tx *ledger.Tx) (report.Report, error) {
	var chosen murabahah.Contract
	for c, err := range murabahah.Contracts(tx, "") {
		if err != nil {
			return report.Report{}, err
		}
		if c.Position.Rebate.Sign() > 0 {
			chosen = c
			break
		}
		if chosen.State == murabahah.Unordered && (c.State == murabahah.Sold || c.State == murabahah.Settled) {
			chosen = c
		}
	}
	if chosen.State == murabahah.Unordered {
		return y.nothing(report.Label{ID: "KARTU ANGSURAN", EN: "INSTALMENT CARD"},
			report.Label{ID: "Tidak ada murabahah yang terjual.", EN: "No murabahah was sold."}), nil
	}
	card, err := chosen.Card()
	if err != nil {
		return report.Report{}, err
	}
	paidOn, err := daysPaid(tx, card)
	if err != nil {
		return report.Report{}, err
	}
	terms := chosen.Terms
	made := report.InstalmentCard{
		Entity: y.entity(), Contract: terms.Contract, Goods: terms.Goods, Currency: tx.Currency(),
		Member: fmt.Sprintf("%s %s", terms.Buyer.Member, y.names[terms.Buyer.Member]),
	}
	left := terms.NetReceivable()
	for i, row := range card.Rows {
		left = left.Sub(row.Amount)
		made.Rows = append(made.Rows, report.Instalment{
			No: row.No, Due: row.Due, Amount: row.Amount, Principal: row.Principal, Margin: row.Margin,
			PaidOn: paidOn[i], Paid: row.Paid, Outstanding: left,
		})
	}
	laid, err := made.Report()
	if err != nil {
		return report.Report{}, err
	}
	laid.Period = report.Label{ID: "Contoh: akad pertama yang dilunasi dipercepat", EN: "Example: the first contract that was settled early"}
	if chosen.Position.Rebate.IsZero() {
		laid.Period = report.Label{ID: "Contoh: akad pertama yang terjual", EN: "Example: the first contract that was sold"}
	}
	for _, fact := range []struct {
		label  report.Label
		amount ledger.Money
	}{
		{report.Label{ID: "Harga perolehan", EN: "Cost"}, terms.Cost},
		{report.Label{ID: "Margin", EN: "Margin"}, terms.Margin},
		{report.Label{ID: "Harga jual", EN: "Price"}, terms.SalePrice()},
		{report.Label{ID: "Uang muka", EN: "Down payment"}, terms.DownPayment},
		{report.Label{ID: "Potongan pelunasan", EN: "Rebate at settlement"}, card.Waived},
		{report.Label{ID: "Sisa kewajiban", EN: "Still owed"}, card.Outstanding},
	} {
		laid.Facts = append(laid.Facts, report.Fact{Label: fact.label, Value: report.Money(fact.amount)})
	}
	laid.Facts = append(laid.Facts, report.Fact{Label: report.Label{ID: "Catatan", EN: "Note"},
		Value: report.Text(report.Label{ID: "kolom Sisa mengikuti rencana", EN: "the column Outstanding follows the plan"})})
	return laid, nil
}

// daysPaid returns for every row of a card the day of the last payment that
// went into it, zero for none.
func daysPaid(tx *ledger.Tx, card murabahah.Card) ([]ledger.Date, error) {
	history, err := murabahah.HistoryIn(tx, card.Contract.Terms.Contract)
	if err != nil {
		return nil, err
	}
	days := make([]ledger.Date, len(card.Rows))
	var collected ledger.Money
	for _, event := range murabahah.Standing(history) {
		before := collected
		collected = collected.Add(event.Change.Collected)
		var from ledger.Money // what the rows before this one come to
		for i, row := range card.Rows {
			through := from.Add(row.Amount)
			if before.Less(through) && from.Less(collected) && before.Less(collected) {
				days[i] = event.Date
			}
			from = through
		}
	}
	return days, nil
}

// nothing is a report that plainly says that there is nothing to show.
func (y *Year) nothing(title, why report.Label) report.Report {
	return report.Report{
		Entity: y.entity(), Title: title, Currency: y.folder.Cooperative.Currency,
		Columns: []report.Column{{Key: "note", Label: report.Label{ID: "Keterangan", EN: "Note"}}},
		Rows:    []report.Row{{Cells: []report.Cell{report.Text(why)}}},
	}
}

func (y *Year) product(code string) yearfolder.Product {
	for _, product := range y.folder.Products {
		if product.Code == code {
			return product
		}
	}
	return yearfolder.Product{}
}
