package financing

import (
	"io"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/internal/table"
)

// Nominatif is the list of financing contracts one by one (daftar nominatif).
type Nominatif struct {
	Rows []NominatifRow
	// Total sums the rows' amounts; it equals what the control accounts show.
	Total Position
}

// NominatifRow is one contract of the list.
type NominatifRow struct {
	Contract string
	Partner  ledger.Party
	Business string
	Form     Form
	State    State
	Nisbah   string // the cooperative's part, last agreed
	Agreed   ledger.Money
	Maturity ledger.Date
	Through  ledger.Date // the last day reported; at first the day before the business began
	Position Position
}

// ListOf lists contracts that are agreed on, in the order given.
func ListOf(contracts []Contract) Nominatif {
	var n Nominatif
	for _, c := range contracts {
		n.add(c)
	}
	return n
}

// add adds a contract, unless it is not agreed.
func (n *Nominatif) add(c Contract) {
	if c.State == Unagreed {
		return
	}
	nisbah := c.Terms.Nisbah
	if last := len(c.Nisbah); last > 0 {
		nisbah = c.Nisbah[last-1].Nisbah
	}
	text, err := nisbahText(nisbah)
	if err != nil {
		text = "?" // stored under other rules
	}
	n.Rows = append(n.Rows, NominatifRow{
		Contract: c.Terms.Contract, Partner: c.Terms.Partner, Business: c.Terms.Business, Form: c.Terms.Form, State: c.State,
		Nisbah: text, Agreed: c.Terms.Capital, Maturity: c.Terms.Maturity, Through: c.Through, Position: c.Position,
	})
	n.Total = n.Total.Add(c.Position)
}

// Text writes the list for people, amounts in the Indonesian form.
func (n Nominatif) Text(w io.Writer, currency ledger.Currency) error {
	return n.table(currency).Text(w)
}

// CSV writes the list for programs: amounts with all decimals, days as
// YYYY-MM-DD, without the total.
func (n Nominatif) CSV(w io.Writer, currency ledger.Currency) error { return n.table(currency).CSV(w) }

func (n Nominatif) table(currency ledger.Currency) table.Table {
	t := table.Table{Title: "Daftar Nominatif Pembiayaan Bagi Hasil", Columns: []table.Column{
		{Heading: "Akad", Key: "contract"}, {Heading: "Anggota", Key: "partner"}, {Heading: "Bentuk", Key: "form"},
		{Heading: "Keadaan", Key: "state"}, {Heading: "Nisbah", Key: "nisbah", Number: true}, {Heading: "Jatuh tempo", Key: "maturity"},
		{Heading: "Plafon", Key: "agreed", Number: true}, {Heading: "Belum cair", Key: "commitment", Number: true},
		{Heading: "Investasi", Key: "invested", Number: true}, {Heading: "Penyisihan", Key: "allowance", Number: true},
		{Heading: "Nilai tercatat", Key: "net", Number: true}, {Heading: "Piutang BH", Key: "share_due", Number: true},
		{Heading: "Modal jatuh tempo", Key: "matured", Number: true}, {Heading: "Kelalaian", Key: "fault", Number: true},
	}}
	amounts := func(agreed ledger.Money, p Position) []table.Cell {
		var cells []table.Cell
		for _, m := range []ledger.Money{agreed, p.Commitment, p.Invested, p.Allowance, p.Net(), p.ShareDue, p.Matured, p.Fault} {
			cells = append(cells, table.Cell{Text: currency.FormatLocal(m), Machine: currency.Format(m)})
		}
		return cells
	}
	var agreed ledger.Money
	var rows [][]table.Cell
	for _, row := range n.Rows {
		agreed = agreed.Add(row.Agreed)
		words := []string{row.Contract, row.Partner.Member, string(row.Form), string(row.State), row.Nisbah, row.Maturity.String()}
		var cells []table.Cell
		for _, word := range words {
			cells = append(cells, table.Same(word))
		}
		rows = append(rows, append(cells, amounts(row.Agreed, row.Position)...))
	}
	t.Rows = slices.Values(rows)
	total := []table.Cell{table.Same("Jumlah"), {}, {}, {}, {}, {}}
	t.Total = append(total, amounts(agreed, n.Total)...)
	return t
}
