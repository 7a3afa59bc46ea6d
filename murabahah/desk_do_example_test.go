package murabahah_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// paidLaptop is a desk with a laptop that is sold and has paid one instalment.
func paidLaptop(ctx context.Context) *murabahah.Desk {
	book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "kspps-melati", Currency: ledger.IDR, Chart: deskChart(), Clock: fixedClock()})
	try(err)
	desk := murabahah.NewDesk(book, accounts)
	january := func(day int) ledger.Date { return ledger.On(2026, time.January, day) }
	for _, command := range []murabahah.Command{
		murabahah.Ordering{Key: "SP-1", Date: january(2), Terms: laptop()},
		murabahah.Acquisition{Key: "BKK-1", Contract: "MRB-2026-001", Date: january(5), Cost: ledger.IDR.Of(8_000_000), Place: cash, Document: "FKT-88"},
		murabahah.Sale{Key: "AKAD-1", Contract: "MRB-2026-001", Date: january(6)},
		murabahah.Payment{Receipt: murabahah.Receipt{Key: "BKM-1", Contract: "MRB-2026-001", Date: january(31), Amount: ledger.IDR.Of(1_493_000), Place: cash}},
	} {
		_, err := desk.Do(ctx, command)
		try(err)
	}
	return desk
}

// A member whose business has closed gets other days for the rest. What is
// owed stays what it is.
func ExampleDesk_Do() {
	ctx := context.Background()
	desk := paidLaptop(ctx)
	revised, err := desk.Do(ctx, murabahah.Reschedule{
		Act:  murabahah.Act{Key: "ADD-1", Contract: "MRB-2026-001", Date: ledger.On(2026, time.March, 2), Note: "usaha tutup"},
		Kind: murabahah.Rescheduling,
		Plan: murabahah.Plan{Kind: murabahah.Level, Instalments: 10, FirstDue: ledger.On(2026, time.March, 31), Step: ledger.IDR.Of(1000), Rounding: ledger.RoundHalfUp},
	})
	try(err)
	schedule, err := revised.Contract.Schedule()
	try(err)
	first, last := schedule.Rows[0], schedule.Rows[9]
	fmt.Println("owed", ledger.IDR.FormatLocal(revised.Contract.Outstanding()))
	fmt.Println(first.Due, ledger.IDR.FormatLocal(first.Amount), "to", last.Due, ledger.IDR.FormatLocal(last.Amount))
	// Output:
	// owed 7.467.000
	// 2026-03-31 747.000 to 2026-12-31 744.000
}

// A payment was keyed in wrong and others have followed since.
func ExampleDesk_Correct() {
	ctx := context.Background()
	desk := paidLaptop(ctx)
	february := ledger.On(2026, time.February, 28)
	_, err := desk.Pay(ctx, murabahah.Receipt{Key: "BKM-2", Contract: "MRB-2026-001", Date: february, Amount: ledger.IDR.Of(1_493_000), Place: cash})
	try(err)
	right := murabahah.Receipt{Date: ledger.On(2026, time.January, 31), Amount: ledger.IDR.Of(1_943_000), Place: cash}
	corrected, err := desk.Correct(ctx, murabahah.Correction{
		Key: "KOR-1", Contract: "MRB-2026-001", Version: 4, Date: february, Reason: "salah ketik", Instead: murabahah.Payment{Receipt: right},
	})
	try(err)
	for _, e := range corrected.Events {
		fmt.Println(e, ledger.IDR.FormatLocal(e.Cash))
	}
	fmt.Println("collected", ledger.IDR.FormatLocal(corrected.Contract.Position.Collected))
	// Output:
	// reverse #6 on 2026-02-28 -1.493.000
	// reverse #7 on 2026-02-28 -1.493.000
	// pay #8 on 2026-01-31 1.943.000
	// pay #9 on 2026-02-28 1.493.000
	// collected 3.436.000
}

// Month end: who is behind, and what is set aside.
func ExampleDesk_Ageing() {
	ctx := context.Background()
	desk := paidLaptop(ctx)
	may := ledger.On(2026, time.May, 31)
	ageing, err := desk.Ageing(ctx, murabahah.DefaultCollectibility(ledger.On(2026, time.January, 1)), may, nil)
	try(err)
	try(ageing.InArrears(ledger.IDR).Text(os.Stdout))
	provided, err := desk.Provide(ctx, murabahah.Provision{Key: "PPAP-05", Date: may, Required: ageing.Total.Allowance})
	try(err)
	fmt.Println(provided.Posted.Memo, ledger.IDR.FormatLocal(provided.Movement))
	// Output:
	// Daftar tunggakan murabahah per 2026-05-31
	// Kontrak       Anggota  Sejak       Angsuran  Hari   Tunggakan  Kolektibilitas
	// MRB-2026-001  M00044   2026-02-28         3    92  4479000.00  KL
	// Jumlah                                             4479000.00
	// Pembentukan penyisihan piutang murabahah 677.394,30
}

// One payment of a member who has several contracts.
func ExampleSpread() {
	ctx := context.Background()
	contract, err := paidLaptop(ctx).Contract(ctx, "MRB-2026-001")
	try(err)
	other := contract
	other.Terms.Contract, other.Position.Collected, other.Position.Receivable = "MRB-2026-002", ledger.Money{}, other.Terms.SalePrice()
	shares, rest, err := murabahah.Spread([]murabahah.Contract{contract, other}, ledger.IDR.Of(2_000_000), ledger.On(2026, time.March, 1))
	try(err)
	for _, share := range shares {
		fmt.Println(share.Contract, ledger.IDR.FormatLocal(share.Amount))
	}
	fmt.Println("rest", ledger.IDR.FormatLocal(rest))
	// Output:
	// MRB-2026-001 507.000
	// MRB-2026-002 1.493.000
	// rest 0
}
