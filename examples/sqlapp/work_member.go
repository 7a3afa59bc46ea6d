package main

import (
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// join enters a person in our table and a number in the books, opens the three
// savings accounts and takes the first pokok and wajib: six commands in one
// Update, so that there is never a member without pokok.
//
// One person is one member, by the number of the identity card: that is a rule
// of our own tables, and who breaks it leaves nothing in the books either.
func (j *job) join(person member, nik string) (answer, error) {
	var number int64
	if err := j.row("UPDATE app_coop SET last_member = last_member + 1 WHERE id = $1 RETURNING last_member", j.coop.ID).Scan(&number); err != nil {
		return answer{}, err
	}
	person.Number, person.Joined = memberNumber(number), j.today
	if err := j.addMember(j.coop.ID, person); err != nil {
		return answer{}, err
	}
	switch fresh, err := j.identify(j.coop.ID, person.Number, nik); {
	case err != nil:
		return answer{}, err
	case !fresh:
		return answer{}, &formError{"nik", "Pemilik NIK ini sudah menjadi anggota koperasi ini."}
	}
	posted, err := ledger.Update(j.ctx, j.book, func(tx *ledger.Tx) ([]ledger.Posted, error) {
		return j.enter(tx, person.Number)
	})
	if err != nil {
		return answer{}, err
	}
	return answer{
		Location: memberPath(j.coop.ID, person.Number),
		Message: fmt.Sprintf("%s diterima sebagai anggota nomor %s. Simpanan pokok %s dan simpanan wajib pertama %s dicatat.",
			person.Name, person.Number, rupiah(pokokAmount), rupiah(wajibAmount)),
	}, j.count(posted...)
}

func memberNumber(n int64) string { return fmt.Sprintf("M%04d", n) }

func (j *job) enter(tx *ledger.Tx, number string) ([]ledger.Posted, error) {
	desk := savings.NewDesk(j.book)
	if _, err := desk.JoinTx(tx, savings.Joining{Key: j.step("join"), Date: j.today, Member: number, Standing: ledger.Member}); err != nil {
		return nil, err
	}
	for _, product := range []string{pokok, wajib, voluntary} {
		opening := savings.Opening{Key: j.step("open/" + product), Date: j.today, Account: accountOf(number, product), Member: number, Product: product}
		if _, err := desk.OpenTx(tx, opening); err != nil {
			return nil, err
		}
	}
	var posted []ledger.Posted
	for _, first := range []struct {
		product, memo string
		amount        ledger.Money
	}{{pokok, "Simpanan pokok", pokokAmount}, {wajib, "Simpanan wajib pertama", wajibAmount}} {
		receipt, err := desk.DepositTx(tx, savings.Deposit{
			Key: j.step("deposit/" + first.product), Date: j.today, Account: accountOf(number, first.product),
			Amount: first.amount, Counter: atTeller, Memo: first.memo, Document: j.document(),
		})
		if err != nil {
			return nil, err
		}
		posted = append(posted, receipt.Posted)
	}
	return posted, nil
}

// deposit pays cash into one of a member's savings accounts.
func (j *job) deposit(number, product string, amount ledger.Money) (answer, error) {
	if _, err := j.member(j.coop.ID, number); err != nil {
		return answer{}, err
	}
	receipt, err := savings.NewDesk(j.book).Deposit(j.ctx, savings.Deposit{
		Key: j.step("deposit"), Date: j.today, Account: accountOf(number, product),
		Amount: amount, Counter: atTeller, Memo: "Setoran tunai", Document: j.document(),
	})
	if err != nil {
		return answer{}, err
	}
	return answer{
		Location: memberPath(j.coop.ID, number),
		Message:  fmt.Sprintf("Setoran %s ke %s dicatat.", rupiah(amount), productName(product)),
	}, j.count(receipt.Posted)
}

// withdraw pays cash out of the voluntary savings. Whether the balance
// suffices is the books' to say, on this day and all later ones.
func (j *job) withdraw(number string, amount ledger.Money) (answer, error) {
	if _, err := j.member(j.coop.ID, number); err != nil {
		return answer{}, err
	}
	receipt, err := savings.NewDesk(j.book).Withdraw(j.ctx, savings.Withdrawal{
		Key: j.step("withdraw"), Date: j.today, Account: accountOf(number, voluntary),
		Amount: amount, Counter: atTeller, Memo: "Penarikan tunai", Document: j.document(),
	})
	if err != nil {
		return answer{}, err
	}
	return answer{
		Location: memberPath(j.coop.ID, number),
		Message:  fmt.Sprintf("Penarikan %s dari %s dicatat.", rupiah(amount), productName(voluntary)),
	}, j.count(receipt.Posted)
}

// productName is how pages name a product.
func productName(product string) string {
	switch product {
	case pokok:
		return "Simpanan Pokok"
	case wajib:
		return "Simpanan Wajib"
	}
	return "Simpanan Sukarela"
}
