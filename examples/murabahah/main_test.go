package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Example holds the program to its output.
func Example() {
	still := func() time.Time { return time.Date(2026, time.March, 10, 3, 0, 0, 0, time.UTC) }
	if err := run(context.Background(), os.Stdout, still); err != nil {
		fmt.Println(err)
	}
	// Output:
	// refused: murabahah: contract MRB-2026-001: the goods must be owned before they are sold, the contract is only ordered (DSN-MUI 04/2000)
	//
	// settling on 2026-03-10
	//   Sisa harga jual                        7.467.000
	//   Margin yang sudah diakui                 266.943
	//   Margin angsuran yang sudah jatuh tempo   492.975
	//   Margin yang menjadi hak koperasi         492.975
	//   Potongan pelunasan (muqasah)             467.025
	//   Jumlah yang dibayar anggota            6.999.975
	//
	// 2026-03-10 Pelunasan dipercepat murabahah MRB-2026-001
	//   10102                         6.999.975
	//   11101 MRB-2026-001           -7.467.000
	//   11102 MRB-2026-001              693.057
	//   50101                          -226.032
	// MRB-2026-001 settled: paid 8.492.975, waived 467.025, open 0
	//   1 2026-01-31 1.493.000  paid 1.493.000  waived       0  open         0
	//   2 2026-02-28 1.493.000  paid 1.493.000  waived       0  open         0
	//   3 2026-03-31 1.493.000  paid 1.493.000  waived       0  open         0
	//   4 2026-04-30 1.493.000  paid 1.493.000  waived       0  open         0
	//   5 2026-05-31 1.493.000  paid 1.493.000  waived       0  open         0
	//   6 2026-06-30 1.495.000  paid 1.027.975  waived 467.025  open         0
	//
	// 2026-01-02 order
	//
	// 2026-01-05 Perolehan aset murabahah MRB-2026-002
	//   10102                        -4.000.000
	//   11401 MRB-2026-002            4.000.000
	//
	// 2026-01-06 Penjualan murabahah MRB-2026-002
	//   11101 MRB-2026-002            4.480.000
	//   11401 MRB-2026-002           -4.000.000
	//   11102 MRB-2026-002             -480.000
	// MRB-2026-002 sold: paid 0, waived 0, open 4.480.000
	//   1 2026-01-31   747.000  paid         0  waived       0  open   747.000
	//   2 2026-02-28   747.000  paid         0  waived       0  open   747.000
	//   3 2026-03-31   747.000  paid         0  waived       0  open   747.000
	//   4 2026-04-30   747.000  paid         0  waived       0  open   747.000
	//   5 2026-05-31   747.000  paid         0  waived       0  open   747.000
	//   6 2026-06-30   745.000  paid         0  waived       0  open   745.000
	//
	// 2026-01-31 Angsuran murabahah MRB-2026-002
	//   10102                           747.000
	//   11101 MRB-2026-002             -747.000
	//   11102 MRB-2026-002               80.036
	//   50101                           -80.036
	// MRB-2026-002 sold: paid 747.000, waived 0, open 3.733.000
	//   1 2026-01-31   747.000  paid   747.000  waived       0  open         0
	//   2 2026-02-28   747.000  paid         0  waived       0  open   747.000
	//   3 2026-03-31   747.000  paid         0  waived       0  open   747.000
	//   4 2026-04-30   747.000  paid         0  waived       0  open   747.000
	//   5 2026-05-31   747.000  paid         0  waived       0  open   747.000
	//   6 2026-06-30   745.000  paid         0  waived       0  open   745.000
	//
	// 2026-03-31 Angsuran murabahah jatuh tempo MRB-2026-002
	//   11101 MRB-2026-002           -1.494.000
	//   11115 MRB-2026-002            1.494.000
	//   11102 MRB-2026-002              160.071
	//   50191                          -160.071
	// MRB-2026-002 sold: paid 747.000, waived 0, open 3.733.000
	//   1 2026-01-31   747.000  paid   747.000  waived       0  open         0
	//   2 2026-02-28   747.000  paid         0  waived       0  open   747.000
	//   3 2026-03-31   747.000  paid         0  waived       0  open   747.000
	//   4 2026-04-30   747.000  paid         0  waived       0  open   747.000
	//   5 2026-05-31   747.000  paid         0  waived       0  open   747.000
	//   6 2026-06-30   745.000  paid         0  waived       0  open   745.000
	//
	// 2026-04-02 ability
	// MRB-2026-002 sold: paid 747.000, waived 0, open 3.733.000
	//   1 2026-01-31   747.000  paid   747.000  waived       0  open         0
	//   2 2026-02-28   747.000  paid         0  waived       0  open   747.000
	//   3 2026-03-31   747.000  paid         0  waived       0  open   747.000
	//   4 2026-04-30   747.000  paid         0  waived       0  open   747.000
	//   5 2026-05-31   747.000  paid         0  waived       0  open   747.000
	//   6 2026-06-30   745.000  paid         0  waived       0  open   745.000
	//
	// 2026-04-03 Penjadwalan kembali murabahah MRB-2026-002
	//   11101 MRB-2026-002            1.494.000
	//   11115 MRB-2026-002           -1.494.000
	//   11102 MRB-2026-002             -160.071
	//   50191                           160.071
	// MRB-2026-002 sold: paid 747.000, waived 0, open 3.733.000
	//   1 2026-05-31   415.000  paid         0  waived       0  open   415.000
	//   2 2026-06-30   415.000  paid         0  waived       0  open   415.000
	//   3 2026-07-31   415.000  paid         0  waived       0  open   415.000
	//   4 2026-08-31   415.000  paid         0  waived       0  open   415.000
	//   5 2026-09-30   415.000  paid         0  waived       0  open   415.000
	//   6 2026-10-31   415.000  paid         0  waived       0  open   415.000
	//   7 2026-11-30   415.000  paid         0  waived       0  open   415.000
	//   8 2026-12-31   415.000  paid         0  waived       0  open   415.000
	//   9 2027-01-31   413.000  paid         0  waived       0  open   413.000
	//
	// 2026-06-02 Angsuran murabahah MRB-2026-002
	//   10102                           500.000
	//   11101 MRB-2026-002             -500.000
	//   11102 MRB-2026-002               53.571
	//   50101                           -53.571
	// MRB-2026-002 sold: paid 1.247.000, waived 0, open 3.233.000
	//   1 2026-05-31   415.000  paid   415.000  waived       0  open         0
	//   2 2026-06-30   415.000  paid    85.000  waived       0  open   330.000
	//   3 2026-07-31   415.000  paid         0  waived       0  open   415.000
	//   4 2026-08-31   415.000  paid         0  waived       0  open   415.000
	//   5 2026-09-30   415.000  paid         0  waived       0  open   415.000
	//   6 2026-10-31   415.000  paid         0  waived       0  open   415.000
	//   7 2026-11-30   415.000  paid         0  waived       0  open   415.000
	//   8 2026-12-31   415.000  paid         0  waived       0  open   415.000
	//   9 2027-01-31   413.000  paid         0  waived       0  open   413.000
	//
	// 2026-12-31 Hapus buku murabahah MRB-2026-002
	//   11101 MRB-2026-002           -3.233.000
	//   11102 MRB-2026-002              346.393
	//   11301                         2.886.607
	//   99101 MRB-2026-002            3.233.000
	//   99199                        -3.233.000
	// MRB-2026-002 written_off: paid 1.247.000, waived 0, open 3.233.000
	//   1 2026-05-31   415.000  paid   415.000  waived       0  open         0
	//   2 2026-06-30   415.000  paid    85.000  waived       0  open   330.000
	//   3 2026-07-31   415.000  paid         0  waived       0  open   415.000
	//   4 2026-08-31   415.000  paid         0  waived       0  open   415.000
	//   5 2026-09-30   415.000  paid         0  waived       0  open   415.000
	//   6 2026-10-31   415.000  paid         0  waived       0  open   415.000
	//   7 2026-11-30   415.000  paid         0  waived       0  open   415.000
	//   8 2026-12-31   415.000  paid         0  waived       0  open   415.000
	//   9 2027-01-31   413.000  paid         0  waived       0  open   413.000
	//
	// 2026-12-31 Penerimaan kembali murabahah yang dihapus buku MRB-2026-002
	//   10102                           200.000
	//   11301                          -200.000
	//   99101 MRB-2026-002             -200.000
	//   99199                           200.000
	// MRB-2026-002 written_off: paid 1.447.000, waived 0, open 3.033.000
	//   1 2026-05-31   415.000  paid   415.000  waived       0  open         0
	//   2 2026-06-30   415.000  paid   285.000  waived       0  open   130.000
	//   3 2026-07-31   415.000  paid         0  waived       0  open   415.000
	//   4 2026-08-31   415.000  paid         0  waived       0  open   415.000
	//   5 2026-09-30   415.000  paid         0  waived       0  open   415.000
	//   6 2026-10-31   415.000  paid         0  waived       0  open   415.000
	//   7 2026-11-30   415.000  paid         0  waived       0  open   415.000
	//   8 2026-12-31   415.000  paid         0  waived       0  open   415.000
	//   9 2027-01-31   413.000  paid         0  waived       0  open   413.000
	//
	// before the write-off: class D, 6 instalments of together 2.405.000 overdue since 2026-06-30
}
