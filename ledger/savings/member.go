package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// Member is who saves: a member, a candidate or another party, by number. No
// name is kept, see the package's comment.
type Member struct {
	Number   string          `json:"number"`
	Joined   ledger.Date     `json:"joined"` // the first day of membership
	Standing ledger.Standing `json:"standing"`
	// Left is the first day on which the person is no longer a member, zero
	// while still one.
	Left ledger.Date `json:"left,omitzero"`
}

// LeftOn reports whether the member has left on or before a day.
func (m Member) LeftOn(day ledger.Date) bool { return !m.Left.IsZero() && !day.Before(m.Left) }

// Party returns the member as a party of that day's entries: with its
// standing, or as [ledger.Other] once the membership is over.
func (m Member) Party(day ledger.Date) ledger.Party {
	if m.LeftOn(day) {
		return ledger.Party{Member: m.Number, Standing: ledger.Other}
	}
	return ledger.Party{Member: m.Number, Standing: m.Standing}
}

// Joining enters a person in the register of members (buku daftar anggota).
type Joining struct {
	Key    string
	Date   ledger.Date // the first day of membership; may lie before the book's first entry
	Member string      // the number
	// Standing is [ledger.Member] unless said otherwise.
	Standing ledger.Standing
}

// Leaving ends a membership. Accounts stay open: after Date nothing can be paid
// in, and what was locked can be withdrawn or closed.
type Leaving struct {
	Key    string
	Date   ledger.Date // the first day that is no longer membership
	Member string
	Reason string // required: examiners look for it; no personal data
}

// MemberEvent is what happened to a member: "join" or "leave".
type MemberEvent struct {
	Name     string          `json:"name"`
	Date     ledger.Date     `json:"date"`
	Member   string          `json:"member"`
	Standing ledger.Standing `json:"standing,omitempty"`
	Reason   string          `json:"reason,omitempty"`
}

// Join decides a joining: the member must be new. Errors match [ErrExists],
// [ErrDate] or [ErrCommand].
func (m Member) Join(j Joining) (MemberEvent, error) {
	switch {
	case m.Number != "":
		return MemberEvent{}, m.refuse(ErrExists, "member.exists", fmt.Sprintf("has joined on %s", m.Joined))
	case j.Member == "":
		return MemberEvent{}, m.refuse(ErrCommand, "member.number", "a member needs a number")
	case !j.Date.Valid():
		m.Number = j.Member
		return MemberEvent{}, m.refuse(ErrDate, "member.date", "date of joining: "+j.Date.Err().Error())
	case !j.Standing.Valid():
		m.Number = j.Member
		return MemberEvent{}, m.refuse(ErrCommand, "member.standing", "unknown standing "+j.Standing.String())
	}
	standing := j.Standing
	if standing == ledger.NoStanding {
		standing = ledger.Member
	}
	return MemberEvent{Name: "join", Date: j.Date, Member: j.Member, Standing: standing}, nil
}

// Leave decides a leaving. Errors match [ErrMember], [ErrDate] or [ErrCommand].
func (m Member) Leave(l Leaving) (MemberEvent, error) {
	switch {
	case !m.Left.IsZero():
		return MemberEvent{}, m.refuse(ErrMember, "member.left", fmt.Sprintf("has left on %s", m.Left))
	case !l.Date.Valid():
		return MemberEvent{}, m.refuse(ErrDate, "member.date", "date of leaving: "+l.Date.Err().Error())
	case l.Date.Before(m.Joined):
		return MemberEvent{}, m.refuse(ErrDate, "member.before_joined", fmt.Sprintf("cannot leave on %s before joining on %s", l.Date, m.Joined))
	case l.Reason == "":
		return MemberEvent{}, m.refuse(ErrCommand, "member.reason", "leaving needs a reason")
	case textFault(l.Reason) != "":
		return MemberEvent{}, m.refuse(ErrCommand, "member.reason", "the reason "+textFault(l.Reason))
	}
	return MemberEvent{Name: "leave", Date: l.Date, Member: m.Number, Reason: l.Reason}, nil
}

// Apply returns the member after an event. It computes no rule.
func (m Member) Apply(e MemberEvent) Member {
	switch e.Name {
	case "join":
		m.Number, m.Joined, m.Standing = e.Member, e.Date, e.Standing
	case "leave":
		m.Left = e.Date
	}
	return m
}

func (m Member) refuse(kind error, code, reason string) error {
	return &Refusal{Kind: kind, Code: code, Member: m.Number, Reason: reason}
}
