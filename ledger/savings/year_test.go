package savings_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// A random year at the desk: whatever is asked for, replaying the events gives
// the stored states, the accounts of all products are their control accounts
// every day, nothing is ever below zero, also not once what comes late is in,
// and only fees and reversals take an account below its minimum.
func TestRandomYear(t *testing.T) {
	done := runYear(t, 8) // a seed whose year is known to have something of everything
	for _, name := range []string{"join", "admit", "open", "deposit", "withdraw", "transfer", "charge", "dues", "hold", "release", "block", "unblock",
		"reverse", "leave", "die", "settle", "claim", "close", "convert", "agree", "batch", "dormant", "reactivate",
		"agree a term", "place", "roll over", "mature", "break", "collect", "instruct", "share", "late deposit", "late withdrawal", "list", "redirect", "new terms"} {
		require.Positive(t, done[name], "no %s was ever taken", name)
	}
	runYear(t, rand.Uint64())
}

// runYear returns how many commands of each name were taken.
func runYear(t *testing.T, seed uint64) map[string]int {
	t.Logf("seed %d", seed)
	y := &randomYear{t: t, r: rand.New(rand.NewPCG(seed, 5)), excused: make(map[string]bool), done: make(map[string]int)}
	y.book, y.desk = newTermDesk(t)
	for _, p := range standardProducts() {
		if p.Code == "SIWA" || p.Code == "SIMUDA" {
			p.Terms.From, p.Terms.DormantMonths = day(time.January, 2), 2
			_, err := y.desk.ChangeProduct(ctx, savings.ProductChange{Key: "dormant/" + p.Code, Code: p.Code, Terms: p.Terms})
			require.NoError(t, err)
		}
	}
	y.members = []string{"M1", "M2", "M3"}
	for on := day(time.January, 6); !on.After(day(time.December, 31)); on = on.Next() {
		for range 1 + y.r.IntN(6) {
			y.n++
			y.key = fmt.Sprintf("K%d", y.n)
			y.command(on)
		}
		y.sleep(on)
		y.matures(on)
		y.endOfDay(on, seed)
	}
	y.floors(seed)
	return y.done
}

type randomYear struct {
	t       *testing.T
	r       *rand.Rand
	book    *ledger.Book
	desk    *savings.Desk
	n       int
	key     string
	members []string
	account []string
	keys    []string // of commands that were taken
	holds   []string
	marked  []string        // accounts that were marked dormant
	excused map[string]bool // accounts that a rule let below their minimum
	done    map[string]int
}

func pick(r *rand.Rand, list []string) string {
	if len(list) == 0 {
		return "nobody"
	}
	return list[r.IntN(len(list))]
}

func (y *randomYear) amount() ledger.Money { return rupiah(int64(1_000 * y.r.IntN(300))) }

// command asks for something at random; what is refused must be a refusal.
func (y *randomYear) command(on ledger.Date) {
	y.t.Helper()
	ask := y.ask
	if y.r.IntN(5) == 0 {
		ask = y.askTerms
	}
	name, err := ask(on)
	var ours *savings.Refusal
	var books *ledger.Refusal
	if err != nil {
		require.True(y.t, errors.As(err, &ours) || errors.As(err, &books), "%s on %s: %v", name, on, err)
		return
	}
	y.done[name]++
	y.keys = append(y.keys, y.key)
}

func (y *randomYear) ask(on ledger.Date) (string, error) {
	who, account, other := pick(y.r, y.members), pick(y.r, y.account), pick(y.r, y.account)
	switch n := y.r.IntN(100); {
	case n < 4:
		number := fmt.Sprintf("N%d", y.n)
		standing := ledger.Member
		if y.r.IntN(2) == 0 {
			standing = ledger.Candidate
		}
		_, err := y.desk.Join(ctx, savings.Joining{Key: y.key, Date: on, Member: number, Standing: standing})
		y.members = append(y.members, number)
		return "join", err
	case n < 6:
		_, err := y.desk.Admit(ctx, savings.Admission{Key: y.key, Date: on, Member: who, ApprovedBy: "pengurus"})
		return "admit", err
	case n < 18:
		product := pick(y.r, []string{"POKOK", "WAJIB", "PANGGIL", "KHUSUS", "SIWA", "SIWA", "SIMUDA", "SIMUDA", "QURBAN"})
		id := fmt.Sprintf("%s-%s-%d", who, product, y.n)
		_, err := y.desk.Open(ctx, savings.Opening{Key: y.key, Date: on, Account: id, Member: who, Product: product})
		if err == nil {
			y.account = append(y.account, id)
		}
		return "open", err
	case n < 20:
		_, err := y.desk.Deposit(ctx, savings.Deposit{Key: y.key, Date: on, Account: account, Amount: y.amount(), Counter: bank, Batch: true})
		return "batch", err
	case n < 45:
		_, err := y.desk.Deposit(ctx, savings.Deposit{Key: y.key, Date: on, Account: account, Amount: y.amount(), Counter: teller})
		return "deposit", err
	case n < 58:
		_, err := y.desk.Withdraw(ctx, savings.Withdrawal{Key: y.key, Date: on, Account: account, Amount: y.amount(), Counter: teller})
		return "withdraw", err
	case n < 64:
		_, err := y.desk.Transfer(ctx, savings.Transfer{Key: y.key, Date: on, From: account, To: other, Amount: y.amount()})
		return "transfer", err
	case n < 68:
		r, err := y.desk.Charge(ctx, savings.Charge{Key: y.key, Date: on, Account: account, Fee: savings.MonthlyFee})
		y.excuse(r.Posted)
		return "charge", err
	}
	return y.askMore(on, who, account, other)
}

// sleep marks what is due, and compares every account with what its own
// movements say.
func (y *randomYear) sleep(on ledger.Date) {
	marked, err := y.desk.MarkAllDormant(ctx, savings.DormancyRun{Key: "dormant/" + on.String(), Date: on})
	require.NoError(y.t, err)
	for _, one := range marked {
		require.NoError(y.t, one.Refused)
		y.done["dormant"]++
		y.marked = append(y.marked, one.Account)
		y.keys = append(y.keys, "dormant/"+on.String()+"/"+one.Account)
	}
	if on.Day() != 15 {
		return
	}
	require.NoError(y.t, y.book.View(ctx, func(tx *ledger.Tx) error {
		for a, err := range savings.Accounts(tx, "") {
			if err != nil {
				return err
			}
			m, _, err := savings.MemberIn(tx, a.Member)
			if err != nil {
				return err
			}
			last, err := savings.LastOwnIn(tx, a.ID)
			if err != nil {
				return err
			}
			sleeps := (a.Product == "SIWA" || a.Product == "SIMUDA") && a.Status != savings.Closed && !m.LeftOn(on) && !on.Before(last.AddMonths(2))
			if sleeps || a.Dormant.Since.IsZero() {
				require.Equal(y.t, sleeps, !a.Dormant.Since.IsZero(), "%s on %s, moved on %s", a.ID, on, last)
			}
		}
		return nil
	}))
}

func (y *randomYear) askMore(on ledger.Date, who, account, other string) (string, error) {
	switch n := y.r.IntN(100); {
	case n < 12:
		return "dues", y.dues(on, pick(y.r, y.like("WAJIB", "PANGGIL")))
	case n < 14:
		_, err := y.desk.Reactivate(ctx, savings.Reactivation{Key: y.key, Date: on, Account: pick(y.r, y.marked), Reason: "datang", By: "manajer"})
		return "reactivate", err
	case n < 20:
		_, err := y.desk.Hold(ctx, savings.HoldPlacing{Key: y.key, Date: on, Account: account, Amount: y.amount(), Until: on.AddDays(y.r.IntN(60)), Reason: "jaminan", By: "manajer"})
		if err == nil {
			y.holds = append(y.holds, y.key)
		}
		return "hold", err
	case n < 26:
		_, err := y.desk.Release(ctx, savings.HoldRelease{Key: y.key, Hold: pick(y.r, y.holds), Reason: "lunas", By: "manajer"})
		return "release", err
	case n < 32:
		block := []ledger.Block{ledger.DebitBlock, ledger.CreditBlock, ledger.FullBlock}[y.r.IntN(3)]
		_, err := y.desk.Block(ctx, savings.Blocking{Key: y.key, Date: on, Account: account, Block: block, Reason: "buku hilang", By: "manajer"})
		return "block", err
	case n < 40:
		_, err := y.desk.Unblock(ctx, savings.Unblocking{Key: y.key, Date: on, Account: account, Reason: "ditemukan", By: "manajer"})
		return "unblock", err
	case n < 48:
		_, err := y.desk.Agree(ctx, savings.Agreement{Key: y.key, Account: account, Nisbah: savings.DatedRatio{From: on, Ratio: ratio("0.5")}, Document: "adendum"})
		return "agree", err
	case n < 62:
		r, err := y.desk.Reverse(ctx, savings.Reversal{Key: y.key, Of: pick(y.r, y.keys), Date: on, Reason: "keliru"})
		y.excuse(r.Posted)
		return "reverse", err
	case n < 70:
		_, err := y.desk.Close(ctx, savings.Closing{Key: y.key, Date: on, Account: account, Counter: teller})
		return "close", err
	case n < 78:
		id := fmt.Sprintf("%s-CONV-%d", who, y.n)
		product := pick(y.r, []string{"SIWA", "SIMUDA"})
		account = pick(y.r, y.like("SIWA", "SIMUDA"))
		_, err := y.desk.Convert(ctx, savings.Conversion{Key: y.key, Date: on, Account: account, To: id, Product: product, Document: "akad"})
		if err == nil {
			y.account = append(y.account, id)
		}
		return "convert", err
	case n < 82:
		_, err := y.desk.Leave(ctx, savings.Leaving{Key: y.key, Date: on, Member: who, Reason: "pindah"})
		return "leave", err
	case n < 84:
		_, err := y.desk.Die(ctx, savings.Death{Key: y.key, Date: on, Known: on, Member: who, Documents: []string{"akta"}, By: "manajer"})
		return "die", err
	case n < 92:
		_, err := y.desk.Settle(ctx, savings.Settlement{Key: y.key, Date: on, Member: who})
		return "settle", err
	}
	return "claim", y.claim(on, who)
}

// excuse notes whose accounts a rule may have let below their minimum.
func (y *randomYear) excuse(p ledger.Posted) {
	for _, line := range p.Lines {
		y.excused[line.Sub] = true
	}
}

// like lists the accounts of products.
func (y *randomYear) like(products ...string) (list []string) {
	for _, id := range y.account {
		for _, product := range products {
			if strings.Contains(id, "-"+product+"-") {
				list = append(list, id)
			}
		}
	}
	return list
}

func (y *randomYear) dues(on ledger.Date, wajib string) error {
	switch y.r.IntN(3) {
	case 0:
		_, err := y.desk.CallDues(ctx, savings.DuesCall{Key: y.key, Date: on, Account: wajib, Month: on.Month().Add(-y.r.IntN(3))})
		return err
	case 1:
		_, err := y.desk.CollectDues(ctx, savings.DuesCollection{Key: y.key, Date: on, Account: wajib})
		return err
	}
	holder, _, _ := strings.Cut(wajib, "-")
	from := "nobody"
	for _, id := range y.like("SIWA", "SIMUDA") {
		if strings.HasPrefix(id, holder+"-") {
			from = id
		}
	}
	_, err := y.desk.MandateDues(ctx, savings.DuesMandate{Key: y.key, Date: on, Account: wajib, From: from, Document: "kuasa"})
	return err
}

func (y *randomYear) claim(on ledger.Date, who string) error {
	var owed ledger.Money
	require.NoError(y.t, y.book.View(ctx, func(tx *ledger.Tx) error {
		for sub, err := range tx.Subs("20204", "") {
			if err != nil {
				return err
			}
			if !sub.Last.IsZero() {
				who, owed = sub.Sub, sub.Last
			}
		}
		return nil
	}))
	_, err := y.desk.PayClaim(ctx, savings.ClaimPayment{Key: y.key, Date: on, Member: who, Amount: owed.Neg(), Counter: teller, Payee: "ahli waris", Document: "surat"})
	return err
}

func (y *randomYear) endOfDay(on ledger.Date, seed uint64) {
	y.t.Helper()
	require.NoError(y.t, y.book.View(ctx, func(tx *ledger.Tx) error {
		controls := make(map[string]ledger.Money)
		for p, err := range savings.Products(tx) {
			require.NoError(y.t, err)
			list, err := savings.NominatifIn(tx, p.Code, on)
			require.NoError(y.t, err)
			controls[p.Control] = controls[p.Control].Add(list.Total)
			terms, _ := p.On(on)
			for _, row := range list.Rows {
				require.GreaterOrEqual(y.t, row.Balance.Sign(), 0, "seed %d: %s on %s", seed, row.Account, on)
				if row.Status == savings.Active && !y.excused[row.Account] {
					require.False(y.t, row.Balance.Less(terms.MinBalance), "seed %d: %s has %s on %s", seed, row.Account, row.Balance, on)
				}
			}
		}
		for code, total := range controls {
			control, err := tx.Balance(code, "", ledger.EndOf(on))
			require.NoError(y.t, err)
			require.Equal(y.t, control.Neg(), total, "seed %d: %s on %s", seed, code, on)
		}
		return nil
	}))
	if on == on.Month().Last() {
		requireSound(y.t, y.book)
	}
}
