package profitshare_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// What is stored does not depend on process-wide settings of the decimal
// package: the same month gives the same history, and its check stays silent.
func TestStoredFormIgnoresSettingsOfOthers(t *testing.T) {
	heads := make([]ledger.Digest, 0, 2)
	for _, bare := range []bool{false, true} {
		t.Cleanup(func() { decimal.MarshalJSONWithoutQuotes = false })
		decimal.MarshalJSONWithoutQuotes = bare
		b := newRunBook(t)
		desk := monthOfApril(b)
		april := month(t, "2026-04")
		_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
		require.NoError(t, err)
		_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
		require.NoError(t, err)
		decimal.MarshalJSONWithoutQuotes = !bare
		require.Empty(t, b.findings())
		head, err := b.Head(ctx)
		require.NoError(t, err)
		heads = append(heads, head.Digest)
	}
	require.Equal(t, heads[0], heads[1])
}

// Every field of a plan's settings comes back as it was stored.
func TestStoredFormComesBack(t *testing.T) {
	product := profitshare.Product{Code: "A", Control: "30101", ShareAccount: "50901", Nisbah: decimal.New(4, -1), Weight: decimal.New(125, -2)}
	split := profitshare.Splitting{Policy: profitshare.ProRata, Financing: []string{"11101"}, Own: []string{"40101"}, Weight: decimal.New(95, -2)}
	weighed := profitshare.Product{Code: "B", Control: "30204", ShareAccount: "50902", Tiering: profitshare.ByBand,
		Tiers: []profitshare.Tier{{Nisbah: decimal.New(4, -1)}}, Minimum: rp(5), Weighing: profitshare.Weighing{Measure: profitshare.MonthEnd, DayRule: profitshare.SkipOpening}}
	requireBack(t, weighed, `{"code":"B","control":"30204","share_account":"50902","nisbah":"0","weight":"0","tiering":"by_band",
		"tiers":[{"from":0,"nisbah":"0.4","weight":"0"}],"minimum":500,"weighing":{"measure":"month_end","day_rule":"skip_opening"}}`)
	rule := profitshare.PP15()
	requireBack(t, product, `{"code":"A","control":"30101","share_account":"50901","nisbah":"0.4","weight":"1.25"}`)
	requireBack(t, split, `{"policy":"pro_rata","financing":["11101"],"own":["40101"],"weight":"0.95"}`)
	requireBack(t, rule, `{"from":"2009-01-01","threshold":24000000,"rate":"0.1","rounding":"`+textOf(t, rule.Rounding)+`","step":100,"source":"PP 15/2009 art. 2, PMK 112/PMK.03/2010"}`)
}

func requireBack[T any](t *testing.T, value T, want string) {
	t.Helper()
	stored, err := json.Marshal(value)
	require.NoError(t, err)
	require.JSONEq(t, want, string(stored))
	var back T
	require.NoError(t, json.Unmarshal(stored, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, string(stored), string(again))
}

func textOf(t *testing.T, r ledger.Rounding) string {
	t.Helper()
	text, err := r.MarshalText()
	require.NoError(t, err)
	return string(text)
}
