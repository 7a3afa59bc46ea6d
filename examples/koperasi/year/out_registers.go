package year

import (
	"io"

	"github.com/mizan-coop/mizan/examples/koperasi/outfolder"
	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// registers are the savings desk's lists at the year's end. Only a folder that
// has any of the optional files or columns of savings gets them.
var registers = []struct {
	name  string
	write func(*Year, *ledger.Tx, io.Writer) error
}{
	{"nominatif.csv", nominatif},
	{"dues.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error { return y.dues(tx, w, false) }},
	{"arrears.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error { return y.dues(tx, w, true) }},
	{"maturities.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error { return y.maturities(tx, w, false) }},
	{"uncollected.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error { return y.maturities(tx, w, true) }},
	{"holds.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error {
		list, err := savings.HoldsIn(tx, y.folder.Cooperative.LastDay)
		return csvOf(w, list.Table(), err)
	}},
	{"dormant.csv", func(y *Year, tx *ledger.Tx, w io.Writer) error {
		list, err := savings.DormantIn(tx, y.folder.Cooperative.LastDay)
		return csvOf(w, list.Table(), err)
	}},
	{"members.csv", memberRegister},
}

func csvOf(w io.Writer, t savings.Table, err error) error {
	if err != nil {
		return err
	}
	return t.CSV(w)
}

// rowsOf adds the rows of one register after the other, each beginning with
// the product's code, under one header.
func rowsOf(w io.Writer, empty savings.Table, tables map[string]savings.Table, products []string) error {
	all := savings.Table{Currency: ledger.IDR, Columns: append([]savings.Column{{Key: "product"}}, empty.Columns...)}
	for _, code := range products {
		for _, row := range tables[code].Rows {
			all.Rows = append(all.Rows, append([]savings.Cell{{Text: code}}, row...))
		}
	}
	return all.CSV(w)
}

// nominatif is every open account, by product.
func nominatif(y *Year, tx *ledger.Tx, w io.Writer) error {
	tables, codes := map[string]savings.Table{}, []string{}
	for _, product := range y.folder.Products {
		list, err := savings.NominatifIn(tx, product.Code, y.folder.Cooperative.LastDay)
		if err != nil {
			return err
		}
		tables[product.Code], codes = list.Table(), append(codes, product.Code)
	}
	return rowsOf(w, savings.Nominatif{}.Table(), tables, codes)
}

// dues is every wajib account, or those in arrears, by product.
func (y *Year) dues(tx *ledger.Tx, w io.Writer, onlyOwed bool) error {
	tables, codes := map[string]savings.Table{}, []string{}
	for _, product := range y.folder.Products {
		if savings.Akad(product.Akad) != savings.Wajib {
			continue
		}
		list, err := savings.DuesIn(tx, product.Code, y.folder.Cooperative.LastDay, onlyOwed)
		if err != nil {
			return err
		}
		tables[product.Code], codes = list.Table(), append(codes, product.Code)
	}
	return rowsOf(w, savings.DuesRegister{}.Table(), tables, codes)
}

// maturities is every certificate that runs, or those that wait to be collected.
func (y *Year) maturities(tx *ledger.Tx, w io.Writer, waiting bool) error {
	list, err := savings.MaturitiesIn(tx, ledger.On(ledger.MinYear, 1, 1), ledger.On(ledger.MaxYear, 12, 31), waiting)
	return csvOf(w, list.Table(), err)
}

// memberRegister is every member with state and claim. Names stand in the
// folder, not in the books.
func memberRegister(y *Year, tx *ledger.Tx, w io.Writer) error {
	t := outfolder.Table{Name: "members.csv", Header: []string{"number", "name", "state", "joined", "approved_by", "left", "reason", "claim", "owed"}}
	t.Rows = func(add func(cells ...string) error) error {
		for m, err := range savings.Members(tx, "") {
			if err != nil {
				return err
			}
			claim, owed, err := claimOf(tx, m)
			if err != nil {
				return err
			}
			cells, err := rupiah(claim, owed)
			if err != nil {
				return err
			}
			since, left := "", ""
			if !m.Since().IsZero() {
				since = m.Since().String()
			}
			if !m.Left.IsZero() {
				left = m.Left.String()
			}
			if err := add(append([]string{m.Number, y.names[m.Number], string(m.State()), since, m.ApprovedBy, left, m.Reason}, cells...)...); err != nil {
				return err
			}
		}
		return nil
	}
	return t.File().Write(w)
}

// claimOf returns what a member who has left was owed at the settlement, and
// what is owed now: less by payments, more by shares that came in since.
func claimOf(tx *ledger.Tx, m savings.Member) (claim, owed ledger.Money, err error) {
	exit, settled, err := savings.ExitIn(tx, m.Number)
	if err != nil || !settled {
		return ledger.Money{}, ledger.Money{}, err
	}
	owed, err = tx.Balance(exit.Place.Account, exit.Place.Sub, ledger.Latest())
	return exit.Claim, ledger.CreditSide.Natural(owed), err
}
