package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

func instalmentCard() report.InstalmentCard {
	card := report.InstalmentCard{Entity: "KSPPS Kenanga", Contract: "MRB-2025-00003", Member: "M0007 Budi Santoso", Goods: "Sepeda motor", Currency: ledger.IDR}
	left := int64(4_800_000)
	for n := range 12 {
		left -= 400_000
		row := report.Instalment{
			No: n + 1, Due: ledger.On(2025, 1, 31).AddMonths(n), Amount: ledger.IDR.Of(400_000),
			Principal: ledger.Minor(333_333_33), Margin: ledger.Minor(66_666_67), Outstanding: ledger.IDR.Of(left),
		}
		if n == 11 { // the last row takes the rest
			row.Principal, row.Margin = ledger.Minor(333_333_37), ledger.Minor(66_666_63)
		}
		switch {
		case n < 3:
			row.Paid, row.PaidOn = row.Amount, row.Due.Prev()
		case n == 3:
			row.Paid, row.PaidOn = ledger.IDR.Of(150_000), ledger.On(2025, 5, 2)
		}
		card.Rows = append(card.Rows, row)
	}
	return card
}

func TestInstalmentCard(t *testing.T) {
	r, err := instalmentCard().Report()
	require.NoError(t, err)
	goldenText(t, "card_id.txt", r, report.Indonesian)
	goldenText(t, "card_en.txt", r, report.English)
	requireAmount(t, r, "total", 0, 4_800_000_00)
	requireAmount(t, r, "total", 3, 1_350_000_00)

	for name, c := range map[string]struct {
		change func(*report.InstalmentCard)
		want   error
	}{
		"no currency":        {func(c *report.InstalmentCard) { c.Currency = ledger.Currency{} }, report.ErrRequest},
		"parts":              {func(c *report.InstalmentCard) { c.Rows[1].Margin = ledger.Minor(66_666_66) }, report.ErrRow},
		"overpaid":           {func(c *report.InstalmentCard) { c.Rows[1].Paid = ledger.IDR.Of(400_001) }, report.ErrRow},
		"paid below nothing": {func(c *report.InstalmentCard) { c.Rows[1].Paid = ledger.IDR.Of(-1) }, report.ErrRow},
		"no due date":        {func(c *report.InstalmentCard) { c.Rows[1].Due = ledger.Date{} }, report.ErrRow},
		"no such day":        {func(c *report.InstalmentCard) { c.Rows[1].PaidOn = ledger.On(2025, 2, 30) }, report.ErrRow},
		"invalid amount":     {func(c *report.InstalmentCard) { c.Rows[1].Outstanding = ledger.Minor(ledger.MaxMoney + 1) }, ledger.ErrMoney},
	} {
		t.Run(name, func(t *testing.T) {
			card := instalmentCard()
			c.change(&card)
			_, err := card.Report()
			require.ErrorIs(t, err, c.want)
		})
	}
	card := instalmentCard()
	card.Rows[1].Margin = ledger.Money{}
	_, err = card.Report()
	require.EqualError(t, err, "report: row 2 (2): principal and margin do not make the amount")
}

func shareTable() report.ShareTable {
	rp := ledger.IDR.Of
	return report.ShareTable{Entity: "KSPPS Kenanga", Month: ledger.MonthOf(2025, 2), Currency: ledger.IDR, Rows: []report.Share{
		{Account: "M00001-SIMUDA", Member: "M00001", Name: "Siti Aisyah", Product: "SIMUDA", BalanceDays: rp(31_901_240).Over(28), Gross: rp(1_056), Net: rp(1_056)},
		{Account: "M00002-SIJAKA", Member: "M00002", Name: "H. Abdul Karim", Product: "SIJAKA", BalanceDays: rp(4_000_000_000).Over(28), Gross: rp(2_600_000), Tax: rp(260_000), Net: rp(2_340_000)},
	}}
}

func TestShareTable(t *testing.T) {
	r, err := shareTable().Report()
	require.NoError(t, err)
	goldenText(t, "shares_id.txt", r, report.Indonesian)
	goldenText(t, "shares_en.txt", r, report.English)

	nameless := shareTable()
	for i := range nameless.Rows {
		nameless.Rows[i].Name = ""
	}
	r, err = nameless.Report()
	require.NoError(t, err)
	require.NotContains(t, text(t, r), "Nama")

	for name, c := range map[string]struct {
		change func(*report.ShareTable)
		want   error
	}{
		"no currency": {func(s *report.ShareTable) { s.Currency = ledger.Currency{} }, report.ErrRequest},
		"no month":    {func(s *report.ShareTable) { s.Month = ledger.Month{} }, ledger.ErrDate},
		"net":         {func(s *report.ShareTable) { s.Rows[1].Net = s.Rows[1].Gross }, report.ErrRow},
		"invalid":     {func(s *report.ShareTable) { s.Rows[1].BalanceDays = ledger.Minor(ledger.MaxMoney + 1).Over(1) }, ledger.ErrMoney},
	} {
		t.Run(name, func(t *testing.T) {
			table := shareTable()
			c.change(&table)
			_, err := table.Report()
			require.ErrorIs(t, err, c.want)
		})
	}
}
