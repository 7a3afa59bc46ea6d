package financing_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare/financing"
)

// run applies commands to a contract that is not agreed yet.
func run(t testing.TB, commands ...command) (c financing.Contract) {
	t.Helper()
	for _, command := range commands {
		e, err := command.pure(c)
		require.NoError(t, err, command.name)
		c, err = c.Apply(e)
		require.NoError(t, err, command.name)
	}
	return c
}

// lives lead to each state, with the terms that leave most open: declining, so
// that shares can be bought.
func lives(form financing.Form) map[financing.State][]command {
	agreed := terms(form)
	agreed.StartsLater = true
	if form == financing.Mudharabah {
		agreed.Return = financing.InStages
	}
	committed := []command{commit(agreed)}
	funded := append(slices.Clip(committed), disburse(start, 40_000_000), handOver(start, 12_000_000, 6_000_000), blame(start, 1_000_000, 0, 0))
	running := append(slices.Clip(funded), begin(start), results(time.January, 10_000_000, 0, 0))
	ended := append(slices.Clip(running), end(on(2026, 2, 20), 50_000_000, 20_000_000))
	closed := append(slices.Clip(ended), collect(on(2026, 2, 20), financing.ClaimMatured, 30_000_000),
		collect(on(2026, 2, 20), financing.ClaimFault, 1_000_000), writeOff(on(2026, 2, 20), financing.ClaimShare, share(form)))
	return map[financing.State][]command{
		financing.Unagreed: nil, financing.Committed: committed, financing.Funded: funded, financing.Running: running,
		financing.Ended: ended, financing.Closed: closed, financing.Cancelled: append(slices.Clip(committed), release(start)),
	}
}

// share is the cooperative's part of 10 million: of musytarakah 0.4 x 51/76.
func share(form financing.Form) int64 {
	if form == financing.Musytarakah {
		return 2_684_211
	}
	return 4_000_000
}

// commands are one of each kind, as they can be carried out on a day on which
// every life has come to its state.
func commands(form financing.Form) []command {
	day := on(2026, 3, 31)
	agreed := terms(form)
	return []command{
		commit(agreed), adopt(running(agreed)), disburse(day, 1_000_000), handOver(day, 2_000_000, 1_000_000), release(day),
		agree(day, on(2026, 4, 1), "0.35"), begin(day), results(time.March, 10_000_000, 0, 0), settle(day),
		collect(day, financing.ClaimFault, 500_000), repay(day, 1_000_000), buyBack(day, 1_000_000, 1_000_000),
		amortise(day), wear(day, 1_000_000), lose(day, 1_000_000), blame(day, 1_000_000, 0, 0), end(day, 40_000_000, 0), writeOff(day, financing.ClaimFault, 500_000),
	}
}

// running is a contract in the midst of its life, to be taken over.
func running(terms financing.Terms) financing.Adoption {
	return financing.Adoption{
		Slip: financing.Slip{Contract: terms.Contract, Date: on(2026, 3, 31)}, Terms: terms, State: financing.Running, Through: on(2026, 2, 28),
		Position: financing.Position{
			Commitment: rp(30_000_000), Invested: rp(70_000_000), Allowance: rp(8_000_000), Deferred: rp(900_000), ShareDue: rp(2_000_000), Fault: rp(500_000),
			Capital: rp(70_000_000), Deficit: rp(8_000_000), Pending: rp(1_000_000),
		},
	}
}

// The table in doc.go is the state machine: every state x every command is
// either in it and allowed, with a balanced event, or refused with a typed error.
func TestEveryStateEveryCommand(t *testing.T) {
	drawn := diagram(t)
	for _, form := range financing.Forms() {
		allowed := 0
		for state, life := range lives(form) {
			for _, command := range commands(form) {
				t.Run(string(form)+"/"+string(state)+"/"+string(command.name), func(t *testing.T) {
					c := run(t, life...)
					require.Equal(t, state, c.State)
					e, err := command.pure(c)
					targets, inDiagram := drawn[[2]string{stateName(state), string(command.name)}]
					require.Equal(t, inDiagram, slices.Contains(financing.AllowedIn(command.name), state), "doc.go against allowedIn")
					offered := map[financing.EventName]bool{financing.EventRepay: form == financing.Mudharabah, financing.EventBuyBack: form == financing.Declining, financing.EventSettle: false,
						financing.EventWear: form == financing.Declining || form == financing.Musyarakah}
					if of, depends := offered[command.name]; !inDiagram || depends && !of {
						var refusal *financing.Refusal
						require.ErrorAs(t, err, &refusal)
						require.ErrorIs(t, err, financing.ErrState)
						if !inDiagram {
							require.Equal(t, string(command.name)+".state", refusal.Code)
						}
						require.Zero(t, e)
						return
					}
					allowed++
					require.NoError(t, err)
					require.Contains(t, targets, stateName(e.To))
					next, err := c.Apply(e)
					require.NoError(t, err)
					requireStored(t, next, e)
				})
			}
		}
		// No settlement of final shares; no stages where shares are sold or stay; no
		// shares but of the declining; no wear, in two states, but of a musyarakah.
		missing := 1 + map[financing.Form]int{financing.Mudharabah: 1 + 2, financing.Musytarakah: 2 + 2, financing.Musyarakah: 2, financing.Declining: 1}[form]
		require.Equal(t, len(drawn)-missing, allowed)
	}
}

// requireStored reads contract and event from their stored form again.
func requireStored(t testing.TB, c financing.Contract, e financing.Event) {
	t.Helper()
	var contract financing.Contract
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, c)), &contract))
	require.Equal(t, asJSON(t, c), asJSON(t, contract))
	var event financing.Event
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, e)), &event))
	require.Equal(t, asJSON(t, e), asJSON(t, event))
}

func asJSON(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return string(data)
}

func stateName(s financing.State) string {
	if s == financing.Unagreed {
		return "unagreed"
	}
	return string(s)
}

// diagram reads the state table of the package comment.
func diagram(t testing.TB) map[[2]string][]string {
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(source), "# States")
	require.True(t, found)
	table, _, _ := strings.Cut(rest, "# Guards")
	drawn := map[[2]string][]string{}
	for _, match := range regexp.MustCompile(`(?m)^//\t(\w+) +(\w+) +(.*)$`).FindAllStringSubmatch(table, -1) {
		drawn[[2]string{match[1], match[2]}] = regexp.MustCompile(`\w+`).FindAllString(match[3], -1)
	}
	require.NotEmpty(t, drawn)
	return drawn
}

// changed returns terms with one thing changed.
func changed(change func(*financing.Terms)) financing.Terms {
	agreed := mudharabah()
	change(&agreed)
	return agreed
}

// TestRefusals is the golden list: what was refused, and in which words.
func TestRefusals(t *testing.T) {
	full := []command{commit(mudharabah()), disburse(start, 100_000_000)}
	day := on(2026, 1, 31)
	report := func(change func(*financing.Report)) command {
		r := financing.Report{Slip: slip(day), From: start, Through: day, Revenue: rp(1)}
		r.Document = "LAP-1"
		change(&r)
		return command{financing.EventReport, func(c financing.Contract) (financing.Event, error) { return c.Report(r, financing.PSAK405()) }, nil}
	}
	silent := func(s financing.Slip) financing.Slip { s.Note = " "; return s }
	for _, test := range []struct {
		name   string
		before []command
		do     command
		kind   error
		text   string
	}{
		{"sum on the capital instead of a nisbah", nil, commit(changed(func(t *financing.Terms) { t.Nisbah = ratio("1") })), financing.ErrTerms,
			"contract PMB-1: a nisbah is a part of the result, above 0 and below 1 (DSN-MUI 115/2017)"},
		{"nothing for the owner", nil, commit(changed(func(t *financing.Terms) { t.Nisbah = ratio("0") })), financing.ErrTerms,
			"contract PMB-1: a nisbah is a part of the result, above 0 and below 1 (DSN-MUI 115/2017)"},
		{"hostile number", nil, commit(changed(func(t *financing.Terms) { t.Nisbah = decimal.New(1, -2_000_000_000) })), financing.ErrTerms,
			"contract PMB-1: a nisbah has at most 18 decimals (DSN-MUI 115/2017)"},
		{"what is shared left open", nil, commit(changed(func(t *financing.Terms) { t.Sharing = "" })), financing.ErrTerms,
			`contract PMB-1: the akad must say what is shared: revenue, gross profit or profit, not "" (DSN-MUI 15/2000)`},
		{"capital of the manager in a mudharabah", nil, commit(changed(func(t *financing.Terms) { t.PartnerCapital = rp(1) })), financing.ErrTerms,
			"contract PMB-1: the owner of a mudharabah gives all the capital; with capital of the manager it is a mudharabah musytarakah (DSN-MUI 07/2000)"},
		{"musyarakah without the partner's capital", nil, commit(changed(func(t *financing.Terms) { t.Form = financing.Musyarakah })), financing.ErrTerms,
			"contract PMB-1: in a musyarakah both sides give capital (DSN-MUI 08/2000)"},
		{"permanent in stages", nil, commit(changed(func(t *financing.Terms) {
			t.Form, t.PartnerCapital, t.Return = financing.Musyarakah, rp(1), financing.InStages
		})), financing.ErrTerms,
			"contract PMB-1: the shares of a permanent musyarakah stay until its end; one that is bought back is declining (PSAK 406)"},
		{"order without musytarakah", nil, commit(changed(func(t *financing.Terms) { t.Order = financing.NisbahFirst })), financing.ErrTerms,
			`contract PMB-1: order "nisbah_first" is none of a mudharabah (DSN-MUI 50/2006)`},
		{"rounding not named", nil, commit(changed(func(t *financing.Terms) { t.Rounding = 0 })), financing.ErrTerms,
			"contract PMB-1: the rounding of shares must be named"},
		{"maturity before the akad", nil, commit(changed(func(t *financing.Terms) { t.Maturity = on(2026, 1, 4) })), financing.ErrTerms,
			"contract PMB-1: maturity 2026-01-04 lies before the akad of 2026-01-05"},
		{"more than committed", []command{commit(mudharabah())}, disburse(start, 100_000_001), financing.ErrAbove,
			"contract PMB-1: disburse of 10000000100 is above the 10000000000 not drawn yet"},
		{"money that is none", []command{commit(mudharabah())}, disburse(start, -1), financing.ErrAmount,
			"contract PMB-1: disburse of -100 is not above zero"},
		{"nothing left to release", full, release(day), financing.ErrAmount, "contract PMB-1: all of the capital is drawn"},
		{"projection", full, report(func(r *financing.Report) { r.Through = on(2026, 2, 1) }), financing.ErrReport,
			"contract PMB-1: on 2026-01-31 the results through 2026-02-01 can only be projected (PSAK 405)"},
		{"no report at hand", full, report(func(r *financing.Report) { r.Document = "" }), financing.ErrReport,
			"contract PMB-1: the partner's actual report must be named (PSAK 405)"},
		{"reported twice", append(slices.Clip(full), results(time.January, 1, 0, 0)), report(func(r *financing.Report) { r.From = day }), financing.ErrReport,
			"contract PMB-1: the days through 2026-01-31 are reported already or before the business began; a report goes on after them, not from 2026-01-31"},
		{"results of days before the capital came", full, report(func(r *financing.Report) { r.From = on(2026, 1, 4) }), financing.ErrReport,
			"contract PMB-1: the days through 2026-01-04 are reported already or before the business began; a report goes on after them, not from 2026-01-04"},
		{"across a nisbah", append(slices.Clip(full), agree(start, on(2026, 1, 20), "0.3")), report(func(*financing.Report) {}), financing.ErrReport,
			"contract PMB-1: the nisbah changes on 2026-01-20: report through the day before, then from it on (DSN-MUI 115/2017)"},
		{"nisbah of reported days", append(slices.Clip(full), results(time.January, 1, 0, 0)), agree(day, day, "0.3"), financing.ErrDate,
			"contract PMB-1: a nisbah from 2026-01-31 on would change what is past, reported or agreed"},
		{"unnamed policy", full, command{financing.EventReport, func(c financing.Contract) (financing.Event, error) {
			r := financing.Report{Slip: slip(day), From: start, Through: day, Cost: rp(5)}
			r.Document = "LAP"
			return c.Report(r, nil)
		}, nil}, financing.ErrPolicy, "no accounting policy is in force on 2026-01-31"},
		{"cash twice for one share", append(slices.Clip(full), results(time.January, 1_000_000, 0, 0), collect(day, financing.ClaimShare, 400_000)),
			collect(day, financing.ClaimShare, 400_000), financing.ErrAbove, "contract PMB-1: collect of 40000000 is above the 0 due of it"},
		{"capital back before the end", full, repay(day, 1), financing.ErrState, "contract PMB-1: by the terms the capital comes back at the end"},
		{"shares of a mudharabah", full, buyBack(day, 1, 1), financing.ErrState,
			"contract PMB-1: only the shares of a declining musyarakah are bought back (DSN-MUI 73/2008)"},
		{"wear in a mudharabah", []command{commit(mudharabah()), handOver(start, 5, 5)}, wear(day, 1), financing.ErrState,
			"contract PMB-1: goods of a mudharabah that lose value in use are settled when results are shared (PSAK 405)"},
		{"more wear than goods", []command{commit(terms(financing.Musyarakah)), disburse(start, 5), handOver(start, 5, 5)}, wear(day, 6), financing.ErrAbove,
			"contract PMB-1: wear of 600 is above the 500 in goods"},
		{"instalments of a declining musyarakah", []command{commit(terms(financing.Declining)), disburse(start, 100_000_000)}, repay(day, 1), financing.ErrState,
			"contract PMB-1: the shares of a declining musyarakah are bought, at a price (DSN-MUI 73/2008)"},
		{"fault without ground", full, command{financing.EventFault, func(c financing.Contract) (financing.Event, error) {
			return c.Blame(financing.Fault{Slip: slip(day), Amount: rp(1)})
		}, nil}, financing.ErrCommand, `contract PMB-1: fault is shown by unmet terms, no force majeure or a ruling, not "" (PSAK 405)`},
		{"fault without evidence", full, command{financing.EventFault, func(c financing.Contract) (financing.Event, error) {
			return c.Blame(financing.Fault{Slip: silent(slip(day)), Amount: rp(1), Ground: financing.Ruling})
		}, nil}, financing.ErrCommand, "contract PMB-1: fault needs a note: the evidence of the manager's fault"},
		{"fault above the loss recognised", full, blame(day, 5, 5, 0), financing.ErrAbove, "contract PMB-1: fault of 500 is above the 0 recognised"},
		{"guaranteed profit as capital", full, end(ends, 100_000_001, 0), financing.ErrAbove,
			"contract PMB-1: 10000000100 cannot come back as capital, 10000000000 was given: profit is reported and shared (DSN-MUI 07/2000)"},
		{"terminated without reason", full, command{financing.EventEnd, func(c financing.Contract) (financing.Event, error) {
			return c.End(financing.Ending{Slip: silent(slip(day))})
		}, nil}, financing.ErrCommand, "contract PMB-1: end needs a note: why it ends before its maturity on 2027-01-05"},
		{"paid more than due", full, end(ends, 5, 6), financing.ErrAbove, "contract PMB-1: end of 600 is above the 500 due"},
		{"back-dated", full, release(on(2026, 1, 4)), financing.ErrDate, "contract PMB-1: release on 2026-01-04 lies before the latest event on 2026-01-05"},
		{"nothing deferred", full, amortise(day), financing.ErrAmount, "contract PMB-1: by 2026-01-31 no further gain has become income"},
		{"adopted with more than agreed", nil, adopt(func() financing.Adoption {
			a := running(mudharabah())
			a.Position.Commitment = rp(30_000_001)
			return a
		}()), financing.ErrCommand, "contract PMB-1: a contract that is running cannot stand as stated: capital, commitment and shares bought exceed the capital of the terms"},
		{"adopted with old income", nil, adopt(func() financing.Adoption {
			a := running(mudharabah())
			a.Position.Income = rp(1)
			return a
		}()), financing.ErrCommand, "contract PMB-1: a contract that is running cannot stand as stated: what went through income and expense stays in the old books"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := test.do.pure(run(t, test.before...))
			require.ErrorIs(t, err, test.kind)
			require.EqualError(t, err, "financing: "+test.text)
			require.NotContains(t, test.text, "\n")
			_ = e
		})
	}
}

func TestApplyRefusesWhatDoesNotFollow(t *testing.T) {
	c := run(t, commit(mudharabah()))
	e, err := disburse(start, 5).pure(c)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*financing.Event){
		"version":  func(e *financing.Event) { e.Version++ },
		"state":    func(e *financing.Event) { e.From = financing.Running },
		"target":   func(e *financing.Event) { e.To = "gone" },
		"balance":  func(e *financing.Event) { e.Cash = rp(-4) },
		"negative": func(e *financing.Event) { e.Change.Commitment = rp(-100_000_001) },
		"overflow": func(e *financing.Event) { e.Change.Bought = ledger.Minor(ledger.MaxMoney).Add(rp(1)) },
		"undo": func(e *financing.Event) {
			e.Name, e.Undone, e.Gain = financing.EventReverse, financing.EventDisburse, &financing.Gain{}
		},
	} {
		spoilt := e
		spoil(&spoilt)
		after, err := c.Apply(spoilt)
		require.ErrorIs(t, err, financing.ErrSequence, name)
		require.Equal(t, c, after, name)
	}
}
