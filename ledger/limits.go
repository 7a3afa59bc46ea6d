package ledger

// Named limits. What goes beyond one is refused with a typed error that names
// it; each is tested at the limit and one beyond.
const (
	// MaxLines is the most lines one entry may have: a month's distribution to
	// more than a million members still fits one entry.
	MaxLines = 2_000_000
	// MaxKey is the longest key of a command, in bytes.
	MaxKey = 120
	// MaxCode is the longest account code, in bytes.
	MaxCode = 40
	// MaxSub is the longest sub key, in bytes.
	MaxSub = 120
	// MaxText is the longest memo, reason, document reference, person or name, in bytes.
	MaxText = 1000
	// MaxData is the largest state or event document of a record, in bytes.
	MaxData = 1 << 20
	// MaxDecimalText is the longest text that is read as a number, in bytes, and
	// the most digits a decimal may have that is turned into money.
	MaxDecimalText = 64
	// MaxChartAccounts is the most accounts a chart may have.
	MaxChartAccounts = 100_000
	// MaxChartText is the longest file that is read as a chart, in bytes.
	MaxChartText = 32 << 20
	// MinYear and MaxYear bound every date.
	MinYear = 1900
	MaxYear = 9999
)
