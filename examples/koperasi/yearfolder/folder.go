package yearfolder

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Folder is one year of a cooperative as its files say it. Rows keep the
// order of their files and the place where they stand; repeats of a key with
// the same content are left out, and so are rows with a fault.
type Folder struct {
	Cooperative Cooperative
	Accounts    []Account
	Roles       map[RoleName]Role
	Products    []Product
	Pool        []PoolAccount
	Members     []Member
	Opening     []EntryLine // one entry, dated Cooperative.OpeningDate
	Terms       []ProductTerms
	Savings     []SavingsRow
	Bulk        []BulkRow
	Membership  []MemberEvent
	Contracts   []Contract
	Events      []MurabahahEvent
	Journal     []JournalEntry
	// Further says that the folder has any of the optional files or columns of
	// savings, and wants the registers that come with them.
	Further bool
	// Collectibility is the policy of classes and allowances; nil without the file.
	Collectibility *murabahah.Collectibility
}

// Cooperative is cooperative.csv: who keeps the books, over which days, and
// the settings of its computed amounts.
type Cooperative struct {
	ID           string
	Name         string
	Currency     ledger.Currency // the rupiah, which is the only one accepted
	OpeningDate  ledger.Date     // the last day of a month
	FirstDay     ledger.Date     // the day after OpeningDate
	LastDay      ledger.Date     // the last day of a month, not before FirstDay
	Step         ledger.Money    // the unit of computed amounts, above zero
	TaxThreshold ledger.Money    // zero or more; a month's gross above it is taxed
	TaxRate      decimal.Decimal // a ratio from 0 to 1
	Lines        map[string]int  // the line on which each key stands
}

// At returns the place of a key, such as "step".
func (c Cooperative) At(key string) Place { return Place{cooperativeFile, c.Lines[key]} }

// CollectibilityPlace returns where the policy of classes and allowances stands.
func (f *Folder) CollectibilityPlace() Place { return Place{collectibilityFile, 1} }

// Account is one line of the chart. Control says that its lines carry a sub key.
type Account struct {
	Place
	ledger.Account
}

// RoleName is a part that one account of the chart plays in a computed entry.
type RoleName string

// The roles of every folder. All are required.
const (
	MurabahahInventory      RoleName = "murabahah.inventory"
	MurabahahReceivable     RoleName = "murabahah.receivable"
	MurabahahDeferredMargin RoleName = "murabahah.deferred_margin"
	MurabahahDownPayment    RoleName = "murabahah.down_payment"
	MurabahahMarginIncome   RoleName = "murabahah.margin_income"
	PenaltyCash             RoleName = "penalty.cash"
	PenaltyFund             RoleName = "penalty.fund"
	DistributionPayable     RoleName = "distribution.payable"
	DistributionTax         RoleName = "distribution.tax"
	ClosingResult           RoleName = "closing.result"
)

// The roles that only some savings need. All are optional.
const (
	SavingsClaims     RoleName = "savings.claims"     // what is owed to members who have left, by member
	DistributionZakat RoleName = "distribution.zakat" // zakat by mandate
)

// The roles that only some events of a murabahah need. All are optional: an
// event whose role is missing is refused when the year is run.
const (
	MurabahahDeposit      RoleName = "murabahah.deposit"
	MurabahahAgent        RoleName = "murabahah.agent"
	MurabahahDue          RoleName = "murabahah.due"
	MurabahahHeld         RoleName = "murabahah.held"
	MurabahahCostRecovery RoleName = "murabahah.cost_recovery"
	MurabahahFeeIncome    RoleName = "murabahah.fee_income"
	MurabahahConcession   RoleName = "murabahah.concession"
	MurabahahAllowance    RoleName = "murabahah.allowance"

	MurabahahDiscountOwed  RoleName = "murabahah.discount_owed"
	MurabahahAdvance       RoleName = "murabahah.advance"
	MurabahahAccrued       RoleName = "murabahah.accrued_income"
	MurabahahClaims        RoleName = "murabahah.claims"
	MurabahahOtherIncome   RoleName = "murabahah.other_income"
	MurabahahImpairment    RoleName = "murabahah.impairment"
	MurabahahAllowanceCost RoleName = "murabahah.allowance_expense"
	MurabahahAllowanceBack RoleName = "murabahah.allowance_release"
	MurabahahUnclaimed     RoleName = "murabahah.unclaimed_fund"
)

// Role says which account plays a role.
type Role struct {
	Place
	Name RoleName
	Code string
}

// Akad is the contract under which a member saves.
type Akad string

// The akad of savings products. Only the last three share profit.
const (
	Pokok        Akad = "pokok"
	Wajib        Akad = "wajib"
	WajibKhusus  Akad = "wajib_khusus"
	Wadiah       Akad = "wadiah"
	WadiahAmanah Akad = "wadiah_amanah"
	Mudharabah   Akad = "mudharabah"
	Berjangka    Akad = "mudharabah_berjangka"
	Penyertaan   Akad = "penyertaan"
)

// Shares reports whether savings under the akad share profit.
func (a Akad) Shares() bool { return a == Mudharabah || a == Berjangka || a == Penyertaan }

// Product is a savings product.
type Product struct {
	Place
	Code         string
	Name         string
	Akad         Akad
	Control      string          // code of the account that holds its savings, with sub keys
	Nisbah       decimal.Decimal // only if the akad shares: the member's part, above 0 and at most 1
	MinOpening   ledger.Money    // the least first deposit, zero or more
	MinBalance   ledger.Money    // zero or more
	ShareAccount string          // only if the akad shares: code of the account debited with the owners' share
}

// PoolAccount is an income account whose income is shared.
type PoolAccount struct {
	Place
	Code string
}

// Member is somebody who saves or buys, and since when.
type Member struct {
	Place
	ID         string
	Name       string
	Joined     ledger.Date
	Candidate  bool   // joined as a candidate
	ApprovedBy string // empty if the file does not say
}

// SavingsEvent is what happens to a savings account.
type SavingsEvent string

// The events of savings.csv.
const (
	Open     SavingsEvent = "open"
	Deposit  SavingsEvent = "deposit"
	Withdraw SavingsEvent = "withdraw"
	Transfer SavingsEvent = "transfer"
)

// SavingsRow is one line of savings.csv.
type SavingsRow struct {
	Place
	Date    ledger.Date // in the year; for open also the opening date
	Key     string
	Event   SavingsEvent
	Account string
	Member  string       // the account's own
	Product string       // the account's own
	Amount  ledger.Money // above zero; zero for open
	// Counter is the code of the cash account, for transfer the receiving
	// savings account, which is another one; empty for open.
	Counter string
	// PayTo is the account of the same member that receives the profit share:
	// for open always filled, the account itself where the file leaves it
	// empty; otherwise empty.
	PayTo string
	Memo  string
	Further
}

// Method is how the margin of a sale is spread over its instalments.
type Method string

// The methods.
const (
	Proportional Method = "proportional"
	Annuity      Method = "annuity"
	// Those of the optional columns.
	AnnuityAtRate  Method = "annuity_at_rate" // at the contract's rate
	Planned        Method = "planned"         // by the parts of a declining or progressive plan
	AtDelivery     Method = "at_delivery"
	AfterCollected Method = "after_collected"
)

// Contract is the terms of one murabahah sale.
type Contract struct {
	Place
	ID          string
	Member      string
	Goods       string
	Cost        ledger.Money // above zero
	Margin      ledger.Money // zero or a whole multiple of Cooperative.Step
	DownPayment ledger.Money // zero or more, below Cost
	Instalments int          // 1 to MaxInstalments
	FirstDue    ledger.Date
	Method      Method
	Step        ledger.Money // the unit of instalments, above zero
	Options     Options
}

// Options are the terms that the optional columns of murabahah.csv add; the
// words are the library's own, and nothing stands for its default.
type Options struct {
	Promise       murabahah.Promise
	LaterDiscount murabahah.DiscountAgreement
	Ahead         murabahah.Ahead
	Basis         murabahah.Basis
	Settlement    murabahah.SettlementTerms
	MaxRevisions  int
	Supplier      string          // of goods that are in stock when they are ordered
	Rate          decimal.Decimal // of annuity_at_rate, a ratio a period; zero otherwise

	Kind           murabahah.PlanKind // empty: level
	Months, Days   int                // between instalments; neither means one month
	Grace          int
	Harvest        []int
	Rounding       ledger.Rounding // zero: half up
	RemainderFirst bool
	Final          ledger.Money
	Rows           []murabahah.Instalment // of a plan by hand

	Collateral ledger.Money // eligible against the allowance
}

// MurabahahEventName is what happens to a sale.
type MurabahahEventName string

// The events of murabahah_events.csv.
const (
	Order       MurabahahEventName = "order"
	DownPayment MurabahahEventName = "down_payment"
	Acquire     MurabahahEventName = "acquire"
	Sell        MurabahahEventName = "sell"
	Pay         MurabahahEventName = "pay"
	Settle      MurabahahEventName = "settle"
	Penalty     MurabahahEventName = "penalty"
	// Those of a life that goes otherwise.
	OrderDeposit  MurabahahEventName = "deposit"
	ReturnDeposit MurabahahEventName = "return_deposit"
	Cancel        MurabahahEventName = "cancel"  // amount: the actual loss, empty for none
	Entrust       MurabahahEventName = "entrust" // amount: placed with the agent
	Possess       MurabahahEventName = "possess"
	Cost          MurabahahEventName = "cost"
	Deliver       MurabahahEventName = "deliver"
	Fee           MurabahahEventName = "fee"
	Due           MurabahahEventName = "due"
	Discount      MurabahahEventName = "discount"
	Concession    MurabahahEventName = "concession"
	Release       MurabahahEventName = "release"
	Compensation  MurabahahEventName = "compensation"
	Reschedule    MurabahahEventName = "reschedule"
	Realise       MurabahahEventName = "realise"
	WriteOff      MurabahahEventName = "write_off"
	Recover       MurabahahEventName = "recover"
	ReturnGoods   MurabahahEventName = "return_goods"

	Stock            MurabahahEventName = "stock"
	Offer            MurabahahEventName = "offer" // cost, margin, down_payment, instalments, first_due: those that change
	Advance          MurabahahEventName = "advance"
	Impair           MurabahahEventName = "impair" // amount: what the goods are still worth
	Dispose          MurabahahEventName = "dispose"
	SupplierDiscount MurabahahEventName = "supplier_discount"
	PayDiscount      MurabahahEventName = "pay_discount" // without an account: to the fund, the buyer is not found
	PayRebate        MurabahahEventName = "pay_rebate"
	ApplyHeld        MurabahahEventName = "apply_held"
	ReturnHeld       MurabahahEventName = "return_held"
	StopAccrual      MurabahahEventName = "stop_accrual"
	ResumeAccrual    MurabahahEventName = "resume_accrual"
	Judge            MurabahahEventName = "judge" // without a class: taken back
	Ability          MurabahahEventName = "ability"
	TakeOver         MurabahahEventName = "take_over" // amount: the fair value; account: of foreclosed assets
	ConvertAkad      MurabahahEventName = "convert"   // amount: the market value; account: on which the object stands now
	ReverseLast      MurabahahEventName = "reverse"   // the contract's latest event; note: why
)

// MurabahahEvent is one line of murabahah_events.csv.
type MurabahahEvent struct {
	Place
	Date     ledger.Date // in the year
	Key      string
	Contract string
	Event    MurabahahEventName
	Amount   ledger.Money // above zero for events that state one; otherwise zero
	Account  string       // code of the cash account for events that move money through one; otherwise empty

	// Of the optional columns: what proves the event, its reason, who approved
	// it; and of a rescheduling the plan of the rest.
	Document, Note, Approver string
	Instalments              int
	FirstDue                 ledger.Date
	Particulars
}

// Particulars are what only some events of a murabahah say, in optional
// columns of the same names.
type Particulars struct {
	Revision                  murabahah.RevisionKind // reschedule; empty: rescheduling
	Cost, Margin, DownPayment ledger.Money           // offer
	HasMargin, HasDownPayment bool
	Supplier, SupplierMember  string // stock, acquire
	Open, Awaiting            bool   // acquire: costs or the goods are still to come
	Possession                string // stock: what proves it
	Cause                     murabahah.Cause
	Claim                     bool         // cancel: the loss beyond what was paid is claimed
	BuyersPart                ledger.Money // supplier_discount
	Rebate                    ledger.Money // settle, under DSN-MUI 23/2002
	Savings, Payer            string       // the savings account that pays, and whose it is; Account is its control account
	FromAllowance             bool         // release
	Class                     murabahah.Class
	Able                      bool
}

// EntryLine is one line of the opening or of a journal entry.
type EntryLine struct {
	Place
	Code   string
	Sub    string       // filled if and only if the account is a control account
	Memo   string       // empty in the opening
	Amount ledger.Money // debit positive, never zero
}

// JournalEntry is the contiguous lines of one key in journal.csv: two or more,
// sum zero. Its place is that of its first line.
type JournalEntry struct {
	Place
	Date  ledger.Date // in the year
	Key   string
	Memo  string // that of the first line
	Lines []EntryLine
}

// Chart returns the accounts as the book takes them.
func (f *Folder) Chart() ledger.Chart {
	chart := make(ledger.Chart, len(f.Accounts))
	for i, account := range f.Accounts {
		chart[i] = account.Account
	}
	return chart
}

// Step is one row of the year, or all rows of bulk.csv with one date and one
// counter account: exactly one of its fields besides the date is set.
type Step struct {
	Date    ledger.Date
	Savings *SavingsRow
	Bulk    []BulkRow
	Member  *MemberEvent
	Event   *MurabahahEvent
	Entry   *JournalEntry
}

// Steps returns all rows in the order in which the year runs: by date, within
// a day savings, lists of deposits, members, murabahah and journal, each in
// file order.
func (f *Folder) Steps() []Step {
	steps := make([]Step, 0, len(f.Savings)+len(f.Events)+len(f.Journal))
	for i := range f.Savings {
		steps = append(steps, Step{Date: f.Savings[i].Date, Savings: &f.Savings[i]})
	}
	for _, list := range f.lists() {
		steps = append(steps, Step{Date: list[0].Date, Bulk: list})
	}
	for i := range f.Membership {
		steps = append(steps, Step{Date: f.Membership[i].Date, Member: &f.Membership[i]})
	}
	for i := range f.Events {
		steps = append(steps, Step{Date: f.Events[i].Date, Event: &f.Events[i]})
	}
	for i := range f.Journal {
		steps = append(steps, Step{Date: f.Journal[i].Date, Entry: &f.Journal[i]})
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return a.Date.Cmp(b.Date) })
	return steps
}

// Place returns where the step's row stands.
func (s Step) Place() Place {
	switch {
	case s.Savings != nil:
		return s.Savings.Place
	case s.Bulk != nil:
		return s.Bulk[0].Place
	case s.Member != nil:
		return s.Member.Place
	case s.Event != nil:
		return s.Event.Place
	case s.Entry != nil:
		return s.Entry.Place
	}
	return Place{}
}
