package savings_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// The standard chart's accounts as the domain's journals name them.
var (
	vault  = savings.Place{Account: "10101"}
	bank   = savings.Place{Account: "10201"}
	member = func(number string) ledger.Party { return ledger.Party{Member: number, Standing: ledger.Member} }
	former = func(number string) ledger.Party { return ledger.Party{Member: number, Standing: ledger.Other} }
)

func ratio(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func standardPolicy() savings.Policy {
	p := savings.DefaultPolicy()
	p.From, p.Claims = day(time.January, 1), "20204"
	p.Shortage, p.Overage, p.ShortageEnd, p.OverageEnd = "15104", "20901", "60702", "50505"
	return p
}

// standardProducts is one product for each akad.
func standardProducts() []savings.ProductOpening {
	from := day(time.January, 1)
	fees := savings.Fees{Opening: rupiah(5_000), Monthly: rupiah(2_500), Inactive: rupiah(1_500), Passbook: rupiah(10_000), Closing: rupiah(7_500), Account: "50202"}
	shares := func(name, nisbah string) savings.Terms {
		return savings.Terms{From: from, Name: name, Nisbah: ratio(nisbah), ShareAccount: "50901", Taxed: true, Zakat: true}
	}
	muda := shares("Simpanan Mudharabah", "0.40")
	muda.MinOpening, muda.MinDeposit, muda.MinBalance, muda.MinEarning, muda.Fees = rupiah(20_000), rupiah(2_000), rupiah(10_000), rupiah(50_000), fees
	qurban := shares("Simpanan Qurban", "0.35")
	qurban.Goal = "qurban"
	jaka := shares("Simpanan Berjangka 3 Bulan", "0.45")
	jaka.Tenors = []int{3}
	investor := shares("Modal Penyertaan", "0.60")
	return []savings.ProductOpening{
		{Code: "POKOK", Akad: savings.Pokok, Control: "40101", Terms: savings.Terms{From: from, MinOpening: rupiah(100_000), Locked: true, Personal: true}},
		{Code: "WAJIB", Akad: savings.Wajib, Control: "40102", Terms: savings.Terms{From: from, Dues: rupiah(25_000), Locked: true, Personal: true}},
		{Code: "PANGGIL", Akad: savings.Wajib, Control: "40102", Terms: savings.Terms{From: from, Dues: rupiah(25_000), CallAccount: "40104"}},
		{Code: "KHUSUS", Akad: savings.WajibKhusus, Control: "40103", Terms: savings.Terms{From: from}},
		{Code: "SIWA", Akad: savings.Wadiah, Control: "20101", Terms: savings.Terms{From: from, MinOpening: rupiah(10_000), MinBalance: rupiah(10_000), Fees: fees, DormantMonths: 12}},
		{Code: "TITIPAN", Akad: savings.WadiahAmanah, Control: "20112", Terms: savings.Terms{From: from}},
		{Code: "PENDIDIKAN", Akad: savings.Wadiah, Control: "20103", Terms: savings.Terms{From: from, Goal: "pendidikan"}},
		{Code: "SIMUDA", Akad: savings.Mudharabah, Control: "30101", Terms: muda},
		{Code: "QURBAN", Akad: savings.Mudharabah, Control: "30104", Terms: qurban},
		{Code: "SIJAKA3", Akad: savings.Berjangka, Control: "30202", Terms: jaka},
		{Code: "MODAL", Akad: savings.Penyertaan, Control: "30402", Terms: investor},
	}
}

// newFullDesk returns a desk on the standard chart with one product for each
// akad, the usual policy, and the members M1 to M3, who joined on 5 January.
// Every book ends with Check finding nothing.
func newFullDesk(t testing.TB) (*ledger.Book, *savings.Desk) {
	t.Helper()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: ledger.StandardChart()})
	require.NoError(t, err)
	desk := savings.NewDesk(book)
	_, err = desk.SetPolicy(ctx, savings.PolicySetting{Key: "policy", Policy: standardPolicy()})
	require.NoError(t, err)
	for _, p := range standardProducts() {
		p.Key = "P/" + p.Code
		_, err := desk.AddProduct(ctx, p)
		require.NoError(t, err, p.Code)
	}
	for _, m := range []string{"M1", "M2", "M3"} {
		_, err := desk.Join(ctx, savings.Joining{Key: "J/" + m, Date: day(time.January, 5), Member: m, ApprovedBy: "pengurus"})
		require.NoError(t, err)
	}
	t.Cleanup(func() { requireSound(t, book) })
	return book, desk
}

// leaves lets a member leave.
func leaves(t testing.TB, desk *savings.Desk, number string, on ledger.Date) {
	t.Helper()
	_, err := desk.Leave(ctx, savings.Leaving{Key: "L/" + number, Date: on, Member: number, Reason: "pindah domisili"})
	require.NoError(t, err)
}

// requireLines compares an entry with a journal of the domain, line by line.
func requireLines(t testing.TB, p ledger.Posted, want ...ledger.Line) {
	t.Helper()
	require.Equal(t, want, p.Lines)
}

func debit(code string, amount int64) ledger.Line  { return ledger.Debit(code, rupiah(amount)) }
func credit(code string, amount int64) ledger.Line { return ledger.Credit(code, rupiah(amount)) }
