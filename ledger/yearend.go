package ledger

import "fmt"

// YearEnd closes a year's income and expense to its result.
type YearEnd struct {
	// Key is the command's key. Each entry it leads to carries a numbered key
	// of its own: Key/1 for the closing, Key/2 for what an adjustment after it
	// left over, and so on.
	Key    string
	Day    Date   // the last day of the year
	Result string // the account of the year's result: SHU tahun berjalan
	Memo   string
	Maker  string
	// Approver is who let the year be closed.
	Approver string
}

// CloseYear posts one closing entry that takes the balance of every income and
// expense account at the end of y.Day to the result account, so that they
// begin the next year at zero (journal S41). Asked again after an adjustment
// it posts only the difference, under the next numbered key; asked again
// without one it posts nothing and returns the last entry with Repeat set. Its
// key for another day or another result is refused with [ErrKeyConflict]. A
// year without any income or expense gives no entry: found is false.
//
// The entry's phase is [Closing], so that the year's income can still be read
// with [Moment.BeforeClosing] and [Span.BeforeClosing].
func (tx *Tx) CloseYear(y YearEnd) (closing Posted, found bool, err error) {
	if err := tx.writable(); err != nil {
		return Posted{}, false, err
	}
	if err := tx.numberable(&y.Key); err != nil {
		return Posted{}, false, err
	}
	if err := tx.takesResult(y.Key, y.Result); err != nil {
		return Posted{}, false, err
	}
	if err := y.Day.Err(); err != nil {
		return Posted{}, false, tx.refuse(ErrDate, Refusal{Code: CodeDateInvalid, Key: y.Key, Detail: reason(err)})
	}
	lines, total, equity, err := tx.yearLines(y.Day)
	if err != nil {
		return Posted{}, false, err
	}
	key, last, found, err := tx.nextNumbered(y.Key, func(p *Posted) bool {
		to := p.Lines[len(p.Lines)-1].Account // the result's, unless nothing was left for it
		return p.Phase == Closing && p.Date == y.Day && (to == y.Result || !equity[to])
	})
	if err != nil {
		return Posted{}, false, err
	}
	if len(lines) == 0 {
		last.Repeat = found
		return last, found, nil
	}
	if !total.IsZero() {
		lines = append(lines, Line{Account: y.Result, Amount: total})
	}
	memo := y.Memo
	if memo == "" {
		memo = fmt.Sprintf("Penutupan tahun buku per %s", y.Day)
	}
	closing, err = tx.Post(Entry{Key: key, Date: y.Day, Memo: memo, Maker: y.Maker, Approver: y.Approver, Phase: Closing, Lines: lines})
	return closing, err == nil, err
}

// yearLines returns the lines that bring income and expense to zero, what they
// leave for the result, and the accounts that can have a result.
func (tx *Tx) yearLines(day Date) (lines []Line, total Money, equity map[string]bool, err error) {
	equity = make(map[string]bool)
	var sum BalanceDays // 128 bits: partial sums may exceed the largest amount
	for account, err := range tx.Accounts() {
		if err != nil {
			return nil, Money{}, nil, err
		}
		if account.Kind == Equity {
			equity[account.Code] = true
		}
		if account.Kind != Income && account.Kind != Expense {
			continue
		}
		for row, err := range tx.Subs(account.Code, "") {
			if err != nil {
				return nil, Money{}, nil, err
			}
			balance, err := tx.balanceOf(&row, EndOf(day))
			if err != nil {
				return nil, Money{}, nil, err
			}
			if balance.IsZero() {
				continue
			}
			lines = append(lines, Line{Account: account.Code, Sub: row.Sub, Amount: balance.Neg()})
			sum = sum.Add(balance.Over(1))
		}
	}
	total = narrow(sum)
	return lines, total, equity, total.Err()
}

// numberable checks a key that entries will carry with a number; an empty one
// is the current command's.
func (tx *Tx) numberable(key *string) error {
	if *key == "" {
		*key = tx.current.Key
	}
	return tx.checkKey(*key)
}

// takesResult says whether an account can have a year's result.
func (tx *Tx) takesResult(key, code string) error {
	account, known, err := tx.account(code)
	if err != nil {
		return err
	}
	if !known || account.Kind != Equity || account.Control {
		return tx.refuse(ErrAccount, Refusal{Code: CodeAccountInvalid, Key: key, Account: code,
			Detail: "cannot take a year's result: it must be an equity account without subs"})
	}
	return nil
}

// nextNumbered returns the first key of key/1, key/2 ... that was not used,
// and the entry of the last that was. An entry that is none of the same command
// is a conflict, as with any other key.
func (tx *Tx) nextNumbered(key string, same func(*Posted) bool) (next string, last Posted, found bool, err error) {
	for n := 1; ; n++ {
		next = fmt.Sprintf("%s/%d", key, n)
		posted, used, err := tx.EntryByKey(next)
		if err != nil {
			return "", Posted{}, false, err
		}
		if !used {
			return next, last, found, nil
		}
		if !same(&posted) {
			return "", Posted{}, false, tx.refuse(ErrKeyConflict, Refusal{Code: CodeKeyConflict, Key: key, Date: posted.Date,
				Detail: fmt.Sprintf("was used for another year or other accounts: %s is the key of entry %d of %s", plain(next), posted.Number, posted.Date)})
		}
		last, found = posted, true
	}
}

// CarryResult moves the result of a closed year to last year's result that is
// not yet appropriated, on the first day of the new year (journal S42). The
// balance that is moved is the one at the end of the day before.
type CarryResult struct {
	Key      string
	Day      Date   // the first day of the new year
	From     string // SHU tahun berjalan, an equity account without subs
	To       string // SHU tahun lalu belum dibagi, another one
	Memo     string
	Maker    string
	Approver string
}

// CarryResult posts the entry of c; like [Tx.CloseYear] it posts only what is
// left to move when asked again. With nothing to move found is false, or the
// last entry is returned with Repeat set.
func (tx *Tx) CarryResult(c CarryResult) (carried Posted, found bool, err error) {
	if err := tx.writable(); err != nil {
		return Posted{}, false, err
	}
	if err := tx.numberable(&c.Key); err != nil {
		return Posted{}, false, err
	}
	before := c.Day.Prev()
	if err := before.Err(); err != nil {
		return Posted{}, false, tx.refuse(ErrDate, Refusal{Code: CodeDateInvalid, Key: c.Key, Detail: reason(err)})
	}
	for _, code := range [...]string{c.From, c.To} {
		if err := tx.takesResult(c.Key, code); err != nil {
			return Posted{}, false, err
		}
	}
	if c.From == c.To {
		return Posted{}, false, tx.refuse(ErrAccount, Refusal{Code: CodeAccountInvalid, Key: c.Key, Account: c.To, Detail: "the result would be carried to the account on which it stands"})
	}
	amount, err := tx.Balance(c.From, "", EndOf(before))
	if err != nil {
		return Posted{}, false, err
	}
	key, last, found, err := tx.nextNumbered(c.Key, func(p *Posted) bool {
		return p.Date == c.Day && len(p.Lines) == 2 && p.Lines[0].Account == c.From && p.Lines[1].Account == c.To
	})
	if err != nil {
		return Posted{}, false, err
	}
	for n := 1; found; n++ { // what earlier entries of this key have moved already
		posted, used, err := tx.EntryByKey(fmt.Sprintf("%s/%d", c.Key, n))
		if err != nil {
			return Posted{}, false, err
		}
		if !used {
			break
		}
		if posted.ReversedBy != 0 {
			continue // that one has moved nothing in the end
		}
		for _, l := range posted.Lines {
			if l.Account == c.From {
				amount = amount.Add(l.Amount)
			}
		}
	}
	if amount.IsZero() {
		last.Repeat = found
		return last, found, nil
	}
	memo := c.Memo
	if memo == "" {
		memo = fmt.Sprintf("SHU tahun lalu per %s", c.Day)
	}
	carried, err = tx.Post(Entry{Key: key, Date: c.Day, Memo: memo, Maker: c.Maker, Approver: c.Approver, Lines: []Line{
		{Account: c.From, Amount: amount.Neg()}, {Account: c.To, Amount: amount},
	}})
	return carried, err == nil, err
}
