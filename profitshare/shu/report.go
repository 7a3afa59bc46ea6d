package shu

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/internal/table"
)

// Text writes the division by item for people: percentages of both keys,
// amounts in the Indonesian form.
func (p Proposal) Text(w io.Writer, currency ledger.Currency) error {
	return p.items(currency).Text(w)
}

// CSV writes the division by item for programs.
func (p Proposal) CSV(w io.Writer, currency ledger.Currency) error { return p.items(currency).CSV(w) }

func (p Proposal) items(currency ledger.Currency) table.Table {
	t := table.Table{Title: fmt.Sprintf("Pembagian SHU %d", p.Plan.Year), Columns: []table.Column{
		{Heading: "Pos", Key: "item"}, {Heading: "Akun", Key: "account"},
		{Heading: "% anggota", Key: "member_percent", Number: true}, {Heading: "Dari anggota", Key: "members", Number: true},
		{Heading: "% lain", Key: "other_percent", Number: true}, {Heading: "Dari lain", Key: "others", Number: true},
		{Heading: "Sisa", Key: "residue", Number: true}, {Heading: "Jumlah", Key: "amount", Number: true},
	}}
	percent := func(key Key, name string) table.Cell {
		at := slices.IndexFunc(key, func(i Item) bool { return i.Name == name })
		if at < 0 {
			return table.Cell{Machine: "0"}
		}
		return table.Same(percentText(key[at].Percent.Rat()))
	}
	var rows [][]table.Cell
	var sum Allocation
	for _, item := range p.Items {
		rows = append(rows, append([]table.Cell{table.Same(item.Name), table.Same(item.Account)},
			percent(p.Plan.MemberKey, item.Name), money(currency, item.Members), percent(p.Plan.OtherKey, item.Name),
			money(currency, item.Others), money(currency, item.Residue), money(currency, item.Amount())))
		sum.Members, sum.Others, sum.Residue = sum.Members.Add(item.Members), sum.Others.Add(item.Others), sum.Residue.Add(item.Residue)
	}
	t.Rows = slices.Values(rows)
	t.Total = []table.Cell{table.Same("Jumlah"), {}, {}, money(currency, sum.Members), {}, money(currency, sum.Others),
		money(currency, sum.Residue), money(currency, sum.Amount())}
	return t
}

func money(currency ledger.Currency, m ledger.Money) table.Cell {
	return table.Cell{Text: currency.FormatLocal(m), Machine: currency.Format(m)}
}

// MembersText writes what each member receives, for people.
func (p Proposal) MembersText(w io.Writer, currency ledger.Currency) error {
	return p.members(currency).Text(w)
}

// MembersCSV writes what each member receives, for programs: a column for each
// item that goes to members, under its name.
func (p Proposal) MembersCSV(w io.Writer, currency ledger.Currency) error {
	return p.members(currency).CSV(w)
}

func (p Proposal) members(currency ledger.Currency) table.Table {
	t := table.Table{Title: fmt.Sprintf("SHU %d per anggota", p.Plan.Year), Columns: []table.Column{{Heading: "Anggota", Key: "member"}}}
	t.Total = []table.Cell{table.Same("Jumlah")}
	for _, column := range p.Columns {
		item := p.Items[column]
		t.Columns = append(t.Columns, table.Column{Heading: item.Name, Key: item.Name, Number: true})
		t.Total = append(t.Total, money(currency, item.Amount()))
	}
	t.Columns = append(t.Columns, table.Column{Heading: "Jumlah", Key: "total", Number: true})
	t.Total = append(t.Total, money(currency, p.Due()))
	t.Rows = func(yield func([]table.Cell) bool) {
		row := make([]table.Cell, 0, len(t.Columns)) // one for all: a table may have a million rows
		for _, share := range p.Shares {
			row = append(row[:0], table.Same(share.Member))
			for _, part := range share.Parts {
				row = append(row, money(currency, part))
			}
			if !yield(append(row, money(currency, share.Total))) {
				return
			}
		}
	}
	return t
}

// UnpaidText writes what members are owed, for people: see [Unpaid].
func UnpaidText(w io.Writer, currency ledger.Currency, owed iter.Seq[Owed]) error {
	return unpaidTable(currency, owed).Text(w)
}

// UnpaidCSV writes what members are owed, for programs.
func UnpaidCSV(w io.Writer, currency ledger.Currency, owed iter.Seq[Owed]) error {
	return unpaidTable(currency, owed).CSV(w)
}

func unpaidTable(currency ledger.Currency, owed iter.Seq[Owed]) table.Table {
	t := table.Table{Title: "SHU anggota yang belum dibayar", Columns: []table.Column{
		{Heading: "Akun", Key: "account"}, {Heading: "Anggota", Key: "member"}, {Heading: "Jumlah", Key: "amount", Number: true},
	}}
	var sum ledger.Money
	for o := range owed {
		sum = sum.Add(o.Amount)
	}
	t.Rows = func(yield func([]table.Cell) bool) {
		for o := range owed {
			if !yield([]table.Cell{table.Same(o.Account), table.Same(o.Member), money(currency, o.Amount)}) {
				return
			}
		}
	}
	t.Total = []table.Cell{table.Same("Jumlah"), {}, money(currency, sum)}
	return t
}
