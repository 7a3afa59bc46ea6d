package ledger

import "time"

// The Gregorian calendar in whole numbers. Days are counted from 31 December
// MinYear-1, which is day 0, so that 1 January MinYear is day 1.

// civil returns year, month and day of the nth day.
func civil(n int32) (year int, month time.Month, day int) {
	// 400 years always have 146,097 days, so the estimate is a year off at most.
	year = MinYear + (int(n)-1)*400/146_097
	if daysBeforeYear(year) >= n {
		year--
	} else if daysBeforeYear(year+1) < n {
		year++
	}
	dayOfYear := n - daysBeforeYear(year)
	// No month is longer than 31 days, so this estimate is a month early at most.
	month = time.Month((dayOfYear-1)/31 + 1)
	if dayOfYear > daysBeforeMonth(year, month+1) {
		month++
	}
	return year, month, int(dayOfYear - daysBeforeMonth(year, month))
}

// daysBefore returns the number of days before the first of a month.
func daysBefore(year int, month time.Month) int32 {
	return daysBeforeYear(year) + daysBeforeMonth(year, month)
}

// daysBeforeYear returns the number of days before 1 January of year.
func daysBeforeYear(year int) int32 {
	last := year - 1
	return int32((year-MinYear)*365 + last/4 - last/100 + last/400 - leapYearsBefore)
}

// daysBeforeMonth returns the number of days of the year before the first of
// month, which may be the thirteenth: all days of the year.
func daysBeforeMonth(year int, month time.Month) int32 {
	days := monthEnds[month-1]
	if month > time.February && isLeap(year) {
		days++
	}
	return days
}

func daysIn(year int, month time.Month) int {
	return int(daysBeforeMonth(year, month+1) - daysBeforeMonth(year, month))
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// monthEnds[m] is the number of days to the end of month m in a common year.
var monthEnds = [...]int32{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

const (
	// leapYearsBefore is the number of leap years from year 1 to MinYear-1.
	leapYearsBefore = (MinYear-1)/4 - (MinYear-1)/100 + (MinYear-1)/400
	// lastDay is the number of 31 December MaxYear.
	lastDay int32 = (MaxYear-MinYear+1)*365 + MaxYear/4 - MaxYear/100 + MaxYear/400 - leapYearsBefore
)

// appendYearMonth adds the form YYYY-MM.
func appendYearMonth(text []byte, year int, month time.Month) []byte {
	return append(text,
		byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10),
		'-', byte('0'+month/10), byte('0'+month%10))
}
