package report

import (
	"bytes"
	"embed"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// layouts holds the layouts that come with the package, in the form of [ReadLayout].
//
//go:embed layouts/*.csv
var layouts embed.FS

// PositionByKind is the statement of financial position for any chart: every
// account in a row of its own under its kind. Temporary syirkah funds are a
// block between liabilities and equity, the zakat and benevolent funds stand
// inside the liabilities in lines of their own. What income and expense
// accounts still carry is the current year's SHU, in a row of its own until it
// is closed into equity.
//
// Its keys: assets, liabilities (without the funds), zakat_fund,
// benevolent_fund, liabilities_and_funds, syirkah, equity_accounts (one row an
// account), unclosed_shu, equity, sources.
func PositionByKind() Layout { return mustLayout("position_by_kind", nil) }

// IncomeByKind is the income statement (perhitungan hasil usaha) for any
// chart: income by account, less the fund owners' share, less expenses by
// account. ownersShare are the codes of the accounts that carry hak pihak
// ketiga atas bagi hasil: income accounts that stand on the debit side, or
// expense accounts where a chart has them there.
//
// Its keys: income, owners_share, net_income (after the owners' share),
// expense, shu. Deductions are negative.
func IncomeByKind(ownersShare ...string) Layout {
	var codes []Codes
	for _, code := range ownersShare {
		codes = append(codes, Code(code))
	}
	return mustLayout("income_by_kind", Places{"owners_share": codes})
}

// PositionPSAK401 is the statement of financial position in the order of PSAK
// 401 (formerly 101) as commonly presented by cooperatives. The order and the
// names of its lines are unconfirmed against the annex in force: it is a
// default to edit. places are the chart's statement lines; see [ReadPlaces]
// and [StandardPlaces]. Its totals have the keys of [PositionByKind].
func PositionPSAK401(places Places) Layout { return mustLayout("position_psak401", places) }

// IncomePSAK401 is the income statement in the PSAK form: income from managing
// funds, less the fund owners' share of it, plus other operating income, less
// expenses, zakat and tax. Like [PositionPSAK401] it is unconfirmed.
//
// Its keys: fund_income, owners_share, own_share, other_income,
// operating_expense, cooperative_expense, operating_shu, non_operating,
// before_zakat_and_tax, zakat, tax, shu.
func IncomePSAK401(places Places) Layout { return mustLayout("income_psak401", places) }

// ZakatFund is the statement of sources and distribution of the zakat fund for
// any chart: plain accounts of the kind are sources, contra accounts
// distributions (PSAK 401, formerly PSAK 101 paragraphs 71 to 74).
//
// Its keys: sources, uses, change, opening, closing.
func ZakatFund() Layout { return mustLayout("zakat", nil) }

// BenevolentFund is the statement of sources and uses of the benevolent fund
// (dana kebajikan) for any chart (PSAK 401, formerly PSAK 101 paragraph 75).
// Its keys are those of [ZakatFund].
func BenevolentFund() Layout { return mustLayout("benevolent", nil) }

// StandardPlaces are the statement lines of [ledger.StandardChart].
func StandardPlaces() Places {
	places, err := ReadPlaces(bytes.NewReader(ledger.StandardChartCSV()), "statement_line")
	if err != nil {
		panic(fmt.Sprintf("report: the standard chart's lines are broken: %v", err))
	}
	return places
}

// mustLayout panics only if a file that comes with the package is broken:
// places can make no layout faulty.
func mustLayout(name string, places Places) Layout {
	file, err := layouts.ReadFile("layouts/" + name + ".csv")
	if err == nil {
		var layout Layout
		if layout, err = ReadLayout(bytes.NewReader(file), places); err == nil {
			return layout
		}
	}
	panic(fmt.Sprintf("report: the layout %s is broken: %v", name, err))
}
