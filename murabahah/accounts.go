package murabahah

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Accounts are the accounts that contracts post to. The first four, margin
// income and the penalty fund are always needed; every other one only by the
// events that move it. Control accounts have the contract's id as sub key.
type Accounts struct {
	Inventory      string // Aset Murabahah, asset
	Receivable     string // Piutang Murabahah, asset
	DeferredMargin string // Margin Murabahah Tangguhan, an asset account on the credit side, never a liability
	DownPayment    string // Uang Muka Murabahah, liability

	MarginIncome string // Pendapatan Margin Murabahah, income
	PenaltyFund  string // Dana Kebajikan, benevolent; never income (DSN-MUI 17/2000)
	CostRecovery string // Pemulihan Biaya, income: what cancelled orders and breaches have really cost

	// Control accounts.
	Deposit      string // Titipan Hamish Jiddiyah, liability
	Agent        string // Piutang Wakalah, asset
	Due          string // Piutang Murabahah Jatuh Tempo, asset
	Held         string // Titipan Angsuran, liability
	DiscountOwed string // Utang Diskon, liability
	WrittenOff   string // Pembiayaan Hapus Buku, memorandum
	Suspended    string // Pendapatan dalam Penyelesaian, memorandum

	// Accounts that all contracts share.
	Advance       string // Uang Muka kepada Pemasok, asset
	AccruedIncome string // Pendapatan Margin Murabahah - Akrual, income
	FeeIncome     string // Pendapatan Administrasi, income
	Claims        string // Piutang Lain-lain, asset
	OtherIncome   string // Pendapatan Nonusaha Lainnya, income
	Impairment    string // Beban Penurunan Nilai Aset Murabahah, expense
	Concession    string // Beban Potongan Murabahah, expense
	Allowance     string // Penyisihan Piutang Murabahah, an asset account on the credit side
	AllowanceCost string // Beban Penyisihan, expense: see [Provision]
	AllowanceBack string // Pemulihan Penyisihan, income; empty credits AllowanceCost
	UnclaimedFund string // what is owed to untraceable buyers, benevolent; empty uses the PenaltyFund
	// MemoContra is Lawan Rekening Administratif, memorandum. Without it no
	// memorandum lines are posted: the contracts' own records keep the amounts.
	MemoContra string
}

// role is what an account of [Accounts] must be, and which amounts of a
// position it shows.
type role struct {
	name    string
	code    func(*Accounts) string
	kinds   []ledger.Kind
	normal  ledger.Side
	control bool
	needed  bool // by every contract
	fund    bool // its lines belong to a fund's cash flow
	memo    bool // posted only where memoranda are kept
	rule    string
	shows   []func(*Position) *ledger.Money
}

func shows(of ...func(*Position) *ledger.Money) []func(*Position) *ledger.Money { return of }

var (
	assets      = []ledger.Kind{ledger.Asset}
	liabilities = []ledger.Kind{ledger.Liability}
	incomes     = []ledger.Kind{ledger.Income}
	expenses    = []ledger.Kind{ledger.Expense}
	memoranda   = []ledger.Kind{ledger.Memorandum}
	// A fund may be one that older charts keep among the liabilities, but never income.
	funds = []ledger.Kind{ledger.Benevolent, ledger.Liability}
)

// roles are all roles in the order in which their lines stand in an entry.
var roles = [...]role{
	{name: "receivable", code: func(a *Accounts) string { return a.Receivable }, kinds: assets, normal: ledger.DebitSide, control: true, needed: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Receivable })},
	{name: "instalments due", code: func(a *Accounts) string { return a.Due }, kinds: assets, normal: ledger.DebitSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Due })},
	{name: "inventory", code: func(a *Accounts) string { return a.Inventory }, kinds: assets, normal: ledger.DebitSide, control: true, needed: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Inventory })},
	{name: "advance to the agent", code: func(a *Accounts) string { return a.Agent }, kinds: assets, normal: ledger.DebitSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Agent })},
	{name: "advance to suppliers", code: func(a *Accounts) string { return a.Advance }, kinds: assets, normal: ledger.DebitSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Advance })},
	{name: "deferred margin", code: func(a *Accounts) string { return a.DeferredMargin }, kinds: assets, normal: ledger.CreditSide, control: true, needed: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Deferred })},
	{name: "down payment", code: func(a *Accounts) string { return a.DownPayment }, kinds: liabilities, normal: ledger.CreditSide, control: true, needed: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.DownPayment })},
	{name: "order deposit", code: func(a *Accounts) string { return a.Deposit }, kinds: liabilities, normal: ledger.CreditSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Deposit })},
	{name: "held money", code: func(a *Accounts) string { return a.Held }, kinds: liabilities, normal: ledger.CreditSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Held })},
	{name: "discount owed", code: func(a *Accounts) string { return a.DiscountOwed }, kinds: liabilities, normal: ledger.CreditSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.DiscountOwed })},
	{name: "accrued margin income", code: func(a *Accounts) string { return a.AccruedIncome }, kinds: incomes, normal: ledger.CreditSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Accrued })},
	{name: "margin income", code: func(a *Accounts) string { return a.MarginIncome }, kinds: incomes, normal: ledger.CreditSide, needed: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Recognised }, func(p *Position) *ledger.Money { return &p.SupplierProfit })},
	{name: "penalty fund", code: func(a *Accounts) string { return a.PenaltyFund }, kinds: funds, normal: ledger.CreditSide, needed: true, fund: true, rule: RulePenalty,
		shows: shows(func(p *Position) *ledger.Money { return &p.Penalties })},
	{name: "unclaimed fund", code: func(a *Accounts) string { return a.UnclaimedFund }, kinds: funds, normal: ledger.CreditSide, fund: true, rule: RuleDiscount,
		shows: shows(func(p *Position) *ledger.Money { return &p.Unclaimed })},
	{name: "cost recovery", code: func(a *Accounts) string { return a.CostRecovery }, kinds: []ledger.Kind{ledger.Income, ledger.Expense},
		shows: shows(func(p *Position) *ledger.Money { return &p.Recovered }, func(p *Position) *ledger.Money { return &p.Compensated })},
	{name: "fee income", code: func(a *Accounts) string { return a.FeeIncome }, kinds: incomes, normal: ledger.CreditSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Fees })},
	{name: "claims", code: func(a *Accounts) string { return a.Claims }, kinds: assets, normal: ledger.DebitSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Claimed })},
	{name: "other income", code: func(a *Accounts) string { return a.OtherIncome }, kinds: incomes, normal: ledger.CreditSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.OtherIncome })},
	{name: "impairment", code: func(a *Accounts) string { return a.Impairment }, kinds: expenses, normal: ledger.DebitSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Impaired })},
	{name: "concession", code: func(a *Accounts) string { return a.Concession }, kinds: expenses, normal: ledger.DebitSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.Conceded })},
	{name: "allowance", code: func(a *Accounts) string { return a.Allowance }, kinds: assets, normal: ledger.CreditSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.AllowanceUsed })},
	{name: "written-off debts", code: func(a *Accounts) string { return a.WrittenOff }, kinds: memoranda, memo: true, normal: ledger.DebitSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.WrittenOff })},
	{name: "suspended margin", code: func(a *Accounts) string { return a.Suspended }, kinds: memoranda, memo: true, normal: ledger.DebitSide, control: true,
		shows: shows(func(p *Position) *ledger.Money { return &p.Suspended })},
	{name: "memorandum contra", code: func(a *Accounts) string { return a.MemoContra }, kinds: memoranda, memo: true, normal: ledger.CreditSide,
		shows: shows(func(p *Position) *ledger.Money { return &p.WrittenOff }, func(p *Position) *ledger.Money { return &p.Suspended })},
	{name: "allowance expense", code: func(a *Accounts) string { return a.AllowanceCost }, kinds: expenses, normal: ledger.DebitSide},
	{name: "allowance release", code: func(a *Accounts) string { return a.AllowanceBack }, kinds: incomes, normal: ledger.CreditSide},
}

// stands returns what a position's change makes of an account in this role,
// debit positive. Principal charged to the allowance stands against the side
// on which the allowance itself grows.
func (r *role) stands(p *Position) ledger.Money {
	var sum ledger.Money
	for _, of := range r.shows {
		sum = sum.Add(*of(p))
	}
	if r.normal == ledger.DebitSide || r.name == "allowance" {
		return sum
	}
	return sum.Neg()
}

// silent reports whether a role's lines are left out.
func (r *role) silent(a *Accounts) bool { return r.memo && a.MemoContra == "" }

// account returns the code of a role; an unnamed fund for the unclaimed is the
// penalty fund.
func (r *role) account(a *Accounts) string {
	code := r.code(a)
	if code == "" && r.fund {
		return a.PenaltyFund
	}
	return code
}

// fit says whether every account that an event can need can play its role, and
// every account only one: goods and debts, or margin and what is kept of a down
// payment, would be one balance.
func (a *Accounts) fit(tx *ledger.Tx, e *Event) error {
	var codes [len(roles)]string
	for i := range roles {
		r := roles[i]
		code := r.code(a)
		if code == "" && !r.needed {
			continue
		}
		why := ""
		if r.needed || !r.stands(&e.Change).IsZero() {
			var err error
			if why, err = r.misfit(tx, code); err != nil {
				return err
			}
		}
		if before := slices.Index(codes[:i], code); why == "" && before >= 0 {
			why = "is the " + roles[before].name
		}
		if why != "" {
			refusal := refuse(ErrRole, "role.account", "", "account %q cannot be the %s: it %s", contract.Clip(code), r.name, why)
			refusal.Rule = r.rule
			return refusal
		}
		codes[i] = code
	}
	return nil
}

// misfit says why an account cannot play a role, or nothing.
func (r *role) misfit(tx *ledger.Tx, code string) (why string, err error) {
	account, found, err := tx.Account(code)
	if err != nil {
		return "", err
	}
	switch {
	case !found:
		return "is not in the chart", nil
	case !slices.Contains(r.kinds, account.Kind):
		return fmt.Sprintf("is of kind %s, want %s", account.Kind, r.kinds[0]), nil
	case r.normal.Valid() && account.Normal != r.normal:
		return fmt.Sprintf("stands on the %s side", account.Normal), nil
	case account.Control != r.control && r.control:
		return "has no subs, want one for each contract", nil
	case account.Control != r.control:
		return "is a control account", nil
	}
	return "", nil
}

// takes says whether the event's money can go through its places, and whether
// the accounts it needs are named.
func (a *Accounts) takes(tx *ledger.Tx, e Event) error {
	for i := range roles {
		if r := roles[i]; !r.stands(&e.Change).IsZero() && r.account(a) == "" && !r.silent(a) {
			return refuse(ErrRole, "role.account", "", "%s needs an account for the %s, but none is named", e.Name, r.name)
		}
	}
	if e.Name == EventReverse {
		return nil
	}
	for _, place := range e.places() {
		if err := a.passable(tx, e, place); err != nil {
			return err
		}
	}
	return nil
}

// passable says whether money can go through an account: not through one that
// has a role, nor through income or expense, equity or the funds of others.
// Goods bought out of income would be income, and a penalty taken out of the
// benevolent fund would be the fund's own gift to itself.
func (a *Accounts) passable(tx *ledger.Tx, e Event, place Place) error {
	for i := range roles {
		if r := roles[i]; place.Account == r.code(a) {
			return refuse(ErrRole, string(e.Name)+".place", "", "%s: the money cannot go through account %q, which is the %s", e.Name, contract.Clip(place.Account), r.name)
		}
	}
	account, found, err := tx.Account(place.Account)
	if err != nil || !found { // the book refuses an unknown one
		return err
	}
	switch account.Kind {
	case ledger.Asset, ledger.Liability, ledger.Syirkah:
		return a.payer(tx, e, place, account)
	}
	return refuse(ErrRole, string(e.Name)+".place", "", "%s: the money cannot go through account %q, which is of kind %s", e.Name, contract.Clip(place.Account), account.Kind)
}

// payer says whether money taken out of somebody's savings is the buyer's, or
// that of the person who is named as paying for the buyer.
func (a *Accounts) payer(tx *ledger.Tx, e Event, place Place, account ledger.Account) error {
	if e.Cash.Sign() <= 0 || account.Kind == ledger.Asset || !account.Control {
		return nil
	}
	sub, _, err := tx.Sub(place.Account, place.Sub)
	if err != nil {
		return err
	}
	if sub.Holder == "" && e.Payer.Member != "" || sub.Holder != "" && (sub.Holder == e.Party.Member || sub.Holder == e.Payer.Member) {
		return nil
	}
	whose := "has no holder"
	if sub.Holder != "" {
		whose = "is that of " + contract.Clip(sub.Holder)
	}
	return refuse(ErrPayer, string(e.Name)+".payer", "", "%s: account %s/%s %s, the buyer is %s; name who pays for the buyer",
		e.Name, contract.Clip(place.Account), contract.Clip(place.Sub), whose, contract.Clip(e.Party.Member))
}
