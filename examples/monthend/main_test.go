package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Example holds the program to its output.
func Example() {
	still := func() time.Time { return time.Date(2026, time.November, 1, 3, 0, 0, 0, time.UTC) }
	if err := run(context.Background(), os.Stdout, still); err != nil {
		fmt.Println(err)
	}
	// Output:
	// income 1.000.000: members 400.002, cooperative 599.998
	//
	// KSPPS Melati
	// DAFTAR BAGI HASIL
	// Oktober 2026
	// Dalam rupiah
	//
	// Rekening      Anggota  Produk   Saldo x hari  Bagi hasil   Pajak  Diterima
	// --------------------------------------------------------------------------
	// M0001-SIMUDA  M0001    SIMUDA  1.240.000.000     335.703  33.570   302.133
	// M0002-SIMUDA  M0002    SIMUDA    160.000.000      43.317            43.317
	// M0003-SIMUDA  M0003    SIMUDA     77.500.000      20.982            20.982
	//                                -------------  ----------  ------  --------
	// JUMLAH                         1.477.500.000     400.002  33.570   366.432
	//                                =============  ==========  ======  ========
	//
	// 2026-10 is closed
}
