package financing_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// The standard chart with what the two packages add is a chart; the standard
// accounts play their roles on it through a whole life; and every account stands
// in a line of the statements, so that the position can be drawn up in between.
func TestStandardAccounts(t *testing.T) {
	chart := append(append(ledger.StandardChart(), financing.ExtraAccounts()...), profitshare.ExtraAccounts()...)
	require.NoError(t, chart.Validate(), "no code twice")
	clock := fixedClock()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: clock, Chart: chart})
	require.NoError(t, err)
	accounts := financing.StandardAccounts()
	desk := financing.NewDesk(book, accounts, financing.PSAK405())
	places := report.StandardPlaces()
	for _, file := range [][]byte{financing.ExtraChartCSV(), profitshare.ExtraChartCSV()} {
		more, err := report.ReadPlaces(bytes.NewReader(file), "statement_line")
		require.NoError(t, err)
		for line, codes := range more {
			require.Contains(t, places, line, "a line that the statements have")
			places[line] = append(places[line], codes...)
		}
	}
	drawUp := func() {
		t.Helper()
		for finding, err := range book.Check(ctx, financing.Checks(accounts)...) {
			require.NoError(t, err)
			t.Error(finding)
		}
		for period, layout := range map[report.Period]report.Layout{
			report.At(ledger.Latest()):                      report.PositionPSAK401(places),
			report.During(on(2026, 1, 1), on(2027, 12, 31)): report.IncomePSAK401(places),
		} {
			require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
				_, err := report.Statement(tx, report.Request{Entity: "KSPPS Melati", Layout: layout,
					Periods: []report.Period{period}})
				return err
			}))
		}
	}
	agreed := terms(financing.Musyarakah)
	day := on(2026, 3, 5)
	does(t, desk, commit(agreed), disburse(start, 40_000_000), handOver(start, 36_000_000, 24_000_000), handOver(start, 2_000_000, 3_000_000),
		results(time.January, 10_000_000, 2_000_000, 500_000), results(time.February, 0, 6_000_000, 0), amortise(day), wear(day, 500_000), blame(day, 2_000_000, 1_000_000, 0))
	drawUp()
	does(t, desk, end(on(2027, 1, 5), 75_000_000, 50_000_000))
	drawUp()
	for _, code := range []string{accounts.Matured, accounts.Fault, accounts.HandoverGain, accounts.HandoverLoss, accounts.Wear, accounts.Gain} {
		require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
			balance, err := tx.Balance(code, "", ledger.Latest())
			require.NoError(t, err)
			require.False(t, balance.IsZero(), "account %s was used", code)
			return nil
		}))
	}
}
