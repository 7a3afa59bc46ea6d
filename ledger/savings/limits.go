package savings

import "github.com/mizan-coop/mizan/ledger"

// Named limits. What goes beyond one is refused with a typed error.
const (
	// MaxAccount is the longest id of a savings account, in bytes. A run writes
	// under keys made of its own key, the account's id and a day: behind an id of
	// this length there is room for [MaxRunKey], or an account could never mature.
	MaxAccount = 60
	// MaxRunKey is the longest key of a run over all accounts, such as a day's
	// end, that fits before every account's id, in bytes.
	MaxRunKey = ledger.MaxKey - len("/") - MaxAccount - len("/block/2006-01-02")
	// MaxPassbookLines is the most lines of one passbook page.
	MaxPassbookLines = 1000
	// MaxInstalments is the most instalments of a claim.
	MaxInstalments = 120
	// MaxSetOffs is the most obligations set off in one settlement.
	MaxSetOffs = 100
	// MaxBulkLines is the most lines of one bulk deposit.
	MaxBulkLines = 20_000
	// MaxBulkBytes is the longest file that [ReadBulk] takes, in bytes.
	MaxBulkBytes = 8 << 20

	maxPassbookPages   = 1000 // of one printed passbook
	maxDormantMonths   = 1200 // months without an own movement that a product may ask for
	maxDocuments       = 100  // references that one command may name
	maxDuesEvery       = 12   // months of one period of dues
	maxCandidateMonths = 120  // months that a candidacy may last
	maxDuesMonths      = 2400 // months of dues that are reckoned for one account
)
