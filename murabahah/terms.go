package murabahah

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Terms are what the akad fixes, and what never changes afterwards. The price
// is always cost + margin, one price for good: neither lateness nor a later
// wish can raise it (DSN-MUI 04/2000).
type Terms struct {
	// Contract is the contract's id, and the sub key of all its accounts.
	Contract string `json:"contract"`
	// Buyer is the member who buys, and what that person is at the order.
	Buyer ledger.Party `json:"buyer"`
	// Goods says what is sold.
	Goods string `json:"goods"`
	// Cost is what the goods cost the cooperative, after any discount that the
	// supplier gave before the akad (DSN-MUI 16/2000). Above zero.
	Cost ledger.Money `json:"cost"`
	// Margin is the agreed profit: zero or a whole multiple of Recognition.Step.
	Margin ledger.Money `json:"margin"`
	// Price is the price as the akad states it. If it is not zero it must be
	// cost + margin.
	Price ledger.Money `json:"price,omitzero"`
	// DownPayment is what the member pays before the sale, zero or more and
	// below the cost. It pays principal first and alone.
	DownPayment ledger.Money `json:"down_payment,omitzero"`

	Plan        Plan        `json:"plan"`
	Recognition Recognition `json:"recognition"`

	// Promise is what the order promises: see [Binding].
	Promise Promise `json:"promise,omitempty"`
	// Supplier is who sold goods that were in stock when they were ordered.
	Supplier string `json:"supplier,omitempty"`
	// LaterDiscount says whose a supplier's discount after the akad is.
	LaterDiscount DiscountAgreement `json:"later_discount,omitempty"`
	// Ahead says what becomes of money that is paid before it is due.
	Ahead Ahead `json:"ahead,omitempty"`
	// Settlement is the rule of early settlement.
	Settlement SettlementTerms `json:"settlement,omitzero"`
	// MaxRevisions is how often the rest may be agreed anew; zero sets no limit.
	MaxRevisions int `json:"max_revisions,omitempty"`
}

// Promise is what an order promises. It is one-sided: the buyer's promise
// alone. A promise that binds both sides would be a sale of what is not owned.
type Promise string

const (
	NotBinding Promise = ""        // the buyer may withdraw
	Binding    Promise = "binding" // who breaks it owes the actual loss
)

// Method is the way in which margin becomes income as cash comes in.
type Method string

const (
	// Proportional earns margin in proportion to the instalments collected
	// (PSAK 402, DSN-MUI 84/2012).
	Proportional Method = "proportional"
	// Annuity earns margin on the principal still open, at the one rate that
	// the cash flows themselves imply. DSN-MUI 84/2012 allows it for murabahah
	// that finances. The price is fixed first; the rate only allocates it.
	Annuity Method = "annuity"
	// AnnuityAtRate is Annuity at the rate that the akad states; the last row
	// takes what its rounding leaves.
	AnnuityAtRate Method = "annuity_at_rate"
	// Planned earns the margins that a [Declining] or [Progressive] plan gives its rows.
	Planned Method = "planned"
	// AtDelivery earns all of the margin at the sale: for cash, for a short
	// term with little risk (2016), or without a significant financing element
	// (2019). See [Standard].
	AtDelivery Method = "at_delivery"
	// AfterCollected earns all of the margin with the last rupiah: the
	// exception for very large risk of collection (2016).
	AfterCollected Method = "after_collected"
)

// Basis says on what margin becomes income.
type Basis string

const (
	// OnCash recognises margin as it is received; it is the default.
	OnCash Basis = ""
	// OnDueDate accrues it as instalments fall due ([Falling]), apart from what
	// is received: what is shared with depositors is income received.
	OnDueDate Basis = "due_date"
)

// Recognition says how margin becomes income.
type Recognition struct {
	Method Method
	// Rate is the ratio a period of [AnnuityAtRate]: 0.01 is one percent. It
	// is zero with every other method. Up to [MaxRatePlaces] decimals.
	Rate decimal.Decimal
	// Step is the cooperative's smallest unit of computed amounts, in minor
	// units; all margins are multiples of it, rounded half up.
	Step ledger.Money
	// Basis says whether margin is accrued as it falls due.
	Basis Basis
}

type recognitionJSON struct {
	Method Method       `json:"method"`
	Basis  Basis        `json:"basis,omitempty"`
	Rate   string       `json:"rate,omitempty"`
	Step   ledger.Money `json:"step"`
}

// MarshalJSON writes the rate as text with all its decimals; process-wide
// settings of the decimal package do not change it.
func (r Recognition) MarshalJSON() ([]byte, error) {
	stored := recognitionJSON{Method: r.Method, Step: r.Step, Basis: r.Basis}
	if !r.Rate.IsZero() {
		if err := checkRate(r.Rate); err != "" {
			return nil, &Refusal{Kind: ErrTerms, Code: "terms.rate", Reason: err}
		}
		stored.Rate = r.Rate.StringFixed(max(0, -r.Rate.Exponent()))
	}
	return json.Marshal(stored)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Recognition) UnmarshalJSON(data []byte) error {
	var stored recognitionJSON
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	read := Recognition{Method: stored.Method, Step: stored.Step, Basis: stored.Basis}
	if stored.Rate != "" {
		if len(stored.Rate) > ledger.MaxDecimalText {
			return &Refusal{Kind: ErrFormat, Code: "format.rate", Reason: "stored rate is too long"}
		}
		rate, err := decimal.NewFromString(stored.Rate)
		if err != nil {
			return &Refusal{Kind: ErrFormat, Code: "format.rate", Reason: fmt.Sprintf("stored rate %q is not a number", contract.Clip(stored.Rate))}
		}
		if reason := checkRate(rate); reason != "" {
			return &Refusal{Kind: ErrFormat, Code: "format.rate", Reason: "stored rate: " + reason}
		}
		read.Rate = rate
	}
	*r = read
	return nil
}

// SalePrice returns cost + margin.
func (t Terms) SalePrice() ledger.Money { return t.Cost.Add(t.Margin) }

// NetReceivable returns what the instalments add up to: price - down payment.
func (t Terms) NetReceivable() ledger.Money { return t.SalePrice().Sub(t.DownPayment) }

// Financed returns the principal that the instalments repay: cost - down payment.
func (t Terms) Financed() ledger.Money { return t.Cost.Sub(t.DownPayment) }

// Validate returns the first fault of the terms as a [*Refusal] of kind
// [ErrTerms], in the order of the fields, the plan and its rows last.
func (t Terms) Validate() error {
	_, err := t.Schedule()
	return err
}

func (t Terms) check() error {
	for _, check := range []func(Terms) error{
		Terms.checkParties, Terms.checkGoods, Terms.checkAmounts, Terms.checkRecognition, Terms.checkChoices, Terms.checkPlan,
	} {
		if err := check(t); err != nil {
			return err
		}
	}
	return nil
}

func (t Terms) checkParties() error {
	switch {
	case t.Contract == "" || len(t.Contract) > ledger.MaxSub || contract.TextFault(t.Contract) != "":
		return t.refuseID()
	case t.Buyer.Member == "" || len(t.Buyer.Member) > ledger.MaxSub || contract.TextFault(t.Buyer.Member) != "":
		return t.refuse("terms.buyer", "the buyer's member number must have 1 to %d bytes of text without control characters", ledger.MaxSub)
	case t.Buyer.Standing == ledger.NoStanding || t.Buyer.Standing > ledger.Other:
		return t.refuse("terms.standing", "buyer %s needs a standing: member, candidate or other", contract.Clip(t.Buyer.Member))
	}
	return nil
}

func (t Terms) refuseID() error {
	return t.refuse("terms.contract", "the contract's id must have 1 to %d bytes of text without control characters", ledger.MaxSub)
}

func (t Terms) checkGoods() error {
	switch {
	case t.Contract == "" || len(t.Contract) > ledger.MaxSub || contract.TextFault(t.Contract) != "":
		return t.refuseID()
	case t.Goods == "":
		return t.refuseRule(RuleMurabahah, "terms.goods", "the goods must be named")
	case contract.TextFault(t.Goods) != "":
		return t.refuse("terms.goods", "the name of the goods %s", contract.TextFault(t.Goods))
	}
	return nil
}

func (t Terms) checkAmounts() error {
	for _, named := range []struct {
		name   string
		amount ledger.Money
	}{{"cost", t.Cost}, {"margin", t.Margin}, {"stated price", t.Price}, {"down payment", t.DownPayment}, {"price", t.SalePrice()}} {
		if err := named.amount.Err(); err != nil {
			return t.refuse("terms.amount", "%s: %v", named.name, err)
		}
		if named.amount.Sign() < 0 {
			return t.refuse("terms.amount", "%s %s is below zero", named.name, named.amount)
		}
	}
	switch {
	case t.Cost.IsZero():
		return t.refuse("terms.cost", "the cost is zero")
	case !t.Price.IsZero() && t.Price != t.SalePrice():
		r := t.refuseRule(RuleMurabahah, "terms.price", "stated price %s is not cost %s + margin %s", t.Price, t.Cost, t.Margin)
		r.Given, r.Limit = t.Price, t.SalePrice()
		return r
	case !t.DownPayment.Less(t.Cost):
		r := t.refuse("terms.down_payment", "down payment %s is not below the cost %s", t.DownPayment, t.Cost)
		r.Given, r.Limit = t.DownPayment, t.Cost
		return r
	}
	return nil
}

func (t Terms) checkRecognition() error {
	step := t.Recognition.Step
	if step.Err() != nil || step.Sign() <= 0 {
		return t.refuse("terms.step", "the step of computed amounts must be above zero")
	}
	if t.Margin.Minor()%step.Minor() != 0 {
		r := t.refuse("terms.margin", "margin %s is not a whole multiple of the step %s", t.Margin, step)
		r.Given, r.Limit = t.Margin, step
		return r
	}
	method, planned := t.Recognition.Method, t.Plan.Kind == Declining || t.Plan.Kind == Progressive
	switch method {
	case Proportional, Annuity, AnnuityAtRate, Planned, AtDelivery, AfterCollected:
	default:
		return t.refuseRule(RuleRecognition, "terms.method", "unknown method of recognition %q", contract.Clip(string(method)))
	}
	switch {
	case method != AnnuityAtRate && !t.Recognition.Rate.IsZero():
		return t.refuse("terms.rate", "method %s takes no rate", method)
	case method == AnnuityAtRate && checkRate(t.Recognition.Rate) != "":
		return t.refuse("terms.rate", "%s", checkRate(t.Recognition.Rate))
	case method == Planned && !planned:
		return t.refuse("terms.method", "method planned needs a declining or progressive plan")
	case t.Recognition.Basis != OnCash && t.Recognition.Basis != OnDueDate:
		return t.refuse("terms.basis", "unknown basis of recognition %q", contract.Clip(string(t.Recognition.Basis)))
	case t.Recognition.Basis == OnDueDate && (method == AtDelivery || method == AfterCollected):
		return t.refuseRule(RuleStandard, "terms.basis", "method %s leaves nothing to accrue as it falls due", method)
	}
	return nil
}

func (t Terms) checkChoices() error {
	switch {
	case t.Promise != NotBinding && t.Promise != Binding:
		return t.refuseRule(RuleMurabahah, "terms.promise", "unknown promise %q: a promise is one-sided, binding or not", contract.Clip(string(t.Promise)))
	case t.LaterDiscount != NotAgreed && t.LaterDiscount != ForBuyer && t.LaterDiscount != ForSeller && t.LaterDiscount != Shared:
		return t.refuseRule(RuleDiscount, "terms.later_discount", "a later discount is agreed for the buyer, for the seller, shared, or not: %q", contract.Clip(string(t.LaterDiscount)))
	case t.Ahead != AheadPays && t.Ahead != AheadHeld:
		return t.refuse("terms.ahead", "unknown use of money paid ahead %q", contract.Clip(string(t.Ahead)))
	case t.MaxRevisions < 0:
		return t.refuse("terms.max_revisions", "%d revisions are below zero", t.MaxRevisions)
	case contract.TextFault(t.Supplier) != "":
		return t.refuse("terms.supplier", "the supplier %s", contract.TextFault(t.Supplier))
	}
	return t.Settlement.check(t)
}

// checkRate returns what is wrong with a stated rate, or nothing. It judges
// the exponent before any arithmetic.
func checkRate(rate decimal.Decimal) string {
	switch {
	case rate.Exponent() < -MaxRatePlaces || rate.Exponent() > 0 && !rate.IsZero():
		return fmt.Sprintf("a stated rate has at most %d decimals and no exponent", MaxRatePlaces)
	case rate.Sign() < 0 || rate.Cmp(decimal.NewFromInt(MaxStatedRate)) > 0:
		return fmt.Sprintf("a stated rate is a ratio from 0 to %d", MaxStatedRate)
	}
	return ""
}

func (t Terms) refuse(code, format string, args ...any) *Refusal {
	return t.refuseRule("", code, format, args...)
}

func (t Terms) refuseRule(rule, code, format string, args ...any) *Refusal {
	r := refuse(ErrTerms, code, t.Contract, format, args...)
	r.Rule = rule
	return r
}
