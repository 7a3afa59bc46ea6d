package financing

import (
	"context"
	"io"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/internal/table"
)

// Card is the account of one contract, event by event (kartu investasi).
type Card struct {
	Contract Contract
	Rows     []CardRow // the events that stand, the first first
}

// CardRow is one event with what it did and where it left the contract.
type CardRow struct {
	Event
	After Position
}

// CardOf writes the card of a contract from its events, as [HistoryIn] has
// them. What was undone is left out, with its reversal.
func CardOf(history []Event) (Card, error) {
	c, err := Replay(history)
	if err != nil {
		return Card{}, err
	}
	card := Card{Contract: c}
	var after Position
	for _, e := range Standing(history) {
		after = after.Add(e.Change)
		card.Rows = append(card.Rows, CardRow{Event: e, After: after})
	}
	return card, nil
}

// Card returns a contract's card. The error matches [ErrUnknown] if there is
// none of that id.
func (d *Desk) Card(ctx context.Context, id string) (Card, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Card, error) {
		history, err := HistoryIn(tx, id)
		if err != nil {
			return Card{}, err
		}
		return CardOf(history)
	})
}

// Text writes the card for people, amounts in the Indonesian form.
func (k Card) Text(w io.Writer, currency ledger.Currency) error { return k.table(currency).Text(w) }

// CSV writes the card for programs: amounts with all decimals, days as YYYY-MM-DD.
func (k Card) CSV(w io.Writer, currency ledger.Currency) error { return k.table(currency).CSV(w) }

func (k Card) table(currency ledger.Currency) table.Table {
	t := table.Table{Title: "Kartu investasi " + k.Contract.Terms.Contract, Columns: []table.Column{
		{Heading: "Tanggal", Key: "date"}, {Heading: "Peristiwa", Key: "event"}, {Heading: "Bukti", Key: "document"},
		{Heading: "Hasil usaha", Key: "base", Number: true}, {Heading: "Bagi hasil", Key: "share", Number: true}, {Heading: "Kas", Key: "cash", Number: true},
		{Heading: "Investasi", Key: "invested", Number: true}, {Heading: "Penyisihan", Key: "allowance", Number: true},
		{Heading: "Nilai tercatat", Key: "net", Number: true}, {Heading: "Piutang", Key: "due", Number: true},
	}}
	var rows [][]table.Cell
	for _, row := range k.Rows {
		var base ledger.Money
		if row.Reported != nil {
			base = row.Reported.Base
		}
		cells := []table.Cell{table.Same(row.Date.String()), {Text: memoOf(row.Name), Machine: string(row.Name)}, table.Same(row.Document)}
		for _, m := range []ledger.Money{base, row.Change.Income, row.Cash, row.After.Invested, row.After.Allowance, row.After.Net(), row.After.Due()} {
			cells = append(cells, table.Cell{Text: currency.FormatLocal(m), Machine: currency.Format(m)})
		}
		rows = append(rows, cells)
	}
	t.Rows = slices.Values(rows)
	return t
}
