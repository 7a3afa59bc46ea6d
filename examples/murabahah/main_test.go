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
	//
	// MRB-2026-001 settled
	//   1 2026-01-31 1.493.000  paid 1.493.000  waived       0
	//   2 2026-02-28 1.493.000  paid 1.493.000  waived       0
	//   3 2026-03-31 1.493.000  paid 1.493.000  waived       0
	//   4 2026-04-30 1.493.000  paid 1.493.000  waived       0
	//   5 2026-05-31 1.493.000  paid 1.493.000  waived       0
	//   6 2026-06-30 1.495.000  paid 1.027.975  waived 467.025
}
