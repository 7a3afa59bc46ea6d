package year

import (
	"io"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// journal is every entry of the year, for hledger.
func journal(_ *Year, tx *ledger.Tx, w io.Writer) error { return interchange.ExportHledger(w, tx) }
