package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/murabahah"
)

// findings checks every book, and our rows against it: what a host should run
// every night. It returns what contradicts, one line each; an error means that
// something could not be read.
func (a *app) findings(ctx context.Context) ([]string, error) {
	var list []coop
	err := a.read(ctx, func(t *reading) (err error) {
		list, err = t.coops(a.today().Year())
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []string
	for _, c := range list {
		report := func(format string, args ...any) { all = append(all, c.ID+": "+fmt.Sprintf(format, args...)) }
		err := a.checkBook(ctx, c.ID, report)
		if err == nil {
			err = a.read(ctx, func(t *reading) error { return t.check(c.ID, report) })
		}
		if err != nil {
			return all, fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	return all, nil
}

// checkBook asks a book whether it contradicts itself, or a savings account or
// contract the book.
func (a *app) checkBook(ctx context.Context, coop string, report func(string, ...any)) error {
	book, err := ledger.Open(ctx, a.store, bookConfig(coop, a.clock))
	if err != nil {
		return err
	}
	for finding, err := range book.Check(ctx, append(savings.Checks(), murabahah.Checks(contractAccounts)...)...) {
		if err != nil {
			return err
		}
		report("%s", finding)
	}
	return nil
}

func (a *app) printFindings(ctx context.Context, w io.Writer) error {
	all, err := a.findings(ctx)
	for _, finding := range all {
		fmt.Fprintln(w, finding)
	}
	if err == nil && len(all) > 0 {
		err = fmt.Errorf("%d contradictions", len(all))
	}
	if err == nil {
		fmt.Fprintln(w, "Pembukuan dan tabel sesuai.")
	}
	return err
}

// check compares our rows with the book, both in one state of the database.
func (t *reading) check(id string, report func(string, ...any)) error {
	c, err := t.coop(id, t.today.Year())
	if err != nil {
		return err
	}
	return t.inBook(id, func(tx *ledger.Tx) error {
		for _, look := range []func(*ledger.Tx, coop, func(string, ...any)) error{t.checkFigures, t.checkMembers, t.checkOrders, t.checkRequests} {
			if err := look(tx, c, report); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkFigures counts the figures anew from every line of the book.
func (t *reading) checkFigures(tx *ledger.Tx, c coop, report func(string, ...any)) error {
	var posted []ledger.Posted
	for entry, err := range tx.Entries(1) {
		if err != nil {
			return err
		}
		posted = append(posted, entry)
	}
	f := tally(posted...)
	for _, one := range []struct {
		what        string
		ours, books ledger.Money
	}{{"savings", c.Savings, f.Savings}, {"financing", c.Financing, f.Financing}, {"result", c.Result, f.Results[t.today.Year()]}} {
		if one.ours != one.books {
			report("app_coop has %s of %s, the book %s", one.what, rupiah(one.ours), rupiah(one.books))
		}
	}
	return nil
}

// checkMembers compares persons with the books' register of members.
func (t *reading) checkMembers(tx *ledger.Tx, c coop, report func(string, ...any)) error {
	list, err := t.members(c.ID, "", 1_000_000)
	if err != nil {
		return err
	}
	ours := make(map[string]bool)
	for _, m := range list {
		ours[m.Number] = true
	}
	if int64(len(list)) != c.Members {
		report("app_coop counts %d members, app_member has %d", c.Members, len(list))
	}
	for m, err := range savings.Members(tx, "") {
		if err != nil {
			return err
		}
		if !ours[m.Number] {
			report("member %s of the book is nobody in app_member", m.Number)
		}
		delete(ours, m.Number)
	}
	for number := range ours {
		report("member %s of app_member is not in the book", number)
	}
	return nil
}

// checkOrders compares orders with the contracts.
func (t *reading) checkOrders(tx *ledger.Tx, c coop, report func(string, ...any)) error {
	list, err := all(t.queries, scanOrder, selectOrder, c.ID)
	if err != nil {
		return err
	}
	ours := make(map[string]order)
	for _, o := range list {
		ours[o.ID] = o
	}
	for contract, err := range murabahah.Contracts(tx, "") {
		if err != nil {
			return err
		}
		id := contract.Terms.Contract
		o, known := ours[id]
		switch {
		case !known:
			report("contract %s of the book has no app_order", id)
		case o.State != string(contract.State) || o.Member != contract.Terms.Buyer.Member || o.Price != contract.Terms.SalePrice():
			report("app_order %s says %s, %s, %s, the contract %s, %s, %s", id, o.State, o.Member, rupiah(o.Price),
				contract.State, contract.Terms.Buyer.Member, rupiah(contract.Terms.SalePrice()))
		}
		delete(ours, id)
	}
	for id := range ours {
		report("app_order %s has no contract in the book", id)
	}
	return nil
}

// checkRequests compares requests with the commands that they led to: each of
// them left at least one, and none is there without its request.
func (t *reading) checkRequests(tx *ledger.Tx, c coop, report func(string, ...any)) error {
	scan := func(key *string, scan func(...any) error) error { return scan(key) }
	keys, err := all(t.queries, scan, "SELECT request_key FROM app_request WHERE coop = $1", c.ID)
	if err != nil {
		return err
	}
	waiting := make(map[string]bool) // whether its commands are still to be found
	for _, key := range keys {
		waiting[key] = true
	}
	for change, err := range tx.Changes(1) {
		if err != nil {
			return err
		}
		rest, ours := strings.CutPrefix(change.Key, "web/")
		if !ours {
			continue
		}
		key, _, _ := strings.Cut(rest, "/")
		if _, known := waiting[key]; !known {
			report("change %d of the book comes from a request that app_request does not have: %s", change.Number, key)
		}
		waiting[key] = false
	}
	for key, missing := range waiting {
		if missing {
			report("request %s has left nothing in the book", key)
		}
	}
	return nil
}
