package main

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

func (a *app) joinPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	return "join", page{Title: "Daftar anggota", Coop: c, Here: "daftar", Data: struct{ Pokok, Wajib ledger.Money }{pokokAmount, wajibAmount}}, err
}

// saved is one of a member's savings accounts with its balance.
type saved struct {
	Product, Account string
	Balance          ledger.Money
	Free             ledger.Money // what could be withdrawn today
}

// memberPage is a member's own page: balances, forms, contracts.
func (a *app) memberPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	person, err := t.member(c.ID, r.PathValue("member"))
	if err != nil {
		return "", page{}, err
	}
	list, err := t.ordersOf(c.ID, person.Number)
	if err != nil {
		return "", page{}, err
	}
	var accounts []saved
	err = t.inBook(c.ID, func(tx *ledger.Tx) (err error) {
		accounts, err = savingsOf(tx, person.Number, t.today)
		return err
	})
	if err != nil {
		return "", page{}, err
	}
	var total ledger.Money
	for _, one := range accounts {
		total = total.Add(one.Balance)
	}
	return "member", page{Title: person.Name, Coop: c, Here: "anggota", Data: struct {
		Member       member
		Accounts     []saved
		Total        ledger.Money
		First, Least ledger.Money // that voluntary savings begin with, and keep
		Orders       []order
	}{person, accounts, total, firstDeposit, leastBalance, list}}, nil
}

func savingsOf(tx *ledger.Tx, number string, today ledger.Date) ([]saved, error) {
	var accounts []saved
	for _, product := range []string{voluntary, wajib, pokok} {
		one := saved{Product: product, Account: accountOf(number, product)}
		balance, err := tx.Balance(controls[product], one.Account, ledger.Latest())
		if err != nil {
			return nil, err
		}
		one.Balance = balance.Neg() // the book's debit is positive, a saver's balance a credit
		if product == voluntary {
			free, err := tx.Available(controls[product], one.Account, today)
			if err != nil {
				return nil, err
			}
			one.Free = free.Max(ledger.Money{})
		}
		accounts = append(accounts, one)
	}
	return accounts, nil
}

const passbookRows = 20

// passbookPage is the buku tabungan: a page of the account's lines in the
// book. No balance is kept a second time anywhere.
func (a *app) passbookPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	person, err := t.member(c.ID, r.PathValue("member"))
	if err != nil {
		return "", page{}, err
	}
	product := strings.ToUpper(r.PathValue("product"))
	control, known := controls[product]
	if !known {
		return "", page{}, errNotFound
	}
	q := readPassbookQuery(r.URL.Query(), t.today)
	q.Account, q.Sub, q.Limit = control, accountOf(person.Number, product), passbookRows
	var read report.Passbook
	err = t.inBook(c.ID, func(tx *ledger.Tx) (err error) {
		read, err = report.ReadPassbook(tx, q)
		if errors.Is(err, report.ErrMark) { // an earlier line was added meanwhile: begin anew
			q.After, q.From = report.Mark{}, q.After.Cursor.Date
			read, err = report.ReadPassbook(tx, q)
		}
		return err
	})
	if err != nil {
		return "", page{}, err
	}
	here := coopPath(c.ID, "anggota", person.Number, "tabungan", strings.ToLower(product))
	next := ""
	if read.More {
		next = here + "?" + url.Values{"setelah": {writeMark(read.Next)}}.Encode()
	}
	return "passbook", page{Title: "Buku tabungan", Coop: c, Here: "anggota", Data: struct {
		Member  member
		Product string
		Book    report.Passbook
		From    ledger.Date
		Here    string
		Next    string
	}{person, product, read, q.From, here, next}}, nil
}

// readPassbookQuery reads where the page begins: behind a mark, at a day, or
// with nothing said two months back.
func readPassbookQuery(v url.Values, today ledger.Date) report.PassbookQuery {
	if mark, ok := readMark(v.Get("setelah")); ok {
		return report.PassbookQuery{After: mark}
	}
	if v.Get("sejak") == "awal" {
		return report.PassbookQuery{}
	}
	if day, err := ledger.ParseDate(v.Get("sejak")); err == nil {
		return report.PassbookQuery{From: day}
	}
	year, month, _ := today.AddMonths(-2).YMD()
	return report.PassbookQuery{From: ledger.On(year, month, 1)}
}

// A mark in an address is its day, entry, line, running number and balance.
func writeMark(m report.Mark) string {
	return strings.Join([]string{m.Cursor.Date.String(), strconv.FormatUint(m.Cursor.Entry, 10), strconv.Itoa(m.Cursor.Line),
		strconv.Itoa(m.Line), strconv.FormatInt(m.Balance.Minor(), 10)}, ".")
}

func readMark(text string) (report.Mark, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 5 {
		return report.Mark{}, false
	}
	var m report.Mark
	var minor int64
	var errs [5]error
	m.Cursor.Date, errs[0] = ledger.ParseDate(parts[0])
	m.Cursor.Entry, errs[1] = strconv.ParseUint(parts[1], 10, 63)
	m.Cursor.Line, errs[2] = strconv.Atoi(parts[2])
	m.Line, errs[3] = strconv.Atoi(parts[3])
	minor, errs[4] = strconv.ParseInt(parts[4], 10, 64)
	m.Balance = ledger.Minor(minor)
	return m, errors.Join(errs[:]...) == nil && m.Cursor.Line > 0 && m.Line > 0
}
