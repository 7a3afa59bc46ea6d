package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Example holds the program to its output.
func Example() {
	still := func() time.Time { return time.Date(2026, time.May, 10, 3, 0, 0, 0, time.UTC) }
	if err := run(context.Background(), os.Stdout, still); err != nil {
		fmt.Println(err)
	}
	// Output:
	// grant #1 on 2026-01-10: 2.000.000 is owed
	//   10102        -2.000.000
	//   11109 QRD-1   2.000.000
	// repay #2 on 2026-02-10: 1.500.000 is owed
	//   10102           500.000
	//   11109 QRD-1    -500.000
	// repay #3 on 2026-03-10: 1.000.000 is owed
	//   10102           500.000
	//   11109 QRD-1    -500.000
	// repay #3 on 2026-03-10 (repeated): 1.000.000 is owed
	//   10102           500.000
	//   11109 QRD-1    -500.000
	// undo #4 on 2026-03-10: 1.500.000 is owed
	//   10102          -500.000
	//   11109 QRD-1     500.000
	// refused: qardh: contract QRD-1: the benevolent fund has 1200000.00, not 1500000.00
	// repay #5 on 2026-04-10: 1.000.000 is owed
	//   10102           500.000
	//   11109 QRD-1    -500.000
	// refused: qardh: contract QRD-1: repay of 1000001.00 is above the 1000000.00 that is owed (DSN-MUI 19/2001)
	// write_off #6 on 2026-05-10: 0 is owed
	//   90302         1.000.000
	//   10111        -1.000.000
	//   10102         1.000.000
	//   11109 QRD-1  -1.000.000
	// stands: grant #1 on 2026-01-10
	// stands: repay #2 on 2026-02-10
	// stands: repay #5 on 2026-04-10
	// stands: write_off #6 on 2026-05-10 sakit, berita acara 12
}
