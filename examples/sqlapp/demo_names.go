package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/mizan-coop/mizan/ledger"
)

// What demonstration data is made of. Names are put together at random: no
// person and no cooperative of them is meant.
var (
	coopKinds = []string{"KSPPS", "KSPPS BMT", "Koperasi Syariah", "USPPS Koperasi"}
	coopWords = []string{
		"Melati Jaya", "Amanah Bersama", "Barokah Mandiri", "Harapan Umat", "Mitra Sejahtera", "Nurul Iman", "Bina Insani", "Sumber Rejeki",
		"Al-Falah", "Tunas Harapan", "Mekar Sari", "Rukun Makmur", "Cahaya Ummah", "Sinar Hidayah", "Usaha Berkah", "Karya Muda",
		"Guyub Rukun", "Lestari", "Ikhtiar", "Surya Madani", "Teratai", "Bakti Nusa", "Anugerah", "Mawar Indah", "Setia Kawan",
	}
	places = []string{
		"Kalibening", "Sidoarum", "Tegalrejo", "Wonosari Lor", "Karanganom", "Bumiharjo", "Sukamulya", "Cempaka Baru", "Pasar Kidul",
		"Gunungsari", "Kebon Jati", "Margodadi", "Randusari", "Tirto Wetan",
	}
	givenNames  = []string{"Siti", "Ahmad", "Dewi", "Budi", "Nur", "Agus", "Sri", "Hendra", "Fitri", "Joko", "Rina", "Eko", "Wahyu", "Lestari", "Imam", "Yanti", "Slamet", "Ratna", "Dedi", "Aisyah", "Bambang", "Kartini", "Umar", "Endang", "Zainal", "Maya", "Suryadi", "Halimah", "Rudi", "Tuti"}
	familyNames = []string{"Aminah", "Santoso", "Wulandari", "Hidayat", "Rahmawati", "Prasetyo", "Handayani", "Kurniawan", "Setiawan", "Lestari", "Nugroho", "Astuti", "Firmansyah", "Susanti", "Hartono", "Maulana", "Purnama", "Safitri", "Gunawan", "Mulyani", "Saputra", "Utami", "Wibowo", "Khasanah", "Irawan", "Rohmah"}
	suppliers   = []string{"Toko Sumber Elektronik", "UD Maju Lancar", "CV Karya Logam", "Toko Mebel Jati Indah", "Dealer Sentosa Motor", "Toko Bangunan Berkah"}
)

// catalogueOf is everything that cooperatives sell, in thousands of rupiah.
var catalogueOf = []struct {
	name, kind    string
	from, through int
}{
	{"Kulkas dua pintu 230 liter", "Rumah tangga", 3_200, 4_100},
	{"Mesin cuci 8 kg", "Rumah tangga", 2_300, 3_400},
	{"Rak dan lemari dapur", "Rumah tangga", 1_200, 2_600},
	{"Kompor gas dua tungku dan tabung", "Rumah tangga", 650, 950},
	{"Lemari pakaian tiga pintu", "Rumah tangga", 1_700, 2_900},
	{"Televisi LED 43 inci", "Elektronik", 3_100, 4_500},
	{"Laptop 14 inci, RAM 8 GB", "Elektronik", 6_500, 8_900},
	{"Telepon pintar, memori 128 GB", "Elektronik", 1_900, 3_600},
	{"Printer kasir dan laci uang", "Elektronik", 1_300, 2_100},
	{"Mesin jahit portabel", "Alat usaha", 1_800, 2_900},
	{"Mesin obras tiga benang", "Alat usaha", 2_600, 3_700},
	{"Freezer box 200 liter", "Alat usaha", 2_700, 3_600},
	{"Gerobak aluminium dan etalase", "Alat usaha", 2_900, 4_800},
	{"Mesin penggiling tepung", "Alat usaha", 3_300, 5_200},
	{"Pompa air dan pipa 30 meter", "Alat usaha", 1_100, 1_900},
	{"Traktor tangan bekas", "Alat usaha", 11_000, 16_500},
	{"Sepeda motor 125 cc", "Kendaraan", 18_500, 23_500},
	{"Sepeda motor bekas, tahun 2021", "Kendaraan", 9_500, 13_500},
	{"Sepeda listrik", "Kendaraan", 4_200, 6_800},
	{"Bahan bangunan dapur 3 × 4 m", "Bangunan", 7_500, 12_000},
	{"Atap baja ringan 40 m²", "Bangunan", 6_400, 9_800},
	{"Pupuk dan benih padi satu hektar", "Pertanian", 3_800, 5_400},
	{"Bibit kambing, sepasang", "Pertanian", 3_900, 5_800},
}

// waysToPay are the plans that every cooperative of the demonstration offers.
var waysToPay = []plan{{0, 300}, {3, 450}, {6, 800}, {12, 1_450}, {18, 2_100}, {24, 2_750}}

type coopName struct{ name, place string }

// coopNames gives so many cooperatives names of their own. The first is the
// one that the pages show as the example.
func coopNames(random *rand.Rand, count int) []coopName {
	names := []coopName{{coopKinds[0] + " " + coopWords[0], places[0]}}
	used := map[string]bool{names[0].name: true}
	for n := 0; len(names) < count; n++ {
		place := places[random.IntN(len(places))]
		name := coopKinds[random.IntN(len(coopKinds))] + " " + coopWords[random.IntN(len(coopWords))]
		if used[name] {
			name += " " + place
		}
		if used[name] {
			if n < 50*count {
				continue
			}
			name += " " + strconv.Itoa(n) // more than there are names for
		}
		used[name] = true
		names = append(names, coopName{name, place})
	}
	return names[:count]
}

// people makes members up who joined before the books began.
func (d *demoCoop) people(size int) {
	d.coop.Since = strconv.Itoa(d.opened.Year() - d.between(2, 24))
	for n := range size {
		joined := d.opened.AddDays(-d.between(20, 2_000))
		d.members = append(d.members, demoMember{
			member: member{
				Number: memberNumber(int64(n + 1)), Joined: joined,
				Name:  givenNames[d.random.IntN(len(givenNames))] + " " + familyNames[d.random.IntN(len(familyNames))],
				Phone: fmt.Sprintf("0800 0000 %04d", n+1), // a number that nobody has
			},
			wajib:     ledger.IDR.Of(int64(d.between(3, max(4, joined.DaysUntil(d.opened)/30))) * 20_000),
			voluntary: d.thousands(20, 2_400),
		})
	}
}

// catalogue picks goods and the ways to pay for them.
func (d *demoCoop) catalogue(shown bool) {
	d.plans = waysToPay
	size := d.between(4, 9)
	if shown {
		size = 12
	}
	for n, i := range d.random.Perm(len(catalogueOf))[:size] {
		one := catalogueOf[i]
		d.goods = append(d.goods, goods{ID: fmt.Sprintf("B%02d", n+1), Name: one.name, Kind: one.kind, Cost: ledger.IDR.Of(int64(d.between(one.from/50, one.through/50)) * 50_000)})
	}
}

// rows writes the application's own rows of the cooperative.
func (d *demoCoop) rows() error {
	status := "inactive"
	if d.coop.Active {
		status = "active"
	}
	c := d.coop
	err := d.insert("app_coop", coopColumns, [][]any{{c.ID, c.Name, c.Place, status, c.Since, 0, len(d.members), 0, len(d.members), 0, 0}})
	if err != nil {
		return err
	}
	var people, cards [][]any
	for i, m := range d.members {
		people = append(people, []any{c.ID, m.Number, m.Name, m.Phone, m.Joined})
		cards = append(cards, []any{c.ID, fmt.Sprintf("%016d", i+1), m.Number}) // of no province: a number that nobody has
	}
	if err := d.insert("app_member", []string{"coop", "number", "name", "phone", "joined"}, people); err != nil {
		return err
	}
	if err := d.insert("app_identity", []string{"coop", "nik", "member"}, cards); err != nil {
		return err
	}
	return d.offer(c.ID, d.goods, d.plans)
}

// orderRows writes the orders, with the states that their contracts came to.
func (d *demoCoop) orderRows() error {
	var rows [][]any
	for _, o := range d.orders {
		rows = append(rows, []any{d.coop.ID, o.ID, o.Member, o.Goods, o.Months, o.Price, o.State, o.Ordered})
	}
	if err := d.insert("app_order", []string{"coop", "id", "member", "goods", "months", "price", "state", "ordered"}, rows); err != nil {
		return err
	}
	return d.exec("UPDATE app_coop SET last_order = $2 WHERE id = $1", d.coop.ID, len(d.orders))
}
