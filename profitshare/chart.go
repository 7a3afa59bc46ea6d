package profitshare

import (
	_ "embed" // of the chart's file
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// extraCSV has the accounts that some plans need beside [ledger.StandardChart],
// in the columns of its file.
//
//go:embed extra_chart.csv
var extraCSV string

// ExtraAccounts are the accounts that a plan with reserves, gifts or losses needs
// and [ledger.StandardChart] has not: PER, IRR, the expense of a hibah, losses that
// fund owners bear and those by the manager's fault. Append them to the chart where
// a plan names them; a book that has begun takes them by Tx.AddAccount. The codes
// are a proposal, like the chart's. Each call returns a fresh copy.
func ExtraAccounts() ledger.Chart {
	chart, err := ledger.ReadChart(strings.NewReader(extraCSV))
	if err != nil {
		panic("profitshare: the accounts that come with the package are broken: " + err.Error())
	}
	return chart
}

// ExtraChartCSV returns the file of [ExtraAccounts], a fresh copy, for its further
// columns: the statement lines that the accounts belong to.
func ExtraChartCSV() []byte { return []byte(extraCSV) }
