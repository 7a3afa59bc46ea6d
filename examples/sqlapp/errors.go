package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
	"github.com/mizan-coop/mizan/ledger/sqlledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// refusals say in Indonesian what the library refused, by its codes, which are
// stable while the English messages may change. {diminta}, {batas} and {saldo}
// are the amounts that were compared.
var refusals = map[string]string{
	// savings
	"withdraw.min_balance":  "Saldo tidak cukup. Diminta {diminta}, saldo {saldo}, dan paling sedikit {batas} harus tetap tersimpan.",
	"withdraw.held":         "Sebagian simpanan ini ditahan sebagai jaminan, sehingga {diminta} tidak dapat diambil.",
	"withdraw.locked":       "Simpanan ini tidak dapat diambil selama masih menjadi anggota.",
	"deposit.min_opening":   "Setoran pertama paling sedikit {batas}.",
	"amount.not_positive":   "Jumlahnya harus lebih dari nol.",
	"amount.invalid":        "Jumlah ini terlalu besar untuk dicatat.",
	"account.closed":        "Rekening simpanan ini sudah ditutup.",
	"account.before_opened": "Tanggalnya sebelum rekening dibuka.",
	"account.before_joined": "Tanggalnya sebelum menjadi anggota.",
	"member.left":           "Orang ini sudah bukan anggota.",
	"member.exists":         "Nomor anggota ini sudah dipakai.",
	// murabahah
	"sell.not_owned":     "Barang harus menjadi milik koperasi dulu sebelum dijual (DSN-MUI 04/2000).",
	"sell.not_held":      "Barang ini tidak lagi tercatat sebagai milik koperasi, jadi tidak dapat dijual (DSN-MUI 04/2000).",
	"acquire.cost":       "Harga beli berbeda dari yang disebut dalam pesanan, sedangkan harga jual sudah dihitung darinya.",
	"pay.above":          "Pembayaran {diminta} melebihi sisa kewajiban {batas}.",
	"settle.no_claim":    "Sisa kewajiban lebih kecil daripada potongannya. Bayarlah sebagai angsuran biasa.",
	"terms.down_payment": "Uang muka tidak sesuai dengan syarat akad.",
	"terms.margin":       "Margin tidak sesuai dengan satuan pembulatan.",
	"terms.goods":        "Nama barang tidak dapat dipakai.",
	"plan.row":           "Harga ini terlalu kecil untuk dibagi dalam angsuran sebanyak itu.",
	"plan.instalments":   "Jumlah angsuran ini tidak dapat dipakai.",
	"plan.last_due":      "Jatuh tempo terakhir di luar batas.",
	"murabahah.state":    "Langkah ini tidak berlaku lagi: keadaan akadnya sudah berubah, seperti yang tampil sekarang.",
	"role.account":       "Akun pembayaran ini tidak dapat dipakai untuk akad.",
	"reverse.not_latest": "Hanya kejadian terakhir yang dapat dibatalkan.",
	"murabahah.date":     "Tanggalnya sebelum kejadian terakhir akad ini.",
	"murabahah.command":  "Ada isian yang kurang.",
	// the book
	string(ledger.CodeBelowFloor):       "Saldo tidak cukup. Setelah {diminta} saldo menjadi {saldo}, sedangkan batasnya {batas}.",
	string(ledger.CodeHeld):             "Sebagian saldo ini ditahan, sehingga {diminta} tidak dapat diambil.",
	string(ledger.CodeBlocked):          "Rekening ini sedang diblokir. Hubungi kantor koperasi.",
	string(ledger.CodePeriodClosed):     "Pembukuan untuk tanggal itu sudah ditutup.",
	string(ledger.CodePeriodSoftClosed): "Pembukuan untuk tanggal itu sudah ditutup sementara.",
	string(ledger.CodeDateInvalid):      "Tanggalnya tidak ada.",
	string(ledger.CodeAmountInvalid):    "Jumlah ini terlalu besar untuk dicatat.",
	string(ledger.CodeAmountZero):       "Jumlahnya harus lebih dari nol.",
	string(ledger.CodeBalanceOverflow):  "Jumlah ini terlalu besar untuk dicatat.",
	string(ledger.CodeTextInvalid):      "Ada huruf yang tidak dapat dicatat.",
	string(ledger.CodeRecordStale):      "Data ini baru saja berubah. Periksa, lalu kirim sekali lagi.",
}

// moneyPlaces are how pages name where the cooperative's own money is.
var moneyPlaces = map[string]string{tellerCash: "kas teller", bankAccount: "giro bank"}

// fault is an error as a page shows it.
type fault struct {
	Status   int
	Headline string
	Text     string
	Field    string // the field that is wrong, if it is one field
	Code     string // the library's, for whoever asks the developers
	Back     string // the page to go back to
	Resend   string // where to send the same request again, empty if that is no use
	Fields   []field
}

// field is one of the sent fields, to be sent again as it was.
type field struct{ Name, Value string }

// faultOf says what an error is for people. It is the only place that turns
// errors into words; what it does not know is never shown raw.
func faultOf(err error) fault {
	var wrong *formError
	var saving *savings.Refusal
	var sale *murabahah.Refusal
	var book *ledger.Refusal
	switch {
	case errors.As(err, &wrong):
		return fault{Status: http.StatusBadRequest, Headline: "Isian belum benar", Text: wrong.Text, Field: wrong.Field}
	case errors.Is(err, errNotFound), errors.Is(err, murabahah.ErrUnknown), errors.Is(err, savings.ErrUnknown):
		return fault{Status: http.StatusNotFound, Headline: "Tidak ditemukan", Text: "Data yang diminta tidak ada. Mungkin alamat atau nomornya salah tulis."}
	case errors.Is(err, errOtherContent), errors.Is(err, ledger.ErrKeyConflict):
		return fault{Status: http.StatusConflict, Headline: "Formulir ini sudah dipakai",
			Text: "Formulir yang sama sudah dikirim dengan isi yang berbeda, dan yang pertama itulah yang dicatat. Buka lagi halamannya untuk mengirim permintaan baru."}
	case errors.Is(err, errQuoteMoved):
		return fault{Status: http.StatusConflict, Headline: "Jumlahnya berubah", Text: "Jumlah pelunasan sudah berbeda dari yang tampil. Lihat jumlah hari ini sebelum melunasi."}
	case errors.Is(err, errPriceMoved):
		return fault{Status: http.StatusConflict, Headline: "Harganya berubah", Text: "Harga barang ini sudah berbeda dari yang tampil. Lihat harga sekarang sebelum memesan."}
	case errors.Is(err, errBought):
		return fault{Status: http.StatusUnprocessableEntity, Headline: "Permintaan ditolak", Text: "Barangnya sudah dibeli koperasi, jadi pesanan ini tidak dapat dibatalkan lagi."}
	case errors.Is(err, errInactive):
		return fault{Status: http.StatusUnprocessableEntity, Headline: "Koperasi tidak aktif", Text: "Koperasi ini tidak aktif dan tidak menerima transaksi."}
	case errors.As(err, &saving):
		return refused(saving.Code, amounts{saving.Given, saving.Limit, saving.Balance})
	case errors.As(err, &sale):
		return refused(codeOf(sale), amounts{sale.Given, sale.Limit, ledger.Money{}})
	case errors.As(err, &book) && book.Code == ledger.CodeBelowFloor && moneyPlaces[book.Account] != "":
		return fault{Status: http.StatusUnprocessableEntity, Headline: "Permintaan ditolak", Code: string(book.Code),
			Text: "Uang di " + moneyPlaces[book.Account] + " koperasi tidak cukup untuk " + rupiah(book.Amount.Abs()) + "."}
	case errors.As(err, &book):
		return refused(string(book.Code), amounts{book.Amount.Abs(), book.Limit, book.Balance})
	}
	return broken(err)
}

// kindCodes are codes of ours for whole kinds of a contract's refusals, where
// each of the many codes of the kind would say the same.
var kindCodes = map[string]error{
	"murabahah.state": murabahah.ErrState, "murabahah.date": murabahah.ErrDate, "murabahah.command": murabahah.ErrCommand,
}

func codeOf(r *murabahah.Refusal) string {
	if _, named := refusals[r.Code]; named {
		return r.Code
	}
	for code, kind := range kindCodes {
		if errors.Is(r, kind) {
			return code
		}
	}
	return r.Code
}

type amounts struct{ given, limit, balance ledger.Money }

func refused(code string, a amounts) fault {
	text, known := refusals[code]
	if !known {
		text = "Pembukuan menolak permintaan ini, dan tidak ada yang berubah."
	}
	text = strings.NewReplacer("{diminta}", rupiah(a.given), "{batas}", rupiah(a.limit), "{saldo}", rupiah(a.balance)).Replace(text)
	return fault{Status: http.StatusUnprocessableEntity, Headline: "Permintaan ditolak", Text: text, Code: code}
}

// broken is what is nobody's fault who asked. Where it is not known whether a
// request was carried out, the page offers to send it once more under the same
// key: that is safe, because what was carried out is found.
func broken(err error) fault {
	again := fault{Status: http.StatusServiceUnavailable, Headline: "Belum ada jawaban pasti",
		Text: "Sistem sedang sibuk atau terputus, sehingga belum pasti permintaan ini sudah dicatat. Kirim sekali lagi dengan tombol di bawah: permintaan yang sama tidak akan dicatat dua kali."}
	var store *sqlledger.StoreError
	switch {
	case errors.Is(err, ledger.ErrCommitUnknown), errors.As(err, &store), errors.Is(err, sqlledger.ErrBoundLock), errors.Is(err, errNoDatabase),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return again
	}
	return fault{Status: http.StatusInternalServerError, Headline: "Ada gangguan", Text: "Permintaan ini tidak dapat dikerjakan. Kesalahannya sudah dicatat untuk diperiksa."}
}

// refuse answers a form that was not carried out. Where the fault is in what was
// asked, the form's own page is shown once more, with what was typed; a key
// that was used for something else needs another look at that page first.
func (a *app) refuse(w http.ResponseWriter, r *http.Request, of reader, err error) {
	f := faultOf(err)
	if f.Status == http.StatusBadRequest || f.Status == http.StatusUnprocessableEntity || errors.Is(err, errQuoteMoved) || errors.Is(err, errPriceMoved) {
		name, p, unread := a.page(r, of)
		if unread == nil {
			p.Fault, p.sent = &f, sent{path.Base(r.URL.Path), r.PostForm}
			a.show(w, r, f.Status, name, p)
			return
		}
		err = unread // such a page there is not
	}
	a.fail(w, r, err)
}

// fail answers with the page of an error.
func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := faultOf(err)
	if f.Status >= http.StatusInternalServerError {
		level := slog.LevelError
		if errors.Is(r.Context().Err(), context.Canceled) {
			level = slog.LevelInfo // whoever asked has gone away
		}
		a.log.Log(r.Context(), level, "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	f.Back = cameFrom(r)
	if f.Status == http.StatusServiceUnavailable && r.Method != http.MethodPost {
		f.Headline, f.Text = "Belum dapat ditampilkan", "Sistem sedang sibuk atau terputus. Muat ulang halaman ini sebentar lagi."
	}
	if f.Status == http.StatusServiceUnavailable && r.Method == http.MethodPost {
		f.Resend = r.URL.EscapedPath()
		for name, values := range r.PostForm {
			for _, value := range values {
				f.Fields = append(f.Fields, field{name, value})
			}
		}
	}
	a.show(w, r, f.Status, "error", page{Title: f.Headline, Data: f})
}

// cameFrom is the page of ours that a request came from.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return "/"
	}
	return from.EscapedPath()
}

// denied answers a form that another site's page has sent.
func (a *app) denied(w http.ResponseWriter, r *http.Request) {
	a.show(w, r, http.StatusForbidden, "error", page{Title: "Ditolak", Data: fault{
		Status: http.StatusForbidden, Headline: "Ditolak", Text: "Permintaan ini datang dari situs lain dan tidak dikerjakan.", Back: "/",
	}})
}

// noPage answers an address that leads nowhere.
func (a *app) noPage(*http.Request, *reading) (string, page, error) { return "", page{}, errNotFound }
