package main

import (
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// errNotFound marks what the application's own tables do not have.
var errNotFound = errors.New("sqlapp: not found")

// coop is a row of app_coop.
type coop struct {
	ID, Name, Place string
	Active          bool
	Since           string // the year
	Members         int64
	Savings         ledger.Money
	Financing       ledger.Money
	Result          ledger.Money // of the year asked for
}

const selectCoop = `SELECT c.id, c.name, c.place, c.status, c.since, c.members, c.savings, c.financing, COALESCE(r.amount, 0)
FROM app_coop c LEFT JOIN app_result r ON r.coop = c.id AND r.year = $1`

func scanCoop(c *coop, scan func(...any) error) error {
	var status string
	err := scan(&c.ID, &c.Name, &c.Place, &status, &c.Since, &c.Members, &c.Savings, &c.Financing, &c.Result)
	c.Active = status == "active"
	return err
}

func (q queries) coops(year int) ([]coop, error) {
	return all(q, scanCoop, selectCoop+" ORDER BY c.name, c.id", year)
}

func (q queries) coop(id string, year int) (coop, error) {
	var c coop
	return c, found(scanCoop(&c, q.row(selectCoop+" WHERE c.id = $2", year, id).Scan), "coop", id)
}

// found makes the absence of a row an error that says what is absent.
func found(err error, what, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %s %q", errNotFound, what, id)
	}
	return err
}

// member is a row of app_member: the person behind a number of the books.
type member struct {
	Number, Name, Phone string
	Joined              ledger.Date
}

const selectMember = "SELECT number, name, phone, joined FROM app_member WHERE coop = $1"

func scanMember(m *member, scan func(...any) error) error {
	return scan(&m.Number, &m.Name, &m.Phone, &m.Joined)
}

func (q queries) members(coop, after string, most int) ([]member, error) {
	return all(q, scanMember, selectMember+" AND number > $2 ORDER BY number LIMIT $3", coop, after, most)
}

// membersLike are those whose name holds a text, or whose number is it.
func (q queries) membersLike(coop, text string, most int) ([]member, error) {
	text = strings.ToLower(text)
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
	return all(q, scanMember, selectMember+` AND (lower(name) LIKE $2 ESCAPE '\' OR lower(number) = $3) ORDER BY name, number LIMIT $4`, coop, like, text, most)
}

func (q queries) member(coop, number string) (member, error) {
	var m member
	return m, found(scanMember(&m, q.row(selectMember+" AND number = $2", coop, number).Scan), "member", number)
}

func (q queries) addMember(coop string, m member) error {
	if err := q.exec("INSERT INTO app_member (coop, number, name, phone, joined) VALUES ($1, $2, $3, $4, $5)", coop, m.Number, m.Name, m.Phone, m.Joined); err != nil {
		return err
	}
	return q.exec("UPDATE app_coop SET members = members + 1 WHERE id = $1", coop)
}

// identify enters the number of a member's identity card, and reports whether
// it is new to the cooperative.
func (q queries) identify(coop, member, nik string) (fresh bool, err error) {
	entered, err := q.on.ExecContext(q.ctx, q.db.text("INSERT INTO app_identity (coop, nik, member) VALUES ($1, $2, $3) ON CONFLICT (coop, nik) DO NOTHING"), coop, nik, member)
	if err != nil {
		return false, err
	}
	n, err := entered.RowsAffected()
	return n == 1, err
}

// goods is a row of app_goods.
type goods struct {
	ID, Name, Kind string
	Cost           ledger.Money
}

const selectGoods = "SELECT id, name, kind, cost FROM app_goods WHERE coop = $1"

func scanGoods(g *goods, scan func(...any) error) error {
	return scan(&g.ID, &g.Name, &g.Kind, &g.Cost)
}

func (q queries) goods(coop string) ([]goods, error) {
	return all(q, scanGoods, selectGoods+" ORDER BY kind, name, id", coop)
}

func (q queries) oneGoods(coop, id string) (goods, error) {
	var g goods
	return g, found(scanGoods(&g, q.row(selectGoods+" AND id = $2", coop, id).Scan), "goods", id)
}

// plan is a row of app_plan.
type plan struct {
	Months int
	Margin int64 // in hundredths of a percent of the cost
}

func (q queries) plans(coop string) ([]plan, error) {
	scan := func(p *plan, scan func(...any) error) error { return scan(&p.Months, &p.Margin) }
	return all(q, scan, "SELECT months, margin FROM app_plan WHERE coop = $1 ORDER BY months", coop)
}

// marginStep is the unit that margins are rounded to, so that prices are ones
// that can be paid in notes.
var marginStep = ledger.IDR.Of(1_000)

// marginOf is the one rounding between a plan and a price. From here on the
// margin is an amount, never a rate: the akad fixes it (DSN-MUI 04/2000).
func (p plan) marginOf(cost ledger.Money) (ledger.Money, error) {
	exact := new(big.Rat).Mul(big.NewRat(cost.Minor(), 1), big.NewRat(p.Margin, 10_000))
	return ledger.Round(exact, marginStep, ledger.RoundHalfUp)
}

// order is a row of app_order.
type order struct {
	ID, Member, Goods string
	Months            int
	Price             ledger.Money
	State             string // murabahah.State
	Ordered           ledger.Date
	MemberName        string
}

const selectOrder = `SELECT o.id, o.member, o.goods, o.months, o.price, o.state, o.ordered, m.name
FROM app_order o JOIN app_member m ON m.coop = o.coop AND m.number = o.member WHERE o.coop = $1`

func scanOrder(o *order, scan func(...any) error) error {
	return scan(&o.ID, &o.Member, &o.Goods, &o.Months, &o.Price, &o.State, &o.Ordered, &o.MemberName)
}

// listedOrders is the most that a list of orders shows; it says so when it is
// full.
const listedOrders = 50

// openOrders are those that wait for the office: to be bought, to be sold.
// Those that have waited longest come first.
func (q queries) openOrders(coop string) ([]order, error) {
	return all(q, scanOrder, selectOrder+" AND o.state IN ('ordered', 'acquired') ORDER BY o.id LIMIT $2", coop, listedOrders)
}

// ordersOf are a member's, the newest first.
func (q queries) ordersOf(coop, member string) ([]order, error) {
	return all(q, scanOrder, selectOrder+" AND o.member = $2 ORDER BY o.id DESC LIMIT $3", coop, member, listedOrders)
}

func (q queries) order(coop, id string) (order, error) {
	var o order
	return o, found(scanOrder(&o, q.row(selectOrder+" AND o.id = $2", coop, id).Scan), "order", id)
}

func (q queries) addOrder(coop string, o order) error {
	return q.exec("INSERT INTO app_order (coop, id, member, goods, months, price, state, ordered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		coop, o.ID, o.Member, o.Goods, o.Months, o.Price, o.State, o.Ordered)
}

func (q queries) setOrderState(coop, id, state string) error {
	return q.exec("UPDATE app_order SET state = $3 WHERE coop = $1 AND id = $2", coop, id, state)
}
