package savings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func text(t *testing.T, table savings.Table, english bool) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, table.Text(&b, english))
	return b.String()
}

func csvOf(t *testing.T, table savings.Table) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, table.CSV(&b))
	return b.String()
}

func TestRegisters(t *testing.T) {
	book, desk := newFullDesk(t)
	for _, m := range []string{"M1", "M2", "M3"} {
		opens(t, desk, m, "WAJIB", "SIMUDA")
	}
	paysIn(t, desk, "D1", "M1-SIMUDA", day(time.January, 10), 1_250_000)
	paysIn(t, desk, "D2", "M2-SIMUDA", day(time.February, 10), 20_000)
	paysIn(t, desk, "D3", "M2-SIMUDA", day(time.March, 10), 5_000)
	paysIn(t, desk, "D4", "M1-WAJIB", day(time.January, 10), 100_000)
	paysIn(t, desk, "D5", "M2-WAJIB", day(time.January, 10), 30_000)
	_, err := desk.MandateDues(ctx, savings.DuesMandate{Key: "MD", Date: day(time.January, 10), Account: "M3-WAJIB", From: "M3-SIMUDA", Document: "kuasa"})
	require.NoError(t, err)
	_, err = desk.Agree(ctx, savings.Agreement{Key: "N", Account: "M2-SIMUDA", Nisbah: savings.DatedRatio{From: day(time.January, 20), Ratio: ratio("0.475")}, Document: "adendum"})
	require.NoError(t, err)
	_, err = desk.Hold(ctx, savings.HoldPlacing{Key: "H1", Date: day(time.January, 15), Account: "M1-SIMUDA", Amount: rupiah(1_000_000), Until: day(time.June, 30), Reason: "jaminan", By: "manajer", Contract: "MRB-1"})
	require.NoError(t, err)
	_, err = desk.Block(ctx, savings.Blocking{Key: "B1", Date: day(time.January, 16), Account: "M3-SIMUDA", Block: ledger.DebitBlock, Until: day(time.February, 15), Reason: "buku hilang", By: "manajer"})
	require.NoError(t, err)
	_, err = desk.Block(ctx, savings.Blocking{Key: "B2", Date: day(time.January, 16), Account: "M3-SIMUDA", Block: ledger.FullBlock, Reason: "lagi", By: "manajer"})
	refused(t, err, savings.ErrState, "block.blocked")

	on := day(time.February, 28)
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		list, err := savings.NominatifIn(tx, "SIMUDA", on)
		require.NoError(t, err)
		require.Equal(t, `DAFTAR NOMINATIF SIMUDA
2026-02-28

Rekening   Anggota  Dibuka      Status  Nisbah      Saldo    Ditahan  Blokir  Mutasi terakhir
---------------------------------------------------------------------------------------------
M1-SIMUDA  M1       2026-01-10  active     0.4  1.250.000  1.000.000          2026-01-10
M2-SIMUDA  M2       2026-01-10  active   0.475     20.000          0          2026-03-10
M3-SIMUDA  M3       2026-01-10  opened     0.4          0          0  debit
---------------------------------------------------------------------------------------------
                                                1.270.000
`, text(t, list.Table(), false))
		control, err := tx.Balance("30101", "", ledger.EndOf(on))
		require.NoError(t, err)
		require.Equal(t, control.Neg(), list.Total, "the register is the control account")

		dues, err := savings.DuesIn(tx, "WAJIB", on, false)
		require.NoError(t, err)
		require.Equal(t, `account,member,mandate,paid_to,due,paid,arrears,current,age_1,age_2_3,age_4_6,age_7_12,age_over_12,ahead
M1-WAJIB,M1,,2026-02,50000.00,100000.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,50000.00
M2-WAJIB,M2,,2026-01,50000.00,30000.00,20000.00,20000.00,0.00,0.00,0.00,0.00,0.00,0.00
M3-WAJIB,M3,M3-SIMUDA,,50000.00,0.00,50000.00,25000.00,25000.00,0.00,0.00,0.00,0.00,0.00
`, csvOf(t, dues.Table()))
		arrears, err := savings.DuesIn(tx, "WAJIB", on, true)
		require.NoError(t, err)
		require.Len(t, arrears.Rows, 2)
		require.Len(t, arrears.Collector().Rows, 1, "who gave a mandate is not called upon")
		require.Equal(t, "M2-WAJIB", dues.Collector().Rows[0].Account)
		require.Contains(t, text(t, dues.Table(), true), "DUES AND ARREARS OF WAJIB")

		holds, err := savings.HoldsIn(tx, on)
		require.NoError(t, err)
		require.Equal(t, `account,member,key,block,amount,reason,by,from,until
M1-SIMUDA,M1,H1,,1000000.00,jaminan (MRB-1),manajer,2026-01-15,2026-06-30
M3-SIMUDA,M3,,debit,0.00,buku hilang,manajer,2026-01-16,2026-02-15
`, csvOf(t, holds.Table()))
		late, err := savings.HoldsIn(tx, day(time.July, 1))
		require.NoError(t, err)
		require.Len(t, late.Rows, 1, "the hold is over, the block waits to be lifted")
		expired, err := savings.ExpiredBlocks(tx, day(time.February, 16))
		require.NoError(t, err)
		require.Len(t, expired, 1)
		still, err := savings.ExpiredBlocks(tx, day(time.February, 15))
		require.NoError(t, err)
		require.Empty(t, still)

		_, err = savings.NominatifIn(tx, "X", on)
		refused(t, err, savings.ErrUnknown, "product.unknown")
		_, err = savings.DuesIn(tx, "SIMUDA", on, false)
		refused(t, err, savings.ErrCommand, "dues.akad")
		_, err = savings.HoldsIn(tx, ledger.Date{})
		refused(t, err, savings.ErrDate, "register.day")
		return nil
	}))
}

func TestRegisterOfMembers(t *testing.T) {
	_, desk := newFullDesk(t)
	var persons savings.MemoryPersons
	_, err := desk.Enrol(ctx, &persons, savings.Enrolment{Salt: salt,
		Joining: savings.Joining{Key: "J1", Date: day(time.January, 10), Member: "A1", ApprovedBy: "pengurus", Documents: []string{"formulir/1"}},
		Person: savings.Person{Name: "Siti Aminah", Identity: "3404011234560001", Address: "Jl. Melati 7", Occupation: "petani",
			Heirs: []savings.Heir{{Name: "Budi", Relation: "anak"}}}})
	require.NoError(t, err)
	_, err = desk.Join(ctx, savings.Joining{Key: "J2", Date: day(time.January, 12), Member: "C1", Standing: ledger.Candidate})
	require.NoError(t, err)
	leaves(t, desk, "M2", day(time.March, 1))
	_, err = desk.Leave(ctx, savings.Leaving{Key: "X", Date: day(time.March, 2), Member: "M3", Reason: "melanggar AD/ART", Cause: savings.Expelled, Documents: []string{"SK/3"}})
	require.NoError(t, err)
	r, err := desk.Register(ctx, &persons, day(time.May, 1))
	require.NoError(t, err)
	require.Equal(t, `no,number,name,identity,address,occupation,state,joined,admitted,approved_by,left,reason,heirs,documents
1,A1,Siti Aminah,3404011234560001,Jl. Melati 7,petani,active,2026-01-10,2026-01-10,pengurus,,,Budi (anak),formulir/1
2,C1,,,,,candidate,2026-01-12,,,,,,
3,M1,,,,,active,2026-01-05,2026-01-05,pengurus,,,,
4,M2,,,,,left,2026-01-05,2026-01-05,pengurus,2026-03-01,pindah domisili,,
5,M3,,,,,expelled,2026-01-05,2026-01-05,pengurus,2026-03-02,melanggar AD/ART,,SK/3
`, csvOf(t, r.Table()))
	require.Len(t, r.Overdue().Rows, 1)
	require.NoError(t, persons.Erase(ctx, "A1"))
	r, err = desk.Register(ctx, &persons, day(time.January, 11))
	require.NoError(t, err)
	require.Len(t, r.Rows, 4)
	require.Empty(t, r.Rows[0].Person.Name, "forgotten")
	r, err = desk.Register(ctx, nil, day(time.January, 11))
	require.NoError(t, err)
	require.Empty(t, r.Overdue().Rows)
}
