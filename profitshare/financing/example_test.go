package financing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// A loss of a musyarakah is borne by capital, whatever the nisbah.
func ExampleVenture_Split() {
	v := financing.Venture{
		Form: financing.Musyarakah, Nisbah: decimal.RequireFromString("0.20"),
		Owner: ledger.IDR.Of(70_000_000), Partner: ledger.IDR.Of(30_000_000), Rounding: ledger.RoundHalfUp, Step: ledger.IDR.Of(1),
	}
	for _, result := range []int64{10_000_000, -10_000_000} {
		d, err := v.Split(ledger.IDR.Of(result))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(ledger.IDR.FormatLocal(d.Owner), ledger.IDR.FormatLocal(d.Partner))
	}
	// Output:
	// 2.000.000 8.000.000
	// -7.000.000 -3.000.000
}

// Members' money in a business: the enterprise, the members, the cooperative.
func ExampleTwoTier_Split() {
	t := financing.TwoTier{
		Financing:  financing.Venture{Form: financing.Mudharabah, Nisbah: decimal.RequireFromString("0.80"), Rounding: ledger.RoundHalfUp, Step: ledger.IDR.Of(1)},
		Depositors: decimal.RequireFromString("0.80"),
	}
	tiers, err := t.Split(ledger.IDR.Of(20_000))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ledger.IDR.FormatLocal(tiers.Enterprise), ledger.IDR.FormatLocal(tiers.Depositors), ledger.IDR.FormatLocal(tiers.Kept))
	// Output: 4.000 12.800 3.200
}

// The policy in force on a day is data, with its source.
func ExamplePolicies_On() {
	policy, err := financing.PSAK405().On(ledger.On(2026, time.May, 1))
	fmt.Println(policy.Losses, policy.Gains, policy.Source, err)
	_, err = financing.PSAK405().On(ledger.On(2001, time.May, 1))
	fmt.Println(err)
	// Output:
	// allowance deferred PSAK 405 <nil>
	// financing: no accounting policy is in force on 2001-05-01
}

// A mudharabah from approval to the end, on a book.
func ExampleDesk() {
	ctx := context.Background()
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Clock: fixedClock(), Chart: chart()})
	if err != nil {
		fmt.Println(err)
		return
	}
	desk := financing.NewDesk(book, accounts, financing.PSAK405())
	teller := financing.Place{Account: "10102"}
	slip := func(key string, month time.Month, day int) financing.Slip {
		return financing.Slip{Key: key, Contract: "PMB-7", Date: ledger.On(2026, month, day)}
	}
	show := func(r financing.Result, err error) {
		fmt.Println(r.Event.Name, r.Contract.State, err)
		for _, line := range lines(r.Posted) {
			fmt.Println("   ", line)
		}
	}
	show(desk.Commit(ctx, financing.Commitment{Slip: slip("k1", 1, 5), Terms: financing.Terms{
		Contract: "PMB-7", Partner: ledger.Party{Member: "M00007", Standing: ledger.Member}, Business: "konveksi",
		Form: financing.Mudharabah, Capital: ledger.IDR.Of(20_000_000), Sharing: financing.ProfitSharing,
		Nisbah: decimal.RequireFromString("0.35"), Maturity: ledger.On(2026, 7, 5), Rounding: ledger.RoundHalfUp, Step: ledger.IDR.Of(1),
	}}))
	show(desk.Disburse(ctx, financing.Disbursement{Slip: slip("k2", 1, 6), Amount: ledger.IDR.Of(20_000_000), Place: teller}))
	report := financing.Report{Slip: slip("k3", 2, 2), From: ledger.On(2026, 1, 6), Through: ledger.On(2026, 1, 31),
		Revenue: ledger.IDR.Of(9_000_000), Cost: ledger.IDR.Of(5_000_000), Expenses: ledger.IDR.Of(1_000_000)}
	report.Document = "LAP-01"
	show(desk.Report(ctx, report))
	show(desk.Collect(ctx, financing.Collection{Slip: slip("k4", 2, 3), Claim: financing.ClaimShare, Amount: ledger.IDR.Of(1_050_000), Place: teller}))
	show(desk.End(ctx, financing.Ending{Slip: slip("k5", 7, 5), Due: ledger.IDR.Of(20_000_000), Paid: ledger.IDR.Of(20_000_000), Place: teller}))
	// Output:
	// commit committed <nil>
	//     Dr 99102/PMB-7 20.000.000
	//     Cr 99199 20.000.000
	// disburse running <nil>
	//     Dr 11201/PMB-7 20.000.000
	//     Cr 10102 20.000.000
	//     Dr 99199 20.000.000
	//     Cr 99102/PMB-7 20.000.000
	// report running <nil>
	//     Dr 11113/PMB-7 1.050.000
	//     Cr 50106 1.050.000
	// collect running <nil>
	//     Dr 10102 1.050.000
	//     Cr 11113/PMB-7 1.050.000
	// end closed <nil>
	//     Dr 10102 20.000.000
	//     Cr 11201/PMB-7 20.000.000
}

// The list of contracts, as a bookkeeper proofreads it.
func ExampleNominatif_Text() {
	var contracts []financing.Contract
	for _, a := range []financing.Adoption{running(mudharabah()), running(terms(financing.Musyarakah))} {
		e, err := financing.Contract{}.Adopt(a)
		if err != nil {
			fmt.Println(err)
			return
		}
		c, err := financing.Contract{}.Apply(e)
		if err != nil {
			fmt.Println(err)
			return
		}
		contracts = append(contracts, c)
	}
	if err := financing.ListOf(contracts).Text(os.Stdout, ledger.IDR); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Daftar Nominatif Pembiayaan Bagi Hasil
	//
	// Akad    Anggota  Bentuk      Keadaan  Nisbah  Jatuh tempo       Plafon  Belum cair    Investasi  Penyisihan  Nilai tercatat  Piutang BH  Modal jatuh tempo  Kelalaian
	// ------  -------  ----------  -------  ------  -----------  -----------  ----------  -----------  ----------  --------------  ----------  -----------------  ---------
	// PMB-1   M00001   mudharabah  running     0.4  2027-01-05   100.000.000  30.000.000   70.000.000   8.000.000      62.000.000   2.000.000                  0    500.000
	// PMB-1   M00001   musyarakah  running     0.4  2027-01-05   100.000.000  30.000.000   70.000.000   8.000.000      62.000.000   2.000.000                  0    500.000
	// ------  -------  ----------  -------  ------  -----------  -----------  ----------  -----------  ----------  --------------  ----------  -----------------  ---------
	// Jumlah                                                     200.000.000  60.000.000  140.000.000  16.000.000     124.000.000   4.000.000                  0  1.000.000
}

func TestNominatifCSV(t *testing.T) {
	_, desk := newDesk(t)
	does(t, desk, commit(mudharabah()), disburse(start, 60_000_000), agree(start, on(2026, 2, 1), "0.45"))
	list, err := desk.Nominatif(ctx, ledger.Date{})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, list.CSV(&b, ledger.IDR))
	require.Equal(t, `contract,partner,form,state,nisbah,maturity,agreed,commitment,invested,allowance,net,share_due,matured,fault
PMB-1,M00001,mudharabah,running,0.45,2027-01-05,100000000.00,40000000.00,60000000.00,0.00,60000000.00,0.00,0.00,0.00
`, b.String())
}

// FuzzStoredContract reads whatever stands in a store: a contract or an error,
// never a panic, and what was read is written and read alike.
func FuzzStoredContract(f *testing.F) {
	for _, form := range financing.Forms() {
		for _, life := range lives(form) {
			data, err := json.Marshal(run(f, life...))
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c financing.Contract
		if json.Unmarshal(data, &c) != nil {
			return
		}
		again, err := json.Marshal(c)
		if err != nil {
			return
		}
		var d financing.Contract
		require.NoError(t, json.Unmarshal(again, &d))
		twice, err := json.Marshal(d)
		require.NoError(t, err)
		require.Equal(t, string(again), string(twice))
		for _, command := range commands(financing.Mudharabah) {
			_, _ = command.pure(c) // refuses or decides, never panics
		}
	})
}
