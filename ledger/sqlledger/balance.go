package sqlledger

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// recent is how many entries back an earlier change counts as recent: then the
// lines of the entries since are fewer than most subs' own.
const recent = 4096

// lowPart is where an amount is cut in two before the database adds amounts
// up: neither sum can leave 64 bits then, whatever the lines are.
const lowPart = 1 << 30

// Balance implements [ledger.Balancer]. On any day it is one look into the
// index of turnovers, whose rows keep the balance after them. As of an earlier
// change it is that less what was posted since: one range of an index too,
// which the database adds up.
func (r *reader) Balance(at ledger.BalanceAt) (ledger.Money, error) {
	if !plain(at.Account, at.Sub) || !at.Day.Valid() {
		return ledger.Money{}, r.failed
	}
	var balance ledger.Money
	err := r.query(balanceAt, func(row *result) error { return row.Scan(&balance) },
		r.book, at.Account, at.Sub, at.Day, int(at.Phase))
	if err != nil || at.AsOf >= r.head.Change {
		return balance, err
	}
	above, err := r.lastEntry(at.AsOf)
	if err != nil {
		return ledger.Money{}, err
	}
	statement, args := movedSince, []any{r.book, at.Account, at.Sub, at.Day, int(at.Phase), above}
	if last := int64(r.head.Entries); last-above <= recent {
		statement, args = movedLately, append(args, last)
	}
	var high, low int64
	err = r.query(statement, func(row *result) error { return row.Scan(&high, &low) }, args...)
	if err != nil {
		return ledger.Money{}, err
	}
	// By date, what is taken away may be more than any balance that ever was.
	wide := balance.Over(1).Sub(ledger.Minor(high).Over(lowPart)).Sub(ledger.Minor(low).Over(1))
	hi, lo := wide.Words()
	if wide.Err() != nil || !(hi == 0 && lo <= ledger.MaxMoney) && !(hi == -1 && -lo <= ledger.MaxMoney) {
		return ledger.Money{}, fmt.Errorf("%w: the balance of %q %q as of change %d is beyond 64 bits", ledger.ErrMoney, at.Account, at.Sub, at.AsOf)
	}
	return ledger.Minor(int64(lo)), nil
}
