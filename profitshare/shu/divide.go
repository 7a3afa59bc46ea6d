package shu

import (
	"math/bits"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Residue names the rule for what is left when shares are cut to the step.
type Residue string

const (
	// ToReserve: every share is cut, and all that is left goes to the reserve.
	ToReserve Residue = "reserve"
	// LargestRests: the steps left go one each to the largest rests. Members
	// with equal figures receive equal amounts, so where the last steps cannot
	// serve all members with equal rests, none of these gets one and the steps
	// go to the reserve.
	LargestRests Residue = "largest_rests"
	// ByNumber: the steps left go one each to the largest rests, and among equal
	// rests to the members that stand first; nothing is left over but less than
	// a step. Members with equal figures may differ by one step.
	ByNumber Residue = "by_number"
)

// Pool is what members share by one measure.
type Pool struct {
	Name   string
	Amount ledger.Money // zero or more
	// Total is the whole of the measure as the books have it. The members'
	// figures must add up to it: counting voluntary savings for one member and
	// not in the total would give away more than there is.
	Total int64
}

// Member is a member with one figure for each measure, none below zero: an
// amount in minor units, a sum of balance-days, a number of purchases.
type Member struct {
	Member  string
	Figures []int64
}

// Share is what a member receives, pool by pool.
type Share struct {
	Member string
	Parts  []ledger.Money
	Total  ledger.Money
}

// Division is a surplus divided among members.
type Division struct {
	Shares []Share // as the members stand
	// Residue is what each pool leaves over, the whole of it if its Total is zero.
	Residue []ledger.Money
}

// Divide divides each pool by its measure: share = amount x figure / total, cut
// to the step, and what is left by the rule. Errors are a [*Refusal] of kind
// [ErrMembers].
func Divide(pools []Pool, members []Member, step ledger.Money, rule Residue) (Division, error) {
	if step.Err() != nil || step.Sign() <= 0 {
		return Division{}, refuse(ErrMembers, "divide.step", "", "the step of shares must be above zero")
	}
	if rule != ToReserve && rule != LargestRests && rule != ByNumber {
		return Division{}, refuse(ErrMembers, "divide.residue", "", "the rule for the residue must be named, not %q", contract.Clip(string(rule)))
	}
	if err := checkMembers(len(pools), members); err != nil {
		return Division{}, err
	}
	d := Division{Shares: make([]Share, len(members)), Residue: make([]ledger.Money, len(pools))}
	parts := make([]ledger.Money, len(members)*len(pools))
	for i, m := range members {
		d.Shares[i] = Share{Member: m.Member, Parts: parts[i*len(pools) : (i+1)*len(pools) : (i+1)*len(pools)]}
	}
	scratch := make([]uint64, 3*len(members))
	for k, pool := range pools {
		if err := pool.check(members, k); err != nil {
			return Division{}, err
		}
		d.Residue[k] = pool.Amount
		if pool.Total == 0 {
			continue
		}
		whole := pool.divide(members, k, step, rule, scratch)
		for i, steps := range whole {
			part := ledger.Minor(int64(steps) * step.Minor())
			share := &d.Shares[i]
			share.Parts[k] = part
			share.Total = share.Total.Add(part)
			d.Residue[k] = d.Residue[k].Sub(part)
		}
	}
	for i := range d.Shares {
		if err := d.Shares[i].Total.Err(); err != nil {
			return Division{}, refuse(ErrMembers, "divide.total", "member "+d.Shares[i].Member, "%v", err)
		}
	}
	return d, nil
}

// divide returns each member's steps. Figures add up to Total, so every
// quotient is at most the pool's steps.
func (p Pool) divide(members []Member, k int, step ledger.Money, rule Residue, scratch []uint64) []uint64 {
	n := len(members)
	whole, rests, order := scratch[:n], scratch[n:2*n], scratch[2*n:3*n]
	steps, total := uint64(p.Amount.Minor()/step.Minor()), uint64(p.Total)
	left := steps
	for i := range members {
		hi, lo := bits.Mul64(steps, uint64(members[i].Figures[k]))
		whole[i], rests[i] = bits.Div64(hi, lo, total)
		left -= whole[i]
	}
	if rule == ToReserve || left == 0 {
		return whole
	}
	copy(order, rests)
	least := largest(order, int(left)) // of the rests that are served
	above := 0
	for _, rest := range rests {
		if rest > least {
			above++
		}
	}
	ties := 0 // of those with the least rest, how many are served
	for _, rest := range rests {
		if rest == least {
			ties++
		}
	}
	if room := int(left) - above; rule == ByNumber {
		ties = min(ties, room)
	} else if ties > room {
		ties = 0
	}
	for i, rest := range rests {
		switch {
		case rest > least:
			whole[i]++
		case rest == least && ties > 0:
			whole[i]++
			ties--
		}
	}
	return whole
}

// largest returns the count-th largest of the numbers, 1 for the largest; it
// moves them about. A quickselect in three parts around a median of three, so
// that many equal numbers are one step.
func largest(numbers []uint64, count int) uint64 {
	for len(numbers) > 1 {
		pivot := median(numbers[0], numbers[len(numbers)/2], numbers[len(numbers)-1])
		above, i, below := 0, 0, len(numbers)
		for i < below {
			switch n := numbers[i]; {
			case n > pivot:
				numbers[i], numbers[above] = numbers[above], n
				above++
				i++
			case n < pivot:
				below--
				numbers[i], numbers[below] = numbers[below], n
			default:
				i++
			}
		}
		switch {
		case count <= above:
			numbers = numbers[:above]
		case count <= below:
			return pivot
		default:
			numbers, count = numbers[below:], count-below
		}
	}
	return numbers[0]
}

func median(a, b, c uint64) uint64 {
	return max(min(a, b), min(max(a, b), c))
}

func (p Pool) check(members []Member, k int) error {
	if p.Amount.Err() != nil || p.Amount.Sign() < 0 || p.Total < 0 {
		return refuse(ErrMembers, "divide.pool", p.Name, "neither amount %s nor total %d may be below zero", p.Amount, p.Total)
	}
	rest := uint64(p.Total) // 63 bits, so that no figure can wrap around
	for i := range members {
		figure := uint64(members[i].Figures[k])
		if figure > rest {
			return p.uneven()
		}
		rest -= figure
	}
	if rest != 0 {
		return p.uneven()
	}
	return nil
}

func (p Pool) uneven() error {
	return refuse(ErrMembers, "divide.sum", p.Name, "the members' figures do not add up to the total of %d: both sides must be counted alike", p.Total).By(RuleSHU)
}

func checkMembers(measures int, members []Member) error {
	sorted := true
	for i, m := range members {
		if len(m.Figures) != measures {
			return refuse(ErrMembers, "divide.figures", "member "+m.Member, "%d figures, want one for each of %d measures", len(m.Figures), measures)
		}
		for _, figure := range m.Figures {
			if figure < 0 {
				return refuse(ErrMembers, "divide.figure", "member "+m.Member, "a figure of %d is below zero", figure)
			}
		}
		if m.Member == "" || contract.TextFault(m.Member) != "" || len(m.Member) > ledger.MaxSub-len("/9999") {
			return refuse(ErrMembers, "divide.member", "", "member %d: a number of plain text, up to %d bytes, is needed", i+1, ledger.MaxSub-len("/9999"))
		}
		sorted = sorted && (i == 0 || members[i-1].Member < m.Member)
	}
	if sorted {
		return nil // none can stand twice
	}
	known := make(map[string]bool, len(members))
	for _, m := range members {
		if known[m.Member] {
			return refuse(ErrMembers, "divide.member", "member "+m.Member, "the number stands twice")
		}
		known[m.Member] = true
	}
	return nil
}
