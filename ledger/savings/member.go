package savings

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Member is who saves: a member, a candidate or another party, by number. Its
// name, address and heirs are in [Persons], see the package's comment.
type Member struct {
	Number string `json:"number"`
	// Joined is the first day on which the person may save: of membership, or
	// of candidacy.
	Joined   ledger.Date     `json:"joined"`
	Standing ledger.Standing `json:"standing"` // what the person is now
	// Until is a candidate's last day: who has not become a member by then can
	// pay nothing in. Zero for no such day, or no candidate.
	Until ledger.Date `json:"until,omitzero"`
	// Admitted is the day on which a candidate became a member.
	Admitted ledger.Date `json:"admitted,omitzero"`
	// Left is the first day on which the person is no longer a member, zero
	// while still one; Cause says why.
	Left  ledger.Date `json:"left,omitzero"`
	Cause Cause       `json:"cause,omitempty"`
	// Settled is the day on which everything was paid out.
	Settled ledger.Date `json:"settled,omitzero"`

	// Identity is the salted digest of the identity number, see [Persons].
	Identity   string   `json:"identity,omitempty"`
	ApprovedBy string   `json:"approved_by,omitempty"`
	Reason     string   `json:"reason,omitempty"`    // of leaving
	Documents  []string `json:"documents,omitempty"` // references, in the order they came
}

// MemberState is where a person stands with the cooperative.
type MemberState string

const (
	MemberUnknown   MemberState = ""          // never joined
	MemberCandidate MemberState = "candidate" // calon anggota
	MemberActive    MemberState = "active"    // a member, or another party that saves
	MemberResigned  MemberState = "left"      // has left of its own will
	MemberExpelled  MemberState = "expelled"  // was excluded by a decision
	MemberDeceased  MemberState = "deceased"  // has died; the heirs are entitled
	MemberSettled   MemberState = "settled"   // has left, and everything is paid
)

// MemberStates lists all states in the order of a member's life.
func MemberStates() []MemberState {
	return []MemberState{MemberUnknown, MemberCandidate, MemberActive, MemberResigned, MemberExpelled, MemberDeceased, MemberSettled}
}

// Cause is why a membership ended.
type Cause string

const (
	Resigned Cause = ""         // of the member's own will
	Expelled Cause = "expelled" // by a decision, which is a document
	Deceased Cause = "deceased" // by death, which is proved by a document
)

// State returns where the member stands.
func (m Member) State() MemberState {
	switch {
	case m.Number == "":
		return MemberUnknown
	case !m.Settled.IsZero():
		return MemberSettled
	case !m.Left.IsZero() && m.Cause == Expelled:
		return MemberExpelled
	case !m.Left.IsZero() && m.Cause == Deceased:
		return MemberDeceased
	case !m.Left.IsZero():
		return MemberResigned
	case m.Standing == ledger.Candidate:
		return MemberCandidate
	}
	return MemberActive
}

// LeftOn reports whether the member has left on or before a day.
func (m Member) LeftOn(day ledger.Date) bool { return !m.Left.IsZero() && !day.Before(m.Left) }

// Since returns the first day of membership, zero for who is no member.
func (m Member) Since() ledger.Date {
	switch {
	case m.Standing != ledger.Member:
		return ledger.Date{}
	case !m.Admitted.IsZero():
		return m.Admitted
	}
	return m.Joined
}

// Overdue reports whether a candidate's time has run out before a day.
func (m Member) Overdue(day ledger.Date) bool {
	return m.Standing == ledger.Candidate && !m.Until.IsZero() && day.After(m.Until)
}

// Party returns the member as a party of that day's entries: with its
// standing, or as [ledger.Other] once the membership is over.
func (m Member) Party(day ledger.Date) ledger.Party {
	switch {
	case m.LeftOn(day):
		return ledger.Party{Member: m.Number, Standing: ledger.Other}
	case !m.Admitted.IsZero() && day.Before(m.Admitted):
		return ledger.Party{Member: m.Number, Standing: ledger.Candidate}
	}
	return ledger.Party{Member: m.Number, Standing: m.Standing}
}

// Joining enters a person in the register of members (buku daftar anggota).
type Joining struct {
	Key    string
	Date   ledger.Date // the first day; may lie before the book's first entry
	Member string      // the number, which is never used twice
	// Standing is [ledger.Member] unless said otherwise. A candidate becomes a
	// member by [Desk.Admit].
	Standing ledger.Standing
	// Identity is the salted digest of the identity number, from
	// [IdentityDigest]: nobody who has not left can join under it again. Empty
	// leaves that to the host.
	Identity   string
	ApprovedBy string   // who admitted the member
	Documents  []string // references to the application and the like
}

// Admission makes a candidate a member.
type Admission struct {
	Key        string
	Date       ledger.Date // the first day of membership
	Member     string
	ApprovedBy string // required
	Documents  []string
}

// Leaving ends a membership. Accounts stay open: after Date nothing can be paid
// in, and what was locked can be withdrawn or closed. [Desk.Settle] turns all
// balances into one claim.
type Leaving struct {
	Key    string
	Date   ledger.Date // the first day that is no longer membership
	Member string
	Reason string // required: examiners look for it; no personal data
	Cause  Cause  // [Deceased] by [Desk.Die] only
	// Documents are references; an expulsion needs the decision.
	Documents []string
}

// MemberEvent is what happened to a member.
type MemberEvent struct {
	Name       string          `json:"name"` // "join", "admit", "leave", "die", "settle" or "reverse"
	Date       ledger.Date     `json:"date"`
	Member     string          `json:"member"`
	Standing   ledger.Standing `json:"standing,omitempty"`
	Until      ledger.Date     `json:"until,omitzero"` // join: a candidate's last day
	Identity   string          `json:"identity,omitempty"`
	ApprovedBy string          `json:"approved_by,omitempty"`
	Cause      Cause           `json:"cause,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	Documents  []string        `json:"documents,omitempty"`
	Undoes     string          `json:"undoes,omitempty"` // reverse: the key of the command taken back
	Back       *Member         `json:"back,omitempty"`   // reverse: the member as it is again
}

// Join decides a joining: the member must be new. Errors match [ErrExists],
// [ErrDate] or [ErrCommand].
func (m Member) Join(j Joining, p Policy) (MemberEvent, error) {
	if m.Number != "" {
		return MemberEvent{}, m.refuse(ErrExists, "member.exists", fmt.Sprintf("has joined on %s", m.Joined))
	}
	m.Number = j.Member
	switch {
	case j.Member == "":
		return MemberEvent{}, m.refuse(ErrCommand, "member.number", "a member needs a number")
	case !j.Date.Valid():
		return MemberEvent{}, m.refuse(ErrDate, "member.date", "date of joining: "+j.Date.Err().Error())
	case !j.Standing.Valid():
		return MemberEvent{}, m.refuse(ErrCommand, "member.standing", "unknown standing "+j.Standing.String())
	}
	if err := m.texts(j.Documents, j.ApprovedBy, j.Identity); err != nil {
		return MemberEvent{}, err
	}
	e := MemberEvent{Name: "join", Date: j.Date, Member: j.Member, Standing: j.Standing, Identity: j.Identity,
		ApprovedBy: j.ApprovedBy, Documents: slices.Clone(j.Documents)}
	switch {
	case e.Standing == ledger.NoStanding:
		e.Standing = ledger.Member
	case e.Standing == ledger.Candidate && p.CandidateMonths > 0:
		e.Until = j.Date.AddMonths(p.CandidateMonths)
	}
	return e, nil
}

// Admit decides an admission: only of a candidate who has not left. One whose
// time has run out can still be admitted, that ends the fault. Errors match
// [ErrMember], [ErrDate] or [ErrCommand].
func (m Member) Admit(a Admission) (MemberEvent, error) {
	switch {
	case !m.Left.IsZero():
		return MemberEvent{}, m.refuse(ErrMember, "member.left", fmt.Sprintf("has left on %s", m.Left))
	case m.Standing != ledger.Candidate:
		return MemberEvent{}, m.refuse(ErrMember, "member.no_candidate", "is no candidate")
	case !a.Date.Valid():
		return MemberEvent{}, m.refuse(ErrDate, "member.date", "date of admission: "+a.Date.Err().Error())
	case a.Date.Before(m.Joined):
		return MemberEvent{}, m.refuse(ErrDate, "member.before_joined", fmt.Sprintf("cannot be admitted on %s before being a candidate on %s", a.Date, m.Joined))
	case a.ApprovedBy == "":
		return MemberEvent{}, m.refuse(ErrCommand, "member.approved_by", "an admission needs who approved it")
	}
	if err := m.texts(a.Documents, a.ApprovedBy); err != nil {
		return MemberEvent{}, err
	}
	return MemberEvent{Name: "admit", Date: a.Date, Member: m.Number, Standing: ledger.Member, ApprovedBy: a.ApprovedBy,
		Documents: slices.Clone(a.Documents)}, nil
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
	case l.Cause != Resigned && l.Cause != Expelled && l.Cause != Deceased:
		return MemberEvent{}, m.refuse(ErrCommand, "member.cause", fmt.Sprintf("unknown cause %q", clip(string(l.Cause))))
	case l.Cause != Resigned && len(l.Documents) == 0:
		return MemberEvent{}, m.refuse(ErrCommand, "member.documents", "this leaving needs the document that proves it")
	}
	if err := m.texts(l.Documents); err != nil {
		return MemberEvent{}, err
	}
	e := MemberEvent{Name: "leave", Date: l.Date, Member: m.Number, Cause: l.Cause, Reason: l.Reason, Documents: slices.Clone(l.Documents)}
	if l.Cause == Deceased {
		e.Name = "die"
	}
	return e, nil
}

func (m Member) texts(documents []string, others ...string) error {
	if len(documents) > maxDocuments {
		return m.refuse(ErrCommand, "member.documents", fmt.Sprintf("%d documents, at most %d", len(documents), maxDocuments))
	}
	for _, text := range slices.Concat(documents, others) {
		if why := textFault(text); why != "" {
			return m.refuse(ErrCommand, "member.text", "a text of the register "+why)
		}
	}
	return nil
}

// Apply returns the member after an event. It computes no rule.
func (m Member) Apply(e MemberEvent) Member {
	documents := append(slices.Clip(m.Documents), e.Documents...)
	switch e.Name {
	case "join":
		m.Number, m.Joined, m.Standing, m.Until = e.Member, e.Date, e.Standing, e.Until
		m.Identity, m.ApprovedBy = e.Identity, e.ApprovedBy
	case "admit":
		m.Standing, m.Admitted, m.ApprovedBy, m.Until = e.Standing, e.Date, e.ApprovedBy, ledger.Date{}
	case "leave", "die":
		m.Left, m.Cause, m.Reason = e.Date, e.Cause, e.Reason
	case "settle":
		m.Settled = e.Date
	case "reverse":
		return *e.Back
	}
	m.Documents = documents
	return m
}

func (m Member) refuse(kind error, code, reason string) error {
	return &Refusal{Kind: kind, Code: code, Member: m.Number, Reason: reason}
}
