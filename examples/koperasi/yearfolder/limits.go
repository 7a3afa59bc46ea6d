package yearfolder

// Named limits. What goes beyond one is a fault that names it. The lengths of
// codes, keys and texts are those of the book (ledger.MaxCode and its like).
const (
	// MaxFileSize is the largest file that is read, in bytes.
	MaxFileSize = 256 << 20
	// MaxMonths is the most months a folder may run.
	MaxMonths = 120
	// MaxInstalments is the most instalments of a sale: a hundred years of months.
	MaxInstalments = 1200
)
