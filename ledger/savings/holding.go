package savings

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// holding says that an account is a member's, under an id by which the
// accounts of one member are a range: no list of all accounts has to be read
// to find them.
type holding struct {
	Member  string `json:"member"`
	Account string `json:"account"`
}

// holdingID has one length whatever the names.
func holdingID(member, account string) string { return short(member) + "/" + short(account) }

func short(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

func saveHolding(tx *ledger.Tx, a Account) error {
	h := holding{Member: a.Member, Account: a.ID}
	return save(tx, KindHolding, holdingID(a.Member, a.ID), 0, "open", h, h)
}

// AccountsOf returns all savings accounts that a member has or had, by id.
func AccountsOf(tx *ledger.Tx, member string) ([]Account, error) {
	var list []Account
	prefix := short(member) + "/"
	for r, err := range tx.Records(KindHolding, prefix) {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(r.ID, prefix) {
			break
		}
		var h holding
		if err := decode(&r, r.State, &h); err != nil {
			return nil, err
		}
		if h.Member != member {
			continue
		}
		a, err := found(tx, h.Account)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}
