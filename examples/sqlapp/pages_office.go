package main

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

func (a *app) homePage(_ *http.Request, t *reading) (string, page, error) {
	list, err := t.coops(t.today.Year())
	if err != nil {
		return "", page{}, err
	}
	sums := totalOf(list)
	var example coop
	for _, c := range list {
		if c.Active && c.Members > 0 && (example.ID == "" || c.ID < example.ID) {
			example = c
		}
	}
	return "home", page{Title: "Mizan Koperasi", Data: struct {
		Sums    totals
		Example coop
	}{sums, example}}, nil
}

// totals are sums over cooperatives.
type totals struct {
	Count, Active, Members     int64
	Savings, Financing, Result ledger.Money
}

func totalOf(list []coop) totals {
	var s totals
	for _, c := range list {
		s.Count++
		if c.Active {
			s.Active++
		}
		s.Members += c.Members
		s.Savings, s.Financing, s.Result = s.Savings.Add(c.Savings), s.Financing.Add(c.Financing), s.Result.Add(c.Result)
	}
	return s
}

// officeQuery is what the office asks its list for, as the address has it.
type officeQuery struct {
	Search, Status, Order string
	Page                  int
}

const officePageRows = 25

// orders are the orders of the list: the largest first, and names by letter.
var orders = map[string]func(a, b coop) int{
	"nama":       func(a, b coop) int { return 0 },
	"anggota":    func(a, b coop) int { return cmp.Compare(b.Members, a.Members) },
	"simpanan":   func(a, b coop) int { return b.Savings.Cmp(a.Savings) },
	"pembiayaan": func(a, b coop) int { return b.Financing.Cmp(a.Financing) },
	"hasil":      func(a, b coop) int { return b.Result.Cmp(a.Result) },
}

func readOfficeQuery(v url.Values) officeQuery {
	q := officeQuery{Search: strings.TrimSpace(v.Get("cari")), Status: v.Get("status"), Order: v.Get("urut")}
	if q.Status != "aktif" && q.Status != "tidak" {
		q.Status = ""
	}
	if _, known := orders[q.Order]; !known {
		q.Order = "nama"
	}
	q.Page, _ = strconv.Atoi(v.Get("hal"))
	q.Page = max(q.Page, 1)
	return q
}

// With returns the address of the list with one thing changed.
func (q officeQuery) With(name, value string) string {
	v := url.Values{}
	for key, text := range map[string]string{"cari": q.Search, "status": q.Status, "urut": q.Order} {
		if key == name {
			text = value
		}
		if text != "" && (key != "urut" || text != "nama") {
			v.Set(key, text)
		}
	}
	if name == "hal" && value != "1" {
		v.Set("hal", value)
	}
	if len(v) == 0 {
		return "/kantor"
	}
	return "/kantor?" + v.Encode()
}

func (q officeQuery) selects(c coop) bool {
	switch {
	case q.Status == "aktif" && !c.Active, q.Status == "tidak" && c.Active:
		return false
	}
	return strings.Contains(strings.ToLower(c.Name+" "+c.Place), strings.ToLower(q.Search))
}

// officePage lists the cooperatives of the city. It opens none of their books:
// the figures stand in app_coop, kept in the transactions that moved them.
func (a *app) officePage(r *http.Request, t *reading) (string, page, error) {
	list, err := t.coops(t.today.Year())
	if err != nil {
		return "", page{}, err
	}
	q := readOfficeQuery(r.URL.Query())
	every := totalOf(list)
	list = slices.DeleteFunc(list, func(c coop) bool { return !q.selects(c) })
	slices.SortStableFunc(list, orders[q.Order])
	sums := totalOf(list)
	pages := max((len(list)+officePageRows-1)/officePageRows, 1)
	q.Page = min(q.Page, pages)
	first := (q.Page - 1) * officePageRows
	shown := list[min(first, len(list)):min(first+officePageRows, len(list))]
	previous, next := "", ""
	if q.Page > 1 {
		previous = q.With("hal", strconv.Itoa(q.Page-1))
	}
	if q.Page < pages {
		next = q.With("hal", strconv.Itoa(q.Page+1))
	}
	return "office", page{Title: "Kantor", Here: "kantor", Data: struct {
		Query          officeQuery
		Every, Sums    totals
		Rows           []coop
		Year, Pages    int
		Previous, Next string
	}{q, every, sums, shown, t.today.Year(), pages, previous, next}}, nil
}

const memberPageRows = 24

// coopPage is the desk of one cooperative: its figures, what waits, its members.
func (a *app) coopPage(r *http.Request, t *reading) (string, page, error) {
	c, err := t.coopOf(r)
	if err != nil {
		return "", page{}, err
	}
	waiting, err := t.openOrders(c.ID)
	if err != nil {
		return "", page{}, err
	}
	search := strings.Join(strings.Fields(r.URL.Query().Get("cari")), " ")
	var list []member
	if search == "" {
		list, err = t.members(c.ID, r.URL.Query().Get("setelah"), memberPageRows+1)
	} else {
		list, err = t.membersLike(c.ID, search, memberPageRows+1)
	}
	if err != nil {
		return "", page{}, err
	}
	next := ""
	more := len(list) > memberPageRows
	if more {
		list = list[:memberPageRows]
	}
	if more && search == "" {
		next = coopPath(c.ID) + "?" + url.Values{"setelah": {list[len(list)-1].Number}}.Encode() + "#anggota"
	}
	return "coop", page{Title: c.Name, Coop: c, Here: "ringkasan", Data: struct {
		Waiting []order
		Members []member
		Search  string
		More    bool
		Next    string
		Paged   bool
		Year    int
	}{waiting, list, search, more, next, r.URL.Query().Get("setelah") != "", t.today.Year()}}, nil
}
