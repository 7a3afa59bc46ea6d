package ledger

import "math/bits"

// mulDiv returns the quotient and the rest of a * b / by, with the product
// held in 128 bits. The quotient must fit 64 bits: callers see to it that a or
// b is at most by, and that by is not zero.
func mulDiv(a, b, by uint64) (quotient, rest uint64) {
	hi, lo := bits.Mul64(a, b)
	return bits.Div64(hi, lo, by)
}

// topThreshold finds which of values are among the top largest. It returns
// the smallest value that still is one of them, and how many of those that
// equal it are. So the top are all values above least, and ties of the values
// equal to it. It needs 0 < top <= len(values) and no value above bound.
//
// It narrows least byte by byte from the highest, counting the values that
// share the bytes found so far: at most eight passes whatever the values are,
// where sorting would compare each value some twenty times.
func topThreshold(values []uint64, top int, bound uint64) (least uint64, ties int) {
	bytes := (bits.Len64(bound) + 7) / 8
	known := uint64(0) // the bits of least that are found
	ties = top
	for shift := (bytes - 1) * 8; shift >= 0; shift -= 8 {
		var count [256]int
		for _, v := range values {
			if (v^least)&known == 0 {
				count[byte(v>>shift)]++
			}
		}
		digit := 255
		for ; count[digit] < ties; digit-- {
			ties -= count[digit]
		}
		least |= uint64(digit) << shift
		known |= 255 << shift
	}
	return least, ties
}
