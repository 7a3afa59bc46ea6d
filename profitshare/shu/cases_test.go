package shu_test

import (
	"encoding/json"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/shu"
)

// publishedCase is one worked example of testdata/cases.json, with the place it
// was published. Expected.Values are right; Expected.Published is what the
// source prints, which in the cases marked "wrong" is not.
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

func read[T any](t *testing.T, raw []byte) (v T) {
	t.Helper()
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

// sameMoney compares an amount with an expected one, which is rounded half up
// to the digits shown.
func sameMoney(t *testing.T, want decimal.Decimal, got ledger.Money, what string) {
	t.Helper()
	step := ledger.IDR.Of(1)
	if want.Exponent() < 0 {
		step = ledger.Minor(1)
	}
	rounded, err := ledger.Round(big.NewRat(got.Minor(), 1), step, ledger.RoundHalfUp)
	require.NoError(t, err)
	require.Equal(t, rupiah(t, want), rounded, what)
}

func TestPublishedCases(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	runners := map[string]func(*testing.T, publishedCase){
		"SU-01": runMember, "SU-03": runMember, "SU-04": runMember, "SU-05": runMember, "SU-06": runMember, "SU-07": runMember,
		"SU-09": runMember, "SU-11": runBase, "SU-12": runMember, "SU-13": runShareOfMembers, "SA-01": runKey, "SA-03": runKey,
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

// The measures of the published cases: percentage, its whole, the member's.
var measures = []struct{ pool, total, member string }{
	{"jasa_modal", "total_savings", "member_savings"},
	{"jasa_modal", "total_capital", "member_savings"},
	{"jasa_usaha", "total_sales", "member_purchases"},
	{"jasa_usaha", "total_loans", "member_loans"},
	{"jasa_penjualan", "total_sales", "member_purchases"},
	{"jasa_pinjaman", "total_loans", "member_loans"},
}

// memberParts proposes a plan whose key has the case's percentages and the rest
// as reserve, for one member and all others together, and returns the member's
// parts by item.
func memberParts(t *testing.T, in map[string]decimal.Decimal, result decimal.Decimal) map[string]ledger.Money {
	t.Helper()
	plan := shu.Plan{Year: 2025, Members: rupiah(t, result), Step: ledger.Minor(1), Residue: shu.LargestRests, ResidueTo: "Cadangan"}
	rest := decimal.NewFromInt(100)
	member, others := shu.Member{Member: "A"}, shu.Member{Member: "B"}
	for _, m := range measures {
		percent, has := in[m.pool]
		total, counted := in[m.total]
		if !has || !counted {
			continue
		}
		percent = percent.Mul(decimal.NewFromInt(100))
		rest = rest.Sub(percent)
		item := shu.Item{Name: m.pool, Percent: percent, Use: shu.ForService, Account: "20203", Measure: m.total}
		kind := shu.OfService
		if m.pool == "jasa_modal" {
			item.Use, kind = shu.ForCapital, shu.OfCapital
		}
		plan.MemberKey = append(plan.MemberKey, item)
		own, whole := rupiah(t, in[m.member]).Minor(), rupiah(t, total).Minor()
		plan.Measures = append(plan.Measures, shu.Measure{Name: m.total, Kind: kind, Total: whole})
		member.Figures, others.Figures = append(member.Figures, own), append(others.Figures, whole-own)
	}
	plan.MemberKey = append(plan.MemberKey, shu.Item{Name: "Cadangan", Percent: rest, Use: shu.Reserve, Account: "40301"})
	p, err := plan.Propose([]shu.Member{member, others})
	require.NoError(t, err)
	parts := map[string]ledger.Money{"total": p.Shares[0].Total}
	for k, column := range p.Columns {
		parts[p.Items[column].Name] = p.Shares[0].Parts[k]
	}
	return parts
}

// SU-09 prints 600,000 and 1,383,000 for 623,076.92 and 1,406,076.92; SU-12
// prints the rest of the result (18,000,000) as one member's jasa usaha. The
// corrected values are tested, and that they are not the printed ones. In SU-03
// last year's unpaid share is a payable of its own.
func runMember(t *testing.T, c publishedCase) {
	in, want := figures(t, c.Inputs), figures(t, c.Expected.Values)
	parts := memberParts(t, in, in["shu"])
	for name, amount := range parts {
		if name != "total" {
			sameMoney(t, want[name], amount, name)
		}
	}
	if c.ID == "SU-03" {
		sameMoney(t, want["current_year"], parts["total"], "this year")
		sameMoney(t, want["payable_total"], parts["total"].Add(rupiah(t, in["prior_year_unpaid"])), "payable")
		return
	}
	sameMoney(t, want["total"], parts["total"], "total")
	if c.Verified == "wrong" {
		for name, printed := range figures(t, c.Expected.Published) {
			require.NotEqual(t, rupiah(t, printed), parts[name], "%s as printed", name)
		}
	}
}

// SU-11 counts voluntary savings for the member and not in the total: refused;
// with pokok and wajib on both sides the corrected value is tested.
func runBase(t *testing.T, c publishedCase) {
	in := figures(t, c.Inputs)
	want := read[map[string]map[string]int64](t, c.Expected.Values)["consistent_base"]
	in["total_savings"] = in["coop_pokok"].Add(in["coop_wajib"])
	in["member_savings"] = in["member_pokok"].Add(in["member_wajib"])
	parts := memberParts(t, in, in["shu"])
	require.Equal(t, ledger.IDR.Of(want["jasa_modal"]), parts["jasa_modal"])
	require.Equal(t, ledger.IDR.Of(want["jasa_usaha"]), parts["jasa_usaha"])
	require.Equal(t, ledger.IDR.Of(want["total"]), parts["total"])

	capital, own := rupiah(t, in["total_savings"]).Minor(), rupiah(t, in["member_savings"]).Minor()
	voluntary := rupiah(t, in["member_sukarela"]).Minor()
	_, err := shu.Divide([]shu.Pool{{Name: "jasa modal", Amount: rupiah(t, in["shu"].Mul(in["jasa_modal"])), Total: capital}},
		[]shu.Member{{Member: "A", Figures: []int64{own + voluntary}}, {Member: "B", Figures: []int64{capital - own}}}, ledger.Minor(1), shu.LargestRests)
	require.ErrorIs(t, err, shu.ErrMembers)
	require.EqualError(t, err, "shu: jasa modal: the members' figures do not add up to the total of 2000000000: both sides must be counted alike (UU 25/1992 art. 45)")
}

// SU-13: whether all of the result or only that from members is divided is a
// matter of what the plan calls the members' result.
func runShareOfMembers(t *testing.T, c publishedCase) {
	in := figures(t, c.Inputs)
	want := read[map[string]json.RawMessage](t, c.Expected.Values)
	for name, result := range map[string]decimal.Decimal{
		"base_all_30m": in["shu"], "base_member_sourced_15m": in["shu"].Mul(in["member_sourced_share"]),
	} {
		parts, values := memberParts(t, in, result), figures(t, want[name])
		for _, what := range []string{"jasa_modal", "jasa_usaha", "total"} {
			sameMoney(t, values[what], parts[what], name+" "+what)
		}
	}
}

// SA-01 has its amounts right and its journal the wrong way round: funds
// debited, SHU credited. Tested is the entry of a book: the undivided SHU is
// debited once, everything else credited. SA-03 adds up to 105% and is refused.
func runKey(t *testing.T, c publishedCase) {
	in := read[struct {
		SHU  int64
		Keys map[string]int64 `json:"allocation_pct"`
	}](t, c.Inputs)
	accounts := map[string]string{
		"Cadangan Koperasi": "40301", "Cadangan": "40301", "Jasa Anggota": "20203", "Dana Pengurus": "20702", "Dana Karyawan": "20703",
		"Dana Sosial": "20705", "Dana Pendidikan": "20701", "Dana Pembangunan": "20704",
	}
	plan := shu.Plan{Year: 2025, Members: rp(in.SHU), Step: rp(1), Residue: shu.ToReserve, Measures: []shu.Measure{{Name: "margin", Kind: shu.OfService, Total: 4}}}
	for name, percent := range in.Keys {
		item := shu.Item{Name: name, Percent: decimal.NewFromInt(percent), Use: shu.Fund, Account: accounts[name]}
		switch {
		case strings.HasPrefix(name, "Cadangan"):
			item.Use, plan.ResidueTo = shu.Reserve, name
		case name == "Jasa Anggota":
			item.Use, item.Measure = shu.ForService, "margin"
		}
		plan.MemberKey = append(plan.MemberKey, item)
	}
	slices.SortFunc(plan.MemberKey, func(a, b shu.Item) int { return strings.Compare(a.Name, b.Name) })
	if c.ID == "SA-03" {
		plan.Members = rp(1)
		_, err := plan.Propose(nil)
		require.ErrorIs(t, err, shu.ErrKey)
		require.EqualError(t, err, "shu: the items add up to 105%, not to exactly 100% (UU 25/1992 art. 45)")
		return
	}
	want := read[struct {
		Allocation map[string]int64
		Journal    struct{ Dr, Cr [][]any }
	}](t, c.Expected.Values)
	b := newBook(t)
	b.result(2025, in.SHU)
	got := b.decide(plan, shu.Member{Member: "A", Figures: []int64{3}}, shu.Member{Member: "B", Figures: []int64{1}})
	sums := map[string]ledger.Money{}
	for _, line := range got.Posted.Lines {
		sums[line.Account] = sums[line.Account].Add(line.Amount)
	}
	require.Len(t, want.Journal.Dr, 1, "SHU Belum Dibagi alone")
	require.Equal(t, rp(in.SHU), sums["40401"], "debited, where the source credits it")
	for name, amount := range want.Allocation {
		require.Equal(t, rp(-amount), sums[accounts[name]], "%s credited, where the source debits it", name)
	}
	require.Len(t, sums, 1+len(want.Allocation))
}

// TestCooperativeYear is the appropriation of a whole year's result, with ties
// broken by number.
func TestCooperativeYear(t *testing.T) {
	data, err := os.ReadFile("testdata/year.json")
	require.NoError(t, err)
	year := read[struct {
		SHU     int64
		Parts   map[string]int64
		Capital map[string]int64 `json:"weights_capital"`
		Usage   map[string]int64 `json:"weights_usage"`
		Members map[string]map[string]int64
	}](t, data)
	item := func(name string, percent int64, use shu.Use, account, measure string) shu.Item {
		return shu.Item{Name: name, Percent: decimal.NewFromInt(percent), Use: use, Account: account, Measure: measure}
	}
	var capital, usage []shu.Figure
	for member, figure := range year.Capital {
		capital = append(capital, shu.Figure{Member: member, Amount: figure})
		usage = append(usage, shu.Figure{Member: member, Amount: year.Usage[member]})
	}
	plan := shu.Plan{
		Year: 2025, Members: rp(year.SHU), Step: rp(1), Residue: shu.ByNumber, ResidueTo: "cadangan",
		MemberKey: shu.Key{
			item("cadangan", 40, shu.Reserve, "40301", ""), item("jasa_modal", 20, shu.ForCapital, "20203", "capital"), item("jasa_usaha", 20, shu.ForService, "20203", "usage"),
			item("pendidikan", 5, shu.Fund, "20701", ""), item("pengurus", 5, shu.Fund, "20702", ""), item("karyawan", 5, shu.Fund, "20703", ""), item("sosial", 5, shu.Fund, "20705", ""),
		},
		Measures: []shu.Measure{{Name: "capital", Kind: shu.OfCapital, Total: shu.TotalOf(capital)}, {Name: "usage", Kind: shu.OfService, Total: shu.TotalOf(usage)}},
	}
	p, err := plan.Propose(shu.MembersOf(capital, usage))
	require.NoError(t, err)
	for _, item := range p.Items {
		if want, given := year.Parts[item.Name]; given {
			require.Equal(t, rp(want), item.Amount(), item.Name)
		}
	}
	require.Equal(t, rp(year.Parts["anggota"]), p.Due())
	require.Len(t, p.Shares, len(year.Members))
	for _, share := range p.Shares {
		want := year.Members[share.Member]
		require.Equal(t, []ledger.Money{rp(want["jasa_modal"]), rp(want["jasa_usaha"])}, share.Parts, share.Member)
		require.Equal(t, rp(want["jumlah"]), share.Total, share.Member)
	}
}
