package shu_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/shu"
)

// The most copied example of a key adds up to 105%.
func ExampleKey_Allocate() {
	key := shu.Key{
		{Name: "Cadangan", Percent: decimal.NewFromInt(40), Use: shu.Reserve, Account: "40301"},
		{Name: "Jasa Anggota", Percent: decimal.NewFromInt(40), Use: shu.ForService, Account: "20203", Measure: "margin"},
		{Name: "Dana Pendidikan", Percent: decimal.NewFromInt(25), Use: shu.Fund, Account: "20701"},
	}
	_, err := key.Allocate(ledger.IDR.Of(50_000_000), ledger.IDR.Of(1))
	fmt.Println(err)
	// Output: shu: the items add up to 105%, not to exactly 100% (UU 25/1992 art. 45)
}

// Three members with equal capital share a million: what cannot be shared
// equally stays in the reserve.
func ExampleDivide() {
	division, err := shu.Divide(
		[]shu.Pool{
			{Name: "Jasa Modal", Amount: ledger.IDR.Of(1_000_000), Total: 30_000_000},
			{Name: "Jasa Usaha", Amount: ledger.IDR.Of(2_000_000), Total: 8_000_000},
		},
		[]shu.Member{
			{Member: "M1", Figures: []int64{10_000_000, 8_000_000}},
			{Member: "M2", Figures: []int64{10_000_000, 0}},
			{Member: "M3", Figures: []int64{10_000_000, 0}},
		}, ledger.IDR.Of(1), shu.LargestRests)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, share := range division.Shares {
		fmt.Println(share.Member, ledger.IDR.FormatLocal(share.Total))
	}
	fmt.Println("to the reserve", ledger.IDR.FormatLocal(division.Residue[0]))
	// Output:
	// M1 2.333.333
	// M2 333.333
	// M3 333.333
	// to the reserve 1
}

// What a meeting is asked to decide, as its members read it.
func ExamplePlan_Propose() {
	proposal, err := plan().Propose(members())
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := proposal.Text(os.Stdout, ledger.IDR); err != nil {
		fmt.Println(err)
	}
	fmt.Println()
	if err := proposal.MembersText(os.Stdout, ledger.IDR); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Pembagian SHU 2025
	//
	// Pos                            Akun   % anggota  Dari anggota  % lain  Dari lain  Sisa      Jumlah
	// -----------------------------  -----  ---------  ------------  ------  ---------  ----  ----------
	// Cadangan                       40301         25     2.500.000      40    800.000     2   3.300.002
	// Jasa Modal                     20203         20     2.000.000                  0    -2   1.999.998
	// Jasa Usaha                     20203         20     2.000.000                  0     0   2.000.000
	// Dana Pengurus                  20702         10     1.000.000      15    300.000     0   1.300.000
	// Dana Karyawan                  20703         10     1.000.000      15    300.000     0   1.300.000
	// Dana Pendidikan                20701          5       500.000      10    200.000     0     700.000
	// Dana Sosial                    20705          5       500.000      10    200.000     0     700.000
	// Zakat                          20503          5       500.000                  0     0     500.000
	// Dana Pembangunan Daerah Kerja  20704                        0      10    200.000     0     200.000
	// -----------------------------  -----  ---------  ------------  ------  ---------  ----  ----------
	// Jumlah                                             10.000.000          2.000.000     0  12.000.000
	//
	// SHU 2025 per anggota
	//
	// Anggota  Jasa Modal  Jasa Usaha     Jumlah
	// -------  ----------  ----------  ---------
	// M1          666.666   1.142.857  1.809.523
	// M2          666.666     857.143  1.523.809
	// M3          666.666           0    666.666
	// -------  ----------  ----------  ---------
	// Jumlah    1.999.998   2.000.000  3.999.998
}

func TestCSV(t *testing.T) {
	proposal, err := plan().Propose(members())
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, proposal.MembersCSV(&b, ledger.IDR))
	require.Equal(t, `member,Jasa Modal,Jasa Usaha,total
M1,666666.00,1142857.00,1809523.00
M2,666666.00,857143.00,1523809.00
M3,666666.00,0.00,666666.00
`, b.String())
	b.Reset()
	require.NoError(t, proposal.CSV(&b, ledger.IDR))
	require.Equal(t, []string{
		"item,account,member_percent,members,other_percent,others,residue,amount",
		"Cadangan,40301,25,2500000.00,40,800000.00,2.00,3300002.00",
		"Jasa Modal,20203,20,2000000.00,0,0.00,-2.00,1999998.00",
	}, strings.Split(b.String(), "\n")[:3])
	b.Reset()
	owed := slices.Values([]shu.Owed{{Account: "20203", Member: "M3", Amount: rp(666_666)}})
	require.NoError(t, shu.UnpaidCSV(&b, ledger.IDR, owed))
	require.Equal(t, "account,member,amount\n20203,M3,666666.00\n", b.String())
	b.Reset()
	require.NoError(t, shu.UnpaidText(&b, ledger.IDR, owed))
	require.Contains(t, b.String(), "Jumlah           666.666")
}

// The meeting's decision and its payment, on a book.
func ExampleDesk() {
	b := exampleBook()
	slip := func(key string, day int) shu.Slip {
		s := shu.Slip{Key: key, Year: 2025, Date: ledger.On(2026, 3, day)}
		s.Document = "Notulen RAT 2026"
		return s
	}
	decided, err := b.desk.Decide(ctx, shu.Decision{Slip: slip("RAT-2026", 15), Plan: plan(), Members: members()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(decided.Year.State, ledger.IDR.FormatLocal(decided.Year.Position.Payable), "to", decided.Event.Members, "members")
	paid, err := b.desk.Pay(ctx, shu.Payment{Slip: slip("BKK-17", 20), Payees: []shu.Payee{
		{Member: "M1", Place: ledger.Place{Account: "10102"}},
		{Member: "M2", Place: ledger.Place{Account: "30101", Sub: "M2-SIMUDA"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range lines(paid.Posted) {
		fmt.Println(line)
	}
	owed, err := b.desk.Payable(ctx, "M3")
	fmt.Println(owed[0].Year, ledger.IDR.FormatLocal(owed[0].Amount), err)
	// Output:
	// decided 3.999.998 to 3 members
	// Dr 20203/M1/2025 1.809.523
	// Cr 10102 1.809.523
	// Dr 20203/M2/2025 1.523.809
	// Cr 30101/M2-SIMUDA 1.523.809
	// 2025 666.666 <nil>
}

// exampleBook is a book with 12 million of 2025 not yet decided on.
func exampleBook() *book {
	b := uncheckedBook(&testing.T{})
	b.result(2025, 12_000_000)
	return b
}
