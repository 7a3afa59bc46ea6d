package main

import (
	"slices"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
)

// clock tells the time. It is handed in, so that tests and demonstration data
// have days of their own.
type clock = func() time.Time

// wib is the time zone that decides which day a request belongs to.
var wib = time.FixedZone("WIB", 7*60*60)

// Accounts of the standard chart that the application itself names.
const (
	tellerCash       = "10102" // Kas Teller
	bankAccount      = "10201" // Giro pada Bank Syariah
	equipment        = "13401" // Inventaris dan Peralatan
	voluntaryAccount = "20101" // Simpanan Wadiah Yad Dhamanah, one sub a savings account
	pokokAccount     = "40101" // Simpanan Pokok
	wajibAccount     = "40102" // Simpanan Wajib
	grantAccount     = "40202" // Modal Sumbangan, Hibah dan Donasi
	reserveAccount   = "40301" // Cadangan Umum
)

// contractAccounts are those that murabahah contracts post to.
var contractAccounts = murabahah.Accounts{
	Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
	MarginIncome: "50101",
	PenaltyFund:  "90205", // a penalty is never income (DSN-MUI 17/2000)
}

// chartCodes is the part of the standard chart that a small cooperative uses.
var chartCodes = []string{
	tellerCash, bankAccount, "11101", "11102", "11401", equipment, voluntaryAccount, "20302",
	pokokAccount, wajibAccount, grantAccount, reserveAccount, "40401", "40402",
	"50101", "50301", "60201", "60301", "60302", "60304", "60309", "60603", "90101", "90205", "90302",
}

// smallChart is that part, with floors under the money: what is not there is
// not paid out, neither at the counter nor from the bank.
func smallChart() ledger.Chart {
	chart := slices.DeleteFunc(ledger.StandardChart(), func(a ledger.Account) bool { return !slices.Contains(chartCodes, a.Code) })
	for i := range chart {
		if chart[i].Code == tellerCash || chart[i].Code == bankAccount {
			chart[i].Floor = ledger.HardFloor(ledger.Money{})
		}
	}
	return chart
}

// bookConfig says which book: a cooperative's own, by its id.
func bookConfig(coop string, clock clock) ledger.Config {
	return ledger.Config{ID: coop, Currency: ledger.IDR, Chart: smallChart(), Clock: clock}
}

// The savings products. Every member has one account of each.
const (
	pokok     = "POKOK"
	wajib     = "WAJIB"
	voluntary = "SUKARELA"
)

// What every member pays on joining, and what voluntary savings begin with and
// keep.
var (
	pokokAmount  = ledger.IDR.Of(100_000)
	wajibAmount  = ledger.IDR.Of(20_000)
	firstDeposit = ledger.IDR.Of(20_000)
	leastBalance = ledger.IDR.Of(10_000)
)

// products are those of every cooperative here. The voluntary savings are
// wadiah: kept safe, with no return promised.
func products(from ledger.Date) []savings.ProductOpening {
	return []savings.ProductOpening{
		{Key: "product/" + pokok, Code: pokok, Akad: savings.Pokok, Control: pokokAccount,
			Terms: savings.Terms{From: from, Name: "Simpanan Pokok", Locked: true, MinOpening: pokokAmount}},
		{Key: "product/" + wajib, Code: wajib, Akad: savings.Wajib, Control: wajibAccount,
			Terms: savings.Terms{From: from, Name: "Simpanan Wajib", Locked: true}},
		{Key: "product/" + voluntary, Code: voluntary, Akad: savings.Wadiah, Control: voluntaryAccount,
			Terms: savings.Terms{From: from, Name: "Simpanan Sukarela (Wadiah)", MinOpening: firstDeposit, MinBalance: leastBalance}},
	}
}

// accountOf is the id of a member's savings account of a product.
func accountOf(member, product string) string { return member + "-" + product }

// controls are the products' control accounts.
var controls = map[string]string{pokok: pokokAccount, wajib: wajibAccount, voluntary: voluntaryAccount}

// atTeller is where cash comes in and goes out; atBank the cooperative's giro.
// Suppliers are paid from either.
var (
	atTeller = ledger.Place{Account: tellerCash}
	atBank   = ledger.Place{Account: bankAccount}
)

// fromSavings takes money out of a member's voluntary savings: their floor
// holds there as it does at the counter.
func fromSavings(member string) ledger.Place {
	return ledger.Place{Account: voluntaryAccount, Sub: accountOf(member, voluntary)}
}

// terms are what an order agrees on: one price for good, cost and margin
// disclosed.
func terms(contract string, buyer string, g goods, p plan, today ledger.Date) (murabahah.Terms, error) {
	margin, err := p.marginOf(g.Cost)
	if err != nil {
		return murabahah.Terms{}, err
	}
	t := murabahah.Terms{
		Contract: contract, Buyer: ledger.Party{Member: buyer, Standing: ledger.Member}, Goods: g.Name,
		Cost: g.Cost, Margin: margin, Price: g.Cost.Add(margin),
		Plan: murabahah.Plan{
			Kind: murabahah.Level, Instalments: max(p.Months, 1), FirstDue: firstDue(p.Months, today),
			Step: ledger.IDR.Of(1_000), Rounding: ledger.RoundHalfUp,
		},
		Recognition: murabahah.Recognition{Method: murabahah.Proportional, Step: ledger.IDR.Of(1)},
	}
	return t, t.Validate()
}

// firstDue is when the first payment of an akad of a day falls due: after a
// month, of a sale for cash after cashDays.
func firstDue(months int, akad ledger.Date) ledger.Date {
	if months == 0 {
		return akad.AddDays(cashDays)
	}
	return akad.AddMonths(1)
}

// cashDays is how long a sale for cash may stay unpaid: the goods have yet to
// be bought and fetched.
const cashDays = 7
