package murabahah

import "github.com/mizan-coop/mizan/ledger/contract"

// Named limits. What goes beyond one is refused with a [*Refusal] that names it.
const (
	// MaxInstalments is the most rows a plan may have: a hundred years of months.
	MaxInstalments = 1200
	// MaxPeriods is the longest distance between two rows: 120 months or 120 days.
	MaxPeriods = 120
	// MaxRatePlaces is the most decimals a stated rate may have.
	MaxRatePlaces = 18
	// MaxStatedRate is the largest stated rate, as a ratio a period: 10 is 1000 %.
	MaxStatedRate = 10
	// MaxPage is the most contracts that one page of [Desk.Contracts] lists.
	MaxPage = contract.MaxPage
)
