package savings

import (
	"context"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// MemberResult is the result of a command on a member.
type MemberResult struct {
	Member Member
	Repeat bool
}

// Join enters a member in the register. One person has one membership: a
// joining under the identity of somebody who has not left is refused. Errors
// match [ErrExists], [ErrDate] or [ErrCommand].
func (d *Desk) Join(ctx context.Context, j Joining) (MemberResult, error) {
	return update(ctx, d, j, d.JoinTx)
}

// JoinTx is Join in the caller's transaction.
func (d *Desk) JoinTx(tx *ledger.Tx, j Joining) (MemberResult, error) {
	return member(tx, command(j.Key, "savings.join", j), j.Member, func(m Member) (MemberEvent, error) {
		policy, err := d.policy(tx, j.Date)
		if err != nil {
			return MemberEvent{}, err
		}
		e, err := m.Join(j, policy)
		if err != nil || j.Identity == "" {
			return e, err
		}
		return e, claimIdentity(tx, j)
	})
}

// identity says who joined under a digest.
type identity struct {
	Digest string `json:"digest"`
	Member string `json:"member"`
}

// claimIdentity takes an identity for a new member, unless somebody has it who
// has not left.
func claimIdentity(tx *ledger.Tx, j Joining) error {
	id, version, err := load[identity](tx, KindIdentity, j.Identity)
	if err != nil {
		return err
	}
	if version > 0 {
		holder, found, err := MemberIn(tx, id.Member)
		if err != nil {
			return err
		}
		if found && !holder.LeftOn(j.Date) {
			return &Refusal{Kind: ErrExists, Code: "member.identity", Member: j.Member, Date: j.Date,
				Reason: fmt.Sprintf("the same person is member %s: one person, one membership", clip(id.Member)), Rule: RuleMembership}
		}
	}
	next := identity{Digest: j.Identity, Member: j.Member}
	return save(tx, KindIdentity, j.Identity, version, "claim", next, next)
}

// Admit makes a candidate a member. Errors match [ErrUnknown], [ErrMember],
// [ErrDate] or [ErrCommand].
func (d *Desk) Admit(ctx context.Context, a Admission) (MemberResult, error) {
	return update(ctx, d, a, d.AdmitTx)
}

// AdmitTx is Admit in the caller's transaction.
func (d *Desk) AdmitTx(tx *ledger.Tx, a Admission) (MemberResult, error) {
	return member(tx, command(a.Key, "savings.admit", a), a.Member, func(m Member) (MemberEvent, error) {
		if m.Number == "" {
			return MemberEvent{}, unknownMember(a.Member)
		}
		return m.Admit(a)
	})
}

// Leave ends a membership, by the member's will or by a decision; a death is
// [Desk.Die]. Errors match [ErrUnknown], [ErrMember], [ErrDate] or [ErrCommand].
func (d *Desk) Leave(ctx context.Context, l Leaving) (MemberResult, error) {
	return update(ctx, d, l, d.LeaveTx)
}

// LeaveTx is Leave in the caller's transaction.
func (d *Desk) LeaveTx(tx *ledger.Tx, l Leaving) (MemberResult, error) {
	return member(tx, command(l.Key, "savings.leave", l), l.Member, func(m Member) (MemberEvent, error) {
		switch {
		case m.Number == "":
			return MemberEvent{}, unknownMember(l.Member)
		case l.Cause == Deceased:
			return MemberEvent{}, m.refuse(ErrCommand, "member.cause", "a death has its own command, which blocks the accounts")
		}
		return m.Leave(l)
	})
}

func unknownMember(number string) error {
	return &Refusal{Kind: ErrUnknown, Code: "member.unknown", Member: number, Reason: "there is no such member"}
}

// member carries out a member's command.
func member(tx *ledger.Tx, c ledger.Command, number string, decide func(Member) (MemberEvent, error)) (MemberResult, error) {
	return ledger.Atomic(tx, func() (MemberResult, error) { return memberNow(tx, c, number, decide) })
}

func memberNow(tx *ledger.Tx, c ledger.Command, number string, decide func(Member) (MemberEvent, error)) (MemberResult, error) {
	first, repeated, err := tx.Repeat(c)
	if err != nil {
		return MemberResult{}, err
	}
	if repeated {
		m, err := saved[Member](tx, first, KindMember)
		return MemberResult{m, true}, err
	}
	m, version, err := load[Member](tx, KindMember, number)
	if err != nil {
		return MemberResult{}, err
	}
	e, err := decide(m)
	if err != nil {
		return MemberResult{}, in(tx, err)
	}
	m = m.Apply(e)
	return MemberResult{Member: m}, save(tx, KindMember, m.Number, version, e.Name, e, m)
}
