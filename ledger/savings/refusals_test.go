package savings_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata with what the code gives now")

// One proofread line for every refusal of the desk: its code and what a person
// at the counter reads.
func TestRefusalLines(t *testing.T) {
	book, desk := newFullDesk(t)
	on := day(time.March, 2)
	for _, m := range []string{"M1", "M2", "M3"} {
		opens(t, desk, m, "SIWA", "WAJIB", "POKOK")
		paysIn(t, desk, "D/"+m, m+"-SIWA", day(time.February, 1), 100_000)
		paysIn(t, desk, "P/"+m, m+"-POKOK", day(time.February, 1), 100_000)
	}
	opens(t, desk, "M1", "SIMUDA", "QURBAN", "PANGGIL")
	opens(t, desk, "M2", "SIMUDA")
	paysIn(t, desk, "D2/M2", "M2-SIMUDA", day(time.February, 1), 20_000)
	paysIn(t, desk, "DQ", "M1-QURBAN", day(time.February, 1), 20_000)
	join := func(number string, standing ledger.Standing) {
		_, err := desk.Join(ctx, savings.Joining{Key: "J/" + number, Date: day(time.January, 7), Member: number, Standing: standing, Identity: "digest " + number})
		require.NoError(t, err)
	}
	join("C1", ledger.Candidate)
	opens(t, desk, "C1", "SIWA")
	leaves(t, desk, "M3", day(time.March, 1))
	_, err := desk.Block(ctx, savings.Blocking{Key: "B", Date: day(time.February, 2), Account: "M2-SIWA", Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"})
	require.NoError(t, err)
	_, err = desk.Agree(ctx, savings.Agreement{Key: "N", Account: "M2-SIMUDA", Nisbah: savings.DatedRatio{From: on, Ratio: ratio("0.5")}, Document: "adendum"})
	require.NoError(t, err)

	var lines strings.Builder
	says := func(err error) {
		t.Helper()
		var r *savings.Refusal
		require.True(t, errors.As(err, &r), "%v", err)
		lines.WriteString(r.Code + "\t" + err.Error() + "\n")
	}
	join2 := func(j savings.Joining) { _, err := desk.Join(ctx, j); says(err) }
	join2(savings.Joining{Key: "X", Date: on})
	join2(savings.Joining{Key: "X", Date: day(time.February, 30), Member: "N"})
	join2(savings.Joining{Key: "X", Date: on, Member: "M1"})
	join2(savings.Joining{Key: "X", Date: on, Member: "N", Identity: "digest C1"})
	admit := func(a savings.Admission) { a.Key = "X"; _, err := desk.Admit(ctx, a); says(err) }
	admit(savings.Admission{Date: on, Member: "M1", ApprovedBy: "pengurus"})
	admit(savings.Admission{Date: on, Member: "M3", ApprovedBy: "pengurus"})
	admit(savings.Admission{Date: on, Member: "C1"})
	leave := func(l savings.Leaving) { l.Key = "X"; _, err := desk.Leave(ctx, l); says(err) }
	leave(savings.Leaving{Date: on, Member: "N", Reason: "pindah"})
	leave(savings.Leaving{Date: on, Member: "M1"})
	leave(savings.Leaving{Date: on, Member: "M1", Reason: "SK", Cause: savings.Expelled})
	leave(savings.Leaving{Date: on, Member: "M1", Reason: "wafat", Cause: savings.Deceased, Documents: []string{"akta"}})
	leave(savings.Leaving{Date: day(time.January, 1), Member: "M1", Reason: "pindah"})

	open := func(o savings.Opening) { o.Key = "X"; _, err := desk.Open(ctx, o); says(err) }
	open(savings.Opening{Date: on, Account: "N", Member: "M3", Product: "SIWA"})
	open(savings.Opening{Date: day(time.April, 8), Account: "N", Member: "C1", Product: "SIWA"})
	open(savings.Opening{Date: on, Account: "N", Member: "M1", Product: "SIWA", GoalDay: day(time.May, 1)})
	open(savings.Opening{Date: on, Account: "N", Member: "M1", Product: "SIWA", Running: &savings.Running{}})
	deposit := func(account string, on ledger.Date, amount int64) {
		_, err := desk.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: account, Amount: rupiah(amount), Counter: teller})
		says(err)
	}
	deposit("M1-SIMUDA", on, 19_999)
	deposit("M2-SIMUDA", on, 1_999)
	deposit("C1-SIWA", day(time.April, 8), 10_000)
	deposit("M3-SIWA", on, 10_000)
	withdraw := func(account string, amount int64, goal bool) {
		_, err := desk.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: account, Amount: rupiah(amount), Counter: teller, ForGoal: goal})
		says(err)
	}
	withdraw("M1-SIWA", 90_001, false)
	withdraw("M1-POKOK", 1, false)
	withdraw("M1-QURBAN", 1, false)
	withdraw("M1-SIWA", 1, true)
	_, err = desk.Transfer(ctx, savings.Transfer{Key: "X", Date: on, From: "M3-POKOK", To: "M1-SIWA", Amount: rupiah(1)})
	says(err)
	charge := func(account string, fee savings.Fee) {
		_, err := desk.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: account, Fee: fee})
		says(err)
	}
	charge("M1-SIMUDA", savings.MonthlyFee)
	charge("M1-POKOK", savings.MonthlyFee)
	charge("M1-SIWA", "stamp")
	convert := func(c savings.Conversion) { c.Key, c.Date = "X", on; _, err := desk.Convert(ctx, c); says(err) }
	convert(savings.Conversion{Account: "M1-SIWA", To: "N", Product: "SIMUDA"})
	convert(savings.Conversion{Account: "M1-SIWA", To: "N", Product: "PENDIDIKAN", Document: "akad"})
	convert(savings.Conversion{Account: "M1-SIWA", To: "N", Product: "KHUSUS", Document: "akad"})
	_, err = desk.Hold(ctx, savings.HoldPlacing{Key: "X", Date: on, Account: "M1-SIWA", Amount: rupiah(1)})
	says(err)
	block := func(b savings.Blocking) { b.Key, b.Date = "X", on; _, err := desk.Block(ctx, b); says(err) }
	block(savings.Blocking{Account: "M1-SIWA", Reason: "curiga", By: "manajer"})
	block(savings.Blocking{Account: "M2-SIWA", Block: ledger.FullBlock, Reason: "curiga", By: "manajer"})
	block(savings.Blocking{Account: "M1-SIWA", Block: ledger.FullBlock})
	_, err = desk.Unblock(ctx, savings.Unblocking{Key: "X", Date: on, Account: "M1-SIWA", Reason: "aman", By: "manajer"})
	says(err)
	agree := func(account, nisbah, document string, from ledger.Date) {
		_, err := desk.Agree(ctx, savings.Agreement{Key: "X", Account: account, Nisbah: savings.DatedRatio{From: from, Ratio: ratio(nisbah)}, Document: document})
		says(err)
	}
	agree("M1-SIWA", "0.5", "adendum", on)
	agree("M1-SIMUDA", "1.5", "adendum", on)
	agree("M1-SIMUDA", "0.5", "", on)
	agree("M2-SIMUDA", "0.6", "adendum", on)
	_, err = desk.MandateZakat(ctx, savings.ZakatMandate{Key: "X", Account: "M1-SIWA", Part: savings.DatedRatio{From: on, Ratio: ratio("0.025")}, Document: "kuasa"})
	says(err)
	mandate := func(m savings.DuesMandate) { m.Key, m.Date = "X", on; _, err := desk.MandateDues(ctx, m); says(err) }
	mandate(savings.DuesMandate{Account: "M1-WAJIB", From: "M1-SIWA"})
	mandate(savings.DuesMandate{Account: "M1-WAJIB", From: "M2-SIWA", Document: "kuasa"})
	mandate(savings.DuesMandate{Account: "M1-SIWA", From: "M1-SIMUDA", Document: "kuasa"})
	_, err = desk.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: "M1-WAJIB"})
	says(err)
	_, err = desk.CallDues(ctx, savings.DuesCall{Key: "X", Date: on, Account: "M1-WAJIB", Month: month(time.March)})
	says(err)
	_, err = desk.CallDues(ctx, savings.DuesCall{Key: "X", Date: on, Account: "M1-PANGGIL", Month: month(time.April)})
	says(err)

	settle := func(s savings.Settlement) { s.Key = "X"; _, err := desk.Settle(ctx, s); says(err) }
	settle(savings.Settlement{Date: on, Member: "M1"})
	settle(savings.Settlement{Date: day(time.February, 28), Member: "M3"})
	settle(savings.Settlement{Date: on, Member: "M3", SetOffs: []savings.SetOff{{Receivable: bank, Amount: rupiah(200_001)}}})
	settle(savings.Settlement{Date: on, Member: "M3", SetOffs: []savings.SetOff{{Receivable: bank, Amount: rupiah(1), Earned: rupiah(1)}}})
	settle(savings.Settlement{Date: on, Member: "M3", SetOffs: []savings.SetOff{{Receivable: bank, Amount: rupiah(1)}}})
	settle(savings.Settlement{Date: on, Member: "M3", Instalments: []savings.Instalment{{Due: on, Amount: rupiah(1)}}})
	claim := savings.ClaimPayment{Key: "X", Date: on, Member: "M3", Amount: rupiah(200_001), Counter: teller}
	_, err = desk.PayClaim(ctx, claim)
	says(err)
	_, err = desk.Settle(ctx, savings.Settlement{Key: "S", Date: on, Member: "M3"})
	require.NoError(t, err)
	_, err = desk.PayClaim(ctx, claim)
	says(err)
	_, err = desk.Explain(ctx, savings.Explanation{Key: "X", Date: on, Amount: rupiah(1), Reason: "a"})
	says(err)
	reverse := func(of, reason string) {
		_, err := desk.Reverse(ctx, savings.Reversal{Key: "X", Of: of, Date: on, Reason: reason})
		says(err)
	}
	reverse("D/M1", "")
	reverse("K-9", "salah")
	reverse("O/M1-SIWA", "salah")
	reverse("B", "salah")
	reverse("L/M3", "salah")
	reverse("D/M3", "salah")
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		_, err := savings.DuesIn(tx, "SIWA", on, false)
		says(err)
		_, err = savings.NominatifIn(tx, "SIWA", ledger.Date{})
		says(err)
		return nil
	}))
	goldenFile(t, "refusals.txt", lines.String())
}

// goldenFile compares got with testdata/name.
func goldenFile(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
