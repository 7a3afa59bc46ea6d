package yearfolder

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// cooperativeKeys are the keys of cooperative.csv. All are required once.
func cooperativeKeys() []string {
	return []string{"id", "name", "currency", "opening_date", "first_day", "last_day", "step", "tax_threshold", "tax_rate"}
}

func (r *reader) readCooperative() {
	t := r.tables[cooperativeFile]
	settings := settings{rows: map[string]*row{}}
	lines := map[string]int{}
	for _, row := range t.rows {
		key := row.cell("key")
		switch {
		case !slices.Contains(cooperativeKeys(), key):
			row.faultf("key %s: unknown, want one of %s", quote(key), strings.Join(cooperativeKeys(), ", "))
		case settings.rows[key] != nil:
			row.faultf("key %s: stands in line %d already", quote(key), lines[key])
		default:
			settings.rows[key], lines[key] = row, row.Line
		}
	}
	for _, key := range cooperativeKeys() {
		if settings.rows[key] == nil && !t.mayHold(key) {
			t.faultf(1, "key %s is missing", quote(key))
		}
	}
	c := Cooperative{
		ID:           read(settings, "id", func(text string) (string, error) { return parseName(text, ledger.MaxKey) }),
		Name:         read(settings, "name", parseTitle),
		Currency:     read(settings, "currency", parseCurrency),
		OpeningDate:  read(settings, "opening_date", parseDate),
		FirstDay:     read(settings, "first_day", parseDate),
		LastDay:      read(settings, "last_day", parseDate),
		Step:         read(settings, "step", parsePositive),
		TaxThreshold: read(settings, "tax_threshold", parseAmount),
		TaxRate:      read(settings, "tax_rate", parseRatio),
		Lines:        lines,
	}
	settings.checkDays(c)
	r.folder.Cooperative = c
	r.days = c.OpeningDate.Valid() && c.FirstDay.Valid() && c.LastDay.Valid() &&
		!settings.bad("opening_date") && !settings.bad("first_day") && !settings.bad("last_day")
}

// settings are the rows of cooperative.csv by key.
type settings struct{ rows map[string]*row }

// read reads the value of a key; a missing key has been reported already.
func read[T any](s settings, key string, parse func(string) (T, error)) T {
	var none T
	row := s.rows[key]
	if row == nil {
		return none
	}
	value, err := parse(row.cell("value"))
	if err != nil {
		s.reject(key, err)
		return none
	}
	return value
}

func (s settings) bad(key string) bool { return s.rows[key].bad }

func (s settings) reject(key string, err error) {
	s.rows[key].faultf("%s %s: %v", key, quote(s.rows[key].cell("value")), err)
}

// checkDays holds the year to whole months.
func (s settings) checkDays(c Cooperative) {
	opening, first, last := c.OpeningDate, c.FirstDay, c.LastDay
	switch {
	case !opening.Valid():
	case opening != opening.Month().Last():
		s.reject("opening_date", errors.New("not the last day of a month"))
	case !first.Valid() || first == opening.Next():
	case first.After(opening):
		s.reject("first_day", fmt.Errorf("not the day after opening_date %s", opening))
	default:
		s.reject("opening_date", fmt.Errorf("not the day before first_day %s", first))
	}
	if last.Valid() && last != last.Month().Last() {
		s.reject("last_day", errors.New("not the last day of a month"))
	}
	if !first.Valid() || !last.Valid() {
		return
	}
	switch {
	case last.Before(first):
		s.reject("last_day", fmt.Errorf("before first_day %s", first))
	case first.Month().MonthsUntil(last.Month()) >= MaxMonths:
		s.reject("last_day", fmt.Errorf("more than %d months from first_day %s", MaxMonths, first))
	case !last.Next().Valid():
		s.reject("last_day", errors.New("has no next day, on which the last month's share is paid"))
	}
}

func parseCurrency(text string) (ledger.Currency, error) {
	switch text {
	case "":
		return ledger.Currency{}, errMissing
	case ledger.IDR.Code():
		return ledger.IDR, nil
	}
	return ledger.Currency{}, fmt.Errorf("want %s: amounts of a year folder are rupiah", ledger.IDR.Code())
}
