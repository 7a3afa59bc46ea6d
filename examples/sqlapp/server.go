package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
)

// app is the application: a database, the store of the books in it, and pages.
type app struct {
	db    *database
	store *sqlledger.Store
	clock clock
	views views
	log   *slog.Logger
}

func newApp(db *database, clock clock, log *slog.Logger) (*app, error) {
	parsed, err := parseViews()
	if err != nil {
		return nil, err
	}
	return &app{db: db, store: db.store(), clock: clock, views: parsed, log: log}, nil
}

// today is the day on which requests are dated.
func (a *app) today() ledger.Date { return ledger.DateOf(a.clock().In(wib)) }

// routes are all pages and all changes. What changes something is a POST and
// goes through change; a GET never writes.
//
// Nobody logs in here. In your application the middleware that knows who is
// asking stands around the handler that routes returns, and what each may do
// is asked in view and change, before anything is read: the public sees goods,
// a member their own pages, the office of a cooperative its own cooperative,
// and the office of the city all of them.
func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	for _, name := range []string{"style.css", "icon.svg"} {
		mux.HandleFunc("GET /static/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "max-age=3600")
			http.ServeFileFS(w, r, files, "static/"+name)
		})
	}
	mux.HandleFunc("GET /{$}", a.view(a.homePage))
	mux.HandleFunc("GET /kantor", a.view(a.officePage))
	mux.HandleFunc("GET /koperasi/{coop}", a.view(a.coopPage))
	mux.HandleFunc("GET /koperasi/{coop}/barang", a.view(a.shopPage))
	mux.HandleFunc("GET /koperasi/{coop}/barang/{goods}", a.view(a.goodsPage))
	mux.HandleFunc("GET /koperasi/{coop}/daftar", a.view(a.joinPage))
	mux.HandleFunc("GET /koperasi/{coop}/anggota/{member}", a.view(a.memberPage))
	mux.HandleFunc("GET /koperasi/{coop}/anggota/{member}/tabungan/{product}", a.view(a.passbookPage))
	mux.HandleFunc("GET /koperasi/{coop}/pesanan/{order}", a.view(a.orderPage))
	mux.HandleFunc("GET /koperasi/{coop}/anggota/{member}/tabungan/{product}/cetak", a.print(a.printPassbook))
	mux.HandleFunc("GET /koperasi/{coop}/pesanan/{order}/cetak", a.print(a.printCard))
	mux.HandleFunc("GET /", a.view(a.noPage))

	mux.HandleFunc("POST /kantor", a.change(a.officePage, a.readFound))
	mux.HandleFunc("POST /koperasi/{coop}/daftar", a.change(a.joinPage, a.readJoin))
	for address, form := range map[string]http.HandlerFunc{
		"/koperasi/{coop}/anggota/{member}/setoran":   a.change(a.memberPage, a.readDeposit),
		"/koperasi/{coop}/anggota/{member}/penarikan": a.change(a.memberPage, a.readWithdraw),
		"/koperasi/{coop}/barang/{goods}/pesan":       a.change(a.goodsPage, a.readOrder),
		"/koperasi/{coop}/pesanan/{order}/beli":       a.change(a.orderPage, a.readBuy),
		"/koperasi/{coop}/pesanan/{order}/akad":       a.change(a.orderPage, a.readSell),
		"/koperasi/{coop}/pesanan/{order}/angsuran":   a.change(a.orderPage, a.readPay),
		"/koperasi/{coop}/pesanan/{order}/pelunasan":  a.change(a.orderPage, a.readSettle),
		"/koperasi/{coop}/pesanan/{order}/batal":      a.change(a.orderPage, a.readCancel),
	} {
		mux.HandleFunc("POST "+address, form)
		mux.HandleFunc("GET "+address, toItsPage)
	}

	// Another site's page cannot send our forms.
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(a.denied))
	return a.guarded(origin.Handler(mux))
}

// toItsPage leads from the address of a form to the page that it stands on. A
// browser that was refused something is at that address, and asks for it when
// its line is entered again.
func toItsPage(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, path.Dir(r.URL.EscapedPath()), http.StatusSeeOther)
}

const (
	maxBody     = 16 << 10 // of a form, in bytes
	requestTime = 20 * time.Second
)

// guarded puts around every request what none may go without: headers that
// let a page do only what ours do, a limit on what is sent, a limit on time,
// and an answer if a handler panics.
func (a *app) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // figures of somebody's savings
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if !readable(r.URL) {
			a.fail(w, r, &formError{"", "Alamat ini berisi huruf yang tidak dapat dibaca."})
			return
		}
		defer func() {
			if fault := recover(); fault != nil {
				if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(fault)
				}
				a.log.ErrorContext(ctx, "panic", "path", r.URL.Path, "fault", fault, "stack", string(debug.Stack()))
				a.fail(w, r, errors.New("panic"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// readable reports whether an address is text: a database takes no other, and
// would call it a fault of its own.
func readable(address *url.URL) bool {
	texts := []string{address.Path}
	for name, values := range address.Query() {
		texts = append(append(texts, name), values...)
	}
	return !slices.ContainsFunc(texts, func(text string) bool {
		return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
	})
}

// serve serves until the context ends, and then lets running requests finish.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           a.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      requestTime + 10*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTime)
		defer cancel()
		ended <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
