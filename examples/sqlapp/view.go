package main

import (
	"bytes"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

//go:embed templates/*.html static/*
var files embed.FS

// views are the parsed pages by name.
type views map[string]*template.Template

// parseViews parses every page together with the layout that it stands in.
// html/template escapes what is put into a page by where it stands.
func parseViews() (views, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	parsed := make(views)
	for _, name := range names {
		if path.Base(name) == "layout.html" {
			continue
		}
		page, err := template.New("layout.html").Funcs(functions).ParseFS(files, "templates/layout.html", name)
		if err != nil {
			return nil, err
		}
		parsed[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return parsed, nil
}

// page is what every page is made of. Data is the page's own.
type page struct {
	Title  string
	Coop   *coop // whose page it is, if one's
	Here   string
	Notice *answer
	Fault  *fault // why a form of this page was refused
	sent   sent
	Data   any
}

// sent is a form that was refused, so that its page can show it as it was.
type sent struct {
	form   string // the last part of its address
	values url.Values
}

// Sent is what was typed into a field of a form that was refused, or else what
// usually stands there.
func (p page) Sent(form, field, usual string) string {
	if p.sent.form == form && p.sent.values.Has(field) {
		return strings.ToValidUTF8(p.sent.values.Get(field), "\uFFFD")
	}
	return usual
}

// Wrong marks the field for which a form was refused. Nothing that was typed
// goes into what it returns.
func (p page) Wrong(form, field string) template.HTMLAttr {
	if p.sent.form == form && p.Fault.Field == field {
		return `aria-invalid="true" aria-describedby="salah"`
	}
	return ""
}

// show writes a page. It is made in memory first, so that a fault in the
// middle never sends half of one.
func (a *app) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	var b bytes.Buffer
	if err := a.views[name].ExecuteTemplate(&b, "layout.html", p); err != nil {
		a.log.ErrorContext(r.Context(), "page", "name", name, "error", err)
		http.Error(w, "Halaman tidak dapat ditampilkan.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

var functions = template.FuncMap{
	"rp": rupiah, "angka": plain, "bulat": grouped, "tanggal": longDate, "tgl": shortDate,
	"kunci": newKey, "status": stateName, "produk": productName, "hariTunai": func() int { return cashDays }, "penuh": func(list []order) bool { return len(list) == listedOrders },

	"koperasiURL": coopPath, "anggotaURL": memberPath, "pesananURL": orderPath,
}

// newKey is a random key for one form. Whoever sends the form twice, by a
// second click or because the answer was lost, sends the same key twice.
func newKey() string { return rand.Text() }

func coopPath(coop string, rest ...string) string {
	escaped := "/koperasi/" + url.PathEscape(coop)
	for _, part := range rest {
		escaped += "/" + url.PathEscape(part)
	}
	return escaped
}

func memberPath(coop, member string) string { return coopPath(coop, "anggota", member) }
func orderPath(coop, order string) string   { return coopPath(coop, "pesanan", order) }

// rupiah is an amount as people write it: Rp 1.234.567.
func rupiah(m ledger.Money) string {
	if m.Sign() < 0 {
		return "−" + rupiah(m.Neg())
	}
	return "Rp\u00a0" + ledger.IDR.FormatLocal(m)
}

// plain is an amount in a table: 1.234.567.
func plain(m ledger.Money) string {
	if m.Sign() < 0 {
		return "−" + ledger.IDR.FormatLocal(m.Neg())
	}
	return ledger.IDR.FormatLocal(m)
}

// grouped is a count as people write it.
func grouped(n int64) string { return ledger.IDR.FormatLocal(ledger.IDR.Of(n)) }

var months = [...]string{"", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// longDate is a day as people write it: 23 November 2026.
func longDate(d ledger.Date) string {
	if !d.Valid() {
		return ""
	}
	year, month, day := d.YMD()
	return fmt.Sprintf("%d %s %d", day, months[month], year)
}

// shortDate is a day in a table: 23 Nov 2026.
func shortDate(d ledger.Date) string {
	if !d.Valid() {
		return ""
	}
	year, month, day := d.YMD()
	short := months[month]
	if month == time.August {
		short = "Agt" // as people write it
	}
	return fmt.Sprintf("%d\u00a0%.3s\u00a0%d", day, short, year)
}

// stateName is how pages name the state of a contract.
func stateName(state string) string {
	switch murabahah.State(state) {
	case murabahah.Ordered:
		return "Dipesan"
	case murabahah.Acquired:
		return "Barang dibeli"
	case murabahah.Sold:
		return "Berjalan"
	case murabahah.Settled:
		return "Lunas"
	case murabahah.Cancelled:
		return "Dibatalkan"
	}
	return state
}
