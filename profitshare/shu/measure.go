package shu

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// Figure is what a measure counts of one member.
type Figure struct {
	Member string
	Amount int64 // minor units, balance-days, or a number
}

// CapitalRule says how members' capital is counted.
type CapitalRule struct {
	// Accounts are those of pokok and wajib savings: equity with a sub for each
	// holder. Voluntary savings are no capital: they had their share already.
	Accounts []string
	Year     int
	// Average counts the balance of every day of the year, in balance-days, and
	// not only that of the last: who joined in December has a twelfth.
	Average bool
}

// CapitalOf counts members' pokok and wajib savings from the book, by member.
// Who holds nothing at the end, or on any day of the year under Average, is not
// in it. It refuses accounts that are no capital ([ErrMembers]).
func CapitalOf(tx *ledger.Tx, rule CapitalRule) ([]Figure, error) {
	first, last := ledger.On(rule.Year, time.January, 1), ledger.On(rule.Year, time.December, 31)
	sums := map[string]*big.Int{}
	for _, code := range rule.Accounts {
		account, found, err := tx.Account(code)
		if err != nil {
			return nil, err
		}
		if !found || account.Kind != ledger.Equity || !account.Control {
			return nil, refuse(ErrMembers, "capital.account", "account "+code, "is not pokok or wajib savings: jasa modal goes by equity with a sub for each holder").By(RuleSHU)
		}
		for sub, err := range tx.Subs(code, "") {
			if err != nil {
				return nil, err
			}
			var held *big.Int
			if rule.Average {
				days, err := tx.BalanceDays(code, sub.Sub, first, last)
				if err != nil {
					return nil, err
				}
				held = days.Neg().Big()
			} else {
				balance, err := tx.Balance(code, sub.Sub, ledger.EndOf(last))
				if err != nil {
					return nil, err
				}
				held = big.NewInt(balance.Neg().Minor())
			}
			holder := sub.Holder
			if holder == "" {
				holder = sub.Sub
			}
			add(sums, holder, held)
		}
	}
	return figures(sums, "capital")
}

func add(sums map[string]*big.Int, member string, amount *big.Int) {
	if sum, found := sums[member]; found {
		sum.Add(sum, amount)
	} else {
		sums[member] = new(big.Int).Set(amount)
	}
}

// figures lists sums by member, those of zero left out.
func figures(sums map[string]*big.Int, what string) ([]Figure, error) {
	list := make([]Figure, 0, len(sums))
	for member, sum := range sums {
		switch {
		case sum.Sign() == 0:
			continue
		case sum.Sign() < 0 || !sum.IsInt64():
			return nil, refuse(ErrMembers, what+".figure", "member "+member, "a figure of %s cannot be shared by", sum)
		}
		list = append(list, Figure{member, sum.Int64()})
	}
	slices.SortFunc(list, func(a, b Figure) int { return strings.Compare(a.Member, b.Member) })
	return list, nil
}

// ServiceOf counts what each member did with the cooperative from the lines of a
// year that carry the member's number: margin paid on an income account,
// purchases on a sales account. It counts on the account's normal side, leaves
// closing entries out, and counts members only: candidates and others have no
// part in the SHU.
func ServiceOf(tx *ledger.Tx, year int, accounts ...string) ([]Figure, error) {
	sums := map[string]*big.Int{}
	err := eachLine(tx, year, accounts, func(account ledger.Account, l ledger.PostedLine) {
		if l.Party.Standing == ledger.Member && l.Party.Member != "" {
			add(sums, l.Party.Member, big.NewInt(account.Normal.Natural(l.Amount).Minor()))
		}
	})
	if err != nil {
		return nil, err
	}
	return figures(sums, "service")
}

func eachLine(tx *ledger.Tx, year int, accounts []string, do func(ledger.Account, ledger.PostedLine)) error {
	first, last := ledger.On(year, time.January, 1), ledger.On(year, time.December, 31)
	for _, code := range accounts {
		account, found, err := tx.Account(code)
		if err != nil {
			return err
		}
		if !found {
			return refuse(ErrMembers, "service.account", "account "+code, "is not in the chart")
		}
		for l, err := range tx.Lines(ledger.LineQuery{Account: code, AllSubs: true, From: first, Through: last}) {
			if err != nil {
				return err
			}
			if l.Phase != ledger.Closing {
				do(account, l)
			}
		}
	}
	return nil
}

// MembersOf puts figures of several measures together, one list a measure: every
// member that stands in any of them, by number, with zero where it does not.
func MembersOf(measures ...[]Figure) []Member {
	at := map[string]int{}
	var members []Member
	for k, list := range measures {
		for _, figure := range list {
			i, found := at[figure.Member]
			if !found {
				i = len(members)
				at[figure.Member] = i
				members = append(members, Member{figure.Member, make([]int64, len(measures))})
			}
			members[i].Figures[k] += figure.Amount
		}
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Member, b.Member) })
	return members
}

// TotalOf is the whole of a measure.
func TotalOf(list []Figure) (total int64) {
	for _, figure := range list {
		total += figure.Amount
	}
	return total
}

// Sources are a year's income by whom it came from.
type Sources struct {
	Members ledger.Money // of members
	Others  ledger.Money // of candidates and others, and of lines that name nobody
}

// SourcesOf reads the sources of a year from the lines of all income accounts,
// what is deducted from income included, closing entries left out.
func SourcesOf(tx *ledger.Tx, year int) (Sources, error) {
	var codes []string
	for account, err := range tx.Accounts() {
		if err != nil {
			return Sources{}, err
		}
		if account.Kind == ledger.Income {
			codes = append(codes, account.Code)
		}
	}
	var s Sources
	err := eachLine(tx, year, codes, func(_ ledger.Account, l ledger.PostedLine) {
		if l.Party.Standing == ledger.Member {
			s.Members = s.Members.Sub(l.Amount)
		} else {
			s.Others = s.Others.Sub(l.Amount)
		}
	})
	return s, err
}

// Split divides a year's result in the proportion of its sources, to the step:
// costs have no source of their own, so each bears them by its income. The sum
// is the result.
func (s Sources) Split(result, step ledger.Money) (members, others ledger.Money, err error) {
	if s.Members.Sign() < 0 || s.Others.Sign() < 0 {
		return members, others, refuse(ErrResult, "sources.negative", "", "income of %s and %s cannot be compared", s.Members, s.Others)
	}
	parts, err := ledger.AllocateInts(result, step, []int64{s.Members.Minor(), s.Others.Minor()})
	if err != nil {
		return members, others, refuse(ErrResult, "sources.split", "", "%s cannot be divided by its sources: %v", result, err)
	}
	return parts[0], parts[1], nil
}
