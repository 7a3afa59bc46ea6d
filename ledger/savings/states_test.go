package savings_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// meets carries a command out and requires what is expected: nil writes, an
// error changes nothing.
func meets(t *testing.T, book *ledger.Book, want error, do func() error) {
	t.Helper()
	before, err := book.Head(ctx)
	require.NoError(t, err)
	err = do()
	after, headErr := book.Head(ctx)
	require.NoError(t, headErr)
	if want == nil {
		require.NoError(t, err)
		require.NotEqual(t, before.Change, after.Change)
		return
	}
	require.ErrorIs(t, err, want)
	require.Equal(t, before, after, "a refused command changes nothing")
}

// Every status of an account meets every command beyond deposits, withdrawals,
// transfers and closings, which have a table of their own.
func TestStatusAndFurtherCommands(t *testing.T) {
	const account = "M1-SIMUDA"
	on := day(time.March, 1)
	reach := map[savings.Status]func(*testing.T, *savings.Desk){
		savings.Unopened: func(*testing.T, *savings.Desk) {},
		savings.Opened:   func(t *testing.T, desk *savings.Desk) { opens(t, desk, "M1", "SIMUDA") },
		savings.Active: func(t *testing.T, desk *savings.Desk) {
			opens(t, desk, "M1", "SIMUDA")
			paysIn(t, desk, "T1", account, day(time.February, 1), 100_000)
		},
		savings.Closed: func(t *testing.T, desk *savings.Desk) {
			opens(t, desk, "M1", "SIMUDA")
			paysIn(t, desk, "T1", account, day(time.February, 1), 100_000)
			_, err := desk.Close(ctx, savings.Closing{Key: "C", Date: day(time.February, 2), Account: account, Counter: teller})
			require.NoError(t, err)
		},
	}
	unknown, state := savings.ErrUnknown, savings.ErrState
	for _, command := range []struct {
		name string
		do   func(*savings.Desk) error
		want map[savings.Status]error // an unopened account is unknown, a closed one not in this state
	}{
		{"charge", func(d *savings.Desk) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: account, Fee: savings.MonthlyFee})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrMinBalance, savings.Active: nil}},
		{"charge in cash", func(d *savings.Desk) error {
			_, err := d.Charge(ctx, savings.Charge{Key: "X", Date: on, Account: account, Fee: savings.PassbookFee, Counter: teller})
			return err
		}, map[savings.Status]error{savings.Opened: nil, savings.Active: nil}},
		{"convert", func(d *savings.Desk) error {
			_, err := d.Convert(ctx, savings.Conversion{Key: "X", Date: on, Account: account, To: "N", Product: "SIWA", Document: "akad/1"})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrAmount, savings.Active: nil}},
		{"mark dormant", func(d *savings.Desk) error { return marks(d, "X", account, on) },
			map[savings.Status]error{savings.Opened: savings.ErrCommand, savings.Active: savings.ErrCommand}}, // never, by its terms
		{"reactivate", func(d *savings.Desk) error {
			_, err := d.Reactivate(ctx, savings.Reactivation{Key: "X", Date: on, Account: account, Reason: "datang", By: "manajer"})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrNotDormant, savings.Active: savings.ErrNotDormant}},
		{"hold", func(d *savings.Desk) error {
			_, err := d.Hold(ctx, savings.HoldPlacing{Key: "X", Date: on, Account: account, Amount: rupiah(1_000), Reason: "jaminan", By: "manajer"})
			return err
		}, map[savings.Status]error{savings.Opened: ledger.ErrHold, savings.Active: nil}},
		{"block", func(d *savings.Desk) error {
			_, err := d.Block(ctx, savings.Blocking{Key: "X", Date: on, Account: account, Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"})
			return err
		}, map[savings.Status]error{savings.Opened: nil, savings.Active: nil}},
		{"unblock", func(d *savings.Desk) error {
			_, err := d.Unblock(ctx, savings.Unblocking{Key: "X", Date: on, Account: account, Reason: "ditemukan", By: "manajer"})
			return err
		}, map[savings.Status]error{savings.Opened: state, savings.Active: state}},
		{"redirect", func(d *savings.Desk) error {
			_, err := d.Redirect(ctx, savings.Redirection{Key: "X", Date: on, Account: account, PayTo: "M1-SIWA"})
			return err
		}, map[savings.Status]error{savings.Opened: nil, savings.Active: nil, savings.Closed: nil}},
		{"agree", func(d *savings.Desk) error {
			_, err := d.Agree(ctx, savings.Agreement{Key: "X", Account: account, Nisbah: savings.DatedRatio{From: on, Ratio: ratio("0.5")}, Document: "adendum/1"})
			return err
		}, map[savings.Status]error{savings.Opened: nil, savings.Active: nil}},
		{"zakat", func(d *savings.Desk) error {
			_, err := d.MandateZakat(ctx, savings.ZakatMandate{Key: "X", Account: account, Part: savings.DatedRatio{From: on, Ratio: ratio("0.025")}, Document: "kuasa/1"})
			return err
		}, map[savings.Status]error{savings.Opened: nil, savings.Active: nil}},
		{"mandate dues", func(d *savings.Desk) error {
			_, err := d.MandateDues(ctx, savings.DuesMandate{Key: "X", Date: on, Account: account, From: "M1-SIWA", Document: "kuasa/2"})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrCommand, savings.Active: savings.ErrCommand}},
		{"collect dues", func(d *savings.Desk) error {
			_, err := d.CollectDues(ctx, savings.DuesCollection{Key: "X", Date: on, Account: account})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrCommand, savings.Active: savings.ErrCommand, savings.Closed: savings.ErrCommand}},
		{"call dues", func(d *savings.Desk) error {
			_, err := d.CallDues(ctx, savings.DuesCall{Key: "X", Date: on, Account: account, Month: ledger.MonthOf(2026, time.March)})
			return err
		}, map[savings.Status]error{savings.Opened: savings.ErrCommand, savings.Active: savings.ErrCommand, savings.Closed: savings.ErrCommand}},
		{"reverse the first deposit", func(d *savings.Desk) error {
			_, err := d.Reverse(ctx, savings.Reversal{Key: "X", Of: "T1", Date: on, Reason: "salah"})
			return err
		}, map[savings.Status]error{savings.Opened: unknown, savings.Active: nil, savings.Closed: savings.ErrNotLatest}},
		{"reverse the closing", func(d *savings.Desk) error {
			_, err := d.Reverse(ctx, savings.Reversal{Key: "X", Of: "C", Date: on, Reason: "salah"})
			return err
		}, map[savings.Status]error{savings.Opened: unknown, savings.Active: unknown, savings.Closed: nil}},
	} {
		for _, status := range savings.Statuses() {
			t.Run(fmt.Sprintf("%q %s", status, command.name), func(t *testing.T) {
				book, desk := newFullDesk(t)
				opens(t, desk, "M1", "SIWA")
				reach[status](t, desk)
				want, listed := command.want[status]
				switch {
				case !listed && status == savings.Unopened:
					want = unknown
				case !listed:
					want = state
				}
				meets(t, book, want, func() error { return command.do(desk) })
			})
		}
	}
}

// Every state of a member meets every command.
func TestMemberStateAndCommand(t *testing.T) {
	on := day(time.April, 1)
	leave := func(desk *savings.Desk, cause savings.Cause) error {
		_, err := desk.Leave(ctx, savings.Leaving{Key: "L", Date: day(time.March, 1), Member: "N", Reason: "rapat", Cause: cause, Documents: []string{"SK/1"}})
		return err
	}
	settle := func(d *savings.Desk, key string) error {
		_, err := d.Settle(ctx, savings.Settlement{Key: key, Date: on, Member: "N"})
		return err
	}
	joins := func(t *testing.T, desk *savings.Desk, standing ledger.Standing) {
		_, err := desk.Join(ctx, savings.Joining{Key: "J", Date: day(time.February, 1), Member: "N", Standing: standing})
		require.NoError(t, err)
		_, err = desk.Open(ctx, savings.Opening{Key: "O", Date: day(time.February, 1), Account: "N-SIWA", Member: "N", Product: "SIWA"})
		require.NoError(t, err)
		paysIn(t, desk, "D", "N-SIWA", day(time.February, 2), 100_000)
	}
	reach := map[savings.MemberState]func(t *testing.T, desk *savings.Desk){
		savings.MemberUnknown:   func(*testing.T, *savings.Desk) {},
		savings.MemberCandidate: func(t *testing.T, desk *savings.Desk) { joins(t, desk, ledger.Candidate) },
		savings.MemberActive:    func(t *testing.T, desk *savings.Desk) { joins(t, desk, ledger.Member) },
		savings.MemberResigned: func(t *testing.T, desk *savings.Desk) {
			joins(t, desk, ledger.Member)
			require.NoError(t, leave(desk, savings.Resigned))
		},
		savings.MemberExpelled: func(t *testing.T, desk *savings.Desk) {
			joins(t, desk, ledger.Member)
			require.NoError(t, leave(desk, savings.Expelled))
		},
		savings.MemberDeceased: func(t *testing.T, desk *savings.Desk) {
			joins(t, desk, ledger.Member)
			_, err := desk.Die(ctx, savings.Death{Key: "L", Date: day(time.March, 1), Known: day(time.March, 1), Member: "N", Documents: []string{"akta/1"}, By: "manajer"})
			require.NoError(t, err)
		},
		savings.MemberSettled: func(t *testing.T, desk *savings.Desk) {
			joins(t, desk, ledger.Member)
			require.NoError(t, leave(desk, savings.Resigned))
			require.NoError(t, settle(desk, "S"))
			_, err := desk.PayClaim(ctx, savings.ClaimPayment{Key: "P", Date: on, Member: "N", Amount: rupiah(100_000), Counter: teller})
			require.NoError(t, err)
		},
	}
	type wants map[savings.MemberState]error
	var (
		candidate, active                 = savings.MemberCandidate, savings.MemberActive
		resigned, expelled, dead, settled = savings.MemberResigned, savings.MemberExpelled, savings.MemberDeceased, savings.MemberSettled
		errMember, errState               = savings.ErrMember, savings.ErrState
		gone                              = func(err error) wants { return wants{resigned: err, expelled: err, dead: err, settled: err} }
		with                              = func(w wants, more wants) wants {
			for s, err := range more {
				w[s] = err
			}
			return w
		}
	)
	for _, command := range []struct {
		name string
		do   func(*savings.Desk) error
		want wants // of a state that is not listed: the error of an unknown member
	}{
		{"join", func(d *savings.Desk) error {
			_, err := d.Join(ctx, savings.Joining{Key: "X", Date: on, Member: "N"})
			return err
		}, with(gone(savings.ErrExists), wants{savings.MemberUnknown: nil, candidate: savings.ErrExists, active: savings.ErrExists})},
		{"admit", func(d *savings.Desk) error {
			_, err := d.Admit(ctx, savings.Admission{Key: "X", Date: on, Member: "N", ApprovedBy: "pengurus"})
			return err
		}, with(gone(errMember), wants{candidate: nil, active: errMember})},
		{"leave", func(d *savings.Desk) error {
			_, err := d.Leave(ctx, savings.Leaving{Key: "X", Date: on, Member: "N", Reason: "pindah"})
			return err
		}, with(gone(errMember), wants{candidate: nil, active: nil})},
		{"die", func(d *savings.Desk) error {
			_, err := d.Die(ctx, savings.Death{Key: "X", Date: on, Known: on, Member: "N", Documents: []string{"akta/2"}, By: "manajer"})
			return err
		}, with(gone(errMember), wants{candidate: nil, active: nil})},
		{"open", func(d *savings.Desk) error {
			_, err := d.Open(ctx, savings.Opening{Key: "X", Date: on, Account: "N-2", Member: "N", Product: "SIMUDA"})
			return err
		}, with(gone(errMember), wants{candidate: nil, active: nil})},
		{"deposit", func(d *savings.Desk) error {
			_, err := d.Deposit(ctx, savings.Deposit{Key: "X", Date: on, Account: "N-SIWA", Amount: rupiah(1_000), Counter: teller})
			return err
		}, with(gone(errMember), wants{candidate: nil, active: nil, settled: errState})},
		{"withdraw", func(d *savings.Desk) error {
			_, err := d.Withdraw(ctx, savings.Withdrawal{Key: "X", Date: on, Account: "N-SIWA", Amount: rupiah(1_000), Counter: teller})
			return err
		}, wants{candidate: nil, active: nil, resigned: nil, expelled: nil, dead: ledger.ErrBlocked, settled: errState}},
		{"settle", func(d *savings.Desk) error { return settle(d, "X") },
			wants{candidate: errMember, active: errMember, resigned: nil, expelled: nil, dead: nil, settled: errState}},
		{"pay claim", func(d *savings.Desk) error {
			_, err := d.PayClaim(ctx, savings.ClaimPayment{Key: "X", Date: on, Member: "N", Amount: rupiah(1), Counter: teller})
			return err
		}, with(gone(errState), wants{savings.MemberUnknown: errState, candidate: errState, active: errState})},
		{"reverse the leaving", func(d *savings.Desk) error {
			_, err := d.Reverse(ctx, savings.Reversal{Key: "X", Of: "L", Date: on, Reason: "keliru"})
			return err
		}, wants{candidate: savings.ErrUnknown, active: savings.ErrUnknown, resigned: nil, expelled: nil, dead: nil, settled: savings.ErrNotLatest}},
	} {
		for _, state := range savings.MemberStates() {
			t.Run(fmt.Sprintf("%q %s", state, command.name), func(t *testing.T) {
				book, desk := newFullDesk(t)
				reach[state](t, desk)
				require.Equal(t, state, memberOf(t, book, "N").State())
				want, listed := command.want[state]
				if !listed {
					want = savings.ErrUnknown
				}
				meets(t, book, want, func() error { return command.do(desk) })
			})
		}
	}
}
