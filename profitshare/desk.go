package profitshare

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Desk runs the months of one plan on a book. It keeps no state of its own and
// is safe for any number of goroutines.
//
// Every command has a key: repeated with the same content it answers with the
// first result and writes nothing, whatever has happened since; with other
// content the error matches [ledger.ErrKeyConflict]. The methods named with Tx
// work inside the caller's Update: a refused one has changed nothing there
// either, and after them the caller's own command, if it began one, goes on.
//
// The other methods begin an Update of their own: called inside an Update of
// the same book they wait for that to end, which waits for them.
type Desk struct {
	book     *ledger.Book
	plan     Plan
	accounts Accounts
}

// NewDesk returns the desk of a plan, whose lists must not be changed
// afterwards. Every run asks whether the plan fits the book, and is refused
// with [ErrPlan] if not.
func NewDesk(book *ledger.Book, plan Plan, accounts Accounts) *Desk {
	return &Desk{book, plan, accounts}
}

// Posting asks for a month to be shared out.
type Posting struct {
	Key   string
	Month ledger.Month
	// Decision is what was decided for the month; that of the proposal if zero.
	Decision Decision
	// Date is the day of a bonus, after its month. A pool is posted on the last
	// day of the month, whatever stands here.
	Date ledger.Date
	// Adjusting posts it as an adjusting entry, in a softly closed month.
	Adjusting bool
	Memo      string // "Bagi hasil" and the month if empty
	Document  string
	Maker     string
	Approver  string

	with []string // the pools that are posted together
}

// Result is a month shared out.
type Result struct {
	Month   ledger.Month
	Figures Figures // the totals; Figures.Nothing says why nothing was shared
	// Shares explains every payout and holds the figures for information. It is
	// the zero value in the answer to a repeated command: Preview or Verify
	// compute it again.
	Shares Shares
	Run    Run           // as the book keeps it; zero for a preview
	Posted ledger.Posted // zero if nothing was shared, and for a preview
	Repeat bool          // the command had been carried out before; this is its first result

	holders   []holder // beside the payouts
	strangers []string // accounts of products that the plan does not name
	advanced  map[string]ledger.Money
	detained  map[string]bool // accounts whose restored capital goes to Plan.Uncollected
}

// Preview works out what [Desk.Post] would post now, and writes nothing.
func (d *Desk) Preview(ctx context.Context, month ledger.Month) (Result, error) {
	return view(ctx, d, func(tx *ledger.Tx) (Result, error) { return d.PreviewTx(tx, month) })
}

// PreviewTx is Preview in the caller's transaction.
func (d *Desk) PreviewTx(tx *ledger.Tx, month ledger.Month) (Result, error) {
	return d.PreviewWithTx(tx, month, Decision{})
}

// PreviewWith is Preview with what was decided for the month.
func (d *Desk) PreviewWith(ctx context.Context, month ledger.Month, decision Decision) (Result, error) {
	return view(ctx, d, func(tx *ledger.Tx) (Result, error) { return d.PreviewWithTx(tx, month, decision) })
}

// PreviewWithTx is PreviewWith in the caller's transaction.
func (d *Desk) PreviewWithTx(tx *ledger.Tx, month ledger.Month, decision Decision) (Result, error) {
	result, err := d.compute(tx, month, decision, nil)
	return result, inCurrency(err, tx.Currency())
}

// compute works a month out. Accounts of products that the plan does not name
// are refused, lest a new product be forgotten, or passed over where a past
// month is computed again.
func (d *Desk) compute(tx *ledger.Tx, month ledger.Month, decision Decision, past *Run) (Result, error) {
	if err := month.Err(); err != nil {
		return Result{}, err
	}
	if d.accounts == nil {
		return Result{}, planError("accounts", "", "nobody says which accounts earn", "")
	}
	if past == nil { // accounts may have been retired since
		if err := d.plan.check(tx); err != nil {
			return Result{}, err
		}
		if err := d.plan.checkDecision(tx, decision); err != nil {
			return Result{}, err
		}
	}
	result := Result{Month: month, Figures: Figures{Plan: d.plan, Decision: decision}}
	f := &result.Figures
	var err error
	if f.Income, err = d.plan.income(tx, month); err != nil {
		return Result{}, err
	}
	for _, i := range f.Income {
		f.Result = f.Result.Add(i.Amount)
	}
	if d.plan.Wadiah {
		f.Result = decision.Bonus
	}
	g, err := gather(tx, &d.plan, d.accounts, month, past)
	if err != nil {
		return Result{}, err
	}
	pool := Pool{Result: f.Result, Terms: g.terms, Stakes: g.stakes, Rounding: d.plan.Rounding, Days: month.Days()}
	if err := d.plan.reserves(tx, &pool, month, decision, past); err != nil {
		return Result{}, err
	}
	if pool.Carried, err = carriedBy(tx, d.plan.Name, past.before()); err != nil {
		return Result{}, err
	}
	if f.Result.Sign() > 0 && g.syirkah.Sign() > 0 {
		if pool.Split, err = d.plan.split(tx, month, f.Income, g.syirkah); err != nil {
			return Result{}, err
		}
	}
	if result.Shares, err = Distribute(pool); err != nil {
		return Result{}, err
	}
	result.holders, result.strangers = g.holders, g.strangers
	if result.advanced, err = advancedIn(tx, d.plan.Name, month); err != nil {
		return Result{}, err
	}
	return result, result.total()
}

// total adds the shares up into the figures.
func (r *Result) total() error {
	f, s := &r.Figures, &r.Shares
	f.Nothing, f.Equalisation, f.Risk = s.Nothing, s.pool.Equalisation, s.pool.Risk
	for _, had := range r.advanced {
		f.Excess = f.Excess.Add(had)
	}
	if s.Nothing != SharedOut {
		return nil
	}
	restored, advanced := make(map[string]ledger.Money), make(map[string]ledger.Money)
	for p := range s.Payouts() {
		owed := r.owed(&p)
		if !owed.IsZero() {
			f.Accounts++
		}
		if owed != p.Gross {
			advanced[p.Product] = advanced[p.Product].Add(p.Gross.Sub(owed))
		}
		if !p.Restored.IsZero() {
			restored[p.Product] = restored[p.Product].Add(p.Restored)
		}
	}
	for _, q := range f.Plan.Products {
		for _, total := range s.Products {
			if back := restored[q.Code]; total.Product == q.Code && !(total.Gross.IsZero() && back.IsZero()) {
				f.Products = append(f.Products, ProductShare{Product: q.Code, Gross: total.Gross, Restored: back, Advanced: advanced[q.Code]})
				f.Advanced = f.Advanced.Add(advanced[q.Code])
			}
		}
	}
	f.Members, f.Manager, f.Own, f.Leftover = s.Members, s.Manager, s.Own, s.Leftover
	f.Restored, f.EqualisedByMembers = s.Restored(), s.equalisers()
	f.Excess, f.Yield = f.Excess.Sub(f.Advanced), s.yield()
	f.Manager = f.Manager.Sub(f.Excess)
	return f.spreadHibah()
}

// Post shares a month out: on its last day, debit every product's share
// account with the total of its accounts, credit the payable sub of each
// account with its gross share, the owner as the party. What rounding leaves
// over goes from Plan.LeftoverFrom to Rounding.LeftoverTo.
//
// Income is the month's credits less its debits on the plan's accounts,
// adjusting entries included and closing entries not. Where there is none
// above zero, or no balance, nothing is shared and no entry posted; the run is
// recorded all the same, so that the key is taken and the month is run once.
// A month that has a run is refused with [ErrRun], also under another key;
// [Desk.Reverse] first. So is one whose income a run of another plan has shared
// already: no income is shared twice.
func (d *Desk) Post(ctx context.Context, p Posting) (Result, error) {
	return update(ctx, d, p, d.PostTx)
}

// PostTx is Post in the caller's transaction.
func (d *Desk) PostTx(tx *ledger.Tx, p Posting) (Result, error) {
	return atomic(tx, func() (Result, error) { return d.post(tx, p) })
}

func (d *Desk) post(tx *ledger.Tx, p Posting) (Result, error) {
	content := together(p.Decision.content(d.content(EventPost, p.Month)).Date(p.Date).Bool(p.Adjusting).Text(p.Memo).Text(p.Document).Text(p.Maker).Text(p.Approver), p.with)
	first, repeated, err := tx.Repeat(ledger.Command{Key: p.Key, Kind: commandKind(EventPost), Content: content.Digest()})
	if err != nil {
		return Result{}, err
	}
	if repeated {
		run, posted, err := firstResult(tx, first)
		return Result{Month: run.Month, Figures: run.Figures, Run: run, Posted: posted, Repeat: true}, err
	}
	run, err := RunIn(tx, d.plan.Name, p.Month)
	if err != nil {
		return Result{}, err
	}
	if err := run.postable(); err != nil {
		return Result{}, err
	}
	if run.Status == Proposed && p.Decision.IsZero() {
		p.Decision = run.Decision
	}
	result, err := d.compute(tx, p.Month, p.Decision, nil)
	if err != nil {
		return Result{}, err
	}
	if err := d.approved(&run, &result); err != nil {
		return Result{}, err
	}
	if err := result.sharedBefore(tx, &run); err != nil {
		return Result{}, err
	}
	result.Figures.Date = p.Month.Last()
	if d.plan.Wadiah {
		if !p.Date.After(p.Month.Last()) {
			return Result{}, &InputError{Kind: ErrRun, What: named("run", run.ID()), Value: p.Date.String(), Reason: "a bonus is decided after its month", Source: RuleBonus}
		}
		result.Figures.Date = p.Date
	}
	e := run.next(EventPost, result.Figures.Date)
	e.Figures = &result.Figures
	if err := result.detain(tx); err != nil {
		return Result{}, err
	}
	if lines := result.lines(); len(lines) > 0 {
		entry := ledger.Entry{
			Date: e.Date, Memo: memo(p.Memo, "Bagi hasil", p.Month), Document: p.Document, Maker: p.Maker, Approver: p.Approver,
			Source: e.source(run.ID()), Lines: lines,
		}
		if p.Adjusting {
			entry.Phase = ledger.Adjusting
		}
		if result.Posted, err = tx.Post(entry); err != nil {
			return Result{}, err
		}
		result.Figures.Entry = result.Posted.Number
	}
	if !result.Figures.Restored.IsZero() {
		if err := restoreLosses(tx, &run, &result.Figures); err != nil {
			return Result{}, err
		}
	}
	result.Run = run.Apply(e)
	return result, save(tx, result.Run, e)
}

// lines are those of the entry that posts the result; none if nothing was shared.
func (r *Result) lines() []ledger.Line {
	f := &r.Figures
	if f.Nothing != SharedOut {
		return nil
	}
	lines := make([]ledger.Line, 0, len(f.Products)+f.Accounts+8)
	for _, share := range f.Products {
		q := f.Plan.Products[f.Plan.productOf(share.Product)]
		if own := share.Gross.Sub(share.Hibah).Add(share.Restored).Sub(share.Advanced); !own.IsZero() {
			lines = append(lines, ledger.Line{Account: q.ShareAccount, Amount: own})
		}
	}
	if !f.Leftover.IsZero() {
		lines = append(lines, ledger.Debit(f.Plan.LeftoverFrom, f.Leftover), ledger.Credit(f.Plan.Rounding.LeftoverTo, f.Leftover))
	}
	lines = append(lines, f.reserveLines()...)
	n := 0
	for p := range r.Shares.Payouts() {
		owner := r.holders[n]
		n++
		if owner.account != p.Account {
			panic(fmt.Sprintf("profitshare: the share of %s stands beside %s", p.Account, owner.account))
		}
		if owed := r.owed(&p); !owed.IsZero() {
			lines = append(lines, ledger.Line{Account: f.Plan.Payable, Sub: p.Account, Amount: owed.Neg(), Party: owner.party})
		}
		if !p.Restored.IsZero() {
			control := f.Plan.Products[f.Plan.productOf(p.Product)].Control
			if r.detained[p.Account] {
				control = f.Plan.Uncollected
			}
			lines = append(lines, ledger.Credit(control, p.Restored).For(p.Account).With(owner.party))
		}
	}
	return lines
}

// owed is what an account is still owed of its share: what it has had in
// advance is set against it.
func (r *Result) owed(p *Payout) ledger.Money {
	if r.advanced == nil {
		return p.Gross
	}
	return p.Gross.Sub(r.advanced[p.Account].Min(p.Gross))
}

// content begins the digest of a command on a month.
func (d *Desk) content(name EventName, month ledger.Month) *ledger.Content {
	return ledger.NewContent(commandKind(name)).Text(d.plan.Name).Date(month.First())
}

// together adds the pools of which a command is a part: one more or less is
// another command. Nothing is added for a command on one plan.
func together(c *ledger.Content, pools []string) *ledger.Content {
	for _, name := range pools {
		c.Text(name)
	}
	return c
}

func commandKind(name EventName) string { return RunKind + "." + string(name) }

func memo(given, verb string, month ledger.Month) string {
	if given != "" {
		return given
	}
	return verb + " " + month.String()
}

// update runs a command in an Update of its own.
func update[C, R any](ctx context.Context, d *Desk, command C, do func(*ledger.Tx, C) (R, error)) (R, error) {
	return ledger.Update(ctx, d.book, func(tx *ledger.Tx) (R, error) { return do(tx, command) })
}

func view[R any](ctx context.Context, d *Desk, read func(*ledger.Tx) (R, error)) (R, error) {
	return ledger.View(ctx, d.book, func(tx *ledger.Tx) (R, error) {
		result, err := read(tx)
		return result, inCurrency(err, tx.Currency())
	})
}

// atomic is one command inside a transaction; what it refuses speaks of money
// in the book's currency.
func atomic[R any](tx *ledger.Tx, do func() (R, error)) (R, error) {
	result, err := ledger.Atomic(tx, do)
	return result, inCurrency(err, tx.Currency())
}
