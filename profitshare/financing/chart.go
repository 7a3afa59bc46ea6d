package financing

import (
	_ "embed" // of the chart's file
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// extraCSV has the accounts that financing needs beside [ledger.StandardChart],
// in the columns of its file.
//
//go:embed extra_chart.csv
var extraCSV string

// ExtraAccounts are the accounts that financing needs and [ledger.StandardChart]
// has not: matured capital, fault, deferred gain, gains and losses of handing over
// and of the end, and an allowance with a sub for each contract. A chart that
// offers financing is the standard one with these appended; a book that has begun
// takes them by Tx.AddAccount. The codes are a proposal, like the chart's. Each
// call returns a fresh copy.
func ExtraAccounts() ledger.Chart {
	chart, err := ledger.ReadChart(strings.NewReader(extraCSV))
	if err != nil {
		panic("financing: the accounts that come with the package are broken: " + err.Error())
	}
	return chart
}

// ExtraChartCSV returns the file of [ExtraAccounts], a fresh copy, for its further
// columns: the statement lines that the accounts belong to.
func ExtraChartCSV() []byte { return []byte(extraCSV) }

// StandardAccounts are the accounts of [ledger.StandardChart] and [ExtraAccounts]
// in their roles.
func StandardAccounts() Accounts {
	return Accounts{
		Mudharabah: "11201", Musyarakah: "11202", Declining: "11203",
		ShareDue: "11113", Matured: "11116", Fault: "11117", Allowance: "11304", Deferred: "20604",
		MudharabahIncome: "50106", MusyarakahIncome: "50107",
		HandoverGain: "50507", HandoverLoss: "60704", Loss: "60501", Wear: "60404", Recovery: "50502", Gain: "50506",
		Commitment: "99102", CommitmentContra: "99199",
	}
}
