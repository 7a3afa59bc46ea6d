package shu

import (
	"errors"

	"github.com/mizan-coop/mizan/ledger/contract"
)

// Sentinels name the kind of a refusal; errors.Is finds them. The data is in a
// [*Refusal], which errors.As finds. Whoever returns one has computed and
// changed nothing.
var (
	// ErrKey marks an allocation key that does not divide a result.
	ErrKey = errors.New("shu: allocation key refused")
	// ErrMembers marks members or figures by which nothing can be divided.
	ErrMembers = errors.New("shu: figures refused")
	// ErrResult marks a result that is not the book's, or not to be divided.
	ErrResult = errors.New("shu: result refused")
	// ErrState marks a command that the year's state does not allow.
	ErrState = errors.New("shu: not in this state")
	// ErrCommand marks a command that lacks something it needs.
	ErrCommand = errors.New("shu: command incomplete")
	// ErrDate marks a day that does not exist or lies before the year's last event.
	ErrDate = errors.New("shu: date refused")
	// ErrAmount marks an amount that is none, or above what there is.
	ErrAmount = errors.New("shu: amount refused")
	// ErrRole marks an account that cannot play its role.
	ErrRole = errors.New("shu: account does not fit its role")
	// ErrSequence marks an event that does not follow the year's last one.
	ErrSequence = errors.New("shu: event out of sequence")
	// ErrNotLatest marks the reversal of an event that later ones build on.
	ErrNotLatest = errors.New("shu: not the latest event")
	// ErrUnknown marks a year of which the book has no decision.
	ErrUnknown = errors.New("shu: no such year")
	// ErrFormat marks stored data that this release cannot read.
	ErrFormat = errors.New("shu: stored form not readable")
)

// RuleSHU is the law that refusals name: the SHU is the year's revenue less
// costs, depreciation and other obligations including tax; after reserves it
// goes to members by the services each did with the cooperative, and to
// cooperative education and other needs, as the members' meeting decides. The
// reserve covers a loss by the same meeting's decision.
const RuleSHU = "UU 25/1992 art. 45"

// Refusal says what was refused and why: its What is the year, item, measure or
// member that it is about. Other packages of contracts have the same type; the
// Kind of this one's is one of the sentinels above.
type Refusal = contract.Refusal

func refuse(kind error, code, what, format string, args ...any) *Refusal {
	r := contract.Refuse(kind, code, "", format, args...)
	r.What = what
	return r
}
