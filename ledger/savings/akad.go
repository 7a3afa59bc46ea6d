package savings

import (
	"fmt"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Akad is the contract a savings product rests on. Savings for a goal (haji,
// qurban, pendidikan) have no akad of their own: they rest on wadiah or on
// mudharabah and name the goal in their [Terms].
type Akad string

const (
	// Pokok is the principal savings every member pays once, on joining.
	Pokok Akad = "pokok"
	// Wajib is the mandatory savings every member pays each period.
	Wajib Akad = "wajib"
	// WajibKhusus is further mandatory capital, such as a part of each financing.
	WajibKhusus Akad = "wajib_khusus"
	// Wadiah is safe-keeping of which the cooperative may use the money and
	// guarantees it (yad dhamanah): the principal is owed, no return is promised.
	Wadiah Akad = "wadiah"
	// WadiahAmanah is pure safe-keeping (yad amanah): the money may not be used.
	WadiahAmanah Akad = "wadiah_amanah"
	// Mudharabah is capital that shares profit by the nisbah.
	Mudharabah Akad = "mudharabah"
	// Berjangka is mudharabah for a fixed term (simpanan berjangka). Its nisbah
	// is that of the day of opening, for the whole term.
	Berjangka Akad = "mudharabah_berjangka"
	// Penyertaan is participation capital under a contract of its own (modal
	// penyertaan). It shares profit if its terms give a nisbah.
	Penyertaan Akad = "penyertaan"
)

// Akads lists the akads there are.
func Akads() []Akad {
	return []Akad{Pokok, Wajib, WajibKhusus, Wadiah, WadiahAmanah, Mudharabah, Berjangka, Penyertaan}
}

// ParseAkad reads an akad's name in lower case. The error matches [ErrProduct].
func ParseAkad(text string) (Akad, error) {
	if a := Akad(text); slices.Contains(Akads(), a) {
		return a, nil
	}
	return "", &Refusal{Kind: ErrProduct, Code: "product.akad",
		Reason: fmt.Sprintf("unknown akad %q, want one of %v", clip(text), Akads())}
}

// Kinds returns the account kinds on which savings of the akad may stand, the
// usual one first; which one a cooperative takes is the control account it
// names in the product. Pokok and Wajib are own capital by law (UU 25/1992 art.
// 41) and in official forms, though many cooperatives owe them as liabilities;
// mudharabah money is a temporary syirkah fund (PSAK 101/401) and a liability
// in older charts; money in pure safe-keeping is owed, or a memorandum if it
// is kept apart; for participation capital official forms give three answers
// (all unconfirmed).
func (a Akad) Kinds() []ledger.Kind {
	switch a {
	case Pokok, Wajib, WajibKhusus:
		return []ledger.Kind{ledger.Equity, ledger.Liability}
	case Wadiah:
		return []ledger.Kind{ledger.Liability}
	case WadiahAmanah:
		return []ledger.Kind{ledger.Liability, ledger.Memorandum}
	case Mudharabah, Berjangka:
		return []ledger.Kind{ledger.Syirkah, ledger.Liability}
	case Penyertaan:
		return []ledger.Kind{ledger.Syirkah, ledger.Liability, ledger.Equity}
	}
	return nil
}

// Capital reports whether savings of the akad are a member's part in the
// cooperative's capital, of which Permenkop 8/2023 art. 63 limits one member's.
func (a Akad) Capital() bool {
	return a == Pokok || a == Wajib || a == WajibKhusus || a == Penyertaan
}

// shares reports whether savings of the akad must have a nisbah; mayShare
// whether they may.
func (a Akad) shares() bool { return a == Mudharabah || a == Berjangka }

func (a Akad) mayShare() bool { return a.shares() || a == Penyertaan }
