package financing

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Form is the form of a partnership. The cooperative is always the one that
// gives capital and does not manage.
type Form string

const (
	// Mudharabah: the cooperative gives all the capital, the partner manages.
	// Profit is shared by nisbah, loss is the capital's (DSN-MUI 07/2000).
	Mudharabah Form = "mudharabah"
	// Musytarakah is a mudharabah in which the manager adds capital of its own
	// (DSN-MUI 50/2006); [Order] says which part is taken first.
	Musytarakah Form = "mudharabah_musytarakah"
	// Musyarakah is permanent: both give capital until the end, profit is shared
	// by nisbah, loss by capital (DSN-MUI 08/2000, PSAK 406).
	Musyarakah Form = "musyarakah"
	// Declining is a musyarakah whose partner buys the cooperative's shares
	// step by step (musyarakah mutanaqishah, DSN-MUI 73/2008).
	Declining Form = "musyarakah_mutanaqishah"
)

// Forms lists all forms.
func Forms() []Form { return []Form{Mudharabah, Musytarakah, Musyarakah, Declining} }

// Sharing says what of a business is shared, a term of the akad that is never
// inferred (DSN-MUI 15/2000).
type Sharing string

const (
	// RevenueSharing shares the revenue less the capital in it (ra's al-mal);
	// the business's running costs are its manager's.
	RevenueSharing Sharing = "revenue"
	// GrossProfitSharing shares sales less the cost of the goods sold, which is
	// what PSAK 405 par. 11 means by sharing revenue in a trading business (unconfirmed).
	GrossProfitSharing Sharing = "gross_profit"
	// ProfitSharing shares what is left after the costs of managing the capital.
	ProfitSharing Sharing = "profit"
)

// Order is the order in which a [Musytarakah] takes the manager's two parts of
// a profit. Both pay each party the same; what a part is called differs.
type Order string

const (
	// CapitalFirst gives the manager's own capital its part, and shares the rest
	// by nisbah (DSN-MUI 50/2006, unconfirmed). It is the default.
	CapitalFirst Order = ""
	// NisbahFirst gives the manager its nisbah, and shares the rest by capital.
	NisbahFirst Order = "nisbah_first"
)

// Return says when the capital comes back.
type Return string

const (
	// AtEnd: all of it when the partnership ends. It is the default.
	AtEnd Return = ""
	// InStages: in instalments, or as the shares of a [Declining] are bought.
	InStages Return = "in_stages"
)

// Interim says whether the shares of a period stand when later ones bring a loss.
type Interim string

const (
	// InterimFinal: a share that was divided is each side's own. Later profit
	// makes a loss good, earlier profit does not. It is the default.
	InterimFinal Interim = ""
	// InterimProvisional: shares are drawings for the time being, and losses are
	// set against them when the contract is settled, so that in the end the
	// result of all periods together is shared (unconfirmed); see [Contract.Settle].
	InterimProvisional Interim = "provisional"
)

// Terms are what the akad fixes. There is no field for a sum or a rate on the
// capital that the partner would owe: what the cooperative receives is its part
// of a result that was reported.
type Terms struct {
	// Contract is the contract's id, and the sub key of all its accounts.
	Contract string
	// Partner is who manages the business, and what that person is at the akad.
	Partner ledger.Party
	// Business says what the capital is for.
	Business string
	Form     Form
	// Capital is what the cooperative commits, above zero. It is handed over in
	// one tranche or several, in money or in kind.
	Capital ledger.Money
	// PartnerCapital is what the partner brings in: zero in a mudharabah, above
	// zero in the other forms. It counts in full from the first tranche on.
	PartnerCapital ledger.Money
	Sharing        Sharing
	// Nisbah is the cooperative's part of a profit, above 0 and below 1 (a
	// ratio: 0.40 for forty percent). The rest is the partner's. In a
	// [Musytarakah] it divides what the mudharabah earns, not what the capital does.
	Nisbah decimal.Decimal
	Order  Order // of a [Musytarakah]; empty in the other forms
	Return Return
	// StartsLater is true if the business begins by a later act ([Contract.Start])
	// and not, as PSAK 405 has it otherwise, when the first capital is received.
	StartsLater bool
	// LossFinal is true if a loss is settled for good with its period. Otherwise
	// later profit makes the capital whole before any is shared.
	LossFinal bool
	// Interim is provisional if losses are set against shares of earlier periods.
	Interim  Interim
	Maturity ledger.Date // the day on which the akad ends

	// Rounding is the rule by which the cooperative's part becomes money, in
	// multiples of Step (in minor units); the partner has the rest.
	Rounding ledger.Rounding
	Step     ledger.Money
}

type termsJSON struct {
	Contract       string          `json:"contract"`
	Partner        ledger.Party    `json:"partner"`
	Business       string          `json:"business"`
	Form           Form            `json:"form"`
	Capital        ledger.Money    `json:"capital"`
	PartnerCapital ledger.Money    `json:"partner_capital,omitzero"`
	Sharing        Sharing         `json:"sharing"`
	Nisbah         string          `json:"nisbah"`
	Order          Order           `json:"order,omitempty"`
	Return         Return          `json:"return,omitempty"`
	StartsLater    bool            `json:"starts_later,omitempty"`
	LossFinal      bool            `json:"loss_final,omitempty"`
	Interim        Interim         `json:"interim,omitempty"`
	Maturity       ledger.Date     `json:"maturity"`
	Rounding       ledger.Rounding `json:"rounding"`
	Step           ledger.Money    `json:"step"`
}

// MarshalJSON writes the stored form, the nisbah as text with no zeros at its
// end; process-wide settings of the decimal package do not change it.
func (t Terms) MarshalJSON() ([]byte, error) {
	nisbah, err := nisbahText(t.Nisbah)
	if err != nil {
		return nil, err
	}
	return json.Marshal(termsJSON{
		t.Contract, t.Partner, t.Business, t.Form, t.Capital, t.PartnerCapital, t.Sharing, nisbah, t.Order, t.Return,
		t.StartsLater, t.LossFinal, t.Interim, t.Maturity, t.Rounding, t.Step,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Terms) UnmarshalJSON(data []byte) error {
	var s termsJSON
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	nisbah, err := readNisbah(s.Nisbah)
	if err != nil {
		return err
	}
	*t = Terms{
		s.Contract, s.Partner, s.Business, s.Form, s.Capital, s.PartnerCapital, s.Sharing, nisbah, s.Order, s.Return,
		s.StartsLater, s.LossFinal, s.Interim, s.Maturity, s.Rounding, s.Step,
	}
	return nil
}

// NisbahTerm is a nisbah that both sides agreed on during the contract.
type NisbahTerm struct {
	From   ledger.Date     // the first day of the first period to which it applies
	Nisbah decimal.Decimal // the cooperative's part, above 0 and below 1
}

type nisbahJSON struct {
	From   ledger.Date `json:"from"`
	Nisbah string      `json:"nisbah"`
}

// MarshalJSON writes the stored form.
func (n NisbahTerm) MarshalJSON() ([]byte, error) {
	text, err := nisbahText(n.Nisbah)
	if err != nil {
		return nil, err
	}
	return json.Marshal(nisbahJSON{n.From, text})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *NisbahTerm) UnmarshalJSON(data []byte) error {
	var s nisbahJSON
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	nisbah, err := readNisbah(s.Nisbah)
	if err != nil {
		return err
	}
	*n = NisbahTerm{s.From, nisbah}
	return nil
}

// nisbahFault says why a number is no nisbah, or returns nothing. It judges the
// exponent before any arithmetic.
func nisbahFault(n decimal.Decimal) string {
	switch {
	case n.Exponent() < -MaxNisbahPlaces:
		return fmt.Sprintf("a nisbah has at most %d decimals", MaxNisbahPlaces)
	case n.Exponent() > 0 && !n.IsZero() || n.Sign() <= 0 || n.Coefficient().BitLen() > 64 || n.Cmp(decimal.NewFromInt(1)) >= 0:
		return "a nisbah is a part of the result, above 0 and below 1"
	}
	return ""
}

func nisbahText(n decimal.Decimal) (string, error) {
	if why := nisbahFault(n); why != "" {
		return "", refuse(ErrTerms, "terms.nisbah", "", "%s", why).By(RuleNisbah)
	}
	text := n.StringFixed(-n.Exponent()) // below 1, so there is a point
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	return text, nil
}

func readNisbah(text string) (decimal.Decimal, error) {
	bad := func(why string) error {
		return refuse(ErrFormat, "format.nisbah", "", "stored nisbah %q: %s", contract.Clip(text), why)
	}
	if len(text) > ledger.MaxDecimalText {
		return decimal.Decimal{}, bad("too long")
	}
	n, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, bad("not a number")
	}
	if why := nisbahFault(n); why != "" {
		return decimal.Decimal{}, bad(why)
	}
	return n, nil
}

// Validate returns the first fault of the terms as a [*Refusal] of kind
// [ErrTerms], in the order of the fields.
func (t Terms) Validate() error {
	name := func(code, what, text string, most int) error {
		if text == "" || len(text) > most || contract.TextFault(text) != "" {
			return t.refuse(code, "%s must have 1 to %d bytes of text without control characters", what, most)
		}
		return nil
	}
	if err := name("terms.contract", "the contract's id", t.Contract, ledger.MaxSub); err != nil {
		return err
	}
	if err := name("terms.partner", "the partner's member number", t.Partner.Member, ledger.MaxSub); err != nil {
		return err
	}
	if t.Partner.Standing == ledger.NoStanding || t.Partner.Standing > ledger.Other {
		return t.refuse("terms.standing", "partner %s needs a standing: member, candidate or other", contract.Clip(t.Partner.Member))
	}
	if err := name("terms.business", "the business", t.Business, ledger.MaxText); err != nil {
		return err
	}
	if err := t.checkCapital(); err != nil {
		return err
	}
	return t.checkSharing()
}

func (t Terms) checkCapital() error {
	for _, named := range []struct {
		name   string
		amount ledger.Money
	}{{"capital", t.Capital}, {"partner's capital", t.PartnerCapital}, {"capital of both", t.Capital.Add(t.PartnerCapital)}} {
		if err := named.amount.Err(); err != nil {
			return t.refuse("terms.amount", "%s: %v", named.name, err)
		}
		if named.amount.Sign() < 0 {
			return t.refuse("terms.amount", "%s %s is below zero", named.name, named.amount)
		}
	}
	switch {
	case !slices.Contains(Forms(), t.Form):
		return t.refuse("terms.form", "unknown form %q", contract.Clip(string(t.Form)))
	case t.Capital.IsZero():
		return t.refuse("terms.capital", "the capital is zero").By(t.rule())
	case t.Form == Mudharabah && !t.PartnerCapital.IsZero():
		return t.refuse("terms.partner_capital", "the owner of a mudharabah gives all the capital; with capital of the manager it is a mudharabah musytarakah").By(RuleMudharabah)
	case t.Form != Mudharabah && t.PartnerCapital.IsZero():
		return t.refuse("terms.partner_capital", "in a %s both sides give capital", t.Form).By(t.rule())
	}
	return nil
}

func (t Terms) checkSharing() error {
	if why := nisbahFault(t.Nisbah); why != "" {
		return t.refuse("terms.nisbah", "%s", why).By(RuleNisbah)
	}
	switch {
	case t.Sharing != RevenueSharing && t.Sharing != GrossProfitSharing && t.Sharing != ProfitSharing:
		return t.refuse("terms.sharing", "the akad must say what is shared: revenue, gross profit or profit, not %q", contract.Clip(string(t.Sharing))).By(RuleSharing)
	case t.Order != CapitalFirst && (t.Order != NisbahFirst || t.Form != Musytarakah):
		return t.refuse("terms.order", "order %q is none of a %s", contract.Clip(string(t.Order)), t.Form).By(RuleMusytarakah)
	case t.Return != AtEnd && t.Return != InStages:
		return t.refuse("terms.return", "unknown return %q", contract.Clip(string(t.Return)))
	case t.Form == Musyarakah && t.Return == InStages:
		return t.refuse("terms.return", "the shares of a permanent musyarakah stay until its end; one that is bought back is declining").By(RulePartner)
	case t.Form == Declining && t.Return == AtEnd:
		return t.refuse("terms.return", "the shares of a declining musyarakah are bought in stages").By(RuleDeclining)
	case t.Interim != InterimFinal && t.Interim != InterimProvisional:
		return t.refuse("terms.interim", "unknown rule for interim shares %q", contract.Clip(string(t.Interim)))
	case t.Interim == InterimProvisional && t.LossFinal:
		return t.refuse("terms.interim", "a loss that is final with its period cannot be set against the shares of others")
	case t.Maturity.Err() != nil:
		return t.refuse("terms.maturity", "maturity: %v", t.Maturity.Err())
	case !t.Rounding.Valid():
		return t.refuse("terms.rounding", "the rounding of shares must be named")
	case t.Step.Err() != nil || t.Step.Sign() <= 0:
		return t.refuse("terms.step", "the step of shares must be above zero")
	}
	return nil
}

// rule returns the fatwa that the form follows.
func (t Terms) rule() string {
	switch t.Form {
	case Musytarakah:
		return RuleMusytarakah
	case Musyarakah:
		return RuleMusyarakah
	case Declining:
		return RuleDeclining
	}
	return RuleMudharabah
}

func (t Terms) refuse(code, format string, args ...any) *Refusal {
	return refuse(ErrTerms, code, t.Contract, format, args...)
}

// ratio returns a checked nisbah as an exact fraction.
func ratio(n decimal.Decimal) *big.Rat { return n.Rat() }
