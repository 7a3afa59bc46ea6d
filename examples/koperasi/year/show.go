package year

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/profitshare"
)

// maxShown is the most accounts that the printed table of profit shares lists
// one by one; the files have them all.
const maxShown = 20

// statement reads one report from the books.
type statement func(*Year, *ledger.Tx) (report.Report, error)

// shown are the statements that are printed.
var shown = []statement{(*Year).position, (*Year).income, (*Year).topShares, (*Year).passbook, (*Year).card}

// written are the statements in the out folder's files for people.
var written = []statement{
	(*Year).position, (*Year).income, (*Year).trial, (*Year).zakat, (*Year).benevolent,
	(*Year).allShares, (*Year).passbook, (*Year).card,
}

// reports reads statements from one state of the books.
func (y *Year) reports(tx *ledger.Tx, statements []statement) ([]report.Report, error) {
	var all []report.Report
	for _, read := range statements {
		made, err := read(y, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return all, nil
}

// Statements reads the statements that are printed from one state of the books.
func (y *Year) Statements(ctx context.Context) (reports []report.Report, err error) {
	err = y.book.View(ctx, func(tx *ledger.Tx) error {
		reports, err = y.reports(tx, shown)
		return err
	})
	return reports, err
}

// Print writes reports as text, one below the other.
func Print(w io.Writer, language report.Language, reports []report.Report) error {
	for i, r := range reports {
		if i > 0 {
			if _, err := fmt.Fprintf(w, "\n%s\n\n", strings.Repeat("=", 78)); err != nil {
				return err
			}
		}
		if err := r.Text(w, language); err != nil {
			return err
		}
	}
	return nil
}

// statementsText is statements.txt.
func statementsText(y *Year, tx *ledger.Tx, w io.Writer) error {
	reports, err := y.reports(tx, written)
	if err != nil {
		return err
	}
	return Print(w, report.Indonesian, reports)
}

// statementsPage is statements.html.
func statementsPage(y *Year, tx *ledger.Tx, w io.Writer) error {
	reports, err := y.reports(tx, written)
	if err != nil {
		return err
	}
	return report.HTML(w, report.Indonesian, reports...)
}

// allShares is the table of profit shares of the month in which members got most.
func (y *Year) allShares(tx *ledger.Tx) (report.Report, error) { return y.shareTable(tx, false) }

// topShares is the same with the largest shares only, the others in one row.
func (y *Year) topShares(tx *ledger.Tx) (report.Report, error) { return y.shareTable(tx, true) }

func (y *Year) shareTable(tx *ledger.Tx, short bool) (report.Report, error) {
	var best profitshare.Run
	for run, err := range profitshare.Runs(tx, "") {
		if err != nil {
			return report.Report{}, err
		}
		if best.Members.Less(run.Members) {
			best = run
		}
	}
	if best.Members.IsZero() {
		return y.nothing(report.Label{ID: "DAFTAR BAGI HASIL", EN: "PROFIT SHARES"},
			report.Label{ID: "Tidak ada bagi hasil pada tahun ini.", EN: "No profit was shared in this year."}), nil
	}
	rows, err := y.shares.RowsTx(tx, best.Month)
	if err != nil {
		return report.Report{}, err
	}
	made := report.ShareTable{Entity: y.entity(), Month: best.Month, Currency: tx.Currency()}
	for _, row := range rows {
		made.Rows = append(made.Rows, report.Share{
			Account: row.Account, Member: row.Member, Name: y.names[row.Member], Product: row.Product,
			BalanceDays: row.Days, Gross: row.Gross, Tax: row.Tax.Add(row.CatchUp), Zakat: row.Zakat, Net: row.Net,
		})
	}
	if short {
		made.Rows = largest(made.Rows)
	}
	return made.Report()
}

// largest leaves the largest shares, by account, and adds the others up into
// one row that says how many they are.
func largest(shares []report.Share) []report.Share {
	if len(shares) <= maxShown {
		return shares
	}
	bySize := slices.Clone(shares)
	slices.SortStableFunc(bySize, func(a, b report.Share) int { return b.Gross.Cmp(a.Gross) })
	others := report.Share{Account: fmt.Sprintf("+ %d", len(shares)-maxShown)}
	for _, s := range bySize[maxShown:] {
		others.BalanceDays = others.BalanceDays.Add(s.BalanceDays)
		others.Gross, others.Tax, others.Net = others.Gross.Add(s.Gross), others.Tax.Add(s.Tax), others.Net.Add(s.Net)
		others.Zakat = others.Zakat.Add(s.Zakat)
	}
	top := bySize[:maxShown]
	slices.SortFunc(top, func(a, b report.Share) int { return strings.Compare(a.Account, b.Account) })
	return append(top, others)
}
