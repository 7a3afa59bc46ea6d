package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
)

// year makes up what happens from the opening to today. Amounts are drawn
// here, before anything is written: the events only write them.
func (d *demoCoop) year(shown bool) {
	first := d.opened
	for month := 0; ; month++ {
		start := first.AddMonths(month)
		if !start.AddDays(9).Before(d.today) {
			break
		}
		if month%3 == 2 {
			d.dues(start.AddDays(9))
		}
		if payday := start.AddDays(27); payday.Before(d.today) {
			d.expenses(payday)
		}
	}
	for i := range d.members {
		d.movements(&d.members[i])
	}
	for _, one := range d.purchases(shown) {
		d.contract(one)
	}
}

// purchase is that a member orders goods on a day.
type purchase struct {
	buyer string
	day   ledger.Date
}

// purchases are those of the year by day. The cooperative that is shown has
// some that are new, so that its office has something to do.
func (d *demoCoop) purchases(shown bool) []purchase {
	var list []purchase
	length := d.opened.DaysUntil(d.today)
	for _, m := range d.members {
		for n := 0; n < 2 && d.chance(45); n++ {
			list = append(list, purchase{m.Number, d.opened.AddDays(d.between(5, length-1))})
		}
	}
	if shown {
		for _, m := range d.members[:3] {
			list = append(list, purchase{m.Number, d.today.Prev()})
		}
	}
	slices.SortStableFunc(list, func(a, b purchase) int { return a.day.Cmp(b.day) })
	return list
}

// dues is a quarter's simpanan wajib of all members, collected at the meeting:
// one entry with a line for each.
func (d *demoCoop) dues(day ledger.Date) {
	e := ledger.Entry{Key: "wajib/" + day.String(), Date: day, Memo: "Simpanan wajib tiga bulan sampai " + months[dayMonth(day)]}
	amount := ledger.Sum(wajibAmount, wajibAmount, wajibAmount)
	var sum ledger.Money
	for _, m := range d.members {
		if d.chance(6) {
			continue // pays late
		}
		sum = sum.Add(amount)
		e.Lines = append(e.Lines, ledger.Credit(wajibAccount, amount).For(accountOf(m.Number, wajib)).With(partyOf(m.Number)))
	}
	if len(e.Lines) == 0 {
		return
	}
	e.Lines = append(e.Lines, ledger.Debit(tellerCash, sum))
	d.on(day, func(tx *ledger.Tx) error { return d.post(tx, e) })
}

func dayMonth(day ledger.Date) time.Month {
	_, month, _ := day.YMD()
	return month
}

// expenses is a month's cost of the office, and what the bank shares.
func (d *demoCoop) expenses(day ledger.Date) {
	members := len(d.members)
	e := ledger.Entry{Key: "beban/" + day.String(), Date: day, Memo: "Beban kantor " + months[dayMonth(day)]}
	var sum ledger.Money
	for _, one := range []struct {
		account       string
		from, through int // thousands of rupiah
	}{{"60201", members * 3, members * 7}, {"60302", 30, 110}, {"60309", 15, 15 + members}} {
		amount := d.thousands(one.from, one.through)
		sum = sum.Add(amount)
		e.Lines = append(e.Lines, ledger.Debit(one.account, amount))
	}
	e.Lines = append(e.Lines, ledger.Credit(tellerCash, sum))
	share := d.thousands(20+members, 60+members*2)
	income := ledger.Entry{
		Key: "bank/" + day.String(), Date: day, Memo: "Bagi hasil giro " + months[dayMonth(day)],
		Lines: []ledger.Line{ledger.Debit(bankAccount, share), ledger.Credit("50301", share)},
	}
	d.on(day, func(tx *ledger.Tx) error {
		if err := d.fetch(tx, day, sum); err != nil {
			return err
		}
		if err := d.post(tx, e); err != nil {
			return err
		}
		if err := d.post(tx, income); err != nil {
			return err
		}
		return d.bring(tx, day)
	})
}

// fetch fetches cash from the bank if the teller has less than an amount.
func (d *demoCoop) fetch(tx *ledger.Tx, day ledger.Date, amount ledger.Money) error {
	cash, err := tx.Available(tellerCash, "", day)
	if err != nil || !cash.Less(amount) {
		return err
	}
	return d.carry(tx, day, "Pengambilan kas dari bank", bankAccount, tellerCash, amount)
}

// bring brings to the bank what the teller does not need.
func (d *demoCoop) bring(tx *ledger.Tx, day ledger.Date) error {
	cash, err := tx.Available(tellerCash, "", day)
	enough := ledger.IDR.Of(2_000_000)
	if err != nil || !enough.Less(cash) {
		return err
	}
	return d.carry(tx, day, "Setoran kas ke bank", tellerCash, bankAccount, cash.Sub(enough))
}

func (d *demoCoop) carry(tx *ledger.Tx, day ledger.Date, memo, from, to string, amount ledger.Money) error {
	return d.post(tx, ledger.Entry{
		Key: fmt.Sprintf("kas/%d", len(d.posted)), Date: day, Memo: memo,
		Lines: []ledger.Line{ledger.Debit(to, amount), ledger.Credit(from, amount)},
	})
}

// movements are a member's deposits and withdrawals of the year, in the order
// of their days, never below what must stay.
func (d *demoCoop) movements(m *demoMember) {
	desk := savings.NewDesk(d.book)
	account := accountOf(m.Number, voluntary)
	day := d.opened.AddDays(d.between(3, 60))
	for n := 1; day.Before(d.today); n++ {
		key, on := fmt.Sprintf("teller/%s/%d", account, n), day
		free := m.voluntary.Sub(leastBalance)
		if amount := d.thousands(25, 400); d.chance(30) && amount.Less(free) {
			m.voluntary = m.voluntary.Sub(amount)
			d.on(on, func(tx *ledger.Tx) error {
				if err := d.fetch(tx, on, amount); err != nil {
					return err
				}
				receipt, err := desk.WithdrawTx(tx, savings.Withdrawal{Key: key, Date: on, Account: account, Amount: amount, Counter: atTeller, Memo: "Penarikan tunai"})
				d.posted = append(d.posted, receipt.Posted)
				return err
			})
		} else {
			amount := d.thousands(20, 600)
			m.voluntary = m.voluntary.Add(amount)
			d.on(on, func(tx *ledger.Tx) error {
				receipt, err := desk.DepositTx(tx, savings.Deposit{Key: key, Date: on, Account: account, Amount: amount, Counter: atTeller, Memo: "Setoran tunai"})
				d.posted = append(d.posted, receipt.Posted)
				return err
			})
		}
		day = day.AddDays(d.between(30, 170))
	}
}

// contract is a purchase, from the order on.
func (d *demoCoop) contract(one purchase) {
	day := one.day
	g := d.goods[d.random.IntN(len(d.goods))]
	p := d.plans[d.random.IntN(len(d.plans))]
	if d.budget.Less(g.Cost) && day != d.today.Prev() {
		return // more than the cooperative has at the bank; what is not bought yet costs nothing
	}
	id := contractID(int64(len(d.orders) + 1))
	agreed, err := terms(id, one.buyer, g, p, day)
	if err != nil {
		return // goods too small for so many instalments
	}
	d.budget = d.budget.Sub(g.Cost)
	o := &order{ID: id, Member: one.buyer, Goods: g.Name, Months: p.Months, Price: agreed.SalePrice(), Ordered: day}
	d.orders = append(d.orders, o)
	do := func(day ledger.Date, carry func(*ledger.Tx, *murabahah.Desk) (murabahah.Result, error)) {
		d.on(day, func(tx *ledger.Tx) error {
			result, err := carry(tx, d.desk())
			if result.Posted.Number > 0 {
				d.posted = append(d.posted, result.Posted)
			}
			o.State = string(result.Contract.State)
			return err
		})
	}
	do(day, func(tx *ledger.Tx, desk *murabahah.Desk) (murabahah.Result, error) {
		return desk.OrderTx(tx, murabahah.Ordering{Key: id + "/order", Date: day, Terms: agreed})
	})
	bought, sold := day.AddDays(d.between(1, 5)), day.AddDays(d.between(6, 9))
	if bought.Before(d.today) {
		supplier := suppliers[d.random.IntN(len(suppliers))]
		do(bought, func(tx *ledger.Tx, desk *murabahah.Desk) (murabahah.Result, error) {
			return desk.AcquireTx(tx, murabahah.Acquisition{Key: id + "/buy", Contract: id, Date: bought, Cost: g.Cost, Place: atBank, Supplier: supplier, Document: id + "/FKT"})
		})
	}
	if sold.Before(d.today) {
		akad := agreed
		if akad.Plan.FirstDue.Before(sold) {
			akad.Plan.FirstDue = firstDue(p.Months, sold)
			do(sold, func(tx *ledger.Tx, desk *murabahah.Desk) (murabahah.Result, error) {
				return desk.DoTx(tx, murabahah.Offer{Act: murabahah.Act{Key: id + "/offer", Contract: id, Date: sold}, Terms: akad})
			})
		}
		do(sold, func(tx *ledger.Tx, desk *murabahah.Desk) (murabahah.Result, error) {
			return desk.SellTx(tx, murabahah.Sale{Key: id + "/sell", Contract: id, Date: sold})
		})
		d.instalments(akad, sold, do)
	}
}

// instalments are what the buyer has paid by today: most on time, some behind.
func (d *demoCoop) instalments(agreed murabahah.Terms, sold ledger.Date, do func(ledger.Date, func(*ledger.Tx, *murabahah.Desk) (murabahah.Result, error))) {
	schedule, err := agreed.Schedule()
	if err != nil {
		return
	}
	last := sold
	for _, row := range schedule.Rows {
		day := row.Due.AddDays(-d.between(0, 4))
		if day.Before(last) {
			day = last
		}
		if !day.Before(d.today) || d.chance(4) { // not due yet, or behind from here on
			return
		}
		last = day
		key := fmt.Sprintf("%s/pay/%d", agreed.Contract, row.No)
		do(day, func(tx *ledger.Tx, desk *murabahah.Desk) (murabahah.Result, error) {
			return desk.PayTx(tx, murabahah.Receipt{Key: key, Contract: agreed.Contract, Date: day, Amount: row.Amount, Place: atTeller})
		})
	}
}
