package yearfolder

// form is what a file of the folder must look like. A later version of the
// folder adds optional columns and files here, and older folders stay valid.
type form struct {
	file     string
	optional bool
	columns  []column
}

type column struct {
	name     string
	optional bool // an absent column reads as empty cells
	money    bool // two spellings of one amount are the same content
}

// Files returns the names of the files of a year folder, in the order in
// which they are checked and reported.
func Files() []string {
	var names []string
	for _, f := range forms() {
		names = append(names, f.file)
	}
	return names
}

const (
	cooperativeFile = "cooperative.csv"
	accountsFile    = "accounts.csv"
	rolesFile       = "roles.csv"
	productsFile    = "products.csv"
	poolFile        = "pool.csv"
	termsFile       = "product_terms.csv"
	membersFile     = "members.csv"
	openingFile     = "opening.csv"
	savingsFile     = "savings.csv"
	bulkFile        = "bulk.csv"
	membershipFile  = "member_events.csv"
	contractsFile   = "murabahah.csv"
	instalmentsFile = "murabahah_instalments.csv" // of plans by hand
	eventsFile      = "murabahah_events.csv"
	journalFile     = "journal.csv"

	collectibilityFile = "collectibility.csv" // classes and allowances
)

func forms() []form {
	return []form{
		{file: cooperativeFile, columns: columns("key", "value")},
		{file: accountsFile, columns: columns("code", "name", "name_en", "kind", "normal", "sub")},
		{file: rolesFile, columns: columns("role", "code")},
		{file: productsFile, columns: columns("code", "name", "akad", "control", "nisbah", "min_opening", "min_balance", "share_account")},
		{file: poolFile, columns: columns("income_account")},
		{file: termsFile, optional: true, columns: append(columns("product", "from"), optional(termColumns()...)...)},
		{file: membersFile, columns: append(columns("id", "name", "joined"), optional("standing", "approved_by")...)},
		{file: openingFile, columns: columns("code", "sub", "debit", "credit")},
		{file: savingsFile, columns: append(columns("date", "key", "event", "account", "member", "product", "amount", "counter", "pay_to", "memo"),
			optional(furtherColumns()...)...)},
		{file: bulkFile, optional: true, columns: append(columns("date", "key", "member", "product", "amount", "counter"), optional("account", "note")...)},
		{file: membershipFile, optional: true, columns: append(columns("date", "key", "event", "member"),
			optional("reason", "document", "by", "known", "amount", "account", "payee", "from", "waived", "of")...)},
		{file: contractsFile, columns: append(columns("contract", "member", "goods", "cost", "margin", "down_payment", "instalments", "first_due", "method", "step"),
			optional("kind", "months", "days", "grace", "harvest", "rounding", "remainder", "final", "rate", "basis", "promise", "ahead", "later_discount",
				"rebate_rule", "rebate_elapsed", "rebate_after", "max_revisions", "supplier", "collateral")...)},
		{file: instalmentsFile, optional: true, columns: columns("contract", "due", "amount")},
		{file: eventsFile, columns: append(columns("date", "key", "contract", "event", "amount", "account"),
			optional(append([]string{"document", "note", "approver"}, particulars()...)...)...)},
		{file: journalFile, columns: columns("date", "key", "memo", "code", "sub", "debit", "credit")},
		{file: collectibilityFile, optional: true, columns: columns("class", "short", "long", "days", "rate", "deduct_collateral")},
	}
}

// optional returns columns that a folder may leave out.
func optional(names ...string) []column {
	all := columns(names...)
	for i := range all {
		all[i].optional = true
	}
	return all
}

// columns returns required columns.
func columns(names ...string) []column {
	var all []column
	for _, name := range names {
		all = append(all, column{name: name, money: name == "amount" || name == "debit" || name == "credit"})
	}
	return all
}
