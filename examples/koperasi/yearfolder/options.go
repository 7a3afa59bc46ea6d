package yearfolder

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// Parsers of optional cells: an empty one is the zero value, which leaves
// everything as it would be without the column.

// wordOf reads one of some words, or nothing.
func wordOf[T ~string](words ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		if word := T(text); text == "" || slices.Contains(words, word) {
			return word, nil
		}
		var all []string
		for _, word := range words {
			all = append(all, string(word))
		}
		return "", errors.New("want " + strings.Join(all, ", ") + " or nothing")
	}
}

// needed makes a parser of an optional cell one of a cell that must be filled.
func needed[T any](parse func(string) (T, error)) func(string) (T, error) {
	return func(text string) (value T, err error) {
		if text == "" {
			return value, errMissing
		}
		return parse(text)
	}
}

// optionally makes a parser one of a cell that may be empty.
func optionally[T any](parse func(string) (T, error)) func(string) (T, error) {
	return func(text string) (value T, err error) {
		if text == "" {
			return value, nil
		}
		return parse(text)
	}
}

func parseYesOrEmpty(text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	return parseYesNo(text)
}

// parseCount reads a number of rows, periods or days.
func parseCount(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n > MaxInstalments {
		return 0, fmt.Errorf("not a whole number from 0 to %d", MaxInstalments)
	}
	return int(n), nil
}

// parseHarvest reads months of the year, such as "4 10".
func parseHarvest(text string) ([]int, error) {
	var months []int
	for _, field := range strings.Fields(text) {
		month, err := strconv.ParseUint(field, 10, 8)
		if err != nil || month < 1 || month > 12 {
			return nil, errors.New("want months from 1 to 12 with spaces between them")
		}
		months = append(months, int(month))
	}
	return months, nil
}

// parseRounding reads the name of a rounding rule.
func parseRounding(text string) (ledger.Rounding, error) {
	if text == "" {
		return 0, nil
	}
	rule, err := ledger.ParseRounding(text)
	if err != nil || !rule.Valid() {
		return 0, errors.New("want half_up, half_even, up, down or nothing")
	}
	return rule, nil
}

// parseRate reads a ratio of a period above zero.
func parseRate(text string) (decimal.Decimal, error) {
	rate, err := parseRatio(text)
	if err == nil && rate.IsZero() {
		err = errors.New("zero; want above 0 and at most 1")
	}
	return rate, err
}
