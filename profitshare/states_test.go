package profitshare_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// runStates says for every state of a month's run which commands it takes (y)
// and which it refuses (-).
const runStates = `
              propose approve post pay_out reverse advance adopt rows verify reconciliation
none          y       -       -    -       -       y       y     -    -      -
proposed      y       y       -    -       -       y       -     -    -      -
approved      y       -       y    -       -       y       -     -    -      -
posted        -       -       -    y       y       -       -     y    y      y
part_paid     -       -       -    y       y       -       -     y    y      y
paid          -       -       -    -       y       -       -     y    y      y
reversed      y       -       -    -       -       y       -     -    -      -
adopted       -       -       -    y       -       -       -     y    -      y
adopted_paid  -       -       -    -       y       -       -     y    -      y
`

// stateBook brings April 2026 of a fresh book into a state. March is posted, so
// that there is a rate to pay in advance by.
func stateBook(t *testing.T, state string) (*runBook, map[string]func() error) {
	b := newRunBook(t)
	april, march := month(t, "2026-04"), month(t, "2026-03")
	b.book("2026-02-28", "10102", "30101/M1-A", 1_000_000)
	b.book("2026-02-28", "10102", "30101/M2-A", 1_000_000)
	b.book("2026-03-31", "10102", "50101", 62_000)
	b.book("2026-04-15", "10102", "50101", 60_000)
	plan := runPlan()
	_, err := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")}).Post(ctx, profitshare.Posting{Key: "P3", Month: march})
	require.NoError(t, err)
	plan.Approvers = []string{"DPS"}
	list := earning{account("M1-A"), account("M2-A")}
	if state == "part_paid" {
		list[1].PayTo = profitshare.Place{}
	}
	desk := profitshare.NewDesk(b.Book, plan, list)
	later := profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A")})
	commandsOf := func(desk *profitshare.Desk, key string) map[string]func() error {
		return map[string]func() error{
			"propose": func() error {
				_, err := desk.Propose(ctx, profitshare.Proposal{Key: key + "U", Month: april})
				return err
			},
			"approve": func() error {
				_, err := desk.Approve(ctx, profitshare.Approving{Key: key + "A", Month: april, Approval: profitshare.Approval{Role: "DPS", By: "Ust. Ali", Date: april.Last()}})
				return err
			},
			"post": func() error {
				_, err := desk.Post(ctx, profitshare.Posting{Key: key + "P", Month: april})
				return err
			},
			"pay_out": func() error {
				_, err := desk.PayOut(ctx, profitshare.Disbursement{Key: key + "B", Month: april, Date: april.Next().First()})
				return err
			},
			"reverse": func() error {
				_, err := desk.Reverse(ctx, profitshare.Reversal{Key: key + "R", Month: april, Date: april.Next().First(), Reason: "salah"})
				return err
			},
			"advance": func() error {
				_, err := desk.Advance(ctx, profitshare.Advance{Key: key + "V", Date: april.Day(20), Accounts: []string{"M1-A"}})
				return err
			},
			"adopt": func() error {
				_, err := desk.Adopt(ctx, profitshare.Adoption{Key: key + "T", Day: april.Last(), Month: april, By: "Bu Sri", Document: "neraca",
					Owed: []profitshare.AdoptedShare{{Account: "M3-A", Member: "M3", Standing: ledger.Member, Gross: rp(5)}}})
				return err
			},
			"rows":           func() error { _, err := desk.Rows(ctx, april); return err },
			"verify":         func() error { _, err := desk.Verify(ctx, april); return err },
			"reconciliation": func() error { _, err := desk.Reconciliation(ctx, april, april.Last()); return err },
		}
	}
	b.book("2026-04-30", "10102", "20201/M3-A", 5)
	way := map[string][]string{
		"none": nil, "proposed": {"propose"}, "approved": {"propose", "approve"}, "posted": {"propose", "approve", "post"},
		"part_paid": {"propose", "approve", "post", "pay_out"}, "paid": {"propose", "approve", "post", "pay_out"},
		"reversed": {"propose", "approve", "post", "reverse"}, "adopted": {"adopt"}, "adopted_paid": {"adopt", "pay_out"},
	}[state]
	if strings.HasPrefix(state, "adopted") {
		desk = profitshare.NewDesk(b.Book, plan, earning{account("M1-A"), account("M2-A"), account("M3-A")})
		later = desk
	}
	begin := commandsOf(desk, "begin")
	for _, step := range way {
		require.NoError(t, begin[step](), step)
	}
	return b, commandsOf(later, "")
}

// Every command in every state: what is refused is an [profitshare.ErrRun] and
// changes nothing, and the book is sound after what is not.
func TestEveryCommandInEveryState(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(runStates), "\n")
	commands := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, command := range commands {
			t.Run(cells[0]+"/"+command, func(t *testing.T) {
				b, do := stateBook(t, cells[0])
				before, err := b.Head(ctx)
				require.NoError(t, err)
				err = do[command]()
				if cells[i+1] == "y" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, profitshare.ErrRun)
				after, err := b.Head(ctx)
				require.NoError(t, err)
				require.Equal(t, before.Digest, after.Digest)
			})
		}
	}
}
