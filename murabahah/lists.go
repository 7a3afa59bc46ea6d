package murabahah

import (
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// Nominatif returns the list of all debts with their class and allowance.
func (a Ageing) Nominatif(currency ledger.Currency) Table {
	t := Table{
		Title:   "Daftar nominatif piutang murabahah per " + a.AsOf.String(),
		TitleEn: "Murabahah receivables on " + a.AsOf.String(),
		Columns: []Column{
			{"Kontrak", "Contract", false}, {"Anggota", "Member", false}, {"Barang", "Goods", false},
			{"Sisa harga jual", "Outstanding", true}, {"Margin ditangguhkan", "Deferred margin", true}, {"Neto", "Net", true},
			{"Tunggakan", "Overdue", true}, {"Angsuran", "Instalments", true}, {"Hari", "Days", true}, {"Kolektibilitas", "Class", false},
			{"Agunan", "Collateral", true}, {"Penyisihan", "Allowance", true},
		},
	}
	show := currency.Format
	var deferred ledger.Money
	for _, r := range a.Rows {
		deferred = deferred.Add(r.Deferred)
		t.Rows = append(t.Rows, []string{
			r.Contract, r.Buyer.Member, r.Goods, show(r.Outstanding), show(r.Deferred), show(r.Net), show(r.Arrears.Overdue),
			strconv.Itoa(r.Arrears.Instalments), strconv.Itoa(r.Arrears.Days), className(r), show(r.Collateral), show(r.Allowance),
		})
	}
	t.Foot = []string{"Jumlah", "", "", show(a.Total.Outstanding), show(deferred), show(a.Total.Net), show(a.Total.Overdue), "", "", "",
		show(a.Total.Collateral), show(a.Total.Allowance)}
	return t
}

// className marks a class that management has set.
func className(r AgeingRow) string {
	if r.Judged {
		return string(r.Class) + "*"
	}
	return string(r.Class)
}

// InArrears returns the list of debts that are behind.
func (a Ageing) InArrears(currency ledger.Currency) Table {
	t := Table{
		Title:   "Daftar tunggakan murabahah per " + a.AsOf.String(),
		TitleEn: "Murabahah arrears on " + a.AsOf.String(),
		Columns: []Column{
			{"Kontrak", "Contract", false}, {"Anggota", "Member", false}, {"Sejak", "Since", false}, {"Angsuran", "Instalments", true},
			{"Hari", "Days", true}, {"Tunggakan", "Overdue", true}, {"Kolektibilitas", "Class", false},
		},
	}
	for _, r := range a.Rows {
		if r.Arrears.Instalments > 0 {
			t.Rows = append(t.Rows, []string{r.Contract, r.Buyer.Member, r.Arrears.Since.String(), strconv.Itoa(r.Arrears.Instalments),
				strconv.Itoa(r.Arrears.Days), currency.Format(r.Arrears.Overdue), className(r)})
		}
	}
	t.Foot = []string{"Jumlah", "", "", "", "", currency.Format(a.Total.Overdue), ""}
	return t
}

// ByClass returns the sums of the classes with the share of financing that
// does not perform.
func (a Ageing) ByClass(currency ledger.Currency) Table {
	t := Table{
		Title:   "Kolektibilitas piutang murabahah per " + a.AsOf.String(),
		TitleEn: "Murabahah receivables by class on " + a.AsOf.String(),
		Columns: []Column{
			{"Kolektibilitas", "Class", false}, {"Kontrak", "Contracts", true}, {"Sisa harga jual", "Outstanding", true}, {"Neto", "Net", true},
			{"Agunan", "Collateral", true}, {"Penyisihan", "Allowance", true},
		},
	}
	line := func(name string, c ClassTotal) []string {
		show := currency.Format
		return []string{name, strconv.Itoa(c.Contracts), show(c.Outstanding), show(c.Net), show(c.Collateral), show(c.Allowance)}
	}
	for _, total := range a.Totals {
		t.Rows = append(t.Rows, line(string(total.Class), total))
	}
	npf := a.NPF()
	t.Rows = append(t.Rows, line("Jumlah", a.Total))
	t.Foot = []string{"NPF bruto " + npf.Gross(4).Shift(2).StringFixed(2) + "%, neto " + npf.Net(4).Shift(2).StringFixed(2) + "%", "", "", "", "", ""}
	return t
}

// Table returns the instalment card as a list.
func (c Card) Table(currency ledger.Currency) Table {
	t := Table{
		Title:   "Kartu angsuran " + c.Contract.Terms.Contract,
		TitleEn: "Instalment card " + c.Contract.Terms.Contract,
		Columns: []Column{
			{"No", "No", true}, {"Jatuh tempo", "Due", false}, {"Angsuran", "Instalment", true}, {"Pokok", "Principal", true}, {"Margin", "Margin", true},
			{"Dibayar", "Paid", true}, {"Potongan", "Waived", true}, {"Sisa", "Outstanding", true},
		},
	}
	show := currency.Format
	if !c.Before.IsZero() {
		t.Rows = append(t.Rows, []string{"", "Sebelumnya", "", "", "", show(c.Before), "", ""})
	}
	for _, r := range c.Rows {
		t.Rows = append(t.Rows, []string{strconv.Itoa(r.No), r.Due.String(), show(r.Amount), show(r.Principal), show(r.Margin), show(r.Paid), show(r.Waived), show(r.Outstanding)})
	}
	t.Foot = []string{"", "Jumlah", "", "", "", show(c.Paid), show(c.Waived), show(c.Outstanding)}
	return t
}

// Disclosure returns what the buyer is told and signs at the akad and the
// handover: the goods, what they cost, the margin, the price and how it is
// paid (DSN-MUI 04/2000), and how an early settlement is reckoned (DSN-MUI
// 153/2022). There is one as soon as there are terms.
func (c Contract) Disclosure(currency ledger.Currency) (Table, error) {
	if c.State == Unordered || c.State == Stocked {
		return Table{}, c.refuse(ErrState, "disclosure.state", "there is nothing to disclose, the contract is %s", stateName(c.State))
	}
	schedule, err := c.Terms.Schedule()
	if err != nil {
		return Table{}, err
	}
	show, terms, rows := currency.Format, c.Terms, schedule.Rows
	t := Table{
		Title: "Lembar keterbukaan harga dan serah terima", TitleEn: "Disclosure of cost and price, and delivery",
		Columns: []Column{{"Hal", "Item", false}, {"Keterangan", "Value", false}},
	}
	add := func(name, value string) { t.Rows = append(t.Rows, []string{name, value}) }
	add("Kontrak", terms.Contract)
	add("Pembeli", terms.Buyer.Member)
	add("Barang", terms.Goods)
	add("Harga perolehan", show(terms.Cost))
	add("Margin", show(terms.Margin))
	add("Harga jual", show(terms.SalePrice()))
	add("Uang muka", show(terms.DownPayment))
	add("Sisa yang diangsur", show(terms.NetReceivable()))
	add("Jumlah angsuran", strconv.Itoa(len(rows)))
	add("Angsuran pertama", fmt.Sprintf("%s, %s", show(rows[0].Amount), rows[0].Due))
	add("Angsuran terakhir", fmt.Sprintf("%s, %s", show(rows[len(rows)-1].Amount), rows[len(rows)-1].Due))
	add("Pelunasan dipercepat", terms.Settlement.disclosed())
	if c.Course.Possessed != "" {
		add("Bukti penguasaan barang", c.Course.Possessed)
	}
	if !c.Course.SoldOn.IsZero() {
		add("Akad", c.Course.SoldOn.String())
	}
	if !c.Course.Delivered.IsZero() {
		add("Barang diserahkan", c.Course.Delivered.String())
	}
	return t, nil
}

// disclosed says for people how an early settlement is reckoned.
func (s SettlementTerms) disclosed() string {
	if s.Rule == RebateDiscretionary {
		return "potongan menurut kebijakan koperasi (" + RuleRebate + ")"
	}
	count := map[Elapsed]string{ByInstalments: "menurut angsuran jatuh tempo", ByMonths: "menurut bulan berjalan penuh", ByDays: "menurut hari berjalan"}[s.Elapsed]
	return "margin masa yang belum berjalan dipotong, " + count + " (" + RuleEarlySettle + ")"
}
