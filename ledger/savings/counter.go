package savings

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
)

// cash says whether a place can be the other side of a member's movement at the
// desk: cash, a bank or another asset, or what the cooperative owes. A savings
// account cannot, that would pass by its own rules; nor can income, expense,
// capital or a fund: money would be made of nothing, wadiah be paid a return
// that nobody decided, or a member's savings become the cooperative's. Nor can
// what another member owes or is owed: one would pay with another's money.
func cash(tx *ledger.Tx, account, member string, p Place) error {
	refuse := func(code, format string, args ...any) error {
		return &Refusal{Kind: ErrCommand, Code: code, Account: account, Reason: fmt.Sprintf(format, args...)}
	}
	var other Account
	if p.Sub != "" {
		savings, exists, err := AccountIn(tx, p.Sub)
		if err != nil {
			return err
		}
		if exists && savings.Control == p.Account {
			return refuse("counter.savings", "the counter account is savings account %s: that is a transfer", clip(p.Sub))
		}
		other = savings
	}
	counter, found, err := tx.Account(p.Account)
	if err != nil || !found { // then the book says so
		return err
	}
	if counter.Kind != ledger.Asset && counter.Kind != ledger.Liability || counter.Normal != counter.Kind.Side() {
		return refuse("counter.account", "the counter account %s is of kind %s on the %s side: money comes and goes through an asset or a liability",
			clip(p.Account), counter.Kind, counter.Normal)
	}
	if p.Sub == "" {
		return nil
	}
	whose, err := ownerOf(tx, p, other)
	if err != nil || whose == "" || whose == member {
		return err
	}
	if counter.Kind == ledger.Asset { // an employer or a bank may owe it for the member
		if _, isMember, err := MemberIn(tx, whose); err != nil || !isMember {
			return err
		}
	}
	return refuse("counter.holder", "the counter account %s/%s is that of %s, the savings are those of %s",
		clip(p.Account), clip(p.Sub), clip(whose), clip(member))
}

// ownerOf says whose a sub is: its holder's; or, as lines open subs without a
// holder, that of the savings account or the member whose number it bears.
// Nobody's, if it is neither.
func ownerOf(tx *ledger.Tx, p Place, savings Account) (string, error) {
	sub, _, err := tx.Sub(p.Account, p.Sub)
	switch {
	case err != nil:
		return "", err
	case sub.Holder != "":
		return sub.Holder, nil
	case savings.Member != "":
		return savings.Member, nil
	}
	_, isMember, err := MemberIn(tx, p.Sub)
	if err != nil || !isMember {
		return "", err
	}
	return p.Sub, nil
}
