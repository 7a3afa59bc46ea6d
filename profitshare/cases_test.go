package profitshare_test

import (
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// publishedCase is one worked example of testdata/profitshare.json, with the
// place it was published. Expected.Values are right; Expected.Published is what
// the source prints, which in the cases marked "wrong" is not.
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

// elsewhere lists the cases that another package computes, with its folder: they
// stand in its own testdata/cases.json.
var elsewhere = map[string]string{
	"FI-02": "financing", "FI-03": "financing",
	"SU-01": "shu", "SU-03": "shu", "SU-04": "shu", "SU-05": "shu", "SU-06": "shu", "SU-07": "shu", "SU-09": "shu",
	"SU-11": "shu", "SU-12": "shu", "SU-13": "shu", "SA-01": "shu", "SA-03": "shu",
}

// runners says how each covered case is computed. A case that is neither here
// nor in notCovered fails the test.
var runners = map[string]func(*testing.T, publishedCase){
	"HI-01": runSplit, "HI-02": runPrintedHI,
	"WB-01": runWadiahBonus,
	"AC-01": runAccountShare, "AC-02": runAccountShare, "AC-03": runMidMonth, "AC-04": runCommonPool, "AC-06": runAccountShare,
	"RIA-01": runContractSplit, "CS-01": runContractSplit, "TT-01": runTwoTier,
	"PT-01": runPoolTable, "PW-01": runWeightedPool, "PH-01": runHibah, "PR-01": runReserves,
	"AV-01": runSegments, "AV-03": runMovements, "AV-04": runMovements,
	"TX-01": runTax, "TX-02": runTax, "TX-04": runTax,
}

func TestPublishedCases(t *testing.T) {
	data, err := os.ReadFile("testdata/profitshare.json")
	require.NoError(t, err)
	var cases []publishedCase
	require.NoError(t, json.Unmarshal(data, &cases))
	seen := map[string]bool{}
	for _, c := range cases {
		require.False(t, seen[c.ID], "case %s stands twice", c.ID)
		seen[c.ID] = true
		run, covered := runners[c.ID]
		folder, listed := elsewhere[c.ID]
		require.True(t, covered != listed, "case %s is unknown, or both covered here and listed elsewhere", c.ID)
		if listed {
			require.Contains(t, casesOf(t, folder), c.ID, "package %s does not have case %s", folder, c.ID)
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Logf("%s, %s: %s", c.Verified, c.Source, c.Note)
			run(t, c)
		})
	}
	for id := range runners {
		require.True(t, seen[id], "case %s is not in the file", id)
	}
	for id := range elsewhere {
		require.True(t, seen[id], "case %s is not in the file", id)
	}
}

// casesOf lists the cases that a package below this one has of its own.
func casesOf(t *testing.T, folder string) (ids []string) {
	t.Helper()
	data, err := os.ReadFile(folder + "/testdata/cases.json")
	require.NoError(t, err)
	var cases []publishedCase
	require.NoError(t, json.Unmarshal(data, &cases))
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	return ids
}

// read decodes a part of a case strictly as numbers: whole ones stand as
// integers, all others as text, so none passes through a float.
func read[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

// figures reads the numbers of an object, whole or text; other members are left out.
func figures(t *testing.T, raw json.RawMessage) map[string]decimal.Decimal {
	t.Helper()
	found := map[string]decimal.Decimal{}
	for name, value := range read[map[string]json.RawMessage](t, raw) {
		text := strings.Trim(string(value), `"`)
		if number, err := decimal.NewFromString(text); err == nil {
			found[name] = number
		}
	}
	return found
}

func rupiah(t *testing.T, d decimal.Decimal) ledger.Money {
	t.Helper()
	m, err := ledger.IDR.Exact(d)
	require.NoError(t, err)
	return m
}

// same compares an exact figure with an expected one, which is rounded half up
// to the digits shown.
func same(t *testing.T, want decimal.Decimal, got *big.Rat, what string) {
	t.Helper()
	decimals := max(0, -int(want.Exponent()))
	scaled := new(big.Rat).Mul(got, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)))
	rounded, err := ledger.Round(scaled, ledger.Minor(1), ledger.RoundHalfUp)
	require.NoError(t, err)
	require.Equal(t, want.StringFixed(int32(decimals)), decimal.New(rounded.Minor(), -int32(decimals)).StringFixed(int32(decimals)), what)
}

// sameMoney compares an exact amount in minor units with an expected one in rupiah.
func sameMoney(t *testing.T, want decimal.Decimal, gotMinor *big.Rat, what string) {
	t.Helper()
	same(t, want, new(big.Rat).Quo(gotMinor, big.NewRat(100, 1)), what)
}

var weightOne = decimal.NewFromInt(1)

// toTheCent rounds as the published answers do: nothing is rounded but the
// hundredth of a rupiah.
var toTheCent = profitshare.Rounding{Rule: profitshare.MemberHalfUp, Step: ledger.Minor(1), LeftoverTo: "dana kebajikan"}

// oneProduct shares a result between one account and all others of its product.
func oneProduct(t *testing.T, result, account, all ledger.BalanceDays, income ledger.Money, nisbah decimal.Decimal) profitshare.Shares {
	t.Helper()
	require.Equal(t, all, result.Add(account))
	shares, err := profitshare.Distribute(profitshare.Pool{
		Result: income, Rounding: toTheCent,
		Terms: []profitshare.Term{{Product: "P", Nisbah: nisbah, Weight: weightOne}},
		Stakes: []profitshare.Stake{
			{Account: "account", Days: account},
			{Account: "others", Days: result},
		},
	})
	require.NoError(t, err)
	return shares
}

func payout(t *testing.T, s profitshare.Shares, account string) ledger.Money {
	t.Helper()
	p, found := s.Payout(account)
	require.True(t, found, account)
	return p.Gross
}

// shareOf is oneProduct over a month of the given days.
func shareOf(t *testing.T, account, product, income, nisbah decimal.Decimal, days int) profitshare.Shares {
	t.Helper()
	all, own := rupiah(t, product), rupiah(t, account)
	return oneProduct(t, all.Sub(own).Over(days), own.Over(days), all.Over(days), rupiah(t, income), nisbah)
}

func runAccountShare(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	income, given := in["product_revenue"]
	if !given {
		income = in["revenue"]
	}
	s := shareOf(t, in["account_avg_balance"], in["product_avg_balance"], income, in["nisbah_member"], 30)
	got := ratMoney(payout(t, s, "account"))
	if share, simple := want["account_bagi_hasil"]; simple {
		sameMoney(t, share, got, "share")
		return
	}
	sameMoney(t, want["member"], got, "member")
	income1000, _ := s.Indications(0, 30, profitshare.Times12)
	earned := new(big.Rat).Mul(income1000.Exact(), in["account_avg_balance"].Rat())
	earned.Quo(earned, big.NewRat(1000, 1))
	same(t, want["account_gross"], earned, "gross")
	same(t, want["bmt"], earned.Sub(earned, want["member"].Rat()), "manager")
}

func ratMoney(m ledger.Money) *big.Rat { return new(big.Rat).SetInt64(m.Minor()) }

// AC-03 prorates an account opened on 13 August; both boundary rules are settings.
func runMidMonth(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	balance, all := rupiah(t, in["balance"]), rupiah(t, in["product_avg_balance"])
	for _, rule := range []struct {
		rule profitshare.DayRule
		days int
		want string
	}{{profitshare.CountOpening, 19, "account_bagi_hasil"}, {profitshare.SkipOpening, 18, "with_opening_day_excluded_18_days"}} {
		opened := ledger.On(2011, 8, 13)
		w, err := profitshare.Weigh(profitshare.History{
			First: ledger.On(2011, 8, 1), Last: ledger.On(2011, 8, 31), Opened: opened,
			Balances: []profitshare.Balance{{From: opened, Amount: balance}},
		}, profitshare.AverageDaily, rule.rule)
		require.NoError(t, err)
		require.Equal(t, rule.days, w.Counted)
		s := oneProduct(t, all.Over(31).Add(balance.Over(-rule.days)), w.Days, all.Over(31), rupiah(t, in["product_revenue"]), in["nisbah_member"])
		sameMoney(t, want[rule.want], ratMoney(payout(t, s, "account")), rule.want)
		if rule.rule == profitshare.CountOpening {
			sameMoney(t, want["true_average_balance_over_month"], w.Average(), "average")
		}
	}
}

// AC-04 prints 6,999,999.72 for 7,500,000: the corrected value is tested.
func runCommonPool(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	savings, deposits, account := rupiah(t, in["savings_funds"]), rupiah(t, in["deposit_funds"]), rupiah(t, in["account_deposit"])
	s, err := profitshare.Distribute(profitshare.Pool{
		Result: rupiah(t, in["revenue"]), Rounding: toTheCent,
		Terms: []profitshare.Term{
			{Product: "savings", Nisbah: in["nisbah_member"], Weight: weightOne},
			{Product: "deposits", Nisbah: in["nisbah_member"], Weight: weightOne},
		},
		Stakes: []profitshare.Stake{
			{Account: "all savings", Term: 0, Days: savings.Over(30)},
			{Account: "account", Term: 1, Days: account.Over(30)},
			{Account: "other deposits", Term: 1, Days: deposits.Sub(account).Over(30)},
		},
	})
	require.NoError(t, err)
	sameMoney(t, want["product_revenue"], s.Income(1), "income of deposits")
	sameMoney(t, want["member_part"], ratMoney(s.Products[1].Gross), "members")
	sameMoney(t, want["bank_part"], new(big.Rat).Sub(s.Income(1), ratMoney(s.Products[1].Gross)), "manager")
	sameMoney(t, want["account_bagi_hasil"], ratMoney(payout(t, s, "account")), "share")
	wrong := figures(t, c.Expected.Published)["account_bagi_hasil"]
	require.NotEqual(t, rupiah(t, wrong), payout(t, s, "account"))
}

func runSplit(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	funds := profitshare.Funds{
		FinancingIncome: rupiah(t, in["financing_revenue"]),
		PlacementIncome: rupiah(t, in["placement_central_bank_revenue"].Add(in["placement_banks_revenue"])),
		Financing:       rupiah(t, in["avg_financing"]).Over(31),
		Syirkah:         rupiah(t, in["avg_third_party_funds"]).Over(31),
		Own:             rupiah(t, in["own_funds"]).Over(31),
		Weight:          weightOne,
	}
	first, err := funds.Split(profitshare.SyirkahFirst)
	require.NoError(t, err)
	sameMoney(t, want["third_party_share_of_revenue"], first.Syirkah(), "syirkah first")
	sameMoney(t, want["own_funds_share"], first.Own(), "own funds")
	same(t, want["hi1000"], profitshare.HI1000(first.Syirkah(), funds.Syirkah, 31).Exact(), "HI")

	proRata, err := funds.Split(profitshare.ProRata)
	require.NoError(t, err)
	sameMoney(t, want["alternative_pro_rata_all_funds_share"], proRata.Syirkah(), "pro rata")
	same(t, want["alternative_hi1000"], profitshare.HI1000(proRata.Syirkah(), funds.Syirkah, 31).Exact(), "HI pro rata")

	account := rupiah(t, in["account_avg_balance"])
	s, err := profitshare.Distribute(profitshare.Pool{
		Result: first.Total(), Split: first, Rounding: toTheCent,
		Terms: []profitshare.Term{{Product: "P", Nisbah: in["nisbah_member"], Weight: weightOne}},
		Stakes: []profitshare.Stake{
			{Account: "account", Days: account.Over(31)},
			{Account: "others", Days: rupiah(t, in["avg_third_party_funds"]).Sub(account).Over(31)},
		},
	})
	require.NoError(t, err)
	sameMoney(t, want["account_bagi_hasil_exact"], ratMoney(payout(t, s, "account")), "share from the exact HI")
	require.Equal(t, s.Pool().Result, ledger.Sum(s.Members, s.Manager, s.Own, s.Leftover))
}

// HI-02 shows that money comes from the exact product, not from the printed HI.
func runPrintedHI(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	account := in["account_balance"]
	income := account.Mul(in["hi1000"]).Div(decimal.NewFromInt(1000))
	s := shareOf(t, account, account, income, in["nisbah_member"], 30)
	sameMoney(t, want["account_bagi_hasil"], ratMoney(payout(t, s, "account")), "share")
	hi := profitshare.HI1000(ratMoney(payout(t, s, "account")), rupiah(t, account).Over(30), 30)
	same(t, want["hi1000_member_exact"], hi.Exact(), "member's HI")
	printed, err := hi.Text(2, ledger.RoundDown)
	require.NoError(t, err)
	require.Equal(t, figures(t, c.Expected.Published)["hi1000_member"].String(), printed)
}

// A wadiah bonus is the same arithmetic under another contract: it may not be
// promised, so only its amount is checked.
func runWadiahBonus(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	s := shareOf(t, in["account_avg_balance"], in["total_wadiah"], in["wadiah_revenue"], in["bonus_rate"], 30)
	sameMoney(t, want["bonus"], ratMoney(payout(t, s, "account")), "bonus")
}

// split shares a profit between one owner and the manager.
func split(t *testing.T, profit ledger.Money, nisbah decimal.Decimal) (owner, manager ledger.Money) {
	t.Helper()
	s, err := profitshare.Distribute(profitshare.Pool{
		Result: profit, Rounding: toTheCent,
		Terms:  []profitshare.Term{{Product: "contract", Nisbah: nisbah, Weight: weightOne}},
		Stakes: []profitshare.Stake{{Account: "owner", Days: ledger.Minor(1).Over(1)}},
	})
	require.NoError(t, err)
	return s.Members, s.Manager
}

func runContractSplit(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	if c.ID == "RIA-01" {
		investor, business := split(t, rupiah(t, in["revenue"]), in["nisbah_investor"])
		require.Equal(t, rupiah(t, want["investor_share"]), investor)
		require.Equal(t, rupiah(t, want["business_share"]), business)
		return
	}
	owner, manager := split(t, rupiah(t, in["profit"]), in["nisbah_owner"])
	require.Equal(t, rupiah(t, want["owner"]), owner)
	require.Equal(t, rupiah(t, want["manager"]), manager)
}

func runTwoTier(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	profit := rupiah(t, in["sale"]).Sub(rupiah(t, in["funds"]))
	require.Equal(t, rupiah(t, want["profit"]), profit)
	received, enterprise := split(t, profit, in["owner_nisbah_both_tiers"])
	require.Equal(t, rupiah(t, want["bank_received"]), received)
	require.Equal(t, rupiah(t, want["enterprise"]), enterprise)
	depositors, kept := split(t, received, in["owner_nisbah_both_tiers"])
	require.Equal(t, rupiah(t, want["depositors"]), depositors)
	require.Equal(t, rupiah(t, want["bank_keeps"]), kept)
}

func runTax(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	rule := profitshare.PP15()
	rule.Step = ledger.Minor(1) // the exact tax, to the hundredth of a rupiah
	w, err := rule.Withhold([]profitshare.Return{{Account: "a", Member: "m", Gross: rupiah(t, in["gross_per_member_per_month"])}}, nil)
	require.NoError(t, err)
	require.Equal(t, rupiah(t, want["tax_exact"]), w.Tax)
	require.Equal(t, rupiah(t, want["net_exact"]), w.Net)
}
