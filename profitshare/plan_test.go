package profitshare_test

import (
	"encoding/json"
	"errors"
	"iter"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// One line a refusal: what, why, and the rule where one asks for it.
func TestPlanRefusals(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	for _, c := range []struct {
		name   string
		change func(*profitshare.Plan)
		want   string
		source string
	}{
		{"penalties", func(p *profitshare.Plan) { p.Income = append(p.Income, pooled("90205")...) },
			"profitshare: plan: income: 90205: belongs to the benevolent fund: penalties and gifts are never shared (DSN-MUI 17/2000)", "DSN-MUI 17/2000"},
		{"zakat", func(p *profitshare.Plan) { p.Income = pooled("80101") },
			"profitshare: plan: income: 80101: is of kind zakat, only income is shared (DSN-MUI 15/2000)", "DSN-MUI 15/2000"},
		{"an expense", func(p *profitshare.Plan) { p.Income[1].Account = "60101" },
			"profitshare: plan: income: 60101: is of kind expense, only income is shared (DSN-MUI 15/2000)", "DSN-MUI 15/2000"},
		{"capital", func(p *profitshare.Plan) { p.Income[0].Account = "30101" },
			"profitshare: plan: income: 30101: is of kind syirkah, only income is shared (DSN-MUI 15/2000)", "DSN-MUI 15/2000"},
		{"unknown income", func(p *profitshare.Plan) { p.Income[0].Account = "59999" }, "profitshare: plan: income: 59999: is not in the chart", ""},
		{"a header", func(p *profitshare.Plan) { p.Income[0].Account = "5" }, "profitshare: plan: income: 5: is a header and has no income of its own", ""},
		{"income twice", func(p *profitshare.Plan) { p.Income[1].Account = "50101" }, "profitshare: plan: income: 50101: stands twice", ""},
		{"no income", func(p *profitshare.Plan) { p.Income = nil }, "profitshare: plan: income: no account whose income is shared", ""},
		{"no name", func(p *profitshare.Plan) { p.Name = "" }, "profitshare: plan: name: is not 1 to 100 bytes", ""},
		{"a name with a line break", func(p *profitshare.Plan) { p.Name = "umum\n" },
			`profitshare: plan: name: "umum\n": has a character that cannot be printed`, ""},
		{"no products", func(p *profitshare.Plan) { p.Products = nil }, "profitshare: plan: products: none", ""},
		{"a product twice", func(p *profitshare.Plan) { p.Products[1].Code = "SIMUDA" },
			"profitshare: plan: product: SIMUDA: the code is missing or stands twice", ""},
		{"share account in the pool", func(p *profitshare.Plan) { p.Income = append(p.Income, pooled("50901")...) },
			"profitshare: plan: share account of product SIMUDA: 50901: is one of the pool's income accounts: the share would cut what is shared", ""},
		{"share account of another kind", func(p *profitshare.Plan) { p.Products[0].ShareAccount = "10102" },
			"profitshare: plan: share account of product SIMUDA: 10102: is of kind asset, want one of [income expense]", ""},
		{"product without subs", func(p *profitshare.Plan) { p.Products[0].Control = "20901" },
			"profitshare: plan: control of product SIMUDA: 20901: has no subs, want one for each account", ""},
		{"product on the payable account", func(p *profitshare.Plan) { p.Products[0].Control = "20201" },
			"profitshare: plan: product: SIMUDA: its control account is the payable account, which would earn on what it owes", ""},
		{"payable without subs", func(p *profitshare.Plan) { p.Payable = "20901" },
			"profitshare: plan: payable: 20901: has no subs, want one for each account", ""},
		{"payable among the assets", func(p *profitshare.Plan) { p.Payable = "11101" },
			"profitshare: plan: payable: 11101: is of kind asset, want one of [liability syirkah]", ""},
		{"tax with subs", func(p *profitshare.Plan) { p.Tax = "20101" }, "profitshare: plan: tax: 20101: is a control account", ""},
		{"no rounding", func(p *profitshare.Plan) { p.Rounding = profitshare.Rounding{} }, "profitshare: rounding: none: not a rule", ""},
		{"leftover for the manager", func(p *profitshare.Plan) {
			p.Rounding.Rule, p.Rounding.LeftoverTo, p.LeftoverFrom = profitshare.MemberDown, "50301", "50901"
		}, "profitshare: plan: leftover to: 50301: is of kind income, want one of [liability syirkah benevolent]", ""},
		{"leftover from nowhere", func(p *profitshare.Plan) { p.Rounding.Rule, p.Rounding.LeftoverTo = profitshare.MemberDown, "20901" },
			"profitshare: plan: leftover from: is not in the chart", ""},
		{"nisbah above 1", func(p *profitshare.Plan) { p.Products[0].Nisbah = decimal.NewFromInt(40) },
			`profitshare: nisbah of product "SIMUDA": 40: a nisbah is above 0 and at most 1 (DSN-MUI 115/2017)`, "DSN-MUI 115/2017"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := runPlan()
			c.change(&plan)
			desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), deposit12("M1-D")})
			_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: month(t, "2026-04")})
			require.EqualError(t, err, c.want)
			var refused *profitshare.InputError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.source, refused.Source)
			_, err = desk.Rows(ctx, month(t, "2026-04"))
			require.ErrorIs(t, err, profitshare.ErrRun, "a refused posting leaves nothing behind")
		})
	}
}

func TestEarningRefusals(t *testing.T) {
	b := newRunBook(t)
	monthOfApril(b)
	b.book("2026-04-02", "30101/M9-A", "10102", 500)
	b.book("2026-03-31", "10102", "30101/M8-A", 500)
	change := func(id string, change func(*profitshare.EarningAccount)) earning {
		a := account(id)
		change(&a)
		return earning{a}
	}
	slices := func(id string, slices ...profitshare.Slice) earning {
		return change(id, func(a *profitshare.EarningAccount) { a.Slices = slices })
	}
	for _, c := range []struct {
		name     string
		accounts earning
		want     string
	}{
		{"no id", change("M1-A", func(a *profitshare.EarningAccount) { a.Account = "" }), `profitshare: account "": has no id`},
		{"no owner", change("M1-A", func(a *profitshare.EarningAccount) { a.Party.Member = "" }), `profitshare: account "M1-A": has no owner`},
		{"a forgotten product", change("M1-A", func(a *profitshare.EarningAccount) { a.Product = "SIRELA" }),
			`profitshare: account "M1-A": SIRELA: is of a product that the plan does not name`},
		{"twice, in order", earning{account("M1-A"), account("M1-A")}, `profitshare: account "M1-A": stands twice in the pool`},
		{"twice, in disorder", earning{account("M8-A"), account("M1-A"), account("M8-A")}, `profitshare: account "M8-A": stands twice in the pool`},
		{"overdrawn", earning{account("M9-A")}, `profitshare: account "M9-A": -1450000 balance-days: below zero: an overdrawn account cannot share`},
		{"overlapping slices", slices("M1-A", slice("2026-04-01", "2026-04-10", "0.4"), slice("2026-04-10", "2026-04-30", "0.4")),
			`profitshare: account "M1-A": 2026-04-10 to 2026-04-30: the slices do not follow each other within the month`},
		{"a slice of another month", slices("M1-A", slice("2026-04-01", "2026-05-01", "0.4")),
			`profitshare: account "M1-A": 2026-04-01 to 2026-05-01: the slices do not follow each other within the month`},
		{"a gap in the middle", slices("M1-A", slice("2026-04-01", "2026-04-10", "0.4"), slice("2026-04-12", "2026-04-30", "0.4")),
			`profitshare: account "M1-A": 2026-04-11 to 2026-04-11: a balance on days without a nisbah`},
		{"a gap at the end", slices("M1-A", slice("2026-04-01", "2026-04-29", "0.4")),
			`profitshare: account "M1-A": 2026-04-30 to 2026-04-30: a balance on days without a nisbah`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := profitshare.NewDesk(b.Book, runPlan(), c.accounts).Preview(ctx, month(t, "2026-04"))
			require.EqualError(t, err, c.want)
			require.ErrorIs(t, err, profitshare.ErrEarning)
		})
	}
	_, err := profitshare.NewDesk(b.Book, runPlan(), nil).Preview(ctx, ledger.Month{})
	require.ErrorIs(t, err, ledger.ErrDate)
}

// failing is a source of accounts that breaks off.
type failing struct{ error }

func (f failing) Earning(*ledger.Tx, ledger.Date, ledger.Date) iter.Seq2[profitshare.EarningAccount, error] {
	return func(yield func(profitshare.EarningAccount, error) bool) { yield(profitshare.EarningAccount{}, f.error) }
}

func TestAccountsFail(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	broken := errors.New("broken")
	desk = profitshare.NewDesk(b.Book, runPlan(), failing{broken})
	_, err = desk.Preview(ctx, april)
	require.ErrorIs(t, err, broken)
	_, err = desk.Rows(ctx, april)
	require.ErrorIs(t, err, broken)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.ErrorIs(t, err, broken)
}

// What rounding down leaves goes where the plan says; nothing is the manager's.
func TestLeftover(t *testing.T) {
	b := newRunBook(t)
	for _, id := range []string{"M1-A", "M2-A", "M3-A"} {
		b.book("2026-03-31", "10102", "30101/"+id, 1_000_000)
	}
	b.book("2026-04-30", "10102", "50101", 1_000)
	plan := runPlan()
	plan.Products[0].Nisbah = decimal.NewFromInt(1)
	plan.Rounding = profitshare.Rounding{Rule: profitshare.MemberDown, Step: rp(1), LeftoverTo: "90205"}
	plan.LeftoverFrom = "50901"
	april := month(t, "2026-04")
	desk := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A"), account("M3-A")})
	r, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	require.Equal(t, rp(999), r.Figures.Members)
	b.requireBalance("90205", "2026-04-30", -1)
	b.requireBalance("50901", "2026-04-30", 1_000)

	// A share cut to nothing has no line, but its row in the statement.
	b.book("2026-04-30", "10102", "30101/M4-A", 1)
	tiny := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A"), account("M3-A"), account("M4-A")})
	_, err = tiny.Reverse(ctx, profitshare.Reversal{Key: "R", Month: april, Date: april.Last(), Reason: "anggota baru"})
	require.NoError(t, err)
	r, err = tiny.Post(ctx, profitshare.Posting{Key: "P2", Month: april})
	require.NoError(t, err)
	require.Equal(t, 3, r.Figures.Accounts)
	require.Equal(t, "2026-04 M4-A M4 SIMUDA: 0 - 0 = 0", rowsOf(t, tiny, april)[3])
}

// Members' 4.000.000 finance 8.000.000 together with own funds: half of the
// financing income is theirs, none of that from placements.
func TestSplitFromTheBook(t *testing.T) {
	b := newRunBook(t)
	b.book("2026-03-31", "10102", "30101/M1-A", 4_000_000)
	b.book("2026-03-31", "10102", "40101", 12_000_000)
	b.book("2026-03-31", "11101/MRB-1", "10102", 8_000_000)
	b.book("2026-04-30", "10102", "50101", 100_000)
	b.book("2026-04-30", "10102", "50301", 60_000)
	for _, c := range []struct {
		policy profitshare.SplitPolicy
		own    int64
		share  int64
	}{
		{0, 0, 80_000},
		{profitshare.SplitWhole, 0, 80_000},
		{profitshare.SyirkahFirst, 110_000, 25_000},
		{profitshare.ProRata, 120_000, 20_000},
	} {
		plan := runPlan()
		plan.Split = profitshare.Splitting{Policy: c.policy, Financing: []string{"11101"}, Own: []string{"40101"}}
		r, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A")}).Preview(ctx, month(t, "2026-04"))
		require.NoError(t, err)
		require.Equal(t, rp(c.own), r.Figures.Own, c.policy)
		require.Equal(t, rp(c.share), r.Figures.Members, c.policy)
	}
}

// A stored plan reads back as it was, names instead of numbers in the text.
func TestStoredPlan(t *testing.T) {
	plan := runPlan()
	plan.Split = profitshare.Splitting{Policy: profitshare.ProRata, Own: []string{"40101"}}
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"umum","income":[{"account":"50101","nature":"financing"},{"account":"50301","nature":"placement"}],"products":[
		{"code":"SIMUDA","control":"30101","share_account":"50901","nisbah":"0.5","weight":"0"},
		{"code":"SIJAKA12","control":"30204","share_account":"50902","nisbah":"0.6","weight":"0"}],
		"payable":"20201","tax":"20401","rounding":{"rule":"member_up","step":100},"split":{"policy":"pro_rata","own":["40101"]}}`, string(text))
	var back profitshare.Plan
	require.NoError(t, json.Unmarshal(text, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	require.ErrorIs(t, json.Unmarshal([]byte(`{"rounding":{"rule":"up"}}`), &back), profitshare.ErrFormat)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"split":{"policy":"all"}}`), &back), profitshare.ErrFormat)
}
