package ledgertest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// Operations makes up operations from a seed: the same seed and the same
// models give the same operations. About a third of them are meant to be refused.
type Operations struct {
	rng   *rand.Rand
	model *Model
	day   ledger.Date // about when the next entries are dated
	made  int
	past  []Operation
	holds []string
}

// NewOperations returns the generator of a seed. It looks at the model to make
// operations that mostly have a chance.
func NewOperations(seed uint64, model *Model) *Operations {
	return &Operations{
		rng: rand.New(rand.NewPCG(seed, 0x6d697a616e)), model: model,
		day: ledger.On(2026, time.January, 15),
	}
}

// Next makes up an operation.
func (o *Operations) Next() Operation {
	o.made++
	if o.rng.IntN(60) == 0 {
		o.day = o.day.Next()
	}
	if len(o.past) > 0 && o.rng.IntN(12) == 0 {
		return o.again()
	}
	op := Operation{o.ask()}
	if len(o.past) < 400 {
		o.past = append(o.past, op)
	} else {
		o.past[o.rng.IntN(len(o.past))] = op
	}
	return op
}

// ask picks what is asked for by weight.
func (o *Operations) ask() any {
	kinds := []struct {
		weight int
		ask    func() any
	}{
		{52, func() any { return o.entry(o.key()) }},
		{2, func() any { return Imported(o.entry(o.key())) }},
		{9, o.reversal}, {6, o.hold}, {5, o.release}, {4, o.capture},
		{9, o.event}, {3, o.opening}, {4, o.floor}, {3, o.block},
		{2, o.closing}, {1, o.reopening}, {2, o.addition}, {2, o.retirement}, {6, o.record}, {3, o.assertion},
	}
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	pick := o.rng.IntN(total)
	for _, k := range kinds {
		if pick -= k.weight; pick < 0 {
			return k.ask()
		}
	}
	return o.entry(o.key())
}

// again repeats an earlier operation, at times with its key and other content.
func (o *Operations) again() Operation {
	op := o.past[o.rng.IntN(len(o.past))]
	if o.rng.IntN(3) > 0 {
		return op
	}
	switch ask := op.Ask.(type) {
	case ledger.Entry:
		ask.Memo += "!"
		return Operation{ask}
	case ledger.Reversal:
		ask.Document += "!"
		return Operation{ask}
	case ledger.Hold:
		ask.Reason += "!"
		return Operation{ask}
	case ledger.Record:
		ask.Event += "!"
		return Operation{ask}
	}
	return Operation{o.entry(op.Key())}
}

func (o *Operations) key() string {
	switch o.rng.IntN(300) {
	case 0:
		return ""
	case 1:
		return "two\nlines"
	case 2:
		return fmt.Sprintf("K%d ", o.made)
	case 3:
		return fmt.Sprintf("K\u00a0%d", o.made)
	}
	return fmt.Sprintf("K%d", o.made)
}

func one[V any](o *Operations, of ...V) V { return of[o.rng.IntN(len(of))] }

// rarely returns the second value once in n times.
func rarely[V any](o *Operations, n int, usual, rare V) V {
	if o.rng.IntN(n) == 0 {
		return rare
	}
	return usual
}

func (o *Operations) amount() ledger.Money { return ledger.Minor(int64(1 + o.rng.IntN(40_000))) }

// date is near the current day: often today, at times before or after.
func (o *Operations) date() ledger.Date {
	switch o.rng.IntN(10) {
	case 0, 1:
		return o.day.AddDays(-o.rng.IntN(40))
	case 2:
		return o.day.AddDays(o.rng.IntN(20))
	}
	return rarely(o, 400, o.day, ledger.On(2026, time.November, 31))
}

func (o *Operations) member() string { return fmt.Sprintf("M%d", 1+o.rng.IntN(6)) }

// place picks an account and sub, mostly such that exist.
func (o *Operations) place() (account, sub string) {
	switch o.rng.IntN(40) {
	case 0:
		return one(o, "10000", "77777", savings, "55510"), ""
	case 1:
		return cash, o.member()
	case 2, 3:
		return fmt.Sprintf("555%02d", o.rng.IntN(20)), "" // may have been added, may be retired
	}
	switch account = one(o, cash, cash, bank, savings, savings, savings, wadiah, wadiah, "10409", income, expense); account {
	case savings, wadiah, "10409":
		return account, o.member()
	}
	return account, ""
}

func (o *Operations) entry(key string) ledger.Entry {
	e := ledger.Entry{Key: key, Date: o.date(), Memo: rarely(o, 300, fmt.Sprintf("Transaksi harian nomor %d – \"tunai\"", o.made), "a\tb")}
	if o.rng.IntN(12) == 0 {
		e.Phase = one(o, ledger.Adjusting, ledger.Adjusting, ledger.Closing)
	}
	if o.rng.IntN(6) == 0 {
		e.Waiver = "izin manajer"
	}
	if o.rng.IntN(50) == 0 {
		e.Source = o.source()
	}
	e.Lines = o.lines()
	return e
}

// source names mostly the next version of a contract.
func (o *Operations) source() ledger.Source {
	kind, id := one(o, "murabahah", "savings"), o.member()
	next := len(o.model.records[kind+"/"+id]) + 1
	return ledger.Source{Kind: kind, ID: id, Version: rarely(o, 20, next, one(o, next-1, next+1)), Event: rarely(o, 40, "pay", "")}
}

// event posts in a contract's name, now and then the mirror of what was posted
// in it before.
func (o *Operations) event() any {
	if o.rng.IntN(3) == 0 {
		for n := o.model.Entries(); n > 0 && n+60 > o.model.Entries(); n-- {
			of := o.model.entries[n-1].Source
			if of.IsZero() || o.model.entries[n-1].reversedBy != 0 {
				continue
			}
			of.Version = len(o.model.records[of.Kind+"/"+of.ID]) + 1
			return Event{ledger.Reversal{Key: o.key(), Entry: n, Date: o.date(), Reason: "salah input", Source: of}}
		}
	}
	e := o.entry(o.key())
	e.Source = o.source()
	return Event{e}
}

// lines mostly balance: all but the last are free, the last makes up for them.
func (o *Operations) lines() []ledger.Line {
	if o.rng.IntN(40) == 0 {
		amount := o.amount()
		return []ledger.Line{ledger.Debit("99101", amount), rarely(o, 3, ledger.Credit("99199", amount), ledger.Credit(income, amount))}
	}
	n := rarely(o, 80, 1+one(o, 1, 1, 1, 2, 4), one(o, 0, 1))
	lines := make([]ledger.Line, 0, n)
	var sum ledger.Money
	for i := range n {
		account, sub := o.place()
		l := ledger.Line{Account: account, Sub: sub, Amount: rarely(o, 200, one(o, o.amount(), o.amount().Neg()), ledger.Money{})}
		if i == n-1 && o.rng.IntN(50) > 0 {
			l.Amount = sum.Neg()
		}
		if o.rng.IntN(4) == 0 {
			l.Party = ledger.Party{Member: o.member(), Standing: one(o, ledger.Member, ledger.Candidate)}
		}
		sum = sum.Add(l.Amount)
		lines = append(lines, l)
	}
	return lines
}

func (o *Operations) reversal() any {
	r := ledger.Reversal{
		Key: o.key(), Entry: uint64(o.rng.IntN(int(o.model.Entries()) + 2)), Date: o.date(),
		Reason: rarely(o, 30, "salah input", ""), Adjusting: o.rng.IntN(4) == 0,
	}
	if n := o.model.Entries(); n > 0 && o.rng.IntN(2) == 0 {
		r.Entry = n - uint64(o.rng.IntN(int(min(n, 20))))
	}
	if o.rng.IntN(8) == 0 && r.Entry > 0 && r.Entry <= o.model.Entries() {
		r.Source = o.model.entries[r.Entry-1].Source
	}
	return r
}

func (o *Operations) hold() any {
	account, sub := one(o, savings, savings, savings, wadiah, cash), ""
	if account != cash {
		sub = o.member()
	}
	h := ledger.Hold{
		Key: o.key(), Account: account, Sub: sub, Amount: rarely(o, 40, o.amount(), ledger.Money{}),
		From: o.date(), Reason: rarely(o, 40, "jaminan", ""), By: "manajer",
	}
	if o.rng.IntN(2) == 0 {
		h.Until = h.From.AddDays(o.rng.IntN(40) - 1)
	}
	o.holds = append(o.holds, h.Key)
	return h
}

// held picks the key of a hold, mostly a late one.
func (o *Operations) held() string {
	if len(o.holds) == 0 || o.rng.IntN(30) == 0 {
		return "no such hold"
	}
	n := min(len(o.holds), rarely(o, 4, 12, len(o.holds)))
	return o.holds[len(o.holds)-1-o.rng.IntN(n)]
}

func (o *Operations) release() any {
	return ledger.Release{
		Key: o.key(), Hold: o.held(), Amount: one(o, ledger.Money{}, ledger.Money{}, o.amount(), rp(20)),
		Reason: rarely(o, 40, "lunas", ""), By: "manajer",
	}
}

func (o *Operations) capture() any {
	c := Capture{Release: o.release().(ledger.Release), Entry: o.entry("")}
	if h := o.model.holds[c.Release.Hold]; h != nil && o.rng.IntN(5) > 0 {
		amount := c.Release.Amount
		if amount.IsZero() {
			amount = h.Left
		}
		c.Entry.Lines = []ledger.Line{
			{Account: h.Account, Sub: h.Sub, Amount: o.model.accounts[h.Account].Normal.Natural(amount).Neg()},
			{Account: bank, Amount: o.model.accounts[h.Account].Normal.Natural(amount)},
		}
	}
	return c
}

func (o *Operations) limits() ledger.Floor {
	switch o.rng.IntN(5) {
	case 0:
		return ledger.Floor{}
	case 1:
		return ledger.HardFloor(rp(int64(o.rng.IntN(60) - 30)))
	case 2:
		return ledger.Floor{}.WithSoft(rp(50))
	}
	return ledger.HardFloor(ledger.Money{}).WithSoft(rp(int64(o.rng.IntN(100))))
}

func (o *Operations) opening() any {
	account, sub := one(o, savings, wadiah), o.member()
	if o.rng.IntN(10) == 0 {
		account, sub = o.place()
	}
	return ledger.SubOpening{Key: o.key(), Account: account, Sub: sub, Holder: rarely(o, 50, sub, "a\x01"), Floor: rarely(o, 3, o.limits(), ledger.Floor{}), By: "cs"}
}

func (o *Operations) floor() any {
	account, sub := one(o, savings, wadiah), o.member()
	switch o.rng.IntN(6) {
	case 0:
		account, sub = o.place()
	case 1:
		sub = ""
	}
	return ledger.FloorSetting{Key: o.key(), Account: account, Sub: sub, Floor: o.limits(), Reason: "produk", By: "manajer"}
}

func (o *Operations) block() any {
	account, sub := one(o, savings, wadiah), o.member()
	return ledger.BlockSetting{
		Key: o.key(), Account: account, Sub: sub, Reason: rarely(o, 20, "buku hilang", ""), By: "manajer",
		Block: one(o, ledger.NoBlock, ledger.NoBlock, ledger.NoBlock, ledger.DebitBlock, ledger.CreditBlock, ledger.FullBlock),
	}
}

func (o *Operations) closing() any {
	return ledger.PeriodClosing{Key: o.key(), Through: o.day.AddDays(-10 - o.rng.IntN(30)), Soft: o.rng.IntN(2) == 0, Reason: "tutup", By: "manajer"}
}

func (o *Operations) reopening() any {
	closed, soft := o.model.Closed()
	back := func(d ledger.Date) ledger.Date {
		if d.IsZero() || o.rng.IntN(8) == 0 {
			return ledger.Date{}
		}
		return d.AddDays(-o.rng.IntN(15))
	}
	return ledger.PeriodReopening{Key: o.key(), Through: back(closed), SoftThrough: back(soft), Reason: "koreksi", By: rarely(o, 10, "pengurus", "")}
}

func (o *Operations) addition() any {
	a := ledger.Account{Code: fmt.Sprintf("555%02d", o.rng.IntN(20)), Name: "Sementara", Kind: ledger.Asset, Normal: ledger.DebitSide, Control: o.rng.IntN(10) == 0}
	if o.rng.IntN(20) == 0 {
		a.Code = one(o, "", cash, " 1")
	}
	return Addition{o.key(), a}
}

func (o *Operations) retirement() any {
	code := fmt.Sprintf("555%02d", o.rng.IntN(20))
	return ledger.Retirement{Key: o.key(), Account: rarely(o, 15, code, "10000"), Reason: rarely(o, 20, "tidak dipakai", ""), By: "manajer"}
}

func (o *Operations) record() any {
	kind, id := one(o, "murabahah", "savings"), o.member()
	next := len(o.model.records[kind+"/"+id]) + 1
	return ledger.Record{
		Kind: kind, ID: id, Version: rarely(o, 6, next, one(o, next-1, next+1, 0)), Key: o.key(),
		Event: rarely(o, 50, "pay", ""), Data: json.RawMessage(fmt.Sprintf(`{"amount":%d}`, o.rng.IntN(1000))), Format: 1,
		State: rarely(o, 50, json.RawMessage(fmt.Sprintf(`{"left":%d}`, o.rng.IntN(1000))), json.RawMessage(`{`)),
	}
}

func (o *Operations) assertion() any {
	account, sub := o.place()
	if o.rng.IntN(5) == 0 {
		account, sub = savings, ""
	}
	day := o.date()
	a := ledger.Assertion{Key: o.key(), Account: account, Sub: sub, Date: day, Document: "kas opname", By: "kasir"}
	if day.Valid() {
		a.Balance = o.model.Balance(account, sub, day, ledger.Closing, 0)
	}
	if o.rng.IntN(4) == 0 {
		a.Balance = a.Balance.Add(rp(1))
	}
	return a
}

// pick returns a few places to ask about.
func (o *Operations) pick(n int) []modelPlace {
	places := make([]modelPlace, 0, n)
	for len(places) < n {
		account, sub := o.place()
		if _, known := o.model.accounts[account]; known && (sub == "" || o.model.accounts[account].Control) {
			places = append(places, modelPlace{account, sub})
		}
	}
	return slices.Clip(places)
}
