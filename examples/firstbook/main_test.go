package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Example holds the program to its output; a clock that stands still gives the
// same anchor of the book every time.
func Example() {
	still := func() time.Time { return time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC) }
	if err := run(context.Background(), os.Stdout, still); err != nil {
		fmt.Println(err)
	}
	// Output:
	// entry 1, repeated: false
	// entry 1, repeated: true
	// refused: savings: account M0001-SIMUDA: member M0001: the balance does not suffice: 95000.00 asked, at least 10000.00 must stay of 100000.00 on 2026-11-23
	//
	// KSPPS Melati
	// BUKU TABUNGAN
	// Dalam rupiah
	// Akun          : Simpanan Mudharabah Umum
	// Rekening      : M0001-SIMUDA
	// Nomor anggota : M0001
	// Nama          : Siti Aminah
	//
	// No  Tanggal     Keterangan     Bukti            Debet   Kredit    Saldo
	// -----------------------------------------------------------------------
	//                 Saldo awal                                            0
	//  1  23-11-2026  Setoran tunai  teller-7/000123         100.000  100.000
	//                                                                 -------
	//                 Saldo akhir                                     100.000
	//
	// Jangkar buku: kspps-melati @237 c1f15c0c81d65740e79798d73701c331a6a762d25e0989146d5e2102edfe25f5
}
