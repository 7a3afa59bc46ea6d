package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// demoCity is how many cooperatives the demonstration data has: those of one
// small city. All of it is made up: the city, the cooperatives, the persons.
const demoCity = 255

// fill writes demonstration data for so many cooperatives, unless the database
// has some. The same seed and day give the same books. It tells how many of how
// many are done, from none; nothing if there is nothing to do.
//
// Each cooperative is one transaction: its rows, its book, and in the book one
// Update for the whole year. That is the way to bring much into books quickly.
// The first cooperative comes last: where it is, everything is, and what was
// broken off is continued at the next start.
func (a *app) fill(ctx context.Context, seed uint64, count int, tell func(done, of int)) error {
	missing, err := a.unfilled(ctx, count)
	if err != nil || len(missing) == 0 {
		return err
	}
	today := a.today()
	names := coopNames(rand.New(rand.NewPCG(seed, 0)), count)
	atOnce := 4 // books do not wait for each other
	if a.db.dialect == sqlledger.SQLite {
		atOnce = 1 // but a file has one writer
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var telling sync.Mutex
	done := count - len(missing)
	tell(done, count)
	one := func(i int) {
		if err := a.fillOne(ctx, seed, i, names[i], today); err != nil {
			cancel(fmt.Errorf("demonstration data: %s: %w", names[i].name, err))
			return
		}
		telling.Lock()
		defer telling.Unlock()
		done++
		tell(done, count)
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for i := range next {
				one(i)
			}
		})
	}
	for _, i := range missing[1:] {
		if ctx.Err() == nil {
			next <- i
		}
	}
	close(next)
	group.Wait()
	if ctx.Err() == nil {
		one(missing[0])
	}
	return context.Cause(ctx)
}

// unfilled are the indexes of the cooperatives that the database lacks; none if
// it has the first.
func (a *app) unfilled(ctx context.Context, count int) ([]int, error) {
	scan := func(id *string, scan func(...any) error) error { return scan(id) }
	there, err := all(queries{ctx, a.db, a.db}, scan, "SELECT id FROM app_coop")
	if err != nil || slices.Contains(there, coopID(1)) {
		return nil, err
	}
	var missing []int
	for i := range count {
		if !slices.Contains(there, coopID(i+1)) {
			missing = append(missing, i)
		}
	}
	return missing, nil
}

// fillOne writes one cooperative. Retry may run it more than once: all that is
// drawn is drawn anew from the same seed.
func (a *app) fillOne(ctx context.Context, seed uint64, i int, name coopName, today ledger.Date) error {
	return a.store.Retry(ctx, func(tx *sql.Tx, books *sqlledger.Bound) error {
		var there int // by another process that started at the same moment
		if err := tx.QueryRowContext(ctx, a.db.text("SELECT count(*) FROM app_coop WHERE id = $1"), coopID(i+1)).Scan(&there); err != nil || there > 0 {
			return err
		}
		d := &demoCoop{
			job:    job{queries: queries{ctx, a.db, tx}, today: today, coop: coop{ID: coopID(i + 1), Name: name.name, Place: name.place}},
			random: rand.New(rand.NewPCG(seed, uint64(i+1))),
			opened: demoOpening(today),
		}
		return d.write(books, a.clock, i == 0)
	})
}

func coopID(n int) string { return fmt.Sprintf("K%03d", n) }

// demoOpening is the first day of the books: the year's, or the last one's
// where this year has hardly begun.
func demoOpening(today ledger.Date) ledger.Date {
	year := today.Year()
	if today.Before(ledger.On(year, time.April, 1)) {
		year--
	}
	return ledger.On(year, time.January, 1)
}

// demoCoop is one cooperative while it is made.
type demoCoop struct {
	job
	random  *rand.Rand
	opened  ledger.Date
	members []demoMember
	goods   []goods
	plans   []plan
	orders  []*order
	start   ledger.Entry
	budget  ledger.Money // what is left at the bank for goods
	events  []demoEvent
	posted  []ledger.Posted
}

type demoMember struct {
	member
	voluntary ledger.Money // as of the events made so far
	wajib     ledger.Money
}

// demoEvent is something that happens on a day.
type demoEvent struct {
	day ledger.Date
	do  func(*ledger.Tx) error
}

func (d *demoCoop) on(day ledger.Date, do func(*ledger.Tx) error) {
	d.events = append(d.events, demoEvent{day, do})
}

// between is a whole number from one through another.
func (d *demoCoop) between(from, through int) int { return from + d.random.IntN(through-from+1) }

// chance is true so many times in a hundred.
func (d *demoCoop) chance(percent int) bool { return d.random.IntN(100) < percent }

// thousands is an amount of so many thousand rupiah.
func (d *demoCoop) thousands(from, through int) ledger.Money {
	return ledger.IDR.Of(int64(d.between(from, through)) * 1_000)
}

// write makes the cooperative up and writes it.
func (d *demoCoop) write(books *sqlledger.Bound, clock clock, shown bool) error {
	d.coop.Active = shown || d.chance(79)
	size := d.between(9, 18)
	switch n := d.random.IntN(100); {
	case shown:
		size = 48
	case !d.coop.Active:
		size = d.between(5, 14)
	case n < 6:
		size = d.between(45, 80)
	case n < 25:
		size = d.between(20, 36)
	}
	d.people(size)
	d.catalogue(shown)
	if err := d.rows(); err != nil {
		return err
	}
	book, err := ledger.Create(d.ctx, books, bookConfig(d.coop.ID, clock))
	if err != nil {
		return err
	}
	d.book = book
	d.start = d.opening()
	if d.coop.Active {
		d.year(shown)
	}
	slices.SortStableFunc(d.events, func(a, b demoEvent) int { return a.day.Cmp(b.day) })
	if err := book.Update(d.ctx, d.keep); err != nil {
		return err
	}
	if err := d.orderRows(); err != nil {
		return err
	}
	return d.count(d.posted...)
}

// keep writes the book: products, what was there before, and the year day by day.
func (d *demoCoop) keep(tx *ledger.Tx) error {
	d.posted = nil
	desk := savings.NewDesk(d.book)
	for _, product := range products(d.opened) {
		if _, err := desk.AddProductTx(tx, product); err != nil {
			return err
		}
	}
	for _, m := range d.members {
		if err := d.adopt(tx, desk, m.member); err != nil {
			return err
		}
	}
	if err := d.post(tx, d.start); err != nil {
		return err
	}
	for _, event := range d.events {
		if err := event.do(tx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demoCoop) post(tx *ledger.Tx, e ledger.Entry) error {
	posted, err := tx.Post(e)
	d.posted = append(d.posted, posted)
	return err
}

// adopt takes a member and the three savings accounts over from older books.
func (d *demoCoop) adopt(tx *ledger.Tx, desk *savings.Desk, m member) error {
	_, err := desk.JoinTx(tx, savings.Joining{Key: "join/" + m.Number, Date: m.Joined, Member: m.Number, Standing: ledger.Member})
	if err != nil {
		return err
	}
	for _, product := range []string{pokok, wajib, voluntary} {
		id := accountOf(m.Number, product)
		_, err := desk.AdoptTx(tx, savings.Opening{Key: "adopt/" + id, Date: d.opened, Account: id, Member: m.Number, Product: product})
		if err != nil {
			return err
		}
	}
	return nil
}

// opening is the entry that brings the balances in.
func (d *demoCoop) opening() ledger.Entry {
	e := ledger.Entry{Key: "opening", Date: d.opened, Memo: "Saldo awal"}
	var saved ledger.Money
	for _, m := range d.members {
		for _, part := range []struct {
			product string
			amount  ledger.Money
		}{{pokok, pokokAmount}, {wajib, m.wajib}, {voluntary, m.voluntary}} {
			if !part.amount.IsZero() {
				saved = saved.Add(part.amount)
				e.Lines = append(e.Lines, ledger.Credit(controls[part.product], part.amount).For(accountOf(m.Number, part.product)).With(partyOf(m.Number)))
			}
		}
	}
	fixed, cash := d.thousands(2_000, 30_000), d.thousands(500, 6_000)
	reserve := d.thousands(4_000, 20_000).Add(ledger.IDR.Of(int64(len(d.members)) * 150_000))
	bank := saved.Add(reserve).Sub(cash)          // equipment came as a grant
	d.budget = ledger.Minor(bank.Minor() / 4 * 3) // the rest is for withdrawals and expenses
	e.Lines = append(e.Lines, ledger.Credit(reserveAccount, reserve), ledger.Credit(grantAccount, fixed),
		ledger.Debit(tellerCash, cash), ledger.Debit(bankAccount, bank), ledger.Debit(equipment, fixed))
	return e
}

func partyOf(number string) ledger.Party {
	return ledger.Party{Member: number, Standing: ledger.Member}
}
