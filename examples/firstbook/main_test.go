package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Example holds the program to its output. The book's anchor below the passbook
// is left out: it differs with every change that the book has ever seen.
func Example() {
	var out strings.Builder
	if err := run(context.Background(), &out, time.Now); err != nil {
		fmt.Println(err)
	}
	printed, _, anchored := strings.Cut(out.String(), "Jangkar buku: kspps-melati @")
	fmt.Print(printed)
	fmt.Println("anchored:", anchored)
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
	// anchored: true
}
