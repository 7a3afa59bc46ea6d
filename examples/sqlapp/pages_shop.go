package main

import (
	"net/http"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// offer is one way to pay for goods, with everything disclosed: what they cost
// the cooperative, its margin, and the price that follows (DSN-MUI 04/2000).
type offer struct {
	Months              int
	Cost, Margin, Price ledger.Money
	Rows                []murabahah.Row
}

// Cash reports whether it is a sale for cash.
func (o offer) Cash() bool { return o.Months == 0 }

// Instalment is the ordinary instalment, Last the one that takes what rounding
// leaves.
func (o offer) Instalment() ledger.Money { return o.Rows[0].Amount }

// Last is the amount of the last instalment.
func (o offer) Last() ledger.Money { return o.Rows[len(o.Rows)-1].Amount }

// Even reports whether all instalments are alike.
func (o offer) Even() bool { return o.Instalment() == o.Last() }

// Ends is the day of the last instalment if it were ordered today.
func (o offer) Ends() ledger.Date { return o.Rows[len(o.Rows)-1].Due }

// offers computes the plans of goods by the same terms that an order agrees
// on: what the page shows is what the contract says.
func offers(g goods, plans []plan, today ledger.Date) ([]offer, error) {
	list := make([]offer, 0, len(plans))
	for _, p := range plans {
		agreed, err := terms("X", "X", g, p, today)
		if err != nil {
			return nil, err
		}
		schedule, err := agreed.Schedule()
		if err != nil {
			return nil, err
		}
		list = append(list, offer{Months: p.Months, Cost: agreed.Cost, Margin: agreed.Margin, Price: agreed.SalePrice(), Rows: schedule.Rows})
	}
	return list, nil
}

// offered are goods with the ways to pay for them.
type offered struct {
	goods
	Offers []offer
}

// Cash is the price for cash; false if the cooperative sells on credit alone.
func (o offered) Cash() *offer {
	for i := range o.Offers {
		if o.Offers[i].Cash() {
			return &o.Offers[i]
		}
	}
	return nil
}

// Lowest is the plan with the smallest instalment.
func (o offered) Lowest() *offer {
	var lowest *offer
	for i := range o.Offers {
		one := &o.Offers[i]
		if !one.Cash() && (lowest == nil || one.Instalment().Less(lowest.Instalment())) {
			lowest = one
		}
	}
	return lowest
}

// shopPage is public: the goods of a cooperative.
func (a *app) shopPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	list, err := t.queries.goods(c.ID)
	if err != nil {
		return "", page{}, err
	}
	ways, err := t.plans(c.ID)
	if err != nil {
		return "", page{}, err
	}
	all := make([]offered, 0, len(list))
	for _, g := range list {
		o, err := offers(g, ways, t.today)
		if err != nil {
			return "", page{}, err
		}
		all = append(all, offered{g, o})
	}
	return "shop", page{Title: "Barang", Coop: c, Here: "barang", Data: all}, nil
}

// goodsPage is public too: one of the goods, all its plans, and the order.
func (a *app) goodsPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	g, err := t.oneGoods(c.ID, r.PathValue("goods"))
	if err != nil {
		return "", page{}, err
	}
	ways, err := t.plans(c.ID)
	if err != nil {
		return "", page{}, err
	}
	o, err := offers(g, ways, t.today)
	return "goods", page{Title: g.Name, Coop: c, Here: "barang", Data: offered{g, o}}, err
}
