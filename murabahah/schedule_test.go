package murabahah_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

func rows(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var read []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		read = append(read, row)
	}
	return read
}

func money(t testing.TB, text string) ledger.Money {
	t.Helper()
	m, err := ledger.IDR.Parse(text)
	require.NoError(t, err)
	return m
}

func day(t testing.TB, text string) ledger.Date {
	t.Helper()
	d, err := ledger.ParseDate(text)
	require.NoError(t, err)
	return d
}

// melati reads the terms of a whole made-up year, 120 contracts.
func melati(t testing.TB) map[string]murabahah.Terms {
	all := map[string]murabahah.Terms{}
	for _, row := range rows(t, "melati/murabahah.csv") {
		n, err := strconv.Atoi(row["instalments"])
		require.NoError(t, err)
		all[row["contract"]] = murabahah.Terms{
			Contract:    row["contract"],
			Buyer:       ledger.Party{Member: row["member"], Standing: ledger.Member},
			Goods:       row["goods"],
			Cost:        money(t, row["cost"]),
			Margin:      money(t, row["margin"]),
			DownPayment: money(t, row["down_payment"]),
			Plan: murabahah.Plan{
				Kind: murabahah.Level, Instalments: n, FirstDue: day(t, row["first_due"]),
				Step: money(t, row["step"]), Rounding: ledger.RoundHalfUp,
			},
			Recognition: murabahah.Recognition{Method: murabahah.Method(row["method"]), Step: ledger.IDR.Of(1)},
		}
	}
	return all
}

// Every row of every contract of the year must equal the plan that a separate
// program computed.
func TestScheduleEqualsTheYear(t *testing.T) {
	expected := map[string][]string{}
	count := 0
	for _, row := range rows(t, "melati/expected_schedule.csv") {
		expected[row["contract"]] = append(expected[row["contract"]],
			fmt.Sprint(row["no"], " ", row["due"], " ", row["amount"], " ", row["principal"], " ", row["margin"]))
		count++
	}
	require.Equal(t, 1334, count)
	terms := melati(t)
	require.Len(t, expected, len(terms))
	for id, want := range expected {
		schedule, err := terms[id].Schedule()
		require.NoError(t, err, id)
		var got []string
		for _, row := range schedule.Rows {
			format := ledger.IDR.Format
			got = append(got, fmt.Sprint(row.No, " ", row.Due, " ", format(row.Amount), " ", format(row.Principal), " ", format(row.Margin)))
		}
		require.Equal(t, want, got, id)
	}
}

// The year's events, carried out in order, must leave every contract where the
// separate program left it.
func TestEventsOfTheYear(t *testing.T) {
	terms := melati(t)
	contracts := map[string]murabahah.Contract{}
	histories := map[string][]murabahah.Event{}
	events := rows(t, "melati/murabahah_events.csv")
	for _, row := range events {
		id := row["contract"]
		e, err := carryOut(t, contracts[id], terms[id], row)
		require.NoError(t, err, "%v", row)
		requireBalanced(t, contracts[id], e)
		next, err := contracts[id].Apply(e)
		require.NoError(t, err, "%v", row)
		contracts[id], histories[id] = next, append(histories[id], e)
	}
	for _, row := range rows(t, "melati/expected_murabahah.csv") {
		c, p := contracts[row["contract"]], contracts[row["contract"]].Position
		format := ledger.IDR.Format
		require.Equal(t, row, map[string]string{
			"contract": c.Terms.Contract, "state": string(c.State), "collected": format(p.Collected),
			"receivable": format(p.Receivable), "deferred": format(p.Deferred), "recognised": format(p.Recognised), "rebate": format(p.Rebate),
		})
		again, err := murabahah.Replay(histories[row["contract"]])
		require.NoError(t, err)
		require.Equal(t, c, again)
	}
}

func carryOut(t testing.TB, c murabahah.Contract, terms murabahah.Terms, row map[string]string) (murabahah.Event, error) {
	on, place := day(t, row["date"]), murabahah.Place{Account: row["account"]}
	var amount ledger.Money
	if row["amount"] != "" {
		amount = money(t, row["amount"])
	}
	switch row["event"] {
	case "order":
		return c.Order(murabahah.Ordering{Date: on, Terms: terms})
	case "down_payment":
		return c.ReceiveDownPayment(murabahah.Receipt{Date: on, Amount: amount, Place: place})
	case "acquire":
		return c.Acquire(murabahah.Acquisition{Date: on, Cost: amount, Place: place, Document: "FKT-1"})
	case "sell":
		return c.Sell(murabahah.Sale{Date: on})
	case "pay":
		return c.Pay(murabahah.Receipt{Date: on, Amount: amount, Place: place})
	case "settle":
		return c.Settle(murabahah.Settlement{Date: on, Place: place})
	case "penalty":
		return c.Penalise(murabahah.Receipt{Date: on, Amount: amount, Place: murabahah.Place{Account: "10111"}})
	}
	t.Fatalf("unknown event %q", row["event"])
	return murabahah.Event{}, nil
}

// accounts are those of the example chart.
var accounts = murabahah.Accounts{
	Inventory: "11401", Receivable: "11101", DeferredMargin: "11102", DownPayment: "20302",
	MarginIncome: "50101", PenaltyFund: "90205", CostRecovery: "50290",
	Deposit: "20303", Agent: "11111", Due: "11115", Held: "20501", DiscountOwed: "20305", WrittenOff: "99101", Suspended: "99104",
	Advance: "11112", AccruedIncome: "50191", FeeIncome: "50192", Claims: "11119", OtherIncome: "50599", Impairment: "60591",
	Concession: "60592", Allowance: "11301", AllowanceCost: "60501", AllowanceBack: "50502", UnclaimedFund: "90101", MemoContra: "99199",
}

func requireBalanced(t testing.TB, c murabahah.Contract, e murabahah.Event) ledger.Entry {
	t.Helper()
	entry := murabahah.Journal(c, e, accounts)
	require.Equal(t, e.Moves(), len(entry.Lines) > 0, "%v", e)
	var sum ledger.Money
	for _, line := range entry.Lines {
		require.NotZero(t, line.Amount.Sign(), "%v", e)
		require.NotEmpty(t, line.Account)
		if c.State != murabahah.Stocked && c.Terms.Buyer.Member != "" || e.Terms != nil && e.Terms.Buyer.Member != "" {
			require.NotEmpty(t, line.Party.Member)
			require.NotZero(t, line.Party.Standing)
		}
		sum = sum.Add(line.Amount)
		switch line.Account {
		case accounts.Inventory, accounts.Receivable, accounts.DeferredMargin, accounts.DownPayment:
			require.NotEmpty(t, line.Sub)
		}
		if e.Name == murabahah.EventPenalty || e.Undone == murabahah.EventPenalty {
			require.Contains(t, []string{accounts.PenaltyFund, e.Place.Account}, line.Account)
			require.Equal(t, ledger.Fund, line.Activity)
		} else {
			require.NotEqual(t, accounts.PenaltyFund, line.Account)
		}
	}
	require.True(t, sum.IsZero(), "%v: %v", e, entry.Lines)
	require.Empty(t, entry.Key)
	return entry
}
