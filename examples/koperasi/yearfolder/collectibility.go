package yearfolder

import (
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// readCollectibility reads the policy of classes and allowances. A folder that
// has one gets the allowance of every month and the lists of the year's end.
func (r *reader) readCollectibility() {
	t := r.tables[collectibilityFile]
	if t.absent {
		return
	}
	policy := murabahah.Collectibility{
		From: r.folder.Cooperative.OpeningDate, Source: collectibilityFile, Rates: map[murabahah.Class]murabahah.AllowanceRate{},
		Step: r.folder.Cooperative.Step, Rounding: ledger.RoundUp,
	}
	lines := map[murabahah.Class]int{}
	for _, row := range t.rows {
		class := readCell(row, "class", needed(wordOf(murabahah.Current, murabahah.Substandard, murabahah.Doubtful, murabahah.Loss)))
		if line, twice := lines[class]; twice && class != "" {
			row.faultf("class %s: stands in line %d already", quote(string(class)), line)
			continue
		}
		lines[class] = row.Line
		policy.Rates[class] = murabahah.AllowanceRate{
			Rate: readCell(row, "rate", parseRatio), DeductCollateral: readCell(row, "deduct_collateral", parseYesNo),
		}
		for _, l := range []struct {
			column string
			limits *murabahah.Limits
			parse  func(string) (int, error)
		}{
			{"short", &policy.Short, parseLimit}, {"long", &policy.Long, parseLimit}, {"days", &policy.ByDays, parseCount},
		} {
			if class == murabahah.Loss {
				row.empty(l.column, "on M, which has no limit")
				continue
			}
			if limit := limitOf(l.limits, class); limit != nil {
				*limit = readCell(row, l.column, l.parse)
			}
		}
	}
	for _, class := range murabahah.Classes() {
		if lines[class] == 0 && !t.mayHold(string(class)) {
			t.faultf(1, "class %s is missing", quote(string(class)))
		}
	}
	rising(t, "short", policy.Short)
	rising(t, "long", policy.Long)
	rising(t, "days", policy.ByDays)
	for _, name := range []RoleName{MurabahahAllowance, MurabahahAllowanceCost} {
		if _, there := r.folder.Roles[name]; !there && !r.tables[rolesFile].mayHold(string(name)) {
			t.faultf(1, "role %s is missing in %s, which the allowance needs", quote(string(name)), rolesFile)
		}
	}
	r.folder.Collectibility = &policy
}

func limitOf(l *murabahah.Limits, class murabahah.Class) *int {
	switch class {
	case murabahah.Current:
		return &l.Current
	case murabahah.Substandard:
		return &l.Substandard
	case murabahah.Doubtful:
		return &l.Doubtful
	}
	return nil
}

func parseLimit(text string) (int, error) { return needed(parseCount)(text) }

// rising reports limits that a worse class does not have higher.
func rising(t *table, column string, l murabahah.Limits) {
	if none := (murabahah.Limits{}); l == none || t.incomplete() {
		return
	}
	if l.Substandard < l.Current || l.Doubtful < l.Substandard {
		t.faultf(1, "%s: the limits %s, %s, %s of L, KL and D do not rise", column, strconv.Itoa(l.Current), strconv.Itoa(l.Substandard), strconv.Itoa(l.Doubtful))
	}
}
