package yearfolder

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

func (r *reader) readAccounts() {
	t := r.tables[accountsFile]
	r.accounts = newIndex[Account](t)
	for _, row := range t.rows {
		account := Account{Place: row.Place, Account: ledger.Account{
			Code:    readCell(row, "code", parseCode),
			Name:    readCell(row, "name", parseLine),
			NameEn:  readCell(row, "name_en", parseLineIfAny),
			Kind:    readCell(row, "kind", parseKind),
			Normal:  readCell(row, "normal", parseSide),
			Control: readCell(row, "sub", parseYesNo),
		}}
		r.accounts.define(row, "code", row.cell("code"), account)
		if !row.bad {
			r.folder.Accounts = append(r.folder.Accounts, account)
		}
	}
	if len(t.rows) > ledger.MaxChartAccounts {
		t.faultf(1, "%d accounts, more than %d", len(t.rows), ledger.MaxChartAccounts)
	}
}

// parseCode reads an account's code. Exports write a sub key behind it and a colon.
func parseCode(text string) (string, error) {
	if strings.Contains(text, ":") {
		return "", errors.New("has a colon")
	}
	code, err := parseName(text, ledger.MaxCode)
	if err == nil && strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", errors.New("has an invisible character")
	}
	return code, err
}

func parseKind(text string) (ledger.Kind, error) {
	kind, err := ledger.ParseKind(text)
	if err != nil || kind == ledger.Memorandum {
		return 0, errors.New("want asset, liability, syirkah, equity, income, expense, zakat or benevolent")
	}
	return kind, nil
}

func parseSide(text string) (ledger.Side, error) {
	side, err := ledger.ParseSide(text)
	if err != nil {
		return 0, errors.New("want debit or credit")
	}
	return side, nil
}

func parseYesNo(text string) (bool, error) {
	if text != "yes" && text != "no" {
		return false, errors.New("want yes or no")
	}
	return text == "yes", nil
}

// roleWants says what account each role needs, as the packages that post to it
// do. A penalty is never income, and what is owed or closed to must outlive the
// closing of income and expense.
func roleWants() map[RoleName]wanted {
	asset, liability := []ledger.Kind{ledger.Asset}, []ledger.Kind{ledger.Liability}
	goods := wanted{control: true, kinds: asset, side: ledger.DebitSide, what: "an asset account with sub keys whose normal side is debit"}
	return map[RoleName]wanted{
		MurabahahInventory:  goods,
		MurabahahReceivable: goods,
		MurabahahDeferredMargin: {control: true, kinds: asset, side: ledger.CreditSide,
			what: "an asset account with sub keys whose normal side is credit"},
		MurabahahDownPayment: {control: true, kinds: liability, side: ledger.CreditSide,
			what: "a liability account with sub keys whose normal side is credit"},
		MurabahahMarginIncome: {kinds: []ledger.Kind{ledger.Income}, side: ledger.CreditSide,
			what: "an income account without sub keys whose normal side is credit"},
		MurabahahDeposit: {control: true, kinds: liability, side: ledger.CreditSide,
			what: "a liability account with sub keys whose normal side is credit"},
		MurabahahAgent: goods,
		MurabahahDue:   goods,
		MurabahahHeld: {control: true, kinds: liability, side: ledger.CreditSide,
			what: "a liability account with sub keys whose normal side is credit"},
		MurabahahCostRecovery: {kinds: []ledger.Kind{ledger.Income, ledger.Expense}, what: "an income or expense account without sub keys"},
		MurabahahFeeIncome: {kinds: []ledger.Kind{ledger.Income}, side: ledger.CreditSide,
			what: "an income account without sub keys whose normal side is credit"},
		MurabahahConcession: {kinds: []ledger.Kind{ledger.Expense}, side: ledger.DebitSide,
			what: "an expense account without sub keys whose normal side is debit"},
		MurabahahAllowance: {kinds: asset, side: ledger.CreditSide,
			what: "an asset account without sub keys whose normal side is credit"},
		SavingsClaims: {control: true, kinds: liability, side: ledger.CreditSide,
			what: "a liability account with sub keys whose normal side is credit"},
		DistributionZakat: {kinds: []ledger.Kind{ledger.Zakat, ledger.Liability}, side: ledger.CreditSide,
			what: "a zakat or liability account without sub keys whose normal side is credit"},
		MurabahahDiscountOwed: {control: true, kinds: liability, side: ledger.CreditSide,
			what: "a liability account with sub keys whose normal side is credit"},
		MurabahahAdvance: {kinds: asset, side: ledger.DebitSide, what: "an asset account without sub keys whose normal side is debit"},
		MurabahahClaims:  {kinds: asset, side: ledger.DebitSide, what: "an asset account without sub keys whose normal side is debit"},
		MurabahahAccrued: {kinds: []ledger.Kind{ledger.Income}, side: ledger.CreditSide,
			what: "an income account without sub keys whose normal side is credit"},
		MurabahahOtherIncome: {kinds: []ledger.Kind{ledger.Income}, side: ledger.CreditSide,
			what: "an income account without sub keys whose normal side is credit"},
		MurabahahAllowanceBack: {kinds: []ledger.Kind{ledger.Income}, side: ledger.CreditSide,
			what: "an income account without sub keys whose normal side is credit"},
		MurabahahImpairment: {kinds: []ledger.Kind{ledger.Expense}, side: ledger.DebitSide,
			what: "an expense account without sub keys whose normal side is debit"},
		MurabahahAllowanceCost: {kinds: []ledger.Kind{ledger.Expense}, side: ledger.DebitSide,
			what: "an expense account without sub keys whose normal side is debit"},
		MurabahahUnclaimed: {kinds: []ledger.Kind{ledger.Benevolent, ledger.Liability}, side: ledger.CreditSide,
			what: "a benevolent or liability account without sub keys whose normal side is credit"},
		PenaltyCash: cash(),
		PenaltyFund: {kinds: []ledger.Kind{ledger.Benevolent, ledger.Liability}, side: ledger.CreditSide,
			what: "a benevolent or liability account without sub keys whose normal side is credit"},
		DistributionPayable: {control: true, kinds: []ledger.Kind{ledger.Liability, ledger.Syirkah},
			what: "a liability or syirkah account with sub keys"},
		DistributionTax: {kinds: liability, what: "a liability account without sub keys"},
		ClosingResult:   {kinds: []ledger.Kind{ledger.Equity}, what: "an equity account without sub keys"},
	}
}

// roleNames lists the roles in the order in which missing ones are reported.
func roleNames() []RoleName {
	return []RoleName{
		MurabahahInventory, MurabahahReceivable, MurabahahDeferredMargin, MurabahahDownPayment, MurabahahMarginIncome,
		PenaltyCash, PenaltyFund, DistributionPayable, DistributionTax, ClosingResult,
	}
}

// contractRoles lists the roles whose accounts have contracts as sub keys.
func contractRoles() []RoleName {
	return []RoleName{
		MurabahahInventory, MurabahahReceivable, MurabahahDeferredMargin, MurabahahDownPayment,
		MurabahahDeposit, MurabahahAgent, MurabahahDue, MurabahahHeld, MurabahahDiscountOwed,
	}
}

func (r *reader) readRoles() {
	t := r.tables[rolesFile]
	wants, lines, subsOf := roleWants(), map[RoleName]int{}, map[string]RoleName{}
	for _, row := range t.rows {
		name := RoleName(row.cell("role"))
		want, known := wants[name]
		if !known {
			row.faultf("role %s: unknown", quote(string(name)))
			continue
		}
		if line, twice := lines[name]; twice {
			row.faultf("role %s: stands in line %d already", quote(string(name)), line)
			continue
		}
		lines[name] = row.Line
		code := r.accountCode(row, "code", want)
		if want.control && code != "" && !row.bad {
			// What stands on a sub of it must be one thing alone.
			if other, twice := subsOf[code]; twice {
				row.faultf("code %s: plays the role %s already", quote(code), other)
			}
			subsOf[code] = name
		}
		if !row.bad {
			r.folder.Roles[name] = Role{Place: row.Place, Name: name, Code: code}
		}
	}
	for _, name := range roleNames() {
		if lines[name] == 0 && !t.mayHold(string(name)) {
			t.faultf(1, "role %s is missing", quote(string(name)))
		}
	}
	r.contractual = map[string]bool{}
	for _, name := range contractRoles() {
		if role, there := r.folder.Roles[name]; there {
			r.contractual[role.Code] = true
		}
	}
}

func (r *reader) readProducts() {
	t := r.tables[productsFile]
	r.products, r.controls = newIndex[Product](t), map[string]bool{}
	for _, row := range t.rows {
		product := Product{
			Place:      row.Place,
			Code:       row.name("code", ledger.MaxCode),
			Name:       row.text("name"),
			Akad:       readCell(row, "akad", parseAkad),
			Control:    r.savingsControl(row),
			MinOpening: row.amount("min_opening"),
			MinBalance: row.amount("min_balance"),
		}
		switch {
		case product.Akad.Shares():
			product.Nisbah = readCell(row, "nisbah", parseNisbah)
			product.ShareAccount = r.accountCode(row, "share_account", wanted{
				kinds: []ledger.Kind{ledger.Income, ledger.Expense}, what: "an income or expense account without sub keys",
			})
		case product.Akad != "":
			why := fmt.Sprintf("with akad %s, which shares no profit", product.Akad)
			row.empty("nisbah", why)
			row.empty("share_account", why)
		}
		if product.Control != "" {
			r.controls[product.Control] = true
		}
		r.products.define(row, "code", row.cell("code"), product)
		if !row.bad {
			r.folder.Products = append(r.folder.Products, product)
		}
	}
}

// savingsControl reads the account that holds a product's savings. Its subs
// are savings accounts, so it cannot hold contracts or shares as well.
func (r *reader) savingsControl(row *row) string {
	account, found := find(r.accounts, row, "control")
	if !found {
		return ""
	}
	if !account.Control || account.Normal != ledger.CreditSide {
		row.faultf("control %s: want an account with sub keys whose normal side is credit", quote(account.Code))
		return ""
	}
	for _, name := range slices.Concat(roleNames(), contractRoles()) {
		if r.folder.Roles[name].Code == account.Code {
			row.faultf("control %s: plays the role %s already", quote(account.Code), name)
			return ""
		}
	}
	return account.Code
}

func parseAkad(text string) (Akad, error) {
	akad := Akad(text)
	if !slices.Contains([]Akad{Pokok, Wajib, WajibKhusus, Wadiah, WadiahAmanah, Mudharabah, Berjangka, Penyertaan}, akad) {
		return "", errors.New("want pokok, wajib, wajib_khusus, wadiah, wadiah_amanah, mudharabah, mudharabah_berjangka or penyertaan")
	}
	return akad, nil
}

func parseNisbah(text string) (decimal.Decimal, error) {
	nisbah, err := parseRatio(text)
	if err != nil {
		return nisbah, fmt.Errorf("%w; want above 0 and at most 1", err)
	}
	if nisbah.IsZero() {
		return nisbah, errors.New("zero; want above 0 and at most 1")
	}
	return nisbah, nil
}

func (r *reader) readPool() {
	t := r.tables[poolFile]
	pool := newIndex[PoolAccount](t)
	for _, row := range t.rows {
		code := r.accountCode(row, "income_account", wanted{kinds: []ledger.Kind{ledger.Income}, what: "an income account without sub keys"})
		for _, product := range r.folder.Products {
			if code != "" && product.ShareAccount == code {
				row.faultf("income_account %s: is the share_account of product %s, which would cut what is shared", quote(code), quote(product.Code))
				break
			}
		}
		account := PoolAccount{Place: row.Place, Code: code}
		pool.define(row, "income_account", row.cell("income_account"), account)
		if !row.bad {
			r.folder.Pool = append(r.folder.Pool, account)
		}
	}
}

func (r *reader) readMembers() {
	t := r.tables[membersFile]
	r.members = newIndex[Member](t)
	for _, row := range t.rows {
		member := Member{
			Place:      row.Place,
			ID:         row.name("id", ledger.MaxSub),
			Name:       row.text("name"),
			Joined:     row.date("joined"),
			Candidate:  ifAny(row, "standing", parseStanding) == ledger.Candidate,
			ApprovedBy: row.remark("approved_by"),
		}
		r.members.define(row, "id", row.cell("id"), member)
		if !row.bad {
			r.folder.Members = append(r.folder.Members, member)
		}
	}
}
