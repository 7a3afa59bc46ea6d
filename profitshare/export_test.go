package profitshare

import "math/big"

// Paths are the three ways of computing the same shares; tests compare them.
// A path that the numbers do not fit reports false.
var Paths = map[string]func(Pool) (Shares, bool, error){
	"narrow":    path(func(q quota) (divider, bool) { d, fits := newNarrow(q); return d, fits }),
	"wide":      path(func(q quota) (divider, bool) { d, fits := newWide(q); return d, fits }),
	"unbounded": path(func(q quota) (divider, bool) { return newUnbounded(q), true }),
}

func path(choose func(quota) (divider, bool)) func(Pool) (Shares, bool, error) {
	return func(pool Pool) (Shares, bool, error) {
		fits := true
		shares, err := distribute(pool, func(q quota) divider {
			var d divider
			if d, fits = choose(q); fits {
				return d
			}
			return newUnbounded(q)
		})
		return shares, fits, err
	}
}

// Divide256 and Divide128 give the tests of the 128-bit arithmetic big numbers
// to speak in. They report false where the quotient does not fit.
func Divide256(a, b, c, d *big.Int) (quotient, rest *big.Int, fits bool) {
	wa, _ := wideOf(a)
	wb, _ := wideOf(b)
	wc, _ := wideOf(c)
	wd, _ := wideOf(d)
	x := wa.times(wb).plus(u256{wc.lo, wc.hi})
	if wd.isZero() || !(u128{x[3], x[2]}).less(wd) {
		return nil, nil, false
	}
	q, r := divide256(x, wd)
	return q.big(), r.big(), true
}

func Divide128(a, d *big.Int) (quotient, rest *big.Int) {
	wa, _ := wideOf(a)
	wd, _ := wideOf(d)
	q, r := divide128(wa, wd)
	return q.big(), r.big()
}

func (a u128) big() *big.Int {
	n := new(big.Int).Lsh(new(big.Int).SetUint64(a.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(a.lo))
}
