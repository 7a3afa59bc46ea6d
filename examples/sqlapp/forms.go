package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// form reads what was sent, and digests it on the way: whatever decides what a
// request does is read through it, so the digest covers all of it and nothing
// else. The first fault stays.
type form struct {
	r       *http.Request
	content *ledger.Content
	err     error
}

// formError says which field is wrong, in words for whoever filled it in.
type formError struct{ Field, Text string }

func (e *formError) Error() string { return fmt.Sprintf("sqlapp: %s: %s", e.Field, e.Text) }

func (f *form) refuse(field, text string) {
	if f.err == nil {
		f.err = &formError{field, text}
	}
}

// name reads a part of the path: the id of something.
func (f *form) name(part string) string {
	value := f.r.PathValue(part)
	f.content.Text(value)
	return value
}

// value is what a field was sent with. One that came twice says two things, and
// neither is done.
func (f *form) value(field string) string {
	if len(f.r.PostForm[field]) > 1 {
		f.refuse(field, "Formulir ini memuat satu isian dua kali.")
	}
	return f.r.PostFormValue(field)
}

// text reads a line of text: a name, which hides no signs.
func (f *form) text(field, label string, least, most int) string {
	value := strings.Join(strings.Fields(f.value(field)), " ")
	switch length := utf8.RuneCountInString(value); {
	case ledger.NameFault(value, maxBody) != "":
		f.refuse(field, label+" berisi huruf yang tidak dapat dibaca.")
	case length < least:
		f.refuse(field, fmt.Sprintf("%s harus diisi, paling sedikit %d huruf.", label, least))
	case length > most:
		f.refuse(field, fmt.Sprintf("%s terlalu panjang, paling banyak %d huruf.", label, most))
	}
	f.content.Text(value)
	return value
}

// maxAmount bounds what one form can move. The books have no such limit but
// that of their numbers; a slip of the finger needs a closer one.
var maxAmount = ledger.IDR.Of(100_000_000_000)

// amountSigns is what people write around an amount: Rp. 100.000,-
var amountSigns = regexp.MustCompile(`(?is)^\s*(?:rp\.?)?\s*(.*?)\s*(?:,-)?\s*$`)

// amount reads rupiah as people type them: 100000, 100.000 or Rp 100.000.
func (f *form) amount(field, label string) ledger.Money {
	amount, err := ledger.IDR.ParseLocal(amountSigns.ReplaceAllString(f.value(field), "$1"))
	switch {
	case err != nil:
		f.refuse(field, label+" bukan jumlah rupiah. Tulis misalnya 100.000.")
	case maxAmount.Less(amount):
		f.refuse(field, label+" terlalu besar, paling banyak "+rupiah(maxAmount)+".")
	case amount.Sign() <= 0:
		f.refuse(field, label+" harus lebih dari nol.")
	case amount.Minor()%ledger.IDR.Of(1).Minor() != 0:
		f.refuse(field, label+" harus dalam rupiah bulat.")
	}
	f.content.Money(amount)
	return amount
}

// number reads a whole number from zero.
func (f *form) number(field, label string, most int) int {
	value, err := strconv.Atoi(strings.TrimSpace(f.value(field)))
	if err != nil || value < 0 || value > most {
		f.refuse(field, label+" harus dipilih.")
	}
	f.content.Int(int64(value))
	return value
}

// choice reads one of the given values.
func (f *form) choice(field, label string, of ...string) string {
	value := f.value(field)
	for _, one := range of {
		if value == one {
			f.content.Text(value)
			return value
		}
	}
	f.refuse(field, label+" harus dipilih.")
	return ""
}

var memberPattern = regexp.MustCompile(`^M[0-9]{4,9}$`)

// memberNumber reads a member's number.
func (f *form) memberNumber(field, label string) string {
	value := strings.ToUpper(strings.TrimSpace(f.value(field)))
	if !memberPattern.MatchString(value) {
		f.refuse(field, label+" ditulis seperti M0001.")
	}
	f.content.Text(value)
	return value
}

var (
	nikPattern = regexp.MustCompile(`^[0-9]{16}$`)
	nikSpacing = strings.NewReplacer(" ", "", ".", "", "-", "")
)

// nik reads the number of an identity card.
func (f *form) nik(field string) string {
	value := nikSpacing.Replace(f.value(field))
	if !nikPattern.MatchString(value) {
		f.refuse(field, "NIK terdiri atas 16 angka, seperti pada KTP.")
	}
	f.content.Text(value)
	return value
}

var keyPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{16,64}$`)

// key reads the request's key: from the header that programs send, or the
// hidden field of our forms.
func (f *form) key() string {
	key := f.r.Header.Get("Idempotency-Key")
	if key == "" {
		key = f.value("kunci")
	}
	if !keyPattern.MatchString(key) {
		f.refuse("kunci", "Formulir ini tidak lengkap. Periksa isinya, lalu kirim sekali lagi.")
	}
	return key
}

// work is what a request does, once its form is read.
type work = func(*job) (answer, error)

// change is the handler of every POST: read the form, carry the request out
// once, and send the browser to the page that shows what came of it. Loading
// that page again sends nothing again. What is refused goes back to the page
// that the form stands on.
func (a *app) change(of reader, read func(*form) (action string, do work)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			a.fail(w, r, &formError{"", "Formulir ini terlalu besar atau rusak."})
			return
		}
		f := &form{r: r, content: ledger.NewContent("request")}
		asked := request{Coop: f.name("coop"), Key: f.key()}
		action, do := read(f)
		asked.Action, asked.Content = action, f.content.Digest()
		if f.err != nil {
			a.refuse(w, r, of, f.err)
			return
		}
		given, err := a.carryOut(r.Context(), asked, do)
		if err != nil {
			a.refuse(w, r, of, err)
			return
		}
		location := given.Location + "?bukti=" + asked.Key
		if given.Repeat {
			w.Header().Set("Idempotent-Replayed", "true")
			location += "&ulang=1"
		}
		http.Redirect(w, r, location, http.StatusSeeOther)
	}
}

func (a *app) readJoin(f *form) (string, work) {
	person := member{Name: f.text("nama", "Nama", 3, 80), Phone: f.text("telepon", "Nomor telepon", 0, 20)}
	nik := f.nik("nik")
	return "join", func(j *job) (answer, error) { return j.join(person, nik) }
}

func (a *app) readDeposit(f *form) (string, work) {
	number, product := f.name("member"), f.choice("produk", "Jenis simpanan", voluntary, wajib)
	amount := f.amount("jumlah", "Jumlah setoran")
	return "deposit", func(j *job) (answer, error) { return j.deposit(number, product, amount) }
}

func (a *app) readWithdraw(f *form) (string, work) {
	number, amount := f.name("member"), f.amount("jumlah", "Jumlah penarikan")
	return "withdraw", func(j *job) (answer, error) { return j.withdraw(number, amount) }
}

func (a *app) readOrder(f *form) (string, work) {
	item, number := f.name("goods"), f.memberNumber("anggota", "Nomor anggota")
	months := f.number("bulan", "Cara bayar", 120)
	shown := f.amount(fmt.Sprintf("harga-%d", months), "Harga jual")
	return "order", func(j *job) (answer, error) { return j.order(number, item, months, shown) }
}

func (a *app) readBuy(f *form) (string, work) {
	id, supplier := f.name("order"), f.text("pemasok", "Nama pemasok", 3, 80)
	from := f.choice("dari", "Sumber dana", "bank", "kas")
	return "buy", func(j *job) (answer, error) { return j.buy(id, supplier, from == "kas") }
}

func (a *app) readSell(f *form) (string, work) {
	id := f.name("order")
	return "sell", func(j *job) (answer, error) { return j.sell(id) }
}

func (a *app) readPay(f *form) (string, work) {
	id, amount := f.name("order"), f.amount("jumlah", "Jumlah pembayaran")
	from := f.choice("dari", "Cara bayar", "tunai", "simpanan")
	return "pay", func(j *job) (answer, error) { return j.pay(id, amount, from == "simpanan") }
}

func (a *app) readSettle(f *form) (string, work) {
	id, shown := f.name("order"), f.amount("jumlah", "Jumlah pelunasan")
	return "settle", func(j *job) (answer, error) { return j.settle(id, shown) }
}

func (a *app) readCancel(f *form) (string, work) {
	id := f.name("order")
	return "cancel", func(j *job) (answer, error) { return j.cancel(id) }
}
