package savings

import (
	"context"
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// ProductOpening adds a product.
type ProductOpening struct {
	Key     string
	Code    string
	Akad    Akad
	Control string // a control account on the credit side, with savings of no other akad; it cannot change later
	Terms   Terms  // the first ones; no account can be opened before Terms.From
}

// ProductChange gives a product new terms from a day on.
type ProductChange struct {
	Key   string
	Code  string
	Terms Terms // From must be later than that of the terms before, and not in a closed period
}

// ProductResult is the result of adding or changing a product: the product
// with the terms it then had.
type ProductResult struct {
	Product Product
	Repeat  bool
}

// AddProduct adds a product. Errors match [ErrProduct] or [ErrExists]. If its
// control account has no floor it gets one of zero, so that no sub of it, opened
// as a savings account or not, is ever drawn below.
func (d *Desk) AddProduct(ctx context.Context, o ProductOpening) (ProductResult, error) {
	return update(ctx, d, o, d.AddProductTx)
}

// AddProductTx is AddProduct in the caller's transaction.
func (d *Desk) AddProductTx(tx *ledger.Tx, o ProductOpening) (ProductResult, error) {
	e := ProductEvent{Name: "add", Code: o.Code, Akad: o.Akad, Control: o.Control, Terms: o.Terms}
	return product(tx, o.Key, e, func(p Product) error {
		if p.Code != "" {
			return &Refusal{Kind: ErrExists, Code: "product.exists", Product: o.Code, Reason: "there is such a product already"}
		}
		return nil
	})
}

// ChangeProduct gives a product new terms from a day on: what was before stays
// what it was. A changed minimum opening, nisbah, share account or lock holds
// for all its accounts from that day. A changed minimum balance is the floor of
// accounts opened from then on; those there are get it by [Desk.ApplyMinimum],
// since members are told first.
func (d *Desk) ChangeProduct(ctx context.Context, c ProductChange) (ProductResult, error) {
	return update(ctx, d, c, d.ChangeProductTx)
}

// ChangeProductTx is ChangeProduct in the caller's transaction.
func (d *Desk) ChangeProductTx(tx *ledger.Tx, c ProductChange) (ProductResult, error) {
	return product(tx, c.Key, ProductEvent{Name: "change", Code: c.Code, Terms: c.Terms}, func(p Product) error {
		if p.Code == "" {
			return &Refusal{Kind: ErrUnknown, Code: "product.unknown", Product: c.Code, Reason: "there is no such product"}
		}
		closed, err := closedThrough(tx)
		if err != nil {
			return err
		}
		if c.Terms.From.Valid() && !c.Terms.From.After(closed) {
			return &Refusal{Kind: ErrDate, Code: "product.closed", Product: c.Code, Date: c.Terms.From,
				Reason: fmt.Sprintf("new terms from %s would change a closed period: every day through %s is closed", c.Terms.From, closed)}
		}
		return nil
	})
}

// product carries out a product's event once guard has let it pass.
func product(tx *ledger.Tx, key string, e ProductEvent, guard func(Product) error) (ProductResult, error) {
	return ledger.Atomic(tx, func() (ProductResult, error) { return productNow(tx, key, e, guard) })
}

func productNow(tx *ledger.Tx, key string, e ProductEvent, guard func(Product) error) (ProductResult, error) {
	kind := "savings.product." + e.Name
	first, repeated, err := tx.Repeat(command(key, kind, e))
	if err != nil {
		return ProductResult{}, err
	}
	if repeated {
		p, err := saved[Product](tx, first, KindProduct)
		return ProductResult{p, true}, err
	}
	p, version, err := load[Product](tx, KindProduct, e.Code)
	if err != nil {
		return ProductResult{}, err
	}
	if err := guard(p); err != nil {
		return ProductResult{}, in(tx, err)
	}
	p = p.Apply(e)
	if err := p.Validate(); err != nil {
		return ProductResult{}, in(tx, err)
	}
	control, err := accountsFit(tx, p, e.Terms)
	if err != nil {
		return ProductResult{}, err
	}
	if control.Floor.IsZero() { // nor may what is no savings account, such as a mistyped one, owe
		err := tx.SetFloor(ledger.FloorSetting{Account: p.Control, Floor: floorOf(ledger.Money{}), Reason: "savings of " + clip(p.Code) + " are never below zero"})
		if err != nil {
			return ProductResult{}, err
		}
	}
	return ProductResult{Product: p}, save(tx, KindProduct, p.Code, version, e.Name, e, p)
}

// accountsFit says whether the chart has the accounts that the product and its
// newest terms name, and of the kind that its akad asks for. It returns the
// control account.
func accountsFit(tx *ledger.Tx, p Product, t Terms) (ledger.Account, error) {
	refuse := func(code, reason, rule string) (ledger.Account, error) {
		return ledger.Account{}, &Refusal{Kind: ErrProduct, Code: code, Product: p.Code, Reason: reason, Rule: rule}
	}
	control, found, err := tx.Account(p.Control)
	if err != nil {
		return ledger.Account{}, err
	}
	switch {
	case !found || control.Header || control.Retired:
		return refuse("product.control", fmt.Sprintf("control account %s is not an account of the chart that takes lines", clip(p.Control)), "")
	case !control.Control || control.Normal != ledger.CreditSide:
		return refuse("product.control", fmt.Sprintf("account %s is not a control account on the credit side", clip(p.Control)), "")
	case !slices.Contains(p.Akad.Kinds(), control.Kind):
		return refuse("product.control", fmt.Sprintf("%s savings cannot stand on account %s of kind %s, want one of %v",
			p.Akad, clip(p.Control), control.Kind, p.Akad.Kinds()), "")
	}
	for other, err := range Products(tx) {
		if err != nil {
			return ledger.Account{}, err
		}
		if other.Control == p.Control && other.Akad != p.Akad {
			return refuse("product.control_akad", fmt.Sprintf("account %s has the %s savings of product %s: savings of another akad stand apart",
				clip(p.Control), other.Akad, clip(other.Code)), "")
		}
	}
	for _, role := range [...]struct {
		what, code string
		control    bool
		kinds      []ledger.Kind
	}{
		{"share_account", t.ShareAccount, false, []ledger.Kind{ledger.Income, ledger.Expense}},
		{"fees", t.Fees.Account, false, []ledger.Kind{ledger.Income}},
		{"call_account", t.CallAccount, true, []ledger.Kind{ledger.Equity}},
		{"matured_account", t.MaturedAccount, true, []ledger.Kind{ledger.Liability}},
		{"break.account", t.Break.Account, false, []ledger.Kind{ledger.Benevolent}},
	} {
		if role.code == "" {
			continue
		}
		a, found, err := tx.Account(role.code)
		if err != nil {
			return ledger.Account{}, err
		}
		if !found || a.Header || a.Retired || a.Control != role.control || !slices.Contains(role.kinds, a.Kind) {
			return refuse("product."+role.what, fmt.Sprintf("%s %s is not an account of the chart that takes lines, %s a sub, and of its kind",
				role.what, clip(role.code), map[bool]string{true: "with", false: "without"}[role.control]), "")
		}
	}
	return control, nil
}

// MinimumChange brings accounts that are open already to their product's
// present minimum balance.
type MinimumChange struct {
	Key     string
	Product string
	Date    ledger.Date // whose terms are meant
	By      string
}

// ApplyMinimum sets the soft floor of every open account of a product to the
// minimum balance that its terms give on a day, and returns how many changed.
func (d *Desk) ApplyMinimum(ctx context.Context, c MinimumChange) (int, error) {
	return update(ctx, d, c, d.ApplyMinimumTx)
}

// ApplyMinimumTx is ApplyMinimum in the caller's transaction.
func (d *Desk) ApplyMinimumTx(tx *ledger.Tx, c MinimumChange) (int, error) {
	return atomic(tx, c, applyMinimum)
}

func applyMinimum(tx *ledger.Tx, c MinimumChange) (int, error) {
	content := ledger.NewContent("savings.minimum").Text(c.Product).Date(c.Date).Text(c.By)
	first, repeated, err := tx.Repeat(ledger.Command{Key: c.Key, Kind: "savings.minimum", Content: content.Digest()})
	if err != nil {
		return 0, err
	}
	if repeated {
		changes, err := tx.ChangesOf(first)
		return len(changes), err
	}
	p, found, err := ProductIn(tx, c.Product)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, &Refusal{Kind: ErrUnknown, Code: "product.unknown", Product: c.Product, Reason: "there is no such product"}
	}
	terms, offered := p.On(c.Date)
	if !c.Date.Valid() || !offered {
		return 0, &Refusal{Kind: ErrDate, Code: "product.date", Product: c.Product, Date: c.Date, Reason: fmt.Sprintf("has no terms on %s", c.Date)}
	}
	floor := floorOf(terms.MinBalance)
	settings := make([]ledger.FloorSetting, 0, 16)
	for account, err := range Accounts(tx, "") {
		if err != nil {
			return 0, err
		}
		if account.Product != p.Code || account.Status == Closed {
			continue
		}
		sub, _, err := tx.Sub(account.Control, account.ID)
		if err != nil {
			return 0, err
		}
		if sub.Floor != floor {
			settings = append(settings, ledger.FloorSetting{Account: account.Control, Sub: account.ID, Floor: floor,
				Reason: "minimum balance of " + p.Code + " from " + terms.From.String(), By: c.By})
		}
	}
	for _, s := range settings {
		if err := tx.SetFloor(s); err != nil {
			return 0, err
		}
	}
	return len(settings), nil
}

// floorOf is the floor of a savings account: zero always, the minimum balance
// unless waived.
func floorOf(minimum ledger.Money) ledger.Floor {
	floor := ledger.HardFloor(ledger.Money{})
	if minimum.IsZero() {
		return floor
	}
	return floor.WithSoft(minimum)
}
