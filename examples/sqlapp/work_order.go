package main

import (
	"errors"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// errQuoteMoved says that an early settlement costs another amount by now.
var errQuoteMoved = errors.New("sqlapp: the amount of the settlement has changed")

// errBought says that an order cannot be given up any more: the goods are there.
var errBought = errors.New("sqlapp: the goods of the order have been bought")

// errPriceMoved says that the goods cost another amount by now.
var errPriceMoved = errors.New("sqlapp: the price of the goods has changed")

// order is a member's request for goods, at the price that the member was
// shown: a row of ours and the beginning of a murabahah contract. Nothing is
// sold yet and nothing is owed.
func (j *job) order(number, goodsID string, months int, shown ledger.Money) (answer, error) {
	switch _, err := j.member(j.coop.ID, number); {
	case errors.Is(err, errNotFound):
		return answer{}, &formError{"anggota", "Nomor anggota " + number + " tidak ada di koperasi ini."}
	case err != nil:
		return answer{}, err
	}
	item, err := j.oneGoods(j.coop.ID, goodsID)
	if err != nil {
		return answer{}, err
	}
	chosen, err := j.plan(months)
	if err != nil {
		return answer{}, err
	}
	var running int64
	if err := j.row("UPDATE app_coop SET last_order = last_order + 1 WHERE id = $1 RETURNING last_order", j.coop.ID).Scan(&running); err != nil {
		return answer{}, err
	}
	id := contractID(running)
	agreed, err := terms(id, number, item, chosen, j.today)
	if err != nil {
		return answer{}, err
	}
	if agreed.SalePrice() != shown {
		return answer{}, errPriceMoved
	}
	ordered, err := j.desk().Order(j.ctx, murabahah.Ordering{Key: j.step("order"), Date: j.today, Terms: agreed, Document: j.document()})
	if err != nil {
		return answer{}, err
	}
	return answer{
			Location: orderPath(j.coop.ID, id),
			Message:  fmt.Sprintf("Pesanan %s untuk %s diterima. Koperasi membeli barangnya lebih dulu, lalu akad ditandatangani.", id, item.Name),
		}, j.addOrder(j.coop.ID, order{
			ID: id, Member: number, Goods: item.Name, Months: months, Price: agreed.SalePrice(),
			State: string(ordered.Contract.State), Ordered: j.today,
		})
}

func contractID(n int64) string { return fmt.Sprintf("MRB-%05d", n) }

func (j *job) desk() *murabahah.Desk { return murabahah.NewDesk(j.book, contractAccounts) }

func (j *job) plan(months int) (plan, error) {
	offered, err := j.plans(j.coop.ID)
	if err != nil {
		return plan{}, err
	}
	for _, p := range offered {
		if p.Months == months {
			return p, nil
		}
	}
	return plan{}, fmt.Errorf("%w: plan of %d months", errNotFound, months)
}

// buy buys the goods in the cooperative's own name, at the cost that the order
// disclosed, from the bank or in cash.
func (j *job) buy(id, supplier string, inCash bool) (answer, error) {
	contract, err := j.desk().Contract(j.ctx, id)
	if err != nil {
		return answer{}, err
	}
	place := atBank
	if inCash {
		place = atTeller
	}
	bought, err := j.desk().Acquire(j.ctx, murabahah.Acquisition{
		Key: j.step("buy"), Contract: id, Date: j.today, Cost: contract.Terms.Cost, Place: place, Supplier: supplier, Document: j.document(),
	})
	return j.done(bought, err, fmt.Sprintf("Barang dibeli dari %s seharga %s. Sekarang milik koperasi dan boleh dijual.", supplier, rupiah(contract.Terms.Cost)))
}

// sell closes the akad. Goods that are not owned are refused by the books
// (DSN-MUI 04/2000), whatever our own row says. If buying them took so long
// that the first payment would be due before the akad, the days of payment are
// offered anew at the same price.
func (j *job) sell(id string) (answer, error) {
	ours, err := j.queries.order(j.coop.ID, id)
	if err != nil {
		return answer{}, err
	}
	contract, err := j.desk().Contract(j.ctx, id)
	if err != nil {
		return answer{}, err
	}
	if terms := contract.Terms; contract.State == murabahah.Acquired && terms.Plan.FirstDue.Before(j.today) {
		terms.Plan.FirstDue = firstDue(ours.Months, j.today)
		offer := murabahah.Offer{Act: murabahah.Act{Key: j.step("offer"), Contract: id, Date: j.today}, Terms: terms}
		if _, err := j.desk().Do(j.ctx, offer); err != nil {
			return answer{}, err
		}
	}
	sold, err := j.desk().Sell(j.ctx, murabahah.Sale{Key: j.step("sell"), Contract: id, Date: j.today, Document: j.document()})
	return j.done(sold, err, fmt.Sprintf("Akad ditandatangani: harga jual %s, tidak berubah lagi.", rupiah(sold.Contract.Terms.SalePrice())))
}

// pay takes an instalment, in cash or out of the buyer's savings.
func (j *job) pay(id string, amount ledger.Money, bySavings bool) (answer, error) {
	place, way := atTeller, "tunai"
	if bySavings {
		contract, err := j.desk().Contract(j.ctx, id)
		if err != nil {
			return answer{}, err
		}
		place, way = fromSavings(contract.Terms.Buyer.Member), "dari simpanan sukarela"
	}
	paid, err := j.desk().Pay(j.ctx, murabahah.Receipt{Key: j.step("pay"), Contract: id, Date: j.today, Amount: amount, Place: place, Document: j.document()})
	message := fmt.Sprintf("Pembayaran %s %s dicatat. Sisa kewajiban %s.", rupiah(amount), way, rupiah(paid.Contract.Outstanding()))
	if paid.Contract.State == murabahah.Settled {
		message = fmt.Sprintf("Pembayaran %s %s dicatat. Akad lunas.", rupiah(amount), way)
	}
	return j.done(paid, err, message)
}

// settle ends the contract early, for the amount that the member was shown: a
// page may be old, and nobody pays what they have not seen.
func (j *job) settle(id string, shown ledger.Money) (answer, error) {
	quote, err := j.desk().Quote(j.ctx, id, j.today)
	if err != nil {
		return answer{}, err
	}
	if quote.Pays != shown {
		return answer{}, errQuoteMoved
	}
	settled, err := j.desk().Settle(j.ctx, murabahah.Settlement{Key: j.step("settle"), Contract: id, Date: j.today, Place: atTeller, Document: j.document()})
	return j.done(settled, err, fmt.Sprintf("Akad lunas dipercepat: dibayar %s, potongan margin %s.", rupiah(quote.Pays), rupiah(quote.Rebate)))
}

// cancel gives an order up before the goods are bought. The books would let it
// be given up until the akad, with the goods left as stock; this cooperative
// says on its pages that it does not.
func (j *job) cancel(id string) (answer, error) {
	contract, err := j.desk().Contract(j.ctx, id)
	if err != nil {
		return answer{}, err
	}
	if contract.State == murabahah.Acquired {
		return answer{}, errBought
	}
	cancelled, err := j.desk().Cancel(j.ctx, murabahah.Cancellation{Key: j.step("cancel"), Contract: id, Date: j.today, Document: j.document()})
	return j.done(cancelled, err, "Pesanan dibatalkan.")
}

// done takes the contract's new state over into our row, in the same
// transaction, and counts what was posted.
func (j *job) done(result murabahah.Result, err error, message string) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	id := result.Contract.Terms.Contract
	if err := j.setOrderState(j.coop.ID, id, string(result.Contract.State)); err != nil {
		return answer{}, err
	}
	if result.Posted.Number > 0 {
		if err := j.count(result.Posted); err != nil {
			return answer{}, err
		}
	}
	return answer{Location: orderPath(j.coop.ID, id), Message: message}, nil
}
