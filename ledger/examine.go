package ledger

import "fmt"

// examine checks an entry in the documented order; keys have been resolved
// before. Each step looks at all lines before the next step begins, so that
// for any entry exactly one refusal is the first. It leaves the lines' subs in
// tx.stage.lines.
func (tx *Tx) examine(p *posting) error {
	tx.stage.lines = tx.stage.lines[:0]
	if tx.examinePeriod(p) {
		return nil
	}
	if stop, err := tx.examineAccounts(p); stop || err != nil {
		return err
	}
	if tx.examineBlocks(p) || tx.examineForm(p) || tx.examineSum(p) {
		return nil
	}
	tx.examineBalances(p)
	return nil
}

func (tx *Tx) examinePeriod(p *posting) (stop bool) {
	head := tx.stage.head
	switch {
	case !p.Date.Valid():
		return p.refuse(tx, ErrDate, Refusal{Code: CodeDateInvalid, Date: p.Date, Detail: reason(p.Date.Err())})
	case !p.Date.After(head.Closed):
		return p.refuse(tx, ErrPeriodClosed, Refusal{Code: CodePeriodClosed, Date: p.Date,
			Detail: fmt.Sprintf("%s is closed: every day through %s is", p.Date, head.Closed)})
	case !p.Date.After(head.SoftClosed) && p.Phase == Ordinary:
		return p.refuse(tx, ErrPeriodClosed, Refusal{Code: CodePeriodSoftClosed, Date: p.Date,
			Detail: fmt.Sprintf("%s is softly closed through %s: only adjusting and closing entries are taken", p.Date, head.SoftClosed)})
	}
	return false
}

func (tx *Tx) examineAccounts(p *posting) (stop bool, err error) {
	s := tx.stage
	if err := s.prefetchLines(&p.Entry); err != nil {
		return false, err
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		staged := s.find(l.Account, l.Sub)
		if staged != nil && p.Date.Valid() && !p.Date.Before(staged.from) &&
			!staged.account.Retired && staged.account.Control == (l.Sub != "") {
			tx.stage.lines = append(tx.stage.lines, staged)
			continue
		}
		account, found, err := s.current(l.Account)
		if err != nil {
			return false, err
		}
		if r, kind := lineFault(l, account, found); kind != nil && !p.mirrors(r.Code) {
			r.Line = i + 1
			if p.refuse(tx, kind, r) {
				return true, nil
			}
			tx.stage.lines = append(tx.stage.lines, nil)
			continue
		}
		from := p.Date
		if !from.Valid() {
			from = endOfTime // for the blocks, which bind on every day
		}
		if staged == nil || from.Before(staged.from) {
			staged, err = s.load(staged, account, l.Sub, from)
		}
		if err != nil {
			return false, err
		}
		tx.stage.lines = append(tx.stage.lines, staged)
	}
	return false, nil
}

// mirrors reports whether p reverses an entry whose names fell under no rule
// yet: what was written must not become impossible to take back.
func (p *posting) mirrors(fault Code) bool {
	return p.reverses != 0 && (fault == CodeSubInvalid || fault == CodePartyInvalid)
}

// lineFault says whether a line may stand on its account and sub; account may
// be nil if it was not found.
func lineFault(l *Line, account *Account, found bool) (Refusal, error) {
	r := Refusal{Account: l.Account, Sub: l.Sub}
	switch {
	case !found:
		r.Code, r.Detail = CodeAccountUnknown, "is not in the chart"
		return r, ErrAccount
	case account.Header:
		r.Code, r.Detail = CodeAccountHeader, "is a header and takes no lines"
		return r, ErrAccount
	case account.Retired:
		r.Code, r.Detail = CodeAccountRetired, "is retired"
		return r, ErrAccount
	case account.Control && l.Sub == "":
		r.Code, r.Detail = CodeSubMissing, "is a control account: the line needs a sub key"
		return r, ErrSub
	case !account.Control && l.Sub != "":
		r.Code, r.Detail = CodeSubNotAllowed, "has no subs: the line must not carry a sub key"
		return r, ErrSub
	}
	if why := NameFault(l.Sub, MaxSub); why != "" {
		r.Code, r.Detail = CodeSubInvalid, "the sub key "+why
		return r, ErrSub
	}
	return Refusal{}, nil
}

func (tx *Tx) examineBlocks(p *posting) (stop bool) {
	if p.imported {
		return false
	}
	for i := range p.Lines {
		l, staged := &p.Lines[i], tx.stage.lines[i]
		if staged == nil || !staged.sub.Block.stops(l.Amount) {
			continue
		}
		if p.refuse(tx, ErrBlocked, Refusal{Code: CodeBlocked, Line: i + 1, Account: l.Account, Sub: l.Sub, Amount: l.Amount,
			Detail: fmt.Sprintf("has a %s block", staged.sub.Block)}) {
			return true
		}
	}
	return false
}

// examineForm checks the entry's own fields and each line's.
func (tx *Tx) examineForm(p *posting) (stop bool) {
	n := len(p.Lines)
	if n < 2 && p.refuse(tx, ErrEntry, Refusal{Code: CodeTooFewLines, Detail: fmt.Sprintf("an entry needs at least 2 lines, this one has %d", n)}) {
		return true
	}
	if n > MaxLines && p.refuse(tx, ErrEntry, Refusal{Code: CodeTooManyLines, Detail: fmt.Sprintf("an entry may have %d lines, this one has %d", MaxLines, n)}) {
		return true
	}
	if p.Phase > Closing && p.refuse(tx, ErrEntry, Refusal{Code: CodePhaseInvalid, Detail: reason(phaseNames.unknown(p.Phase.String()))}) {
		return true
	}
	if tx.examineTexts(p) || tx.examineSource(p) {
		return true
	}
	for i := range p.Lines {
		if lineFormFaults(&p.Lines[i], func(code Code, why string) (stop bool) {
			l := &p.Lines[i]
			return !p.mirrors(code) && p.refuse(tx, ErrEntry, Refusal{Code: code, Line: i + 1, Account: l.Account, Sub: l.Sub, Amount: l.Amount, Detail: why})
		}) {
			return true
		}
	}
	return false
}

func (tx *Tx) examineTexts(p *posting) (stop bool) {
	texts := [...]string{p.Memo, p.Document, p.Maker, p.Approver, p.Waiver, p.Source.Kind, p.Source.ID, p.Source.Event}
	for i, text := range texts {
		if text == "" {
			continue
		}
		if why := TextFault(text, entryTexts[i].most); why != "" &&
			p.refuse(tx, ErrEntry, Refusal{Code: CodeTextInvalid, Detail: "the " + entryTexts[i].what + " " + why}) {
			return true
		}
	}
	return false
}

// entryTexts are the texts of an entry and how long they may be.
var entryTexts = [...]struct {
	what string
	most int
}{
	{"memo", MaxText}, {"document", MaxText}, {"maker", MaxText}, {"approver", MaxText}, {"waiver", MaxText},
	{"source kind", MaxSub}, {"source id", MaxSub}, {"source event", MaxSub},
}

// lineFormFaults calls refuse for everything that is wrong with a line by
// itself, until that says stop.
func lineFormFaults(l *Line, refuse func(Code, string) (stop bool)) (stop bool) {
	switch {
	case !l.Amount.valid():
		stop = refuse(CodeAmountInvalid, reason(l.Amount.Err()))
	case l.Amount.IsZero():
		stop = refuse(CodeAmountZero, "a line of zero says nothing")
	}
	if stop {
		return true
	}
	why := ""
	if l.Party.Standing > Other {
		why = reason(standingNames.unknown(l.Party.Standing.String()))
	} else if l.Party.Member != "" {
		if fault := NameFault(l.Party.Member, MaxSub); fault != "" {
			why = "the party " + fault
		}
	}
	if why != "" && refuse(CodePartyInvalid, why) {
		return true
	}
	return l.Activity > Fund && refuse(CodeActivityInvalid, reason(activityNames.unknown(l.Activity.String())))
}

// examineSum checks that debits equal credits, for memorandum accounts among
// themselves.
func (tx *Tx) examineSum(p *posting) (stop bool) {
	var sum, memorandum BalanceDays // 128 bits: partial sums may exceed the largest amount
	for i := range p.Lines {
		amount := p.Lines[i].Amount
		if !amount.valid() {
			continue
		}
		wide := amount.Over(1)
		sum = sum.Add(wide)
		if staged := tx.stage.lines[i]; staged != nil && staged.account.Kind == Memorandum {
			memorandum = memorandum.Add(wide)
		}
	}
	if sum.Sign() != 0 && p.refuse(tx, ErrUnbalanced, Refusal{Code: CodeUnbalanced, Amount: narrow(sum),
		Detail: tx.excess(sum)}) {
		return true
	}
	if sum.Sign() == 0 && memorandum.Sign() != 0 {
		return p.refuse(tx, ErrUnbalanced, Refusal{Code: CodeMemorandumMixed, Amount: narrow(memorandum),
			Detail: "memorandum accounts do not balance among themselves: " + tx.excess(memorandum)})
	}
	return false
}

// excess says which side is the larger, and by how much.
func (tx *Tx) excess(sum BalanceDays) string {
	by := "more than the largest amount"
	if rest := narrow(sum).Abs(); rest.valid() {
		by = tx.currency.Format(rest)
	}
	if sum.Sign() > 0 {
		return "debits exceed credits by " + by
	}
	return "credits exceed debits by " + by
}

// narrow returns a one-day product as Money, invalid if it does not fit.
func narrow(d BalanceDays) Money {
	if d.hi == 0 && d.lo <= MaxMoney || d.hi == -1 && -d.lo <= MaxMoney {
		return Minor(int64(d.lo))
	}
	return Money{notMoneyOverflow}
}
