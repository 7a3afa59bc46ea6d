package financing_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// publishedCase is one worked example of testdata/cases.json, with the place it
// was published. Expected.Values are right; Expected.Published is what the
// source prints.
type publishedCase struct {
	ID       string
	Source   string
	Kind     string
	Verified string
	Note     string
	Inputs   json.RawMessage
	Expected struct {
		Values    json.RawMessage
		Published json.RawMessage
	}
}

// journal is an entry of a case: names of accounts with amounts.
type journal struct {
	Event  string
	Date   string
	Off    bool `json:"off_balance"`
	Dr, Cr []leg
}

type leg struct {
	account string
	amount  int64
}

func (l *leg) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&l.account, &l.amount})
}

// named are the accounts that the cases name.
var named = map[string]string{
	"Kas": "10102", "Kas / Rekening Mudharib": "10102", "Investasi Mudharabah": "11201/PMB-1",
	"Piutang Bagi Hasil": "11113/PMB-1", "Pendapatan Bagi Hasil Mudharabah": "50106",
	"Kontra Komitmen Investasi Mudharabah": "99102/PMB-1", "Kewajiban Komitmen Investasi Mudharabah": "99199",
}

// lines returns a case's entry as the book writes it.
func (j journal) lines(t *testing.T) (written []string) {
	t.Helper()
	for side, legs := range map[string][]leg{"Dr": j.Dr, "Cr": j.Cr} {
		for _, l := range legs {
			code, known := named[l.account]
			require.True(t, known, l.account)
			written = append(written, fmt.Sprintf("%s %s %s", side, code, ledger.IDR.FormatLocal(rp(l.amount))))
		}
	}
	return written
}

func read[T any](t *testing.T, raw json.RawMessage) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

// figures reads an object's whole numbers as rupiah and its texts as ratios.
func figures(t *testing.T, raw json.RawMessage) (amounts map[string]ledger.Money, ratios map[string]decimal.Decimal) {
	t.Helper()
	amounts, ratios = map[string]ledger.Money{}, map[string]decimal.Decimal{}
	for name, value := range read[map[string]json.RawMessage](t, raw) {
		var whole int64
		var text string
		if json.Unmarshal(value, &whole) == nil {
			amounts[name] = rp(whole)
		} else if json.Unmarshal(value, &text) == nil {
			ratios[name] = ratio(text)
		}
	}
	return amounts, ratios
}

func TestPublishedCases(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	runners := map[string]func(*testing.T, publishedCase){
		"FI-02": runShareInCash, "FI-03": runCommitment, "RIA-01": runRestricted, "CS-01": runSplit, "TT-01": runTwoTier,
	}
	cases := read[[]publishedCase](t, data)
	require.Len(t, cases, len(runners))
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Logf("%s, %s: %s", c.Verified, c.Source, c.Note)
			runners[c.ID](t, c)
		})
	}
}

func byNisbah(nisbah decimal.Decimal) financing.Venture {
	return financing.Venture{Form: financing.Mudharabah, Nisbah: nisbah, Rounding: ledger.RoundHalfUp, Step: rp(1)}
}

func runSplit(t *testing.T, c publishedCase) {
	in, ratios := figures(t, c.Inputs)
	want, _ := figures(t, c.Expected.Values)
	d, err := byNisbah(ratios["nisbah_owner"]).Split(in["profit"])
	require.NoError(t, err)
	require.Equal(t, want["owner"], d.Owner)
	require.Equal(t, want["manager"], d.Partner)
}

// RIA-01 is money channelled to one project: the division is the business's and
// the investor's, and nothing of it is the cooperative's.
func runRestricted(t *testing.T, c publishedCase) {
	in, ratios := figures(t, c.Inputs)
	want, _ := figures(t, c.Expected.Values)
	d, err := byNisbah(ratios["nisbah_investor"]).Split(in["revenue"])
	require.NoError(t, err)
	require.Equal(t, want["investor_share"], d.Owner)
	require.Equal(t, want["business_share"], d.Partner)
}

func runTwoTier(t *testing.T, c publishedCase) {
	in, ratios := figures(t, c.Inputs)
	want, _ := figures(t, c.Expected.Values)
	nisbah := ratios["owner_nisbah_both_tiers"]
	profit := in["sale"].Sub(in["funds"])
	require.Equal(t, want["profit"], profit)
	tiers, err := financing.TwoTier{Financing: byNisbah(nisbah), Depositors: nisbah}.Split(profit)
	require.NoError(t, err)
	require.Equal(t, financing.Tiers{
		Enterprise: want["enterprise"], Received: want["bank_received"], Depositors: want["depositors"], Kept: want["bank_keeps"],
	}, tiers)
}

// FI-02 prints cash debited twice for one share: once against income, once
// against the receivable. Here the report makes the receivable and the income,
// and cash comes in once: a second receipt is refused. The nisbah of 25:75,
// which the source worked out backwards from a wished return, is only an input.
func runShareInCash(t *testing.T, c publishedCase) {
	in := read[struct {
		Principal int64
		Shares    []struct {
			Month  int
			Amount int64
		} `json:"owner_shares"`
		Each       int64
		Repayments int `json:"principal_repayments"`
		Nisbah     string
	}](t, c.Inputs)
	want := read[struct {
		Entries []journal `json:"correct_month3"`
	}](t, c.Expected.Values).Entries
	_, ratios := figures(t, c.Inputs)

	_, desk := newDesk(t)
	agreed := mudharabah()
	agreed.Capital, agreed.Nisbah, agreed.Return = rp(in.Principal), ratios["nisbah_owner"], financing.InStages
	does(t, desk, commit(agreed), disburse(start, in.Principal))
	var cashIn ledger.Money
	for _, s := range in.Shares {
		month := time.Month(s.Month)
		reported := does(t, desk, results(month, 4*s.Amount, 0, 0)) // of which 25% is the share
		day := reported.Event.Date
		received := does(t, desk, collect(day, financing.ClaimShare, s.Amount))
		cashIn = cashIn.Add(received.Event.Cash)
		if s.Month == 3 {
			require.ElementsMatch(t, want[0].lines(t), lines(reported.Posted), want[0].Event)
			require.ElementsMatch(t, want[1].lines(t), lines(received.Posted), want[1].Event)
		}
		_, err := collect(day, financing.ClaimShare, s.Amount).desk(desk, "again")
		require.ErrorIs(t, err, financing.ErrAbove, "the published entries take the cash twice")
	}
	require.Equal(t, rp(1_750_000), cashIn)
	for i := range in.Repayments {
		does(t, desk, repay(on(2026, time.Month(4+i), 5), in.Each))
	}
	over := does(t, desk, end(ends, 0, 0))
	require.Equal(t, financing.Closed, over.Contract.State)
	require.Equal(t, rp(1_750_000), over.Contract.Position.Income)
}

// FI-03 is a commitment of a real BMT, kept outside the balance sheet from
// approval to payment; only its first entry is printed.
func runCommitment(t *testing.T, c publishedCase) {
	in := read[struct{ Commitment int64 }](t, c.Inputs)
	want := read[struct{ Journals []journal }](t, c.Expected.Values).Journals
	require.Len(t, want, 3)
	_, desk := newDesk(t)
	agreed := mudharabah()
	agreed.Capital = rp(in.Commitment)
	approved := does(t, desk, commit(agreed))
	require.ElementsMatch(t, want[0].lines(t), lines(approved.Posted))
	require.Equal(t, want[0].Date, approved.Event.Date.String()[5:])
	paid := does(t, desk, disburse(on(2026, 1, 10), in.Commitment))
	require.Equal(t, want[1].Date, paid.Event.Date.String()[5:])
	require.ElementsMatch(t, append(want[1].lines(t), want[2].lines(t)...), lines(paid.Posted), "payment and memorandum in one entry")
}
