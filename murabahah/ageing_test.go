package murabahah_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// portfolio sells four contracts of which each is further behind.
func portfolio(t testing.TB, desk *murabahah.Desk) {
	for i, paid := range []int64{8_665_000, 5_199_000, 1_733_000, 0} { // of five fallen due by the end of May
		id := fmt.Sprint("MRB-", i+1)
		terms := motor(murabahah.Annuity)
		terms.Contract, terms.Buyer.Member, terms.DownPayment = id, fmt.Sprint("M0000", i+1), none
		does(t, desk, order("O"+id, terms))
		_, err := desk.Acquire(ctx, murabahah.Acquisition{Key: "A" + id, Contract: id, Date: start, Cost: terms.Cost, Place: cash, Document: "FKT"})
		require.NoError(t, err)
		_, err = desk.Sell(ctx, murabahah.Sale{Key: "S" + id, Contract: id, Date: start})
		require.NoError(t, err)
		if paid > 0 {
			_, err = desk.Pay(ctx, murabahah.Receipt{Key: "P" + id, Contract: id, Date: start, Amount: ledger.IDR.Of(paid), Place: cash})
			require.NoError(t, err)
		}
	}
	_, err := desk.Do(ctx, murabahah.Judge{Act: murabahah.Act{Key: "J", Contract: "MRB-4", Date: ledger.On(2026, 5, 31), Note: "usaha tutup", Approver: "Pengurus"}, Class: murabahah.Loss})
	require.NoError(t, err)
}

// Month end: every contract in its class, by its arrears or by judgment; what
// must be set aside after collateral; the share that does not perform; the
// movement of the allowance, posted once.
func TestAgeing(t *testing.T) {
	book, desk := newDesk(t)
	portfolio(t, desk)
	may, rp := ledger.On(2026, 5, 31), ledger.IDR.Of
	policy := murabahah.DefaultCollectibility(start)
	collateral := map[string]ledger.Money{"MRB-3": rp(10_000_000)}
	a, err := desk.Ageing(ctx, policy, may.Next(), collateral)
	require.NoError(t, err)
	var classes []string
	for _, row := range a.Rows {
		classes = append(classes, fmt.Sprint(row.Contract, " ", row.Class, " ", row.Arrears.Instalments, " ", row.Judged))
		require.Equal(t, row.Outstanding.Sub(row.Deferred), row.Net)
	}
	require.Equal(t, []string{"MRB-1 L 1 false", "MRB-2 KL 3 false", "MRB-3 D 5 false", "MRB-4 M 5 true"}, classes)
	var sum ledger.Money
	for i, total := range a.Totals {
		require.Equal(t, murabahah.Classes()[i], total.Class)
		require.Equal(t, 1, total.Contracts)
		sum = sum.Add(total.Allowance)
	}
	require.Equal(t, a.Total.Allowance, sum)
	want, err := policy.Allowance(murabahah.Exposure{Class: "D", Net: a.Rows[2].Net, Collateral: rp(10_000_000)})
	require.NoError(t, err)
	require.Equal(t, want, a.Rows[2].Allowance, "after eligible collateral")
	require.Equal(t, a.Rows[3].Net, a.Rows[3].Allowance)
	npf := a.NPF()
	require.Equal(t, a.Rows[1].Net.Add(a.Rows[2].Net).Add(a.Rows[3].Net), npf.Problem)
	require.Equal(t, "0.7989", npf.Gross(4).String())
	require.True(t, npf.Net(4).Cmp(npf.Gross(4)) < 0)
	require.True(t, murabahah.NPF{}.Gross(2).IsZero())

	// As it was before it was judged: the contract as of that day.
	before, err := desk.Ageing(ctx, policy, may.Prev(), nil)
	require.NoError(t, err)
	require.False(t, before.Rows[3].Judged)
	require.Equal(t, murabahah.Doubtful, before.Rows[3].Class)

	// J29: set up, set up further, released; each posted once.
	provide := func(key string, required ledger.Money) murabahah.Provided {
		t.Helper()
		done, err := desk.Provide(ctx, murabahah.Provision{Key: key, Date: may, Required: required})
		require.NoError(t, err)
		return done
	}
	first := provide("V1", rp(1_000_000))
	require.Equal(t, []string{"60501 1000000.00", "11301 -1000000.00"}, linesOn(first.Posted), "J29")
	more := provide("V2", rp(1_500_000))
	require.Equal(t, []ledger.Money{rp(1_000_000), rp(500_000)}, []ledger.Money{more.Held, more.Movement})
	less := provide("V3", rp(900_000))
	require.Equal(t, []string{"50502 -600000.00", "11301 600000.00"}, linesOn(less.Posted), "J29 released")
	again := provide("V2", rp(1_500_000))
	require.True(t, again.Posted.Repeat)
	require.Equal(t, []ledger.Money{rp(1_000_000), rp(500_000)}, []ledger.Money{again.Held, again.Movement})
	require.Zero(t, provide("V4", rp(900_000)).Posted, "nothing to move")
	_, err = desk.Provide(ctx, murabahah.Provision{Key: "V5", Date: may, Required: rp(-1)})
	require.ErrorIs(t, err, murabahah.ErrAmount)
	_, err = desk.Provide(ctx, murabahah.Provision{Key: "V5", Required: rp(1)})
	require.ErrorIs(t, err, murabahah.ErrDate)
	without := accounts
	without.AllowanceCost = ""
	_, err = murabahah.NewDesk(book, without).Provide(ctx, murabahah.Provision{Key: "V5", Date: may, Required: rp(1)})
	require.ErrorIs(t, err, murabahah.ErrRole)
}

// Debts past due without any procedure: the lists say who, since when and how much.
func TestMistakeNoAgeing(t *testing.T) {
	_, desk := newDesk(t)
	portfolio(t, desk)
	a, err := desk.Ageing(ctx, murabahah.DefaultCollectibility(start), ledger.On(2026, 6, 1), nil)
	require.NoError(t, err)
	requireTable(t, a.InArrears(ledger.IDR), `Daftar tunggakan murabahah per 2026-06-01
Kontrak  Anggota  Sejak       Angsuran  Hari    Tunggakan  Kolektibilitas
MRB-1    M00001   2026-05-31         1     1   1670000.00  L
MRB-2    M00002   2026-03-31         3    62   5136000.00  KL
MRB-3    M00003   2026-01-31         5   121   8602000.00  D
MRB-4    M00004   2026-01-31         5   121  10335000.00  M*
Jumlah                                        25743000.00
`, `Kontrak,Anggota,Sejak,Angsuran,Hari,Tunggakan,Kolektibilitas
MRB-1,M00001,2026-05-31,1,1,1670000.00,L
MRB-2,M00002,2026-03-31,3,62,5136000.00,KL
MRB-3,M00003,2026-01-31,5,121,8602000.00,D
MRB-4,M00004,2026-01-31,5,121,10335000.00,M*
Jumlah,,,,,25743000.00,
`)
	require.Len(t, a.Nominatif(ledger.IDR).Rows, 4)
	requireTable(t, a.ByClass(ledger.IDR), "", "")
	c, err := desk.Contract(ctx, "MRB-2")
	require.NoError(t, err)
	due, err := c.DueTable(ledger.On(2026, 6, 1))
	require.NoError(t, err)
	require.Len(t, due, 5)
	require.Equal(t, []int{0, 0, 62, 32, 1}, []int{due[0].Days, due[1].Days, due[2].Days, due[3].Days, due[4].Days})
}

// requireTable compares what is printed; a table without either must have a
// cell for each column all the same.
func requireTable(t testing.TB, table murabahah.Table, text, csv string) {
	t.Helper()
	for _, row := range table.Rows {
		require.Len(t, row, len(table.Columns))
	}
	require.Contains(t, []int{0, len(table.Columns)}, len(table.Foot))
	var printed, separated, english strings.Builder
	require.NoError(t, table.Text(&printed))
	require.NoError(t, table.CSV(&separated))
	require.NoError(t, table.English().Text(&english))
	require.True(t, strings.HasPrefix(english.String(), table.TitleEn+"\n"))
	if text != "" {
		require.Equal(t, text, printed.String())
		require.Equal(t, csv, separated.String())
	}
}

// The card and the disclosure, as the member gets them.
func TestCardAndDisclosure(t *testing.T) {
	terms := motor(murabahah.Annuity)
	terms.Goods, terms.Plan.Instalments = "=Motor", 2
	b := newBook(t).order(terms).acquire().sell()
	b.pay(ledger.IDR.Of(10_500_000))
	b.does(murabahah.Delivery{Act: act(b.contract)})
	card, err := b.contract.Card()
	require.NoError(t, err)
	requireTable(t, card.Table(ledger.IDR), `Kartu angsuran MRB-1
No  Jatuh tempo     Angsuran       Pokok      Margin      Dibayar  Potongan         Sisa
 1  2026-01-31   10400000.00  7291729.00  3108271.00  10400000.00      0.00         0.00
 2  2026-02-28   10400000.00  8708271.00  1691729.00    100000.00      0.00  10300000.00
    Jumlah                                            10500000.00      0.00  10300000.00
`, `No,Jatuh tempo,Angsuran,Pokok,Margin,Dibayar,Potongan,Sisa
1,2026-01-31,10400000.00,7291729.00,3108271.00,10400000.00,0.00,0.00
2,2026-02-28,10400000.00,8708271.00,1691729.00,100000.00,0.00,10300000.00
,Jumlah,,,,10500000.00,0.00,10300000.00
`)
	sheet, err := b.contract.Disclosure(ledger.IDR)
	require.NoError(t, err)
	requireTable(t, sheet, `Lembar keterbukaan harga dan serah terima
Hal                      Keterangan
Kontrak                  MRB-1
Pembeli                  M00001
Barang                   =Motor
Harga perolehan          20000000.00
Margin                   4800000.00
Harga jual               24800000.00
Uang muka                4000000.00
Sisa yang diangsur       20800000.00
Jumlah angsuran          2
Angsuran pertama         10400000.00, 2026-01-31
Angsuran terakhir        10400000.00, 2026-02-28
Pelunasan dipercepat     margin masa yang belum berjalan dipotong, menurut angsuran jatuh tempo (DSN-MUI 153/2022)
Bukti penguasaan barang  FKT-1
Akad                     2026-01-05
Barang diserahkan        2026-01-05
`, `Hal,Keterangan
Kontrak,MRB-1
Pembeli,M00001
Barang,'=Motor
Harga perolehan,20000000.00
Margin,4800000.00
Harga jual,24800000.00
Uang muka,4000000.00
Sisa yang diangsur,20800000.00
Jumlah angsuran,2
Angsuran pertama,"10400000.00, 2026-01-31"
Angsuran terakhir,"10400000.00, 2026-02-28"
Pelunasan dipercepat,"margin masa yang belum berjalan dipotong, menurut angsuran jatuh tempo (DSN-MUI 153/2022)"
Bukti penguasaan barang,FKT-1
Akad,2026-01-05
Barang diserahkan,2026-01-05
`)
	_, err = newBook(t).contract.Disclosure(ledger.IDR)
	require.ErrorIs(t, err, murabahah.ErrState)
}

// BenchmarkAgeing is a month end over many contracts, in memory as the book
// keeps them: the arrears, classes and allowances of all.
func BenchmarkAgeing(b *testing.B) {
	const contracts = 100_000
	var kinds []murabahah.Contract
	for i, n := range []int{12, 24, 36, 60} {
		terms := motor([]murabahah.Method{murabahah.Proportional, murabahah.Annuity}[i%2])
		terms.Plan.Instalments = n
		kinds = append(kinds, newBook(b).order(terms).acquire().sell().pay(ledger.IDR.Of(int64(i)*900_000+1)).contract)
	}
	all := iter.Seq2[murabahah.Contract, error](func(yield func(murabahah.Contract, error) bool) {
		for i := range contracts {
			if !yield(kinds[i%len(kinds)], nil) {
				return
			}
		}
	})
	policy := murabahah.DefaultCollectibility(start)
	b.ReportAllocs()
	for b.Loop() {
		a, err := murabahah.Age(all, policy, ledger.On(2026, 6, 30), nil)
		if err != nil || len(a.Rows) != contracts {
			b.Fatal(err)
		}
	}
}

// BenchmarkDeskAgeing is the same out of a book, whose records are read.
func BenchmarkDeskAgeing(b *testing.B) {
	const contracts = 5_000
	book := newLedger(b, ledger.NewMemory())
	desk := murabahah.NewDesk(book, accounts)
	require.NoError(b, book.Update(ctx, func(tx *ledger.Tx) error {
		for i := range contracts {
			id := fmt.Sprint("MRB-", i)
			terms := motor([]murabahah.Method{murabahah.Proportional, murabahah.Annuity}[i%2])
			terms.Contract, terms.DownPayment, terms.Plan.Instalments = id, none, []int{12, 24, 36, 60}[i%4]
			for _, command := range []murabahah.Command{
				murabahah.Ordering{Key: "O" + id, Date: start, Terms: terms},
				murabahah.Acquisition{Key: "A" + id, Contract: id, Date: start, Cost: terms.Cost, Place: cash, Document: "FKT"},
				murabahah.Sale{Key: "S" + id, Contract: id, Date: start},
			} {
				if _, err := desk.DoTx(tx, command); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	policy := murabahah.DefaultCollectibility(start)
	b.ReportAllocs()
	for b.Loop() {
		a, err := desk.Ageing(ctx, policy, ledger.On(2026, 6, 30), nil)
		if err != nil || len(a.Rows) != contracts {
			b.Fatal(err, len(a.Rows))
		}
	}
}
