package report

import (
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// InstalmentCard is an instalment card (kartu angsuran) as plain values: the
// contract's package knows what they are, the caller fills them in.
type InstalmentCard struct {
	Entity   string
	Contract string
	Member   string // the buyer's name or number
	Goods    string // what was sold
	Currency ledger.Currency
	Rows     []Instalment
}

// Instalment is one row of the plan and what has been paid of it.
type Instalment struct {
	No        int
	Due       ledger.Date
	Amount    ledger.Money // principal and margin together
	Principal ledger.Money
	Margin    ledger.Money
	PaidOn    ledger.Date  // the last payment's day; zero for none
	Paid      ledger.Money // zero to Amount
	// Outstanding is the buyer's debt after this row, as the caller counts it:
	// by the plan, or what is really left.
	Outstanding ledger.Money
}

func (n Instalment) fault() string {
	switch {
	case n.Due.Err() != nil:
		return "its due date: " + n.Due.Err().Error()
	case n.Principal.Add(n.Margin) != n.Amount || n.Amount.Err() != nil:
		return "principal and margin do not make the amount"
	case n.Paid.Cmp(n.Amount) > 0 || n.Paid.Cmp(ledger.Money{}) < 0:
		return "less than nothing or more than the amount is paid"
	case !n.PaidOn.IsZero() && !n.PaidOn.Valid():
		return "its day of payment: " + n.PaidOn.Err().Error()
	}
	return ""
}

// Report lays the card out, with totals under the key total. A row whose
// figures contradict each other is an error that matches [ErrRow].
func (c InstalmentCard) Report() (Report, error) {
	if c.Currency.IsZero() {
		return Report{}, &RequestError{What: "instalment card of " + clip(c.Contract), Reason: "the currency is missing"}
	}
	r := Report{
		Entity: c.Entity, Title: Label{"KARTU ANGSURAN", "INSTALMENT CARD"}, Currency: c.Currency,
		Facts: []Fact{
			{Label{"Akad", "Contract"}, Name(c.Contract)},
			{Label{"Anggota", "Member"}, Name(c.Member)},
			{Label{"Barang", "Goods"}, Name(c.Goods)},
		},
		Columns: []Column{
			{Key: "no", Label: Label{"No", "No"}, Kind: Numbers},
			{Key: "due", Label: Label{"Jatuh tempo", "Due"}, Kind: Short},
			{Key: "amount", Label: Label{"Angsuran", "Instalment"}, Kind: Numbers},
			{Key: "principal", Label: Label{"Pokok", "Principal"}, Kind: Numbers},
			{Key: "margin", Label: Label{"Margin", "Margin"}, Kind: Numbers},
			{Key: "paid_on", Label: Label{"Dibayar tanggal", "Paid on"}, Kind: Short},
			{Key: "paid", Label: Label{"Dibayar", "Paid"}, Kind: Numbers},
			{Key: "outstanding", Label: Label{"Sisa", "Outstanding"}, Kind: Numbers},
		},
	}
	var total Instalment
	for i, n := range c.Rows {
		if reason := n.fault(); reason != "" {
			return Report{}, &RowError{Row: i + 1, Name: strconv.Itoa(n.No), Reason: reason}
		}
		r.Rows = append(r.Rows, Row{Cells: []Cell{Count(n.No), Day(n.Due), Money(n.Amount), Money(n.Principal), Money(n.Margin),
			Day(n.PaidOn), MoneyUnlessZero(n.Paid), Money(n.Outstanding)}})
		total.Amount, total.Principal = total.Amount.Add(n.Amount), total.Principal.Add(n.Principal)
		total.Margin, total.Paid = total.Margin.Add(n.Margin), total.Paid.Add(n.Paid)
	}
	r.Rows = append(r.Rows, Row{Kind: Grand, Key: "total", Cells: []Cell{{}, Text(Label{"JUMLAH", "TOTAL"}),
		Money(total.Amount), Money(total.Principal), Money(total.Margin), {}, Money(total.Paid), {}}})
	return r, r.sound()
}

// ShareTable is a month's profit share by account, as plain values.
type ShareTable struct {
	Entity   string
	Month    ledger.Month
	Currency ledger.Currency
	Rows     []Share
}

// Share is what one account earned in the month.
type Share struct {
	Account     string // the earning account
	Member      string // member number
	Name        string // the member's name; may be empty
	Product     string
	BalanceDays ledger.BalanceDays // sum of end-of-day balances, positive
	Gross       ledger.Money
	Tax         ledger.Money // withheld; zero or more
	Zakat       ledger.Money // given by the member's mandate; zero or more
	Net         ledger.Money // gross less tax and zakat
}

// Report lays the table out, with totals under the key total. A row whose net
// is not its gross less its tax and zakat is an error that matches [ErrRow].
func (t ShareTable) Report() (Report, error) {
	if t.Currency.IsZero() {
		return Report{}, &RequestError{What: "profit shares of " + t.Month.String(), Reason: "the currency is missing"}
	}
	if err := t.Month.Err(); err != nil {
		return Report{}, err
	}
	r := Report{
		Entity: t.Entity, Title: Label{"DAFTAR BAGI HASIL", "PROFIT SHARES"}, Currency: t.Currency,
		Period: longMonth(t.Month),
		Columns: []Column{
			{Key: "account", Label: Label{"Rekening", "Account"}, Kind: Short},
			{Key: "member", Label: Label{"Anggota", "Member"}},
			{Key: "name", Label: Label{"Nama", "Name"}, Optional: true},
			{Key: "product", Label: Label{"Produk", "Product"}},
			{Key: "balance_days", Label: Label{"Saldo x hari", "Balance x days"}, Kind: Numbers},
			{Key: "gross", Label: Label{"Bagi hasil", "Share"}, Kind: Numbers},
			{Key: "tax", Label: Label{"Pajak", "Tax"}, Kind: Numbers},
			{Key: "zakat", Label: Label{"Zakat", "Zakat"}, Kind: Numbers, Optional: true},
			{Key: "net", Label: Label{"Diterima", "Net"}, Kind: Numbers},
		},
	}
	var total Share
	for i, s := range t.Rows {
		if s.Gross.Sub(s.Tax).Sub(s.Zakat) != s.Net || s.Net.Err() != nil {
			less := "tax " + t.Currency.Format(s.Tax)
			if !s.Zakat.IsZero() {
				less += " and zakat " + t.Currency.Format(s.Zakat)
			}
			return Report{}, &RowError{Row: i + 1, Name: s.Account, Reason: fmt.Sprintf("gross %s less %s is not net %s",
				t.Currency.Format(s.Gross), less, t.Currency.Format(s.Net))}
		}
		r.Rows = append(r.Rows, Row{Cells: []Cell{Name(s.Account), Name(s.Member), nameUnlessEmpty(s.Name), Name(s.Product),
			BalanceDays(s.BalanceDays), Money(s.Gross), MoneyUnlessZero(s.Tax), MoneyUnlessZero(s.Zakat), Money(s.Net)}})
		total.BalanceDays = total.BalanceDays.Add(s.BalanceDays)
		total.Gross, total.Tax, total.Zakat, total.Net = total.Gross.Add(s.Gross), total.Tax.Add(s.Tax), total.Zakat.Add(s.Zakat), total.Net.Add(s.Net)
	}
	r.Rows = append(r.Rows, Row{Kind: Grand, Key: "total", Cells: []Cell{Text(Label{"JUMLAH", "TOTAL"}), {}, {}, {},
		BalanceDays(total.BalanceDays), Money(total.Gross), Money(total.Tax), MoneyUnlessZero(total.Zakat), Money(total.Net)}})
	return r, r.sound()
}

func nameUnlessEmpty(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Name(text)
}
