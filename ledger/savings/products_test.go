package savings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// What no product can have is refused by name, whatever it rests on.
func TestProductTermsRefused(t *testing.T) {
	_, desk := newFullDesk(t)
	by := make(map[savings.Akad]savings.ProductOpening)
	for _, p := range standardProducts() {
		if _, there := by[p.Akad]; !there {
			by[p.Akad] = p
		}
	}
	for _, test := range []struct {
		akad   savings.Akad
		code   string
		change func(*savings.Terms)
	}{
		{savings.Wadiah, "product.nisbah", func(t *savings.Terms) { t.Nisbah = ratio("0.1") }},
		{savings.WadiahAmanah, "product.nisbah", func(t *savings.Terms) { t.Nisbah = ratio("0.1") }},
		{savings.Wadiah, "product.tiers", func(t *savings.Terms) { t.Tiers = []savings.Tier{{Nisbah: ratio("0.1")}} }},
		{savings.Wadiah, "product.min_earning", func(t *savings.Terms) { t.MinEarning = rupiah(1) }},
		{savings.Wadiah, "product.share_account", func(t *savings.Terms) { t.ShareAccount = "50901" }},
		{savings.Wadiah, "product.dues", func(t *savings.Terms) { t.Dues = rupiah(1) }},
		{savings.Wadiah, "product.dues", func(t *savings.Terms) { t.CallAccount = "40104" }},
		{savings.Wadiah, "product.tenors", func(t *savings.Terms) { t.Tenors = []int{3} }},
		{savings.Berjangka, "product.tenors", func(t *savings.Terms) { t.Tenors = []int{6, 3} }},
		{savings.Berjangka, "product.tenors", func(t *savings.Terms) { t.Tenors = []int{0} }},
		{savings.Berjangka, "product.nisbah", func(t *savings.Terms) { t.Nisbah = ratio("0") }},
		{savings.Penyertaan, "product.nisbah", func(t *savings.Terms) { t.Nisbah = ratio("2") }},
		{savings.Penyertaan, "product.share_account", func(t *savings.Terms) { t.ShareAccount = "" }},
		{savings.Pokok, "product.goal", func(t *savings.Terms) { t.Goal = "haji" }},
		{savings.Wajib, "product.dues_every", func(t *savings.Terms) { t.DuesEvery = 13 }},
		{savings.Wajib, "product.dues", func(t *savings.Terms) { t.Dues = rupiah(-1) }},
		{savings.Wajib, "product.call_account", func(t *savings.Terms) { t.CallAccount = "11101" }},
		{savings.Wajib, "product.call_account", func(t *savings.Terms) { t.CallAccount = "40301" }},
		{savings.Wadiah, "product.fees", func(t *savings.Terms) { t.Fees = savings.Fees{Monthly: rupiah(1)} }},
		{savings.Wadiah, "product.fees", func(t *savings.Terms) { t.Fees = savings.Fees{Monthly: rupiah(1), Account: "90205"} }},
		{savings.Wadiah, "product.fees.closing", func(t *savings.Terms) { t.Fees.Closing = rupiah(-1) }},
		{savings.Wadiah, "product.min_deposit", func(t *savings.Terms) { t.MinDeposit = rupiah(-1) }},
		{savings.Wadiah, "product.dormant_months", func(t *savings.Terms) { t.DormantMonths = -1 }},
		{savings.Wadiah, "product.goal", func(t *savings.Terms) { t.Goal = "a\nb" }},
		{savings.Mudharabah, "product.tiering", func(t *savings.Terms) { t.Tiers = []savings.Tier{{Nisbah: ratio("0.1")}} }},
		{savings.Mudharabah, "product.tiers", func(t *savings.Terms) {
			t.Tiering, t.Tiers = savings.ByLevel, []savings.Tier{{From: rupiah(1), Nisbah: ratio("0.1")}}
		}},
		{savings.Mudharabah, "product.tiers", func(t *savings.Terms) {
			t.Tiering, t.Tiers = savings.ByBand, []savings.Tier{{Nisbah: ratio("0.1")}, {Nisbah: ratio("0.2")}}
		}},
		{savings.Mudharabah, "product.tiers", func(t *savings.Terms) {
			t.Tiering, t.Tiers = savings.ByBand, []savings.Tier{{Nisbah: ratio("0.1")}, {From: rupiah(9), Nisbah: ratio("1.2")}}
		}},
	} {
		p := by[test.akad]
		p.Key, p.Code = "X", "X"
		test.change(&p.Terms)
		_, err := desk.AddProduct(ctx, p)
		refused(t, err, savings.ErrProduct, test.code)
	}
}

// On which kinds of account an akad may stand is a setting, with the usual
// kind first.
func TestAccountKinds(t *testing.T) {
	_, desk := newFullDesk(t)
	usual := map[savings.Akad]ledger.Kind{savings.Pokok: ledger.Equity, savings.Wajib: ledger.Equity, savings.WajibKhusus: ledger.Equity,
		savings.Wadiah: ledger.Liability, savings.WadiahAmanah: ledger.Liability, savings.Mudharabah: ledger.Syirkah,
		savings.Berjangka: ledger.Syirkah, savings.Penyertaan: ledger.Syirkah}
	for _, akad := range savings.Akads() {
		require.Equal(t, usual[akad], akad.Kinds()[0], akad)
	}
	// Participation capital as a liability, of a fixed sum without a share.
	_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "MP", Code: "MP", Akad: savings.Penyertaan, Control: "21104", Terms: savings.Terms{From: day(time.January, 1)}})
	require.NoError(t, err)
	_, err = desk.AddProduct(ctx, savings.ProductOpening{Key: "X", Code: "X", Akad: savings.Wadiah, Control: "30101", Terms: savings.Terms{From: day(time.January, 1)}})
	refused(t, err, savings.ErrProduct, "product.control")
}

// All terms come back as they were given.
func TestTermsAreKept(t *testing.T) {
	book, desk := newFullDesk(t)
	want := standardProducts()[7].Terms
	want.Tiering, want.Tiers = savings.ByLevel, []savings.Tier{{Nisbah: ratio("0.4")}, {From: rupiah(5), Nisbah: ratio("0.45")}}
	want.Goal, want.DormantMonths, want.Locked, want.Personal = "umrah", 6, true, true
	_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "P", Code: "P", Akad: savings.Mudharabah, Control: "30101", Terms: want})
	require.NoError(t, err)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		p, _, err := savings.ProductIn(tx, "P")
		require.NoError(t, err)
		got := p.Terms[0]
		require.True(t, got.Nisbah.Equal(want.Nisbah))
		for i := range want.Tiers {
			require.True(t, got.Tiers[i].Nisbah.Equal(want.Tiers[i].Nisbah))
			require.Equal(t, want.Tiers[i].From, got.Tiers[i].From)
		}
		got.Nisbah, got.Tiers = want.Nisbah, want.Tiers
		require.Equal(t, want, got)
		return nil
	}))
}
