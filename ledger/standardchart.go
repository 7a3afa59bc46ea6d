package ledger

import (
	_ "embed"
	"fmt"
	"strings"
)

// standardCSV is the chart as a bookkeeper keeps it. Beside the columns of
// [ReadChart] it has contra, and the places of each account in two layouts:
// statement_line of the statements, juknis15_line of the supervisor's worksheet.
//
//go:embed standard_chart.csv
var standardCSV string

// StandardChart returns a chart of accounts for a sharia savings and financing
// cooperative (KSPPS, USPPS), merged from charts in use: five digits for class,
// group and account, class 3 for dana syirkah temporer, 8 and 9 for the zakat
// and benevolent funds, 991 for memorandum accounts. It is a proposal to start
// from, unconfirmed by any authority: each call returns a fresh copy that
// the caller may change.
func StandardChart() Chart { return mustChart(standardCSV) }

// StandardChartCSV returns the file of [StandardChart], a fresh copy, for its
// further columns: the lines of the statements its accounts belong to.
func StandardChartCSV() []byte { return []byte(standardCSV) }

// mustChart panics if text is no chart: the embedded file would be broken.
func mustChart(text string) Chart {
	chart, err := ReadChart(strings.NewReader(text))
	if err != nil {
		panic(fmt.Sprintf("ledger: the standard chart is broken: %v", err))
	}
	return chart
}
