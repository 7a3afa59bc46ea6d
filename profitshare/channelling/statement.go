package channelling

import (
	"context"
	"io"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/internal/table"
)

// Statement discloses the restricted investments of a period one by one, and in
// sum (laporan perubahan dana investasi terikat, PSAK 401; the layout is
// unconfirmed):
//
//	Opening + Placed - Returned - Lost = Closing
type Statement struct {
	From, Through ledger.Date
	Rows          []StatementRow // by contract
	Total         StatementRow
}

// StatementRow is one contract in a period.
type StatementRow struct {
	Contract    string
	Investor    string // the member's number
	Manager     string
	Restriction string

	Opening, Placed, Returned, Lost, Closing ledger.Money // capital with the business
	Shared                                   ledger.Money // the investor's part of results of the period
	Collected                                ledger.Money // of its shares, what came
	ShareDue                                 ledger.Money // what the business owed the investor at the end
	Held                                     ledger.Money // in the cooperative's hands at the end
	Compensated                              ledger.Money
	Charged                                  ledger.Money // the cooperative's fee
	Paid                                     ledger.Money // to the investor
}

// StatementOf writes the statement of a period from contracts' events, each as
// [HistoryIn] has them. An event counts on its day, a reversal on its own.
func StatementOf(histories [][]Event, from, through ledger.Date) (Statement, error) {
	s := Statement{From: from, Through: through}
	if from.Err() != nil || through.Err() != nil || through.Before(from) {
		return s, refuse(ErrCommand, "statement.period", "", "a statement needs its first and last day, not %s to %s", from, through)
	}
	for _, history := range histories {
		row, begun := rowOf(history, from, through)
		if !begun || row.empty() {
			continue
		}
		s.Rows = append(s.Rows, row)
		into, of := s.Total.amounts(), row.amounts()
		for i := range into {
			*into[i] = into[i].Add(*of[i])
		}
	}
	slices.SortFunc(s.Rows, func(a, b StatementRow) int {
		if a.Contract < b.Contract {
			return -1
		}
		return 1
	})
	return s, nil
}

func rowOf(history []Event, from, through ledger.Date) (row StatementRow, begun bool) {
	for _, e := range history {
		if e.Date.After(through) {
			continue
		}
		if e.Terms != nil {
			begun = true
			row.Contract, row.Investor, row.Manager, row.Restriction = e.Terms.Contract, e.Terms.Investor.Member, e.Terms.Manager.Member, e.Terms.Restriction
		}
		x := e.Change
		row.Closing, row.ShareDue, row.Held = row.Closing.Add(x.Placed), row.ShareDue.Add(x.ShareDue), row.Held.Add(x.Held)
		if e.Date.Before(from) || e.what() == EventAdopt {
			row.Opening = row.Opening.Add(x.Placed)
			continue
		}
		switch e.what() {
		case EventPlace:
			row.Placed = row.Placed.Add(x.Placed)
		case EventReturn:
			row.Returned = row.Returned.Sub(x.Placed)
		case EventLose:
			row.Lost = row.Lost.Sub(x.Placed)
		}
		row.Shared, row.Collected = row.Shared.Add(x.Shared), row.Collected.Add(x.Collected)
		row.Compensated, row.Charged, row.Paid = row.Compensated.Add(x.Compensated), row.Charged.Add(x.Charged), row.Paid.Add(x.Paid)
	}
	return row, begun
}

func (r *StatementRow) amounts() []*ledger.Money {
	return []*ledger.Money{&r.Opening, &r.Placed, &r.Returned, &r.Lost, &r.Closing, &r.Shared, &r.Collected, &r.ShareDue, &r.Held, &r.Compensated, &r.Charged, &r.Paid}
}

func (r *StatementRow) empty() bool {
	for _, m := range r.amounts() {
		if !m.IsZero() {
			return false
		}
	}
	return true
}

// Statement returns the statement of a period out of the book.
func (d *Desk) Statement(ctx context.Context, from, through ledger.Date) (Statement, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (Statement, error) {
		var histories [][]Event
		for r, err := range tx.Records(RecordKind, "") {
			if err != nil {
				return Statement{}, err
			}
			history, err := HistoryIn(tx, r.ID)
			if err != nil {
				return Statement{}, err
			}
			histories = append(histories, history)
		}
		return StatementOf(histories, from, through)
	})
}

// Text writes the statement for people, amounts in the Indonesian form.
func (s Statement) Text(w io.Writer, currency ledger.Currency) error {
	return s.table(currency).Text(w)
}

// CSV writes it for programs, without the total.
func (s Statement) CSV(w io.Writer, currency ledger.Currency) error { return s.table(currency).CSV(w) }

func (s Statement) table(currency ledger.Currency) table.Table {
	t := table.Table{Title: "Laporan Perubahan Dana Investasi Terikat " + s.From.String() + " s.d. " + s.Through.String(), Columns: []table.Column{
		{Heading: "Akad", Key: "contract"}, {Heading: "Investor", Key: "investor"}, {Heading: "Pengelola", Key: "manager"},
	}}
	for _, c := range [][2]string{
		{"Saldo awal", "opening"}, {"Disalurkan", "placed"}, {"Kembali", "returned"}, {"Rugi", "lost"}, {"Saldo akhir", "closing"},
		{"Bagi hasil investor", "shared"}, {"Diterima", "collected"}, {"Belum diterima", "share_due"}, {"Titipan", "held"},
		{"Ganti rugi", "compensated"}, {"Ujrah", "charged"}, {"Dibayar", "paid"},
	} {
		t.Columns = append(t.Columns, table.Column{Heading: c[0], Key: c[1], Number: true})
	}
	cells := func(row StatementRow) []table.Cell {
		cells := []table.Cell{table.Same(row.Contract), table.Same(row.Investor), table.Same(row.Manager)}
		for _, m := range row.amounts() {
			cells = append(cells, table.Cell{Text: currency.FormatLocal(*m), Machine: currency.Format(*m)})
		}
		return cells
	}
	var rows [][]table.Cell
	for _, row := range s.Rows {
		rows = append(rows, cells(row))
	}
	t.Rows = slices.Values(rows)
	total := s.Total
	total.Contract = "Jumlah"
	t.Total = cells(total)
	return t
}
