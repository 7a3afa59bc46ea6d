package main

import (
	"fmt"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func (a *app) readFound(f *form) (string, work) {
	name, place := f.text("nama", "Nama koperasi", 5, 80), f.text("tempat", "Kelurahan", 3, 60)
	return "found", func(j *job) (answer, error) { return j.found(name, place) }
}

// found enters a cooperative and opens its book: a row of ours and a chart of
// accounts in one transaction, as everywhere.
func (j *job) found(name, place string) (answer, error) {
	var last int
	if err := j.row("SELECT COALESCE(MAX(CAST(substr(id, 2) AS bigint)), 0) FROM app_coop").Scan(&last); err != nil {
		return answer{}, err
	}
	id := coopID(last + 1) // two at the same moment: one loses the row's key and runs again
	err := j.insert("app_coop", coopColumns, [][]any{{id, name, place, "active", strconv.Itoa(j.today.Year()), 0, 0, 0, 0, 0, 0}})
	if err != nil {
		return answer{}, err
	}
	if err := j.offer(id, firstGoods, waysToPay); err != nil {
		return answer{}, err
	}
	book, err := ledger.Create(j.ctx, j.books, bookConfig(id, j.clock))
	if err != nil {
		return answer{}, err
	}
	err = book.Update(j.ctx, func(tx *ledger.Tx) error {
		desk := savings.NewDesk(book)
		for _, product := range products(j.today) {
			if _, err := desk.AddProductTx(tx, product); err != nil {
				return err
			}
		}
		return nil
	})
	return answer{
		Location: coopPath(id),
		Message:  fmt.Sprintf("%s terdaftar dan pembukuannya dibuka. Terimalah anggota pertamanya.", name),
	}, err
}

var coopColumns = []string{"id", "name", "place", "status", "since", "requests", "last_member", "last_order", "members", "savings", "financing"}

// firstGoods are what a new cooperative offers until it has a list of its own.
var firstGoods = []goods{
	{"B01", "Kulkas dua pintu 230 liter", "Rumah tangga", ledger.IDR.Of(3_600_000)},
	{"B02", "Mesin jahit portabel", "Alat usaha", ledger.IDR.Of(2_250_000)},
	{"B03", "Telepon pintar, memori 128 GB", "Elektronik", ledger.IDR.Of(2_400_000)},
}

// offer enters goods and the ways to pay for them.
func (q queries) offer(coop string, list []goods, ways []plan) error {
	var things, plans [][]any
	for _, g := range list {
		things = append(things, []any{coop, g.ID, g.Name, g.Kind, g.Cost})
	}
	for _, p := range ways {
		plans = append(plans, []any{coop, p.Months, p.Margin})
	}
	if err := q.insert("app_goods", []string{"coop", "id", "name", "kind", "cost"}, things); err != nil {
		return err
	}
	return q.insert("app_plan", []string{"coop", "months", "margin"}, plans)
}
