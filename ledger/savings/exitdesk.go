package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// ExitIn returns the settlement of a member, false if there is none.
func ExitIn(tx *ledger.Tx, member string) (Exit, bool, error) {
	x, version, err := load[Exit](tx, KindExit, member)
	return x, version > 0 && x.Member != "", err
}

// Death records that a member has died.
type Death struct {
	Key    string
	Date   ledger.Date // of death: membership ends with it
	Known  ledger.Date // on which it became known: nothing leaves the accounts any more
	Member string
	// Documents are references, the death certificate among them; By is who
	// authorised the block. Both are required.
	Documents []string
	By        string
}

// Die ends a membership by death and blocks all debits on the member's
// accounts from the day it is known, whoever posts. Profit shares still come
// in: what stops them is the contract. [Desk.Settle] turns the balances into
// the heirs' claim. Errors match [ErrUnknown], [ErrMember], [ErrDate] or
// [ErrCommand].
func (d *Desk) Die(ctx context.Context, x Death) (MemberResult, error) {
	return update(ctx, d, x, d.DieTx)
}

// DieTx is Die in the caller's transaction.
func (d *Desk) DieTx(tx *ledger.Tx, x Death) (MemberResult, error) {
	return member(tx, command(x.Key, "savings.death", x), x.Member, func(m Member) (MemberEvent, error) {
		switch {
		case m.Number == "":
			return MemberEvent{}, unknownMember(x.Member)
		case !x.Known.Valid() || x.Date.Valid() && x.Known.Before(x.Date):
			return MemberEvent{}, m.refuse(ErrDate, "death.known", fmt.Sprintf("known on %s of a death on %s", x.Known, x.Date))
		case x.By == "" || textFault(x.By) != "":
			return MemberEvent{}, m.refuse(ErrCommand, "death.by", "the block needs who authorised it")
		}
		e, err := m.Leave(Leaving{Date: x.Date, Member: x.Member, Reason: deathReason, Cause: Deceased, Documents: x.Documents})
		if err != nil {
			return MemberEvent{}, err
		}
		return e, d.blockDead(tx, x, m)
	})
}

const deathReason = "meninggal dunia"

// blockDead blocks the debits of all accounts, on top of what blocks there
// are, and of what waits since time savings matured.
func (d *Desk) blockDead(tx *ledger.Tx, x Death, m Member) error {
	accounts, err := AccountsOf(tx, x.Member)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		place := a.stands()
		if place == (Place{}) {
			continue
		}
		at, err := d.loadAccount(tx, a.ID)
		if err != nil {
			return err
		}
		sub, _, err := tx.Sub(place.Account, place.Sub)
		if err != nil {
			return err
		}
		block := ledger.DebitBlock
		if sub.Block == ledger.CreditBlock || sub.Block == ledger.FullBlock {
			block = ledger.FullBlock
		}
		e := Event{Name: EventBlock, Date: x.Known, Account: a.ID, Party: m.Party(x.Known),
			Blocked: Blocked{Block: block, Reason: deathReason, By: x.By, From: x.Known}}
		if err := blockPlace(tx, place, block, deathReason, x.By); err != nil {
			return err
		}
		if err := keep(tx, e, at); err != nil {
			return err
		}
	}
	return nil
}

// blockPlace sets the block of a place, unless it has that.
func blockPlace(tx *ledger.Tx, p Place, block ledger.Block, reason, by string) error {
	sub, _, err := tx.Sub(p.Account, p.Sub)
	if err != nil || sub.Block == block {
		return err
	}
	return tx.SetBlock(ledger.BlockSetting{Account: p.Account, Sub: p.Sub, Block: block, Reason: reason, By: by})
}

// ExitResult is the result of a command on a settlement.
type ExitResult struct {
	Exit   Exit
	Posted ledger.Posted // zero if nothing moved
	Repeat bool
}

// Settle closes all accounts of who has left, sets obligations off and owes
// the rest (S25, S26, S28): one entry. Time savings that still run are broken
// with it by their product's rule (S18), what matured and waits is paid into the
// claim. What is held must be released and what is blocked unblocked before, but
// for the block of a death.
// Errors match [ErrMember], [ErrState], [ErrPolicy], [ErrClaim] or those of
// [Desk.Close].
func (d *Desk) Settle(ctx context.Context, s Settlement) (ExitResult, error) {
	return update(ctx, d, s, d.SettleTx)
}

// SettleTx is Settle in the caller's transaction.
func (d *Desk) SettleTx(tx *ledger.Tx, s Settlement) (ExitResult, error) {
	return atomic(tx, s, d.settle)
}

func (d *Desk) settle(tx *ledger.Tx, s Settlement) (ExitResult, error) {
	first, repeated, err := tx.Repeat(command(s.Key, "savings.settle", s))
	if err != nil {
		return ExitResult{}, err
	}
	if repeated {
		return exitResult(tx, first)
	}
	m, memberVersion, err := load[Member](tx, KindMember, s.Member)
	if err != nil {
		return ExitResult{}, err
	}
	if memberVersion == 0 {
		return ExitResult{}, unknownMember(s.Member)
	}
	x, version, err := load[Exit](tx, KindExit, s.Member)
	if err != nil {
		return ExitResult{}, err
	}
	if err := m.settles(s); err != nil {
		return ExitResult{}, err
	}
	if x.Member != "" {
		return ExitResult{}, m.refuse(ErrState, "settle.claimed", fmt.Sprintf("was settled on %s", x.Date))
	}
	policy, err := d.policy(tx, s.Date)
	if err != nil {
		return ExitResult{}, err
	}
	claims, err := policy.role("claims of who has left", policy.Claims)
	if err != nil {
		return ExitResult{}, err
	}
	accounts, lines, err := d.openAccounts(tx, s)
	if err != nil {
		return ExitResult{}, err
	}
	e, err := m.Settle(s, lines, claims)
	if err != nil {
		return ExitResult{}, in(tx, err)
	}
	if err := owedBy(tx, e); err != nil {
		return ExitResult{}, err
	}
	result := ExitResult{Exit: x.Apply(e)}
	if result.Posted, err = d.postSettlement(tx, s, e, accounts, version); err != nil {
		return ExitResult{}, err
	}
	if err := save(tx, KindExit, s.Member, version, e.Name, e, result.Exit); err != nil {
		return ExitResult{}, err
	}
	return result, settled(tx, result.Exit, m, memberVersion)
}

// openAccounts loads the accounts that a settlement closes, and those whose
// money waits since they matured, with what stands on them.
func (d *Desk) openAccounts(tx *ledger.Tx, s Settlement) (accounts []*opened, lines []ExitLine, err error) {
	list, err := AccountsOf(tx, s.Member)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range list {
		place := a.stands()
		if place == (Place{}) {
			continue
		}
		at, err := d.loadAccount(tx, a.ID)
		if err != nil {
			return nil, nil, err
		}
		line := ExitLine{Account: a.ID, Control: place.Account}
		dead := at.basis.Member.Cause == Deceased
		if a.Status == Closed {
			line.Balance, err = at.emptied(tx, place, s.Date, dead)
		} else {
			line, err = at.settled(tx, s, dead)
		}
		if err != nil {
			return nil, nil, err
		}
		accounts, lines = append(accounts, at), append(lines, line)
	}
	return accounts, lines, nil
}

// settled returns what a settlement makes of an account that is not closed.
func (o *opened) settled(tx *ledger.Tx, s Settlement, despite bool) (ExitLine, error) {
	balance, err := o.closable(tx, s.Date, despite)
	if err != nil {
		return ExitLine{}, err
	}
	if err := o.loadTerms(tx, s.Date); err != nil {
		return ExitLine{}, err
	}
	return o.account.settled(s, o.basis, balance), nil
}

// postSettlement lifts the accounts' blocks, posts, and closes them for good.
func (d *Desk) postSettlement(tx *ledger.Tx, s Settlement, e ExitEvent, accounts []*opened, version int) (posted ledger.Posted, err error) {
	for _, at := range accounts {
		if err := blockPlace(tx, at.account.stands(), ledger.NoBlock, "settled", s.Approver); err != nil {
			return ledger.Posted{}, err
		}
	}
	claim, _, err := tx.Sub(e.Exit.Place.Account, e.Exit.Place.Sub)
	if err != nil {
		return ledger.Posted{}, err
	}
	if !claim.Opened { // whoever pays out of it, never more than is owed
		err := tx.OpenSub(ledger.SubOpening{Account: e.Exit.Place.Account, Sub: e.Exit.Place.Sub, Holder: s.Member, Floor: floorOf(ledger.Money{}), By: s.Approver})
		if err != nil {
			return ledger.Posted{}, err
		}
	}
	if entry := ExitJournal(e); len(entry.Lines) > 0 {
		entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(s.Memo, "Penyelesaian anggota", s.Member), s.Document, s.Maker, s.Approver
		entry.Source = ledger.Source{Kind: KindExit, ID: s.Member, Version: version + 1, Event: e.Name}
		if posted, err = tx.Post(entry); err != nil {
			return ledger.Posted{}, err
		}
	}
	for i, at := range accounts {
		if err := keep(tx, at.account.leaves(e, e.Exit.Accounts[i]), at); err != nil {
			return ledger.Posted{}, err
		}
		if at.account.Status == Closed {
			continue
		}
		if err := blockClosed(tx, at.account, s.Approver); err != nil {
			return ledger.Posted{}, err
		}
	}
	return posted, nil
}

// leaves returns the event that a settlement is to one of its accounts.
func (a Account) leaves(e ExitEvent, line ExitLine) Event {
	closing := Event{Name: EventSettle, Date: e.Date, Account: a.ID, Party: e.Party, Amount: line.Balance, Counter: e.Exit.Place,
		Fee: line.Penalty, FeeAccount: line.PenaltyAccount}
	if a.Term == nil || a.Status != Closed && !line.Broken {
		return closing
	}
	term := *a.Term
	if a.Status == Closed {
		closing.From, term.Uncollected = term.Uncollected, Place{}
	} else {
		term.Broken, term.Forfeited = true, line.Forfeited
	}
	closing.Term = &term
	return closing
}

// settled marks a member as settled once the whole claim is paid.
func settled(tx *ledger.Tx, x Exit, m Member, version int) error {
	if x.Done.IsZero() {
		return nil
	}
	e := MemberEvent{Name: "settle", Date: x.Done, Member: m.Number}
	return save(tx, KindMember, m.Number, version, e.Name, e, m.Apply(e))
}

// PayClaim pays a claim or a part of it (S27, S28): debit the claim, credit the
// counter account. With the last part the member is settled. While own capital
// is below its floor nothing is paid. Errors match [ErrClaim], [ErrCapital],
// [ErrState], [ErrAmount], [ErrDate] or [ErrCommand].
func (d *Desk) PayClaim(ctx context.Context, p ClaimPayment) (ExitResult, error) {
	return update(ctx, d, p, d.PayClaimTx)
}

// PayClaimTx is PayClaim in the caller's transaction.
func (d *Desk) PayClaimTx(tx *ledger.Tx, p ClaimPayment) (ExitResult, error) {
	return atomic(tx, p, d.payClaim)
}

func (d *Desk) payClaim(tx *ledger.Tx, p ClaimPayment) (ExitResult, error) {
	first, repeated, err := tx.Repeat(command(p.Key, "savings.claim", p))
	if err != nil {
		return ExitResult{}, err
	}
	if repeated {
		return exitResult(tx, first)
	}
	m, memberVersion, err := load[Member](tx, KindMember, p.Member)
	if err != nil {
		return ExitResult{}, err
	}
	x, version, err := load[Exit](tx, KindExit, p.Member)
	if err != nil {
		return ExitResult{}, err
	}
	var owed ledger.Money
	if x.Member != "" {
		if owed, err = tx.Balance(x.Place.Account, x.Place.Sub, ledger.Latest()); err != nil {
			return ExitResult{}, err
		}
		owed = ledger.CreditSide.Natural(owed)
	}
	e, err := x.Pay(p, m, owed)
	if err != nil {
		return ExitResult{}, in(tx, err)
	}
	if err := cash(tx, "", p.Member, p.Counter); err != nil {
		return ExitResult{}, err
	}
	policy, err := d.policy(tx, p.Date)
	if err != nil {
		return ExitResult{}, err
	}
	if err := policy.guardFloor(tx, p.Member, p.Date); err != nil {
		return ExitResult{}, err
	}
	entry := ExitJournal(e)
	entry.Memo, entry.Document, entry.Maker, entry.Approver = memo(p.Memo, "Pembayaran hak anggota", p.Member), p.Document, p.Maker, p.Approver
	entry.Source = ledger.Source{Kind: KindExit, ID: p.Member, Version: version + 1, Event: e.Name}
	result := ExitResult{Exit: x.Apply(e)}
	if result.Posted, err = tx.Post(entry); err != nil {
		return ExitResult{}, err
	}
	if err := save(tx, KindExit, p.Member, version, e.Name, e, result.Exit); err != nil {
		return ExitResult{}, err
	}
	return result, settled(tx, result.Exit, m, memberVersion)
}

// exitResult is the first result of a command on a settlement.
func exitResult(tx *ledger.Tx, first ledger.Command) (ExitResult, error) {
	x, err := saved[Exit](tx, first, KindExit)
	if err != nil {
		return ExitResult{}, err
	}
	p, err := posted(tx, first)
	return ExitResult{x, p, true}, err
}
